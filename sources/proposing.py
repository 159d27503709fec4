"""Whom a URL may be of: its source, those that are near it, or a new one made in place, at the address that names its
author and not rated.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from sources import addresses, slugs
from sources.addresses import Place
from sources.models import Kind, Source, SourceAddress, SourceSlug
from sources.standing import top_owners

MOST = 8  # proposals for one URL


class Reason(TextChoices):
    """Why a source is proposed, the best reason first."""

    ADDRESS = "address", _("publishes at this very address")
    HOST = "host", _("publishes at this host")
    SITE = "site", _("publishes at the host that this one is part of")
    OWNER = "owner", _("owns a source of this site")
    NEIGHBOUR = "neighbour", _("publishes elsewhere on the same site")
    GROUP = "group", _("is the top owner of a source of this site")


RANK = {reason: rank for rank, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Proposal:
    source: Source
    reason: Reason


def source_of(url: str) -> Source | None:
    """The source that `url` lies under. Raises BadAddress."""
    found = SourceAddress.objects.for_url(url)
    return found.source if found else None


def proposals(url: str) -> list[Proposal]:
    """Whom `url` may be of, the likeliest first, each once, MOST at most; the first is `source_of` where that knows
    one. As many queries for thirty as for one. Raises BadAddress.
    """
    place, places = addresses.parse(url), addresses.candidates(url)
    near = Q(host__in={each.host for each in places}, path__in={each.path for each in places})
    if not addresses.platform(place.host):  # where neighbours have nothing to do with each other
        site = addresses.site(place.host)
        near |= Q(host=site) | Q(host__endswith=f".{site}")
    found = list(SourceAddress.objects.filter(near).select_related("source__owner"))
    tops = top_owners({row.source_id for row in found})
    return _ranked(place, places, found, Source.objects.in_bulk(set(tops.values())))


def _ranked(
    place: Place, places: list[Place], found: Collection[SourceAddress], tops: Mapping[int, Source]
) -> list[Proposal]:
    depth = {each: number for number, each in enumerate(places)}

    def told() -> Iterator[tuple[Reason, int, Source]]:
        for row in found:
            here = Place(row.host, row.path)
            yield _reason(here, place, depth), depth.get(here, 0), row.source
            if row.source.owner:
                yield Reason.OWNER, depth.get(here, len(places)), row.source.owner
        for top in tops.values():
            yield Reason.GROUP, 0, top

    chosen: dict[int, Proposal] = {}
    for reason, _depth, source in sorted(told(), key=lambda each: (RANK[each[0]], each[1], each[2].slug)):
        chosen.setdefault(source.pk, Proposal(source, reason))
    return list(chosen.values())[:MOST]


def _reason(here: Place, place: Place, depth: Collection[Place]) -> Reason:
    if here not in depth:
        return Reason.NEIGHBOUR
    if here.host not in (place.host, addresses.platform(place.host)):
        return Reason.SITE
    return Reason.ADDRESS if here.path else Reason.HOST


@transaction.atomic
def found_or_made(url: str, name: str, language: str) -> Source:
    """The source of `url`; where none is known, a new one called `name` in `language`. Raises BadAddress."""
    if source := source_of(url):
        return source
    place = addresses.account(url)
    base = slugs.slug(name) or slugs.slug(str(place).replace("/", " ").replace(".", " "))
    taken = set(SourceSlug.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug = next(slug for n in range(len(taken) + 1) if (slug := f"{base}-{n + 1}" if n else base) not in taken)
    kind = Kind.PERSON if place.path else Kind.ORGANISATION  # an account is somebody's
    source = Source(slug=slug, kind=kind, **{f"name_{language}": name})
    source.save()
    SourceAddress.objects.create(source=source, host=place.host, path=place.path)
    return source
