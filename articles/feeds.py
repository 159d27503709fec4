"""The newest articles of a language for feed readers: Atom, RSS 2.0 and JSON Feed 1.1, of frozen words alone.

What stands above the text of an entry is the template's; what is live is the queryset's. A feed is asked for anew by
its fingerprint, never by a date: without its newest entry, withdrawn, it is older than it was, and whoever asked for
what is newer would keep the words.
"""

import json
from collections import defaultdict
from datetime import UTC, datetime
from html import escape
from typing import IO, Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, get_tag_uri
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import conditional_page, require_safe

from articles import cleaning
from articles.models import Correction, Publication
from articles.reading import Notice

LENGTH = 10
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)


class Dated(SyndicationFeed):
    """A feed without entries says the same each time it is asked."""

    def latest_post_date(self) -> datetime:
        latest: datetime = super().latest_post_date() if self.items else NOTHING_YET
        return latest


class Atom(Dated, Atom1Feed):
    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["byline"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            handler.endElement("author")
        handler.addQuickElement("content", item["content"], {"type": "html"})


class Rss(Dated, Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["byline"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("atom:updated", item["updateddate"].isoformat())
        handler.addQuickElement("content:encoded", item["content"])


class Json(SyndicationFeed):
    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: IO[Any], encoding: str) -> None:
        """In UTF-8, which is the only encoding that JSON has."""
        told = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "items": [
                {
                    "id": item["unique_id"],
                    "url": item["link"],
                    "title": item["title"],
                    "summary": item["summary"],
                    "content_html": item["content"],
                    "date_published": item["pubdate"].isoformat(),
                    "date_modified": item["updateddate"].isoformat(),
                    "authors": [{"name": name} for name in item["byline"]],
                    "tags": item["categories"],
                }
                for item in self.items
            ],
        }
        outfile.write(json.dumps(told, ensure_ascii=False))


@require_safe
@conditional_page
def feed(request: HttpRequest, form: type[Atom] | type[Rss] | type[Json]) -> HttpResponse:
    """The newest of the language of the address, with their corrections, in this `form`."""
    language, home = request.LANGUAGE_CODE, reverse("articles:home")
    newest = list(Publication.objects.live(language).for_readers()[:LENGTH])
    description = _(
        "Articles that show what they stand on: their sources, how confident the desk is and why, and who reviewed "
        "exactly these words."
    )
    told = form(
        title=settings.NEWSROOM_NAME,
        link=request.build_absolute_uri(home),
        description=description,
        subtitle=description,
        language=language,
        author_name=settings.NEWSROOM_NAME,
        feed_url=request.build_absolute_uri(request.path),
        feed_guid=settings.NEWSROOM_URL + home,
    )
    notices = _notices(newest)
    for publication in newest:
        reading = publication.reading(tuple(notices[publication.pk]))
        page = request.build_absolute_uri(reverse("articles:article", args=[reading.slug]))
        history = request.build_absolute_uri(reverse("articles:history", args=[reading.slug]))
        told.add_item(
            title=reading.headline,
            link=page,
            description=escape(reading.summary, quote=False),  # which readers of Atom and RSS take for HTML
            unique_id=get_tag_uri(f"{settings.NEWSROOM_URL}/{language}/{publication.article_id}", reading.published),
            unique_id_is_permalink=False,
            pubdate=reading.published,
            updateddate=reading.updated,
            categories=[reading.category],
            summary=reading.summary,
            byline=[signed.name for signed in reading.byline],
            content=render_to_string("articles/entry.html", {"reading": reading, "history": history})
            + cleaning.linked(reading.body, page),
        )
    response = HttpResponse(told.writeString("utf-8"), content_type=told.content_type)
    response["Cache-Control"] = "no-cache"
    return response


def _notices(publications: list[Publication]) -> dict[int, list[Notice]]:
    """What readers are told of each, the newest first, in one query."""
    notices: dict[int, list[Notice]] = defaultdict(list)
    for row in Correction.objects.told(publications):
        notices[row.publication_id].append(row.notice())
    return notices
