"""A desk from a backup. First all of it is read and found whole; then come the pictures; then the rows, in one
transaction that ends only if what the database holds has every digest of the manifest and the record holds.
"""

from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, Error, connections

from articles import ledger, purging, searching
from newsroom.backup import Unfit, folder, tables
from newsroom.backup.folder import Manifest
from newsroom.backup.making import Told, migrations
from sources import frozen

HERE = DEFAULT_DB_ALIAS


def restore(backup: Path, told: Told, wanted: str = "") -> Manifest:
    """Fill the empty desk of this database and storage. Raises Unfit, and has changed no row then."""
    kept = tables.kept()
    manifest = folder.verified(backup, wanted)
    told("The backup is whole.")
    _must_fit(manifest, kept)
    _must_be_empty(kept)
    _pictures(backup, told)
    try:
        with frozen.lifted(connections[HERE]):
            _must_be_empty(kept)
            _rows(backup, manifest, kept, told)
    except (Error, KeyError, TypeError, ValueError) as error:
        raise Unfit(f"The rows do not fit this database; nothing was changed: {error}") from error
    ContentType.objects.clear_cache()
    if lacking := frozen.missing(connections[HERE]):
        raise Unfit(f"The rows are there, but the database lacks {', '.join(lacking)}. Run migrate.")
    return manifest


def _must_fit(manifest: Manifest, kept: list[tables.Table]) -> None:
    if lacking := frozen.missing(connections[HERE]):
        raise Unfit(f"The database lacks {', '.join(lacking)}. Run migrate first.")
    here = {*migrations(HERE)}
    if others := sorted(here ^ {*manifest.migrations}):
        raise Unfit(f"The backup is of another release, by {others[0]}. Restore it with that release, then migrate.")
    columns = {each.name: each.columns for each in kept}
    if columns != manifest.columns or columns.keys() != manifest.tables.keys():
        raise Unfit("The backup has other tables or columns. Restore it with the release and the languages it is of.")


def _must_be_empty(kept: list[tables.Table]) -> None:
    for table in kept:
        if not table.filled and table.rows(HERE).exists():
            raise Unfit(f"This desk is not empty: {table.name} has rows. Restore into a new database.")


def _pictures(backup: Path, told: Told) -> None:
    """One that is there already was brought by a run that was stopped, or is another desk's."""
    for each in folder.media_of(backup):
        if each.sha256 is None:
            told(f"{each.name} was lost when the backup was made")
        elif default_storage.exists(each.name):
            with default_storage.open(each.name) as there:
                if folder.digest(there.chunks(folder.PIECE)) != each.sha256:
                    raise Unfit(f"The storage has another {each.name}. Restore into an empty storage.")
        else:
            with folder.media_at(backup, each.name).open("rb") as opened:
                if default_storage.save(each.name, File(opened)) != each.name:
                    raise Unfit(f"Somebody else writes {each.name} into the storage at this moment.")


def _rows(backup: Path, manifest: Manifest, kept: list[tables.Table], told: Told) -> None:
    """To be called in a transaction, without the triggers: what they refuse was refused when the rows were made."""
    connection = connections[HERE]
    with connection.cursor() as cursor:
        for table in kept:
            if table.filled:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # noqa: S608 - our own name
    for table in kept:
        table.insert(folder.lines_of(folder.rows_at(backup, table.name)), HERE)
        if folder.part_of(table.lines(HERE)) != manifest.tables[table.name]:
            raise Unfit(f"{table.name} would not be what was backed up; nothing was changed.")
        told(f"{table.name}: {manifest.tables[table.name].count} rows")
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [table.model for table in kept]):
            cursor.execute(sql)
    for _progress in searching.rebuild():
        pass
    purging.forget()
    for fault in ledger.faults():
        raise Unfit(f"The record in the backup does not hold; nothing was changed: {fault.what} {fault.row}")
    connection.check_constraints()
