"""What the desk is measured beside. None of it is part of the desk."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import translation

from articles.models import Article, Category, Publication

CONSTANT = ("<p>" + "A constant answer of 20 kB. " * 35 + "</p>\n").encode() * 20


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CONSTANT)


def written(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """An article by one join, through the ORM and a template."""
    with translation.override(language):
        rows = Publication.objects.filter(language=language, state="live").select_related("live", "live_approval")
        publication = get_object_or_404(rows, article__addresses__language=language, article__addresses__slug=slug)
        told = {
            "publication": publication,
            "version": publication.live,
            "workings": publication.live_approval.confidence["workings"],  # type: ignore[union-attr, index]
            "categories": Category.objects.values_list(f"slug_{language}", flat=True),
        }
        return render(request, "bench/written.html", told)


def listed(request: HttpRequest, language: str) -> HttpResponse:
    """The newest twenty, or from an offset on."""
    first = int(request.GET.get("from", "0"))
    rows = Publication.objects.filter(language=language, state="live").order_by("-first_published", "-pk")
    with translation.override(language):
        page = rows.select_related("live")[first : first + 20]
        return render(request, "bench/list.html", {"rows": page, "language": language})


def searched(request: HttpRequest, language: str) -> HttpResponse:
    """As a plain view would: the words of headlines alone."""
    rows = Publication.objects.filter(language=language, live__headline__contains=request.GET["q"]).select_related(
        "live"
    )
    with translation.override(language):
        return render(request, "bench/list.html", {"rows": rows.order_by("-pk")[:20], "language": language})


def rows(request: HttpRequest, language: str, number: int) -> StreamingHttpResponse:
    """So many rows of a feed, or of all languages for a sitemap, as they come."""
    live = Publication.objects.filter(state="live").order_by("-first_published", "-pk")
    if language != "all":
        live = live.filter(language=language)
    wanted = (
        ("live__slug", "live__headline", "live__summary", "last_published")
        if number < 100
        else ("live__slug", "last_published")
    )

    def lines() -> Iterator[str]:
        for row in live.values_list(*wanted)[:number].iterator(500):
            yield "<url>" + " ".join(map(str, row)) + "</url>\n"

    return StreamingHttpResponse(lines(), content_type="application/xml")


def desk(request: HttpRequest) -> HttpResponse:
    """An admin's list by hand: a page of a hundred working copies."""
    rows = Article.objects.order_by("-pk").select_related("category")[:100]
    return HttpResponse("".join(f"<tr><td>{row.pk}</td><td>{row}</td><td>{row.category}</td></tr>" for row in rows))


urlpatterns = [
    path("bench/constant/", constant),
    path("bench/written/<str:language>/<slug:slug>/", written),
    path("bench/list/<str:language>/", listed),
    path("bench/search/<str:language>/", searched),
    path("bench/rows/<str:language>/<int:number>/", rows),
    path("bench/desk/", desk),
]
