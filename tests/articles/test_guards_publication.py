"""Past the workflow, by UPDATE and INSERT: what the database itself refuses to show to readers, on both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles import workflow
from articles.models import Article, Publication, ReviewStatus, Schedule, Version
from articles.states import LiveState, Status
from tests import factories
from tests.articles.steps import edit, now, refused_by_the_database

pytestmark = pytest.mark.django_db

PUBLIC = "only an approved version of this very article and language goes live"
OWN = "only versions of this very article and language are in review or approved"
SCHEDULED = "only an approved version of this very article and language is scheduled"

Set = dict[str, Any]


def placed(publication: Publication, **fields: Any) -> int:
    """Past the workflow: an UPDATE of the row."""
    return Publication.objects.filter(pk=publication.pk).update(**fields)


def as_live(version: Version | None, approval: ReviewStatus | None) -> Set:
    at = timezone.now()
    return {
        "live": version,
        "live_approval": approval,
        "state": LiveState.LIVE,
        "first_published": at,
        "last_published": at,
    }


def approval_of(publication: Publication) -> ReviewStatus:
    """Binh's, of what is in review; the row of the publication is left where it is."""
    assert publication.in_review is not None
    by = User.objects.get(username="binh")
    return ReviewStatus.objects.append(publication.in_review, Status.APPROVED, by=by, at=timezone.now(), confidence={})


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    return factories.article(desk.an)


@pytest.fixture
def publication(article: Article, desk: factories.Desk) -> Publication:
    """English, version 1 in review."""
    return factories.in_review(article, desk=desk)


def test_an_approved_version_goes_live_by_its_own_approval(publication: Publication) -> None:
    approval = approval_of(publication)
    assert placed(publication, in_review=None, approved=publication.in_review) == 1
    assert placed(publication, approved=None, **as_live(publication.in_review, approval)) == 1
    assert now(publication).live == publication.in_review


def test_a_version_that_nobody_approved_does_not_go_live(publication: Publication) -> None:
    submission = ReviewStatus.objects.get()
    with refused_by_the_database(PUBLIC):
        placed(publication, **as_live(publication.in_review, submission))
    with refused_by_the_database(PUBLIC):
        placed(publication, **as_live(publication.in_review, None))


def test_an_approval_of_an_earlier_version_is_none_of_this_one(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    factories.approve(publication, desk=desk)
    edit(article, desk.an, summary_en="Second.")
    later = factories.in_review(article, desk=desk)
    approval = ReviewStatus.objects.get(status=Status.APPROVED)
    with refused_by_the_database(PUBLIC):
        placed(later, **as_live(later.in_review, approval))
    with refused_by_the_database(OWN):
        placed(later, in_review=None, approved=later.in_review)


def test_an_approval_of_equal_words_is_none_of_this_version(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    factories.approve(publication, desk=desk)
    workflow.take_back(publication, by=desk.binh, version=1, note="Wrong.")
    workflow.recall(publication, by=desk.an, version=1)
    again = factories.in_review(article, desk=desk)
    assert again.in_review is not None
    approval = ReviewStatus.objects.get(status=Status.APPROVED)
    assert approval.digest == again.in_review.digest
    with refused_by_the_database(PUBLIC):
        placed(again, **as_live(again.in_review, approval))


def foreign_language(article: Article, desk: factories.Desk) -> Publication:
    return factories.in_review(article, "vi", desk=desk)


def foreign_article(article: Article, desk: factories.Desk) -> Publication:
    return factories.in_review(factories.article(desk.an, "Beta"), desk=desk)


each_foreign = pytest.mark.parametrize(
    "foreign", [foreign_language, foreign_article], ids=["another language", "another article"]
)


@each_foreign
def test_words_of_another_are_not_shown_here(
    foreign: Callable[[Article, factories.Desk], Publication],
    article: Article,
    publication: Publication,
    desk: factories.Desk,
) -> None:
    other = foreign(article, desk)
    theirs, ours = approval_of(other), approval_of(publication)
    for live, approval in (
        (other.in_review, theirs),  # another's words, duly approved
        (other.in_review, ours),
        (publication.in_review, theirs),  # our words by another's approval
    ):
        with refused_by_the_database(PUBLIC):
            placed(publication, **as_live(live, approval))
    with refused_by_the_database(OWN):
        placed(publication, in_review=other.in_review)
    with refused_by_the_database(OWN):
        placed(publication, in_review=None, approved=other.in_review)


def test_approved_means_an_approval(publication: Publication) -> None:
    with refused_by_the_database(OWN):
        placed(publication, in_review=None, approved=publication.in_review)
    approval_of(publication)
    assert placed(publication, in_review=None, approved=publication.in_review) == 1


def test_a_version_is_not_in_review_and_approved_at_once(publication: Publication) -> None:
    approval_of(publication)
    with refused_by_the_database("in_review_or_approved"):
        placed(publication, approved=publication.in_review)


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("live", "live_is_approved_and_dated"),
        ("live_approval", PUBLIC),
        ("first_published", "live_is_approved_and_dated"),
    ],
)
def test_live_means_words_an_approval_and_a_date(field: str, says: str, publication: Publication) -> None:
    fields = as_live(publication.in_review, approval_of(publication)) | {field: None}
    with refused_by_the_database(says):
        placed(publication, in_review=None, **fields)


