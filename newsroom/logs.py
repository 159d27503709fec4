"""Logs as lines of text; by LOG_FORMAT=json as lines of JSON, each with the request that it is of."""

import json
import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from secrets import token_hex

from django.http import HttpRequest
from django.http.response import HttpResponseBase, ResponseHeaders

HEADER, NAME = "X-Request-ID", "REQUEST_ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")  # of one that is given by whoever stands before us
HIDDEN = re.compile(r"(?<=/preview/)[^/\s?]+")  # opens words that nobody published

request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("newsroom.requests")


class Lines(logging.Formatter):
    """To be read by people: what went wrong, with where it did."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return HIDDEN.sub("…", super().format(record))


class JsonLines(logging.Formatter):
    """Everything outside ASCII, and every control character, is escaped: a line is a line to whatever shows it."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": HIDDEN.sub("…", record.getMessage()),
        }
        asked = getattr(getattr(record, "request", None), "META", {})  # Django tells of some when all else is over
        if name := request_id.get() or asked.get(NAME):
            told["request"] = name
        if record.exc_info:
            told["exception"] = HIDDEN.sub("…", self.formatException(record.exc_info))
        return json.dumps(told)


class RequestMiddleware:
    """Names each request, tells its name, and notes what became of it: not who asked, nor what they searched for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("x-request-id", "")
        name = given if SANE.fullmatch(given) else token_hex(16)
        request.META[NAME] = name
        told, start = request_id.set(name), time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers = ResponseHeaders(dict(response.headers.items()) | {HEADER: name})  # a page's are shared
            took = (time.perf_counter() - start) * 1000
            log.info("%s %s %d %.1f ms", request.method, request.path, response.status_code, took)
            return response
        finally:
            request_id.reset(told)
