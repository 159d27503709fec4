"""Scheduling: what is kept of a day, who may take it off, and that work on later drafts goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles import workflow
from articles.models import Article, Publication, ReviewStatus, Schedule
from articles.states import Place, ScheduleState, Status
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db

PAST = "This time is past. Choose a later one, or publish now."
BERLIN, HANOI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def approved(publication: Publication, desk: factories.Desk) -> Publication:
    factories.approve(publication, desk=desk)
    return publication


def schedule(publication: Publication, desk: factories.Desk, version: int = 1, **said: Any) -> ReviewStatus:
    due = timezone.now() + timedelta(hours=1)
    return workflow.schedule(publication, by=desk.chi, **{"version": version, "due": due, **said})


def test_a_first_publication_waits_for_its_day_and_is_no_correction(
    approved: Publication, desk: factories.Desk
) -> None:
    due, before = timezone.now() + timedelta(days=3), len(ledger("pk"))
    row = schedule(approved, desk, due=due, kind="update", note="Not kept: nothing was published before.")
    [kept] = Schedule.objects.values(
        "version", "due", "next_try", "kind", "note", "by", "state", "attempts", "last_error"
    )
    assert approved.approved is not None
    assert kept == {
        "version": approved.approved.pk, "due": due, "next_try": due, "kind": "", "note": "", "by": desk.chi.pk,
        "state": ScheduleState.WAITING, "attempts": 0, "last_error": "",
    }  # fmt: skip
    assert ledger("pk", "version__number", "status", "actor", "note")[before:] == [
        (row.pk, 1, Status.SCHEDULED, desk.chi.pk, due.isoformat())
    ]
    after = now(approved)
    assert (after.places, after.approved, after.live) == ([Place.SCHEDULED, Place.APPROVED], approved.approved, None)


def test_what_follows_a_published_text_is_scheduled_as_a_correction(newer: Publication, desk: factories.Desk) -> None:
    schedule(newer, desk, 2, kind="clarification", note=" Which river it\x07 is. ")
    assert Schedule.objects.values_list("kind", "note").get() == ("clarification", "Which river it is.")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"kind": "", "note": "New."}, "Say what kind of change it is."),
        ({"kind": "withdrawal", "note": "New."}, "Say what kind of change it is."),
        ({"kind": "update", "note": " \u200b"}, "Write a note: it says why."),
        ({"kind": "update", "note": "New.", "version": 1}, "Version 2 took its place meanwhile. Look again."),
    ],
    ids=str,
)
def test_a_correction_says_what_it_is_when_it_is_scheduled(
    said: dict[str, Any], reason: str, newer: Publication, desk: factories.Desk
) -> None:
    with refused(reason):
        schedule(newer, desk, **{"version": 2, **said})


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(microseconds=1), timedelta(days=400)], ids=str)
@pytest.mark.parametrize("zone", [UTC, BERLIN, HANOI], ids=str)
def test_a_time_that_is_past_is_refused_in_whatever_zone(
    ago: timedelta, zone: Any, approved: Publication, desk: factories.Desk
) -> None:
    with time_machine.travel(timezone.now(), tick=False), refused(PAST):
        schedule(approved, desk, due=(timezone.now() - ago).astimezone(zone))


def test_one_version_is_scheduled_at_a_time(article: Article, approved: Publication, desk: factories.Desk) -> None:
    schedule(approved, desk)
    with refused("Version 1 is scheduled already. Take it off the schedule first."):
        schedule(approved, desk)
    edit(article, desk.an, summary_en="Second.")
    factories.approved(article, desk=desk)
    with refused("Version 1 is scheduled already. Take it off the schedule first."):
        schedule(approved, desk, 2)


def test_the_database_keeps_one_open_row_a_version_and_none_that_is_tried_early(
    approved: Publication, desk: factories.Desk
) -> None:
    schedule(approved, desk)
    row = Schedule.objects.get()
    early = row.due - timedelta(microseconds=1)
    for wrong in (
        lambda: Schedule.objects.create(version=row.version, due=row.due, next_try=row.due, by=desk.chi),
        lambda: Schedule.objects.update(next_try=early),
        lambda: Schedule.objects.update(due=row.due + timedelta(seconds=1)),
        lambda: Schedule.objects.update(state="forgotten"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    assert Schedule.objects.values().get() == Schedule.objects.filter(pk=row.pk).values().get()


# --- zones: what is stored is the instant ------------------------------------------------------------


def stored() -> str:
    """The instant as the database has it, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT due FROM articles_schedule")
        due = cursor.fetchone()[0]
    at = datetime.fromisoformat(str(due))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


