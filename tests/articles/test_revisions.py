"""What readers are told of each step in the life of a text, on plain values. No database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from articles import wording
from articles.confidence import State
from articles.kinds import CorrectionKind
from articles.reading import Glance, Review
from articles.revisions import STEPS, Revision, Run, Step, revisions, runs, withheld
from articles.states import Status

WHEN = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
REVIEW = Review("Binh", WHEN, False, "Why it may be.")
LOW, HIGH = Glance(State.RATED, 58, 1, 1), Glance(State.RATED, 83, 1, 1)
NONE, UNSOURCED = Glance(None, None, 1, 1), Glance(State.UNSOURCED, None, None, 0)
FIRST = Step(1, Status.PUBLISHED, 1, WHEN, "ab12", None, "", REVIEW, LOW, False)
TYPO = replace(FIRST, row=2, number=2, kind=CorrectionKind.TYPO, note="A letter.")
FIXED = replace(TYPO, kind=CorrectionKind.CORRECTION, note="Seven, not eleven.")
AGAIN = replace(FIRST, status=Status.REASSESSED, note="Its record has changed.", shown=HIGH)
WITHDRAWN = replace(FIRST, status=Status.WITHDRAWN, kind=CorrectionKind.WITHDRAWAL, note="Not so.", review=None,
                    shown=None, gone=True)  # fmt: skip


def test_of_what_is_gone_only_why_it_is_stays_beside_number_date_reviewer_and_digest() -> None:
    assert withheld(TYPO) == TYPO
    gone = replace(TYPO, gone=True)
    assert withheld(gone) == replace(gone, note="", review=replace(REVIEW, note=""), shown=None)
    assert withheld(WITHDRAWN) == WITHDRAWN
    reassessed = replace(AGAIN, gone=True)
    assert (withheld(reassessed).note, withheld(reassessed).shown) == ("", None)


def test_each_step_stands_beside_the_one_before_it() -> None:
    assert revisions([]) == []
    assert revisions([FIXED, FIRST]) == [Revision(FIXED, FIRST), Revision(FIRST, None)]


@pytest.mark.parametrize(
    ("step", "before", "compares"),
    [
        (FIRST, None, False),
        (FIXED, FIRST, True),
        (FIXED, AGAIN, True),
        (AGAIN, FIRST, False),
        (FIXED, WITHDRAWN, False),
        (WITHDRAWN, FIRST, False),
        (replace(FIXED, gone=True), replace(FIRST, gone=True), False),
    ],
)
def test_words_are_compared_where_both_may_be_shown(step: Step, before: Step | None, compares: bool) -> None:
    assert Revision(step, before).compares is compares


@pytest.mark.parametrize(
    ("step", "before", "spelling"),
    [
        (TYPO, FIRST, True),
        (FIXED, FIRST, False),
        (replace(TYPO, shown=HIGH), FIRST, False),  # a badge says something else: no matter of spelling alone
        (replace(TYPO, shown=replace(LOW, tier=2)), FIRST, False),
        (TYPO, WITHDRAWN, False),
        (withheld(replace(TYPO, gone=True)), withheld(replace(FIRST, gone=True)), True),
    ],
)
def test_spelling_is_spelling_while_no_badge_says_anything_else(step: Step, before: Step, spelling: bool) -> None:
    assert Revision(step, before).spelling is spelling


def test_spelling_is_told_together_where_nothing_else_stands_between() -> None:
    typos = [replace(TYPO, row=row) for row in range(2, 7)]
    found = revisions([typos[4], typos[3], replace(FIXED, row=4), typos[1], typos[0], FIRST])
    assert runs(found) == [Run(True, found[:2]), Run(False, found[2:3]), Run(True, found[3:5]), Run(False, found[5:])]


steps = st.builds(
    Step,
    st.integers(1, 9), st.sampled_from(STEPS), st.integers(1, 9), st.just(WHEN), st.just("ab12"),
    st.sampled_from([None, *CorrectionKind]), st.sampled_from(["", "Secret."]), st.sampled_from([None, REVIEW]),
    st.sampled_from([None, LOW, HIGH, NONE]), st.booleans(),
)  # fmt: skip


@given(st.lists(steps))
def test_nothing_is_lost_or_told_twice(found: Sequence[Step]) -> None:
    told = [each for run in runs(revisions(found)) for each in run.revisions]
    assert [each.step for each in told] == found
    assert all(each.spelling == run.spelling for run in runs(revisions(found)) for each in run.revisions)


@given(steps)
def test_what_is_gone_never_speaks_but_for_the_withdrawal(step: Step) -> None:
    left = withheld(step)
    if step.gone and step.status != Status.WITHDRAWN:
        assert "Secret" not in repr(left)
    assert (left.number, left.digest, left.at, left.kind) == (step.number, step.digest, step.at, step.kind)
    assert withheld(left) == left


# --- in words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "before", "said"),
    [
        (FIRST, None, "First publication."),
        (FIXED, FIRST, "Correction."),
        (TYPO, FIRST, "Typo."),
        (FIXED, WITHDRAWN, "Published again after the withdrawal. Correction."),
        (AGAIN, FIRST, "Confidence assessed again, the words unchanged."),
        (WITHDRAWN, FIRST, "Withdrawn."),
    ],
)
def test_what_happened_is_said(step: Step, before: Step | None, said: str) -> None:
    with override("en"):
        assert wording.what_happened(Revision(step, before)) == said


@pytest.mark.parametrize(
    ("shown", "was", "said"),
    [
        (LOW, None, "Confidence: 58%, likely to hold"),
        (LOW, LOW, "Confidence as before: 58%, likely to hold"),
        (HIGH, LOW, "Confidence: 58%, likely to hold → 83%, very likely to hold"),
        (LOW, UNSOURCED, "Confidence: Unsourced → 58%, likely to hold"),
        (NONE, LOW, "Confidence: 58%, likely to hold → no number for this kind of article"),
        (NONE, NONE, "Confidence as before: no number for this kind of article"),
        (None, LOW, ""),
    ],
)
def test_the_number_is_told_with_its_words_before_and_after(
    shown: Glance | None, was: Glance | None, said: str
) -> None:
    before = replace(FIRST, shown=was) if was else None
    with override("en"):
        assert wording.confidence_then(Revision(replace(FIXED, shown=shown), before)) == said
