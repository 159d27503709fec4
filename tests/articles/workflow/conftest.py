"""Sentences are compared in English; an article of these tests has three good sources."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from articles.models import Article, Publication
from tests import factories


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
