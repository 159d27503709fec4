from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """What the frame of every page needs."""
    return {"site_name": settings.NEWSROOM_NAME, "site_languages": settings.LANGUAGES}
