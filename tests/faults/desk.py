"""What the faults share: a database made for one of them, the desk served from it by its real server, people who save
in it as browsers do, and whether all is whole afterwards. Each fault is a command:

    python -m tests.faults.killed_web --rounds 5        on SQLite; on the PostgreSQL of DATABASE_URL where it is set
"""

import argparse
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from tests import factories

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "faults"
PORT = int(os.environ.get("FAULTS_PORT", "18600"))
WORKERS = 2
SETTINGS = "tests.faults.settings"
Form = dict[str, list[str]]


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def scratch(url: str, name: str) -> str:
    """The address of an empty database of our own."""
    if not url.startswith("postgres"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in FOLDER.glob(f"{name}.sqlite3*"):
            path.unlink()
        return f"sqlite:///{FOLDER / name}.sqlite3"
    import psycopg

    database = f"{urlsplit(url).path.strip('/')}_{name}"
    with psycopg.connect(beside(url), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{database}"')
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def beside(url: str) -> str:
    """Another database of the same server, from which this one can be made and dropped."""
    return urlsplit(url)._replace(path="/postgres").geturl()


def ask(about: str | None, **numbers: int) -> argparse.Namespace:
    """What the command is told: `numbers` are its options with what they are by default, FAULTS_ROUNDS and the like in
    the environment set aside.
    """
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    for name, usual in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=int(os.environ.get(f"FAULTS_{name.upper()}", usual)))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    return parser.parse_args()


def begin(name: str, url: str | None = None, **environment: str) -> None:
    """This process and all that it starts work on a database of that name; at `url`, if it is given one."""
    for each in [each for each in os.environ if each.startswith("NEWSROOM_")]:
        del os.environ[each]
    FOLDER.mkdir(parents=True, exist_ok=True)
    media = FOLDER / "media"
    shutil.rmtree(media, ignore_errors=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": "for the faults " * 4,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": url or scratch(os.environ.get("DATABASE_URL", ""), name),
        "MEDIA_ROOT": str(media),
        "STORAGE_URL": "",
        "EMAIL_URL": "dummy:",
        "NEWSROOM_URL": f"http://127.0.0.1:{PORT}",
        "NEWSROOM_CHECK_LINKS": "0",
    } | environment
    import django
    from django.utils import translation

    django.setup()
    translation.activate("en")


def people() -> "factories.Desk":
    """On a database that has every table."""
    from django.core.management import call_command

    from tests import factories

    call_command("migrate", verbosity=0)
    return factories.desk()


# --- what must hold ----------------------------------------------------------------------------------


class Held:
    """What did not hold, told at once; `code` is what the command ends with."""

    def __init__(self) -> None:
        self.broken = 0

    def that(self, true: object, what: str) -> bool:
        self.broken += not true
        say(f"  {'✓' if true else '✗'} {what}")
        return bool(true)

    def none(self, faults: list[str], what: str) -> None:
        self.that(not faults, "; ".join([what, *faults]))

    @property
    def code(self) -> int:
        return 1 if self.broken else 0


def damage() -> list[str]:
    """What the database says of its own files, and the ledger of itself."""
    from django.db import connection

    from articles import ledger
    from sources import frozen

    faults = [f"{fault.what} {fault.row}: {fault.says}" for fault in ledger.faults()]
    faults += [f"lost: {name}" for name in frozen.missing(connection)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            faults += [row[0] for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            faults += [f"a reference of {row[0]} to nothing" for row in cursor.fetchall()]
            return faults
        cursor.execute("""SELECT count(*) FROM pg_available_extensions, pg_user
            WHERE name = 'amcheck' AND usename = current_user AND usesuper""")
        if cursor.fetchone()[0]:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
            cursor.execute("""SELECT bt_index_check(pg_class.oid, true) FROM pg_class
                JOIN pg_am ON pg_am.oid = relam AND amname = 'btree'
                WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace""")
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text IS NULL')  # each is read whole
    return faults


# --- the server --------------------------------------------------------------------------------------


class Server:
    """The desk by its production server, in a group of processes of its own, all of which can be killed at once."""

    def __init__(self, port: int = PORT, workers: int = WORKERS, **environment: str) -> None:
        self.port, self.log = port, FOLDER / f"server-{port}.log"
        self.command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", str(workers), "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
            "newsroom.wsgi:application",
        ]  # fmt: skip
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=os.environ | self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        until(self._answers, "the server answers", 60)

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise SystemExit(f"The server ended by itself:\n{self.log.read_text('utf-8')[-3000:]}")
        return request("/healthz", port=self.port, timeout=5).status == 200

    def kill(self) -> None:
        """By SIGKILL, with its workers."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def until(true: Callable[[], object], what: str, seconds: float) -> float:
    """How long it took until it was."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise SystemExit(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - began


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where nobody answered."""

    status: int
    body: str = ""
    seconds: float = 0
    retry_after: str = ""


def request(
    path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None, *, port: int = PORT,
    timeout: float = 120,
) -> Answer:  # fmt: skip
    """No redirect is followed: that of a save says that it is saved."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        told = {"Host": "127.0.0.1", "Accept-Language": "en", **(headers or {})}
        connection.request("GET" if data is None else "POST", path, data, told)
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
        return Answer(answer.status, body, time.monotonic() - began, answer.headers.get("Retry-After", ""))
    except (http.client.HTTPException, OSError):
        return Answer(0, seconds=time.monotonic() - began)
    finally:
        connection.close()


# --- people ------------------------------------------------------------------------------------------


class Browser:
    """Of somebody who is signed in already: how one signs in is not what these faults are about."""

    def __init__(self, user: "User", port: int = PORT) -> None:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore
        from django.middleware.csrf import _get_new_csrf_string

        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.port, self.token = port, _get_new_csrf_string()
        self.headers = {"Cookie": SimpleCookie({"sessionid": session.session_key, "csrftoken": self.token}).output(
            header="", sep=";"
        ).strip()}  # fmt: skip

    def get(self, path: str) -> Answer:
        return request(path, headers=self.headers, port=self.port)

    def form(self, path: str, field: str) -> Form:
        """What stands in the form at `path` that has this field; nothing where there is none."""
        from tests.articles.admin.conftest import Page

        page = Page(self.get(path).body)
        for element in page.elements:
            if element["name"] == field and (forms := [each for each in element.within if each.tag == "form"]):
                return page.form(**forms[-1].attributes)
        return {}

    def post(self, path: str, form: Form, **changes: str) -> Answer:
        fields = form | {name: [value] for name, value in changes.items()} | {"csrfmiddlewaretoken": [self.token]}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return request(path, urlencode(fields, doseq=True).encode(), self.headers | kind, port=self.port)
