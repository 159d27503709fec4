"""Who is asked, the primary or its replica: what anybody is shown is never older than what the primary said before."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django.http import HttpRequest, HttpResponse

from articles.models import Category
from newsroom import routing
from newsroom.routing import PRIMARY, REPLICA, ReplicaMiddleware, Router
from tests import factories


def asked() -> str:
    return Router().db_for_read(Category)


# --- the rules ---------------------------------------------------------------------------------------


def test_nobody_asks_the_replica_who_does_not_say_so() -> None:
    assert asked() == PRIMARY
    with routing.reading(REPLICA):
        assert asked() == REPLICA
        with routing.reading(PRIMARY):
            assert asked() == PRIMARY
        assert asked() == REPLICA
    assert asked() == PRIMARY


@pytest.mark.django_db
def test_what_is_in_a_transaction_reads_what_it_wrote() -> None:
    with routing.reading(REPLICA):
        category = factories.category()
        assert asked() == PRIMARY
        assert Category.objects.get() == category


def test_whatever_is_read_where_all_is_written_to_the_primary() -> None:
    with routing.reading(REPLICA):
        assert Router().db_for_write(Category) == PRIMARY
    assert [Router().allow_migrate(name, "articles") for name in (PRIMARY, REPLICA)] == [True, False]


def test_what_is_streamed_is_read_where_the_page_was_begun_and_nothing_between() -> None:
    parts = routing._streamed((asked().encode() for _time in range(2)), REPLICA)
    assert [next(parts), asked().encode(), next(parts), next(parts, b"")] == [
        REPLICA.encode(), PRIMARY.encode(), REPLICA.encode(), b"",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "a_readers"),
    [("/en/", True), ("/vi/search/", True), ("/sitemap-1.xml", True), ("/news-sitemap.xml", True), ("/trust.txt", True),
     ("/pictures/a/1-1-480.webp", True), ("/en/preview/token/", False), ("/admin/", False), ("/", False),
     ("/readyz", False), ("/fr/", False)],
)  # fmt: skip
def test_only_what_readers_are_named_for_may_be_asked_of_the_replica(path: str, a_readers: bool) -> None:
    assert bool(ReplicaMiddleware(lambda request: HttpResponse()).pages.match(path)) == a_readers


def test_who_is_signed_in_or_sends_something_is_no_reader() -> None:
    def is_one(method: str, cookie: str = "") -> bool:
        request = HttpRequest()
        request.method, request.META["HTTP_COOKIE"] = method, cookie
        return routing.a_reader(request)

    assert is_one("GET")
    assert is_one("HEAD", "django_language=vi")
    assert not is_one("POST")
    assert not is_one("GET", "django_language=vi; sessionid=x")


@pytest.mark.parametrize(("waited", "asked_again_after"), [(0.0, 0.0), (3.0, 30.0)])
def test_who_refuses_is_asked_again_at_once_who_lets_us_wait_after_ten_times_as_long(
    waited: float, asked_again_after: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, questions = [100.0], []

    def no_answer(database: str) -> str:
        questions.append(database)
        now[0] += waited
        raise Error("nobody is there")

    monkeypatch.setattr(routing, "monotonic", lambda: now[0])
    monkeypatch.setattr(routing, "_asked", lambda ask, database: ask(database))
    monkeypatch.setattr(routing, "_let_be", {})
    for later, count in ((0.0, 1), (asked_again_after - 0.1, 1 if waited else 2), (0.2, 2 if waited else 3)):
        now[0] += max(later, 0)
        with pytest.raises(Error):
            routing._unless_let_be(no_answer, PRIMARY)
        assert len(questions) == count


# --- as it is set ------------------------------------------------------------------------------------


@pytest.fixture
def with_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    def read(**environment: str) -> dict[str, Any]:
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'desk.sqlite3'}")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(Path(site.BASE_DIR, "newsroom", "settings.py")))

    return read


def test_without_a_replica_nobody_is_asked_where_to_ask(with_settings: Any) -> None:
    made = with_settings()
    assert set(made["DATABASES"]) == {PRIMARY}
    assert "DATABASE_ROUTERS" not in made
    assert "newsroom.routing.ReplicaMiddleware" not in made["MIDDLEWARE"]


def test_a_replica_is_set_as_its_primary_is_and_stands_behind_the_page_cache(with_settings: Any) -> None:
    made = with_settings(DATABASE_URL="postgres://desk@one/news", DATABASE_REPLICA_URL="postgres://reader@two/news")
    one, two = made["DATABASES"][PRIMARY], made["DATABASES"][REPLICA]
    assert one["OPTIONS"] == two["OPTIONS"]
    assert (one["HOST"], two["HOST"], two["USER"]) == ("one", "two", "reader")
    assert made["MIDDLEWARE"][:2] == [
        "newsroom.page_cache.PageCacheMiddleware", "newsroom.routing.ReplicaMiddleware",
    ]  # fmt: skip
    assert made["DATABASE_ROUTERS"] == ["newsroom.routing.Router"]


def test_a_replica_of_another_kind_stops_the_start(with_settings: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_REPLICA_URL "):
        with_settings(DATABASE_REPLICA_URL="postgres://reader@two/news")


def test_threads_share_a_pool_where_one_is_set_and_what_an_address_says_goes_before(with_settings: Any) -> None:
    url = "postgres://desk@one/news?sslmode=verify-full&connect_timeout=9"
    alone = with_settings(DATABASE_URL=url)["DATABASES"][PRIMARY]
    assert (alone["CONN_MAX_AGE"], alone["OPTIONS"].get("pool")) == (60, None)
    assert (alone["OPTIONS"]["sslmode"], alone["OPTIONS"]["connect_timeout"]) == ("verify-full", 9)
    shared = with_settings(DATABASE_URL=url, DATABASE_POOL="4")["DATABASES"][PRIMARY]
    assert (shared["CONN_MAX_AGE"], shared["OPTIONS"]["pool"]["max_size"]) == (0, 4)


def test_https_is_believed_of_the_header_that_is_set_and_of_no_other(with_settings: Any) -> None:
    assert with_settings()["SECURE_PROXY_SSL_HEADER"] is None
    made = with_settings(HTTPS_HEADER="X-Forwarded-Proto")
    assert made["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
