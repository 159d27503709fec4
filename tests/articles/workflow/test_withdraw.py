"""Withdrawing: the words go at once and from everywhere, the record and the address stay, nothing undoes itself."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import Address, Article, Correction, Publication, ReviewStatus, Schedule, Version
from articles.states import LiveState, ScheduleState, Status
from tests import factories
from tests.articles.steps import ledger, now, refused

pytestmark = pytest.mark.django_db

REASON = "The document was forged."


def withdraw(publication: Publication, desk: factories.Desk, note: str = REASON) -> ReviewStatus:
    return workflow.withdraw(publication, by=desk.chi, version=1, note=note)


def test_what_was_live_is_withdrawn_with_its_reason_and_date(live: Publication, desk: factories.Desk) -> None:
    before = len(ledger("pk"))
    row = withdraw(live, desk, note=" The document\x07 was forged. ")
    after = now(live)
    assert (after.state, after.live, after.live_approval) == (LiveState.WITHDRAWN, live.live, live.live_approval)
    assert (after.first_published, after.last_published) == (live.first_published, row.at)
    assert ledger("pk", "version__number", "status", "actor", "note")[before:] == [
        (row.pk, 1, Status.WITHDRAWN, desk.chi.pk, REASON)
    ]
    told = Correction.objects.values_list("publication", "from_version", "to_version", "kind", "note", "at", "row")
    assert live.live is not None
    assert list(told) == [(live.pk, live.live.pk, None, "withdrawal", REASON, row.at, row.pk)]


@pytest.mark.parametrize("note", ["", " \n\t ", "\u200b\u202e\x07"])
def test_without_a_reason_nothing_is_withdrawn(note: str, live: Publication, desk: factories.Desk) -> None:
    with refused("Write a note: it says why."):
        withdraw(live, desk, note=note)


@pytest.mark.parametrize("version", [0, 2])
def test_a_number_that_is_not_live_is_refused(version: int, newer: Publication, desk: factories.Desk) -> None:
    with refused("Version 1 took its place meanwhile. Look again."):
        workflow.withdraw(newer, by=desk.chi, version=version, note=REASON)


def test_it_is_withdrawn_once(live: Publication, desk: factories.Desk) -> None:
    withdraw(live, desk)
    with refused("Nothing of this language is live."):
        withdraw(live, desk)


def test_its_schedule_is_off_and_never_goes_out(newer: Publication, desk: factories.Desk) -> None:
    due = timezone.now() + timedelta(hours=1)
    workflow.schedule(newer, by=desk.chi, version=2, due=due, kind="update", note="New.")
    before = len(ledger("pk"))
    withdraw(newer, desk)
    assert ledger("version__number", "status")[before:] == [(2, Status.UNSCHEDULED), (1, Status.WITHDRAWN)]
    after = now(newer)
    assert (after.scheduled, after.approved) == (None, newer.approved)
    assert Schedule.objects.get().state == ScheduleState.CANCELLED
    Schedule.objects.update(due=timezone.now() - timedelta(hours=1), next_try=timezone.now() - timedelta(hours=1))
    assert not Schedule.objects.due().exists()
    assert workflow.release(newer) is None
    assert now(newer).state == LiveState.WITHDRAWN


def test_address_versions_and_ledger_stay(live: Publication, desk: factories.Desk) -> None:
    kept = (Address.objects.values, Version.objects.values)
    before, rows = [list(values()) for values in kept], ledger("pk", "hash")
    withdraw(live, desk)
    assert [list(values()) for values in kept] == before
    assert ledger("pk", "hash")[: len(rows)] == rows


def test_the_address_stays_its_own(live: Publication, desk: factories.Desk) -> None:
    withdraw(live, desk)
    other = factories.article(desk.an, "Beta", slug_en="headline-alpha")
    with refused("The address “headline-alpha” belongs to another article. Choose another one."):
        workflow.submit(other, "en", by=desk.an)


def test_the_words_are_gone_from_every_page_at_once(article: Article, live: Publication, desk: factories.Desk) -> None:
    factories.published(article, "vi", desk=desk)
    pages = ["/en/", "/en/articles/headline-alpha/", "/vi/articles/headline-alpha/", "/vi/articles/tieu-de-alpha/"]
    read = {page: Client().get(page, follow=True).content.decode() for page in pages}
    assert "Opening Alpha." in read["/en/articles/headline-alpha/"]
    withdraw(live, desk)
    for page in pages:
        words = Client().get(page, follow=True).content.decode()
        assert "Headline Alpha" not in words
        assert "Summary Alpha" not in words
        assert "Opening Alpha" not in words
    assert "Mở đầu Alpha." in Client().get("/vi/articles/tieu-de-alpha/").content.decode()


def test_the_other_language_stays_live(article: Article, live: Publication, desk: factories.Desk) -> None:
    other = factories.published(article, "vi", desk=desk)
    withdraw(live, desk)
    after = now(other)
    assert (after.state, after.live, after.last_published) == (LiveState.LIVE, other.live, other.last_published)


def test_what_is_withdrawn_has_no_reassessment_and_is_in_no_list(live: Publication, desk: factories.Desk) -> None:
    withdraw(live, desk)
    assert not Publication.objects.live().exists()
    with refused("Nothing of this language is live."):
        workflow.reassess(live, by=desk.binh, seen="", note="New.")


def test_a_clock_set_back_dates_nothing_back(live: Publication, desk: factories.Desk) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        row = withdraw(live, desk)
    assert live.first_published is not None
    assert row.at >= live.first_published
    assert (now(live).last_published, Correction.objects.get().at) == (row.at, row.at)
