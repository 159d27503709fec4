"""Sending out what is due: once, never early, whatever was done meanwhile; a failure is kept and tried again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from articles import due, workflow
from articles.models import Article, Correction, Publication, ReviewStatus, Schedule
from articles.states import LiveState, ScheduleState, Status
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def scheduled(publication: Publication, desk: factories.Desk, *, ago: timedelta = SECOND) -> Publication:
    """With what is approved scheduled, and due since `ago`."""
    assert publication.approved is not None
    number = publication.approved.number
    workflow.schedule(
        publication, by=desk.chi, version=number, due=timezone.now() + HOUR, kind="update", note="More is known."
    )
    come(ago)
    return now(publication)


def come(ago: timedelta = SECOND) -> None:
    """The time of all that is scheduled has come, `ago`."""
    Schedule.objects.update(due=timezone.now() - ago, next_try=timezone.now() - ago)


@pytest.fixture
def waiting(article: Article, desk: factories.Desk) -> Publication:
    """Version 1 approved, scheduled and due; never published."""
    return scheduled(factories.approved(article, desk=desk), desk)


def test_a_first_publication_goes_out_in_the_name_of_who_scheduled_it(
    waiting: Publication, desk: factories.Desk
) -> None:
    before = len(ledger("pk"))
    row = workflow.release(waiting)
    after = now(waiting)
    assert row is not None
    assert (after.state, after.live, after.approved, after.scheduled) == (LiveState.LIVE, waiting.approved, None, None)
    assert (after.first_published, after.last_published) == (row.at, row.at)
    assert ledger("pk", "version__number", "status", "actor", "actor_name", "note")[before:] == [
        (row.pk, 1, Status.PUBLISHED, desk.chi.pk, "Chi", "")
    ]
    assert Schedule.objects.values_list("state", "attempts", "last_error").get() == (ScheduleState.DONE, 0, "")
    assert Correction.objects.count() == 0


def test_a_correction_goes_out_with_the_kind_and_the_note_it_was_scheduled_with(
    newer: Publication, desk: factories.Desk
) -> None:
    row = workflow.release(scheduled(newer, desk))
    assert row is not None
    told = Correction.objects.values_list("from_version__number", "to_version__number", "kind", "note", "at", "row")
    assert list(told) == [(1, 2, "update", "More is known.", row.at, row.pk)]
    assert now(newer).first_published == newer.first_published
    assert ledger("version__number", "status", "note")[-2:] == [
        (1, Status.CORRECTED, "More is known."), (2, Status.PUBLISHED, "More is known."),
    ]  # fmt: skip


def test_it_goes_out_once(waiting: Publication) -> None:
    assert workflow.release(waiting) is not None
    rows = ledger("pk")
    for _again in range(3):
        assert workflow.release(waiting) is None
        assert due.run() == []
    assert ledger("pk") == rows


# --- never early -------------------------------------------------------------------------------------


def test_before_its_time_nothing_goes_out_whatever_this_machines_clock_says(waiting: Publication) -> None:
    """The database's clock decides; the worker's is an hour ahead."""
    ahead = timezone.now() + MINUTE
    Schedule.objects.update(due=ahead, next_try=ahead)
    rows = ledger("pk")
    with time_machine.travel(timezone.now() + HOUR):
        assert workflow.release(waiting) is None
        assert due.run() == []
    assert (ledger("pk"), now(waiting).state) == (rows, LiveState.NEVER)


@pytest.mark.parametrize("ago", [timedelta(milliseconds=5), SECOND, timedelta(days=30)], ids=str)
def test_what_came_due_goes_out_however_long_nobody_looked(
    ago: timedelta, article: Article, desk: factories.Desk
) -> None:
    waiting = scheduled(factories.approved(article, desk=desk), desk, ago=ago)
    assert workflow.release(waiting) is not None


@pytest.mark.parametrize("ahead", [timedelta(seconds=30), HOUR, timedelta(days=400)], ids=str)
def test_what_is_to_come_stays(ahead: timedelta, waiting: Publication) -> None:
    come(-ahead)
    assert workflow.release(waiting) is None
    assert due.run() == []
    assert Schedule.objects.get().state == ScheduleState.WAITING


def test_a_clock_set_back_republishes_nothing_and_dates_nothing_back(waiting: Publication) -> None:
    row = workflow.release(waiting)
    assert row is not None
    after, rows = now(waiting), ledger("pk", "at")
    for back in (HOUR, timedelta(days=1)):
        with time_machine.travel(timezone.now() - back):
            assert due.run() == []
            assert workflow.release(waiting) is None
    assert due.run() == []
    assert (ledger("pk", "at"), now(waiting).stamp, now(waiting).first_published) == (rows, after.stamp, row.at)


def test_a_clock_set_back_between_scheduling_and_sending_out_dates_nothing_back(waiting: Publication) -> None:
    come(timedelta(days=2))
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        row = workflow.release(waiting)
    assert row is not None
    times = [at for (at,) in ledger("at")]
    assert times == sorted(times)


# --- whatever was done meanwhile ---------------------------------------------------------------------


def edited(publication: Publication, desk: factories.Desk) -> None:
    edit(publication.article, desk.an, summary_en="Second.", body_en="<p>Never approved.</p>")


def in_review(publication: Publication, desk: factories.Desk) -> None:
    edited(publication, desk)
    workflow.submit(publication.article, "en", by=desk.an)


def approved(publication: Publication, desk: factories.Desk) -> None:
    in_review(publication, desk)
    factories.approve(publication, desk=desk)


def taken_back(publication: Publication, desk: factories.Desk) -> None:
    approved(publication, desk)
    workflow.take_back(publication, by=desk.binh, version=2, note="Wrong.")


def recalled(publication: Publication, desk: factories.Desk) -> None:
    in_review(publication, desk)
    workflow.recall(publication, by=desk.an, version=2)


@pytest.mark.parametrize("meanwhile", [edited, in_review, approved, taken_back, recalled], ids=lambda way: way.__name__)
def test_the_version_that_was_scheduled_goes_out_and_a_later_draft_stays_where_it_is(
    meanwhile: Callable[[Publication, factories.Desk], None], waiting: Publication, desk: factories.Desk
) -> None:
    first = waiting.approved
    meanwhile(waiting, desk)
    before = now(waiting)
    [outcome] = due.run()
    after = now(waiting)
    assert (outcome.publication.pk, outcome.error) == (waiting.pk, "")
    assert (after.live, after.scheduled, after.in_review) == (first, None, before.in_review)
    assert after.approved == (before.approved if before.approved != first else None)
    page = Client().get("/en/articles/headline-alpha/").content.decode()
    assert ("Opening Alpha." in page, "Never approved." in page) == (True, False)


def test_a_version_approved_meanwhile_then_follows_as_a_correction(waiting: Publication, desk: factories.Desk) -> None:
    approved(waiting, desk)
    due.run()
    workflow.correct(waiting, by=desk.chi, version=2, kind="typo", note="Spelling.")
    assert [status for (status,) in ledger("status")][-2:] == [Status.CORRECTED, Status.PUBLISHED]


def test_the_approval_shown_is_its_own_and_not_that_of_the_newer(waiting: Publication, desk: factories.Desk) -> None:
    approval = ReviewStatus.objects.get(version=waiting.approved, status=Status.APPROVED)
    approved(waiting, desk)
    due.run()
    assert now(waiting).live_approval == approval


# --- failures ----------------------------------------------------------------------------------------


def test_a_failure_is_kept_and_tried_again_after_one_two_four_minutes_and_at_most_an_hour(waiting: Publication) -> None:
    waits = []
    for attempt in range(9):
        come()
        before = timezone.now()
        workflow.release_failed(waiting, f"Failure {attempt}.")
        row = Schedule.objects.get()
        assert (row.state, row.attempts, row.last_error) == (ScheduleState.FAILED, attempt + 1, f"Failure {attempt}.")
        assert not Schedule.objects.due().exists()
        waits.append(round((row.next_try - before).total_seconds() / 60, 1))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    come()
    assert workflow.release(waiting) is not None
    assert Schedule.objects.values_list("state", "last_error", "attempts").get() == (ScheduleState.DONE, "", 9)


def test_a_failure_of_what_is_not_due_is_none(waiting: Publication) -> None:
    come(-MINUTE)
    workflow.release_failed(waiting, "Failed.")
    assert Schedule.objects.values_list("state", "attempts", "last_error").get() == (ScheduleState.WAITING, 0, "")
    come()
    workflow.release(waiting)
    workflow.release_failed(waiting, "Failed.")
    assert Schedule.objects.values_list("state", "attempts", "last_error").get() == (ScheduleState.DONE, 0, "")


def test_the_next_try_is_dated_by_the_clock_that_decides_it(waiting: Publication) -> None:
    """The worker's clock is an hour behind: the next try would be before it is due, which the database refuses."""
    with time_machine.travel(timezone.now() - HOUR):
        workflow.release_failed(waiting, "Failed.")
    row = Schedule.objects.get()
    assert (row.state, row.attempts, row.next_try > timezone.now()) == (ScheduleState.FAILED, 1, True)


