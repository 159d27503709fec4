"""What a dead link does: half of what its citation moved is left, from the next approval or reassessment on."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from articles import refusing, workflow
from articles.assessing import assess, screen_hash
from articles.linkhealth import LinkState
from articles.models import Link, ReviewStatus
from articles.states import Move
from tests import factories
from tests.articles.admin.conftest import page
from tests.articles.steps import everything, now, refused
from tests.factories import Desk

URL = "https://gone.org/1"


@pytest.fixture(autouse=True)
def _english() -> None:
    translation.activate("en")


def percent(desk: Desk, marker: str = "Alpha", **cited: str) -> tuple[int | None, bool]:
    """Of an article that cites one tier 1 source, first-hand; not verified."""
    article = factories.article(desk.an, marker)
    factories.cite(article, desk.an, url=URL, **cited)
    version = factories.in_review(article, desk=desk).in_review
    assert version is not None
    workings = assess(version).workings
    return workings.percent, workings.rows[0].reachable


def test_a_dead_link_halves_what_its_citation_moves(desk: Desk) -> None:
    assert percent(desk) == (58, True)
    factories.dead(URL)
    assert percent(desk, "Beta") == (46, False)  # 1/3 + (5/6 − 1/3) × 1/2 × 1/2


def test_an_archived_copy_keeps_it_open(desk: Desk) -> None:
    factories.dead(URL)
    assert percent(desk, archive_url="https://archive.org/1") == (58, True)


@pytest.mark.parametrize("state", [state for state in LinkState if state != LinkState.DEAD])
def test_whatever_else_was_found_changes_no_number(desk: Desk, state: LinkState) -> None:
    factories.dead(URL)
    Link.objects.update(state=state)
    assert percent(desk) == (58, True)


def test_another_link_of_the_same_site_is_another_link(desk: Desk) -> None:
    factories.dead(URL + "0")
    assert percent(desk) == (58, True)


def test_what_readers_have_stays_as_approved_until_it_is_reassessed(desk: Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, url=URL)
    live = factories.published(article, desk=desk)
    public, nothing_new = "/en/articles/headline-alpha/", refusing.refusal(live, Move.REASSESS, desk.binh)
    assert nothing_new is not None
    before = Client().get(public).content
    rows = everything()
    factories.dead(URL)
    assert everything() == rows
    assert Client().get(public).content == before
    live = now(live)
    assert refusing.refusal(live, Move.REASSESS, desk.binh) is None
    assert live.live is not None
    seen = screen_hash(live.live, assess(live.live))
    workflow.reassess(live, by=desk.binh, seen=seen, note="The page is gone.")
    said = "tier 1, first-hand, not yet verified by us, no longer open to readers"
    assert said not in before.decode()
    assert said in Client().get(public).content.decode()
    assert refusing.refusal(now(live), Move.REASSESS, desk.binh) == nothing_new
    Link.objects.update(state=LinkState.LIVE)  # it is back
    assert refusing.refusal(now(live), Move.REASSESS, desk.binh) is None


def test_a_link_that_dies_while_a_reviewer_reads_stops_the_approval(desk: Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, url=URL)
    publication = factories.in_review(article, desk=desk)
    seen = factories.seen(publication)
    factories.dead(URL)
    with refused("Something changed while you were reading. Look again, then approve."):
        workflow.approve(publication, by=desk.binh, seen=seen, note="Fine.")
    workflow.approve(publication, by=desk.binh, seen=factories.seen(publication), note="Fine.")
    assert ReviewStatus.objects.latest("pk").status == "approved"


def test_the_reviewer_sees_what_was_found_beside_each_citation(desk: Desk) -> None:
    article = factories.article(desk.an)
    for number in range(6):
        factories.cite(article, desk.an, url=f"https://gone.org/{number}")
    publication = factories.in_review(article, desk=desk)
    at = timezone.now()
    day = f"{timezone.localtime(at).day} {timezone.localtime(at):%B %Y}"
    for number, facts in enumerate(
        [
            {},
            {"state": LinkState.LIVE, "attempts": 1, "status": None, "last_error": "name"},
            {"state": LinkState.LIVE, "attempts": 2, "status": 503},
            {"state": LinkState.MOVED, "attempts": 0, "failing_since": None, "final_url": "https://b.org/<x>"},
            {"state": LinkState.CHANGED, "attempts": 0, "failing_since": None, "final_url": URL},
        ]
    ):
        factories.dead(f"https://gone.org/{number}", since=at)
        Link.objects.filter(url=f"https://gone.org/{number}").update(**facts)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(desk.binh)
    shown = page(browser.get(f"/admin/articles/publication/{publication.pk}/review/"))
    found = [
        next(line.words for line in shown.all("p") if item in line.within and "The link" in line.words)
        for item in shown.all("li")
        if "data-citation" in item.attributes
    ]
    assert found == [
        f"The link has been dead since {day}: the answer was 404.",
        f"The link failed once, on {day}: The name of the host is not known.",
        f"The link failed 2 times in a row since {day}: the answer was 503.",
        f"The link was checked on {day}: leads to another address (https://b.org/<x>).",
        f"The link was checked on {day}: its words have changed.",
        "The link has not been checked yet.",
    ]


def test_however_many_citations_are_dead_it_is_one_question(desk: Desk) -> None:
    counts = []
    for many in (1, 30):
        article = factories.article(desk.an, f"With {many}")
        for number in range(many):
            factories.dead(factories.cite(article, desk.an, url=f"https://gone.org/{many}/{number}").url)
        version = factories.in_review(article, desk=desk).in_review
        assert version is not None
        with CaptureQueriesContext(connection) as queries:
            assess(version)
        counts.append(len(queries))
    assert counts[0] == counts[1]
