"""Sentences are compared in English; an article of these tests has three good sources."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from articles.models import Article, Publication
from tests import factories
from tests.articles.steps import edit


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    """By An, in both languages, with three sources that support it: enough for an approval without a note."""
    row = factories.article(desk.an)
    for slug in ("one", "two", "three"):
        factories.cite(row, desk.an, factories.source(slug))
    return row


@pytest.fixture
def publication(article: Article, desk: factories.Desk) -> Publication:
    """Its English, version 1 in review."""
    return factories.in_review(article, desk=desk)


@pytest.fixture
def live(article: Article, desk: factories.Desk) -> Publication:
    """Its English, version 1 live."""
    return factories.published(article, desk=desk)


@pytest.fixture
def newer(article: Article, live: Publication, desk: factories.Desk) -> Publication:
    """Its English, version 1 live and version 2 approved."""
    edit(article, desk.an, headline_en="Headline, put right")
    return factories.approved(article, desk=desk)
