"""Many articles on a page, the newest first."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.models import Publication

HOME_LENGTH = 30


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    newest = Publication.objects.live(request.LANGUAGE_CODE).for_readers()[:HOME_LENGTH]
    return render(
        request,
        "articles/home.html",
        {
            "readings": [publication.reading() for publication in newest],
            "canonical": request.build_absolute_uri(request.path),
            "homes": [(code, request.build_absolute_uri(f"/{code}/")) for code, _name in settings.LANGUAGES],
            "front": request.build_absolute_uri("/"),
        },
    )
