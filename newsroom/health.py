"""Whether the desk is up to its work, and how much of it waits: for /readyz and /metrics, which strangers can ask as
often as they like; for the command `health`, which says what is wrong, and the superusers' page, which shows it.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from articles import ledger
from articles.models import Citation, Heartbeat, Invalidation, Notification, Publication, Rendition
from articles.models.heartbeat import LATE
from articles.models.rendition import RenditionState
from articles.states import LiveState, ScheduleState
from newsroom.page_cache import cache
from sources import frozen

LASTS = 10  # seconds that a process gives the same answer
NEEDED = ("database", "migrations")  # to answer readers
MOST = 20  # of what failed, on the superusers' page
LATELY = timedelta(days=1)  # in which a mail that failed is told of
UNTOLD = timedelta(minutes=10)  # after which an edge should have been told

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
    return _found(CHECKS)


def all_faults() -> Faults:
    """With what stops nobody, and wants somebody to look: strangers do not ask for it."""
    return _found(CHECKS | BESIDE)


def _found(checks: dict[str, Callable[[], str]]) -> Faults:
    """Where the database does not answer, what is asked of it is not asked."""
    found: Faults = {}
    for name, check in checks.items():
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
    none = settings.CACHES["pages"]["BACKEND"].endswith("DummyCache")
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


def _links() -> str:
    dead = Citation.objects.dead().order_by().values("url").distinct().count()
    most = settings.NEWSROOM_DEAD_LINKS
    return f"{dead} cited pages are gone and have no archived copy, see the desk" if dead > most else ""


def _mails() -> str:
    failed = Notification.objects.not_mailed().filter(at__gt=Now() - LATELY).count()
    return f"{failed} of the last day could not be sent" if failed else ""


def _pictures() -> str:
    failed = Rendition.objects.given_up().count()
    return f"{failed} sizes were given up: save the picture again" if failed else ""


def _edge() -> str:
    waiting = Invalidation.objects.untold().filter(at__lt=Now() - UNTOLD).count() if settings.EDGE_PURGE_URL else 0
    return f"{waiting} changes have waited for it for more than {UNTOLD}" if waiting else ""


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
BESIDE: dict[str, Callable[[], str]] = {"links": _links, "mails": _mails, "pictures": _pictures, "edge": _edge}
LABELS = {
    "database": _("Database"),
    "migrations": _("Migrations"),
    "guards": _("Triggers of the database"),
    "cache": _("Cache of pages"),
    "storage": _("Storage of pictures"),
    "baked": _("Baked copy"),
    "worker": _("Worker"),
    "schedules": _("Schedules"),
    "links": _("Cited links"),
    "mails": _("Mails"),
    "pictures": _("Sizes of pictures"),
    "edge": _("Edge"),
}


@dataclass(frozen=True, slots=True)
class Failures:
    """What did not work, the newest of each, with the reason it was told."""

    schedules: QuerySet[Publication]
    mails: QuerySet[Notification]
    sizes: QuerySet[Rendition]
    purges: QuerySet[Invalidation]


def failures() -> Failures:
    schedules = Publication.objects.filter(scheduled__state=ScheduleState.FAILED).order_by("scheduled__due", "pk")
    return Failures(
        schedules.select_related("scheduled__version").defer(
            "scheduled__version__body", "scheduled__version__citations"
        )[:MOST],
        Notification.objects.not_mailed().select_related("user")[:MOST],
        Rendition.objects.given_up().select_related("file").prefetch_related("file__photos")[:MOST],
        Invalidation.objects.untold().filter(attempts__gt=0)[:MOST],
    )


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
