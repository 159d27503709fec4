"""A migration killed after each of its operations: `python -m tests.faults.migration`, in `make faults`.

A desk with published articles is migrated back to an older state of its tables. From there, each time anew, the desk's
`migrate` is killed by SIGKILL after its n-th step (an operation, or the commit of a migration) and started again. What
must hold: it goes to the end, and every table, index, trigger and row is as after one that nobody killed.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

from tests.faults import desk

OLD = {"articles": "0016", "sources": "0002"}  # further back there is nothing to go back to: rows would be lost
SCHEMA = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2",
    "postgresql": """
        SELECT 'column', table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default)
            FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
            WHERE NOT tgisinternal
        UNION ALL SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
        ORDER BY 1, 2, 3""",
}


def state() -> dict[str, Any]:
    """Everything that the database holds but when its migrations were applied."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(SCHEMA[connection.vendor])
        found: dict[str, Any] = {"schema": cursor.fetchall()}
        for table in connection.introspection.table_names(cursor):
            columns = "app, name" if table == "django_migrations" else "*"
            cursor.execute(f'SELECT {columns} FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
    connection.close()
    return found


class Old:
    """The desk as it was, to begin from again and again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.on_sqlite = url.startswith("sqlite")
        self._copied("", "_old")

    def again(self) -> None:
        self._copied("_old", "")

    def _copied(self, of: str, to: str) -> None:
        from django.db import connection

        connection.close()
        path = urlsplit(self.url).path
        if self.on_sqlite:
            for left in desk.FOLDER.glob(f"migration.sqlite3{to}*" if to else "migration.sqlite3-*"):
                left.unlink()
            shutil.copy(f"{path[1:]}{of}", f"{path[1:]}{to}")
            return
        import psycopg

        name = path.strip("/")
        with psycopg.connect(desk.beside(self.url), autocommit=True) as other:
            other.execute(f'DROP DATABASE IF EXISTS "{name}{to}" WITH (FORCE)')
            other.execute(f'CREATE DATABASE "{name}{to}" TEMPLATE "{name}{of}"')


def migrated(last: int) -> int | None:
    """The steps that it took; None where it was killed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.migrating", str(last)], cwd=desk.ROOT, capture_output=True, text=True
    )
    if done.returncode == -signal.SIGKILL:
        return None
    if done.returncode:
        raise SystemExit(f"migrate failed:\n{done.stderr[-3000:]}")
    return int(re.findall(r"^steps: (\d+)$", done.stdout, re.MULTILINE)[0])


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [f"{name} is another" for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]


def main(rounds: int) -> int:
    from django.core.management import call_command
    from django.db import connection

    from tests import factories

    people, held = desk.people(), desk.Held()
    for marker in ("One", "Two"):
        article = factories.article(people.an, marker)
        factories.cite(article, people.an)
        factories.published(article, desk=people)
    for app, name in OLD.items():
        call_command("migrate", app, name, verbosity=0)
    old = Old(os.environ["DATABASE_URL"])
    steps = migrated(0) or 0
    unharmed = state()
    every = range(1, steps + 1)
    plan = every if rounds >= steps else [1 + step * (steps - 1) // max(1, rounds - 1) for step in range(rounds)]
    for last in plan:
        old.again()
        harmed = migrated(last) is None
        again = migrated(0)
        faults = [] if harmed else ["it was not killed"]
        faults += [*differences(unharmed, state()), *desk.damage()]
        held.none(faults, f"killed after step {last} of {steps}; then {again} steps more")
    desk.say(f"{len(plan)} of {steps} steps on {connection.vendor}: {held.broken or 'nothing'} broken")
    return held.code


if __name__ == "__main__":
    asked = desk.ask(__doc__, rounds=1000)
    desk.begin("migration")
    sys.exit(main(asked.rounds))
