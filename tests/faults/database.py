"""The database locked, slow and stopped: `python -m tests.faults.database`, in `make faults`.

Each fault meets readers, an editor who saves, one who may do nothing and a stranger, all at once. What must hold: every
page is served or is the plain page of a failure, none takes longer than BEYOND seconds more than the fault; nobody sees
or changes what they may not; a save is kept whole, or is not there and its answer says where the words are; afterwards
all goes on by itself. SQLite can be locked alone; for PostgreSQL a cluster is made, behind a proxy that lets it wait.
"""

import os
import shutil
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from urllib.parse import urlsplit

from tests.faults import desk

BEYOND = 15  # seconds
DELAY = 0.05  # seconds, each way
KEPT = "Your browser has kept what you typed"
FAILED = "Something went wrong"
DATABASE, PROXY = desk.PORT + 1, desk.PORT + 2


class Proxy:
    """Between the desk and its database; whatever goes either way waits so many seconds."""

    def __init__(self, port: int, target: int) -> None:
        self.target, self.delay = target, 0.0
        self.listening = socket.create_server(("127.0.0.1", port))
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # it was closed
            while True:
                one, _address = self.listening.accept()
                try:
                    other = socket.create_connection(("127.0.0.1", self.target), 5)
                except OSError:
                    one.close()
                    continue
                other.settimeout(None)
                for pair in ((one, other), (other, one)):
                    Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                time.sleep(self.delay)
                other.sendall(data)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.listening.close()


@dataclass
class Desk:
    """A published article that readers know, one that they have not read yet, and the form that an editor has open."""

    known: str
    new: str
    path: str
    article: int
    an: desk.Browser
    em: desk.Browser
    opened: desk.Form = field(default_factory=dict)

    @classmethod
    def made(cls) -> "Desk":
        from tests import factories

        people = desk.people()
        paths = []
        for marker in ("Known", "New"):
            article = factories.article(people.an, marker)
            factories.cite(article, people.an)
            live = factories.published(article, desk=people).live
            assert live is not None
            paths.append(f"/en/articles/{live.slug}/")
        path = f"/admin/articles/article/{article.pk}/change/"
        return cls(*paths, path, article.pk, desk.Browser(people.an), desk.Browser(people.em))

    def headline(self) -> str:
        from articles.models import Article

        return Article.objects.get(pk=self.article).headline_en or ""

    def edits(self) -> int:
        from articles.models import Edit

        return Edit.objects.filter(article=self.article).count()

    def ready(self) -> None:
        self.opened = self.an.form(self.path, "headline_en")
        assert self.opened, "the editor's form opens"
        for path in (self.known, "/en/"):
            desk.request(path)

    def all_at_once(self, headline: str) -> dict[str, desk.Answer]:
        asked = {
            "a known page": lambda: desk.request(self.known),
            "home": lambda: desk.request("/en/"),
            "a page nobody read": lambda: desk.request(self.new),
            "an editor's save": lambda: self.an.post(self.path, self.opened, headline_en=headline, _continue="1"),
            "an editor's form": lambda: self.an.get(self.path),
            "the form, by who may not": lambda: self.em.get(self.path),
            "a save, by who may not": lambda: self.em.post(self.path, self.opened, headline_en="Em", _continue="1"),
            "the form, by a stranger": lambda: desk.request(self.path),
        }
        with ThreadPoolExecutor(len(asked)) as pool:
            begun = {name: pool.submit(ask) for name, ask in asked.items()}
            return {name: each.result() for name, each in begun.items()}


