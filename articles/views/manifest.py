"""What a telephone needs to put the site beside its apps, in the language of the address."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import drawing

ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"))


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Web Application Manifest (W3C), with the colours of the light pages."""
    home = reverse("articles:home")
    told = {
        "id": home,
        "name": settings.NEWSROOM_NAME,
        "short_name": settings.NEWSROOM_NAME,
        "lang": request.LANGUAGE_CODE,
        "dir": "ltr",
        "start_url": home,
        "scope": "/",
        "display": "minimal-ui",
        "background_color": drawing.PAPER,
        "theme_color": drawing.PAPER,
        "icons": [
            {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            *(
                {"src": static(name), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
                for name, side, purpose in ICONS
            ),
        ],
    }
    response = JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-cache"
    return response
