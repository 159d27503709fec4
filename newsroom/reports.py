"""What browsers report: that a page of ours held something which its policy forbids. Told in the log, and kept nowhere.

Anybody can send anything here, so it is read as the word of a stranger: so much of it and no more, a few lines a
minute of each process, and of each report only what is named below. A query may hold what a reader searched for, and is
left out.
"""

import json
import logging
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from newsroom.logs import HIDDEN

LARGEST = 8 * 1024  # bytes
MOST = 10  # of one request
A_MINUTE = 30  # lines
TYPES = ("application/csp-report", "application/reports+json")
OF_THE_BROWSER = ("chrome-extension", "moz-extension", "safari-extension", "safari-web-extension")

log = logging.getLogger(__name__)


class Unread(ValueError):
    """What is no report."""


def told(content_type: str, body: bytes) -> list[dict[str, str]]:
    try:
        sent = json.loads(body)
        match content_type, sent:
            case "application/csp-report", {"csp-report": dict(report)}:
                reports = [report]
            case "application/reports+json", list(rows):
                reports = [row["body"] for row in rows[:MOST] if row["type"] == "csp-violation"]
            case _:
                raise Unread
        return [dict(_facts(report)) for report in reports]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unread from error


def _facts(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """By the names of either form."""
    yield "page", _place(report.get("document-uri", report.get("documentURL")))
    yield "directive", _short(report.get("effective-directive", report.get("effectiveDirective")))
    yield "blocked", _place(report.get("blocked-uri", report.get("blockedURL")))
    yield "source", _place(report.get("source-file", report.get("sourceFile")))
    yield "line", _short(report.get("line-number", report.get("lineNumber")))


def _short(value: object) -> str:
    return str(value)[:200] if isinstance(value, str | int) else ""


def _place(value: object) -> str:
    """Without query and fragment, and without what opens a preview."""
    parts = urlsplit(_short(value))
    return HIDDEN.sub("…", parts._replace(query="", fragment="", netloc=parts.netloc.rpartition("@")[2]).geturl())


class Told:
    """So many lines a minute; how many more there were is told with the next."""

    def __init__(self) -> None:
        self.since, self.lines, self.more = float("-inf"), 0, 0

    def tell(self, report: dict[str, str]) -> None:
        if any(report[name].startswith(OF_THE_BROWSER) for name in ("blocked", "source")):
            return  # what a reader added to their browser is no business of ours
        now = time.monotonic()
        if now - self.since >= 60:
            if self.more:
                log.warning("the policy was reported %d times more", self.more)
            self.since, self.lines, self.more = now, 0, 0
        if self.lines < A_MINUTE:
            self.lines += 1
            log.warning("the policy was reported: %s", json.dumps(report))
        else:
            self.more += 1


lines = Told()
