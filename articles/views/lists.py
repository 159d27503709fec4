"""Many articles on a page, or what changed in them: the newest first, the older ones a link away.

A list goes on from the row that the page before ended with (`?before=`), so that no page costs more than the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import set_response_etag
from django.views.decorators.http import conditional_page, require_safe

from articles.models import Author, Category, CategorySlug, Correction, Publication
from articles.models.correction import CorrectionQuerySet
from articles.models.publication import PublicationQuerySet
from articles.months import ends, month_of
from articles.reading import Notice
from articles.states import LiveState
from sources.naming import named

from .editions import at_addresses, in_each_language, moved, url_in

LENGTH = 30  # of a page
LONGEST_NUMBER = 18  # digits that any database counts to


@dataclass(frozen=True, slots=True)
class Change:
    """What readers are told of a change. Of what was withdrawn no word is in it, but for why it was."""

    notice: Notice
    tells: bool
    slug: str
    headline: str


@require_safe
@conditional_page
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "canonical": request.build_absolute_uri(request.path),
        "homes": [(code, request.build_absolute_uri(f"/{code}/")) for code, _name in settings.LANGUAGES],
        "front": request.build_absolute_uri("/"),
    }
    return _articles(request, "home", Publication.objects.live(request.LANGUAGE_CODE), context)


@require_safe
@conditional_page
def category(request: HttpRequest, slug: str) -> HttpResponse:
    language = request.LANGUAGE_CODE
    kept = CategorySlug.objects.at(slug, language)
    if kept is None or not kept.of.address(language):
        raise Http404
    row = kept.of
    if row.address(language) != slug:
        now_at = reverse("articles:category", args=[row.address(language)])
        return moved(now_at, for_ever=kept.language == language)
    urls = {code: url_in(code, "category", row.address(code)) for code, _name in settings.LANGUAGES}
    context = {
        "name": row.named(language),
        "about": named(row, "description", language),
        **at_addresses(request, urls),
    }
    return _articles(request, "category", Publication.objects.live(language).in_category(row.pk), context)


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
    row = Author.objects.published().filter(slug=slug).first()
    if row is None:
        row = get_object_or_404(Author.objects.published(), kept_slugs__slug=slug)
        return moved(reverse("articles:author", args=[row.slug]), for_ever=True)
    context = {
        "author": row,
        "bio": named(row, "bio", language),
        "expertise": named(row, "expertise", language),
        **in_each_language(request, "author", slug),
    }
    return _articles(request, "author", Publication.objects.live(language).by_author(row.pk), context)


@require_safe
def author_by_number(request: HttpRequest, pk: int) -> HttpResponse:
    """To an author's page from an article's, which knows numbers alone."""
    row = get_object_or_404(Author.objects.published(), pk=pk)
    return HttpResponseRedirect(reverse("articles:author", args=[row.slug]))


@require_safe
@conditional_page
def archive(request: HttpRequest) -> HttpResponse:
    """To the newest month that has anything."""
    newest = Publication.objects.live(request.LANGUAGE_CODE).values_list("first_published", flat=True).first()
    if newest is None:
        return _page(request, "archive", in_each_language(request, "archive"))
    return HttpResponseRedirect(reverse("articles:month", args=[month_of(newest)]))


@require_safe
@conditional_page
def month(request: HttpRequest, start: date) -> HttpResponse:
    """What was first published in one month, with the months before and after that have anything."""
    live = Publication.objects.live(request.LANGUAGE_CODE)
    first, following = ends(start)
    times = [each.values_list("first_published", flat=True) for each in (live.until(first), live.since(following))]
    earlier, later = times[0].first(), times[1].last()
    context = {
        "month": start,
        "earlier": earlier and month_of(earlier),
        "later": later and month_of(later),
        **in_each_language(request, "month", start),
    }
    return _articles(request, "archive", live.since(first).until(following), context)


@require_safe
@conditional_page
def corrections(request: HttpRequest) -> HttpResponse:
    """Every change that the readers of this language are told of, by month."""
    rows, pages = _newest(request, Correction.objects.of_language(request.LANGUAGE_CODE))
    months = [(month, list(changes)) for month, changes in groupby(_changes(rows), lambda it: month_of(it.notice.at))]
    return _page(request, "corrections", {"months": months, **pages, **in_each_language(request, "corrections")})


def _changes(rows: Iterable[Correction]) -> Iterable[Change]:
    for row in rows:
        live = row.publication.live if row.publication.state == LiveState.LIVE else None
        yield Change(row.notice(), row.tells, live.slug if live else "", live.headline if live else "")


def _articles(request: HttpRequest, template: str, live: PublicationQuerySet, context: dict[str, Any]) -> HttpResponse:
    rows, pages = _newest(request, live.for_readers())
    return _page(request, template, {"readings": [row.reading() for row in rows], **pages, **context})


def _newest(
    request: HttpRequest, rows: PublicationQuerySet | CorrectionQuerySet
) -> tuple[list[Any], dict[str, object]]:
    """The rows of the page asked for, and what it says of the pages around it. Raises Http404 on what is no row."""
    if before := request.GET.get("before", ""):
        if not (before.isascii() and before.isdigit() and len(before) <= LONGEST_NUMBER):
            raise Http404
        rows = rows.older_than(int(before))
    found: list[Any] = list(rows[: LENGTH + 1])
    shown = found[:LENGTH]
    return shown, {"before": before, "older": shown[-1].pk if len(found) > LENGTH else None}


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, f"articles/{template}.html", context)
    set_response_etag(response)  # here, since conditional_page sets it for GET alone, and HEAD is to say the same
    response["Cache-Control"] = "no-cache"  # kept, but asked for anew: what is withdrawn is gone from it at once
    return response
