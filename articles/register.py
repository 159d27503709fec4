"""The public register: the sources that this desk has assessed or that a live article cites, and what is known of each.

Of articles it asks the index of live versions alone, so that a source in a draft shows nowhere; of citations it reads
none. Queries and facts; no markup.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from articles.addressing import article_url
from articles.models import Correction, Publication, VersionSource
from articles.models.publication import PublicationQuerySet
from articles.reading import Notice
from sources.models import Source
from sources.models.source import SourceQuerySet
from sources.naming import Named, named
from sources.slugs import slug
from sources.tiers import met

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
    """Every listed source, the best tier first, the unrated last; by name within each. One query."""
    listed = [_entry(each, language) for each in _listed().select_related("owner")]
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
    of_it = Q(pk=number) | Q(merged__pk=number)
    return _listed().filter(of_it).values_list("slug", flat=True).first()


def slugs() -> Iterable[str]:
    """The address of each listed source."""
    return _listed().order_by("slug").values_list("slug", flat=True).iterator()


def moved(address: str) -> str | None:
    """The address of the listed source that was at `address`, or into which what was there was merged; else None."""
    was = Q(kept_slugs__slug=address) | Q(merged__kept_slugs__slug=address)
    return _listed().filter(was).values_list("slug", flat=True).first()


def about(address: str, language: str) -> About | None:
    """All about the listed source at `address`; None where there is none. Three queries."""
    rows = list(_family(address))
    own = [row for row in rows if row.slug == address]
    if not own:
        return None
    source, relatives = own[0], [row for row in rows if row.slug != address]
    live = _citing(Source.objects.filter(Q(pk=source.pk) | Q(merged_into=source.pk)).values_list("pk", flat=True))
    citing = _one_for_each_article(live, language)
    corrections = Correction.objects.told(live.order_by()).select_related("publication__live")
    shown = ("language", "first_published", "live__slug", "live__kind", "live__headline")
    corrections = corrections.only("kind", "note", "at", *(f"publication__{name}" for name in shown))
    return About(
        entry=_entry(source, language),
        description=named(source, "description", language),
        held=float(source.held),
        failed=float(source.failed),
        checks=source.checks,
        own_checks=source.own_checks,
        owner=next((_entry(each, language) for each in relatives if each.pk == source.owner_id), None),
        owns=[_entry(each, language) for each in relatives if each.owner_id == source.pk],
        judgements=[_judgement(row, language) for row in own if row.judged_pk],
        citing=[_one(row) for row in citing],
        count=citing[0].total if citing else 0,
        corrections=[(_one(row.publication), row.notice()) for row in corrections[:MOST]],
    )


def _listed() -> SourceQuerySet:
    """The sources that a stranger may know of, each with its tier: assessed, or cited by what is live, under its own
    number or that of one merged into it.
    """
    live = Exists(Publication.objects.live().order_by().filter(live=OuterRef("version")))
    cited = VersionSource.objects.cited().filter(live)
    cited_so = Exists(cited.filter(source=OuterRef("pk"))) | Exists(cited.filter(source__merged_into=OuterRef("pk")))
    return Source.objects.kept().with_tier().filter(Q(tier__isnull=False) | cited_so)


def _family(address: str) -> "QuerySet[Any]":
    """The source at `address`, its owner and what it owns, those that are listed, each with its record; the source once
    for each of its assessments, the newest first.
    """
    here = Q(slug=address) | Q(owner__slug=address) | Q(pk__in=Source.objects.filter(slug=address).values("owner"))
    rows: QuerySet[Any] = _listed().with_record().filter(here).select_related("owner")
    rows = rows.annotate(judgement=FilteredRelation("assessments", condition=Q(slug=address)))
    told = {f"judged_{name}": F(f"judgement__{name}") for name in ("pk", "tier", "at", "review_by", "criteria")}
    why = {f"why_{code}": F(f"judgement__rationale_{code}") for code, _label in settings.LANGUAGES}
    return rows.annotate(**told, **why).order_by("slug", "-judged_pk")


def _judgement(row: Any, language: str) -> Judgement:
    return Judgement(
        tier=row.judged_tier,
        at=row.judged_at,
        review_by=row.judged_review_by,
        criteria=met(row.judged_criteria),
        why=named(row, "why", language),
    )


def _citing(sources: Collection[int]) -> PublicationQuerySet:
    """What is live and cites any of these, the newest first."""
    return Publication.objects.live().filter(live__in=VersionSource.objects.cited().naming(sources).values("version"))


def _one_for_each_article(live: PublicationQuerySet, language: str) -> list[Any]:
    """In `language` if it is live there; MOST at most, each with the `total` of articles."""
    first = (Case(When(language=language, then=0), default=1), "-first_published", "-pk")
    chosen = live.annotate(place=Window(RowNumber(), partition_by="article", order_by=first)).filter(place=1)
    total = live.order_by().annotate(all=Value(1)).values("all").annotate(total=Count("article", distinct=True))
    rows = chosen.annotate(total=Subquery(total.values("total"))).select_related("live")
    return list(rows.only("language", "first_published", "live__slug", "live__kind", "live__headline")[:MOST])


def _one(row: Publication) -> Citing:
    assert row.live is not None
    assert row.first_published is not None
    url = article_url(row.language, row.live.slug, row.live.kind)
    return Citing(row.language, url, row.live.headline, row.first_published)


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
