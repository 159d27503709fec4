"""Taking back an approval that is not live: with a note; the version is in review again unless a newer one is."""

import pytest

from articles import workflow
from articles.models import Article, Publication
from articles.states import Status
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(publication: Publication, desk: factories.Desk) -> Publication:
    factories.approve(publication, desk=desk)
    return publication


@pytest.mark.parametrize("note", ["", " \n\t ", "\u200b\u202e\x07"])
def test_without_a_note_nothing_is_taken_back(note: str, approved: Publication, desk: factories.Desk) -> None:
    with refused("Write a note: it says why."):
        workflow.take_back(approved, by=desk.binh, version=1, note=note)


def test_the_version_is_in_review_again(approved: Publication, desk: factories.Desk) -> None:
    version = approved.approved
    row = workflow.take_back(approved, by=desk.binh, version=1, note=" Wrong\x07 date. ")
    after = now(approved)
    assert (after.in_review, after.approved, after.live) == (version, None, None)
    assert ledger("pk", "version", "status", "actor", "note", "confidence")[2:] == [
        (row.pk, version and version.pk, Status.APPROVAL_WITHDRAWN, desk.binh.pk, "Wrong date.", None)
    ]


def test_it_can_be_approved_again_by_another_look(approved: Publication, desk: factories.Desk) -> None:
    workflow.take_back(approved, by=desk.binh, version=1, note="Wrong.")
    again = factories.approve(approved, desk=desk)
    row = workflow.publish(approved, by=desk.chi, version=1)
    assert row.version == again.version
    assert now(approved).live_approval == again


def test_a_newer_version_in_review_stays_there(article: Article, approved: Publication, desk: factories.Desk) -> None:
    edit(article, desk.an, summary_en="Second.")
    newer = factories.in_review(article, desk=desk).in_review
    workflow.take_back(approved, by=desk.binh, version=1, note="Wrong.")
    after = now(approved)
    assert (after.in_review, after.approved) == (newer, None)
    assert newer is not None
    assert newer.number == 2


def test_what_was_taken_back_cannot_be_published(approved: Publication, desk: factories.Desk) -> None:
    workflow.take_back(approved, by=desk.binh, version=1, note="Wrong.")
    with refused("No version of this language is approved and waiting."):
        workflow.publish(approved, by=desk.chi, version=1)


def test_what_is_live_cannot_be_taken_back(article: Article, desk: factories.Desk) -> None:
    publication = factories.published(article, desk=desk)
    with refused("No version of this language is approved and waiting."):
        workflow.take_back(publication, by=desk.binh, version=1, note="Wrong.")


@pytest.mark.parametrize("version", [0, 2])
def test_a_number_that_is_not_approved_is_refused(version: int, approved: Publication, desk: factories.Desk) -> None:
    with refused("Version 1 took its place meanwhile. Look again."):
        workflow.take_back(approved, by=desk.binh, version=version, note="Wrong.")


def test_a_page_that_showed_an_earlier_approval_takes_back_nothing(
    article: Article, approved: Publication, desk: factories.Desk
) -> None:
    edit(article, desk.an, summary_en="Second.")
    factories.approved(article, desk=desk)
    with refused("Version 2 took its place meanwhile. Look again."):
        workflow.take_back(approved, by=desk.binh, version=1, note="Wrong.")


def test_another_reviewer_may_take_it_back_and_even_a_contributor(
    article: Article, approved: Publication, desk: factories.Desk
) -> None:
    edit(article, desk.dung, summary_en="Second.")
    row = workflow.take_back(approved, by=desk.dung, version=1, note="Wrong.")
    assert row.actor == desk.dung
