"""Readers' pages as files, plain and compressed, for a server that needs neither us nor the database: BAKED_ROOT.

    pages/…            what is served: of an address that ends in a slash, `index.html` below it
    baked.sqlite3      what was baked, and at which stamps: of each article, and of each page that is of none
    new                the file in hand

What is baked is what the application answers a stranger, asked through all its middleware. A move bakes what it may
have changed once it is committed, before it reports success; whatever else is changed, or was left by one who was
killed, `bake_due` finds by the stamps, which are asked before the pages are made and kept after. One at a time: what is
baked last was asked for last. The state stands beside the pages, and not in the database, since it tells of this very
folder: another machine has one of its own.
"""

import gzip
import io
import logging
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache as once
from functools import lru_cache, partial
from itertools import chain, groupby
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import transaction
from django.utils.translation import get_language, override

from articles import pages
from articles.models import Publication, invalidation
from articles.release import release

FORMS: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {  # by what a file's name ends with
    ".br": (lambda body: brotli.compress(body, quality=5), brotli.decompress),
    ".gz": (lambda body: gzip.compress(body, 6, mtime=0), gzip.decompress),
    "": (lambda body: body, lambda body: body),
}
INDEX = "index.html"
PATIENCE = 60  # seconds to wait for whoever bakes
STAMPS = ("pk", "stamp", "state", "live_approval__hash")
COLUMNS = "(key TEXT PRIMARY KEY, frame TEXT, own TEXT, shown TEXT)"
WHOLE = "whole"  # the unit of them all
UNKEPT = "newsroom.unkept"  # in the environment of a request whose answer no cache is to keep

log = logging.getLogger(__name__)


class NotBaked(Exception):
    """A page was answered with a failure; what was baked of it before stays."""


class Stamps(NamedTuple):
    """What a unit was baked at: of what stands on all pages; and, if it is an article, of its publications, and what
    readers have by them.
    """

    frame: str
    own: str = ""
    shown: str = ""


class Baked(NamedTuple):
    """A unit, an article's number or the address of a page of none, that was baked; or why it could not be."""

    key: str
    error: str = ""


# --- a move ------------------------------------------------------------------------------------------


def after_a_move(article: int) -> None:
    """Inside its transaction: nothing is baked of what is rolled back. Where the folder itself fails, the move is made
    all the same: the error is logged, `health` tells of it, and the next tick tries again.
    """
    if settings.BAKED_ROOT:
        transaction.on_commit(lambda: bake_article(article), robust=True)  # whose name Django logs: no `partial`


def bake_article(article: int) -> None:
    """Bake what a move of the article may have changed. Whatever of it cannot be baked is removed, so that the
    application is asked for it until it can.
    """
    with _held() as state:
        before, now = state.of(str(article)), _stamps(article)
        if before == now:
            return
        try:
            _bake_article(article, before, now, state.noted)
        except Exception:
            log.exception("the pages of article %d could not be baked", article)
            for language, slug in pages.slugs(article):
                _remove(_files_at(language, slug))
            _remove(map(_file, pages.lists_with(article)))
        else:
            state.keep(str(article), now)


# --- whatever is due ---------------------------------------------------------------------------------


def bake_due(seconds: float = float("inf")) -> Iterator[Baked]:
    """Bake whatever is other than at its stamps. After so many seconds nothing more is begun. A failure is told, and
    stops none of the others.
    """
    ends = time.monotonic() + seconds
    whole = Stamps(release(), invalidation.stamp())
    with closing(_State()) as state:
        if state.of(WHOLE) == whole:
            return
        due, lost = state.compared(_wanted())
        if not all(key.startswith("/") for key in lost):  # an article: the database is older than the folder
            _forget_all()
            yield from bake_due(ends - time.monotonic())
            return
        if lost:
            _forget(lost)
        failed = False
        for key in due:
            if time.monotonic() >= ends:
                return
            try:
                _bake_unit(key)
            except NotBaked as error:
                log.warning("%s", error)
                failed = True
                yield Baked(key, str(error))
            else:
                yield Baked(key)
        if not failed:
            state.keep(WHOLE, whole)


def bake_anew() -> Iterator[Baked]:
    """Bake everything, whatever it was baked at, and remove what there is no page of."""
    _forget_all()
    yield from bake_due()


def _wanted() -> Iterator[tuple[str, Stamps]]:
    """Each unit with the stamps of now."""
    frame = _frame()
    rows = Publication.objects.order_by("article", "pk").values_list("article", *STAMPS).iterator()
    for article, stamps in groupby(rows, lambda row: row[0]):
        yield str(article), _told(frame, [row[1:] for row in stamps])
    for address in pages.lists():
        yield address, Stamps(frame)


