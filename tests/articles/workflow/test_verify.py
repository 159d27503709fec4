"""Verifying a citation: by nobody who ever contributed; carried wherever its content is the same."""

from typing import Any

import pytest

from articles import refusing, workflow
from articles.assessing import assess
from articles.models import Article, Publication, Verification
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db

CONTRIBUTED = "You contributed to this article, so somebody else has to verify its citations."


def verified(publication: Publication) -> list[int]:
    """The numbers of the citations that count as verified in the version in review."""
    version = now(publication).in_review
    assert version is not None
    return [row["number"] for row in assess(version).citations if row["verified"]]


def verify(publication: Publication, *, desk: factories.Desk, number: int = 2, **about: Any) -> Verification:
    return workflow.verify(publication, by=desk.binh, **{"version": 1, "number": number, "checked": "Read.", **about})


def resubmitted(publication: Publication, desk: factories.Desk) -> Publication:
    """Recalled, and the working copy submitted as it is now."""
    version = now(publication).in_review
    assert version is not None
    workflow.recall(publication, by=desk.an, version=version.number)
    return factories.in_review(Article.objects.get(pk=publication.article_id), publication.language, desk=desk)


def test_verifying_counts_and_moves_nothing(publication: Publication, desk: factories.Desk) -> None:
    version = publication.in_review
    assert version is not None
    before = (ledger("pk"), now(publication).stamp, assess(version).workings.percent or 0)
    row = verify(publication, desk=desk, checked=" Read\x07\n it. ")
    assert (row.checked, row.by, row.withdrawn) == ("Read it.", desk.binh, False)
    assert verified(publication) == [2]
    assert (ledger("pk"), now(publication).stamp) == before[:2]
    assert (assess(version).workings.percent or 0) > before[2]


# --- by whom -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["headline_en", "headline_vi", "machine"])
def test_whoever_contributed_in_either_language_is_refused(field: str, article: Article, desk: factories.Desk) -> None:
    edit(article, desk.dung, **{field: "assisted"})
    publication = factories.in_review(article, desk=desk)
    with refused(CONTRIBUTED):
        workflow.verify(publication, by=desk.dung, version=1, number=1, checked="Read.")
    assert refusing.verify_refusal(publication, desk.dung) == CONTRIBUTED


def test_whoever_contributed_before_the_last_approval_is_refused_for_all_time(
    article: Article, desk: factories.Desk
) -> None:
    edit(article, desk.dung, headline_en="By Dung")
    factories.approved(article, desk=desk)
    edit(article, desk.an, headline_en="By An")
    publication = factories.in_review(article, desk=desk)
    assert refusing.refusal(publication, workflow.Move.APPROVE, desk.dung) is None
    with refused(CONTRIBUTED):
        workflow.verify(publication, by=desk.dung, version=2, number=1, checked="Read.")


def test_an_author_of_the_byline_with_an_account_is_refused(article: Article, desk: factories.Desk) -> None:
    article.set_authors([factories.author("Public Binh", user=desk.binh)], by=desk.an)
    publication = factories.in_review(article, desk=desk)
    with refused(CONTRIBUTED):
        verify(publication, desk=desk)


@pytest.mark.parametrize("superuser", [False, True])
def test_who_only_submitted_is_refused_as_for_an_approval(
    superuser: bool, article: Article, desk: factories.Desk
) -> None:
    by = factories.user("root", is_superuser=True) if superuser else desk.dung
    workflow.submit(article, "en", by=by)
    with refused("You contributed to this version, so somebody else has to approve it."):
        workflow.verify(Publication.objects.get(), by=by, version=1, number=1, checked="Read.")


@pytest.mark.parametrize("who", ["chi", "em"])
def test_only_reviewers_verify(who: str, publication: Publication, desk: factories.Desk) -> None:
    with refused("Only Reviewers may do this."):
        workflow.verify(publication, by=getattr(desk, who), version=1, number=1, checked="Read.")


def test_what_is_not_in_review_is_not_verified(article: Article, desk: factories.Desk) -> None:
    publication = factories.approved(article, desk=desk)
    with refused("No version of this language is in review."):
        verify(publication, desk=desk)


# --- what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_number_that_no_citation_has_is_refused(number: int, publication: Publication, desk: factories.Desk) -> None:
    with refused(f"This version has no citation {number}."):
        verify(publication, desk=desk, number=number)


