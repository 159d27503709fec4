"""Where the desk answers otherwise than allauth would."""

from base64 import b32encode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes
from time import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.accounts import sessions

_TOO_MANY = _("Too many attempts. Please wait a few minutes.")
_WRONG_CODE = _("This code is not right, or was used already.")


class People(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The username or the password is not right."),
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
        "incorrect_password": _("This password is not right."),
        "enter_current_password": _("This password is not right."),
        "incorrect_code": _WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """On this very host."""
        host = {self.request.get_host()}
        return url_has_allowed_host_and_scheme(url, allowed_hosts=host, require_https=self.request.is_secure())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Of the account alone. allauth counts by host as well, and who asks says which, by any port."""
        return str(credentials.get("username", "")).lower()

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """As where there is no such user. A password is not looked at for one; a passkey leads here."""
        self.add_message(request, messages.ERROR, message=self.error_messages["username_password_mismatch"])
        return HttpResponseRedirect(reverse("account_login"))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        sessions.began(request, user, self.get_client_ip(request))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in just now has shown who they are."""
        records = get_authentication_records(self.request, self.request.user)
        last = max((record["at"] for record in records), default=0)
        return time() - last > app_settings.REAUTHENTICATION_TIMEOUT

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """A page says by itself what was done; what went wrong is told."""
        if message := kwargs.get("message"):
            messages.add_message(request, level, message)


class Factors(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _WRONG_CODE}

    def _get_site_name(self) -> str:
        return str(settings.NEWSROOM_NAME)

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user: AbstractBaseUser, kind: Any) -> str:
        return gettext("Passkey")

    def build_totp_svg(self, url: str) -> str:
        """Drawn by a template (`views.qr`)."""
        return ""

    def encrypt(self, text: str) -> str:
        """So that a copy of the database alone makes no codes."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """With another SECRET_KEY no code is right: the secret is then one that nobody knows."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return b32encode(token_bytes(20)).decode()


def _fernet() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"second factors" + settings.SECRET_KEY.encode()).digest()))
