"""A cache that all processes share and no restart empties, for a few small values of a few minutes. They are JSON:
nothing that lies in it becomes an object.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, models, transaction
from django.utils import timezone


class Counters(BaseCache):
    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    @property
    def rows(self) -> "models.QuerySet[Any]":
        return apps.get_model("newsroom", "Counter")._default_manager.all()

    def named(self, key: Any, version: int | None) -> str:
        return hashlib.sha256(self.make_key(str(key), version).encode()).hexdigest()

    def until(self, timeout: Any) -> datetime:
        at = self.get_backend_timeout(timeout)
        return datetime.max.replace(tzinfo=UTC) if at is None else datetime.fromtimestamp(at, UTC)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        self.rows.filter(expires__lte=timezone.now()).delete()  # whatever it is the key of
        try:
            with transaction.atomic():
                self.rows.create(key=self.named(key, version), value=value, expires=self.until(timeout))
        except IntegrityError:
            return False
        return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = self.rows.filter(key=self.named(key, version), expires__gt=timezone.now())
        return next(iter(found.values_list("value", flat=True)), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        row = self.rows.model(key=self.named(key, version), value=value, expires=self.until(timeout))
        self.rows.bulk_create([row], update_conflicts=True, unique_fields=["key"], update_fields=["value", "expires"])

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self.rows.filter(key=self.named(key, version)).delete()[0])

    def clear(self) -> None:
        self.rows.delete()
