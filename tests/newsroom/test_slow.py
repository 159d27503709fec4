"""Slow statements are told in the log: where the setting says so, and without the words that were asked with."""

import runpy
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from newsroom.slow import LONGEST, SlowQueryMiddleware

MIDDLEWARE = "newsroom.slow.SlowQueryMiddleware"


def asks(request: HttpRequest) -> HttpResponse:
    User.objects.filter(username="a secret word").exists()
    return HttpResponse()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "newsroom.slow"]


@pytest.mark.django_db
@pytest.mark.parametrize(("bound", "count"), [(0.000001, 1), (60_000, 0)])
def test_a_statement_is_told_where_it_takes_as_long(
    bound: float, count: int, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SLOW_QUERY_MS = bound
    SlowQueryMiddleware(asks)(RequestFactory().get("/"))
    said = lines(caplog)
    assert len(said) == count
    for line in said:
        assert " ms on default: SELECT " in line
        assert "secret" not in line
    assert connection.execute_wrappers == []  # nobody else's


@pytest.mark.django_db
def test_one_that_fails_is_told_too_and_fails_all_the_same(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def wrong(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT\n  nothing" + " " * 5 + ", x" * LONGEST)
        return HttpResponse()

    settings.SLOW_QUERY_MS = 0.000001
    with pytest.raises(DatabaseError):
        SlowQueryMiddleware(wrong)(RequestFactory().get("/"))
    [line] = lines(caplog)
    assert "SELECT nothing , x, x" in line
    assert len(line) < LONGEST + 50


@pytest.mark.parametrize(("value", "there"), [("0", False), ("200", True)])
def test_it_is_there_where_the_setting_says_so(value: str, there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLOW_QUERY_MS", value)
    made = runpy.run_path(str(Path(site.BASE_DIR, "newsroom", "settings.py")))
    assert (MIDDLEWARE in made["MIDDLEWARE"]) is there