@pytest.mark.parametrize(
    ("due", "instant"),
    [
        (datetime(2090, 3, 26, 1, 59, 59, tzinfo=BERLIN), "2090-03-26T00:59:59+00:00"),  # before the gap
        (datetime(2090, 3, 26, 3, 0, tzinfo=BERLIN), "2090-03-26T01:00:00+00:00"),  # a second later
        (datetime(2090, 10, 29, 2, 30, tzinfo=BERLIN, fold=0), "2090-10-29T00:30:00+00:00"),  # shown the first time
        (datetime(2090, 10, 29, 2, 30, tzinfo=BERLIN, fold=1), "2090-10-29T01:30:00+00:00"),  # and the second
        (datetime(2090, 3, 5, 9, 30, tzinfo=HANOI), "2090-03-05T02:30:00+00:00"),
    ],
    ids=["before the gap", "after the gap", "first of the fold", "second of the fold", "Hanoi"],
)
@pytest.mark.parametrize("desk_zone", ["Europe/Berlin", "Asia/Ho_Chi_Minh", "UTC"])
def test_the_instant_is_kept_and_not_what_a_clock_on_the_wall_shows(
    due: datetime, instant: str, desk_zone: str, approved: Publication, desk: factories.Desk
) -> None:
    with timezone.override(desk_zone):
        row = schedule(approved, desk, due=due)
    assert stored() == instant
    with timezone.override("Pacific/Auckland"):
        assert Schedule.objects.get().due.astimezone(UTC).isoformat() == instant
    assert datetime.fromisoformat(row.note).astimezone(UTC).isoformat() == instant


# --- off the schedule --------------------------------------------------------------------------------


def test_a_version_taken_off_is_approved_and_waits_again(approved: Publication, desk: factories.Desk) -> None:
    schedule(approved, desk)
    before = len(ledger("pk"))
    row = workflow.unschedule(approved, by=desk.chi, version=1, note=" Too\x07 soon. ")
    assert ledger("pk", "version__number", "status", "actor", "note")[before:] == [
        (row.pk, 1, Status.UNSCHEDULED, desk.chi.pk, "Too soon.")
    ]
    after = now(approved)
    assert (after.scheduled, after.approved, after.places) == (None, approved.approved, [Place.APPROVED])
    assert Schedule.objects.get().state == ScheduleState.CANCELLED
    schedule(approved, desk)
    assert list(Schedule.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "waiting"]


def test_it_is_superseded_where_a_newer_one_was_approved_meanwhile(
    article: Article, approved: Publication, desk: factories.Desk
) -> None:
    schedule(approved, desk)
    edit(article, desk.an, summary_en="Second.")
    second = factories.approved(article, desk=desk).approved
    workflow.unschedule(approved, by=desk.chi, version=1)
    assert now(approved).approved == second
    assert ledger("version__number", "status")[-2:] == [(1, Status.UNSCHEDULED), (1, Status.SUPERSEDED)]


def test_it_waits_again_where_the_newer_approval_was_taken_back(
    article: Article, approved: Publication, desk: factories.Desk
) -> None:
    first = approved.approved
    schedule(approved, desk)
    edit(article, desk.an, summary_en="Second.")
    second = factories.approved(article, desk=desk).approved
    workflow.take_back(approved, by=desk.binh, version=2, note="Wrong.")
    workflow.unschedule(approved, by=desk.chi, version=1)
    after = now(approved)
    assert (after.approved, after.in_review, after.scheduled) == (first, second, None)
    workflow.publish(approved, by=desk.chi, version=1)
    assert now(approved).live == first


@pytest.mark.parametrize("version", [0, 2])
def test_a_number_that_is_not_scheduled_is_refused(version: int, approved: Publication, desk: factories.Desk) -> None:
    schedule(approved, desk)
    with refused("Version 1 took its place meanwhile. Look again."):
        workflow.unschedule(approved, by=desk.chi, version=version)


def test_taking_the_approval_back_takes_it_off(approved: Publication, desk: factories.Desk) -> None:
    schedule(approved, desk)
    before = len(ledger("pk"))
    workflow.take_back(approved, by=desk.binh, version=1, note="Wrong.")
    assert ledger("status", "actor")[before:] == [
        (Status.UNSCHEDULED, desk.binh.pk), (Status.APPROVAL_WITHDRAWN, desk.binh.pk),
    ]  # fmt: skip
    after = now(approved)
    assert (after.scheduled, after.approved, after.in_review) == (None, None, approved.approved)
    assert Schedule.objects.get().state == ScheduleState.CANCELLED


def test_publishing_it_by_hand_takes_it_off_as_done(approved: Publication, desk: factories.Desk) -> None:
    schedule(approved, desk)
    workflow.publish(approved, by=desk.chi, version=1)
    assert (now(approved).scheduled, Schedule.objects.get().state) == (None, ScheduleState.DONE)


def test_a_newer_version_published_first_takes_the_older_off(
    article: Article, approved: Publication, desk: factories.Desk
) -> None:
    schedule(approved, desk)
    edit(article, desk.an, summary_en="Second.")
    factories.approved(article, desk=desk)
    before = len(ledger("pk"))
    workflow.publish(approved, by=desk.chi, version=2)
    assert ledger("version__number", "status")[before:] == [(2, Status.PUBLISHED), (1, Status.UNSCHEDULED)]
    assert (now(approved).scheduled, Schedule.objects.get().state) == (None, ScheduleState.CANCELLED)


def test_words_equal_to_the_scheduled_ones_are_not_submitted_again(
    article: Article, approved: Publication, desk: factories.Desk
) -> None:
    schedule(approved, desk)
    edit(article, desk.an, summary_en="Second.")
    factories.approved(article, desk=desk)
    workflow.take_back(approved, by=desk.binh, version=2, note="Wrong.")
    workflow.recall(approved, by=desk.an, version=2)
    edit(article, desk.an, summary_en="Summary Alpha.")
    with refused("These words equal version 1, which is scheduled."):
        workflow.submit(article, "en", by=desk.an)
