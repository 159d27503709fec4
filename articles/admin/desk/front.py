"""The front page of the admin: the beginning of each list, and what of the review queue there is to choose from."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from articles import languages
from articles.models import Notification
from articles.models.working_language import working_languages

from .lists import LISTS
from .queue import facets
from .shape import Asked, shown


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the lists; each in a fixed number of queries."""
    user = request.user
    if not isinstance(user, User):
        return context
    context |= {"unread": Notification.objects.unread(user.pk).count()}
    if user.has_perm("articles.view_article"):
        asked = Asked(user)
        own = [languages.name(code) for code in working_languages(user)]
        context |= {"own_languages": get_text_list(own, _("and"))}
        context |= {"lists": [shown(each, asked) for each in LISTS.values()], "facets": facets(asked)}
    return context
