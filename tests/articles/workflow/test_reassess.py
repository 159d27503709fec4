"""Reassessing: the same words, new workings; who reviewed the words, and when, stays what it was."""

from collections.abc import Callable

import pytest

from articles import workflow
from articles.assessing import assess, screen_hash
from articles.models import Article, Publication, ReviewStatus, Version
from articles.reading import Reassessment
from articles.states import Status
from sources.models import Source, SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db

SAME = "Nothing has changed since: the sources' records and the verifications are those of the last assessment."
CHANGED = "Something changed while you were reading. Look again, then approve."


def seen(publication: Publication) -> str:
    """The hash on the screen of what is live."""
    live = now(publication).live
    assert live is not None
    return screen_hash(live, assess(live))


def reassess(publication: Publication, desk: factories.Desk, note: str = "Its record has changed.") -> ReviewStatus:
    return workflow.reassess(publication, by=desk.binh, seen=seen(publication), note=note)


def an_outcome(desk: factories.Desk) -> None:
    SourceOutcome.objects.create(source=Source.objects.get(slug="two"), held=False, reason="Fell.", by=desk.chi)


def an_assessment(desk: factories.Desk) -> None:
    source = Source.objects.get(slug="two")
    SourceAssessment.objects.create(source=source, tier=3, assessor=desk.chi, review_by="2030-01-01")


def an_owner(desk: factories.Desk) -> None:
    Source.objects.filter(slug="two").update(owner=Source.objects.get(slug="one"))


each_change = pytest.mark.parametrize(
    "change", [an_outcome, an_assessment, an_owner], ids=lambda change: change.__name__
)


@each_change
def test_what_changed_since_is_assessed_anew_and_the_words_stay(
    change: Callable[[factories.Desk], None], live: Publication, desk: factories.Desk
) -> None:
    before, versions = len(ledger("pk")), list(Version.objects.values())
    change(desk)
    assert live.live is not None
    row = reassess(live, desk, note=" Its record\x07 has changed. ")
    after = now(live)
    assert (after.live, after.live_approval, after.state) == (live.live, row, "live")
    assert (after.first_published, after.last_published) == (live.first_published, live.last_published)
    assert list(Version.objects.values()) == versions
    assert ledger("pk", "version__number", "status", "actor", "note", "self_review")[before:] == [
        (row.pk, 1, Status.REASSESSED, desk.binh.pk, "Its record has changed.", False)
    ]
    assert row.confidence is not None
    assert {name: row.confidence[name] for name in ("workings", "citations")} == assess(live.live).as_json()


def test_readers_get_the_new_workings_beside_the_review_of_the_words(live: Publication, desk: factories.Desk) -> None:
    before = now(live).reading()
    an_outcome(desk)
    row = reassess(live, desk)
    after = now(live).reading()
    assert (after.headline, after.body, after.digest, after.published, after.updated) == (
        before.headline, before.body, before.digest, before.published, before.updated,
    )  # fmt: skip
    assert before.review is not None
    assert after.review is not None
    assert (after.review.by, after.review.at, after.review.note) == (
        before.review.by, before.review.at, before.review.note,
    )  # fmt: skip
    assert (before.review.reassessed, after.review.reassessed) == (
        None, Reassessment("", row.at, "Its record has changed."),
    )  # fmt: skip
    assert row.confidence is not None
    assert after.workings.as_json() == row.confidence["workings"] != before.workings.as_json()


def test_a_second_reassessment_still_tells_of_the_first_review(live: Publication, desk: factories.Desk) -> None:
    first = live.live_approval
    for change in (an_outcome, an_assessment):
        change(desk)
        last = reassess(live, desk)
    review = last.review()
    assert first is not None
    assert (review.at, review.reassessed) == (first.at, Reassessment("", last.at, "Its record has changed."))


def test_where_nothing_changed_there_is_nothing_to_reassess(live: Publication, desk: factories.Desk) -> None:
    with refused(SAME):
        reassess(live, desk)
    an_outcome(desk)
    reassess(live, desk)
    with refused(SAME):
        reassess(live, desk)


def test_an_outcome_of_this_very_article_and_a_source_it_does_not_cite_are_no_change(
    live: Publication, desk: factories.Desk
) -> None:
    subject = f"article:{live.article_id}"
    two = Source.objects.get(slug="two")
    SourceOutcome.objects.create(source=two, held=False, reason="Fell.", by=desk.chi, subject=subject)
    SourceOutcome.objects.create(source=factories.source("beside"), held=False, reason="Fell.", by=desk.chi)
    with refused(SAME):
        reassess(live, desk)


def test_what_changed_since_the_screen_is_refused(live: Publication, desk: factories.Desk) -> None:
    an_outcome(desk)
    shown = seen(live)
    an_assessment(desk)
    for stale in (shown, "", "0" * 64):
        with refused(CHANGED):
            workflow.reassess(live, by=desk.binh, seen=stale, note="Its record has changed.")


@pytest.mark.parametrize("note", ["", " \u200b\x07"])
def test_readers_are_told_why(note: str, live: Publication, desk: factories.Desk) -> None:
    an_outcome(desk)
    with refused("Write a note: it says why."):
        reassess(live, desk, note=note)


def test_whoever_contributed_does_not_reassess(article: Article, desk: factories.Desk) -> None:
    edit(article, desk.dung, summary_en="By Dung.")
    live = factories.published(article, desk=desk)
    an_outcome(desk)
    with refused("You contributed to this version, so somebody else has to reassess it."):
        workflow.reassess(live, by=desk.dung, seen=seen(live), note="Its record has changed.")


def test_whoever_contributed_to_the_next_version_alone_may(
    article: Article, live: Publication, desk: factories.Desk
) -> None:
    edit(article, desk.dung, summary_en="By Dung.")
    factories.approved(article, desk=desk)
    an_outcome(desk)
    row = workflow.reassess(live, by=desk.dung, seen=seen(live), note="Its record has changed.")
    assert now(live).live_approval == row


def test_the_next_correction_goes_by_its_own_approval(newer: Publication, desk: factories.Desk) -> None:
    approval = ReviewStatus.objects.get(version=newer.approved, status=Status.APPROVED)
    an_outcome(desk)
    reassess(newer, desk)
    workflow.correct(newer, by=desk.chi, version=2, kind="typo", note="Spelling.")
    assert now(newer).live_approval == approval
