"""The newest articles of a language, a category or an author, and the newest corrections, for feed readers: Atom, RSS
2.0 and JSON Feed 1.1, of frozen words alone.

What stands above the text of an entry is the template's; what is live is the queryset's. A feed is asked for anew by
its fingerprint, never by a date: without its newest entry, withdrawn, it is older than it was, and whoever asked for
what is newer would keep the words.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.feedgenerator import get_tag_uri
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles import cleaning, pixels
from articles.addressing import article_url, history_url, picture_url
from articles.feedforms import FORMS, Atom, Form, Json, Rss
from articles.models import Correction, Publication
from articles.models.publication import PublicationQuerySet
from articles.reading import Notice, Reading
from articles.views.editions import moved
from articles.views.lists import Change, author_at, category_at, change
from sources.naming import named

LENGTH = 10


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself: `page` is the address of the list that it follows, `lasting` one of it for ever."""

    title: str
    about: str
    page: str
    lasting: str


def addresses(route: str, view: Any, name: str) -> list[URLPattern]:
    """The addresses of a feed in its three forms, under what `route` begins with."""
    return [path(f"{route}feed.{kind}", view, {"form": form}, name=f"{name}-{kind}") for kind, form in FORMS.items()]


@require_safe
@conditional_page
def site(request: HttpRequest, form: Form) -> HttpResponse:
    """The newest of the language of the address, with their corrections, in this `form`."""
    home = reverse("articles:home")
    description = _(
        "Articles that show what they stand on: their sources, how confident the desk is and why, and who reviewed "
        "exactly these words."
    )
    channel = Channel(settings.NEWSROOM_NAME, description, home, home)
    return _articles(request, form, channel, Publication.objects.stories(request.LANGUAGE_CODE))


@require_safe
@conditional_page
def category(request: HttpRequest, form: Form, slug: str) -> HttpResponse:
    language = request.LANGUAGE_CODE
    row, own = category_at(language, slug)
    if row.address(language) != slug:
        return _moved("category-feed", form, row.address(language), for_ever=own)
    name = row.named(language).text
    channel = Channel(
        _titled(name),
        named(row, "description", language).text
        or _("Everything published under %(name)s, the newest first.") % {"name": name},
        reverse("articles:category", args=[slug]),
        reverse("articles:category-by-number", args=[row.pk]),
    )
    return _articles(request, form, channel, Publication.objects.stories(language).in_category(row.pk))


@require_safe
@conditional_page
def author(request: HttpRequest, form: Form, slug: str) -> HttpResponse:
    language = request.LANGUAGE_CODE
    row = author_at(slug)
    if row.slug != slug:
        return _moved("author-feed", form, row.slug, for_ever=True)
    channel = Channel(
        _titled(row.name),
        named(row, "bio", language).text
        or _("Everything published by %(name)s, the newest first.") % {"name": row.name},
        reverse("articles:author", args=[slug]),
        reverse("articles:author-by-number", args=[row.pk]),
    )
    return _articles(request, form, channel, Publication.objects.stories(language).by_author(row.pk))


def _moved(name: str, form: Form, slug: str, *, for_ever: bool) -> HttpResponse:
    kind = next(kind for kind, each in FORMS.items() if each is form)
    return moved(reverse(f"articles:{name}-{kind}", args=[slug]), for_ever=for_ever)


@require_safe
@conditional_page
def corrections(request: HttpRequest, form: Form) -> HttpResponse:
    """What the page of corrections says of each change, and no word that it does not say."""
    language, page = request.LANGUAGE_CODE, reverse("articles:corrections")
    description = _("Every correction, clarification, update and withdrawal after publication, the newest first.")
    told = _feed(request, form, Channel(_titled(_("Corrections")), description, page, page))
    for row in Correction.objects.of_language(language)[:LENGTH]:
        each = change(row, language)
        at = _at(request, each.url or page, f"{page}{each.number}", each.notice.at)
        told.add_item(**_entry_of(each, at["link"]), **at)
    return _sent(told)


def _articles(request: HttpRequest, form: Form, channel: Channel, stories: PublicationQuerySet) -> HttpResponse:
    """Their newest, with what readers are told of each."""
    newest = list(stories.for_readers()[:LENGTH])
    notices, told = _notices(newest), _feed(request, form, channel)
    for publication in newest:
        reading = publication.reading(tuple(notices[publication.pk]))
        page = article_url(reading.language, reading.slug, reading.kind)
        history = request.build_absolute_uri(history_url(reading.language, reading.slug))
        at = _at(request, page, f"/{reading.language}/{publication.article_id}", reading.published)
        told.add_item(
            title=reading.headline,
            description=escape(reading.summary, quote=False),  # which readers of Atom and RSS take for HTML
            updateddate=reading.updated,
            categories=[reading.category],
            summary=reading.summary,
            byline=[signed.name for signed in reading.byline],
            content=render_to_string("articles/entry.html", {"reading": reading, "history": history})
            + _text(request, reading, at["link"]),
            **at,
        )
    return _sent(told)


def _text(request: HttpRequest, reading: Reading, page: str) -> str:
    """Its words with its pictures, to stand on any site."""
    drawn = {
        number: render_to_string(
            "articles/entry-picture.html",
            {
                "picture": each,
                "src": request.build_absolute_uri(picture_url(each, each.usual, "jpeg")),
                "height": pixels.height_of(each.usual),
            },
        )
        for number, each in reading.pictures.items()
    }
    return cleaning.pictured(cleaning.linked(reading.body, page), drawn)


def _feed(request: HttpRequest, form: Form, channel: Channel) -> Atom | Rss | Json:
    return form(
        title=channel.title,
        link=request.build_absolute_uri(channel.page),
        description=escape(channel.about, quote=False),  # which readers of RSS take for HTML
        subtitle=channel.about,
        language=request.LANGUAGE_CODE,
        author_name=settings.NEWSROOM_NAME,
        feed_url=request.build_absolute_uri(request.path),
        feed_guid=settings.NEWSROOM_URL + channel.lasting,
    )


def _at(request: HttpRequest, page: str, lasting: str, published: datetime | None) -> dict[str, Any]:
    """Where an entry is read, when it came, and what it is known by for ever."""
    return {
        "link": request.build_absolute_uri(page),
        "pubdate": published,
        "unique_id": get_tag_uri(f"{settings.NEWSROOM_URL}{lasting}", published),
        "unique_id_is_permalink": False,
    }


def _entry_of(each: Change, page: str) -> dict[str, Any]:
    kind = capfirst(str(each.notice.kind.label))
    summary = (
        each.notice.note
        if each.tells
        else _("Of an article that was withdrawn later; its words are shown nowhere on this site any more.")
    )
    return {
        "title": f"{kind}: {each.headline}" if each.headline else kind,
        "description": escape(summary, quote=False),
        "updateddate": each.moment,
        "categories": [kind],
        "summary": summary,
        "byline": [],
        "content": render_to_string("articles/change-entry.html", {"change": each, "page": page}),
    }


def _titled(name: str) -> str:
    return f"{name} · {settings.NEWSROOM_NAME}"


def _sent(told: Atom | Rss | Json) -> HttpResponse:
    response = HttpResponse(told.writeString("utf-8"), content_type=told.content_type)
    response["Cache-Control"] = "no-cache"
    return response


def _notices(publications: Iterable[Publication]) -> dict[int, list[Notice]]:
    """What readers are told of each, the newest first, in one query."""
    notices: dict[int, list[Notice]] = defaultdict(list)
    for row in Correction.objects.told(publications):
        notices[row.publication_id].append(row.notice())
    return notices