@pytest.mark.parametrize("state", ["never", "hidden", ""])
def test_live_words_have_a_known_state_that_is_not_never(state: str, publication: Publication) -> None:
    fields = as_live(publication.in_review, approval_of(publication)) | {"state": state}
    with refused_by_the_database("live_is_approved_and_dated" if state == "never" else "publication_state_known"):
        placed(publication, in_review=None, **fields)


def test_nothing_live_has_the_state_never_alone(publication: Publication) -> None:
    for state in (LiveState.LIVE, LiveState.WITHDRAWN):
        with refused_by_the_database("live_is_approved_and_dated"):
            placed(publication, state=state)


@pytest.mark.parametrize("field", ["language", "article"])
def test_a_row_does_not_move_to_another_language_or_article(
    field: str, publication: Publication, desk: factories.Desk
) -> None:
    other = {"language": "vi", "article": factories.article(desk.an, "Beta")}[field]
    with refused_by_the_database(OWN):
        placed(publication, **{field: other})
    factories.approve(publication, desk=desk)
    with refused_by_the_database(OWN):
        placed(publication, **{field: other})
    workflow.publish(publication, by=desk.chi, version=1)
    with refused_by_the_database(PUBLIC):
        placed(publication, **{field: other})


def test_a_new_row_is_guarded_like_a_changed_one(article: Article, publication: Publication) -> None:
    approval = approval_of(publication)
    with refused_by_the_database(PUBLIC):
        Publication.objects.create(article=article, language="vi", **as_live(publication.in_review, approval))
    for place in ("in_review", "approved"):
        with refused_by_the_database(OWN):
            Publication.objects.create(article=article, language="vi", **{place: publication.in_review})
    with refused_by_the_database("publication_once|articles_publication.article_id, articles_publication.language"):
        Publication.objects.create(article=article, language="en")


# --- what is scheduled -------------------------------------------------------------------------------


def schedule_of(version: Version | None) -> Schedule:
    """As a row past the workflow: nothing in it says whose it is."""
    at = timezone.now()
    return Schedule.objects.create(version=version, due=at, next_try=at, by=User.objects.get(username="chi"))


def test_a_version_that_nobody_approved_is_not_scheduled(publication: Publication) -> None:
    row = schedule_of(publication.in_review)
    with refused_by_the_database(SCHEDULED):
        placed(publication, scheduled=row)
    approval_of(publication)
    assert placed(publication, scheduled=row) == 1


def test_an_approval_of_an_earlier_version_schedules_none_of_the_later(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    factories.approve(publication, desk=desk)
    edit(article, desk.an, summary_en="Second.")
    later = factories.in_review(article, desk=desk)
    row = schedule_of(later.in_review)
    with refused_by_the_database(SCHEDULED):
        placed(later, scheduled=row)


@each_foreign
def test_words_of_another_are_not_scheduled_here(
    foreign: Callable[[Article, factories.Desk], Publication],
    article: Article,
    publication: Publication,
    desk: factories.Desk,
) -> None:
    other = foreign(article, desk)
    approval_of(other)
    approval_of(publication)
    row = schedule_of(other.in_review)
    with refused_by_the_database(SCHEDULED):
        placed(publication, scheduled=row)
    with refused_by_the_database(SCHEDULED):
        Publication.objects.create(article=factories.article(desk.an, "Gamma"), language="en", scheduled=row)


def test_a_schedule_is_of_one_publication(publication: Publication, article: Article, desk: factories.Desk) -> None:
    approval_of(publication)
    row = schedule_of(publication.in_review)
    placed(publication, scheduled=row)
    other = factories.in_review(article, "vi", desk=desk)
    with refused_by_the_database(f"{SCHEDULED}|scheduled_id"):
        placed(other, scheduled=row)


def test_a_schedule_turned_to_words_that_nobody_approved_sends_out_nothing(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    """Past the workflow, after it was placed: what goes live is asked again."""
    factories.approve(publication, desk=desk)
    edit(article, desk.an, summary_en="Second.")
    later = factories.in_review(article, desk=desk).in_review
    due = schedule_of(publication.approved)
    placed(publication, scheduled=due)
    Schedule.objects.filter(pk=due.pk).update(version=later)
    with pytest.raises(ReviewStatus.DoesNotExist):
        workflow.release(publication)
    assert (now(publication).state, ReviewStatus.objects.filter(status=Status.PUBLISHED).count()) == ("never", 0)
