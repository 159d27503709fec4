"""Recalling: out of review, back to the draft; what was approved or live before stays."""

import pytest

from articles import workflow
from articles.models import Article, Publication
from articles.states import LiveState, Place, Status
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db


def test_recalling_leaves_the_draft_and_the_version_and_its_address(
    publication: Publication, desk: factories.Desk
) -> None:
    version = publication.in_review
    row = workflow.recall(publication, by=desk.an, version=1, note=" Not\x07 yet. ")
    after = now(publication)
    assert (after.in_review, after.approved, after.live, after.state) == (None, None, None, LiveState.NEVER)
    assert ledger("pk", "version", "status", "actor", "note")[1:] == [
        (row.pk, version and version.pk, Status.RECALLED, desk.an.pk, "Not yet.")
    ]
    assert list(publication.article.addresses.values_list("language", "slug")) == [("en", "headline-alpha")]


def test_recalling_needs_no_note(publication: Publication, desk: factories.Desk) -> None:
    assert workflow.recall(publication, by=desk.an, version=1).note == ""


@pytest.mark.parametrize("version", [0, 2, -1])
def test_a_number_that_is_not_in_review_is_refused(
    version: int, publication: Publication, desk: factories.Desk
) -> None:
    with refused("Version 1 took its place meanwhile. Look again."):
        workflow.recall(publication, by=desk.an, version=version)


def test_a_page_that_showed_an_earlier_version_recalls_nothing(publication: Publication, desk: factories.Desk) -> None:
    workflow.recall(publication, by=desk.an, version=1)
    with refused("No version of this language is in review."):
        workflow.recall(publication, by=desk.an, version=1)
    workflow.submit(publication.article, "en", by=desk.an)
    with refused("Version 2 took its place meanwhile. Look again."):
        workflow.recall(publication, by=desk.an, version=1)


def test_a_stale_row_in_memory_decides_nothing(publication: Publication, desk: factories.Desk) -> None:
    """What the caller holds may be old: the row is read again under the lock."""
    stale = Publication.objects.select_related("in_review").get(pk=publication.pk)
    factories.approve(publication, desk=desk)
    assert stale.places == [Place.IN_REVIEW]
    with refused("No version of this language is in review."):
        workflow.recall(stale, by=desk.an, version=1)


def test_what_was_approved_before_stays_approved(article: Article, desk: factories.Desk) -> None:
    first = factories.approved(article, desk=desk).approved
    edit(article, desk.an, summary_en="Second.")
    publication = factories.in_review(article, desk=desk)
    workflow.recall(publication, by=desk.an, version=2)
    assert (now(publication).approved, now(publication).in_review) == (first, None)


def test_the_other_language_stays_in_review(article: Article, publication: Publication, desk: factories.Desk) -> None:
    other = factories.in_review(article, "vi", desk=desk)
    workflow.recall(publication, by=desk.an, version=1)
    assert now(other).in_review == other.in_review
