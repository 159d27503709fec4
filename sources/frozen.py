"""Append-only tables, refused at the object, at the queryset and by triggers in the database; and guards.

Here live the base of every append-only model, the triggers behind it, the guards that other tables ask for,
the operations by which a migration installs both, and the check that misses them. What a row means lives with
its model. A migration that touches such a table, or one that a guard reads, is wrapped:

    operations = [Thaw("Version", guards=["live_approval"]), …, Freeze("Version", guards=["live_approval"])]

Traps:
- On SQLite most alterations rebuild the table, which drops its triggers without a word: hence `Freeze`, last.
  They fail outright while a guard of another table reads this one; PostgreSQL refuses those that fill rows
  (null to not null): hence `Thaw`, first. The pair can be reversed. A first migration needs only `Freeze`.
- A guard is installed as the code has it today. When its text changes, its name moves to the new migration:
  on a fresh database the old one could name columns that are not there yet.
- INSERT OR REPLACE deletes without DELETE: SQLite looks up every plain unique key before each INSERT; there a
  taken key is "append-only and holds this key already": an IntegrityError, as on PostgreSQL. A unique
  constraint with a condition is left to `recursive_triggers=ON`, which the check demands.
- Django deletes cascades and rows of a many-to-many past any queryset: PROTECT, and no many-to-many.
- DROP TABLE, DISABLE TRIGGER and the like stay with whoever owns the database; `verify_ledger` is for them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn, Protocol, TypeVar

from django.apps import apps
from django.core import checks
from django.db import NotSupportedError, connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper as Connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor as Editor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState as State

M = TypeVar("M", bound=models.Model, covariant=True)


class FrozenError(Exception):
    """An append-only row was to be changed or deleted. The database's own refusal is an IntegrityError."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(f"{model._meta.db_table} is append-only")


