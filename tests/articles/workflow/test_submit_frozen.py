"""What submitting freezes: clean, with the names and citations of that moment, and as it was for ever."""

from typing import Any

import pytest

from articles import workflow
from articles.cleaning import text_of
from articles.models import Article, Author, Category, Publication, Version
from articles.states import Status
from sources.models import Source
from tests import factories
from tests.articles.steps import edit, ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    return factories.article(desk.an)


def submit(article: Article, language: str = "en", *, desk: factories.Desk) -> Version:
    return workflow.submit(Article.objects.get(pk=article.pk), language, by=desk.an)


def test_hostile_words_are_cleaned_whatever_door_they_came_by(article: Article, desk: factories.Desk) -> None:
    factories.cite(
        article,
        desk.an,
        title="A\u202e title\x07\n two",
        quote=" Said.\u2066 ",
        locator="p.\x01 3",
        accessed="2026-01-02",
    )
    edit(
        article,
        desk.an,
        headline_en="One\u202e  headline\nof\x07 two lines ",
        claim_en="\u2066A claim",
        body_en=(
            '<p onclick="x()" style="color:red" class="big">Kept<script>alert(1)</script><!-- a --></p><svg><a/></svg>'
            '<h1>Loud</h1><h2 id="x">Quiet</h2><p><a href="javascript:x()" target="_top">no</a> '
            '<a href="https://example.org/">yes</a><img src="https://evil.org/"></p>'
            '<p>A<sup data-cite="1" onmouseover="x()">[1]</sup>, b<sup data-cite="<b>">2</sup>, c<sup>3</sup>.</p>'
        ),
    )
    version = submit(article, desk=desk)
    assert (version.headline, version.claim) == ("One headline of two lines", "A claim")
    assert version.body == (
        "<p>Kept</p>Loud<h2>Quiet</h2><p><a>no</a> "
        '<a href="https://example.org/">yes</a></p>'
        '<p>A<sup data-cite="1"></sup>, b, c3.</p>'
    )
    [cited] = version.citations
    assert {name: cited[name] for name in ("title", "quote", "locator", "accessed")} == {
        "title": "A title two",
        "quote": "Said.",
        "locator": "p. 3",
        "accessed": "2026-01-02",
    }


def test_marks_are_renumbered_in_the_order_of_the_citations(article: Article, desk: factories.Desk) -> None:
    for position in (3, 1, 2):
        factories.cite(article, desk.an, position=position, title=f"At place {position}")
    edit(article, desk.an, body_en='<p>a<sup data-cite="1"></sup> b<sup data-cite="2"></sup>'
                                   '<sup data-cite="3"></sup> c<sup data-cite="1"></sup></p>')  # fmt: skip
    version = submit(article, desk=desk)
    assert version.body == (
        '<p>a<sup data-cite="3"></sup> b<sup data-cite="1"></sup>'
        '<sup data-cite="2"></sup> c<sup data-cite="3"></sup></p>'
    )
    assert [(cited["number"], cited["title"]) for cited in version.citations] == [
        (1, "At place 1"),
        (2, "At place 2"),
        (3, "At place 3"),
    ]


def frozen(version: Version) -> dict[str, Any]:
    """The row as the database has it, whole."""
    row = Version.objects.get(pk=version.pk)
    return {field.attname: getattr(row, field.attname) for field in Version._meta.concrete_fields}


