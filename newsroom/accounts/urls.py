"""The addresses under /accounts/: of allauth's, those that a desk needs, by the names that allauth calls them by. What
is not here is not there: signing up, changing a mail address, signing in by mail.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as webauthn
from csp.constants import SELF
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers

from newsroom.accounts import views

SCRIPT = {"script-src": [SELF]}
SCRIPT_THAT_ASKS = SCRIPT | {"connect-src": [SELF]}

View = Callable[..., Any]


def page(view: View, policy: dict[str, list[str]] | None = None) -> View:
    """For nobody to keep, and for no search engine; its address is told to no other site."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        except ReauthenticationRequired:
            response = redirect_to_login(request.get_full_path(), reverse("account_reauthenticate"))
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if policy:
            response._csp_replace = policy  # type: ignore[attr-defined]
        return response

    return guarded


urlpatterns = [
    path("", page(views.Home.as_view()), name="mfa_index"),
    path("login/", page(account.login, SCRIPT_THAT_ASKS), name="account_login"),
    path("login/factor/", page(factor.authenticate, SCRIPT), name="mfa_authenticate"),
    path("login/passkey/", page(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("logout/", page(account.logout), name="account_logout"),
    path("reauthenticate/", page(account.reauthenticate), name="account_reauthenticate"),
    path("sessions/", page(views.Sessions.as_view()), name="account_sessions"),
    path("password/", page(views.ChangePassword.as_view()), name="account_change_password"),
    path("password/lost/", page(account.password_reset), name="account_reset_password"),
    path("password/lost/mailed/", page(account.password_reset_done), name="account_reset_password_done"),
    path(
        "password/new/<slug:uidb36>/<slug:key>/",
        page(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("password/set/", page(account.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    path("app/", page(views.SetUpApp.as_view()), name="mfa_activate_totp"),
    path("app/remove/", page(views.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("passkeys/", page(views.AddPasskey.as_view(), SCRIPT), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", page(views.RemovePasskey.as_view()), name="mfa_remove_webauthn"),
    path("codes/", page(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", page(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