class FrozenQuerySet(models.QuerySet[M]):
    """Rows can be read and added. The asynchronous twins and related managers come through here too."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FrozenError(self.model)

    update = delete = bulk_update = update_or_create = _raw_delete = _refuse

    def bulk_create(self, objs: Iterable[M], batch_size: int | None = None, *args: Any, **kwargs: Any) -> list[M]:
        if any(args) or any(kwargs.values()):  # whatever else it takes tells it to ignore or update
            self._refuse()
        return super().bulk_create(objs, batch_size)


class FrozenModel(models.Model):
    """Saved once. A model with a queryset of its own derives that from FrozenQuerySet, as its `objects`."""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = default_manager_name = "objects"

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise FrozenError(type(self))
        super().save(**options | {"force_insert": True})  # never an UPDATE, even where the key is taken

    def delete(self, using: str | None = None, keep_parents: bool = False) -> NoReturn:
        raise FrozenError(type(self))


# --- the triggers ------------------------------------------------------------------------------------


class Trigger(NamedTuple):
    """`source` is what the database keeps of it, word for word: so one that was altered is told from ours."""

    table: str
    name: str
    source: str
    drop: str
    create: tuple[str, ...]


def _sqlite(table: str, name: str, event: str, says: str, when: str = "TRUE") -> Trigger:
    refusal = f"SELECT RAISE(ABORT, {_text(says)})"
    source = f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {when} BEGIN {refusal}; END'
    return Trigger(table, name, source, f'DROP TRIGGER IF EXISTS "{name}"', (source,))


def _postgresql(table: str, name: str, event: str, each: str, says: str, when: str = "TRUE") -> Trigger:
    """Each trigger has its own function, of the same name: dropped with it, compared with it."""
    refusal = f"RAISE EXCEPTION USING MESSAGE = {_text(says)}, ERRCODE = 'integrity_constraint_violation'"
    source = f"BEGIN IF {when} THEN {refusal}; END IF; RETURN NEW; END"
    create = (
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $${source}$$',
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {each} EXECUTE FUNCTION "{name}"()',
    )
    return Trigger(table, name, source, f'DROP FUNCTION IF EXISTS "{name}"() CASCADE', create)


def _text(says: str) -> str:
    return "'" + says.replace("'", "''") + "'"


def triggers(table: str, keys: Iterable[Sequence[str]], vendor: str) -> list[Trigger]:
    """What makes `table` append-only; `keys` are the columns of each of its unique keys."""
    name, says = f"{table}_frozen", f"{table} is append-only"
    if vendor == "postgresql":
        return [
            _postgresql(table, f"{name}_row", "UPDATE OR DELETE", "ROW", says),
            _postgresql(table, f"{name}_truncate", "TRUNCATE", "STATEMENT", says),
        ]
    if vendor == "sqlite":
        # NULL equals nothing, as in the index. REPLACE can also name a row by its number, whatever the key.
        same = [" AND ".join(f'kept."{column}" = NEW."{column}"' for column in key) for key in keys]
        wheres = ["kept.rowid = NEW.rowid", *same]
        taken = " OR ".join(f'EXISTS (SELECT 1 FROM "{table}" kept WHERE {where})' for where in wheres)  # noqa: S608
        return [
            _sqlite(table, f"{name}_insert", "INSERT", f"{says} and holds this key already", taken),
            _sqlite(table, f"{name}_update", "UPDATE", says),
            _sqlite(table, f"{name}_delete", "DELETE", says),
        ]
    raise NotSupportedError(f"Append-only tables need SQLite or PostgreSQL, not {vendor}.")


class Installed(Protocol):
    """What is declared under a name and stands in the database as triggers: a `Guard`, or what an app adds."""

    def triggers(self, vendor: str) -> list[Trigger]: ...


GUARDS: dict[str, Installed] = {}


@dataclass(frozen=True)
class Guard:
    """What must be true of each row written to `table`, in SQL over NEW; NULL is not true.

    One text for both engines, or one for each: {"sqlite": …, "postgresql": …}. To declare it registers it.
    SQLite knows no NEW.id before an INSERT; under trusted_schema=OFF no JSON function either, but json_tree.
    """

    name: str
    table: str
    says: str
    holds: str | Mapping[str, str]

    def __post_init__(self) -> None:
        GUARDS[self.name] = self

    def triggers(self, vendor: str) -> list[Trigger]:
        unless = f"({self.holds if isinstance(self.holds, str) else self.holds[vendor]}) IS NOT TRUE"
        if vendor == "postgresql":
            return [_postgresql(self.table, self.name, "INSERT OR UPDATE", "ROW", self.says, unless)]
        events = ("INSERT", "UPDATE")
        return [_sqlite(self.table, f"{self.name}_{e.lower()}", e, self.says, unless) for e in events]


def unique_keys(model: type[models.Model]) -> list[tuple[str, ...]]:
    """The columns of the primary key and of every unique key without a condition."""
    opts = model._meta
    fields = opts.local_concrete_fields
    column = {name: str(field.column) for field in fields for name in (field.name, field.attname)}
    keys: list[Iterable[str]] = [[field.name] for field in fields if field.unique]
    keys += [*opts.unique_together, *(constraint.fields for constraint in opts.total_unique_constraints)]
    return sorted({tuple(column[name] for name in key) for key in keys})


class Freeze(Operation):
    """Install the triggers of these append-only models and of these guards: the last word of a migration."""

    category = OperationCategory.SQL
    elidable = True  # squashing leaves it out: end what is left with one Freeze, which the check asks for

    def __init__(self, *models: str, guards: Sequence[str] = ()) -> None:
        self.models, self.guards = models, guards

    def state_forwards(self, app_label: str, state: State) -> None:
        """Triggers are no part of a model's state."""

    def database_forwards(self, app_label: str, schema_editor: Editor, from_state: State, to_state: State) -> None:
        made = [*self._triggers(app_label, schema_editor.connection, to_state)]
        for sql in (sql for trigger in made for sql in (trigger.drop, *trigger.create)):
            schema_editor.execute(sql, params=None)
        for sql in lined_up(schema_editor.connection, {trigger.table for trigger in made}):
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Editor, from_state: State, to_state: State) -> None:
        for trigger in self._triggers(app_label, schema_editor.connection, from_state):
            schema_editor.execute(trigger.drop, params=None)

    def describe(self) -> str:
        return f"{type(self).__name__} {', '.join((*self.models, *self.guards))}"

    def _triggers(self, app_label: str, connection: Connection, state: State) -> Iterator[Trigger]:
        for model in (state.apps.get_model(app_label, name) for name in self.models):
            if self.allow_migrate_model(connection.alias, model):
                yield from triggers(model._meta.db_table, unique_keys(model), connection.vendor)
        if router.allow_migrate(connection.alias, app_label):
            for name in self.guards:
                yield from GUARDS[name].triggers(connection.vendor)


