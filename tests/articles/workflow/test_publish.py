"""Publishing: the approved version that was named, once for a language, dated."""

from datetime import datetime, timedelta, timezone

import pytest
import time_machine

from articles import workflow
from articles.models import Article, Publication, ReviewStatus
from articles.states import LiveState, Status
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db

NOON = datetime(2090, 3, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=7)))
PUBLISHED = "This language is published already. A published text is changed by a correction."


@pytest.fixture
def approved(publication: Publication, desk: factories.Desk) -> Publication:
    factories.approve(publication, desk=desk)
    return publication


def test_publishing_shows_the_version_with_its_approval_and_the_date(
    approved: Publication, desk: factories.Desk
) -> None:
    version = approved.approved
    approval = ReviewStatus.objects.get(status=Status.APPROVED)
    with time_machine.travel(NOON, tick=False):
        row = workflow.publish(approved, by=desk.chi, version=1)
    after = now(approved)
    assert (after.state, after.live, after.live_approval) == (LiveState.LIVE, version, approval)
    assert (after.in_review, after.approved) == (None, None)
    assert (after.first_published, after.last_published) == (NOON, NOON)
    assert ledger("pk", "version", "status", "actor", "at", "note", "confidence")[2:] == [
        (row.pk, version and version.pk, Status.PUBLISHED, desk.chi.pk, NOON, "", None)
    ]


def test_the_reading_is_of_the_version_and_its_approval(approved: Publication, desk: factories.Desk) -> None:
    workflow.publish(approved, by=desk.chi, version=1)
    live = Publication.objects.for_readers().get(pk=approved.pk)
    edit(approved.article, desk.an, headline_en="Never approved", body_en="<p>Never approved.</p>")
    reading = live.reading()
    assert live.live is not None
    assert live.live_approval is not None
    assert (reading.headline, reading.digest, reading.number) == ("Headline Alpha", live.live.digest, 1)
    assert reading.workings.as_json() == (live.live_approval.confidence or {})["workings"]
    assert (reading.review and reading.review.at, reading.published) == (live.live_approval.at, live.first_published)


def test_the_latest_approval_of_the_version_is_the_one_shown(approved: Publication, desk: factories.Desk) -> None:
    workflow.take_back(approved, by=desk.binh, version=1, note="Wrong.")
    second = factories.approve(approved, desk=desk, note="Right.")
    workflow.publish(approved, by=desk.chi, version=1)
    assert now(approved).live_approval == second


def test_a_language_is_published_once(article: Article, approved: Publication, desk: factories.Desk) -> None:
    workflow.publish(approved, by=desk.chi, version=1)
    with refused("No version of this language is approved and waiting."):
        workflow.publish(approved, by=desk.chi, version=1)
    edit(article, desk.an, summary_en="Second.")
    factories.approved(article, desk=desk)
    for version in (1, 2, 3):
        with refused(PUBLISHED):
            workflow.publish(approved, by=desk.chi, version=version)


def test_the_other_language_is_published_by_itself(
    article: Article, approved: Publication, desk: factories.Desk
) -> None:
    workflow.publish(approved, by=desk.chi, version=1)
    other = factories.in_review(article, "vi", desk=desk)
    assert (now(other).state, now(approved).state) == (LiveState.NEVER, LiveState.LIVE)
    factories.approve(other, desk=desk)
    before = now(approved)
    workflow.publish(other, by=desk.chi, version=1)
    assert now(other).state == LiveState.LIVE
    assert (now(approved).live, now(approved).first_published) == (before.live, before.first_published)


@pytest.mark.parametrize("version", [0, 2])
def test_a_number_that_is_not_approved_is_refused(version: int, approved: Publication, desk: factories.Desk) -> None:
    with refused("Version 1 took its place meanwhile. Look again."):
        workflow.publish(approved, by=desk.chi, version=version)


def test_a_page_that_showed_an_earlier_approval_publishes_nothing(
    article: Article, approved: Publication, desk: factories.Desk
) -> None:
    edit(article, desk.an, summary_en="Second.")
    factories.approved(article, desk=desk)
    with refused("Version 2 took its place meanwhile. Look again."):
        workflow.publish(approved, by=desk.chi, version=1)


def test_what_is_in_review_is_not_published_with_it(
    article: Article, approved: Publication, desk: factories.Desk
) -> None:
    edit(article, desk.an, summary_en="Second.")
    newer = factories.in_review(article, desk=desk).in_review
    workflow.publish(approved, by=desk.chi, version=1)
    after = now(approved)
    assert after.live is not None
    assert (after.live.number, after.in_review, after.approved) == (1, newer, None)


def test_whoever_wrote_it_may_publish_what_another_approved(article: Article, desk: factories.Desk) -> None:
    by = factories.user("both", "Editors", "Publishers")
    edit(article, by, summary_en="By both.")
    publication = factories.approved(article, desk=desk)
    assert workflow.publish(publication, by=by, version=1).actor == by
