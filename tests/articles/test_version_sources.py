"""The index of what versions name: written with each, filled for those that were there before it, never changed."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from articles import workflow
from articles.models import Version, VersionSource
from sources.frozen import missing
from tests import factories
from tests.articles.steps import edit
from tests.factories import Desk

Row = tuple[int, int, int, str]


def index() -> set[Row]:
    return set(VersionSource.objects.values_list("version", "source", "number", "role"))


def named() -> set[Row]:
    """As the frozen citations have it, read one by one."""
    return {
        (version.pk, cited[role]["id"], cited["number"], role)
        for version in Version.objects.all()
        for cited in version.citations
        for role in ("source", "origin")
        if cited[role]
    }


def cited(desk: Desk) -> None:
    """Three versions of two languages; the same source twice, as origin too, and one that the working copy lost."""
    article = factories.article(desk.an)
    one, two = factories.source("one"), factories.source("two")
    lost = factories.cite(article, desk.an, factories.source("lost"))
    for source in (one, one, two):
        factories.cite(article, desk.an, source)
    factories.cite(article, desk.an, two, first_hand=False, origin=one)
    for code in ("en", "vi"):
        factories.published(article, code, desk=desk)
    lost.delete(by=desk.an)
    edit(article, desk.an, headline_en="Newer")
    factories.in_review(article, desk=desk)


@pytest.mark.django_db
def test_each_version_is_indexed_as_it_is_frozen(desk: Desk) -> None:
    cited(desk)
    assert index() == named()
    assert len(index()) == VersionSource.objects.count() == 6 + 6 + 5


@pytest.mark.django_db
def test_what_is_refused_leaves_no_row(desk: Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.in_review(factories.article(desk.an, "Beta", slug_en="taken"), desk=desk)
    edit(article, desk.an, slug_en="taken")
    with pytest.raises(workflow.Refused):
        workflow.submit(article, "en", by=desk.an)
    assert index() == named() == set()


@pytest.mark.django_db
def test_many_versions_saved_at_once_are_indexed_too(desk: Desk) -> None:
    cited(desk)
    copies = list(Version.objects.all())
    for number, copy in enumerate(copies, 10):
        copy.pk, copy.number = None, number
    Version.objects.bulk_create(copies)
    assert index() == named()
    assert Version.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_what_was_frozen_before_the_index_is_filled_in() -> None:
    cited(factories.desk())
    before = index()

    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("articles")
    try:
        MigrationExecutor(connection).migrate([("articles", "0010_verdicts")])
        assert VersionSource._meta.db_table not in connection.introspection.table_names()
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert index() == before == named()
    assert missing(connection) == []  # no trigger, of this table or of a publication's