def meets(what: str, lasts: float, its: Desk, held: desk.Held, fault: "object") -> None:
    """All of them meet the fault, which is over when the block is."""
    its.ready()
    before, edits = its.headline(), its.edits()
    typed = f"Typed while {what}"
    from django.db import connection

    connection.close()
    with fault:  # type: ignore[attr-defined]
        answers = its.all_at_once(typed)
    desk.say(f" {what}: " + ", ".join(f"{name} {a.status} in {a.seconds:.1f} s" for name, a in answers.items()))
    held.none(
        [f"{name}: {a.status}" for name, a in answers.items()
         if a.status not in {200, 302, 403} and not (a.status == 503 and FAILED in a.body and a.retry_after)],
        "each is served, or is the plain page of what will pass",
    )  # fmt: skip
    longest = max(a.seconds for a in answers.values())
    held.that(longest < lasts + BEYOND, f"none takes longer than {lasts + BEYOND:g} s")
    closed = [name for name, a in answers.items() if name.startswith(("the form", "a save"))]
    held.none(
        [name for name in closed if answers[name].status not in {302, 403, 503} or its.opened["headline_en"][0] in
         answers[name].body],
        "nobody sees what they may not",
    )  # fmt: skip
    desk.until(lambda: desk.request(its.known).status == 200, f"after it was {what}, readers are served", 30)
    desk.until(lambda: its.an.get(its.path).status == 200, f"after it was {what}, the form opens", 30)
    now, more, save = its.headline(), its.edits() - edits, answers["an editor's save"]
    if save.status == 302:
        held.that((now, more) == (typed, 1), "the save that was answered is there")
    else:
        held.that((now, more) == (before, 0), "the save that failed is not there, nor anybody else's")
        held.that(KEPT in save.body or not save.status, "its answer says that the browser has kept what was typed")
        again = its.an.post(its.path, its.opened, headline_en=typed, _continue="1")
        held.that((again.status, its.headline()) == (302, typed), "posted again, it is saved")
    held.none(desk.damage(), "the database and the ledger are whole")


@contextmanager
def locked(seconds: float) -> Iterator[None]:
    """By another, who lets go after so many seconds."""
    done = Event()

    def hold() -> None:
        url = os.environ["DATABASE_URL"]
        if url.startswith("sqlite"):
            connection = sqlite3.connect(urlsplit(url).path[1:], timeout=20, isolation_level=None)
            connection.execute("BEGIN EXCLUSIVE")
            done.set()
            time.sleep(seconds)
            connection.execute("ROLLBACK")
            connection.close()
            return
        import psycopg

        with psycopg.connect(url) as other:
            rows = other.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 2200").fetchall()
            names = ", ".join(f'"{row[0]}"' for row in rows)
            other.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
            done.set()
            time.sleep(seconds)
            other.rollback()

    thread = Thread(target=hold)
    thread.start()
    assert done.wait(30), "it is locked"
    yield
    thread.join()


def main(rounds: int, seconds: int, stack: ExitStack) -> int:
    held = desk.Held()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        desk.begin("database")
        its = Desk.made()
        stack.enter_context(desk.Server())
        for _round in range(rounds):
            meets("locked", seconds, its, held, locked(seconds))
        return held.code
    from tests.cluster import machines

    if not list(machines.Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        desk.say("left out: the programs of PostgreSQL are not on this machine")
        return 0
    cluster = machines.Postgres("faults", DATABASE)
    machines.FOLDER.mkdir(parents=True, exist_ok=True)
    cluster.stop()  # of a run that was killed
    shutil.rmtree(cluster.folder, ignore_errors=True)
    stack.callback(shutil.rmtree, cluster.folder)
    cluster.made()
    stack.callback(cluster.stop)
    cluster.start()
    cluster.ask(f"CREATE DATABASE {machines.OF_ITS_OWN}", "postgres")
    proxy = Proxy(PROXY, DATABASE)
    stack.callback(proxy.close)
    desk.begin("database", cluster.url())
    its = Desk.made()
    through = cluster.url().replace(str(DATABASE), str(PROXY))
    stack.enter_context(desk.Server(DATABASE_URL=through))

    @contextmanager
    def slow() -> Iterator[None]:
        proxy.delay = DELAY
        yield
        proxy.delay = 0

    @contextmanager
    def stopped() -> Iterator[None]:
        cluster.stop()
        yield
        cluster.start()

    for _round in range(rounds):
        meets("locked", seconds, its, held, locked(seconds))
        meets("slow", seconds, its, held, slow())
        meets("stopped", 0, its, held, stopped())
    return held.code


if __name__ == "__main__":
    asked = desk.ask(__doc__, rounds=1, seconds=30)
    with ExitStack() as cleared:
        code = main(asked.rounds, asked.seconds, cleared)
    sys.exit(code)
