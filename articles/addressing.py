"""Where readers find an article: by its slug, and by what kind of article it is; and feeds. Nobody else makes such an
address.

The record and the history of an article stay where they are whatever kind its words are of: they are of them all.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import override

from articles import pixels
from articles.kinds import Kind
from articles.reading import Pictured

ARTICLE, PAGE, RECORD, HISTORY = (
    "article",
    "about",
    "record",
    "history",
)  # what leads to an article by its slug


SITEMAP = 10_000  # articles: with five languages, the fifty thousand addresses that a sitemap may hold


def url_in(language: str, name: str, *arguments: object) -> str:
    with override(language):
        return reverse(f"articles:{name}", args=arguments)


def article_url(language: str, slug: str, kind: str) -> str:
    """Of words of this `kind`: pages about ourselves stand apart from what is reported."""
    return url_in(language, PAGE if kind == Kind.PAGE else ARTICLE, slug)


def record_url(language: str, slug: str) -> str:
    return url_in(language, RECORD, slug)


def history_url(language: str, slug: str) -> str:
    return url_in(language, HISTORY, slug)


def version_url(language: str, slug: str, number: int) -> str:
    return url_in(language, "version", slug, number)


def sitemap_of(article: int) -> int:
    """The number of the sitemap that this article is in: each has a range of them, so that a new one moves no other."""
    return (article - 1) // SITEMAP + 1


def sitemap_url(page: int) -> str:
    return reverse("sitemap-page", args=[page])


def picture_url(cut: Pictured, width: int, file_format: str, ratio: str = pixels.WIDE) -> str:
    shape = [] if ratio == pixels.WIDE else [ratio]
    return reverse("picture", args=[cut.hash, cut.focal_x, cut.focal_y, *shape, width, file_format])


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in one of its forms: what that is called, its media type, its address."""

    name: str
    kind: str
    url: str


def feeds(name: str, *arguments: object) -> list[Feed]:
    """In the active language; `name` is that of the addresses, without the form."""
    return [
        Feed(called, f"application/{kind}", reverse(f"articles:{name}-{called.lower()}", args=arguments))
        for called, kind in (("Atom", "atom+xml"), ("RSS", "rss+xml"), ("JSON", "feed+json"))
    ]
