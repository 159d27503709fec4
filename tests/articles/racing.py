"""Two people at the same moment, on connections of their own.

`overtaken` stops the first in the middle of its move and lets the second start: it runs past, or waits for its turn.
`at_once` lets all start together, for whatever no stop was thought of.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Barrier, Event, current_thread

import pytest
from django.db import connections
from django.utils import translation

from articles import workflow
from articles.models import ReviewStatus

DONE = "done"
PATIENCE = 0.5  # seconds for the second to run past the first; afterwards it is taken to wait
LONGEST = 30

Step = Callable[[], object]


def told(step: Step) -> str:
    """What became of it, in a thread of its own: done, or the refusal."""
    try:
        with translation.override("en"):
            step()
    except workflow.Refused as refused:
        return refused.reason
    finally:
        connections.close_all()
    return DONE


def overtaken(first: Step, second: Step, *, at: str) -> tuple[str, str]:
    """What becomes of both when `first` is stopped where it calls `at` of the workflow, and `second` starts there."""
    stopped, go_on, original = Event(), Event(), getattr(workflow, at)

    def stopping(*args: object, **kwargs: object) -> object:
        if current_thread().name.startswith("first") and not stopped.is_set():
            stopped.set()
            assert go_on.wait(LONGEST)
        return original(*args, **kwargs)

    with (
        pytest.MonkeyPatch.context() as patch,
        ThreadPoolExecutor(1, "first") as one,
        ThreadPoolExecutor(1, "second") as other,
    ):
        patch.setattr(workflow, at, stopping)
        ahead = one.submit(told, first)
        try:
            assert stopped.wait(LONGEST), ahead.result(0)
            behind = other.submit(told, second)
            wait([behind], PATIENCE)
        finally:
            go_on.set()
        return ahead.result(LONGEST), behind.result(LONGEST)


def at_once(*steps: Step) -> list[str]:
    """What becomes of each when all start together."""
    line = Barrier(len(steps))

    def ready(step: Step) -> str:
        connections["default"].ensure_connection()
        line.wait(LONGEST)
        return told(step)

    with ThreadPoolExecutor(len(steps)) as pool:
        futures: list[Future[str]] = [pool.submit(ready, step) for step in steps]
        return [future.result(LONGEST) for future in futures]


def broken() -> list[int]:
    """The rows of the ledger that do not continue it."""
    rows, previous, found = ReviewStatus.objects.order_by("pk"), "", []
    for row in rows:
        if (row.previous, row.hash) != (previous, row.computed_hash()):
            found.append(row.pk)
        previous = row.hash
    return found
