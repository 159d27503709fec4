"""A backup as it lies in its folder: its manifest, its parts, whether they are what the manifest says; and which of
many are kept.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

from newsroom.backup import Unfit

FORMAT = 1
MANIFEST, INDEX, UNFINISHED = "manifest.json", "media.jsonl", "unfinished"
STAMP = "%Y%m%dT%H%M%SZ"
NAMED = re.compile(r"\d{8}T\d{6}Z")
PIECE = 1 << 20
_STORED = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines: how many, and the SHA-256 of them all."""

    count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture's file. One that the storage had lost has no digest."""

    name: str
    sha256: str | None

    @classmethod
    def read(cls, line: bytes) -> Self:
        try:
            found = cls(**json.loads(line))
            whole = _STORED.fullmatch(found.name) and (found.sha256 is None or _DIGEST.fullmatch(found.sha256))
        except (TypeError, ValueError):
            whole = None
        if not whole:
            raise Unfit(f"{INDEX} has a line that names no picture.")
        return found


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: str
    engine: str
    head: str  # of the ledger: the hash of its last row
    migrations: list[str]
    settings: list[str]  # the names of those that were set; no value, which may be a secret
    tables: dict[str, Part]
    columns: dict[str, list[str]]
    media: Part
    format: int = FORMAT

    @classmethod
    def read(cls, backup: Path) -> Self:
        try:
            told: dict[str, Any] = json.loads((backup / MANIFEST).read_bytes())
            tables = {name: Part(**part) for name, part in told["tables"].items()}
            found = cls(**told | {"tables": tables, "media": Part(**told["media"])})
            whole = all(re.fullmatch(r"\w+", name) and isinstance(found.columns[name], list) for name in tables)
        except FileNotFoundError:
            raise Unfit(f"{backup} is no backup: it has no {MANIFEST}.") from None
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Unfit(f"{MANIFEST} is damaged.") from None
        if not whole or found.format != FORMAT:
            raise Unfit(f"{MANIFEST} is of another kind than this release reads.")
        return found

    def write(self, backup: Path) -> None:
        with written(backup / MANIFEST) as out:
            out.write(json.dumps(asdict(self), indent=1, sort_keys=True).encode() + b"\n")


def fingerprint(backup: Path) -> str:
    """Of the manifest, and so of all: whoever noted it elsewhere can tell whether anything was touched."""
    return hashlib.sha256((backup / MANIFEST).read_bytes()).hexdigest()


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """On the disk and under its name when it is whole, not before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_name(f"{path.name}~")
    with begun.open("wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())
    begun.replace(path)


def write_lines(path: Path, lines: Iterable[bytes]) -> Part:
    with written(path) as out:
        return part_of(line for line in lines if out.write(line))


def part_of(lines: Iterable[bytes]) -> Part:
    count, digest = 0, hashlib.sha256()
    for count, line in enumerate(lines, 1):  # noqa: B007 - the last one is the answer
        digest.update(line)
    return Part(count, digest.hexdigest())


def lines_of(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as lines:
            yield from lines
    except FileNotFoundError:
        raise Unfit(f"{path.name} is missing.") from None


def digest(pieces: Iterable[bytes]) -> str:
    return part_of(pieces).sha256


def digest_of(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            return digest(iter(lambda: opened.read(PIECE), b""))
    except FileNotFoundError:
        raise Unfit(f"{path.name} is missing.") from None


def rows_at(backup: Path, table: str) -> Path:
    return backup / "rows" / f"{table}.jsonl"


def media_at(backup: Path, name: str) -> Path:
    return backup / "media" / name


def media_of(backup: Path) -> Iterator[Stored]:
    return map(Stored.read, lines_of(backup / INDEX))


def verified(backup: Path, wanted: str = "") -> Manifest:
    """The manifest, once every part was read and is what it says. Raises Unfit. `wanted`: the fingerprint, if noted."""
    manifest = Manifest.read(backup)
    if wanted and fingerprint(backup) != wanted:
        raise Unfit("The fingerprint is another: this is not the backup that was made, or it was altered since.")
    paths = {rows_at(backup, name): part for name, part in manifest.tables.items()} | {backup / INDEX: manifest.media}
    for path, part in paths.items():
        if part_of(lines_of(path)) != part:
            raise Unfit(f"{path.name} is not what was written: the backup is damaged, or was altered.")
    for each in media_of(backup):
        if each.sha256 and digest_of(media_at(backup, each.name)) != each.sha256:
            raise Unfit(f"{each.name} is not what was written: the backup is damaged, or was altered.")
    return manifest


# --- of many -----------------------------------------------------------------------------------------


def finished(folder: Path) -> list[Path]:
    """The oldest first."""
    there = folder.iterdir() if folder.is_dir() else ()
    return sorted(each for each in there if NAMED.fullmatch(each.name) and (each / MANIFEST).is_file())


def chosen(path: Path) -> Path:
    """The backup at `path`, or the newest in a folder of backups. Raises Unfit."""
    if (path / MANIFEST).is_file():
        return path
    if not (found := finished(path)):
        raise Unfit(f"There is no finished backup in {path}.")
    return found[-1]


def thin(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep`; which they were. The manifest goes first: half a backup is none."""
    gone = finished(folder)[:-keep]
    for each in gone:
        (each / MANIFEST).unlink()
        shutil.rmtree(each)
    return gone
