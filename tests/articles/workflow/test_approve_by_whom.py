"""Approving: by a person who wrote none of it, however little there was to write."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from articles import refusing, workflow
from articles.models import Article, Author, Publication
from articles.states import Move
from tests import factories
from tests.articles.steps import edit, refused

pytestmark = pytest.mark.django_db

OWN_WORK = "You contributed to this version, so somebody else has to approve it."


def reviewer(name: str) -> User:
    return factories.user(name, "Editors", "Reviewers")


def cites(article: Article, by: User) -> None:
    factories.cite(article, by)


def changes_a_citation(article: Article, by: User) -> None:
    citation = article.citations.get(key=1)
    citation.quote = "In other words."
    citation.save(by=by)


def deletes_a_citation(article: Article, by: User) -> None:
    article.citations.get(key=1).delete(by=by)


def changes_what_is_shared(article: Article, by: User) -> None:
    edit(article, by, machine="assisted")


def names_an_author(article: Article, by: User) -> None:
    article.set_authors([factories.author("Somebody Else")], by=by)


def writes_one_word(article: Article, by: User) -> None:
    edit(article, by, headline_en="Headline Omega")


def is_in_the_byline(article: Article, by: User) -> None:
    factories.author("Public Name", user=by)
    article.set_authors([factories.author(), factories.author("Public Name")], by=User.objects.get(username="an"))


@pytest.mark.parametrize(
    "contributes",
    [
        cites, changes_a_citation, deletes_a_citation, changes_what_is_shared, names_an_author, writes_one_word,
        is_in_the_byline,
    ],
    ids=lambda contributes: contributes.__name__,
)  # fmt: skip
@pytest.mark.parametrize("superuser", [False, True], ids=["reviewer", "superuser"])
def test_whoever_contributed_in_whatever_way_is_refused(
    superuser: bool, contributes: Callable[[Article, User], None], article: Article, desk: factories.Desk
) -> None:
    by = factories.user("both", is_superuser=True) if superuser else reviewer("both")
    contributes(article, by)
    publication = factories.in_review(article, desk=desk)
    with refused(OWN_WORK):
        workflow.approve(publication, by=by, seen=factories.seen(publication), note="Fine.")
    assert refusing.refusal(publication, Move.APPROVE, by) == OWN_WORK
    assert factories.approve(publication, desk=desk).actor == desk.binh


def test_the_submitter_is_refused_who_wrote_nothing(article: Article, desk: factories.Desk) -> None:
    workflow.submit(article, "en", by=desk.dung)
    publication = Publication.objects.get()
    with refused(OWN_WORK):
        workflow.approve(publication, by=desk.dung, seen=factories.seen(publication), note="Fine.")
    assert factories.approve(publication, desk=desk).actor == desk.binh


def test_whoever_contributed_to_the_other_language_alone_may_approve_this_one(
    article: Article, desk: factories.Desk
) -> None:
    edit(article, desk.dung, headline_vi="Của Dũng")
    publication = factories.in_review(article, desk=desk)
    row = workflow.approve(publication, by=desk.dung, seen=factories.seen(publication))
    assert (row.actor, row.self_review) == (desk.dung, False)


def test_whose_name_stands_in_the_byline_is_refused_from_the_moment_it_is_known_to_be_theirs(
    article: Article, desk: factories.Desk
) -> None:
    """The account is joined to the author after the version was frozen: "nobody approves what carries their name"."""
    author = factories.author("Public Binh")
    article.set_authors([author], by=desk.an)
    publication = factories.in_review(article, desk=desk)
    Author.objects.filter(pk=author.pk).update(user=desk.binh)
    by = User.objects.get(pk=desk.binh.pk)
    with refused(OWN_WORK):
        workflow.approve(publication, by=by, seen=factories.seen(publication), note="Fine.")


def test_an_author_without_an_account_refuses_nobody(publication: Publication, desk: factories.Desk) -> None:
    assert publication.in_review is not None
    assert publication.in_review.contributors == [{"id": desk.an.pk, "name": "An"}]


def test_whoever_only_sent_it_back_verified_or_approved_before_may_approve(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it.")
    workflow.request_changes(publication, by=desk.binh, version=1, note="More.")
    for count in (2, 3):
        edit(article, desk.an, summary_en=f"Round {count}.")
        publication = factories.in_review(article, desk=desk)
        row = workflow.approve(publication, by=desk.binh, seen=factories.seen(publication))
        assert (row.actor, row.version.number) == (desk.binh, count)
