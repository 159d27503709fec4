"""Where sources stand now: tier, record and who owns them, for the arithmetic. Queries, no judgement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, Q, Sum, Value, When

from .models import Source, SourceOutcome

WEIGHT = Decimal("0.001")  # the least there is: a sum is the same, whatever it was summed up from
Record = tuple[Decimal, Decimal]  # held, failed


@dataclass(frozen=True, slots=True)
class Standing:
    """`tier` 1 to 4 or None (not rated); `held` and `failed` are weighted counts; `voice` is the top owner's id."""

    tier: int | None
    held: float
    failed: float
    voice: int


def standings(ids: Collection[int], *, leaving_out: str = "") -> dict[int, Standing]:
    """The standing of each source in `ids`; outcomes whose subject is `leaving_out` do not count."""
    return standings_beside({leaving_out: ids})[leaving_out]


def standings_beside(wanted: Mapping[str, Collection[int]]) -> dict[str, dict[int, Standing]]:
    """For each subject the standing of each of its sources, as if the outcomes of that subject were not there; all of
    them in the queries of one.
    """
    ids = {pk for each in wanted.values() for pk in each}
    records = _records(ids, wanted.keys() - {""})
    tiers = dict(Source.objects.with_tier().filter(pk__in=ids).values_list("pk", "tier"))
    voices = top_owners(ids)
    return {
        subject: {
            pk: Standing(tiers[pk], *_sum(records.get(pk, {}), subject), voices[pk]) for pk in each if pk in tiers
        }
        for subject, each in wanted.items()
    }


def _records(ids: Collection[int], subjects: Collection[str]) -> dict[int, dict[str, Record]]:
    """The weights of each source's outcomes, summed for each of these subjects and, under "", for all the others."""
    apart = Case(When(subject__in=subjects, then=F("subject")), default=Value("")) if subjects else Value("")
    rows = (
        SourceOutcome.objects.filter(source__in=ids)
        .annotate(apart=apart)
        .order_by()
        .values_list("source", "apart")
        .annotate(
            held_weight=Sum("weight", filter=Q(held=True), default=Decimal(0)),
            failed_weight=Sum("weight", filter=Q(held=False), default=Decimal(0)),
        )
    )
    records: dict[int, dict[str, Record]] = {}
    for source, subject, held, failed in rows:
        records.setdefault(source, {})[subject] = (held, failed)
    return records


def _sum(record: Mapping[str, Record], leaving_out: str) -> tuple[float, float]:
    counted = [weights for subject, weights in record.items() if not subject or subject != leaving_out]
    held, failed = (sum((weights[side] for weights in counted), Decimal(0)) for side in (0, 1))
    return float(held.quantize(WEIGHT)), float(failed.quantize(WEIGHT))


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


def owned_by(ids: Collection[int]) -> set[int]:
    """These sources and whatever they own, through others too: one query a generation."""
    found, generation = set(ids), set(ids)
    while generation:
        generation = set(Source.objects.filter(owner__in=generation).values_list("pk", flat=True)) - found
        found |= generation
    return found
