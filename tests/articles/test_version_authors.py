"""The index of whose names stand in bylines: written with each version, filled for those before it, never changed."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from articles.models import Article, Version, VersionAuthor
from sources.frozen import missing
from tests import factories
from tests.factories import Desk


def index() -> set[tuple[int, int]]:
    return set(VersionAuthor.objects.values_list("version", "author"))


def signed() -> set[tuple[int, int]]:
    """As the frozen bylines have it, read one by one."""
    return {(version.pk, author["id"]) for version in Version.objects.all() for author in version.byline}


def written(desk: Desk) -> None:
    """Three versions of two languages by two authors, of whom the working copy then lost both."""
    article = factories.article(desk.an)
    article.set_authors([factories.author("An"), factories.author("Vy")], by=desk.an)
    for code in ("en", "vi"):
        factories.published(article, code, desk=desk)
    article = Article.objects.get(pk=article.pk)
    article.set_authors([factories.author("Hoa")], by=desk.an)
    factories.in_review(article, desk=desk)


@pytest.mark.django_db
def test_each_version_is_indexed_as_it_is_frozen(desk: Desk) -> None:
    written(desk)
    assert index() == signed()
    assert len(index()) == VersionAuthor.objects.count() == 2 + 2 + 1


@pytest.mark.django_db
def test_many_versions_saved_at_once_are_indexed_too(desk: Desk) -> None:
    written(desk)
    copies = list(Version.objects.all())
    for number, copy in enumerate(copies, 10):
        copy.pk, copy.number = None, number
    Version.objects.bulk_create(copies)
    assert index() == signed()
    assert Version.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_what_was_frozen_before_the_index_is_filled_in() -> None:
    written(factories.desk())
    before = index()

    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("articles")
    try:
        MigrationExecutor(connection).migrate([("articles", "0011_version_sources")])
        assert VersionAuthor._meta.db_table not in connection.introspection.table_names()
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert index() == before == signed()
    assert missing(connection) == []
