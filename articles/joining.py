"""Merging two sources without losing a citation: the working copies cite the one that stays, frozen words stay as they
are. What becomes of the sources themselves is `sources.joining`'s.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles import digest
from articles.models import Article, Citation, VersionSource
from articles.refusing import Refused
from sources import joining
from sources.models import Source, SourceAddress

PERMISSION = "sources.change_source"


@dataclass(frozen=True, slots=True)
class Merger:
    """What merging `source` into `into` would do, each with its `tier` and its record; `versions` is the number of
    those that name the first for good.
    """

    source: Any
    into: Any
    addresses: list[str]
    owned: list[Source]
    citations: list[Citation]
    versions: int

    @property
    def articles(self) -> list[tuple[Article, list[Citation]]]:
        grouped = groupby(self.citations, key=lambda each: each.article_id)
        return [(cited[0].article, cited) for _pk, rows in grouped if (cited := list(rows))]

    @property
    def seen(self) -> str:
        """One hash over all that the screen says of what moves."""
        standing = [[each.pk, str(each), each.tier, str(each.held), str(each.failed)] for each in self._both]
        return digest.sha256(
            {
                "sources": standing,
                "addresses": self.addresses,
                "owned": [each.pk for each in self.owned],
                "citations": [[each.pk, each.source_id, each.origin_id] for each in self.citations],
            }
        )

    @property
    def _both(self) -> tuple[Any, Any]:
        return self.source, self.into


def refusal(source: Source, into: Source, by: User) -> str | None:
    """Why `by` cannot merge these, or None."""
    if not (by.is_active and by.has_perm(PERMISSION)):
        return _("Only librarians may do this.")
    return joining.refusal(source, into)


def merger(source: Source, into: Source) -> Merger:
    """As things stand now."""
    both = Source.objects.with_tier().with_record().select_related("owner").in_bulk([source.pk, into.pk])
    return Merger(
        source=both[source.pk],
        into=both[into.pk],
        addresses=sorted(str(each) for each in SourceAddress.objects.filter(source=source)),
        owned=list(Source.objects.filter(owner=source)),
        citations=list(
            Citation.objects.naming(source).select_related("article").order_by("-article_id", "position", "key")
        ),
        versions=VersionSource.objects.naming([source.pk]).values("version").distinct().count(),
    )


@transaction.atomic
def merge(source: Source, into: Source, *, by: User, seen: str) -> Merger:
    """Merge `source` into `into`, as `by` saw what that does. It cannot be undone. Raises Refused."""
    citing = Citation.objects.naming(source).order_by().values("article")
    list(Article.objects.select_for_update(no_key=True).filter(pk__in=citing).order_by("pk"))  # as who cites does
    held = Source.objects.select_for_update(no_key=True).filter(pk__in=[source.pk, into.pk]).order_by("pk")
    rows = {row.pk: row for row in held}
    source, into = rows[source.pk], rows[into.pk]
    if reason := refusal(source, into, by):
        raise Refused(reason)
    merged = merger(source, into)
    if merged.seen != seen:
        raise Refused(_("Something changed while you were reading. Look again, then merge."))
    Citation.objects.repoint(source, into, by=by)
    joining.join(source, into)
    return merged
