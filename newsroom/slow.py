"""Statements that take long, told in the log: where SLOW_QUERY_MS is set, of what a request asks the database.

The statement as it was written, without the words that it was asked with: those may be anybody's. Not of the worker
and of commands, which are long on purpose.
"""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

LONGEST = 1_000  # characters of a statement
log = logging.getLogger(__name__)


class SlowQueryMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as watched:
            for connection in connections.all():
                watched.enter_context(connection.execute_wrapper(_timed))
            return self.get_response(request)


def _timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    start = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = (time.perf_counter() - start) * 1000
        if took >= settings.SLOW_QUERY_MS:
            log.warning("%.0f ms on %s: %s", took, context["connection"].alias, " ".join(str(sql).split())[:LONGEST])
