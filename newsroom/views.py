"""The door and the two pages that stand where a page should be."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from newsroom.context_processors import site


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def front(request: HttpRequest) -> HttpResponse:
    """To the home page in the reader's language."""
    return HttpResponseRedirect(f"/{get_language_from_request(request)}/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database and nothing of the request: either may be what failed."""
    return render(None, "500.html", site(request), status=500)
