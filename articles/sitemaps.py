"""What search engines are told: an index, the live pages of each language with the languages beside them, and the news
of two days. Moments are those of the last change of substance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import conditional_page, require_safe

from articles.addressing import article_url
from articles.models import Publication

LENGTH = 10_000  # of the fifty thousand addresses that a sitemap may hold
MOST = 50_000  # sitemaps that an index may hold
NEWS_LENGTH = 1_000  # all that a news sitemap may hold
NEWS = timedelta(hours=48)
FIXED = ("home", "corrections", "sources", "confidence", "ledger", "about-index")  # there in every language
XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of one language; `editions` are the addresses by language, `default` that for whoever reads neither."""

    address: str
    editions: dict[str, str]
    default: str
    updated: datetime | None = None


@require_safe
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    """Each sitemap of each language; the first is there before anything is published."""
    rows = Publication.objects.live().order_by().values("language")
    live = {row["language"]: row for row in rows.annotate(count=Count("pk"), at=Max("last_published"))}
    maps = []
    for code, _name in settings.LANGUAGES:
        row = live.get(code, {"count": 0, "at": None})
        with override(code):
            urls = [reverse("articles:sitemap", args=[1 + at // LENGTH]) for at in range(0, row["count"] or 1, LENGTH)]
        maps += [(request.build_absolute_uri(url), row["at"]) for url in urls]
    return render(request, "articles/sitemap-index.xml", {"maps": maps}, content_type=XML)


@require_safe
@conditional_page
def of_language(request: HttpRequest, page: int) -> HttpResponse:
    """So many pages of the language of the address, the oldest article first: a new one moves no other."""
    if not 1 <= page <= MOST:
        raise Http404
    language, end = request.LANGUAGE_CODE, page * LENGTH
    chosen = Publication.objects.live(language).order_by("article_id")[end - LENGTH : end]
    rows = Publication.objects.beside(chosen).order_by("article_id", "first_published", "pk").select_related("live")
    rows = rows.only("article_id", "language", "last_published", "live__slug", "live__kind")
    entries = [_entry(request, language, beside) for _pk, beside in groupby(rows, lambda row: row.article_id)]
    if page == 1:
        entries = [*(_fixed(request, name) for name in FIXED), *entries]
    if not entries:
        raise Http404
    return render(request, "articles/sitemap.xml", {"entries": entries}, content_type=XML)


@require_safe
@conditional_page
def news(request: HttpRequest) -> HttpResponse:
    """What was first published in the last two days, in every language."""
    rows = Publication.objects.news(timezone.now() - NEWS).select_related("live")
    rows = rows.only("language", "first_published", "live__slug", "live__kind", "live__headline")[:NEWS_LENGTH]
    entries = [
        (request.build_absolute_uri(article_url(row.language, row.live.slug, row.live.kind)), row, row.live)
        for row in rows
        if row.live
    ]
    return render(request, "articles/news-sitemap.xml", {"entries": entries}, content_type=XML)


def _entry(request: HttpRequest, language: str, beside: Iterable[Publication]) -> Entry:
    """Of the live languages of an article, the first published first."""
    rows = {row.language: row for row in beside}
    editions = {
        code: request.build_absolute_uri(article_url(code, row.live.slug, row.live.kind))
        for code, row in rows.items()
        if row.live
    }
    return Entry(editions[language], editions, next(iter(editions.values())), rows[language].last_published)


def _fixed(request: HttpRequest, name: str) -> Entry:
    editions = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            editions[code] = request.build_absolute_uri(reverse(f"articles:{name}"))
    default = request.build_absolute_uri("/") if name == "home" else next(iter(editions.values()))
    return Entry(editions[request.LANGUAGE_CODE], editions, default)
