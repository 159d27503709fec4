"""What is shown to those who were sent a link, before it is public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import previewing
from articles.states import Status


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """One version for whoever holds the link. Kept nowhere, found by no search engine, told to no other site."""
    link = previewing.of_token(token, request.LANGUAGE_CODE)
    closed = previewing.closed(link) if link else ""
    if link and not closed:
        if request.method == "GET":
            previewing.opened(link)  # the one thing a GET writes here: a link handed out is answered for
        context = {
            "link": link,
            "reading": previewing.reading_of(link.version),
            "was_public": link.version.statuses.filter(status=Status.PUBLISHED).exists(),
        }
        response = render(request, "articles/preview.html", context)
    else:
        response = render(request, "articles/preview-closed.html", {"closed": closed}, status=410 if link else 404)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
