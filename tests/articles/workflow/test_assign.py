"""Naming a reviewer and a day: who may, whom, of what; no step of the review, so the ledger says nothing."""

from datetime import date

import pytest

from articles import remarks, workflow
from articles.models import Article, Publication
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db

DAY = date(2090, 3, 5)
NONE_IN_REVIEW = "No version of this language is in review."


def test_a_reviewer_is_named_with_a_day_and_another_instead_and_nobody(
    publication: Publication, desk: factories.Desk
) -> None:
    before, stamps = ledger("pk"), [publication.stamp]
    workflow.assign(publication, by=desk.binh, reviewer=desk.binh, due=DAY)
    stamps.append(now(publication).stamp)
    assert (now(publication).reviewer, now(publication).review_due) == (desk.binh, DAY)
    workflow.assign(publication, by=desk.chi, reviewer=desk.dung)
    stamps.append(now(publication).stamp)
    assert (now(publication).reviewer, now(publication).review_due) == (desk.dung, None)
    workflow.assign(publication, by=desk.chi, reviewer=None, due=DAY)
    assert (now(publication).reviewer, now(publication).review_due) == (None, None)
    stamps.append(now(publication).stamp)
    assert (stamps, ledger("pk")) == (sorted(set(stamps)), before)  # raised by each


def test_a_reviewer_is_named_while_notes_are_open(publication: Publication, desk: factories.Desk) -> None:
    remarks.write(publication, by=desk.binh, version=1, paragraph=1, text="Who says so?")
    workflow.assign(publication, by=desk.chi, reviewer=desk.dung)
    assert now(publication).reviewer == desk.dung


@pytest.mark.parametrize("groups", [("Editors",), ("Librarians",), ()], ids=str)
def test_who_neither_reviews_nor_publishes_names_nobody(groups: tuple[str, ...], publication: Publication) -> None:
    by = factories.user("by", *groups)
    with refused("Only Reviewers may do this."):
        workflow.assign(publication, by=by, reviewer=None)


def test_nobody_is_named_who_could_not_review_it(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    workflow.recall(publication, by=desk.an, version=1)
    edit(article, desk.dung, summary_en="By Dung.")
    workflow.submit(article, "en", by=desk.an)
    left = factories.user("left", "Reviewers", is_active=False)
    for person in (desk.an, desk.chi, desk.dung, desk.em, left):
        told = "cannot review this: they are no reviewer of this language, or they contributed to it."
        with refused(f"{person.get_full_name()} {told}"):
            workflow.assign(publication, by=desk.binh, reviewer=person, due=DAY)


def test_only_what_is_in_review_is_given_to_a_reviewer(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    factories.approve(publication, desk=desk)
    with refused(NONE_IN_REVIEW):
        workflow.assign(publication, by=desk.binh, reviewer=desk.binh)
    never = Publication(article=article, language="vi")
    with refused(NONE_IN_REVIEW):
        workflow.assign(never, by=desk.binh, reviewer=desk.binh)


def test_an_approval_by_anybody_ends_the_assignment(publication: Publication, desk: factories.Desk) -> None:
    workflow.assign(publication, by=desk.binh, reviewer=desk.dung, due=DAY)
    factories.approve(publication, desk=desk)
    assert (now(publication).reviewer, now(publication).review_due) == (None, None)


def test_whoever_is_named_is_not_the_only_one_who_may(publication: Publication, desk: factories.Desk) -> None:
    workflow.assign(publication, by=desk.binh, reviewer=desk.dung)
    assert factories.approve(publication, desk=desk).actor == desk.binh


def test_sent_back_and_submitted_again_it_is_for_the_same_reviewer(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    workflow.assign(publication, by=desk.binh, reviewer=desk.binh, due=DAY)
    workflow.request_changes(publication, by=desk.binh, version=1, note="More.")
    edit(article, desk.an, summary_en="More.")
    workflow.submit(article, "en", by=desk.an)
    assert now(publication).reviewer == desk.binh


def test_a_reviewer_who_took_part_in_the_next_version_is_not_asked_to_review_it(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    workflow.assign(publication, by=desk.binh, reviewer=desk.dung, due=DAY)
    workflow.request_changes(publication, by=desk.binh, version=1, note="More.")
    edit(article, desk.dung, summary_en="By Dung.")
    workflow.submit(article, "en", by=desk.an)
    assert (now(publication).reviewer, now(publication).review_due) == (None, None)
