"""The site's addresses, and one that fails: where readers see the page of a failure."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsroom import urls
from newsroom.urls import handler404, handler500  # noqa: F401


def fails(request: HttpRequest) -> HttpResponse:
    raise ArithmeticError("as asked")


urlpatterns = [*i18n_patterns(path("fails/", fails)), *urls.urlpatterns]
