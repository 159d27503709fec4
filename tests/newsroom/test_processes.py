"""Several real servers, each with a cache of its own, on one database: what one process changes, all answer next."""

import os
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection

from tests import factories

SERVER = """
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server
from newsroom.wsgi import application
WSGIRequestHandler.log_message = lambda *args: None
server = make_server("127.0.0.1", 0, application)
print(server.server_port, flush=True)
server.serve_forever()
"""
CHANGE = """
import django; django.setup()
from articles import workflow
from articles.models import Category, Publication
from django.contrib.auth.models import User
"""
WITHDRAWAL = (
    'workflow.withdraw(Publication.objects.get(), by=User.objects.get(username="chi"), version=1, note="Wrong.")'
)
RENAMING = 'category = Category.objects.get(); category.name_en = "Machines"; category.save()'
EN, LIST = "/en/articles/headline-alpha/", "/en/categories/technology/"


def environment(**more: str) -> dict[str, str]:
    there = connection.settings_dict
    address = f"sqlite:///{there['NAME']}"
    if connection.vendor == "postgresql":
        host, port = there["HOST"] or "127.0.0.1", there["PORT"] or 5432
        address = f"postgres://{there['USER']}:{there['PASSWORD']}@{host}:{port}/{there['NAME']}"
    return os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"} | more


def run(code: str, **more: str) -> None:
    subprocess.run([sys.executable, "-c", code], env=environment(**more), cwd=configured.BASE_DIR, check=True)


@pytest.fixture
def servers() -> Iterator[Callable[..., list[str]]]:
    with ExitStack() as stack:

        def started(count: int, **more: str) -> list[str]:
            running = []
            for _one in range(count):
                server = subprocess.Popen(
                    [sys.executable, "-c", SERVER],
                    env=environment(**more), cwd=configured.BASE_DIR, stdout=subprocess.PIPE, text=True,
                )  # fmt: skip
                stack.enter_context(server)  # waits for it, and closes what it says
                stack.callback(server.kill)
                running.append(server)
            return [f"http://127.0.0.1:{int(server.stdout.readline())}" for server in running]  # type: ignore[union-attr]

        yield started


def get(url: str, cookie: str = "") -> tuple[int, bytes]:
    try:
        request = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - this machine
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.mark.django_db(transaction=True)
def test_what_a_third_process_changes_each_server_answers_at_the_next_request(
    servers: Callable[..., list[str]],
) -> None:
    desk = factories.desk()
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    both = servers(2)
    for _time in range(3):
        assert [get(f"{server}{EN}")[0] for server in both] == [200, 200]
        assert all(b"Technology" in get(f"{server}{LIST}")[1] for server in both)
    run(CHANGE + RENAMING)
    assert all(b"Machines" in get(f"{server}{LIST}")[1] for server in both)
    run(CHANGE + WITHDRAWAL)
    for status, page in (get(f"{server}{EN}") for server in both):
        assert (status, b"Opening Alpha" in page, b"Wrong." in page) == (410, False, True)
    assert not any(b"Headline Alpha" in get(f"{server}{LIST}")[1] for server in both)


# --- a primary, and a copy of it that follows nothing ------------------------------------------------


@pytest.fixture
def copies(tmp_path: Path, transactional_db: None) -> dict[str, Path]:
    """Level with each other, and told apart by the category's name, of which the copy's stamp knows nothing."""
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL `make cluster` shows it, of a replica that follows")
    desk = factories.desk()
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    made = {"DATABASE_URL": tmp_path / "primary", "DATABASE_REPLICA_URL": tmp_path / "replica"}
    for path in made.values():
        shutil.copy(connection.settings_dict["NAME"], path)
    with closing(sqlite3.connect(made["DATABASE_REPLICA_URL"])) as copy:
        copy.executescript(
            "DROP TRIGGER articles_category_seen_update; UPDATE articles_category SET name_en = 'As copied'"
        )
    return made


def test_the_replica_answers_readers_while_it_is_level_and_alone_when_the_primary_does_not(
    copies: dict[str, Path], servers: Callable[..., list[str]]
) -> None:
    both = {name: f"sqlite:///{path}" for name, path in copies.items()}
    [server] = servers(1, **both)
    made_anew = f"{LIST}?before="
    for path in (LIST, made_anew):
        assert b"As copied" in get(f"{server}{path}")[1]
        assert b"As copied" not in get(f"{server}{path}", cookie="sessionid=x")[1]
    run(CHANGE + RENAMING, **both)
    for path in (LIST, made_anew):
        assert b"Machines" in get(f"{server}{path}")[1], "the replica is behind"
    run(CHANGE + WITHDRAWAL, **both)
    assert get(f"{server}{EN}")[0] == 410
    copies["DATABASE_URL"].write_bytes(b"no database any longer " * 1000)
    for path in (LIST, made_anew):
        assert b"As copied" in get(f"{server}{path}")[1]
    assert [get(f"{server}{path}")[0] for path in (EN, "/sitemap.xml", "/en/search/?q=alpha")] == [200, 200, 200]
