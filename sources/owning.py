"""Whom a source belongs to, and who else speaks with the same voice. Queries, no judgement."""

from collections.abc import Iterator
from dataclasses import dataclass

from .models import Source
from .standing import top_owners


@dataclass(frozen=True, slots=True)
class Group:
    """`owners`: who owns it, who owns that one, up to the top; `others`: whoever else the top owner's word counts for.
    Together with the source they are one voice.
    """

    owners: list[Source]
    others: list[Source]


def group(source: Source) -> Group:
    """As many queries as there are generations of owners, not sources."""
    top = top_owners([source.pk])[source.pk]
    family = {row.pk: row for row in Source.objects.filter(pk=top)}
    generation = {top}
    while generation:
        found = Source.objects.kept().filter(owner__in=generation).exclude(pk__in=family)
        generation = {row.pk for row in found}
        family |= {row.pk: row for row in found}
    owners = list(_owners(source, family))
    others = [row for row in family.values() if row.pk != source.pk and row not in owners]
    return Group(owners, sorted(others, key=lambda row: row.slug))


def _owners(source: Source, family: dict[int, Source]) -> Iterator[Source]:
    seen, above = {source.pk}, source.owner_id
    while above is not None and above in family and above not in seen:
        seen.add(above)
        yield family[above]
        above = family[above].owner_id
