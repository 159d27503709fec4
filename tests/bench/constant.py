"""Settings of a Django that does nothing: no middleware, one view, 20 kB. What a page is measured against."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.bench.served import *  # noqa: F403

MIDDLEWARE: list[str] = []
ROOT_URLCONF = __name__
BODY = b"x" * 20_000


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY)


urlpatterns = [path("", constant)]
