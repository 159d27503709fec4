"""Whether the record still says what was written into it: every fingerprint computed anew; and its head. Reads only,
row after row, however many there are. The triggers refuse a rewrite; this finds one made past them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import Count, F, Subquery, Value
from django.utils.translation import gettext as _

from articles.models import Publication, ReviewStatus, Version
from articles.models.review import ASSESSED

CHUNK = 500
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Head:
    """The last row, and how many there are: who notes it can tell later whether any row before was touched."""

    count: int
    hash: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Fault:
    """`what` and `row` name it: a version, a row of the ledger, a publication, each by its number in the database."""

    what: str
    row: int
    says: str


def head() -> Head:
    """In one query."""
    rows = ReviewStatus.objects.order_by("-pk")
    whole = rows.order_by().annotate(all=Value(1)).values("all").annotate(count=Count("pk")).values("count")
    last = rows.annotate(count=Subquery(whole)).values_list("count", "hash", "at").first()
    return Head(*last) if last else Head(0, "", None)


def faults(told: Progress = lambda done: None) -> Iterator[Fault]:
    """Everything that does not fit; `told` hears now and then how many rows were looked at."""
    done = 0
    looked_at = chain(
        map(_fault_of_version, _versions()), map(_Chain(), _rows()), map(_fault_of_publication, _publications())
    )
    for done, found in enumerate(looked_at, 1):
        yield from found
        if done % CHUNK == 0:
            told(done)
    told(done)


def _versions() -> Iterator[Version]:
    return Version.objects.order_by("pk").iterator(CHUNK)


def _rows() -> Iterator[ReviewStatus]:
    return ReviewStatus.objects.order_by("pk").annotate(words=F("version__digest")).iterator(CHUNK)


def _publications() -> Iterator[Publication]:
    public = Publication.objects.filter(live__isnull=False).select_related("live_approval")
    return public.defer("live_approval__confidence").order_by("pk").iterator(CHUNK)


def _fault_of_version(version: Version) -> Iterator[Fault]:
    if _computed(version.computed_digest) != version.digest:
        yield Fault(_("version"), version.pk, _("its words are not those of its digest"))


class _Chain:
    """Each row against the one before it."""

    previous, at = "", None

    def __call__(self, row: Any) -> Iterator[Fault]:
        if row.previous != self.previous:
            yield Fault(_("row"), row.pk, _("it does not follow the row before: one is gone, or was put in"))
        if _computed(row.computed_hash) != row.hash:
            yield Fault(_("row"), row.pk, _("what it says is not what its hash is of"))
        if row.digest != row.words:
            yield Fault(_("row"), row.pk, _("its digest is not that of its version"))
        if self.at and row.at < self.at:
            yield Fault(_("row"), row.pk, _("it is dated before the row before it"))
        self.previous, self.at = row.hash, row.at


def _fault_of_publication(publication: Publication) -> Iterator[Fault]:
    approval = publication.live_approval
    if approval is None or approval.version_id != publication.live_id or approval.status not in ASSESSED:
        yield Fault(_("publication"), publication.pk, _("what is live is not what its approval is of"))


def _computed(compute: Callable[[], str]) -> str:
    """The hash, or "" where a rewrite left nothing that could be hashed."""
    try:
        return compute()
    except (AttributeError, TypeError, ValueError):
        return ""
