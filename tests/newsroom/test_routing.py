"""Who is asked, the primary or its replica: what anybody is shown is never older than what the primary said before."""

import pytest
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
