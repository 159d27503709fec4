"""Several real servers, each with a cache of its own, on one database: what one process changes, all answer next."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack

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


def environment() -> dict[str, str]:
    there = connection.settings_dict
    address = f"sqlite:///{there['NAME']}"
    if connection.vendor == "postgresql":
        host, port = there["HOST"] or "127.0.0.1", there["PORT"] or 5432
        address = f"postgres://{there['USER']}:{there['PASSWORD']}@{host}:{port}/{there['NAME']}"
    return os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}


def run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], env=environment(), cwd=configured.BASE_DIR, check=True)


@pytest.fixture
def servers() -> Iterator[Callable[[int], list[str]]]:
    with ExitStack() as stack:

        def started(count: int) -> list[str]:
            running = []
            for _one in range(count):
                server = subprocess.Popen(
                    [sys.executable, "-c", SERVER],
                    env=environment(), cwd=configured.BASE_DIR, stdout=subprocess.PIPE, text=True,
                )  # fmt: skip
                stack.enter_context(server)  # waits for it, and closes what it says
                stack.callback(server.kill)
                running.append(server)
            return [f"http://127.0.0.1:{int(server.stdout.readline())}" for server in running]  # type: ignore[union-attr]

        yield started


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310 - this machine
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.mark.django_db(transaction=True)
def test_what_a_third_process_changes_each_server_answers_at_the_next_request(
    servers: Callable[[int], list[str]],
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
