"""Where sources stand now: tier, record and who owns them, for the arithmetic. Queries, no judgement.

A source that was merged into another stands where the other does, for good: frozen versions go on naming it.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from .models import Source, SourceOutcome
from .models.outcome import under


@dataclass(frozen=True, slots=True)
class Standing:
    """`tier` 1 to 4 or None (not rated), to be assessed again by `review_by`; `held` and `failed` are weighted counts;
    `voice` is the top owner's id; `others` are the further ids by which the same source is named, where sources were
    merged.
    """

    tier: int | None
    held: float
    failed: float
    voice: int
    review_by: date | None = None
    others: tuple[int, ...] = ()


def standings(ids: Collection[int], *, leaving_out: str = "") -> dict[int, Standing]:
    """The standing of each source in `ids`; outcomes that came of the subject `leaving_out` do not count."""
    here = Source.objects.filter(pk__in=ids).annotate(head=Coalesce("merged_into", "pk")).values("head")
    rows = Source.objects.with_tier().filter(Q(pk__in=here) | Q(merged_into__in=here)).order_by("pk")
    rated, family = {}, defaultdict(list)
    for pk, merged_into, *latest in rows.values_list("pk", "merged_into", "tier", "review_by"):
        family[merged_into or pk].append(pk)
        rated[merged_into or pk] = latest
    head = {pk: first for first, pks in family.items() for pk in pks}
    outcomes = SourceOutcome.objects.counting().filter(source__in=head)
    if leaving_out:
        outcomes = outcomes.exclude(under(leaving_out))
    record: dict[tuple[int, bool], float] = defaultdict(float)
    for row in outcomes.values("source", "held").annotate(sum=Sum("weight")).order_by():
        record[head[row["source"]], row["held"]] += float(row["sum"])
    voices = top_owners(ids)
    return {
        pk: Standing(
            tier=rated[head[pk]][0],
            held=record[head[pk], True],
            failed=record[head[pk], False],
            voice=voices[pk],
            review_by=rated[head[pk]][1],
            others=tuple(each for each in family[head[pk]] if each != pk),
        )
        for pk in head
        if pk in voices
    }


def heads(ids: Collection[int]) -> dict[int, int]:
    """For each source in `ids` the one it counts as: itself, or what it was merged into."""
    return dict(Source.objects.filter(pk__in=ids).values_list("pk", Coalesce("merged_into", "pk")))


def top_owners(ids: Collection[int]) -> dict[int, int]:
    """Each source's owner of owners: one query a generation, not a source."""
    above: dict[int, int | None] = {}
    generation = set(ids)
    while generation:
        rows = Source.objects.filter(pk__in=generation)
        above |= dict(rows.values_list("pk", Coalesce("merged_into", "owner")))
        generation = {pk for pk in above.values() if pk is not None} - above.keys()

    def top(pk: int) -> int:
        seen = {pk}
        while (owner := above[pk]) is not None and owner not in seen:
            seen.add(owner)
            pk = owner
        return pk

    return {pk: top(pk) for pk in ids}
