"""Which links are looked at, in which order, how politely, and what is kept: on real rows, with a fetch of our own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from articles import linking
from articles.linkhealth import LinkState
from articles.models import Article, Link
from sources.fetching import Fetched, Fetcher, Reason
from sources.pagetext import Facts
from tests import factories
from tests.articles.steps import everything
from tests.factories import Desk
from tests.sources.hostile import HOME, hostile, page

NOON = datetime.fromisoformat("2026-11-26T12:00+07:00")
A, B, C = "https://a.org/1", "https://a.org/2", "https://b.org/1"


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


class Web:
    """What is at each address; whatever is not there is down. `asked` is in order."""

    def __init__(self) -> None:
        self.pages: dict[str, Fetched] = {}
        self.asked: list[str] = []

    def __call__(self, url: str) -> Fetched:
        assert not connection.savepoint_ids  # nothing is held while a page is fetched
        self.asked.append(url)
        return self.pages.get(url, Fetched(url, reason=Reason.CONNECT))

    def put(self, *urls: str, status: int = 200) -> None:
        self.pages |= {url: Fetched(url, status, ("192.0.2.1",), "a" * 64 if status == 200 else "") for url in urls}


def kept(*urls: str) -> None:
    Link.objects.bulk_create(Link.to(url, timezone.now()) for url in urls)


def states() -> dict[str, tuple[str, int]]:
    return {link.url: (link.state, link.attempts) for link in Link.objects.order_by("url")}


@pytest.mark.django_db(transaction=True)
def test_whoever_cites_makes_the_row_and_only_a_saved_citation_does(transactional_db: None) -> None:
    desk = factories.desk()
    article = factories.article(desk.an)
    with time_machine.travel(NOON, tick=False):
        citation = factories.cite(article, desk.an, url=f" {A}")
    factories.cite(article, desk.an, url=A)
    [link] = Link.objects.all()
    assert (link.url, link.host, link.next_check) == (A, "a.org", NOON + timedelta(minutes=10))
    citation.url = B
    citation.save(by=desk.an)
    assert set(states()) == {A, B}


def test_what_is_cited_by_drafts_and_by_versions_is_kept_and_the_rest_is_dropped(desk: Desk) -> None:
    article = factories.article(desk.an)
    citation = factories.cite(article, desk.an, url=A)
    factories.published(article, desk=desk)
    citation.url = B
    citation.save(by=desk.an)
    kept(C)
    linking.keep_cited()
    assert set(states()) == {A, B}
    before = everything(), list(Link.objects.values())
    linking.keep_cited()
    assert (everything(), list(Link.objects.values())) == before
    row = Article.objects.get(pk=article.pk).citations.get()
    row.delete(by=desk.an)
    linking.keep_cited()
    assert set(states()) == {A}


def test_what_is_found_is_kept_and_looked_at_again_in_a_week(clock: time_machine.Traveller) -> None:
    kept(A)
    web = Web()
    web.put(A)
    link = linking.look(web)
    assert link is not None
    assert (link.state, link.status, link.final_url) == (LinkState.LIVE, 200, A)
    assert (link.first_hash, link.text_hash, link.checked_at) == ("a" * 64, "a" * 64, NOON)
    assert linking.look(web) is None
    clock.move_to(NOON + timedelta(days=7))
    assert linking.look(web) == link
    assert web.asked == [A, A]


def test_no_host_is_asked_twice_in_a_second_and_another_goes_first(clock: time_machine.Traveller) -> None:
    kept(A, B, C)
    web = Web()
    web.put(A, B, C)
    while linking.look(web):
        pass
    assert web.asked == [A, C]
    clock.shift(timedelta(seconds=0.9))
    assert linking.look(web) is None
    clock.shift(timedelta(seconds=0.2))
    assert linking.look(web) is not None
    assert web.asked == [A, C, B]


def test_a_link_that_another_worker_has_is_left_to_it(clock: time_machine.Traveller) -> None:
    kept(A)
    web = Web()
    web.put(A)

    def meanwhile(url: str) -> Fetched:
        clock.shift(timedelta(seconds=10))
        assert linking.look(web) is None
        return Fetched(url, 404)

    link = linking.look(meanwhile)
    assert (web.asked, link and link.attempts) == ([], 1)


def test_of_two_workers_who_see_the_same_link_one_looks(clock: time_machine.Traveller) -> None:
    kept(A)
    mine, other = Web(), Web()
    mine.put(A)
    other.put(A)

    def faster(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and not other.asked:
            with connection.execute_wrapper(lambda execute, *rest: execute(*rest)):
                other.asked.append("")
                assert linking.look(other) is not None
        return execute(sql, *rest)

    with connection.execute_wrapper(faster):
        assert linking.look(mine) is None
    assert (mine.asked, other.asked) == ([], ["", A])


def test_the_same_host_proves_nothing_and_another_that_just_answered_is_not_asked_again(
    clock: time_machine.Traveller,
) -> None:
    kept(A)
    web = Web()
    web.put(A, C)
    linking.look(web)
    clock.shift(timedelta(minutes=1))
    kept(B)
    linking.look(web)
    assert states() == {A: ("live", 0), B: ("unknown", 0)}
    kept(C)
    linking.look(web)
    clock.shift(timedelta(minutes=59))
    linking.hasten()
    Link.objects.exclude(url=B).update(next_check=timezone.now() + timedelta(days=1))
    linking.look(web)
    assert states()[B] == ("unknown", 1)
    assert web.asked == [A, B, C, B]


def test_a_fault_loses_one_look_and_stops_no_other(
    clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    kept(A, C)

    def faulty(url: str) -> Fetched:
        if url == A:
            raise RuntimeError
        return Fetched(url, 200)

    while linking.look(faulty):
        pass
    assert states() == {A: ("unknown", 0), C: ("live", 0)}
    assert "could not be looked at" in caplog.text
    clock.shift(timedelta(minutes=16))
    linking.look(Web())
    assert Link.objects.get(url=A).taken_at == NOON + timedelta(minutes=16)


def test_three_days_of_failing_make_a_link_dead_where_others_answer(clock: time_machine.Traveller) -> None:
    kept(A, C)
    web = Web()
    web.put(C)
    found = []
    for day in range(4):
        clock.move_to(NOON + timedelta(days=day))
        while linking.look(web):
            pass
        found.append(states()[A])
    # On the first day nobody had answered yet when it was asked; in an hour it would be asked again.
    assert found == [("unknown", 0), ("unknown", 1), ("unknown", 2), ("dead", 3)]
    assert web.asked == [A, C, A, C, A, C, A, C]  # C the second time and later: whether our own network works


def test_where_nobody_answers_it_is_our_own_network(clock: time_machine.Traveller) -> None:
    kept(C, A)
    web = Web()
    web.put(A, C)
    while linking.look(web):
        pass
    web.pages.clear()
    for hour in range(24 * 10):
        clock.move_to(NOON + timedelta(days=7, hours=hour))
        while linking.look(web):
            pass
    assert states() == {A: ("live", 0), C: ("live", 0)}


def test_a_page_that_says_it_is_gone_needs_no_other_to_answer(clock: time_machine.Traveller) -> None:
    kept(A)
    web = Web()
    web.put(A, status=404)
    for day in range(3):
        clock.move_to(NOON + timedelta(days=day))
        linking.look(web)
    assert states() == {A: ("dead", 3)}
    assert Link.objects.dead().get().failing_since == NOON


def test_all_at_once_leaves_the_days_of_what_fails_alone(clock: time_machine.Traveller) -> None:
    kept(A, C)
    web = Web()
    web.put(C)
    web.put(A, status=404)
    while linking.look(web):
        pass
    clock.shift(timedelta(minutes=1))
    linking.hasten()
    while linking.look(web):
        pass
    assert web.asked == [A, C, C]


def test_two_addresses_of_one_page_are_two_links_and_the_longest_is_one(db: None) -> None:
    longest = "https://ế.org/" + "ế" * 1986
    Link.objects.keep([longest, longest, A, f" {A} "])
    assert Link.objects.count() == 2
    assert Link.objects.of([longest]).get().host == "ế.org".encode("idna").decode()


# --- asked for by an editor --------------------------------------------------------------------------


def test_what_an_editor_asks_for_is_looked_at_before_all_others_whether_it_was_known_or_not(
    clock: time_machine.Traveller,
) -> None:
    kept(A, C)
    clock.shift(timedelta(days=3))
    Link.objects.keep([B])
    Link.objects.ask(B)
    Link.objects.ask(f" {B} ")
    web = Web()
    web.put(A, B, C)
    linking.look(web)
    Link.objects.ask("https://d.org/new")
    linking.look(web)
    assert web.asked == [B, "https://d.org/new"]
    assert Link.objects.get(url=B).next_check == NOON + timedelta(days=10)


def test_a_host_is_asked_for_an_editor_as_politely_as_ever(clock: time_machine.Traveller) -> None:
    web = Web()
    web.put(A, B)
    for url in (A, B):
        Link.objects.ask(url)
    while linking.look(web):
        pass
    assert web.asked == [A]
    clock.shift(timedelta(seconds=1))
    assert linking.look(web) is not None


@pytest.mark.parametrize("status", [200, 403])
def test_what_was_looked_at_in_the_last_hour_is_not_looked_at_again_for_the_asking(
    status: int, clock: time_machine.Traveller
) -> None:
    web = Web()
    web.put(A, status=status)
    Link.objects.ask(A)
    linking.look(web)
    clock.shift(timedelta(minutes=59))
    before = Link.objects.values().get()
    Link.objects.ask(A)
    assert Link.objects.values().get() == before
    clock.shift(timedelta(minutes=2))
    Link.objects.ask(A)
    linking.look(web)
    assert web.asked == [A, A]


def test_asking_neither_hastens_nor_resets_what_is_failing_or_dead(clock: time_machine.Traveller) -> None:
    kept(A)
    web = Web()
    web.put(A, status=404)
    linking.look(web)
    factories.dead(C)
    before = list(Link.objects.order_by("url").values())
    clock.shift(timedelta(hours=5))
    for url in (A, C):
        Link.objects.ask(url)
    assert list(Link.objects.order_by("url").values()) == before


def test_a_link_is_awaited_from_the_asking_to_the_answer(clock: time_machine.Traveller) -> None:
    def awaited() -> bool:
        return Link.objects.get(url=A).awaited

    found = []

    def fetch(url: str) -> Fetched:
        found.append(awaited())
        clock.shift(timedelta(seconds=10))
        Link.objects.ask(A)  # again, while a worker has it: it is not given to another
        assert linking.look(Web()) is None
        return Fetched(url, 200)

    Link.objects.keep([A])
    found.append(awaited())
    Link.objects.ask(A)
    found.append(awaited())
    linking.look(fetch)
    found.append(awaited())
    assert found == [False, True, True, False]


def test_what_a_page_says_of_itself_is_kept_until_it_says_something_else(clock: time_machine.Traveller) -> None:
    kept(A)
    said = []
    for facts in (Facts("A page", "A site"), Facts(), Facts("Another")):
        linking.look(lambda url, facts=facts: Fetched(url, 200, facts=facts))  # type: ignore[misc]
        said.append(Link.objects.get(url=A).said)
        clock.shift(timedelta(days=8))
    assert said == [Facts("A page", "A site"), Facts("A page", "A site"), Facts("Another")]


def test_a_worker_reads_the_facts_of_a_real_answer(db: None) -> None:
    html = "<html lang=vi><title>Cầu mở</title><meta name=author content=Mai><meta property=og:site_name content=Báo>"
    with hostile() as server:
        server.answers["/"] = page(html.encode(), "").replace(b"text/html", b"text/html; charset=utf-8")
        url = f"http://a.test:{server.port}/"
        ports = frozenset({server.port})
        Link.objects.ask(url)
        linking.look(Fetcher(resolve=lambda host, port: [HOME], judge=HOME.__eq__, ports=ports).fetch)
    assert Link.objects.get().said == Facts("Cầu mở", "Báo", "Mai", "", "vi")
