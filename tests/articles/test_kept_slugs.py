"""The addresses of categories, authors and sources: kept for ever, in each language, never given to another."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from articles.models import Article, Author, AuthorSlug, Category, CategorySlug
from sources import proposing
from sources.frozen import missing
from sources.models import Source, SourceSlug
from sources.models.slug import Slugged
from tests import factories
from tests.factories import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Sentences in English."""


def kept(row: Slugged) -> list[tuple[str, str]]:
    return list(row.kept_slugs.order_by("pk").values_list("language", "slug"))


def renamed(row: Any, **slugs: str) -> None:
    for name, slug in slugs.items():
        setattr(row, name, slug)
    row.save()


def answers(client: Client, *paths: str) -> dict[str, tuple[int, str | None, str | None]]:
    got = {path: client.get(path) for path in paths}
    return {path: (each.status_code, each.get("Location"), each.get("Cache-Control")) for path, each in got.items()}


@pytest.fixture
def live(desk: Desk) -> Article:
    """Live in English, by Mai Lan, in Technology, citing Example."""
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    return article


def test_an_old_address_leads_to_the_new_one_for_ever_in_each_language(live: Article, client: Client) -> None:
    category, author, source = Category.objects.get(), Author.objects.get(), Source.objects.get()
    renamed(category, slug_en="machines")
    renamed(category, slug_en="engines", slug_vi="may-moc")
    renamed(author, slug="lan")
    renamed(author, slug="mai-lan-nguyen")
    renamed(source, slug="sample")
    renamed(source, slug="specimen")
    there, other = (301, "no-cache"), (302, "no-cache")
    assert answers(
        client,
        "/en/categories/technology/",
        "/en/categories/machines/",
        "/vi/categories/cong-nghe/",
        "/vi/categories/technology/",
        "/vi/categories/engines/",
        "/en/authors/mai-lan/",
        "/vi/authors/lan/",
        "/en/sources/example/",
        "/vi/sources/sample/",
    ) == {
        "/en/categories/technology/": (there[0], "/en/categories/engines/", there[1]),
        "/en/categories/machines/": (there[0], "/en/categories/engines/", there[1]),
        "/vi/categories/cong-nghe/": (there[0], "/vi/categories/may-moc/", there[1]),
        "/vi/categories/technology/": (other[0], "/vi/categories/may-moc/", other[1]),
        "/vi/categories/engines/": (other[0], "/vi/categories/may-moc/", other[1]),
        "/en/authors/mai-lan/": (there[0], "/en/authors/mai-lan-nguyen/", there[1]),
        "/vi/authors/lan/": (there[0], "/vi/authors/mai-lan-nguyen/", there[1]),
        "/en/sources/example/": (there[0], "/en/sources/specimen/", there[1]),
        "/vi/sources/sample/": (there[0], "/vi/sources/specimen/", there[1]),
    }
    for path in ("/en/categories/engines/", "/en/authors/mai-lan-nguyen/", "/en/sources/specimen/"):
        assert client.get(path).status_code == 200


def test_an_address_that_is_taken_up_again_is_the_pages_own(live: Article, client: Client) -> None:
    category = Category.objects.get()
    renamed(category, slug_en="machines")
    renamed(category, slug_en="technology")
    assert kept(category) == [("vi", "cong-nghe"), ("en", "technology"), ("en", "machines")]
    assert client.get("/en/categories/technology/").status_code == 200
    assert client.get("/en/categories/machines/")["Location"] == "/en/categories/technology/"


def test_what_was_at_an_address_of_this_language_comes_before_what_is_at_it_in_another(client: Client) -> None:
    category = factories.category()
    renamed(category, slug_en="engines")
    Category.objects.create(name_en="Other", name_vi="Khác", slug_en="other", slug_vi="technology")
    assert answers(client, "/en/categories/technology/") == {
        "/en/categories/technology/": (301, "/en/categories/engines/", "no-cache")
    }
    assert client.get("/vi/categories/technology/").status_code == 200


def test_a_category_without_an_address_any_more_is_not_there(client: Client) -> None:
    category = Category.objects.create(name_en="Bare", slug_en="bare")
    renamed(category, slug_en=None)
    assert client.get("/en/categories/bare/").status_code == 404
    assert client.get("/vi/categories/bare/").status_code == 404


def test_an_old_address_betrays_nobody_who_is_not_public(desk: Desk, client: Client) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, factories.source(tier=None))
    factories.approved(article, desk=desk)
    renamed(Author.objects.get(), slug="lan")
    renamed(Source.objects.get(), slug="sample")
    for path in ("authors/mai-lan", "authors/lan", "sources/example", "sources/sample"):
        assert client.get(f"/en/{path}/").status_code == 404, path


