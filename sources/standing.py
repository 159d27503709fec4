"""Where sources stand now: tier, record and who owns them, for the arithmetic. Queries, no judgement."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, Sum

from .models import Source, SourceOutcome
from .models.outcome import under


@dataclass(frozen=True, slots=True)
class Standing:
    """`tier` 1 to 4 or None (not rated); `held` and `failed` are weighted counts; `voice` is the top owner's id."""

    tier: int | None
    held: float
    failed: float
    voice: int


def standings(ids: Collection[int], *, leaving_out: str = "") -> dict[int, Standing]:
    """The standing of each source in `ids`; outcomes that came of the subject `leaving_out` do not count."""
    outcomes = SourceOutcome.objects.counting().filter(source__in=ids)
    if leaving_out:
        outcomes = outcomes.exclude(under(leaving_out))
    record = {
        row["source"]: (float(row["held_weight"] or 0), float(row["failed_weight"] or 0))
        for row in outcomes.values("source")
        .annotate(held_weight=Sum("weight", filter=Q(held=True)), failed_weight=Sum("weight", filter=Q(held=False)))
        .order_by()
    }
    tiers = dict(Source.objects.with_tier().filter(pk__in=ids).values_list("pk", "tier"))
    voices = top_owners(ids)
    return {pk: Standing(tier, *record.get(pk, (0.0, 0.0)), voices[pk]) for pk, tier in tiers.items()}


def top_owners(ids: Collection[int]) -> dict[int, int]:
    """Each source's owner of owners: one query a generation, not a source."""
    owner: dict[int, int | None] = {}
    generation = set(ids)
    while generation:
        owner |= dict(Source.objects.filter(pk__in=generation).values_list("pk", "owner"))
        generation = {pk for pk in owner.values() if pk is not None} - owner.keys()

    def top(pk: int) -> int:
        seen = {pk}
        while (above := owner[pk]) is not None and above not in seen:
            seen.add(above)
            pk = above
        return pk

    return {pk: top(pk) for pk in ids}
