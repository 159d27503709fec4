"""The desk's own `migrate`, killed by SIGKILL after a step: an operation of a migration, or its commit.

python -m tests.faults.migrating 7     killed after the seventh step; 0: never, and told how many there were
"""

import os
import signal
import sys
from typing import Any

import django
from django.core.management import call_command
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor


def main(last: int) -> int:
    taken, apply, committed = 0, Migration.apply, MigrationExecutor.apply_migration

    def step() -> None:
        nonlocal taken
        taken += 1
        if taken == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(forwards: Any) -> Any:
        def and_step(*args: Any) -> None:
            forwards(*args)
            step()

        return and_step

    def applied(self: Migration, *args: Any, **kwargs: Any) -> Any:
        for operation in self.operations:
            operation.database_forwards = counted(operation.database_forwards)  # type: ignore[method-assign]
        return apply(self, *args, **kwargs)

    def and_committed(self: MigrationExecutor, *args: Any, **kwargs: Any) -> Any:
        state = committed(self, *args, **kwargs)
        step()
        return state

    Migration.apply, MigrationExecutor.apply_migration = applied, and_committed  # type: ignore[method-assign]
    call_command("migrate", verbosity=0)
    return taken


if __name__ == "__main__":
    django.setup()
    print(f"steps: {main(int(sys.argv[1]))}", flush=True)  # noqa: T201