def test_the_version_is_the_words_the_names_and_the_citations_as_they_are(desk: factories.Desk) -> None:
    wire = factories.source("wire", name_en="The Wire", name_vi="")
    ministry = factories.source("ministry", name_en="Ministry", name_vi="Bộ")
    article = factories.article(
        desk.an, claim_en="It is so.", translator_en="T. R.", machine="assisted", kind="analysis"
    )
    article.set_authors([factories.author("Mai Lan"), factories.author("An Nguyen")], by=desk.an)
    factories.cite(article, desk.an, wire, first_hand=False, origin=ministry, stance="contradicts", quote="No.")
    factories.cite(article, desk.an, ministry, origin=wire, title_language="vi", archive_url="https://archive.org/1")
    english, vietnamese = submit(article, "en", desk=desk), submit(article, "vi", desk=desk)
    plain = {"title_language": "", "quote": "", "locator": "", "accessed": "", "archive_url": ""}
    ministry_en = {"id": ministry.pk, "name": "Ministry", "language": "en"}
    assert Version.objects.get(pk=english.pk).content() == {
        "schema": 1,
        "article": article.pk,
        "language": "en",
        "headline": "Headline Alpha",
        "summary": "Summary Alpha.",
        "body": "<p>Opening Alpha.</p><h2>Section Alpha</h2><p>Body.</p>",
        "slug": "headline-alpha",
        "claim": "It is so.",
        "kind": "analysis",
        "category": "Technology",
        "byline": [
            {"id": Author.objects.get(name="An Nguyen").pk, "name": "An Nguyen"},
            {"id": Author.objects.get(name="Mai Lan").pk, "name": "Mai Lan"},
        ],
        "machine": "assisted",
        "translator": "T. R.",
        "citations": [
            {
                **plain,
                "number": 1,
                "url": "https://wire.org/1",
                "title": "Document 1",
                "source": {"id": wire.pk, "name": "The Wire", "language": "en"},
                "origin": ministry_en,
                "stance": "contradicts",
                "first_hand": False,
                "quote": "No.",
            },
            {
                **plain,
                "number": 2,
                "url": "https://ministry.org/2",
                "title": "Document 2",
                "title_language": "vi",
                "source": ministry_en,
                "origin": None,  # it is first-hand: whom it has it from is nobody
                "stance": "supports",
                "first_hand": True,
                "archive_url": "https://archive.org/1",
            },
        ],
    }
    assert (english.headline, vietnamese.headline) == ("Headline Alpha", "Tiêu đề Alpha")
    assert [cited["source"] for cited in vietnamese.citations] == [
        {"id": wire.pk, "name": "The Wire", "language": "en"},  # no name in Vietnamese: marked as English
        {"id": ministry.pk, "name": "Bộ", "language": "vi"},
    ]
    assert (vietnamese.category_name, vietnamese.claim) == ("Công nghệ", "Tiêu đề Alpha")


def test_submitting_records_the_version_its_address_and_one_row(article: Article, desk: factories.Desk) -> None:
    version = submit(article, desk=desk)
    stored = Version.objects.get(pk=version.pk)
    assert stored.digest == version.digest == stored.computed_digest()
    assert (stored.number, stored.frozen_by, stored.last_edit_id) == (1, desk.an, article.edits.latest("pk").pk)
    assert ledger("version", "status", "actor", "actor_name", "note", "digest", "confidence", "self_review") == [
        (version.pk, Status.SUBMITTED, desk.an.pk, "An", "", version.digest, None, False)
    ]
    [publication] = Publication.objects.all()
    assert (publication.in_review, publication.approved, publication.live) == (version, None, None)


def test_versions_are_counted_for_each_language(article: Article, desk: factories.Desk) -> None:
    for count in (1, 2, 3):
        edit(article, desk.an, summary_en=f"Round {count}.")
        assert submit(article, desk=desk).number == count
        workflow.recall(Publication.objects.get(language="en"), by=desk.an, version=count)
    assert submit(article, "vi", desk=desk).number == 1


def test_nothing_that_is_changed_or_renamed_later_reaches_the_version(article: Article, desk: factories.Desk) -> None:
    origin = factories.source("origin")
    citation = factories.cite(article, desk.an, first_hand=False, origin=origin)
    edit(article, desk.an, body_en=f'<p>Said<sup data-cite="{citation.key}"></sup>.</p>')
    version = submit(article, desk=desk)
    before = frozen(version)
    Category.objects.update(name_en="Renamed", name_vi="Renamed")
    Author.objects.update(name="Renamed")
    Source.objects.update(name_en="Renamed", name_vi="Renamed")
    desk.an.last_name = "Renamed"
    desk.an.save()
    edit(
        article,
        desk.an,
        kind="opinion",
        machine="generated",
        category=None,
        **{
            f"{name}_{language}": "changed"
            for name in ("headline", "summary", "body", "slug", "claim", "translator")
            for language in ("vi", "en")
        },
    )
    article.set_authors([factories.author("Somebody Else")], by=desk.an)
    citation.url, citation.source = "https://elsewhere.org/", factories.source("elsewhere")
    citation.save(by=desk.an)
    factories.cite(article, desk.an)
    citation.delete(by=desk.an)
    assert frozen(version) == before
    assert text_of(before["body"]) == "Said."
    assert Version.objects.get(pk=version.pk).computed_digest() == version.digest


def test_a_translation_names_the_version_it_was_made_beside(article: Article, desk: factories.Desk) -> None:
    first = submit(article, "vi", desk=desk)
    assert first.made_from is None
    assert submit(article, "en", desk=desk).made_from is None  # what is only in review may yet change
    workflow.recall(Publication.objects.get(language="en"), by=desk.an, version=1)
    factories.approve(Publication.objects.get(language="vi"), desk=desk)
    assert submit(article, "en", desk=desk).made_from == first
