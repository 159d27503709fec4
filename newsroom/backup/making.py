"""A backup made: the rows of one moment, then the pictures that they name. Stopped anywhere, the next run goes on: it
writes the rows anew, of its own moment, and fetches no picture twice.

The desk goes on meanwhile. On PostgreSQL the moment is a transaction's; on SQLite, where a long look would keep
everybody from writing, a copy of the file is made first, and looked at.
"""

import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from articles.models import ReviewStatus
from newsroom import settings
from newsroom.backup import Unfit, folder, tables
from newsroom.backup.folder import Manifest, Part, Stored

Told = Callable[[str], object]
COPY = "copy"
EVERY = 100  # pictures, between two words of it


def make(backups: Path, told: Told) -> Path:
    """A new backup in the folder of backups, read back and found whole. Raises Unfit."""
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(backups):
        part = backups / folder.UNFINISHED
        part.mkdir(mode=0o700, exist_ok=True)  # it has what nobody published, and the hashes of passwords
        kept, moment = tables.kept(), timezone.now()
        with _one_moment(part) as using:
            rows = {each.name: _rows(part, each, using, told) for each in kept}
            last = ReviewStatus.objects.using(using).order_by("-pk").first()
            made_by = migrations(using)
        index = (_line(each) for each in _media(part, kept, told))
        manifest = Manifest(
            made_at=moment.isoformat(),
            engine=connections[DEFAULT_DB_ALIAS].vendor,
            head=last.hash if last else "",
            migrations=made_by,
            settings=sorted(name for name in settings.env.dump() if name in os.environ),
            tables=rows,
            columns={each.name: each.columns for each in kept},
            media=folder.write_lines(part / folder.INDEX, index),
        )
        manifest.write(part)
        folder.verified(part)
        done = backups / moment.strftime(folder.STAMP)
        if done.exists():
            raise Unfit(f"{done} is there already.")
        return part.rename(done)


def migrations(using: str) -> list[str]:
    """All that made the tables what they are."""
    return sorted(".".join(each) for each in MigrationRecorder(connections[using]).applied_migrations())


@contextmanager
def _alone(backups: Path) -> Iterator[None]:
    """The lock is the kernel's: nobody's death leaves it behind."""
    held = os.open(backups, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Unfit(f"Another backup is being made in {backups}.") from None
    finally:
        os.close(held)


@contextmanager
def _one_moment(part: Path) -> Iterator[str]:
    """The name of a connection that sees nothing of what is written from now on."""
    here, path = connections[DEFAULT_DB_ALIAS], part / "copy.sqlite3"
    _drop(path)
    if here.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with here.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield here.alias
        return
    here.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        here.connection.backup(copy)
    connections[COPY] = type(here)({**here.settings_dict, "NAME": str(path)}, COPY)
    try:
        yield COPY
    finally:
        connections[COPY].close()
        del connections[COPY]
        _drop(path)


def _drop(path: Path) -> None:
    """With its journal, which of a run that was killed would be played back into the next."""
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()


def _rows(part: Path, table: tables.Table, using: str, told: Told) -> Part:
    written = folder.write_lines(folder.rows_at(part, table.name), table.lines(using))
    told(f"{table.name}: {written.count} rows")
    return written


def _media(part: Path, kept: list[tables.Table], told: Told) -> Iterator[Stored]:
    """The files that the rows name, each in the folder by then."""
    count = 0
    for table in kept:
        for line in folder.lines_of(folder.rows_at(part, table.name)) if table.files else ():
            row = json.loads(line)
            for name in filter(None, (row[each] for each in table.files)):
                stored = _fetched(part, name)
                if stored.sha256 is None:
                    told(f"{name} is lost: the rows name it, the storage has no such file")
                yield stored
                count += 1
                if count % EVERY == 0:
                    told(f"{count} pictures")


def _fetched(part: Path, name: str) -> Stored:
    """A name is given once and for ever: what is there already is that."""
    path = folder.media_at(part, name)
    if path.exists():
        return Stored(name, folder.digest_of(path))
    digest = hashlib.sha256()
    try:
        with default_storage.open(name) as file, folder.written(path) as out:
            for piece in file.chunks(folder.PIECE):
                digest.update(piece)
                out.write(piece)
    except FileNotFoundError:
        return Stored(name, None)
    except Exception as error:  # each storage has its own
        raise Unfit(f"{name} could not be read from the storage ({type(error).__name__}). Run it again.") from error
    return Stored(name, digest.hexdigest())


def _line(stored: Stored) -> bytes:
    return json.dumps(asdict(stored), sort_keys=True).encode() + b"\n"
