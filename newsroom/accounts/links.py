"""The link by which a person sets a new password: it works once, and for PASSWORD_RESET_TIMEOUT seconds. It starts with
NEWSROOM_URL, whatever host was asked.
"""

import logging
from threading import Thread

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import connection
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop, override

MAIL = gettext_noop("""Somebody, you we hope, asked for a new password for the account %(name)s at %(site)s.
This link lets you set it. It works once, within %(hours)d hours:

%(link)s

If it was not you, nothing has to be done: without the link nothing changes.
""")
log = logging.getLogger(__name__)


def to_set_a_password(user: User) -> str:
    named = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.NEWSROOM_URL + reverse("account_reset_password_from_key", kwargs=named)


def mail_soon(email: str) -> None:
    """To whoever has this address, once the answer is on its way: how long that takes says nothing of who is there."""
    Thread(target=_mailed, args=(email, get_language() or settings.LANGUAGE_CODE)).start()


def _mailed(email: str, language: str) -> None:
    try:
        mail(email, language)
    except Exception:  # nobody waits for it who could be told
        log.exception("a link to set a password was not mailed")
    finally:
        connection.close()


def mail(email: str, language: str) -> None:
    """Whoever has no password signs in by other ways, and gets none by this."""
    for user in User.objects.filter(email__iexact=email, is_active=True):
        if not user.has_usable_password():
            continue
        with override(language):
            told = {
                "name": user.username,
                "site": settings.NEWSROOM_NAME,
                "link": to_set_a_password(user),
                "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
            }
            send_mail(gettext("A new password for %(site)s") % told, gettext(MAIL) % told, None, [user.email])
