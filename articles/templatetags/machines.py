"""What stands in the head of a page for machines: Open Graph, and data that no browser runs."""

from datetime import datetime
from html import unescape
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language

from articles import cards, structured
from articles.languages import LOCALES

register = template.Library()


@register.filter
def inert(told: structured.Told) -> SafeString:
    """JSON for a script element, whose words cannot leave it: every angle bracket and ampersand is escaped there."""
    return SafeString(structured.inert(told))


@register.simple_block_tag
def words(content: str) -> str:
    """What the page says at one place, to be said at another too: as text, which is escaped where it is said."""
    return unescape(content)


@register.inclusion_tag("articles/open-graph.html", takes_context=True)
def open_graph(context: RequestContext, title: str, about: str) -> dict[str, Any]:
    """Of an article where the page has a card of its reading; else of a page, with the site's sign. `title` may end
    with the site's name, which Open Graph has apart.
    """
    card, site = context.get("card"), context["site_name"]
    reading = context["reading"] if card else None
    language = reading.language if reading else get_language()
    editions = [each.language for each in context.get("editions") or () if each.exists]
    editions += [code for code, _url in context.get("homes") or ()]
    return {
        "title": title.removesuffix(f" · {site}"),
        "about": about,
        "url": context["canonical"],
        "site_name": site,
        "locale": LOCALES[language],
        "others": [LOCALES[code] for code in editions if code != language],
        "picture": card or cards.sign(context["request"]),
        "reading": reading,
        "published": reading and _moment(reading.published),
        "modified": reading and _moment(reading.updated or reading.published),
    }


def _moment(at: datetime) -> str:
    return localtime(at).isoformat(timespec="seconds")
