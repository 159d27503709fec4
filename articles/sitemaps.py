"""What search engines are told: an index, the live pages with their languages beside them, and the news of two days.
Moments are those of the last change of substance.

A sitemap holds every language of its articles, since the languages of a page name each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import CharField, ExpressionWrapper, F, IntegerField, Max, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from articles.addressing import SITEMAP as LENGTH
from articles.addressing import article_url, sitemap_url, url_in
from articles.kinds import Kind
from articles.models import Correction, Publication, PublishedPolicy, ReviewStatus, Verdict
from sources.models import SourceAssessment

MOST = 50_000  # sitemaps that an index may hold
NEWS_LENGTH = 1_000  # all that a news sitemap may hold
NEWS = timedelta(hours=48)
FIXED = ("home", "corrections", "sources", "confidence", "ledger", "about-index")  # there in every language
XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of one language; `editions` are the addresses by language, `default` that for whoever reads neither: of
    the home page it is the door, which leads on and is no page itself, so it is left to the page's head.
    """

    address: str
    editions: dict[str, str]
    default: str
    updated: datetime | None


@require_safe
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    """Each sitemap that holds a live page; the first is there before anything is published."""
    page = ExpressionWrapper((F("article_id") - 1) / LENGTH + 1, IntegerField())
    rows = Publication.objects.live().order_by().annotate(page=page).values_list("page")
    changed = {1: None} | dict(rows.annotate(Max("last_published")))
    maps = [(request.build_absolute_uri(sitemap_url(page)), at) for page, at in sorted(changed.items())]
    return render(request, "articles/sitemap-index.xml", {"maps": maps}, content_type=XML)


@require_safe
@conditional_page
def sitemap(request: HttpRequest, page: int) -> HttpResponse:
    """The articles of a range of numbers, so that a new one moves no other; before the first, the pages that are there
    whatever is published.
    """
    if not 1 <= page <= MOST:
        raise Http404
    rows = Publication.objects.live().filter(article__gt=(page - 1) * LENGTH, article__lte=page * LENGTH)
    rows = rows.order_by("article_id", "first_published", "pk").select_related("live")
    rows = rows.only("article_id", "language", "last_published", "live__slug", "live__kind")
    entries = [entry for _pk, beside in groupby(rows, lambda row: row.article_id) for entry in _of(request, [*beside])]
    if page == 1:
        entries = [*_fixed(request), *entries]
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


def _of(request: HttpRequest, beside: list[Publication]) -> Iterator[Entry]:
    """The live languages of an article, the first published first."""
    editions = {
        row.language: request.build_absolute_uri(article_url(row.language, row.live.slug, row.live.kind))
        for row in beside
        if row.live
    }
    default = next(iter(editions.values()))
    return (Entry(editions[row.language], editions, default, row.last_published) for row in beside)


def _fixed(request: HttpRequest) -> Iterator[Entry]:
    changed = _changed()
    for name in FIXED:
        editions = {code: request.build_absolute_uri(url_in(code, name)) for code, _name in settings.LANGUAGES}
        default = "" if name == "home" else next(iter(editions.values()))
        for code, address in editions.items():
            yield Entry(address, editions, default, changed.get((name, code)) or changed.get((name, "")))


def _changed() -> dict[tuple[str, str], datetime]:
    """When what a fixed page shows last changed, by page and language; of no language, in all of them. One query."""

    def of(name: str, rows: QuerySet, moment: str, language: object = Value("")) -> QuerySet:
        told = rows.order_by().annotate(of=Value(name, CharField()), code=language)
        return told.values_list("of", "code").annotate(last=Max(moment))

    live = Publication.objects.live()
    pages = of("home", Publication.objects.stories(), "last_published", F("language")).union(
        of("about-index", live.filter(live__kind=Kind.PAGE), "last_published", F("language")),
        of("corrections", Correction.objects.listed(), "at", F("publication__language")),
        of("sources", QuerySet(SourceAssessment), "at"),  # of the translated one, the columns come in any order
        of("confidence", Verdict.objects.all(), "at"),
        of("confidence", PublishedPolicy.objects.all(), "at"),
        of("ledger", ReviewStatus.objects.all(), "at"),
        all=True,
    )
    changed: dict[tuple[str, str], datetime] = {}
    for name, code, at in pages:
        if at:
            changed[name, code] = max(at, changed.get((name, code), at))
    return changed
