"""What a machine that watches the desk is told: truly, without a cookie or a secret, and whatever is broken."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from articles import workflow
from articles.models import Heartbeat, Publication, ReviewStatus, Schedule
from newsroom import health
from sources import frozen
from tests import factories
from tests.factories import Desk

TOKEN = "a token of more than twenty"


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LASTS", -1)


@pytest.fixture
def up(db: None) -> Iterator[None]:
    Heartbeat.objects.beat()
    return None


def told(response: HttpResponse) -> dict[str, str]:
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    return dict(line.split(": ") for line in response.content.decode().splitlines())


ALL = dict.fromkeys(health.CHECKS, "ok")


def test_a_process_answers_and_asks_nobody(client: Client) -> None:
    response = client.get("/healthz")  # without the mark by which a test may ask the database
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_it_is_asked_by_get_alone_and_beside_the_machine_without_tls(path: str, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.METRICS_TOKEN = TOKEN
    assert Client().post(path).status_code == 405
    if path == "/healthz":
        assert Client().head(path).status_code == 200
    assert Client().get("/robots.txt").status_code == 301


def test_a_desk_that_is_up_says_so_of_each_part(client: Client, up: None) -> None:
    for path in ("/readyz", "/readyz?all"):
        response = client.get(path)
        assert (response.status_code, told(response)) == (200, ALL)


def test_a_worker_that_stopped_is_missed_and_a_tick_is_heard(client: Client, up: None) -> None:
    Heartbeat.objects.update(at=Now() - timedelta(minutes=4))
    for path, status in (("/readyz", 200), ("/readyz?all", 503)):  # readers get their pages all the same
        response = client.get(path)
        assert (response.status_code, told(response)) == (status, ALL | {"worker": "failed"})
    with pytest.raises(CommandError, match="worker: none was heard of"):
        call_command("health")
    call_command("tick", stdout=StringIO())
    assert client.get("/readyz?all").status_code == 200
    assert Heartbeat.objects.count() == 1


def test_a_beat_is_written_now_and_then_however_often_a_worker_looks(
    up: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        Heartbeat.objects.beat()


def test_a_migration_that_waits_keeps_readers_away(client: Client, up: None) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="articles").latest("pk").delete()
    response = client.get("/readyz")
    assert (response.status_code, told(response)["migrations"]) == (503, "failed")


def test_a_guard_that_is_gone_is_missed(client: Client, up: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(frozen.standing(connection)[0].drop)
    assert told(client.get("/readyz?all")) == ALL | {"guards": "failed"}


def test_a_cache_that_is_down_is_told(client: Client, up: None, settings: Settings) -> None:
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = settings.CACHES | {"pages": redis}
    assert told(client.get("/readyz")) == ALL | {"cache": "failed"}


def test_a_storage_that_takes_nothing_is_told(client: Client, up: None, settings: Settings) -> None:
    folder = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": "/dev/null/pictures"}}
    settings.STORAGES = settings.STORAGES | {"default": folder}
    assert told(client.get("/readyz")) == ALL | {"storage": "failed"}


def test_a_schedule_that_failed_is_told_and_mailed(client: Client, up: None, desk: Desk) -> None:
    publication = factories.approved(factories.article(desk.an), desk=desk)
    workflow.schedule(publication, by=desk.chi, version=1, due=timezone.now() + timedelta(hours=1))
    call_command("health", "--ledger", "--mail", "chi@desk.example.org")
    assert mail.outbox == []
    Schedule.objects.update(state="failed")
    assert told(client.get("/readyz?all")) == ALL | {"schedules": "failed"}
    with pytest.raises(CommandError, match="schedules: 1 did not go out"):
        call_command("health", "--mail", "chi@desk.example.org")
    [message] = mail.outbox
    assert (message.to, "schedules: 1 did not go out" in message.body) == (["chi@desk.example.org"], True)


def test_a_ledger_that_was_rewritten_is_told(up: None, desk: Desk) -> None:
    factories.in_review(factories.article(desk.an), desk=desk)
    with frozen.lifted(connection), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {ReviewStatus._meta.db_table} SET note = 'Another word.'")
    call_command("health")
    with pytest.raises(CommandError, match="ledger: "):
        call_command("health", "--ledger")


def test_the_same_answer_is_given_for_a_while(client: Client, up: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz?all").status_code == 200
    Heartbeat.objects.all().delete()
    monkeypatch.setattr(health, "LASTS", 60)
    assert client.get("/readyz?all").status_code == 200


def test_what_is_counted_is_told_to_who_shows_the_token(
    client: Client, up: None, desk: Desk, settings: Settings
) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for wrong in ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"):
        assert client.get("/metrics", headers={"authorization": wrong}).status_code == 401
    factories.published(factories.article(desk.an), desk=desk)
    response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    lines = response.content.decode().splitlines()
    assert {'newsroom_ok{check="worker"} 1', "newsroom_ledger_rows 3", 'newsroom_live{language="en"} 1'} <= {*lines}
    assert 'newsroom_waiting{what="schedules"} 0' in lines
    assert "Headline" not in response.content.decode()
    assert Publication.objects.count() == 1


# --- in a process of its own, without a database ------------------------------------------------------

ASKED = """
import json, django; django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
def get(path, **headers):
    answer = client.get(path, headers=headers)
    return answer.status_code, answer.get("X-Request-ID"), answer.content.decode()
