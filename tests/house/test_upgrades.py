"""A migration runs while the release before still serves: what that reads and writes is there, before and after.

Held of the last two migrations of each app. Columns are asked of the migrated database; whatever else could refuse what
older code writes, or lose what it reads, was looked at, or fails.
"""

from collections.abc import Iterator

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from sources.frozen import Freeze, Thaw

APPS = ("articles", "sources")
LAST = 2
HARMLESS = (migrations.CreateModel, migrations.AddIndex, migrations.AlterModelOptions)  # nothing to older code
REVIEWED = {
    "sources.0004_kept_slugs": {
        "Alter field slug on source": "the form alone may leave it empty: nothing changes in the database",
        "Raw Python operation": "fills the new table; what older code saves meanwhile has its address by the next save",
    },
}

# Of a table, each with whether whoever adds a row has to say it. Django's own way trips over a comma in a constraint.
COLUMNS = {
    "sqlite": 'SELECT name, "notnull" AND dflt_value IS NULL FROM pragma_table_info(%s)',
    "postgresql": """SELECT column_name, is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
        FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s""",
}


def loader() -> MigrationLoader:
    return MigrationLoader(None)


def named(app: str) -> list[str]:
    return sorted(name for label, name in loader().disk_migrations if label == app)


def harmless(operation: Operation) -> bool:
    if isinstance(operation, migrations.AddField):
        return operation.field.null or operation.field.has_db_default()
    if isinstance(operation, Freeze) and not isinstance(operation, Thaw):
        return not operation.guards  # append-only tables were that before; a guard may ask for more
    return isinstance(operation, (*HARMLESS, Thaw))


def test_whatever_could_stop_older_code_was_looked_at() -> None:
    found = {
        f"{app}.{name}": {
            each.describe() for each in loader().get_migration(app, name).operations if not harmless(each)
        }
        for app in APPS
        for name in named(app)[-LAST:]
    }
    assert {name: said for name, said in found.items() if said} == {name: {*why} for name, why in REVIEWED.items()}


@pytest.mark.parametrize(
    ("operation", "let_be"),
    [
        (migrations.AddField("source", "x", models.TextField(null=True)), True),
        (migrations.AddField("source", "x", models.TextField(db_default="")), True),
        (Freeze("Source"), True),
        (Thaw("Source", guards=["a"]), True),
        (Freeze("Source", guards=["a"]), False),
        (migrations.AddField("source", "x", models.TextField(default="")), False),
        (migrations.RemoveField("source", "slug"), False),
        (migrations.RenameField("source", "slug", "address"), False),
        (migrations.AlterField("source", "slug", models.TextField()), False),
        (migrations.DeleteModel("source"), False),
        (migrations.RunSQL("SELECT 1"), False),
        (migrations.AddConstraint("source", models.UniqueConstraint(fields=["slug"], name="x")), False),
    ],
    ids=lambda value: value.describe() if isinstance(value, Operation) else "",
)
def test_what_could_is_seen(operation: Operation, let_be: bool) -> None:
    assert harmless(operation) is let_be


def older() -> Iterator[type[models.Model]]:
    """The models as they were two migrations ago."""
    graph = loader()
    then = [(app, names[-LAST - 1]) for app in APPS if len(names := named(app)) > LAST]
    others = [key for key in graph.graph.leaf_nodes() if key[0] not in APPS]
    for model in graph.project_state([*then, *others]).apps.get_models(include_auto_created=True):
        if model._meta.app_label in APPS and model._meta.managed:
            yield model


def lacking() -> list[str]:
    """What older code reads and is not there; what is there and older code does not write, though it must."""
    found = []
    with connection.cursor() as cursor:
        for model in older():
            table = model._meta.db_table
            cursor.execute(COLUMNS[connection.vendor], [table])
            there = dict(cursor.fetchall())
            known = {field.column for field in model._meta.local_concrete_fields}
            found += [f"{table}.{name} is gone" for name in sorted(known - there.keys())]
            found += [f"{table}.{name} has to be written" for name, must in there.items() if must and name not in known]
    return found


@pytest.mark.django_db
def test_older_code_finds_every_column_and_need_write_no_other() -> None:
    assert len({model._meta.db_table for model in older()}) > 30
    assert lacking() == []


@pytest.mark.django_db
def test_a_column_that_was_renamed_is_missed_twice() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_remark RENAME COLUMN text TO words")
    assert lacking() == ["articles_remark.text is gone", "articles_remark.words has to be written"]
