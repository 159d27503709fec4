"""Approving: with a note to the reader where the claim stands on little."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from articles import refusing, workflow
from articles.assessing import assess
from articles.models import Article, Publication, ReviewStatus
from tests import factories
from tests.articles.steps import edit, refused

pytestmark = pytest.mark.django_db

UNSOURCED = "Nothing supports the claim with a source: say in a note why it may be published."
NOT_RATED = "None of its sources is rated: say in a note why it may be published."
BELOW = "The confidence is below 45%: say in a note why it may be published."


def unsourced(article: Article, by: User) -> None:
    for citation in article.citations.all():
        citation.delete(by=by)


def context_only(article: Article, by: User) -> None:
    for citation in article.citations.all():
        citation.stance = "context"
        citation.save(by=by)


def not_rated(article: Article, by: User) -> None:
    unsourced(article, by)
    factories.cite(article, by, factories.source("unknown", tier=None))


def below_the_floor(article: Article, by: User) -> None:
    unsourced(article, by)
    factories.cite(article, by, factories.source("weak", tier=4))


def contradicted(article: Article, by: User) -> None:
    for citation in article.citations.all():
        citation.stance = "contradicts"
        citation.save(by=by)


NOTES: list[tuple[Callable[[Article, User], None], str]] = [
    (unsourced, UNSOURCED),
    (context_only, UNSOURCED),
    (not_rated, NOT_RATED),
    (below_the_floor, BELOW),
    (contradicted, BELOW),
]
each_note = pytest.mark.parametrize(("weaken", "sentence"), NOTES, ids=[weaken.__name__ for weaken, _ in NOTES])


@each_note
@pytest.mark.parametrize("kind", ["news", "analysis", "explainer"])
def test_a_weak_claim_is_approved_with_a_note_alone(
    kind: str, weaken: Callable[[Article, User], None], sentence: str, article: Article, desk: factories.Desk
) -> None:
    weaken(article, desk.an)
    edit(article, desk.an, kind=kind)
    publication = factories.in_review(article, desk=desk)
    for empty in ("", " \n\t", "\u200b\u202e"):
        with refused(sentence):
            workflow.approve(publication, by=desk.binh, seen=factories.seen(publication), note=empty)
    row = workflow.approve(publication, by=desk.binh, seen=factories.seen(publication), note=" It\u202e matters. ")
    assert ReviewStatus.objects.get(pk=row.pk).note == "It matters."


@each_note
@pytest.mark.parametrize("kind", ["opinion", "press_release", "page"])
def test_what_shows_no_number_needs_no_note(
    kind: str, weaken: Callable[[Article, User], None], sentence: str, article: Article, desk: factories.Desk
) -> None:
    weaken(article, desk.an)
    edit(article, desk.an, kind=kind)
    publication = factories.in_review(article, desk=desk)
    row = workflow.approve(publication, by=desk.binh, seen=factories.seen(publication))
    assert row.note == ""


@pytest.mark.parametrize(("percent", "needed"), [(44, True), (45, False)])
def test_the_floor_itself_is_enough(percent: int, needed: bool, publication: Publication) -> None:
    """Few sets of citations come to 45 exactly: the number is set, the rule is asked."""
    version = publication.in_review
    assert version is not None
    assessment = assess(version)
    at = replace(assessment, workings=replace(assessment.workings, percent=percent))
    assert refusing.note_needed(version, at) == (BELOW if needed else None)