def _bake_unit(key: str) -> None:
    with _held() as state:
        before, now = state.of(key), Stamps(_frame()) if key.startswith("/") else _stamps(int(key))
        if before == now:
            return
        if key.startswith("/"):
            _bake(key)
        else:
            _bake_article(int(key), before, now, partial(state.at, now.frame))
        state.keep(key, now)


def _forget_all() -> None:
    """Nobody is kept waiting while the whole folder is looked through: what is removed by mistake is baked after."""
    _remove([_file(address) for address in _extra()])
    with _held() as state:
        state.forget_all()


def _forget(lost: Iterable[str]) -> None:
    """Lists that are at other addresses now."""
    with _held() as state:
        _remove(map(_file, lost))
        state.forget(lost)


def _stamps(article: int) -> Stamps:
    return _told(_frame(), Publication.objects.of(article).values_list(*STAMPS))


def _frame() -> str:
    return f"{release()} {invalidation.frame()}"


def _told(frame: str, rows: Iterable[tuple[Any, ...]]) -> Stamps:
    """An approval's hash stands for the words, and is of no other moment or database."""
    own, shown = [], []
    for pk, stamp, state, approval in rows:
        own.append(f"{pk}:{stamp}")
        shown.append(f"{state}:{approval}" if approval else "")
    return Stamps(frame, " ".join(own), " ".join(shown))


# --- what is wrong -----------------------------------------------------------------------------------


def faults() -> Iterator[tuple[str, str]]:
    """Every address whose file is stale, missing or extra, asked of the application one by one; changes nothing."""
    for address in chain(pages.lists(), chain.from_iterable(pages.at(*each) for each in pages.all_slugs())):
        if fault := fault_of(address):
            yield address, fault
    for address in _extra():
        yield address, "extra"


def fault_of(address: str) -> str:
    """ "" where the file is as it should be, in every form."""
    return _fault(_made(address), _file(address))


def _fault(page: bytes | None, path: Path) -> str:
    found = _forms(path)
    if page is None:
        return "extra" if any(each.exists() for each in found) else ""
    try:
        same = all(read(each.read_bytes()) == page for each, (_write, read) in found.items())
    except FileNotFoundError:
        return "missing"
    except (OSError, EOFError, zlib.error, brotli.error):  # what is no such file
        same = False
    return "" if same else "stale"


def _extra() -> Iterator[str]:
    """Whatever lies in the folder, of which there is no page."""
    known, at = {_file(address) for address in pages.lists()}, lru_cache(maxsize=1)(pages.at)
    for folder, _folders, names in os.walk(_pages()):
        for path in sorted({_plain(Path(folder, name)) for name in names}):
            language, of, slug, *_rest = *path.relative_to(_pages()).parts, "", "", ""
            if path not in known and not (of in pages.OF_ARTICLES and path in map(_file, at(language, slug))):
                yield _address(path)


# --- pages and files ---------------------------------------------------------------------------------


def _bake_article(
    article: int, before: Stamps | None, now: Stamps, due: Callable[[Iterator[str]], Iterator[str]]
) -> None:
    """Whatever is other than `before`; of lists, those that are `due`. What is not there any more goes first."""
    if before is None or before.shown != now.shown:
        lists = due(pages.lists_with(article))
    else:
        lists = due(pages.ledgers()) if before.own != now.own else iter(())
    same = before is not None and (before.frame, before.shown) == (now.frame, now.shown)
    here = [] if same else [(each, pages.at(*each)) for each in pages.slugs(article)]
    for (language, slug), addresses in here:
        _remove(_files_at(language, slug) - set(map(_file, addresses)))
    for address in chain(*(addresses for _at, addresses in here), lists):
        _bake(address)


def _bake(address: str) -> None:
    page, path = _made(address), _file(address)
    if page is None:
        _remove([path])
    elif _fault(page, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        for each, (write, _read) in _forms(path).items():
            _write(each, write(page))


def _made(address: str) -> bytes | None:
    """What a stranger is answered at this address; None where that is no page for everybody. Raises NotBaked."""
    with override(get_language()):  # which the middleware sets anew
        response = _handler().get_response(_request(address))
    if response.status_code >= 500 or response.status_code == 400:
        raise NotBaked(f"{address} was answered with {response.status_code}")
    if response.status_code != 200 or response.cookies or "no-store" in response.get("Cache-Control", ""):
        return None
    return b"".join(response)


def _request(address: str) -> WSGIRequest:
    """As it comes to the desk's own address."""
    site = urlsplit(settings.NEWSROOM_URL)
    proxy = settings.SECURE_PROXY_SSL_HEADER if site.scheme == "https" else None
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address,
            "QUERY_STRING": "",
            "HTTP_HOST": site.netloc,
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": io.BytesIO(),
            UNKEPT: True,
            **dict([proxy] if proxy else []),
        }
    )