def test_the_old_address_of_what_was_merged_leads_to_the_other(live: Article, client: Client) -> None:
    source, into = Source.objects.get(), factories.source("other")
    renamed(source, slug="sample")
    Source.objects.filter(pk=source.pk).update(merged_into=into)
    for path in ("/en/sources/example/", "/en/sources/sample/"):
        assert client.get(path)["Location"] == "/en/sources/other/"


# --- never given to another --------------------------------------------------------------------------

IS = "“{}” is the address of “{}”. Choose another one."
WAS = "“{}” was the address of “{}”, and still leads there. Choose another one."


def refused(row: Slugged) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return caught.value.message_dict


def test_an_address_that_another_has_or_had_is_refused_in_plain_words() -> None:
    category, author, source = factories.category(), factories.author(), factories.source()
    renamed(category, slug_en="machines")
    renamed(author, slug="lan")
    renamed(source, slug="sample")
    assert refused(Category(name_en="New", slug_en="technology", slug_vi="cong-nghe")) == {
        "slug_en": [WAS.format("technology", "Technology")],
        "slug_vi": [IS.format("cong-nghe", "Technology")],
    }
    assert refused(Author(name="New", slug="mai-lan")) == {"slug": [WAS.format("mai-lan", "Mai Lan")]}
    assert refused(Author(name="New", slug="lan")) == {"slug": [IS.format("lan", "Mai Lan")]}
    assert refused(Source(name_en="New", slug="example")) == {"slug": [WAS.format("example", "Example")]}
    Category(name_en="New", slug_en="cong-nghe", slug_vi="technology").full_clean()  # another language's is free
    category.slug_en = "technology"
    category.full_clean()  # its own of before


@pytest.mark.parametrize(
    ("model", "fields"), [(Author, {"name": "New"}), (Source, {"name_en": "New"}), (Category, {"name_en": "New"})]
)
def test_the_database_has_the_last_word(model: Any, fields: dict[str, str]) -> None:
    name = "slug_en" if model is Category else "slug"
    renamed(model.objects.create(**fields, **{name: "one"}), **{name: "two"})
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields, **{name: "one"})
    assert model.objects.count() == 1


# --- made from the name ------------------------------------------------------------------------------


def test_an_address_left_empty_is_made_from_the_name() -> None:
    category = Category(name_vi="Đời sống", name_en="Life")
    author, source = Author(name="Đỗ Thị Điệp"), Source(name_vi="Báo Đời sống")
    for row in (category, author, source):
        row.full_clean()
    assert (category.slugs(), author.slugs(), source.slugs()) == (
        {"vi": "doi-song", "en": "life"},
        {"": "do-thi-diep"},
        {"": "bao-doi-song"},
    )
    assert refused(Author(name="漢字")) == {"slug": ["Write an address: none can be made from the name."]}
    untranslated = Category(name_vi="漢字", name_en="Signs")
    untranslated.full_clean()
    assert untranslated.slugs() == {"vi": "", "en": "signs"}


def test_a_source_made_in_place_takes_no_address_that_another_had(desk: Desk) -> None:
    renamed(factories.source("daily"), slug="weekly")
    assert proposing.found_or_made("https://daily-news.org/1", "Daily", "en").slug == "daily-2"
    assert not SourceSlug.objects.exclude(of__slug="weekly").filter(slug="daily").exists()


def test_the_forms_show_what_an_address_would_be_made_of(admin_client: Client, desk: Desk) -> None:
    for path, names in (
        ("articles/category", ["name_vi", "name_en"]),
        ("articles/author", ["name"]),
        ("sources/source", ["name_vi name_en"]),
        ("articles/article", ["headline_vi", "headline_en"]),
    ):
        page = admin_client.get(f"/admin/{path}/add/").content.decode()
        assert all(f'data-slug-from="{name}"' in page for name in names), path
        assert page.count("data-slug-from") == len(names), path
        assert page.count("js/slug.js") == 1, path


# --- what was there before ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_was_there_before_the_tables_is_filled_in() -> None:
    factories.category()
    factories.author()
    factories.source()
    Category.objects.create(name_en="Bare")
    models = (CategorySlug, AuthorSlug, SourceSlug)

    def rows() -> list[list[tuple[Any, ...]]]:
        return [list(model.objects.order_by("slug").values_list("language", "slug", "of")) for model in models]

    before = rows()
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate(
            [("articles", "0012_version_authors"), ("sources", "0003_counting_outcomes")]
        )
        assert not {model._meta.db_table for model in models} & set(connection.introspection.table_names())
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert rows() == before
    assert [len(each) for each in before] == [2, 1, 1]
    assert missing(connection) == []