print(json.dumps([
    get("/healthz"),
    get("/readyz", **{"x-request-id": "from-the-proxy.1"}),
    get("/en/preview/opens-what-nobody-published/", **{"x-request-id": "two\\nlines"}),
    get("/en/search/?q=what+somebody+looked+for\\x1b[31m"),
]))
"""


def without_a_database(module: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    away = {"DATABASE_URL": "postgres://desk:hidden-secret@127.0.0.1:1/desk", **settings}
    away |= {"SECRET_KEY": "for tests " * 6, "ALLOWED_HOSTS": "testserver", "HTTPS": "0"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASKED],
        env=os.environ | away | {"DJANGO_SETTINGS_MODULE": module},
        cwd=configured.BASE_DIR, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def test_in_production_what_went_wrong_is_told_with_where_it_did() -> None:
    said = without_a_database("tests.settings").stderr  # as in production, but that no static file was collected
    assert " ERROR django.request: Service Unavailable: /en/search/" in said
    assert "Not Found" not in said
    assert "Traceback" in said
    assert "OperationalError" in said
    assert not any(word in said for word in ("hidden-secret", "opens-what", "looked", "\x1b"))


def test_without_a_database_it_answers_still_and_each_line_of_the_log_names_its_request() -> None:
    done = without_a_database("newsroom.settings", DEBUG="1", LOG_FORMAT="json")
    alive, ready, preview, search = json.loads(done.stdout)
    assert (alive[0], alive[2]) == (200, "ok\n")
    assert ready == [503, "from-the-proxy.1", "database: failed\n"]
    assert (preview[0], search[0]) == (404, 500)
    names = [answer[1] for answer in (alive, preview, search)]
    assert all(len(name) == 32 and name.isalnum() for name in names)
    assert len(set(names)) == 3

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    requests = [line for line in lines if line["logger"] == "newsroom.requests"]
    assert [line["request"] for line in requests] == [alive[1], ready[1], preview[1], search[1]]
    said = [line["request"] for line in lines if line["logger"] == "django.request"]
    assert said == [ready[1], preview[1], search[1]]
    assert requests[2]["message"].startswith("GET /en/preview/…/ 404 ")
    assert any("OperationalError" in line.get("exception", "") for line in lines if line.get("request") == search[1])
    assert not any(word in done.stderr for word in ("hidden-secret", "opens-what", "looked", "\x1b"))


@pytest.mark.django_db
def test_a_page_from_the_cache_is_told_under_the_name_of_each_request(desk: Desk, settings: Settings) -> None:
    settings.MIDDLEWARE = ["newsroom.logs.RequestMiddleware", *settings.MIDDLEWARE]
    client = Client()
    first, second = (client.get("/en/", headers={"x-request-id": name}) for name in ("request-1", "request-2"))
    assert (first["X-Request-ID"], second["X-Request-ID"]) == ("request-1", "request-2")
    assert first["ETag"] == second["ETag"]
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    assert "X-Request-ID" not in Client().get("/en/")
