"""What submitting would freeze: the words cleaned, the names and citations as they are at that moment."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from articles import digest
from articles.freezing import Frozen, freeze
from articles.models import Article, Version
from tests import factories

pytestmark = pytest.mark.django_db

INVISIBLE = "\u200b\u202e\x07"


def fresh(article: Article) -> Article:
    """As the database has it."""
    return Article.objects.get(pk=article.pk)


def frozen(article: Article, language: str = "en") -> Frozen:
    return freeze(fresh(article), language)


def changed(article: Article, by: Any, **fields: Any) -> Article:
    row = fresh(article)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(by=by)
    return row


def test_everything_a_version_says_is_frozen(desk: factories.Desk) -> None:
    article = factories.article(
        desk.an,
        kind="analysis",
        machine="assisted",
        claim_en="It happened.",
        translator_en="Hoa",
        body_en='<p>One<sup data-cite="1">[1]</sup>, two<sup data-cite="2">[2]</sup>.</p>',
    )
    agency, paper = factories.source("agency"), factories.source("paper", name_en="")
    second = factories.cite(article, desk.an, paper, position=2, first_hand=False, origin=agency, stance="context")
    first = factories.cite(
        article, desk.an, agency, position=1, url=" https://agency.org/a ", title="Tài liệu", title_language="vi",
        quote=" So\nit was. ", locator="p. 3", accessed=date(2026, 11, 20), archive_url=" https://archive.example/a ",
    )  # fmt: skip
    [author] = article.authors.all()
    made = frozen(article)
    assert made.lost_marks == []
    assert made.version.content() == {
        "schema": 1,
        "article": article.pk,
        "language": "en",
        "headline": "Headline Alpha",
        "summary": "Summary Alpha.",
        "body": '<p>One<sup data-cite="2"></sup>, two<sup data-cite="1"></sup>.</p>',
        "slug": "headline-alpha",
        "claim": "It happened.",
        "kind": "analysis",
        "category": "Technology",
        "byline": [{"id": author.pk, "name": "Mai Lan"}],
        "machine": "assisted",
        "translator": "Hoa",
        "citations": [
            {
                "number": 1,
                "url": "https://agency.org/a",
                "title": "Tài liệu",
                "title_language": "vi",
                "source": {"id": agency.pk, "name": "Agency", "language": "en"},
                "origin": None,
                "stance": "supports",
                "first_hand": True,
                "quote": "So it was.",
                "locator": "p. 3",
                "accessed": "2026-11-20",
                "archive_url": "https://archive.example/a",
            },
            {
                "number": 2,
                "url": "https://paper.org/1",
                "title": "Document 1",
                "title_language": "",
                "source": {"id": paper.pk, "name": "Paper", "language": "vi"},
                "origin": {"id": agency.pk, "name": "Agency", "language": "en"},
                "stance": "context",
                "first_hand": False,
                "quote": "",
                "locator": "",
                "accessed": "",
                "archive_url": "",
            },
        ],
    }
    assert (second.key, first.key) == (1, 2)  # marks follow keys, numbers follow places
    assert made.version.digest == digest.sha256(made.version.content())


def test_freezing_writes_nothing(desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    with CaptureQueriesContext(connection) as queries:
        frozen(article)
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert Version.objects.count() == 0


@pytest.mark.parametrize("active", ["vi", "en"])
@pytest.mark.parametrize(("language", "headline"), [("vi", "Tiêu đề Alpha"), ("en", "Headline Alpha")])
def test_the_language_asked_for_is_frozen_whatever_the_desk_speaks(
    desk: factories.Desk, language: str, headline: str, active: str
) -> None:
    article = factories.article(desk.an)
    with override(active):
        version = frozen(article, language).version
    assert (version.language, version.headline, version.claim) == (language, headline, headline)
    assert version.category_name == {"vi": "Công nghệ", "en": "Technology"}[language]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_articles_words_never_stand_in_for_another_languages(desk: factories.Desk, language: str) -> None:
    [other] = {"vi", "en"} - {language}
    words = ("headline", "summary", "body", "slug", "claim", "translator")
    article = factories.article(desk.an, **{f"{name}_{language}": "" for name in words})
    category = factories.category()
    setattr(category, f"name_{language}", "")
    category.save()
    version = frozen(article, language).version
    assert [getattr(version, name) for name in words] == [""] * 6
    assert version.category_name == ""
    assert frozen(article, other).version.headline


def test_every_text_is_cleaned(desk: factories.Desk) -> None:
    dirty = f"A{INVISIBLE} \n <b>text</b> "
    article = factories.article(
        desk.an, headline_en=dirty, summary_en=dirty, claim_en=dirty, translator_en=dirty, slug_en="a",
        body_en=f"<p onclick='x()'>A{INVISIBLE} <b>text</b><script>x()</script></p>",
    )  # fmt: skip
    category, author = factories.category(), factories.author()
    category.name_en, author.name = dirty, dirty
    category.save()
    author.save()
    source = factories.source(name_en=dirty)
    factories.cite(article, desk.an, source, title=dirty, quote=dirty, locator=dirty)
    version = frozen(article).version
    clean = "A <b>text</b>"  # plain text: its signs are escaped where they are shown
    assert {version.headline, version.summary, version.claim, version.translator, version.category_name} == {clean}
    assert version.byline == [{"id": author.pk, "name": clean}]
    assert version.body == "<p>A text</p>"
    [cited] = version.citations
    assert {cited["title"], cited["quote"], cited["locator"], cited["source"]["name"]} == {clean}


def test_decomposed_and_composed_words_have_one_digest(desk: factories.Desk) -> None:
    article = factories.article(desk.an, headline_vi=unicodedata.normalize("NFC", "Tiếng Việt ở đâu"))
    composed = frozen(article, "vi").version.digest
    changed(article, desk.an, headline_vi=unicodedata.normalize("NFD", "Tiếng Việt ở đâu"))
    assert frozen(article, "vi").version.digest == composed


@pytest.mark.parametrize(
    "change",
    [
        {"headline_en": "Another"},
        {"summary_en": "Another."},
        {"body_en": "<p>Another.</p>"},
        {"slug_en": "another"},
        {"claim_en": "Another"},
        {"translator_en": "Another"},
        {"kind": "opinion"},
        {"machine": "generated"},
        {"category": None},
    ],
)
def test_any_word_changes_the_digest_of_its_language(desk: factories.Desk, change: dict[str, Any]) -> None:
    article = factories.article(desk.an)
    before = {code: frozen(article, code).version.digest for code in ("vi", "en")}
    changed(article, desk.an, **change)
    after = {code: frozen(article, code).version.digest for code in ("vi", "en")}
    shared = not any(name.endswith("_en") for name in change)
    assert (after["en"] != before["en"], after["vi"] != before["vi"]) == (True, shared)


def test_the_byline_is_ordered_by_name(desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    article.set_authors([factories.author(name) for name in ("Vy", "An", "Mai Lan")], by=desk.an)
    assert [author["name"] for author in frozen(article).version.byline] == ["An", "Mai Lan", "Vy"]


def test_an_origin_is_of_second_hand_citations_alone(desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, first_hand=True, origin=factories.source("agency"))
    factories.cite(article, desk.an, first_hand=False)
    assert [cited["origin"] for cited in frozen(article).version.citations] == [None, None]


def test_marks_whose_citation_is_gone_are_named_once_in_order(desk: factories.Desk) -> None:
    body = "<p>" + "".join(f'a<sup data-cite="{key}"></sup>' for key in (9, 1, 7, 9)) + "</p>"
    article = factories.article(desk.an, body_en=body)
    factories.cite(article, desk.an)
    made = frozen(article)
    assert made.lost_marks == [7, 9]
    assert made.version.body == body
    assert frozen(article, "vi").lost_marks == []


def test_a_key_is_never_given_again(desk: factories.Desk) -> None:
    """So that a mark never comes to point at another citation."""
    article = factories.article(desk.an, body_en='<p>a<sup data-cite="1"></sup></p>')
    factories.cite(article, desk.an).delete(by=desk.an)
    factories.cite(article, desk.an)
    assert frozen(article).lost_marks == [1]


@pytest.mark.parametrize("field", ["url", "archive_url"])
@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//example.org", "https://a b.org", "https://a.org/\u202ex"]
)
def test_an_address_that_no_reader_could_follow_is_refused_past_every_form(
    desk: factories.Desk, field: str, address: str
) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, **{field: address})
    with pytest.raises(ValidationError):
        frozen(article)


def test_a_text_beyond_all_bounds_is_refused(desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    Article._base_manager.filter(pk=article.pk).update(body_en="<ul><li>" * 5_000)
    with pytest.raises(ValidationError):
        frozen(article)
    assert frozen(article, "vi").version.headline == "Tiêu đề Alpha"


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_citations(desk: factories.Desk, count: int) -> None:
    article = factories.article(desk.an)
    for n in range(count):
        factories.cite(article, desk.an, factories.source(f"source{n}"))
    row = fresh(article)
    with CaptureQueriesContext(connection) as queries:
        freeze(row, "en")
    assert len(queries) == 3  # citations with their sources, category, authors
