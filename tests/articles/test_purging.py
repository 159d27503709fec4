"""What changes is noted by the database, summed up, and told to an edge."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test import Client

from articles import purging, watching
from articles.models import Author, Category, Invalidation, invalidation
from sources.frozen import missing
from sources.models import Source
from tests import factories
from tests.articles.afterwards import withdrawn
from tests.articles.test_views import PUBLIC_TABLES
from tests.factories import Desk

pytestmark = pytest.mark.django_db

# What readers see of these, they see by a publication alone, whose stamp every move raises; search is never kept.
BY_A_MOVE = {
    "articles_publication", "articles_version", "articles_versionsource", "articles_versionauthor",
    "articles_reviewstatus", "articles_correction",
}  # fmt: skip
SEARCH = {"articles_searchentry", "articles_searchwords"}
OF_THE_CACHE = {"articles_invalidation", "articles_address"}


class Edge(BaseHTTPRequestHandler):
    """Keeps what it is told; answers as it is bidden."""

    told: list[tuple[str, str, str]] = []
    status = 200

    def do_PURGE(self) -> None:
        Edge.told.append((self.command, self.path, self.headers["Surrogate-Key"]))
        self.send_response(Edge.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def edge(settings: Any) -> Iterator[type[Edge]]:
    Edge.told, Edge.status = [], 200
    server = HTTPServer(("127.0.0.1", 0), Edge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EDGE_PURGE_URL = f"http://127.0.0.1:{server.server_port}/pages"
    yield Edge
    server.shutdown()
    server.server_close()


def noted() -> list[int | None]:
    """And then forgotten."""
    found = list(Invalidation.objects.order_by("pk").values_list("article_id", flat=True))
    Invalidation.objects.all().delete()
    return found


def test_each_table_that_readers_see_is_watched_or_reached_by_a_move() -> None:
    watched = {name.removesuffix("_seen") for name in (*watching.FRAME, *watching.PICTURES)}
    assert watched | BY_A_MOVE | SEARCH == PUBLIC_TABLES - OF_THE_CACHE
    assert missing(connection) == []


@pytest.mark.parametrize("table", [name.removesuffix("_seen") for name in watching.FRAME])
def test_a_watch_that_is_gone_is_missed(table: str) -> None:
    (trigger, *_others) = watching.Watch(table).triggers(connection.vendor)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(trigger.drop)
        assert missing(connection) == [f"trigger {trigger.name}"]
        transaction.set_rollback(True)


def test_whatever_changes_by_whatever_door_is_noted(desk: Desk) -> None:
    noted()
    category = Category.objects.create(name_en="New", slug_en="new")
    assert noted() == [None, None]  # with the address that is kept
    Category.objects.filter(pk=category.pk).update(name_en="Newer")
    assert noted() == [None]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_category SET name_en = 'Newest' WHERE id = %s", [category.pk])
    assert noted() == [None]
    Author.objects.bulk_create([Author(name="A", slug="a"), Author(name="B", slug="b")])
    assert noted() == [None, None]
    Author.objects.filter(slug="a").delete()
    assert noted() == [None]


def test_a_move_is_noted_for_its_article_alone_and_undone_with_it(desk: Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    publication = factories.published(article, desk=desk)
    noted()
    before = invalidation.stamp(), invalidation.stamp_at("headline-alpha")
    with transaction.atomic():
        withdrawn(article, desk=desk)
        transaction.set_rollback(True)
    assert (invalidation.stamp(), invalidation.stamp_at("headline-alpha")) == before
    withdrawn(article, desk=desk)
    assert invalidation.stamp() != before[0]
    assert invalidation.stamp_at("headline-alpha") != before[1]
    assert set(noted()) == {publication.article_id}


def test_no_state_comes_back_by_counting(desk: Desk) -> None:
    """A database that was restored, and then changed otherwise, has other stamps than those a cache may know."""
    factories.category()
    stamps = set()
    for _time in range(20):
        with transaction.atomic():
            Category.objects.update(name_en="Once more")
            stamps.add(invalidation.stamp())
            transaction.set_rollback(True)
    assert len(stamps) == 20


def test_without_an_edge_they_are_summed_up_and_no_stamp_changes(desk: Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    before = invalidation.stamp(), invalidation.stamp_at("headline-alpha")
    assert Invalidation.objects.count() > 2
    assert purging.purge_due() > 2
    assert sorted(Invalidation.objects.values_list("told", flat=True)) == [True, True]
    assert (invalidation.stamp(), invalidation.stamp_at("headline-alpha")) == before
    Category.objects.update(name_en="Other")
    between = invalidation.stamp()
    assert (purging.purge_due(), purging.purge_due()) == (1, 0)
    assert (invalidation.stamp(), Invalidation.objects.count()) == (between, 2)


def test_the_edge_is_told_of_lists_and_of_each_address_that_the_article_had(desk: Desk, edge: type[Edge]) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    for language in ("en", "vi"):
        factories.published(article, language, desk=desk)
    call_command("tick")
    edge.told.clear()
    withdrawn(article, desk=desk)
    call_command("tick")
    call_command("tick")
    assert edge.told == [("PURGE", "/pages", "lists at-headline-alpha at-tieu-de-alpha")]


def test_of_what_is_on_every_page_it_is_told_once(desk: Desk, edge: type[Edge]) -> None:
    factories.source()
    Source.objects.update(name_en="Other")
    call_command("tick")
    assert edge.told == [("PURGE", "/pages", "site")]


def test_no_header_grows_without_bound(desk: Desk, edge: type[Edge], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "MOST_KEYS", 2)
    article = factories.article(desk.an)
    for language in ("en", "vi"):
        factories.in_review(article, language, desk=desk)
    Invalidation.objects.filter(article_id=None).delete()
    assert purging.purge_due() > 0
    assert [keys for _method, _path, keys in edge.told] == ["lists at-headline-alpha", "at-tieu-de-alpha"]


def test_an_edge_that_fails_is_told_again_later_and_later(desk: Desk, edge: type[Edge]) -> None:
    factories.category()
    edge.status = 503
    stamp = invalidation.stamp()
    waits = []
    for _try in range(3):
        assert purging.purge_due() == 0
        row = Invalidation.objects.earliest("pk")
        waits.append((row.attempts, row.last_error, Invalidation.objects.due().exists()))
        Invalidation.objects.update(next_try=Now())
    assert waits == [(n, "HTTPError: HTTP Error 503: Service Unavailable", False) for n in (1, 2, 3)]
    edge.status = 200
    assert purging.purge_due() > 0
    assert (len(edge.told), invalidation.stamp(), Invalidation.objects.untold().count()) == (4, stamp, 0)


def test_an_edge_that_is_down_stops_nothing_else_of_the_tick(desk: Desk, settings: Any) -> None:
    settings.EDGE_PURGE_URL = "http://127.0.0.1:9/"
    factories.category()
    call_command("tick")
    row = Invalidation.objects.earliest("pk")
    assert (row.attempts, row.told, row.next_try > row.at) == (1, False, True)
    assert row.next_try - row.at < purging.LONGEST_WAIT + timedelta(minutes=1)


# --- at once -----------------------------------------------------------------------------------------


def test_a_move_tells_the_edge_as_it_is_committed_and_the_tick_once_more(
    desk: Desk, edge: type[Edge], django_capture_on_commit_callbacks: Any
) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    call_command("tick")
    edge.told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        withdrawn(article, desk=desk)
        assert edge.told == []
    assert edge.told == [("PURGE", "/pages", "lists at-headline-alpha")]
    call_command("tick")
    assert edge.told == [("PURGE", "/pages", "lists at-headline-alpha")] * 2


def test_an_edge_that_does_not_hear_of_a_move_at_once_stops_nothing_and_hears_of_it_later(
    desk: Desk, edge: type[Edge], django_capture_on_commit_callbacks: Any
) -> None:
    article, edge.status = factories.article(desk.an), 503
    with django_capture_on_commit_callbacks(execute=True):
        publication = factories.in_review(article, desk=desk)
    assert (publication.in_review.number, len(edge.told)) == (1, 1)
    assert Invalidation.objects.due().filter(article_id=article.pk).exists()


def test_an_edge_may_be_told_of_a_card_on_which_the_headline_stands(desk: Desk, settings: Any, client: Client) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    settings.EDGE_PURGE_URL = "http://127.0.0.1:9/"
    card = client.get("/en/articles/headline-alpha/card-x.png", follow=True)
    assert (card["Content-Type"], card["Surrogate-Key"]) == ("image/png", "site at-headline-alpha")
