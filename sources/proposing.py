"""Finding the source of a URL, or making it in place: not rated, at the address that names its author."""

from django.db import transaction

from sources import addresses, slugs
from sources.models import Kind, Source, SourceAddress


def source_of(url: str) -> Source | None:
    """The source that `url` lies under. Raises BadAddress."""
    found = SourceAddress.objects.for_url(url)
    return found.source if found else None


@transaction.atomic
def found_or_made(url: str, name: str, language: str) -> Source:
    """The source of `url`; where none is known, a new one called `name` in `language`. Raises BadAddress."""
    if source := source_of(url):
        return source
    place = addresses.account(url)
    base = slugs.slug(name) or slugs.slug(str(place).replace("/", " ").replace(".", " "))
    taken = set(Source.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug = next(slug for n in range(len(taken) + 1) if (slug := f"{base}-{n + 1}" if n else base) not in taken)
    kind = Kind.PERSON if place.path else Kind.ORGANISATION  # an account is somebody's
    source = Source(slug=slug, kind=kind, **{f"name_{language}": name})
    source.save()
    SourceAddress.objects.create(source=source, host=place.host, path=place.path)
    return source