def test_whoever_may_not_publish_any_more_publishes_nothing_and_the_desk_is_told(
    waiting: Publication, desk: factories.Desk
) -> None:
    desk.chi.groups.clear()
    with refused("Only Publishers may do this."):
        workflow.release(waiting)
    [outcome] = due.run()
    assert Schedule.objects.values_list("state", "attempts", "last_error").get() == (
        ScheduleState.FAILED, 1, outcome.error,
    )  # fmt: skip
    assert outcome.error != ""
    assert now(waiting).state == LiveState.NEVER


def test_one_failure_never_stops_the_rest(desk: factories.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = []
    for name in ("One", "Two", "Three", "Four"):
        row = factories.article(desk.an, name)
        factories.cite(row, desk.an)
        rows.append(scheduled(factories.approved(row, desk=desk), desk))
    come()
    release, left = workflow.release, factories.user("left", "Publishers")
    Schedule.objects.filter(publication=rows[0]).update(by=left)
    left.groups.clear()

    def failing(publication: Publication) -> ReviewStatus | None:
        if publication.pk == rows[2].pk:
            raise OperationalError("the disk is full")
        return release(publication)

    monkeypatch.setattr(workflow, "release", failing)
    outcomes = due.run()
    assert [(outcome.publication.pk, bool(outcome.error)) for outcome in outcomes] == [
        (rows[0].pk, True), (rows[1].pk, False), (rows[2].pk, True), (rows[3].pk, False),
    ]  # fmt: skip
    assert [now(row).state for row in rows] == ["never", "live", "never", "live"]
    states = Schedule.objects.order_by("pk").values_list("state", "attempts")
    assert list(states) == [("failed", 1), ("done", 0), ("failed", 1), ("done", 0)]
    assert "the disk is full" not in Schedule.objects.get(publication=rows[2]).last_error
    monkeypatch.undo()
    come_again = Schedule.objects.filter(state=ScheduleState.FAILED)
    come_again.update(next_try=timezone.now() - MINUTE, due=timezone.now() - HOUR)
    assert [outcome.publication.pk for outcome in due.run() if not outcome.error] == [rows[2].pk]


def test_a_failed_one_can_be_taken_off_or_published_by_hand(waiting: Publication, desk: factories.Desk) -> None:
    workflow.release_failed(waiting, "Failed.")
    workflow.unschedule(waiting, by=desk.chi, version=1)
    assert Schedule.objects.get().state == ScheduleState.CANCELLED
    scheduled(now(waiting), desk)
    workflow.release_failed(waiting, "Failed.")
    workflow.publish(waiting, by=desk.chi, version=1)
    assert list(Schedule.objects.order_by("pk").values_list("state", "last_error")) == [
        ("cancelled", "Failed."), ("done", ""),
    ]  # fmt: skip
    come()
    assert due.run() == []
