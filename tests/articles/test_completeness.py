"""What a language still needs, named field by field, each language by itself."""

from typing import Any

import pytest
from django.utils.translation import override

from articles.completeness import REQUIRED, missing
from articles.freezing import freeze
from articles.models import Article, Author
from tests import factories

LABELS = {
    "headline": "headline",
    "summary": "summary",
    "body": "text",
    "slug": "address",
    "category": "category, with a name in this language",
    "byline": "author",
    "pictures": "text in place of each picture, unless it is marked as decorative",
}
EMPTY = {**dict.fromkeys(LABELS, ""), "byline": [], "pictures": [{"alt": "", "decorative": False}]}
LANGUAGES = ["vi", "en"]


def content(**fields: Any) -> dict[str, Any]:
    words = {"headline": "H", "summary": "S", "body": "<p>B</p>", "slug": "h", "category": "C", "byline": [{"id": 1}]}
    return {**words, "kind": "news", "claim": "", "translator": "", "citations": [], **fields}


def lacking(article: Article, language: str) -> list[str]:
    """What `article` as the database has it lacks, in English."""
    version = freeze(Article.objects.get(pk=article.pk), language).version
    with override("en"):
        return [str(label) for label in missing(version.content())]


def test_the_required_fields_are_named_in_english() -> None:
    with override("en"):
        assert {field: str(label) for field, label in REQUIRED.items()} == LABELS


def test_a_whole_language_lacks_nothing_and_an_empty_one_every_field_in_order() -> None:
    assert missing(content()) == []
    assert missing(content(**EMPTY)) == list(REQUIRED.values())


@pytest.mark.parametrize("field", LABELS)
def test_an_empty_field_is_named_alone(field: str) -> None:
    assert missing(content(**{field: EMPTY[field]})) == [REQUIRED[field]]


@pytest.mark.parametrize(
    "body", ["", "<p></p>", "<p> </p>", "<p>&nbsp;</p>", "<p><br></p>", '<sup data-cite="1"></sup>']
)
def test_a_text_without_a_word_is_missing(body: str) -> None:
    assert missing(content(body=body)) == [REQUIRED["body"]]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({"headline": "", "slug": "kept"}, ["headline"]),
        ({"headline": " \u200b\n", "slug": "kept"}, ["headline"]),
        ({"summary": ""}, ["summary"]),
        ({"body": ""}, ["text"]),
        ({"body": "<p>&nbsp;</p>"}, ["text"]),
        ({"headline": "漢字"}, ["address"]),
        ({"headline": "", "summary": "", "body": ""}, ["headline", "summary", "text", "address"]),
    ],
)
def test_a_language_lacks_its_own_words_and_the_other_does_not(
    desk: factories.Desk, language: str, changed: dict[str, str], lacks: list[str]
) -> None:
    article = factories.article(desk.an, **{f"{field}_{language}": value for field, value in changed.items()})
    [other] = {*LANGUAGES} - {language}
    assert (lacking(article, language), lacking(article, other)) == (lacks, [])


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_category_counts_where_it_has_a_name(desk: factories.Desk, language: str) -> None:
    article = factories.article(desk.an)
    category = factories.category()
    setattr(category, f"name_{language}", "")
    category.save()
    [other] = {*LANGUAGES} - {language}
    assert (lacking(article, language), lacking(article, other)) == ([LABELS["category"]], [])


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_category_and_no_author_are_lacking_in_both(desk: factories.Desk, language: str) -> None:
    article = factories.article(desk.an, category=None)
    assert lacking(article, language) == [LABELS["category"]]
    article.set_authors(Author.objects.none(), by=desk.an)
    assert lacking(article, language) == [LABELS["category"], LABELS["byline"]]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", ["claim", "translator"])
def test_what_may_stay_empty_is_not_lacking(desk: factories.Desk, language: str, field: str) -> None:
    assert lacking(factories.article(desk.an, **{f"{field}_{language}": ""}), language) == []
