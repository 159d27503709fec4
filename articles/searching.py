"""The index that readers search, written: with each move to the readers, in its transaction, or anew from what is live.

Of frozen words alone. A category or a source renamed changes nothing here: what a search is narrowed by are numbers.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from articles import terms
from articles.cleaning import text_of
from articles.models import Publication, SearchEntry, SearchWords

BATCH = 200
MOST_WORDS, MOST_OF_ONE = 16_000, 250  # of which PostgreSQL keeps every place: 16,383 and 255 of one text


@dataclass(frozen=True, slots=True)
class Progress:
    """How many publications were looked at, how many of them are live, and the last one's number."""

    looked_at: int
    live: int
    last: int


def refresh(publications: Collection[int]) -> int:
    """Let the index have what readers have of these now, or nothing; how many of them are live. To be called in a
    transaction that holds these rows.
    """
    live = list(Publication.objects.live().order_by("pk").for_readers().filter(pk__in=publications))
    SearchWords.objects.filter(pk__in=publications).delete()
    if gone := set(publications) - {row.pk for row in live}:
        SearchEntry.objects.filter(pk__in=gone).delete()
    add(live)
    return len(live)


def add(live: Collection[Publication]) -> None:
    """Let the index have what readers have of these, of whose words it has none; each with its version and approval."""
    entries, words = zip(*map(entry_of, live), strict=True) if live else ((), ())
    told = ["language", "category", "tier", "first_published", "crowded"]
    SearchEntry.objects.bulk_create(
        [SearchEntry(**entry) for entry in entries],
        update_conflicts=True,
        unique_fields=["publication"],
        update_fields=told,
    )
    SearchWords.objects.bulk_create([SearchWords(**row) for row in words])


def rebuild(after: int = 0) -> Iterator[Progress]:
    """`refresh` all, in batches, from the publication after this number on: each batch in a transaction of its own,
    held as by a move, so that the desk may go on meanwhile. Stopped anywhere, it can go on from the last it told of.
    """
    looked_at = live = 0
    while True:
        with transaction.atomic():
            rows = Publication.objects.order_by("pk").filter(pk__gt=after)
            found = list(rows.select_for_update().values_list("pk", flat=True)[:BATCH])
            live += refresh(found)
        if not found:
            return
        looked_at, after = looked_at + len(found), found[-1]
        yield Progress(looked_at, live, after)


def entry_of(publication: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of the entry and of the words of a row that is live, with its version and approval; a migration fills
    the tables by them too.
    """
    version, workings = publication.live, publication.live_approval.confidence["workings"]
    lines = [terms.line(text) for text in (version.headline, version.summary, text_of(version.body))]
    often = Counter("".join(lines).split())
    return {
        "publication_id": publication.pk,
        "language": publication.language,
        "category_id": version.category_id,
        "tier": workings["best_tier"] if workings["voices"] else None,
        "first_published": publication.first_published,
        "crowded": often.total() > MOST_WORDS or max(often.values(), default=0) > MOST_OF_ONE,
    }, {
        "entry_id": publication.pk,
        **dict(zip(("headline", "summary", "body"), lines, strict=True)),
    }
