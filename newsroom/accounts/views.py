"""What allauth's pages do otherwise here, and the pages that it has not: the account itself, where one is signed in,
and the door of the admin.
"""

from typing import Any

from allauth.account.views import PasswordChangeView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from qrcode.main import QRCode

from newsroom.accounts import factors, sessions

HOME = reverse_lazy("mfa_index")


def admin_login(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """The admin's own, which knows no second factor, is not there: on to ours, or to the page that was asked for."""
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = resolve_url("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if request.user.is_staff:
        return HttpResponseRedirect(wanted)
    return render(request, "account/not_of_the_desk.html", status=403)


class Home(LoginRequiredMixin, TemplateView):
    template_name = "account/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        found: dict[str, list[Authenticator]] = {kind: [] for kind in Authenticator.Type.values}
        for each in Authenticator.objects.filter(user=user).order_by("pk"):
            found[each.type].append(each)
        have = len(found["totp"]) + len(found["webauthn"])
        must = settings.NEWSROOM_SECOND_FACTOR and factors.must_have(user)
        return super().get_context_data(**kwargs) | {
            "app": found["totp"],
            "passkeys": found["webauthn"],
            "codes": [len(each.wrap().get_unused_codes()) for each in found["recovery_codes"]],
            "wanting": must and not have,
            "removable": have > 1 or not must,
        }


class Sessions(LoginRequiredMixin, TemplateView):
    template_name = "account/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        here = self.request.session.session_key
        found = [(each, sessions.device(each.user_agent), each.session_key == here) for each in sessions.of(user)]
        return super().get_context_data(**kwargs) | {"sessions": found}

    def post(self, request: HttpRequest) -> HttpResponse:
        """One of one's own, or all but this."""
        user: Any = request.user
        if "others" in request.POST:
            sessions.end_others(user, request.session.session_key)
        elif (number := request.POST.get("session", "")).isdecimal():
            sessions.end_one(user, int(number[:18]), request.session.session_key)
        return redirect("account_sessions")


class ChangePassword(PasswordChangeView):
    success_url = HOME

    def get_default_success_url(self) -> str:
        return str(HOME)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            messages.error(request, _("This account has no password. Whoever keeps the accounts can give it one."))
            return redirect(HOME)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        before = self.request.session.session_key
        response: HttpResponse = super().form_valid(form)
        sessions.goes_on(self.request, before)
        return response


class _SetUp:
    """From here on every session needs it: those that were begun without end."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        user: Any = self.request.user
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        factor = factors.of(user).latest("pk")
        if factor.type == Authenticator.Type.TOTP:
            factor.wrap().validate_code(form.cleaned_data["code"])  # which is used up by that
        factors.note_as_shown(self.request, factor)
        sessions.end_others(user, self.request.session.session_key)
        return response


class SetUpApp(_SetUp, ActivateTOTPView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"qr": qr(context["totp_url"])}


class AddPasskey(_SetUp, AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One that the device keeps, and that asks who is there, so that it is enough by itself."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"options": begin_registration(self.request.user, True)}


class _Removed:
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        needed = settings.NEWSROOM_SECOND_FACTOR and user.is_authenticated and factors.must_have(user)
        if needed and factors.of(user).count() < 2:
            messages.error(request, _("This is your last second factor, and you need one. Set up another first."))
            return redirect(HOME)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class RemoveApp(_Removed, DeactivateTOTPView):
    success_url = HOME


class RemovePasskey(_Removed, RemoveWebAuthnView):
    success_url = HOME


def qr(text: str) -> dict[str, Any]:
    """A square of so many modules, and the dark ones as the path of a drawing."""
    code = QRCode(border=0)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, here in enumerate(row) if here)
    return {"size": len(rows), "dark": dark}
