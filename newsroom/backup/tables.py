"""What is kept of the database: a table's rows as JSON lines, which are the same of the same rows on either engine."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections, models

BATCH = 100
NOT_KEPT = {
    "sessions.Session",  # keys of browsers: everybody signs in anew
    "newsroom.SignIn",  # of these
    "newsroom.Counter",  # attempts to sign in, here and in the last minutes
    "articles.Invalidation",  # of caches, which know nothing of a desk that was restored
    "articles.Heartbeat",  # of this desk's own worker
    "articles.SearchEntry",  # made anew, as the words beside it
}
MADE_AGAIN = {"articles.Rendition": {"state", "attempts", "due", "last_error", "stored"}}  # by the worker
FILLED = {  # by migrations: all that an empty desk has, and what takes its place was made by the same
    "contenttypes.ContentType",
    "auth.Permission",
    "auth.Group",
    "auth.Group_permissions",
}


class Table:
    """Of one model, past its managers: rows come and go as they are, whatever a door would make of them."""

    def __init__(self, model: type[models.Model]) -> None:
        again = MADE_AGAIN.get(model._meta.label, set())
        self.model, self.name = model, model._meta.db_table
        self.fields = [each for each in model._meta.local_concrete_fields if not each.generated]
        self.kept = [each for each in self.fields if each.name not in again]
        self.columns = [each.attname for each in self.kept]
        self.files = [each.attname for each in self.kept if isinstance(each, models.FileField)]
        self.filled = model._meta.label in FILLED

    def rows(self, using: str) -> "models.QuerySet[Any]":
        return models.QuerySet(self.model, using=using)

    def lines(self, using: str) -> Iterator[bytes]:
        """In the order of their keys."""
        for row in self.rows(using).order_by("pk").values_list(*self.columns).iterator(BATCH):
            told = dict(zip(self.columns, row, strict=True))
            yield json.dumps(told, default=_plain, ensure_ascii=False, sort_keys=True).encode() + b"\n"

    def insert(self, lines: Iterable[bytes], using: str) -> None:
        rows = iter(map(self._row, lines))
        most = connections[using].ops.bulk_batch_size(self.fields, [None] * BATCH)
        while batch := list(islice(rows, most)):
            self.rows(using)._insert(batch, fields=self.fields, using=using, raw=True)  # type: ignore[attr-defined]

    def _row(self, line: bytes) -> SimpleNamespace:
        told = json.loads(line)
        values = {each.attname: each.to_python(told[each.attname]) for each in self.kept}
        made = {each.attname: each.get_default() for each in self.fields if each.attname not in values}
        return SimpleNamespace(**values, **made)


def kept() -> list[Table]:
    found = apps.get_models(include_auto_created=True)
    return [
        Table(each)
        for each in found
        if each._meta.managed and not each._meta.proxy and each._meta.label not in NOT_KEPT
    ]


def _plain(value: Any) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return b64encode(value).decode()
    raise TypeError(type(value).__name__)