@pytest.mark.parametrize("checked", ["", " \n ", "\u200b\x07"])
def test_saying_nothing_of_what_was_checked_is_refused(
    checked: str, publication: Publication, desk: factories.Desk
) -> None:
    with refused("Say what you checked."):
        verify(publication, desk=desk, checked=checked)


def test_a_page_that_showed_an_earlier_version_verifies_nothing(publication: Publication, desk: factories.Desk) -> None:
    resubmitted(publication, desk)
    with refused("Version 2 took its place meanwhile. Look again."):
        verify(publication, desk=desk, version=1)


# --- how far it carries ------------------------------------------------------------------------------


def test_it_carries_to_a_later_version_and_to_the_other_language(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    verify(publication, desk=desk)
    assert verified(factories.in_review(article, "vi", desk=desk)) == [2]
    edit(article, desk.an, headline_en="Another headline")
    factories.cite(article, desk.an, position=1)  # now the second of four
    for place, key in enumerate((1, 4, 2, 3), 1):
        citation = article.citations.get(key=key)
        citation.position = place
        citation.save(by=desk.an)
    assert verified(resubmitted(publication, desk)) == [3]
    factories.approve(publication, desk=desk)
    edit(article, desk.an, headline_en="Yet another headline")
    assert verified(factories.in_review(article, desk=desk)) == [3]


CONTENT: dict[str, Any] = {
    "url": "https://two.org/elsewhere",
    "quote": "In other words.",
    "locator": "p. 9",
    "stance": "contradicts",
}
BESIDE: dict[str, Any] = {
    "title": "Another title",
    "title_language": "vi",
    "position": 2,
    "first_hand": False,
    "accessed": "2026-01-02",
    "archive_url": "https://archive.org/2",
}


@pytest.mark.parametrize("field", [*CONTENT, "source", *BESIDE])
def test_it_carries_until_what_was_checked_changes(
    field: str, article: Article, publication: Publication, desk: factories.Desk
) -> None:
    verify(publication, desk=desk)
    citation = article.citations.get(key=2)
    other = factories.source("other") if field == "source" else None
    setattr(citation, field, other or (CONTENT | BESIDE)[field])
    citation.save(by=desk.an)
    publication = resubmitted(publication, desk)
    assert verified(publication) == ([2] if field in BESIDE else [])
    verify(publication, desk=desk, version=2)
    assert verified(publication) == [2]


def test_it_counts_again_when_the_content_is_what_it_was(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    verify(publication, desk=desk)
    citation = article.citations.get(key=2)
    for quote, counted in (("Other.", []), ("", [2])):
        citation.quote = quote
        citation.save(by=desk.an)
        publication = resubmitted(publication, desk)
        assert verified(publication) == counted


def test_it_stays_within_its_article(article: Article, publication: Publication, desk: factories.Desk) -> None:
    verify(publication, desk=desk)
    other = factories.article(desk.an, "Beta")
    cited = article.citations.get(key=2)
    factories.cite(other, desk.an, cited.source, url=cited.url, title=cited.title)
    assert verified(factories.in_review(other, desk=desk)) == []


# --- taken back, and outgrown ------------------------------------------------------------------------


def test_a_further_row_withdraws_it_and_a_third_restores_it(publication: Publication, desk: factories.Desk) -> None:
    counted = []
    for withdrawn, checked in ((False, "Read."), (True, ""), (False, "Read again.")):
        verify(publication, desk=desk, withdrawn=withdrawn, checked=checked)
        counted.append(verified(publication))
    assert counted == [[2], [], [2]]
    assert list(Verification.objects.order_by("pk").values_list("checked", "withdrawn")) == [
        ("Read.", False),
        ("", True),
        ("Read again.", False),
    ]


def test_another_reviewer_may_withdraw_it(publication: Publication, desk: factories.Desk) -> None:
    verify(publication, desk=desk)
    other = factories.user("other", "Reviewers")
    workflow.verify(publication, by=other, version=1, number=2, checked="", withdrawn=True)
    assert verified(publication) == []


def test_the_word_of_somebody_who_contributed_later_does_not_count_for_that_version(
    publication: Publication, desk: factories.Desk
) -> None:
    verify(publication, desk=desk)
    edit(publication.article, desk.binh, headline_en="By Binh")
    assert verified(publication) == [2]  # the version in review is not of those words
    publication = resubmitted(publication, desk)
    assert verified(publication) == []
    other = factories.user("other", "Reviewers")
    workflow.verify(publication, by=other, version=2, number=2, checked="Read too.")
    assert verified(publication) == [2]
