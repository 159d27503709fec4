"""The frozen refuse: every append-only table of the fully migrated schema is attacked from each side.

`frozen_row(model)`, a fixture of conftest, builds one row of a model. New append-only models join by themselves.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core import serializers
from django.core.checks import ERROR, WARNING, Tags, run_checks
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import IntegrityError, OperationalError, connection, migrations, models, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from sources import frozen
from sources.frozen import Freeze, FrozenError, FrozenModel, FrozenQuerySet, Guard, Thaw

Model = type[FrozenModel]
Row = Callable[[Model], FrozenModel]
Key = tuple[str, ...]
Attack = Callable[[], object]

MODELS = [pytest.param(model, id=model._meta.label) for model in frozen.frozen_models()]
KEYS = [
    pytest.param(model, key, id=f"{model._meta.label}-{'+'.join(key)}")
    for model in frozen.frozen_models()
    for key in frozen.unique_keys(model)
]
each_model = pytest.mark.parametrize("model", MODELS)
each_key = pytest.mark.parametrize(("model", "key"), KEYS)
sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite")
postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="a statement of PostgreSQL")
pytestmark = pytest.mark.django_db


def sql(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def names(columns: list[str] | Key) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def columns(model: Model) -> list[str]:
    return [str(field.column) for field in model._meta.local_concrete_fields if not field.generated]


def rows(table: str) -> list[tuple[Any, ...]]:
    return sorted(sql(f'SELECT * FROM "{table}"'), key=repr)


@contextmanager
def refused(table: str, by: type[Exception] = IntegrityError) -> Iterator[None]:
    """The block is refused as append-only, and every row of the table is as it was."""
    before = rows(table)
    assert before
    with pytest.raises(by, match=f"^{table} is append-only"), transaction.atomic():
        yield
    assert rows(table) == before


@contextmanager
def recursive_triggers(switch: str) -> Iterator[None]:
    sql(f"PRAGMA recursive_triggers={switch}")
    try:
        yield
    finally:
        sql("PRAGMA recursive_triggers=ON")


@pytest.fixture
def row_of(frozen_row: Row) -> Row:
    """One row, and then no guard that might refuse first: it is the append-only triggers that are tried here."""

    def made(model: Model) -> FrozenModel:
        row = frozen_row(model)
        for guard in frozen.GUARDS.values():
            for trigger in guard.triggers(connection.vendor):
                sql(trigger.drop)
        return row

    return made


# --- the object and the queryset ---------------------------------------------------------------------


def test_there_are_append_only_models() -> None:
    assert MODELS


@each_model
def test_object_refuses(model: Model, row_of: Row) -> None:
    row = row_of(model)
    attacks: list[Attack] = [
        row.save,
        row.delete,
        lambda: row.save(force_update=True),
        lambda: row.save(update_fields=[columns(model)[-1]]),
        lambda: model.objects.get(pk=row.pk).save(),
    ]
    for attack in attacks:
        with refused(model._meta.db_table, FrozenError):
            attack()


@each_model
def test_object_past_its_own_save_meets_the_database(model: Model, row_of: Row) -> None:
    row = model.objects.get(pk=row_of(model).pk)
    [copy] = serializers.deserialize("json", serializers.serialize("json", [row]))
    attacks: list[Attack] = [lambda: row.save_base(raw=True), copy.save]
    for attack in attacks:
        with refused(model._meta.db_table):
            attack()


@each_model
def test_object_said_to_be_new_never_updates(model: Model, row_of: Row) -> None:
    row = row_of(model)
    before = rows(model._meta.db_table)
    row._state.adding = True
    with pytest.raises(IntegrityError, match="already"), transaction.atomic():
        row.save()
    assert rows(model._meta.db_table) == before


@each_model
def test_queryset_refuses(model: Model, row_of: Row) -> None:
    row = row_of(model)
    field = next(field for field in model._meta.local_concrete_fields if not field.primary_key)
    change = {field.attname: getattr(row, field.attname)}
    upsert = {"update_conflicts": True, "update_fields": [field.name], "unique_fields": ["pk"]}
    everything: Any = model.objects.all()
    attacks: list[Attack] = [
        lambda: everything.update(**change),
        lambda: everything.filter(pk=row.pk).update(**change),
        lambda: model.objects.update(**change),
        everything.delete,
        lambda: everything._raw_delete("default"),
        lambda: everything.bulk_update([row], [field.name]),
        lambda: everything.bulk_update([], [field.name]),
        lambda: everything.update_or_create(pk=row.pk, defaults=change),
        lambda: everything.update_or_create(pk=None, defaults=change),
        lambda: everything.bulk_create([row], ignore_conflicts=True),
        lambda: everything.bulk_create([row], None, True),
        lambda: everything.bulk_create([row], **upsert),
    ]
    for attack in attacks:
        with refused(model._meta.db_table, FrozenError):
            attack()


@each_model
def test_every_manager_refuses(model: Model) -> None:
    managers = [*model._meta.managers, model._base_manager, model._default_manager]
    assert [manager.name for manager in managers if not isinstance(manager.all(), FrozenQuerySet)] == []


@each_model
def test_nothing_cascades_into_it(model: Model) -> None:
    """Django empties and deletes what a cascade reaches past any queryset."""
    related = [field for field in model._meta.local_fields if field.remote_field]
    protected = [field for field in related if getattr(field.remote_field, "on_delete", None) is models.PROTECT]
    assert related == protected
    assert model._meta.local_many_to_many == []


# --- the database ------------------------------------------------------------------------------------


@each_model
def test_update_and_delete_are_refused(model: Model, row_of: Row) -> None:
    row_of(model)
    table = model._meta.db_table
    for column in columns(model):
        with refused(table):
            sql(f'UPDATE "{table}" SET "{column}" = "{column}"')
    with refused(table):
        sql(f'DELETE FROM "{table}"')


@sqlite
@each_model
def test_update_or_is_refused(model: Model, row_of: Row) -> None:
    row_of(model)
    table, column = model._meta.db_table, columns(model)[-1]
    for otherwise in ("REPLACE", "IGNORE", "FAIL", "ABORT"):
        with refused(table):
            sql(f'UPDATE OR {otherwise} "{table}" SET "{column}" = "{column}"')


@postgresql
@each_model
def test_truncate_is_refused(model: Model, row_of: Row) -> None:
    row_of(model)
    connection.check_constraints()  # what the new rows have yet to prove would stop TRUNCATE by itself
    with refused(model._meta.db_table):
        sql(f'TRUNCATE "{model._meta.db_table}" CASCADE')


def clashes(model: Model, key: Key) -> bool:
    """NULL clashes with nothing."""
    return any(None not in held for held in sql(f'SELECT {names(key)} FROM "{model._meta.db_table}"'))


def clashing_on(model: Model, key: Key) -> str:
    """Copies of all rows that differ from their originals in every unique key but this one."""
    other = {column for unique in frozen.unique_keys(model) for column in unique} - set(key)
    values = [
        f"""CASE typeof("{c}") WHEN 'integer' THEN "{c}" + 7919 ELSE "{c}" || 'x' END""" if c in other else f'"{c}"'
        for c in columns(model)
    ]
    return f'SELECT {", ".join(values)} FROM "{model._meta.db_table}" WHERE TRUE'


@sqlite
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@each_key
def test_replace_is_refused(model: Model, key: Key, recursive: str, row_of: Row) -> None:
    row_of(model)
    if not clashes(model, key):
        pytest.skip("this row has NULL in the key")
    into = f'INTO "{model._meta.db_table}" ({names(columns(model))}) {clashing_on(model, key)}'
    for otherwise in ("REPLACE", "IGNORE"):
        with refused(model._meta.db_table), recursive_triggers(recursive):
            sql(f"INSERT OR {otherwise} {into}")


@each_key
def test_upsert_is_refused(model: Model, key: Key, row_of: Row) -> None:
    row_of(model)
    if not clashes(model, key):
        pytest.skip("this row has NULL in the key")
    table, every = model._meta.db_table, names(columns(model))
    known = " AND ".join(f'"{column}" IS NOT NULL' for column in key)
    with refused(table):
        sql(
            f'INSERT INTO "{table}" ({every}) SELECT {every} FROM "{table}" WHERE {known} '
            f'ON CONFLICT ({names(key)}) DO UPDATE SET "{key[0]}" = EXCLUDED."{key[0]}"'
        )


# --- the triggers, on a table of our own -------------------------------------------------------------


def install(*triggers: frozen.Trigger) -> None:
    for trigger in triggers:
        for statement in (trigger.drop, *trigger.create):
            sql(statement)


@pytest.fixture
def note() -> str:
    """A table with one row, nothing guarding it yet."""
    sql("CREATE TABLE note (id integer PRIMARY KEY, code varchar(9) UNIQUE, a integer, b integer, UNIQUE (a, b))")
    sql("INSERT INTO note VALUES (1, 'one', 1, NULL)")
    return "note"


NOTE_KEYS = [("id",), ("code",), ("a", "b")]


@sqlite
def test_without_the_insert_trigger_replace_slips_past(note: str) -> None:
    install(*(trigger for trigger in frozen.triggers(note, NOTE_KEYS, "sqlite") if "insert" not in trigger.name))
    with recursive_triggers("OFF"):
        sql("INSERT OR REPLACE INTO note VALUES (2, 'one', 2, 2)")
    assert rows(note) == [(2, "one", 2, 2)]
    with refused(note):
        sql("INSERT OR REPLACE INTO note VALUES (3, 'one', 3, 3)")


def test_null_clashes_with_nothing(note: str) -> None:
    install(*frozen.triggers(note, NOTE_KEYS, connection.vendor))
    sql("INSERT INTO note VALUES (2, NULL, 1, NULL)")
    sql("INSERT INTO note VALUES (3, NULL, NULL, NULL)")
    assert len(rows(note)) == 3


@sqlite
@pytest.mark.parametrize("alias", ["rowid", "oid", "_rowid_"])
def test_replace_by_row_number_is_refused(alias: str) -> None:
    sql("CREATE TABLE note (id char(32) PRIMARY KEY)")
    sql("INSERT INTO note VALUES ('one')")
    install(*frozen.triggers("note", [("id",)], "sqlite"))
    with refused("note"), recursive_triggers("OFF"):
        sql(f"INSERT OR REPLACE INTO note ({alias}, id) VALUES (1, 'two')")


def test_a_taken_key_is_an_integrity_error(note: str) -> None:
    install(*frozen.triggers(note, NOTE_KEYS, connection.vendor))
    with pytest.raises(IntegrityError), transaction.atomic():
        sql("INSERT INTO note VALUES (2, 'one', 2, 2)")


def test_installing_twice_is_installing_once(note: str) -> None:
    triggers = frozen.triggers(note, NOTE_KEYS, connection.vendor)
    install(*triggers, *triggers)
    with refused(note):
        sql("UPDATE note SET a = 2")


# --- guards ------------------------------------------------------------------------------------------


@pytest.fixture
def guards(monkeypatch: pytest.MonkeyPatch) -> dict[str, Guard]:
    registry: dict[str, Guard] = {}
    monkeypatch.setattr(frozen, "GUARDS", registry)
    return registry


def test_guard_lets_through_only_what_holds(note: str, guards: dict[str, Guard]) -> None:
    guard = Guard("b_follows_a", note, "A note's b follows its a", "NEW.b = NEW.a + 1")
    assert guards == {"b_follows_a": guard}
    install(*guard.triggers(connection.vendor))
    sql("INSERT INTO note VALUES (2, 'two', 1, 2)")
    for statement in (
        "INSERT INTO note VALUES (3, 'three', 1, 1)",
        "INSERT INTO note VALUES (3, 'three', 1, NULL)",
        "UPDATE note SET b = 3 WHERE id = 2",
        "INSERT INTO note VALUES (2, 'two', 5, 6) ON CONFLICT (id) DO UPDATE SET b = 9",
    ):
        with pytest.raises(IntegrityError, match=r"^A note's b follows its a"), transaction.atomic():
            sql(statement)
    sql("UPDATE note SET a = 2, b = 3 WHERE id = 2")


def test_guard_is_missed(note: str, guards: dict[str, Guard]) -> None:
    holds = {"sqlite": "NEW.code IS NOT ''", "postgresql": "NEW.code IS DISTINCT FROM ''"}
    guard = Guard("code_not_empty", note, "A code is not empty", holds)
    Guard("later", "a_table_not_made_yet", "", "TRUE")
    wanted = [f"trigger {trigger.name}" for trigger in guard.triggers(connection.vendor)]
    assert frozen.missing(connection) == wanted
    install(*guard.triggers(connection.vendor))
    assert frozen.missing(connection) == []


# --- the check ---------------------------------------------------------------------------------------


def said(level: int = ERROR) -> str:
    found = run_checks(tags=[Tags.database], databases=["default"])
    return "\n".join(error.msg for error in found if error.id == "sources.E001" and error.level == level)


def test_nothing_is_missing() -> None:
    assert frozen.missing(connection) == []
    assert said() == ""


def test_each_trigger_is_missed() -> None:
    expected = frozen.expected(connection)
    assert {model._meta.db_table for model in frozen.frozen_models()} <= {trigger.table for trigger in expected}
    for trigger in expected:
        sql(trigger.drop)
        assert said() == f"The database lacks trigger {trigger.name}."
        install(trigger)
    assert said() == ""


def test_a_missing_trigger_fails_the_command() -> None:
    trigger = frozen.expected(connection)[0]
    sql(trigger.drop)
    with pytest.raises(SystemCheckError, match=trigger.name):
        call_command("check", databases=["default"])


def test_a_missing_trigger_is_a_warning_while_a_migration_waits() -> None:
    """`migrate` runs the checks before it starts, and may be the cure."""
    trigger = frozen.expected(connection)[0]
    sql(trigger.drop)
    sql("DELETE FROM django_migrations WHERE app = 'sources'")
    assert said() == ""
    assert trigger.name in said(WARNING)


def test_an_altered_trigger_is_missed() -> None:
    trigger = frozen.expected(connection)[-1]
    altered = [statement.replace("append-only", "as you like it") for statement in trigger.create]
    for statement in (trigger.drop, *altered):
        sql(statement)
    assert frozen.missing(connection) == [f"trigger {trigger.name}"]


@postgresql
def test_a_disabled_trigger_is_missed() -> None:
    trigger = frozen.expected(connection)[0]
    sql(f'ALTER TABLE "{trigger.table}" DISABLE TRIGGER "{trigger.name}"')
    assert frozen.missing(connection) == [f"trigger {trigger.name}"]


@sqlite
def test_the_switch_is_missed() -> None:
    with recursive_triggers("OFF"):
        assert said() == "The database lacks PRAGMA recursive_triggers=ON."


# --- lifted ------------------------------------------------------------------------------------------


@each_model
def test_lifted_and_put_back(model: Model, frozen_row: Row) -> None:
    frozen_row(model)
    table = model._meta.db_table
    with frozen.lifted(connection):
        for column in columns(model):
            sql(f'UPDATE "{table}" SET "{column}" = "{column}"')
    assert frozen.missing(connection) == []
    with refused(table):
        sql(f'DELETE FROM "{table}"')


def test_an_error_puts_them_back() -> None:
    with pytest.raises(ZeroDivisionError), frozen.lifted(connection):
        raise ZeroDivisionError(frozen.missing(connection)[0])
    assert frozen.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_flush_wants_them_lifted(frozen_row: Row) -> None:
    """As conftest does around the flush that follows each transactional test, this one too."""
    frozen_row(frozen.frozen_models()[-1])
    with pytest.raises(CommandError):
        call_command("flush", verbosity=0, interactive=False)
    with frozen.lifted(connection):
        call_command("flush", verbosity=0, interactive=False)
    assert [model for model in frozen.frozen_models() if model.objects.exists()] == []
    assert frozen.missing(connection) == []


# --- migrations --------------------------------------------------------------------------------------


class Elsewhere:
    """Migrates an app called `elsewhere` that exists nowhere else."""

    def __init__(self) -> None:
        self.state = ProjectState()
        self.done: list[tuple[Operation, ProjectState, ProjectState]] = []

    def migrate(self, *operations: Operation) -> None:
        state, done = self.state, list(self.done)
        with connection.schema_editor() as editor:
            for operation in operations:
                before, state = state, state.clone()
                operation.state_forwards("elsewhere", state)
                operation.database_forwards("elsewhere", editor, before, state)
                done.append((operation, before, state))
        self.state, self.done = state, done

    def undo(self, count: int) -> None:
        with connection.schema_editor() as editor:
            for _ in range(count):
                operation, self.state, after = self.done.pop()
                operation.database_backwards("elsewhere", editor, after, self.state)


def test_unique_keys_are_found_by_their_columns() -> None:
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("code", models.CharField(max_length=9, unique=True, db_column="Code")),
        ("day", models.DateField(null=True)),
        ("other", models.ForeignKey("elsewhere.Note", models.PROTECT)),
        ("first", models.OneToOneField("elsewhere.Note", models.PROTECT, related_name="+")),
    ]
    constraints = [
        models.UniqueConstraint(fields=["day", "other"], name="plain"),
        models.UniqueConstraint(fields=["other_id", "code"], name="by_attname"),
        models.UniqueConstraint(fields=["other"], condition=models.Q(day=None), name="with_a_condition"),
        models.UniqueConstraint(models.F("day").desc(), name="of_an_expression"),
    ]
    options = {"unique_together": {("day", "code")}, "constraints": constraints}
    state = ProjectState()
    migrations.CreateModel("Note", fields, options).state_forwards("elsewhere", state)
    assert frozen.unique_keys(state.apps.get_model("elsewhere", "Note")) == [
        ("Code",),
        ("day", "Code"),
        ("day", "other_id"),
        ("first_id",),
        ("id",),
        ("other_id", "Code"),
    ]


def altered(model: str) -> Operation:
    """SQLite builds a new table for it; PostgreSQL fills the rows that have none."""
    return migrations.AlterField(model, "text", models.CharField(max_length=50, default=""))


def guarded() -> bool:
    try:
        with transaction.atomic():
            sql("UPDATE elsewhere_note SET text = 'rewritten'")
            transaction.set_rollback(True)
    except IntegrityError as error:
        return str(error).startswith("elsewhere_note is append-only")
    return False


@pytest.fixture
def elsewhere(transactional_db: None, guards: dict[str, Guard]) -> Iterator[Elsewhere]:
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("text", models.CharField(max_length=40, null=True)),
    ]
    elsewhere = Elsewhere()
    elsewhere.migrate(migrations.CreateModel("Note", fields), migrations.CreateModel("Reader", fields), Freeze("Note"))
    sql("INSERT INTO elsewhere_note (text) VALUES (NULL)")
    sql("INSERT INTO elsewhere_reader (text) VALUES ('An')")
    yield elsewhere
    elsewhere.undo(len(elsewhere.done))
    assert "elsewhere_note" not in connection.introspection.table_names()


def test_freeze_is_undone_and_done(elsewhere: Elsewhere) -> None:
    assert guarded()
    elsewhere.undo(1)
    assert not guarded()
    elsewhere.migrate(Freeze("Note"), Freeze("Note"))
    assert guarded()


@sqlite
def test_a_rebuilt_table_has_lost_its_triggers_until_freeze(elsewhere: Elsewhere) -> None:
    elsewhere.migrate(altered("Note"))
    assert not guarded()
    elsewhere.migrate(Freeze("Note"))
    assert guarded()


@postgresql
def test_an_alteration_that_fills_rows_wants_a_thaw(elsewhere: Elsewhere) -> None:
    with pytest.raises(IntegrityError, match=r"^elsewhere_note is append-only"):
        elsewhere.migrate(altered("Note"))
    assert guarded()


def test_between_thaw_and_freeze_all_goes_forwards_and_backwards(elsewhere: Elsewhere) -> None:
    elsewhere.migrate(Thaw("Note"), altered("Note"), Freeze("Note"))
    assert guarded()
    elsewhere.undo(3)
    assert guarded()


def test_a_table_that_a_guard_reads_wants_a_thaw(elsewhere: Elsewhere) -> None:
    Guard(
        "readers_first",
        "elsewhere_note",
        "Readers first",
        "EXISTS (SELECT 1 FROM elsewhere_reader WHERE text = NEW.text)",
    )
    elsewhere.migrate(Freeze(guards=["readers_first"]))
    sql("INSERT INTO elsewhere_note (text) VALUES ('An')")
    if connection.vendor == "sqlite":
        with pytest.raises(OperationalError, match="error in trigger readers_first_update"):
            elsewhere.migrate(altered("Reader"))
    elsewhere.migrate(Thaw(guards=["readers_first"]), altered("Reader"), Freeze(guards=["readers_first"]))
    with pytest.raises(IntegrityError, match=r"^Readers first"), transaction.atomic():
        sql("INSERT INTO elsewhere_note (text) VALUES ('Binh')")


def test_guards_speak_by_name_and_before_the_frozen_whenever_each_was_made(elsewhere: Elsewhere) -> None:
    """As PostgreSQL asks them, which has no append-only trigger on INSERT."""

    def first() -> str:
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            sql("INSERT INTO elsewhere_note SELECT * FROM elsewhere_note")
        return str(refused.value).partition("\n")[0]

    for name in ("a_never", "b_never"):
        Guard(name, "elsewhere_note", name, "FALSE")
    elsewhere.migrate(Freeze(guards=["a_never"]), Freeze(guards=["b_never"]))
    assert first() == "a_never"
    elsewhere.migrate(Freeze("Note"))
    assert first() == "a_never"
    elsewhere.migrate(Thaw(guards=["b_never"]))
    elsewhere.undo(1)
    assert first() == "a_never"
    with frozen.lifted(connection):
        pass
    assert first() == "a_never"
