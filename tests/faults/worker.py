"""The desk's own worker, killed by SIGKILL after a step of sending something out: a statement, or the commit.

python -m tests.faults.worker 7     killed after the seventh step; 0: never, and told how many there were
"""

import os
import signal
import sys
from typing import Any

import django
from django.core.management import call_command
from django.db import connection


def main(last: int) -> int:
    """Run the worker until SIGTERM; how many steps its releases took."""
    from articles import workflow

    taken, release, commit = 0, workflow.release, connection._commit

    def step() -> None:
        nonlocal taken
        taken += 1
        if taken == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def executed(execute: Any, *args: Any) -> Any:
        result = execute(*args)
        step()
        return result

    def committed() -> None:
        commit()
        step()

    def counted(publication: Any) -> Any:
        connection._commit = committed
        try:
            with connection.execute_wrapper(executed):
                return release(publication)
        finally:
            connection._commit = commit

    workflow.release = counted
    call_command("worker", every=0.1)
    return taken


if __name__ == "__main__":
    django.setup()
    print(f"steps: {main(int(sys.argv[1]))}", flush=True)  # noqa: T201
