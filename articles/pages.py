"""Which addresses there are at which every reader is answered the same, until something is changed; and which of them
a move of an article may change. For whoever keeps pages elsewhere: what is on them is the views' alone.

Some name what leads on or is not there after all: how it answers is asked of the address itself. Left out is what hangs
on the reader or on the hour: the door, searches, previews, older pages of lists, the news of two days, security.txt.
Pictures and cards are kept by their addresses.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import override

from articles import register
from articles.addressing import (
    article_url,
    feeds,
    history_url,
    record_url,
    sitemap_of,
    sitemap_url,
    url_in,
    version_url,
)
from articles.models import Address, Author, Category, Publication, ReviewStatus, Version, VersionAuthor, VersionSource
from articles.models.publication import answering
from articles.months import ends, month_of
from articles.states import LiveState, Status
from sources.models import Source

MOVED = ("home", "about-index", "archive", "corrections", "sources")  # by each move that readers see; the ledger by all
FIXED = (*MOVED, "ledger", "confidence", "manifest")
FEEDS = ("feed", "corrections-feed")
OF_ARTICLES = ("articles", "about")  # below a language, the addresses that a slug stands under


def at(language: str, slug: str) -> list[str]:
    """The pages at this slug: of its article, of which there are none while it is not public."""
    public = Publication.objects.at(language, slug)
    publication = answering(public, language)
    if publication is None or publication.live is None:
        return []
    if publication.state == LiveState.WITHDRAWN:
        return [record_url(language, slug)]
    if publication.live.slug != slug:
        return []
    found = [article_url(language, slug, publication.live.kind), history_url(language, slug)]
    if publication.language == language:
        told = ReviewStatus.objects.told(publication).filter(status=Status.PUBLISHED)
        numbers = [row.version.number for row in told if not row.gone]  # type: ignore[attr-defined]
        found += [record_url(language, slug), *(version_url(language, slug, number) for number in numbers)]
        found += [url_in(language, "version-record", slug, number) for number in numbers]
    return found


def slugs(article: int) -> list[tuple[str, str]]:
    """Each language with each slug that the article ever reserved: in another language it may be another's."""
    own = Address.objects.filter(article=article).order_by("slug").values_list("slug", flat=True).distinct()
    return [(language, slug) for slug in own for language in _languages()]


def all_slugs() -> Iterator[tuple[str, str]]:
    for slug in Address.objects.order_by("slug").values_list("slug", flat=True).distinct().iterator():
        yield from ((language, slug) for language in _languages())


def lists() -> Iterator[str]:
    """Every page that is of no one article."""
    yield from (*_outside(), reverse("robots"))
    last = Publication.objects.ever_public().order_by("-article").values_list("article", flat=True).first()
    yield from map(sitemap_url, range(2, sitemap_of(last or 1) + 1))
    for language in _languages():
        yield from (url_in(language, name) for name in FIXED)
        yield from _feeds(language, FEEDS)
        yield from _categories(language, Category.objects.all())
        yield from _authors(language, Author.objects.published())
        yield from _months(language)
        yield from (url_in(language, "source", slug) for slug in register.slugs())


def ledgers() -> Iterator[str]:
    """What every move changes, also of what readers do not know: the ledger's head, and where it says when it grew."""
    yield sitemap_url(1)
    yield from (url_in(language, "ledger") for language in _languages())


def lists_with(article: int) -> Iterator[str]:
    """Those that a move of the article may change, if it changes what readers have."""
    yield from ledgers()
    public = list(Publication.objects.of(article).exclude(state=LiveState.NEVER))
    if not public:
        return
    versions = ReviewStatus.objects.filter(version__article=article, status=Status.PUBLISHED).values("version")
    categories = Category.objects.filter(pk__in=Version.objects.filter(pk__in=versions).values("category"))
    authors = Author.objects.filter(pk__in=VersionAuthor.objects.filter(version__in=versions).values("author"))
    sources = _relatives(VersionSource.objects.filter(version__in=versions).values("source"))
    yield from (*_outside(), sitemap_url(sitemap_of(article)))
    for language in _languages():
        yield from (url_in(language, name) for name in MOVED)
        yield from _feeds(language, FEEDS)
        yield from _categories(language, categories)
        yield from _authors(language, authors)
        yield from (url_in(language, "source", slug) for slug in sources)
    for row in public:
        assert row.first_published is not None
        yield from _months(row.language, beside=row.first_published)


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _outside() -> tuple[str, ...]:
    return reverse("sitemap"), sitemap_url(1), reverse("trust")


def _feeds(language: str, names: Iterable[str], *arguments: object) -> Iterator[str]:
    with override(language):
        found = [feed.url for name in names for feed in feeds(name, *arguments)]
    yield from found


def _categories(language: str, rows: Iterable[Category]) -> Iterator[str]:
    for row in rows:
        if slug := row.address(language):
            yield url_in(language, "category", slug)
            yield from _feeds(language, ["category-feed"], slug)


def _authors(language: str, rows: Iterable[Author]) -> Iterator[str]:
    for row in rows:
        yield url_in(language, "author", row.slug)
        yield from _feeds(language, ["author-feed"], row.slug)


def _months(language: str, beside: datetime | None = None) -> Iterator[str]:
    """Each in which anything was ever published; of those, that of a moment and all which are the next to it or have
    it for the next, since each names the months around it that have anything.
    """
    rows = Publication.objects.ever_public().filter(language=language)
    if beside is not None:
        first, following = ends(month_of(beside))
        stories = Publication.objects.stories(language)
        around = [
            each.values_list("first_published", flat=True) for each in (stories.until(first), stories.since(following))
        ]
        if earlier := around[0].first():
            rows = rows.since(ends(month_of(earlier))[0])
        if later := around[1].last():
            rows = rows.until(ends(month_of(later))[1])
    for month in rows.order_by().datetimes("first_published", "month"):
        yield url_in(language, "month", month.date())


def _relatives(sources: object) -> list[str]:
    """The slugs of these sources, or of what they were merged into, with whom they own and by whom they are owned."""
    kept = Source.objects.kept().filter(Q(pk__in=sources) | Q(merged__in=sources)).values("pk")
    family = Q(pk__in=kept) | Q(owner__in=kept) | Q(owned__in=kept)
    return [*Source.objects.filter(family).order_by("slug").values_list("slug", flat=True).distinct()]
