"""Where sources stand now: tier, record and who owns them, for the arithmetic. Queries, no judgement.

A source that was merged into another stands where the other does, for good: frozen versions go on naming it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce, StrIndex, Substr

from .models import Source, SourceOutcome

WEIGHT = Decimal("0.001")  # the least there is


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
    return standings_beside({leaving_out: ids})[leaving_out]


def standings_beside(wanted: Mapping[str, Collection[int]]) -> dict[str, dict[int, Standing]]:
    """For each subject the standing of each of its sources, as if the outcomes of that subject were not there; all of
    them in the queries of one.
    """
    ids = {pk for each in wanted.values() for pk in each}
    if not ids:
        return {subject: {} for subject in wanted}
    here = Source.objects.filter(pk__in=ids).annotate(head=Coalesce("merged_into", "pk")).values("head")
    rows = Source.objects.with_tier().filter(Q(pk__in=here) | Q(merged_into__in=here)).order_by("pk")
    rated, family = {}, defaultdict(list)
    for pk, merged_into, *latest in rows.values_list("pk", "merged_into", "tier", "review_by"):
        family[merged_into or pk].append(pk)
        rated[merged_into or pk] = latest
    head = {pk: first for first, pks in family.items() for pk in pks}
    records, voices = _records(head, wanted.keys() - {""}), top_owners(ids)

    def standing(pk: int, leaving_out: str) -> Standing:
        tier, review_by = rated[head[pk]]
        others = tuple(each for each in family[head[pk]] if each != pk)
        return Standing(tier, *_sum(records[head[pk]], leaving_out), voices[pk], review_by, others)

    return {subject: {pk: standing(pk, subject) for pk in each if pk in head} for subject, each in wanted.items()}


def _records(head: Mapping[int, int], subjects: Collection[str]) -> defaultdict[int, list[tuple[str, bool, Decimal]]]:
    """Of each source and all that were merged into it: what outcomes of each of these subjects weigh for it and against
    it and, under "", those of all others.
    """
    slash = StrIndex("subject", Value("/"))
    about = Case(When(subject__contains="/", then=Substr("subject", 1, slash - 1)), default=F("subject"))
    apart = Case(When(about__in=subjects, then=F("about")), default=Value("")) if subjects else Value("")
    rows = SourceOutcome.objects.counting().filter(source__in=head).annotate(about=about).annotate(apart=apart)
    sums = rows.order_by().values_list("source", "apart", "held").annotate(sum=Sum("weight"))
    records = defaultdict(list)
    for source, subject, held, weight in sums:
        records[head[source]].append((subject, held, weight))
    return records


def _sum(record: Collection[tuple[str, bool, Decimal]], leaving_out: str) -> tuple[float, float]:
    """What counts for and against, but for one subject; to the least weight, whatever it was summed up from."""
    counted = [(held, weight) for subject, held, weight in record if not subject or subject != leaving_out]
    sides = (sum((weight for held, weight in counted if held is side), Decimal(0)) for side in (True, False))
    held, failed = (float(side.quantize(WEIGHT)) for side in sides)
    return held, failed


def heads(ids: Collection[int]) -> dict[int, int]:
    """For each source in `ids` the one it counts as: itself, or what it was merged into."""
    return dict(Source.objects.filter(pk__in=ids).values_list("pk", Coalesce("merged_into", "pk")))


def family(ids: Collection[int]) -> set[int]:
    """These, and whatever counts as the same by a merger."""
    kept = set(heads(ids).values())
    return kept | set(Source.objects.filter(merged_into__in=kept).values_list("pk", flat=True))


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


def owned_by(ids: Collection[int]) -> set[int]:
    """These sources, what they own and what was merged into them, through others too: one query a generation."""
    found, generation = set(ids), set(ids)
    while generation:
        below = Source.objects.filter(Q(owner__in=generation) | Q(merged_into__in=generation))
        generation = set(below.values_list("pk", flat=True)) - found
        found |= generation
    return found
