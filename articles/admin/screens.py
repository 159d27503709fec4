"""What the desk's own screens share: a base that is only looked at, the row in hand, the page around it."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from articles import assessing, languages
from articles.models import Publication, Version
from articles.reading import Reading, reading
from sources.admin.paging import LongList


class ReadOnlyAdmin(LongList, ModelAdmin):
    """Looked at here, changed elsewhere."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PublicationScreens(ReadOnlyAdmin):
    """Pages about one publication."""

    def found(self, request: HttpRequest, pk: int) -> Publication:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Publication.objects.with_versions().select_related("article")
        if (publication := rows.filter(pk=pk).first()) is None:  # asked twice where a move was refused
            raise Http404
        return publication

    def page(self, request: HttpRequest, template: str, context: dict[str, Any], conflict: bool) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole, status=409 if conflict else 200)


def read(version: Version, assessment: assessing.Assessment) -> Reading:
    """What a reader would get of a version that is not public yet: not reviewed, and marked so."""
    return reading(version.content(), assessment.as_json(), number=version.number, digest=version.digest)


def told(status: object, publication: Publication, version: int) -> str:
    return _("Version %(number)d, %(language)s: %(status)s.") % {
        "number": version,
        "language": languages.name(publication.language),
        "status": status,
    }


def whole(text: str | None) -> int:
    """A number from a form; what is none equals no version."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else 0


def user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the admin lets nobody else in
    return request.user
