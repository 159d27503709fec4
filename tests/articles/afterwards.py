"""What becomes of a published text, by the moves: corrected, assessed again, withdrawn, published again."""

from typing import Any

from articles import workflow
from articles.assessing import assess, screen_hash
from articles.models import Article, Publication, ReviewStatus
from articles.refusing import publication_of
from tests import factories
from tests.articles.steps import edit
from tests.factories import Desk

KINDS = ["typo", "clarification", "correction", "update"]


def submitted_again(article: Article, language: str = "en", *, desk: Desk, **fields: Any) -> Publication:
    """A newer version, approved."""
    edit(article, desk.an, **{f"{name}_{language}": value for name, value in fields.items()})
    return factories.approved(Article.objects.get(pk=article.pk), language, desk=desk)


def corrected(
    article: Article, language: str = "en", *, desk: Desk, kind: str = "correction", note: str, **fields: Any
) -> ReviewStatus:
    """The newer version takes the place of what is or was live; without `fields` its summary is another."""
    newer = fields or {"summary": f"Since {note}"}
    publication = submitted_again(article, language, desk=desk, **newer)
    assert publication.approved is not None
    return workflow.correct(publication, by=desk.chi, version=publication.approved.number, kind=kind, note=note)


def withdrawn(article: Article, language: str = "en", *, desk: Desk, note: str = "It was wrong.") -> ReviewStatus:
    publication = publication_of(article, language)
    assert publication.live is not None
    return workflow.withdraw(publication, by=desk.chi, version=publication.live.number, note=note)


def assessed_again(article: Article, language: str = "en", *, desk: Desk, note: str) -> ReviewStatus:
    publication = publication_of(article, language)
    assert publication.live is not None
    seen = screen_hash(publication.live, assess(publication.live))
    return workflow.reassess(publication, by=desk.binh, seen=seen, note=note)
