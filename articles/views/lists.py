"""Many articles on a page, or what changed in them: the newest first, the older ones a link away; and the pages about
ourselves, which stand in no list of articles.

A list goes on from the row that the page before ended with (`?before=`), so that no page costs more than the first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import set_response_etag
from django.views.decorators.http import conditional_page, require_safe

from articles.addressing import article_url, feeds, url_in, version_url
from articles.models import Author, Category, CategorySlug, Correction, Publication
from articles.models.correction import CorrectionQuerySet
from articles.models.publication import PublicationQuerySet
from articles.months import ends, month_of
from articles.reading import Notice
from articles.states import LiveState
from sources.naming import named

from . import structure
from .editions import Edition, at_addresses, in_each_language, moved

LENGTH = 30  # of a page
Many = Callable[[str], PublicationQuerySet]  # the articles of a list, in a language
LONGEST_NUMBER = 18  # digits that any database counts to


@dataclass(frozen=True, slots=True)
class Change:
    """What readers are told of a change. Of what was withdrawn no word is in it, but for why it was; and no address.
    `version` is the number of the one that it led to, and `revision` its address, where that can be read.
    """

    number: int
    notice: Notice
    tells: bool
    url: str
    headline: str
    moment: datetime  # when what is told here last changed
    version: int | None = None
    revision: str = ""


@require_safe
@conditional_page
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "first_edition": request.build_absolute_uri("/"),
        "at_home": True,
        "structured": structure.of_home(request),
        **in_each_language(request, "home"),
    }
    return _articles(request, "home", Publication.objects.stories, context)


@require_safe
@conditional_page
def category(request: HttpRequest, slug: str) -> HttpResponse:
    language = request.LANGUAGE_CODE
    row, own = category_at(language, slug)
    if row.address(language) != slug:
        now_at = reverse("articles:category", args=[row.address(language)])
        return moved(now_at, for_ever=own)
    urls = {code: url_in(code, "category", row.address(code)) for code, _name in settings.LANGUAGES}
    context = {
        "name": row.named(language),
        "about": named(row, "description", language),
        "feeds": feeds("category-feed", slug),
        **at_addresses(request, urls),
    }
    return _articles(request, "category", lambda code: Publication.objects.stories(code).in_category(row.pk), context)


def category_at(language: str, slug: str) -> tuple[Category, bool]:
    """What is or was at `slug`, and whether in `language`, not in another. Raises Http404."""
    kept = CategorySlug.objects.at(slug, language)
    if kept is None or not kept.of.address(language):
        raise Http404
    return kept.of, kept.language == language


def author_at(slug: str) -> Author:
    """Who is or was at `slug`, with a live article in any language. Raises Http404."""
    published = Author.objects.published().select_related("portrait__file")
    return published.filter(slug=slug).first() or get_object_or_404(published, kept_slugs__slug=slug)


@require_safe
def category_by_number(request: HttpRequest, pk: int) -> HttpResponse:
    """To a category's page from an article's, which knows numbers alone; home while it has no address of its own."""
    address = get_object_or_404(Category, pk=pk).address(request.LANGUAGE_CODE)
    return HttpResponseRedirect(
        reverse("articles:category", args=[address]) if address else reverse("articles:home"),
    )


@require_safe
@conditional_page
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """An author with a live article in any language; nobody is known here for what is in a draft."""
    language = request.LANGUAGE_CODE
    row = author_at(slug)
    if row.slug != slug:
        return moved(reverse("articles:author", args=[row.slug]), for_ever=True)
    bio, expertise = named(row, "bio", language), named(row, "expertise", language)
    portrait = row.pictured(language)
    context = {
        "author": row,
        "portrait": portrait,
        "bio": bio,
        "expertise": expertise,
        "feeds": feeds("author-feed", slug),
        "structured": structure.of_author(request, row, bio.text, expertise.text, portrait),
        **in_each_language(request, "author", slug),
    }
    return _articles(request, "author", lambda code: Publication.objects.stories(code).by_author(row.pk), context)


@require_safe
def author_by_number(request: HttpRequest, pk: int) -> HttpResponse:
    """To an author's page from an article's, which knows numbers alone."""
    row = get_object_or_404(Author.objects.published(), pk=pk)
    return HttpResponseRedirect(reverse("articles:author", args=[row.slug]))


@require_safe
@conditional_page
def archive(request: HttpRequest) -> HttpResponse:
    """To the newest month that has anything."""
    newest = Publication.objects.stories(request.LANGUAGE_CODE).values_list("first_published", flat=True).first()
    if newest is None:
        context = in_each_language(request, "archive")
        return page(request, "archive", {**context, **_elsewhere(request, context, Publication.objects.stories)})
    return HttpResponseRedirect(reverse("articles:month", args=[month_of(newest)]))


@require_safe
@conditional_page
def month(request: HttpRequest, start: date) -> HttpResponse:
    """What was first published in one month, with the months before and after that have anything."""
    live = Publication.objects.stories(request.LANGUAGE_CODE)
    first, following = ends(start)
    times = [each.values_list("first_published", flat=True) for each in (live.until(first), live.since(following))]
    earlier, later = times[0].first(), times[1].last()
    context = {
        "month": start,
        "earlier": earlier and month_of(earlier),
        "later": later and month_of(later),
        **in_each_language(request, "month", start),
    }
    rows, pages = _newest(request, live.since(first).until(following).for_readers())
    return page(request, "archive", {"readings": [row.reading() for row in rows], **pages, **context})


@require_safe
@conditional_page
def corrections(request: HttpRequest) -> HttpResponse:
    """Every change that the readers of this language are told of, by month."""
    rows, pages = _newest(request, Correction.objects.of_language(request.LANGUAGE_CODE))
    told = [change(row, request.LANGUAGE_CODE) for row in rows]
    months = [(month, list(changes)) for month, changes in groupby(told, lambda it: month_of(it.notice.at))]
    context = {"months": months, "feeds": feeds("corrections-feed"), **pages}
    context |= in_each_language(request, "corrections")
    if not told and not pages["before"]:
        context |= _elsewhere(request, context, Correction.objects.of_language)
    return page(request, "corrections", context)


@require_safe
@conditional_page
def about(request: HttpRequest) -> HttpResponse:
    """The pages about ourselves that are live in the language of the address."""
    context = {
        "pages": [
            (article_url(row.language, row.live.slug, row.live.kind), row.live)
            for row in Publication.objects.pages(request.LANGUAGE_CODE).select_related("live")
            if row.live
        ],
        **in_each_language(request, "about-index"),
    }
    if not context["pages"]:
        context |= _elsewhere(request, context, Publication.objects.pages)
    return page(request, "about", context)


def change(row: Correction, language: str) -> Change:
    live = row.publication.live if row.publication.state == LiveState.LIVE else None
    gone = None if row.tells else row.publication.last_published  # when it was withdrawn
    version = row.to_version if live and not row.gone else None  # type: ignore[attr-defined]
    return Change(
        number=row.pk,
        notice=row.notice(),
        tells=row.tells,
        url=article_url(language, live.slug, live.kind) if live else "",
        headline=live.headline if live else "",
        moment=gone or row.at,
        version=version.number if version else None,
        revision=version_url(language, live.slug, version.number) if live and version else "",
    )


def _articles(request: HttpRequest, template: str, of: Many, context: dict[str, Any]) -> HttpResponse:
    rows, pages = _newest(request, of(request.LANGUAGE_CODE).for_readers())
    if not rows and not pages["before"]:
        context |= _elsewhere(request, context, of)
    return page(request, template, {"readings": [row.reading() for row in rows], **pages, **context})


def _elsewhere(request: HttpRequest, context: dict[str, Any], of: Callable[[str], Any]) -> dict[str, list[Edition]]:
    """The editions of an empty list that are not: in which other languages there is something."""
    others = [each for each in context["editions"] if each.language != request.LANGUAGE_CODE]
    return {"elsewhere": [each for each in others if of(each.language).exists()]}


def _newest(
    request: HttpRequest, rows: PublicationQuerySet | CorrectionQuerySet
) -> tuple[list[Any], dict[str, object]]:
    """The rows of the page asked for, and what it says of the pages around it. Raises Http404 on what is no row."""
    before = before_row(request)
    if before is not None:
        rows = rows.older_than(before)
    found: list[Any] = list(rows[: LENGTH + 1])
    shown = found[:LENGTH]
    return shown, {"before": before is not None, "older": shown[-1].pk if len(found) > LENGTH else None}


def before_row(request: HttpRequest) -> int | None:
    """The row that the page before ended with; None on the first page. Raises Http404 on what is no row."""
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) <= LONGEST_NUMBER):
        raise Http404
    return int(before) if before else None


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, f"articles/{template}.html", context, status=status)
    set_response_etag(response)  # here, since conditional_page sets it for GET alone, and HEAD is to say the same
    response["Cache-Control"] = "no-cache"  # kept, but asked for anew: what is withdrawn is gone from it at once
    return response
