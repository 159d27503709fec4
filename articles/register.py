"""The public register: the sources that this desk has assessed or that a live article cites, and what is known of each.

Of articles it reads live versions alone, so that a source in a draft shows nowhere. Queries and facts; no markup.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import override

from articles.models import Correction, Publication
from articles.reading import Notice
from sources.models import Source, SourceAssessment
from sources.naming import Named, named
from sources.slugs import slug

MOST = 50  # articles or corrections on the page of one source


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed source, named in the reader's language where it has a name there."""

    number: int
    slug: str
    name: Named
    kind: str
    owner: Named | None
    tier: int | None
    names: tuple[str, ...]  # in every language, to be found by


@dataclass(frozen=True, slots=True)
class Citing:
    """A live article that cites the source: in the reader's language if it is live there."""

    language: str
    url: str
    headline: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """An assessment: what it found, and why, in the reader's language or the other."""

    tier: int
    at: datetime
    review_by: Any
    criteria: list[str]
    why: Named


@dataclass(frozen=True, slots=True)
class About:
    entry: Entry
    description: Named
    held: float
    failed: float
    checks: int  # behind these two, which are weighted,
    own_checks: int  # and how many of them were of our own articles
    owner: Entry | None  # if listed, so that it has a page
    owns: list[Entry]  # those listed
    judgements: list[Judgement]  # the newest first
    citing: list[Citing]  # the newest first, MOST at most
    count: int  # of all that cite it
    corrections: list[tuple[Citing, Notice]]  # of all that cite it, the newest first, MOST at most

    @property
    def all(self) -> float:
        return self.held + self.failed


def entries(language: str) -> list[Entry]:
    """Every listed source, the best tier first, the unrated last; by name within each. Two queries."""
    sources = list(Source.objects.with_tier().select_related("owner"))
    heads = _heads(sources)
    cited = {heads[source] for row in _live() for source in _cited(row)}
    kept = [each for each in sources if each.merged_into_id is None]
    listed = [_entry(each, language) for each in kept if each.tier is not None or each.pk in cited]
    return sorted(listed, key=lambda each: (each.tier is None, each.tier or 0, slug(each.name.text), each.slug))


def matching(found: Iterable[Entry], query: str) -> list[Entry]:
    """Those whose name in any language has `query` in it, marks and capitals aside."""
    plain, folded = query.casefold(), slug(query, 200)
    return [
        each
        for each in found
        if any(plain in name.casefold() or (folded and folded in slug(name, 200)) for name in each.names)
    ]


def by_tier(found: Iterable[Entry]) -> list[tuple[int | None, list[Entry]]]:
    return [(tier, list(group)) for tier, group in groupby(found, key=lambda each: each.tier)]


def slug_of(number: int) -> str | None:
    """The address of the listed source of this number, or of what that was merged into; None where there is none."""
    source = Source.objects.with_tier().select_related("merged_into").filter(pk=number).first()
    if source is None:
        return None
    head: Source = source.merged_into or source
    if source.tier is None:
        family = {head.pk, *head.merged.values_list("pk", flat=True)}
        if not any(family & _cited(row) for row in _live()):
            return None
    return head.slug


def moved(address: str) -> str | None:
    """The address of what the source at `address` was merged into, if that is listed; else None."""
    source = Source.objects.filter(slug=address).exclude(merged_into=None).first()
    return slug_of(source.pk) if source else None


def about(address: str, language: str) -> About | None:
    """All about the listed source at `address`; None where there is none. Four queries at most."""
    rows = list(_family(address))
    heads = _heads(rows)
    family = {each.slug: each for each in rows if each.merged_into_id is None}
    source = family.pop(address, None)
    if source is None:
        return None
    live = [(row, {heads.get(each) for each in _cited(row)}) for row in _live()]
    cited = {each for _row, sources in live for each in sources}
    if source.tier is None and source.pk not in cited:
        return None
    relatives = [each for each in family.values() if each.tier is not None or each.pk in cited]
    cite_it = [row for row, sources in live if source.pk in sources]
    citing = _citing(cite_it, language)
    told = {row["pk"]: _one(row) for row in cite_it}
    corrections: Iterable[Correction] = Correction.objects.told(told)[:MOST] if told else ()
    return About(
        entry=_entry(source, language),
        description=named(source, "description", language),
        held=float(source.held),
        failed=float(source.failed),
        checks=source.checks,
        own_checks=source.own_checks,
        owner=next((_entry(each, language) for each in relatives if each.pk == source.owner_id), None),
        owns=[_entry(each, language) for each in relatives if each.owner_id == source.pk],
        judgements=[
            Judgement(
                tier=each.tier,
                at=each.at,
                review_by=each.review_by,
                criteria=each.met(),
                why=named(each, "rationale", language),
            )
            for each in SourceAssessment.objects.filter(source_id=source.pk).order_by("-pk")
        ],
        citing=citing[:MOST],
        count=len(citing),
        corrections=[(told[each.publication_id], each.notice()) for each in corrections],
    )


def _family(address: str) -> "QuerySet[Any]":
    """The source at `address`, its owner and what it owns, each with its tier and its record; and what was merged into
    any of them.
    """
    here = Q(slug=address) | Q(owner__slug=address) | Q(pk__in=Source.objects.filter(slug=address).values("owner"))
    near = Source.objects.filter(here).order_by().values("pk")
    rows = Source.objects.with_tier().with_record().filter(Q(pk__in=near) | Q(merged_into__in=near))
    return rows.select_related("owner").order_by("slug")


def _heads(sources: Iterable[Source]) -> dict[int, int]:
    """For each of these the number of the one it counts as."""
    return {each.pk: each.merged_into_id or each.pk for each in sources}


def _live() -> "Iterable[dict[str, Any]]":
    """Of each live language, the newest first, what a list needs and its citations as they were frozen."""
    words = ("live__slug", "live__headline", "live__citations")
    return Publication.objects.live().values("pk", "article_id", "language", "first_published", *words)


def _cited(row: dict[str, Any]) -> set[int]:
    return {cited["source"]["id"] for cited in row["live__citations"]}


def _citing(rows: list[dict[str, Any]], language: str) -> list[Citing]:
    """One for each article, in `language` if it is live there."""
    chosen: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row["language"] == language or row["article_id"] not in chosen:
            chosen[row["article_id"]] = row
    newest = sorted(chosen.values(), key=lambda row: (row["first_published"], row["pk"]), reverse=True)
    return [_one(row) for row in newest]


def _one(row: dict[str, Any]) -> Citing:
    with override(row["language"]):
        url = reverse("articles:article", args=[row["live__slug"]])
    return Citing(row["language"], url, row["live__headline"], row["first_published"])


def _entry(source: Any, language: str) -> Entry:
    return Entry(
        number=source.pk,
        slug=source.slug,
        name=_name(source, language),
        kind=source.get_kind_display(),
        owner=_name(source.owner, language) if source.owner else None,
        tier=source.tier,
        names=tuple(_names(source)),
    )


def _name(source: Source, language: str) -> Named:
    """Its name, or its address where it has none yet."""
    name = source.named(language)
    return name if name.text else Named(source.slug, language)


def _names(source: Source) -> Iterator[str]:
    for code, _label in settings.LANGUAGES:
        yield getattr(source, f"name_{code}") or ""