@once
def _handler() -> WSGIHandler:
    return WSGIHandler()


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all; and later than before by the clock that file servers go by, which counts in seconds: what
    changes twice in one is else taken for the same.
    """
    new = Path(settings.BAKED_ROOT, "new")
    new.write_bytes(body)
    try:
        before = path.stat().st_mtime
    except FileNotFoundError:
        before = 0.0
    at = max(int(time.time()), int(before) + 1)
    os.utime(new, (at, at))
    new.replace(path)


def _remove(paths: Iterable[Path]) -> None:
    """With their folders, where nothing else is in them. The plain file first: without it none is served."""
    for path in paths:
        for each in reversed(_forms(path)):
            each.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == _pages() or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()


def _pages() -> Path:
    return Path(settings.BAKED_ROOT, "pages")


def _file(address: str) -> Path:
    return _pages() / (address.removeprefix("/") + (INDEX if address.endswith("/") else ""))


def _address(path: Path) -> str:
    return f"/{path.relative_to(_pages())}".removesuffix(INDEX)


def _forms(path: Path) -> dict[Path, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]]:
    return {path.with_name(path.name + ending): how for ending, how in FORMS.items()}


def _plain(path: Path) -> Path:
    return next(path.with_name(path.name.removesuffix(ending)) for ending in FORMS if path.name.endswith(ending))


def _files_at(language: str, slug: str) -> set[Path]:
    """Whatever was baked at this slug."""
    folders = [_pages() / language / of / slug for of in pages.OF_ARTICLES]
    return {_plain(path) for folder in folders for path in folder.rglob("*") if path.is_file()}


# --- what was baked at which stamps ------------------------------------------------------------------


class _State:
    """By units: an article's number, or the address of a page of no one article."""

    def __init__(self) -> None:
        Path(settings.BAKED_ROOT).mkdir(parents=True, exist_ok=True)
        self.rows = sqlite3.connect(Path(settings.BAKED_ROOT, "baked.sqlite3"), timeout=PATIENCE, isolation_level=None)
        self.rows.execute(f"CREATE TABLE IF NOT EXISTS units {COLUMNS}")

    def close(self) -> None:
        self.rows.close()

    def of(self, key: str) -> Stamps | None:
        found = self.rows.execute("SELECT frame, own, shown FROM units WHERE key = ?", [key]).fetchone()
        return Stamps(*found) if found else None

    def at(self, frame: str, lists: Iterable[str]) -> Iterator[str]:
        """Of these lists those that are baked at `frame`; the others are due by themselves."""
        if self.rows.execute("SELECT 1 FROM units WHERE frame = ? AND key LIKE '/%' LIMIT 1", [frame]).fetchone():
            yield from (key for key in lists if self.of(key) == Stamps(frame))

    def noted(self, lists: Iterable[str]) -> Iterator[str]:
        """These; one that nobody baked before is a unit from now on, and due: or its file would be no one's."""
        for key in lists:
            self.rows.execute("INSERT OR IGNORE INTO units VALUES (?, '', '', '')", [key])
            yield key

    def keep(self, key: str, stamps: Stamps) -> None:
        self.rows.execute("INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?)", [key, *stamps])  # as the last row of all

    def forget(self, keys: Iterable[str]) -> None:
        self.rows.executemany("DELETE FROM units WHERE key = ?", [[key] for key in keys])

    def forget_all(self) -> None:
        self.rows.execute("DELETE FROM units")

    def compared(self, wanted: Iterable[tuple[str, Stamps]]) -> tuple[list[str], list[str]]:
        """The units that are other than wanted, and those that are wanted no longer. First the articles that were
        moved, then lists, then all else; of each the longest unchanged first.
        """
        self.rows.execute(f"CREATE TEMP TABLE wanted {COLUMNS}")
        self.rows.executemany("INSERT INTO wanted VALUES (?, ?, ?, ?)", ([key, *stamps] for key, stamps in wanted))
        due = self.rows.execute(
            """SELECT key FROM wanted LEFT JOIN units USING (key)
            WHERE units.frame IS NOT wanted.frame OR units.own IS NOT wanted.own OR units.shown IS NOT wanted.shown
            ORDER BY units.own IS wanted.own OR key LIKE '/%', key NOT LIKE '/%', units.rowid"""
        )
        lost = self.rows.execute(
            "SELECT key FROM units LEFT JOIN wanted USING (key) WHERE wanted.key IS NULL AND key != ?", [WHOLE]
        )
        return [key for (key,) in due], [key for (key,) in lost]


@contextmanager
def _held() -> Iterator[_State]:
    """Nobody else bakes meanwhile. Whoever is killed holds nothing, and kept nothing."""
    with closing(_State()) as state:
        state.rows.execute("BEGIN IMMEDIATE")
        try:
            yield state
            state.rows.execute("COMMIT")
        except BaseException:
            state.rows.execute("ROLLBACK")
            raise