class Thaw(Freeze):
    """Drop them: the first word of a migration that alters these tables, or tables that these guards read."""

    database_forwards, database_backwards = Freeze.database_backwards, Freeze.database_forwards


# --- are they there? ---------------------------------------------------------------------------------

CATALOGUE = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """SELECT relname, tgname, prosrc FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)""",
}


def _turn(trigger: tuple[Any, ...]) -> tuple[bool, str]:
    """A guard says more than that the table is append-only, so each guard speaks first."""
    table, name, *_ = trigger
    return name.startswith(f"{table}_frozen"), name


def lined_up(connection: Connection, tables: Iterable[str]) -> list[str]:
    """What lets the triggers of these tables speak in turn: SQLite asks the last made first, PostgreSQL by name."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE["sqlite"])
        found = [row for row in cursor.fetchall() if row[0] in tables]
    found.sort(key=_turn, reverse=True)
    return [sql for _table, name, source in found for sql in (f'DROP TRIGGER "{name}"', source)]


def frozen_models() -> list[type[FrozenModel]]:
    return [model for model in apps.get_models() if issubclass(model, FrozenModel) and not model._meta.proxy]


def expected(connection: Connection) -> list[Trigger]:
    """Every trigger that the tables of this database should carry; a table not made yet needs none."""
    wanted = [trigger for guard in GUARDS.values() for trigger in guard.triggers(connection.vendor)]
    for model in frozen_models():
        if router.allow_migrate_model(connection.alias, model):
            wanted += triggers(model._meta.db_table, unique_keys(model), connection.vendor)
    tables = set(connection.introspection.table_names())
    return [trigger for trigger in wanted if trigger.table in tables]


def standing(connection: Connection) -> list[Trigger]:
    """Those of them that are there, switched on, and as the code has them."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE[connection.vendor])
        found = set(cursor.fetchall())
    return [trigger for trigger in expected(connection) if trigger[:3] in found]


def missing(connection: Connection) -> list[str]:
    """The names of the others, and of the setting without which REPLACE slips past them. For /readyz too."""
    stands = standing(connection)
    names = [f"trigger {trigger.name}" for trigger in expected(connection) if trigger not in stands]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            if not cursor.execute("PRAGMA recursive_triggers").fetchone()[0]:
                names.append("PRAGMA recursive_triggers=ON")
    return names


def mend(connection: Connection) -> None:
    """Make what is missing, once no migration waits."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    stands = standing(connection)
    lost = [trigger for trigger in expected(connection) if trigger not in stands]
    with connection.cursor() as cursor:
        for sql in (sql for trigger in lost for sql in (trigger.drop, *trigger.create)):
            cursor.execute(sql)
        for sql in lined_up(connection, {trigger.table for trigger in lost}):
            cursor.execute(sql)


@checks.register(checks.Tags.database)
def check_triggers(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for connection in (connections[alias] for alias in databases or ()):
        if names := missing(connection):
            # `migrate` asks before it starts: a trigger may be among what waits, and an error would stop its cure.
            executor = MigrationExecutor(connection)
            waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
            for name in names:
                kind = checks.Warning if waiting and name.startswith("trigger") else checks.Error
                found.append(kind(f"The database lacks {name}.", hint="See sources/frozen.py.", id="sources.E001"))
    return found


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """For tests, and for a whole desk that is restored: without the triggers that stand now, which are put back, also
    after an error.
    """
    stands = standing(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for trigger in stands:
            cursor.execute(trigger.drop)
        yield
        for sql in (sql for trigger in sorted(stands, key=_turn, reverse=True) for sql in trigger.create):
            cursor.execute(sql)
