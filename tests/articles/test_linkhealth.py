"""What becomes of a link after one more look: nothing but failures over days calls it dead."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.linkhealth import AGAIN, DEAD_AFTER, EVERY, SOON, Health, LinkState, after, failed
from sources.fetching import Fetched, Reason
from sources.pagetext import Facts

URL = "https://example.org/a"
NOON = datetime.fromisoformat("2026-11-26T12:00+07:00")
NEW = Health(NOON)
OPEN = Fetched(URL, 200, ("192.0.2.1",), "a" * 64, Facts("A page"))
GONE = Fetched(URL, 404)
DAY = timedelta(days=1)
found = st.builds(
    Fetched,
    st.sampled_from([URL, "https://example.org/b", "http://www.example.org/a/"]),
    st.none() | st.sampled_from([200, 204, 302, 401, 403, 404, 410, 429, 500, 503]),
    text_hash=st.sampled_from(["", "a" * 64, "b" * 64]),
    reason=st.none() | st.sampled_from(Reason),
)


def looks(*steps: tuple[Fetched, timedelta], connected: bool = True) -> Health:
    health, at = NEW, NOON
    for answer, later in steps:
        at += later
        health = after(URL, health, answer, at, connected=connected)
    return health


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (OPEN, LinkState.LIVE),
        (replace(OPEN, url="http://www.example.org/a/"), LinkState.LIVE),
        (replace(OPEN, url="https://example.org/"), LinkState.MOVED),
        (replace(OPEN, text_hash="", reason=Reason.NOT_TEXT), LinkState.LIVE),
        (replace(OPEN, text_hash="", reason=Reason.COMPRESSED), LinkState.LIVE),
        (replace(OPEN, text_hash="", reason=Reason.TIME), LinkState.LIVE),
        (GONE, LinkState.UNKNOWN),
        (Fetched(URL, 403), LinkState.UNKNOWN),
        (Fetched(URL, reason=Reason.ADDRESS), LinkState.UNKNOWN),
        (Fetched(URL, reason=Reason.INSIDE), LinkState.UNKNOWN),
    ],
)
def test_the_first_look(answer: Fetched, state: LinkState) -> None:
    assert looks((answer, DAY)).state == state


@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        (Fetched(URL, 404), True), (Fetched(URL, 410), True), (Fetched(URL, 500), True), (Fetched(URL, 503), True),
        (Fetched(URL, 401), False), (Fetched(URL, 403), False), (Fetched(URL, 429), False), (Fetched(URL, 302), False),
        (Fetched(URL, reason=Reason.NAME), True), (Fetched(URL, reason=Reason.CONNECT), True),
        (Fetched(URL, reason=Reason.TLS), True), (Fetched(URL, reason=Reason.TIME), True),
        (Fetched(URL, 301, reason=Reason.BROKEN), True), (Fetched(URL, 301, reason=Reason.REDIRECTS), True),
        (Fetched(URL, 301, reason=Reason.INSIDE), False), (Fetched(URL, 301, reason=Reason.DOWNGRADE), False),
        (Fetched(URL, reason=Reason.ADDRESS), False), (Fetched(URL, 200, reason=Reason.BROKEN), False),
    ],
)  # fmt: skip
def test_what_counts_against_a_link(answer: Fetched, counts: bool) -> None:
    assert failed(answer) is counts


def test_three_failures_on_three_days_make_a_link_dead_and_one_answer_brings_it_back() -> None:
    two = looks((OPEN, DAY), (GONE, 7 * DAY), (GONE, DAY))
    assert (two.state, two.attempts, two.failing_since) == (LinkState.LIVE, 2, NOON + 8 * DAY)
    at = NOON + 10 * DAY
    dead = after(URL, two, GONE, at, connected=True)
    assert dead == replace(
        NEW, state=LinkState.DEAD, status=404, final_url=URL, first_hash="a" * 64, text_hash="a" * 64, checked_at=at,
        attempts=3, failing_since=NOON + 8 * DAY, next_check=at + EVERY,
    )  # fmt: skip
    back = after(URL, dead, OPEN, at + EVERY, connected=True)
    assert (back.state, back.attempts, back.failing_since, back.last_error) == (LinkState.LIVE, 0, None, "")


def test_a_bad_evening_kills_nothing_however_often_it_is_looked_at() -> None:
    evening = looks((OPEN, DAY), *[(GONE, timedelta(minutes=10))] * 20)
    assert (evening.state, evening.attempts) == (LinkState.LIVE, 20)


def test_our_own_network_down_for_a_week_kills_nothing() -> None:
    down = Fetched(URL, reason=Reason.NAME)
    known = looks((OPEN, DAY))
    health = known
    for hour in range(24 * 7):
        at = NOON + DAY + timedelta(hours=hour)
        health = after(URL, health, down, at, connected=False)
    assert health == replace(known, next_check=at + SOON)


def test_words_that_differ_from_those_first_read_are_changed_until_they_are_those_again() -> None:
    other = replace(OPEN, text_hash="b" * 64)
    changed = looks((OPEN, DAY), (other, DAY))
    assert (changed.state, changed.first_hash, changed.text_hash) == (LinkState.CHANGED, "a" * 64, "b" * 64)
    assert looks((OPEN, DAY), (other, DAY), (other, DAY)).state == LinkState.CHANGED
    assert looks((OPEN, DAY), (other, DAY), (OPEN, DAY)).state == LinkState.LIVE


def test_a_refusal_to_machines_neither_counts_nor_heals() -> None:
    refused = looks((OPEN, DAY), (GONE, DAY), (Fetched(URL, 403), DAY))
    assert (refused.state, refused.attempts, refused.status) == (LinkState.LIVE, 1, 403)
    assert refused.next_check == NOON + 4 * DAY
    assert looks((OPEN, DAY), (Fetched(URL, 403), DAY)).next_check == NOON + 2 * DAY + EVERY


@given(st.lists(st.tuples(found, st.timedeltas(timedelta(minutes=1), timedelta(days=9)), st.booleans()), max_size=12))
def test_whatever_is_found_dead_means_three_failures_over_days(steps: list[tuple[Fetched, timedelta, bool]]) -> None:
    health, at, row = NEW, NOON, 0
    for answer, later, connected in steps:
        at += later
        before = health
        health = after(URL, health, answer, at, connected=connected)
        assert at < health.next_check <= at + EVERY
        row = 0 if answer.status in {200, 204} else row + (health.attempts > before.attempts)
        assert health.attempts == row
        assert (health.attempts == 0) == (health.failing_since is None)
        if health.state == LinkState.DEAD:
            assert health.attempts >= DEAD_AFTER
            assert health.failing_since is not None
            assert at - health.failing_since > AGAIN
