"""Whether the desk is up to its work, and how much of it waits: for /readyz and /metrics, which strangers can ask as
often as they like, and for the command `health`, which says what is wrong.
"""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count

from articles import ledger
from articles.models import Heartbeat, Invalidation, Notification, Publication, Rendition
from articles.models.heartbeat import LATE
from articles.models.rendition import RenditionState
from articles.states import LiveState, ScheduleState
from sources import frozen

LASTS = 10  # seconds that a process gives the same answer
NEEDED = ("database", "migrations")  # to answer readers

Faults = dict[str, str]  # by the check: what is wrong, or ""
log = logging.getLogger(__name__)
_last: tuple[float, Faults] = (0.0, {})


def lately() -> Faults:
    """As `faults`, at most so old as nobody minds."""
    global _last
    at, found = _last
    if not found or time.monotonic() - at > LASTS:
        found = faults()
        _last = (time.monotonic(), found)
    return found


def faults() -> Faults:
    """Where the database does not answer, what is asked of it is not asked."""
    found: Faults = {}
    for name, check in CHECKS.items():
        try:
            found[name] = check()
        except Exception as error:  # whatever it is, it is wrong
            log.warning("%s is not as it should be", name, exc_info=True)
            found[name] = type(error).__name__
        if found["database"]:
            break
    return found


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied: run migrate" if waiting else ""


def _guards() -> str:
    lacking = frozen.missing(connection)
    return f"the database lacks {', '.join(lacking)}: run migrate" if lacking else ""


def _cache() -> str:
    key, value = f"health:{token_hex(8)}", token_hex(8).encode()
    cache.set(key, value, 60)
    kept = cache.get(key)
    cache.delete(key)
    none = settings.CACHES["default"]["BACKEND"].endswith("DummyCache")
    return "" if kept == value or none else "it keeps nothing"


def _storage() -> str:
    name = default_storage.save(f"health/{token_hex(16)}", ContentFile(b"."))
    default_storage.delete(name)
    return ""


def _baked() -> str:
    if settings.BAKED_ROOT:
        Path(settings.BAKED_ROOT).mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=settings.BAKED_ROOT) as file:
            file.write(b".")
    return ""


def _worker() -> str:
    return "" if Heartbeat.objects.within(LATE).exists() else f"none was heard of for {LATE}: start manage.py worker"


def _schedules() -> str:
    failed = Publication.objects.filter(scheduled__state=ScheduleState.FAILED).count()
    return f"{failed} did not go out, see the desk" if failed else ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "guards": _guards,
    "cache": _cache,
    "storage": _storage,
    "baked": _baked,
    "worker": _worker,
    "schedules": _schedules,
}


def measures() -> Iterator[str]:
    """Lines of Prometheus's text format."""
    found = lately()
    yield "# TYPE newsroom_ok gauge"
    for name, fault in found.items():
        yield f'newsroom_ok{{check="{name}"}} {int(not fault)}'
    if any(found[name] for name in NEEDED):
        return
    yield "# TYPE newsroom_ledger_rows gauge"
    yield f"newsroom_ledger_rows {ledger.head().count}"
    yield "# TYPE newsroom_live gauge"
    live = Publication.objects.filter(state=LiveState.LIVE).order_by("language").values_list("language")
    for language, count in live.annotate(count=Count("pk")):
        yield f'newsroom_live{{language="{language}"}} {count}'
    yield "# TYPE newsroom_waiting gauge"
    waiting = {
        "schedules": Publication.objects.exclude(scheduled=None),
        "mails": Notification.objects.to_mail(),
        "sizes of pictures": Rendition.objects.filter(state=RenditionState.WAITING),
        "purges": Invalidation.objects.untold(),
    }
    for name, rows in waiting.items():
        yield f'newsroom_waiting{{what="{name}"}} {rows.count()}'
