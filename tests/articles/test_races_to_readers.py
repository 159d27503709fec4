"""Two or three at the same moment, from the approval on: one is first, the other is told so, nothing is half."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone, translation

from articles import workflow
from articles.assessing import assess, screen_hash
from articles.impact import before, impact
from articles.models import Article, Correction, Publication, Schedule
from articles.states import ScheduleState
from sources.models import Source, SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.racing import DONE, Step, at_once, broken, overtaken
from tests.articles.steps import edit, ledger, now

pytestmark = pytest.mark.django_db(transaction=True)

NONE_APPROVED = "No version of this language is approved and waiting."
NONE_SCHEDULED = "No version of this language is scheduled."
SECOND_MEANWHILE = "Version 2 took its place meanwhile. Look again."
NOTHING = "nothing was due"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    return factories.desk()


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


@pytest.fixture
def approved(article: Article, desk: factories.Desk) -> Publication:
    """Version 1, never published."""
    return factories.approved(article, desk=desk)


@pytest.fixture
def corrected(article: Article, desk: factories.Desk) -> Publication:
    """Version 1 live, version 2 approved."""
    factories.published(article, desk=desk)
    edit(article, desk.an, summary_en="Second.")
    return factories.approved(article, desk=desk)


class Steps:
    """What the threads do; `released` is what became of each release."""

    def __init__(self, publication: Publication, desk: factories.Desk) -> None:
        self.publication, self.desk, self.released = publication, desk, list[str]()

    def publish(self, version: int = 1) -> None:
        workflow.publish(self.publication, by=self.desk.chi, version=version)

    def correct(self) -> None:
        workflow.correct(self.publication, by=self.desk.chi, version=2, kind="correction", note="It said otherwise.")

    def withdraw(self) -> None:
        workflow.withdraw(self.publication, by=self.desk.chi, version=1, note="It was not so.")

    def schedule(self, version: int = 1) -> None:
        due = timezone.now() + timedelta(hours=1)
        workflow.schedule(self.publication, by=self.desk.chi, version=version, due=due, kind="update", note="New.")

    def schedule_second(self) -> None:
        self.schedule(2)

    def unschedule(self) -> None:
        scheduled = self.publication.scheduled
        workflow.unschedule(self.publication, by=self.desk.chi, version=scheduled.version.number if scheduled else 0)

    def take_back(self) -> None:
        approved = self.publication.approved
        workflow.take_back(
            self.publication, by=self.desk.binh, version=approved.number if approved else 0, note="Wrong."
        )

    def release(self) -> None:
        self.released.append(DONE if workflow.release(self.publication) else NOTHING)


def due(publication: Publication, desk: factories.Desk) -> Steps:
    """With what is approved scheduled, and due since a second."""
    assert publication.approved is not None
    Steps(publication, desk).schedule(publication.approved.number)
    since = timezone.now() - timedelta(seconds=1)
    Schedule.objects.update(due=since, next_try=since)
    return Steps(now(publication), desk)


def schedules() -> list[tuple[str, bool]]:
    """Each schedule: its state, and whether its publication has let it go."""
    return [
        (state, holder is None) for state, holder in Schedule.objects.order_by("pk").values_list("state", "publication")
    ]


def pairs(first: str, second: str, told: str) -> object:
    return pytest.param(first, second, told, id=f"{first} then {second}")


@pytest.mark.parametrize("at", ["refusal", "_record"])
@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        pairs("correct", "correct", NONE_APPROVED),
        pairs("correct", "withdraw", SECOND_MEANWHILE),
        pairs(
            "withdraw",
            "correct",
            "Version 2 was approved before the withdrawal. Take the approval back and review it again.",
        ),
        pairs("correct", "schedule_second", NONE_APPROVED),
        pairs("correct", "take_back", NONE_APPROVED),
        pairs("take_back", "correct", NONE_APPROVED),
        pairs("withdraw", "withdraw", "Nothing of this language is live."),
        pairs("schedule_second", "schedule_second", "Version 2 is scheduled already. Take it off the schedule first."),
        pairs("schedule_second", "withdraw", DONE),
        pairs("schedule_second", "correct", DONE),
        pairs("schedule_second", "take_back", DONE),
    ],
)
def test_of_two_moves_on_what_is_live_and_what_is_to_follow_it_one_is_first(
    first: str, second: str, told: str, at: str, corrected: Publication, desk: factories.Desk
) -> None:
    before, steps = len(ledger("pk")), Steps(corrected, desk)
    assert overtaken(getattr(steps, first), getattr(steps, second), at=at) == (DONE, told)
    rows = {
        "correct": [(1, "corrected"), (2, "published")],
        "withdraw": [(1, "withdrawn")],
        "take_back": [(2, "approval_withdrawn")],
        "schedule_second": [(2, "scheduled")],
    }
    by_the_way = [(2, "unscheduled")] if first == "schedule_second" and second in {"withdraw", "take_back"} else []
    also = rows[second] if told == DONE else []
    assert ledger("version__number", "status")[before:] == [*rows[first], *by_the_way, *also]
    assert broken() == []
    assert schedules() == {
        ("schedule_second", "schedule_second"): [(ScheduleState.WAITING, False)],
        ("schedule_second", "correct"): [(ScheduleState.DONE, True)],
        ("schedule_second", "withdraw"): [(ScheduleState.CANCELLED, True)],
        ("schedule_second", "take_back"): [(ScheduleState.CANCELLED, True)],
    }.get((first, second), [])
    said = [status for _number, status in [*rows[first], *also] if status in {"corrected", "withdrawn"}]
    assert Correction.objects.count() == len(said)


@pytest.mark.parametrize("at", ["refusal", "_record"])
def test_publishing_and_scheduling_the_same_version_leave_nothing_on_the_schedule(
    at: str, approved: Publication, desk: factories.Desk
) -> None:
    steps = Steps(approved, desk)
    assert overtaken(steps.publish, steps.schedule, at=at) == (DONE, NONE_APPROVED)
    assert (ledger("status")[2:], schedules()) == ([("published",)], [])


@pytest.mark.parametrize("at", ["refusal", "_record"])
def test_what_was_scheduled_a_moment_ago_is_published_off_the_schedule(
    at: str, approved: Publication, desk: factories.Desk
) -> None:
    steps = Steps(approved, desk)
    assert overtaken(steps.schedule, steps.publish, at=at) == (DONE, DONE)
    assert (ledger("status")[2:], schedules()) == ([("scheduled",), ("published",)], [(ScheduleState.DONE, True)])
    assert now(approved).scheduled is None


@pytest.mark.parametrize("at", ["refusal", "_record"])
def test_a_withdrawal_right_behind_the_publication_takes_the_words_away(
    at: str, approved: Publication, desk: factories.Desk
) -> None:
    steps = Steps(approved, desk)
    assert overtaken(steps.publish, steps.withdraw, at=at) == (DONE, DONE)
    assert (ledger("status")[2:], broken()) == ([("published",), ("withdrawn",)], [])
    assert now(approved).state == "withdrawn"


@pytest.mark.parametrize("at", ["submittable", "contributors", "_record"])
def test_what_is_submitted_while_an_approval_is_taken_back_stays_in_review(
    at: str, article: Article, approved: Publication, desk: factories.Desk
) -> None:
    edit(article, desk.an, summary_en="Second.")
    steps = Steps(approved, desk)
    assert overtaken(lambda: workflow.submit(article, "en", by=desk.an), steps.take_back, at=at) == (DONE, DONE)
    after = now(approved)
    assert (after.in_review and after.in_review.number, after.approved) == (2, None)


@pytest.mark.parametrize("at", ["refusal", "screen_hash", "_record"])
def test_of_two_reassessments_one_is_recorded(at: str, article: Article, desk: factories.Desk) -> None:
    publication = factories.published(article, desk=desk)
    SourceOutcome.objects.create(source=Source.objects.get(), held=False, reason="It fell.", by=desk.chi)
    assert publication.live is not None
    seen = screen_hash(publication.live, assess(publication.live))
    reassessing: list[Step] = [
        lambda by=by: workflow.reassess(publication, by=by, seen=seen, note="Fell.")  # type: ignore[misc]
        for by in (desk.binh, factories.user("other", "Reviewers"))
    ]
    assert overtaken(*reassessing, at=at) == (
        DONE,
        "Nothing has changed since: the sources' records and the verifications are those of the last assessment.",
    )
    assert ledger("status", "actor__username")[3:] == [("reassessed", "binh")]
    assert broken() == []


@pytest.mark.parametrize(
    ("first", "at"), [("published", "_record"), ("published", "_place"), ("judged", "at_a_glance")]
)
def test_what_goes_live_while_its_source_is_judged_anew_waits_to_be_reassessed(
    first: str, at: str, approved: Publication, desk: factories.Desk
) -> None:
    source = Source.objects.get()

    @transaction.atomic
    def judged() -> None:
        then = before([source.pk])
        SourceAssessment(source=source, tier=4, assessor=desk.chi, review_by=timezone.localdate()).save()
        workflow.unsettle(impact(then).sources)

    steps: list[Step] = [Steps(approved, desk).publish, judged]
    assert overtaken(*(steps if first == "published" else reversed(steps)), at=at) == (DONE, DONE)
    assert now(approved).unsettled_since is not None


# --- what is due -------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["not_to_go_out", "_record", "_place"])
def test_of_two_schedulers_one_publishes(at: str, approved: Publication, desk: factories.Desk) -> None:
    steps = due(approved, desk)
    assert overtaken(steps.release, steps.release, at=at) == (DONE, DONE)
    assert sorted(steps.released) == [DONE, NOTHING]
    assert ledger("status")[3:] == [("published",)]


@pytest.mark.parametrize("correcting", [False, True], ids=["published", "corrected"])
def test_of_three_schedulers_at_once_one_publishes(
    correcting: bool, article: Article, approved: Publication, desk: factories.Desk
) -> None:
    if correcting:
        workflow.publish(approved, by=desk.chi, version=1)
        edit(article, desk.an, summary_en="Second.")
        approved = factories.approved(article, desk=desk)
    steps, before = due(approved, desk), len(ledger("pk"))
    assert at_once(*[steps.release] * 3) == [DONE] * 3
    assert sorted(steps.released) == [DONE, NOTHING, NOTHING]
    assert ledger("status")[before:] == ([("corrected",), ("published",)] if correcting else [("published",)])
    assert (Correction.objects.count(), schedules()) == (int(correcting), [(ScheduleState.DONE, True)])
    assert broken() == []


@pytest.mark.parametrize(
    ("other", "told", "recorded"),
    [
        ("unschedule", NONE_SCHEDULED, [(2, "unscheduled")]),
        ("take_back", NONE_APPROVED, [(2, "unscheduled"), (2, "approval_withdrawn")]),
        ("withdraw", SECOND_MEANWHILE, [(2, "unscheduled"), (1, "withdrawn")]),
        ("correct", NONE_APPROVED, [(1, "corrected"), (2, "published")]),
    ],
)
@pytest.mark.parametrize("ahead", ["release", "the other"])
def test_what_is_due_goes_out_or_not_and_whoever_is_second_is_told(
    ahead: str, other: str, told: str, recorded: list[object], corrected: Publication, desk: factories.Desk
) -> None:
    steps, before = due(corrected, desk), len(ledger("pk"))
    moving, released = getattr(steps, other), [(1, "corrected"), (2, "published")]
    if ahead == "release":
        assert overtaken(steps.release, moving, at="_record") == (DONE, told)
    else:
        assert overtaken(moving, steps.release, at="_record") == (DONE, DONE)
    assert steps.released == [DONE if ahead == "release" else NOTHING]
    assert ledger("version__number", "status")[before:] == (released if ahead == "release" else recorded)
    gone_out = ahead == "release" or other == "correct"
    assert schedules() == [(ScheduleState.DONE if gone_out else ScheduleState.CANCELLED, True)]
    assert broken() == []


@pytest.mark.parametrize("at", ["_record", "_place"])
def test_a_failure_that_comes_late_marks_nothing_that_went_out(
    at: str, approved: Publication, desk: factories.Desk
) -> None:
    steps = due(approved, desk)
    failing = lambda: workflow.release_failed(approved, "The database did not answer.")  # noqa: E731
    assert overtaken(steps.release, failing, at=at) == (DONE, DONE)
    assert list(Schedule.objects.values_list("state", "last_error")) == [(ScheduleState.DONE, "")]


def test_each_of_many_due_articles_goes_out_once_under_three_schedulers(desk: factories.Desk) -> None:
    articles = [factories.article(desk.an, f"Number {count}") for count in range(4)]
    waiting = [due(factories.approved(article, desk=desk), desk) for article in articles]

    def scheduler() -> None:
        for steps in waiting:
            steps.release()

    assert at_once(*[scheduler] * 3) == [DONE] * 3
    assert [sorted(steps.released) for steps in waiting] == [[DONE, NOTHING, NOTHING]] * 4
    assert ledger("status").count(("published",)) == 4
    assert broken() == []
