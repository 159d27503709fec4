"""Which database is asked: the primary, but for what a reader is shown while the replica knows all that it knows.

Whoever is signed in, writes, is in a transaction, works by command or in the worker asks the primary. Nothing has to be
done for it: `reading` alone says otherwise, for one request of a reader.

What a replica knows is told by its stamp, which comes from the primary with the very changes that it stands for. The
replica makes a page only where it gives the stamp that the primary gave before. Behind, it is passed over: nobody reads
there what was withdrawn or corrected. Where the primary does not answer, the replica does alone, as far as it came.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections, models
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse

from articles import baking
from articles.models import invalidation

PRIMARY, REPLICA = DEFAULT_DB_ALIAS, "replica"
SHARE = 10  # a database is let be for so many times as long as it made somebody wait for nothing

Ask = Callable[[str], str]  # a stamp, of the database of this name

log = logging.getLogger(__name__)
_chosen: ContextVar[str | None] = ContextVar("chosen", default=None)
_let_be: dict[str, float] = {}  # until when


class Router:
    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        within = connections[PRIMARY].in_atomic_block
        return PRIMARY if within else _chosen.get() or PRIMARY

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True  # the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == PRIMARY


class ReplicaMiddleware:
    """Readers' pages that the page cache leaves to the view, and what stands beside them: search, sitemaps, pictures.
    What is not named here is asked of the primary.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        languages = "|".join(code for code, _name in settings.LANGUAGES)
        # A preview notes that it was opened.
        self.pages = re.compile(
            rf"/(?:(?:{languages})/(?!preview/)|pictures/|(?:news-)?sitemap[^/]*\.xml$|trust\.txt$)"
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _chosen.get() or not self.pages.match(request.path_info) or not a_reader(request):
            return self.get_response(request)
        try:
            database = maker(invalidation.stamp, *stamped(invalidation.stamp))
        except Error:  # the view meets it as well, and says so
            return self.get_response(request)
        with reading(database):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _streamed(iter(response.streaming_content), database)  # type: ignore[arg-type]
        return response


def a_reader(request: HttpRequest) -> bool:
    environ = request.META
    return (
        request.method in {"GET", "HEAD"}
        and baking.UNKEPT not in environ
        and f"{settings.SESSION_COOKIE_NAME}=" not in environ.get("HTTP_COOKIE", "")
        and (request.is_secure() or not settings.SECURE_SSL_REDIRECT)
    )


@contextmanager
def reading(database: str) -> Iterator[None]:
    """What is read within is read there."""
    before = _chosen.set(database)
    try:
        yield
    finally:
        _chosen.reset(before)


def stamped(ask: Ask) -> tuple[str, str]:
    """The stamp, and who gave it: the primary, or where it does not answer, the replica. Raises Error."""
    if REPLICA not in settings.DATABASES:
        return _asked(ask, PRIMARY), PRIMARY
    try:
        return _unless_let_be(ask, PRIMARY), PRIMARY
    except Error as error:
        log.warning("the primary did not answer: %s", error)
        return _asked(ask, REPLICA), REPLICA


def maker(ask: Ask, stamp: str, of: str) -> str:
    """The database that makes the page of this `stamp`, which `of` gave."""
    if of == REPLICA or REPLICA not in settings.DATABASES:
        return of
    try:
        return REPLICA if _unless_let_be(ask, REPLICA) == stamp else PRIMARY
    except Error as error:
        log.warning("the replica did not answer: %s", error)
        return PRIMARY


def _unless_let_be(ask: Ask, database: str) -> str:
    """Whoever refuses at once is asked again at once; who lets us wait, not by every reader anew."""
    began = monotonic()
    if began < _let_be.get(database, 0):
        raise Error(f"{database} is let be for a while")
    try:
        return _asked(ask, database)
    except Error:
        _let_be[database] = monotonic() + SHARE * (monotonic() - began)
        raise


def _asked(ask: Ask, database: str) -> str:
    """Once more over a new connection, where the one that was kept does not lead there any longer."""
    connection = connections[database]
    kept = connection.connection is not None
    connection.health_check_done = True  # type: ignore[attr-defined]  # the question is the check
    try:
        return ask(database)
    except Error:
        if not kept or connection.in_atomic_block:
            raise
        connection.close_if_unusable_or_obsolete()
        if connection.connection is not None:
            raise
        return ask(database)


def _streamed(parts: Iterator[bytes], database: str) -> Iterator[bytes]:
    while True:
        with reading(database):
            part = next(parts, None)
        if part is None:
            return
        yield part
