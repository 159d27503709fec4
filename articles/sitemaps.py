"""What search engines are told: an index, the live pages with their languages beside them, and the news of two days.
Moments are those of the last change of substance.

A sitemap holds every language of its articles, since the languages of a page name each other. It is the one page that
no template writes: of its ten thousand articles a template took twenty times as long as the rows.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from itertools import chain, groupby
from typing import NamedTuple

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
OPENING = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
"""


class Entry(NamedTuple):
    """A page of one language, its address escaped; `beside` are its languages as links, and whichever is for those who
    read neither: of the home page that is the door, which leads on and is no page itself, so it is left to the page's
    head.
    """

    address: str
    updated: datetime | None
    beside: str

    def written(self) -> str:
        changed = f"<lastmod>{self.updated.isoformat()}</lastmod>" if self.updated else ""
        return f"<url><loc>{self.address}</loc>{changed}{self.beside}</url>\n"


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
    rows = rows.order_by("article_id", "first_published", "pk")
    live = list(rows.values_list("article_id", "language", "live__slug", "live__kind", "last_published"))
    if not live and page > 1:
        raise Http404
    entries = chain(_fixed(request) if page == 1 else (), _articles(request, live))
    return HttpResponse(f"{OPENING}{''.join(each.written() for each in entries)}</urlset>\n", content_type=XML)


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


def _articles(request: HttpRequest, live: list[tuple[int, str, str, str, datetime | None]]) -> Iterator[Entry]:
    """The live languages of each article, the first published first."""
    before: dict[tuple[str, bool], str] = {}  # what an address begins with, of this language and sort

    def address(language: str, slug: str, kind: str) -> str:
        sort = (language, kind == Kind.PAGE)
        if sort not in before:
            before[sort] = _absolute(request, article_url(language, "-", kind)).removesuffix("-/")
        return f"{before[sort]}{slug}/"

    for _article, rows in groupby(live, lambda row: row[0]):
        editions = {language: (address(language, *of), at) for _article, language, *of, at in rows}
        first = next(at for at, _updated in editions.values())
        beside = _links({code: at for code, (at, _updated) in editions.items()}, first)
        for at, updated in editions.values():
            yield Entry(at, updated, beside)


def _absolute(request: HttpRequest, path: str) -> str:
    return escape(request.build_absolute_uri(path))


def _links(editions: dict[str, str], default: str) -> str:
    named = [*editions.items(), *([("x-default", default)] if default else [])]
    return "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{at}"/>' for code, at in named)


def _fixed(request: HttpRequest) -> Iterator[Entry]:
    changed = _changed()
    for name in FIXED:
        editions = {code: _absolute(request, url_in(code, name)) for code, _name in settings.LANGUAGES}
        default = "" if name == "home" else next(iter(editions.values()))
        for code, address in editions.items():
            updated = changed.get((name, code)) or changed.get((name, ""))
            yield Entry(address, updated, _links(editions, default))


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
