"""What readers find: live articles of one language that have what a query asks for. Queries and facts; no markup.

Every answer is of the newest MOST articles that match, so that a word that all of them have costs no more than they do.
Within them the best comes first: whose headline and summary are closest to what was typed, marks and all; then by the
engine's own rank.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, When
from django.db.models.functions import Coalesce

from articles import terms
from articles.cleaning import text_of
from articles.models import Category, Publication, SearchEntry, SearchWords, VersionSource
from articles.models.search_words import SearchWordsQuerySet
from articles.months import ends, month_of
from articles.reading import Reading
from articles.terms import Piece, Query
from sources.naming import Named, first_of

MOST = 300
MOST_SOURCES = 6  # that a search can be narrowed to


@dataclass(frozen=True, slots=True)
class Narrowed:
    """To what a search is narrowed, by numbers; `period` is a year, or a year and a month."""

    category: int | None = None
    source: int | None = None
    tier: int | None = None
    period: tuple[int, ...] = ()

    def times(self) -> tuple[datetime, datetime] | None:
        """From when, and until when."""
        if not self.period:
            return None
        year, *month = self.period
        first, last = (month[0], month[0]) if month else (1, 12)
        return ends(date(year, first, 1))[0], ends(date(year, last, 1))[1]


@dataclass(frozen=True, slots=True)
class Match:
    """A live article that has what was asked for, by its number and that of its version."""

    number: int
    version: int
    category: int | None
    category_name: Named
    tier: int | None
    published: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """A match as readers see it, with what was asked for marked."""

    reading: Reading
    headline: list[Piece]
    summary: list[Piece]
    snippet: list[Piece]


def find(query: Query, language: str, narrowed: Narrowed) -> list[Match]:
    """The best first; one more than MOST where there are more. One query."""
    rows = _narrowed(SearchWords.objects.matching(query).of_language(language), narrowed)
    names = {f"name_{code}": F(f"entry__category__name_{code}") for code, _label in settings.LANGUAGES}
    live = "entry__publication__live"
    found = rows.newest(query, MOST + 1).values(
        "pk",
        "rank",
        "entry__category",
        "entry__tier",
        "entry__first_published",
        live,
        f"{live}__headline",
        f"{live}__summary",
        **names,
    )

    def better(row: Mapping[str, Any]) -> tuple[float, ...]:
        typed = terms.closeness(query, f"{row[f'{live}__headline']}\n{row[f'{live}__summary']}")
        return -typed, -row["rank"], -row["pk"]

    return [
        Match(
            row["pk"],
            row[live],
            row["entry__category"],
            _name(row, language),
            row["entry__tier"],
            row["entry__first_published"],
        )
        for row in sorted(found, key=better)
    ]


def _narrowed(rows: SearchWordsQuerySet, to: Narrowed) -> SearchWordsQuerySet:
    if to.category is not None:
        rows = rows.in_category(to.category)
    if to.source is not None:
        rows = rows.citing(to.source)
    if to.tier is not None:
        rows = rows.of_tier(to.tier)
    if times := to.times():
        rows = rows.since(times[0]).until(times[1])
    return rows


def hits(query: Query, matches: Sequence[Match], language: str) -> list[Hit]:
    """These matches in their order, those that are live still. One query."""
    live = Publication.objects.live(language).order_by().for_readers().filter(pk__in=[each.number for each in matches])
    readings = {row.pk: row.reading() for row in live}
    return [
        Hit(
            reading,
            terms.marked(query, reading.headline),
            terms.marked(query, reading.summary),
            terms.snippet(query, text_of(reading.body)),
        )
        for match in matches
        if (reading := readings.get(match.number))
    ]


def _name(row: Mapping[str, Any], language: str) -> Named:
    return first_of({code: row[f"name_{code}"] for code, _label in settings.LANGUAGES}, language)


# --- what a search can be narrowed to ----------------------------------------------------------------


def categories(matches: Sequence[Match]) -> list[tuple[int, Named]]:
    """Those of the matches, the one of most of them first."""
    names = {each.category: each.category_name for each in matches}
    counted = Counter(each.category for each in matches if each.category is not None)
    return [(number, names[number]) for number, _count in counted.most_common()]


def sources(matches: Sequence[Match], language: str, only: int | None = None) -> list[tuple[int, Named]]:
    """Those that most of the matches cite, what was merged under what it was merged into; or this one alone, if they
    cite it. One query.
    """
    merged = {"source__merged_into__isnull": False}
    names = {
        f"name_{code}": Case(
            When(**merged, then=F(f"source__merged_into__name_{code}")), default=F(f"source__name_{code}")
        )
        for code, _label in settings.LANGUAGES
    }
    cited = VersionSource.objects.cited().filter(version__in=[each.version for each in matches]).order_by()
    rows = cited.annotate(head=Coalesce("source__merged_into", "source"))
    if only is not None:
        rows = rows.filter(head=only)
    counted = rows.values("head", **names).annotate(count=Count("version", distinct=True)).order_by("-count", "head")
    return [(row["head"], _name(row, language)) for row in counted[:MOST_SOURCES]]


def tiers(matches: Sequence[Match]) -> list[int]:
    return sorted({each.tier for each in matches if each.tier is not None})


def periods(matches: Sequence[Match]) -> list[tuple[int, ...]]:
    """The years of the matches, or where that is one, its months; the newest first."""
    months = {month_of(each.published) for each in matches}
    if len({month.year for month in months}) > 1:
        return sorted({(month.year,) for month in months}, reverse=True)
    return sorted({(month.year, month.month) for month in months}, reverse=True)


# --- where else to look ------------------------------------------------------------------------------


def finds_any(query: Query, language: str) -> bool:
    """One query, none for a query that asks for nothing."""
    return bool(query.parts) and SearchWords.objects.matching(query).of_language(language).exists()


def sections(language: str) -> list[Category]:
    """The categories that have anything in this language."""
    live = SearchEntry.objects.filter(language=language).values("category")
    return list(Category.objects.filter(pk__in=live))
