"""What a browser is told beside a page: which of its powers are off, and the policy of the admin, which is its own."""

from collections.abc import Callable

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

# Unfold's Alpine evaluates its attributes and the theme writes inline styles; the import map of the text
# editor is an inline script and carries the nonce.
ADMIN_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, NONCE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}

PASSKEYS = ("publickey-credentials-create", "publickey-credentials-get")
POWERS = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    *PASSKEYS,
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
NO_POWERS = ", ".join(f"{power}=()" for power in POWERS)
PASSKEYS_ALONE = ", ".join(f"{power}={'(self)' if power in PASSKEYS else '()'}" for power in POWERS)


class PermissionsMiddleware:
    """Nothing here asks a browser for more than to show it; whoever signs in may do so by a passkey."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = PASSKEYS_ALONE if request.path.startswith("/accounts/") else NO_POWERS
        return response


class AdminPolicyMiddleware:
    """No other site may show what the admin answers.

    A view that set a policy of its own keeps it: the frame in which staff read others' words does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(reverse("admin:index")):
            response["Cross-Origin-Resource-Policy"] = "same-origin"
            if not hasattr(response, "_csp_replace"):
                response._csp_replace = ADMIN_POLICY  # type: ignore[attr-defined]
        return response
