"""allauth's forms in the desk's words: each field with its label, and nothing in a field that looks like its value."""

from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

from newsroom.accounts import links

LABELS = {
    "login": _("Username"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "email": _("E-mail address"),
    "name": _("A name by which you know this passkey"),
}
OTHERS = (  # say this, and have no Vietnamese for it
    gettext_noop("You must type the same password each time."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)


class Plain:
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            if name != "password1":
                field.help_text = ""


class Login(Plain, account.LoginForm):
    pass


class Reauthenticate(Plain, account.ReauthenticateForm):
    pass


class ChangePassword(Plain, account.ChangePasswordForm):
    pass


class NewPassword(Plain, account.ResetPasswordKeyForm):
    pass


class AskForLink(Plain, account.ResetPasswordForm):
    def clean_email(self) -> str:
        """Nobody is looked for while somebody waits for the answer."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        links.mail_soon(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class OnceInput(forms.TextInput):
    """Empty again, as what was wrong will not do a second time."""

    def format_value(self, value: object) -> None:
        return None


class Code(Plain, factor.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code of your app, or a recovery code")
        self.fields["code"].widget = OnceInput(attrs={"autocomplete": "one-time-code"})


class FirstCode(Plain, totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits that your app shows now")
        self.fields["code"].widget = OnceInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})


class _Passkey:
    """What a browser sent, or somebody in its place: what is no such thing is as one that is wrong."""

    def _cleaned(self, clean: Callable[[], Any]) -> Any:
        try:
            return clean()
        except (AttributeError, KeyError, TypeError, ValueError):
            raise get_adapter().validation_error("incorrect_code") from None


class Passkey(_Passkey, webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        return self._cleaned(super().clean_credential)


class PasskeyAlone(_Passkey, webauthn.LoginWebAuthnForm):
    def clean_credential(self) -> Any:
        return self._cleaned(super().clean_credential)


class NewPasskey(Plain, _Passkey, webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(label=LABELS["name"], max_length=60, required=False)
        del self.fields["passwordless"]  # always: the server asks for no other

    def clean(self) -> Any:
        return self._cleaned(super().clean)
