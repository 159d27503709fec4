"""Which headlines and which pages are the same to the desk's warnings, and what the working copy keeps of it."""

import pytest

from articles import likeness, resembling
from articles.models import Article, Citation
from tests import factories
from tests.articles.steps import edit


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A bridge opens", "a  BRIDGE opens.", True),
        ("ĐÀ NẴNG mở cầu", "Đà Nẵng: mở cầu!", True),
        ("Cầu", "Cầu", True),  # composed, decomposed
        ("Cầu mới", "Cấu mới", False),
        ("A bridge opens", "A bridge opened", False),
        ("Straße", "STRASSE", True),
    ],
)
def test_headlines(one: str, other: str, same: bool) -> None:
    assert (likeness.of_headline(one) == likeness.of_headline(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/a", "http://www.EXAMPLE.org/a/", True),
        ("https://example.org/a?x=1&utm_source=mail&fbclid=9", "https://example.org/a?x=1#part", True),
        ("https://example.org/a?x=1&y=2", "https://example.org/a?y=2&x=1", True),
        ("https://twitter.com/who/status/1", "https://x.com/who/status/1", True),
        ("https://example.org/a", "https://example.org/A", False),
        ("https://example.org/a?x=1", "https://example.org/a?x=2", False),
        ("https://example.org/a", "https://sub.example.org/a", False),
    ],
)
def test_pages(one: str, other: str, same: bool) -> None:
    assert (likeness.of_url(one) == likeness.of_url(other)) is same


@pytest.mark.parametrize("nothing", ["", " ", "…!", "\0"])
def test_of_nothing_there_is_no_likeness(nothing: str) -> None:
    assert likeness.of_headline(nothing) == ""
    assert likeness.of_url(nothing) == ""


def test_every_save_keeps_it_in_step(desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    citation = factories.cite(article, desk.an)
    edit(article, desk.an, headline_vi="Một", headline_en="")
    citation.url = "https://example.org/elsewhere"
    citation.save(by=desk.an)
    kept = Article.objects.values("likeness_vi", "likeness_en").get()
    assert kept == {"likeness_vi": likeness.of_headline("Một"), "likeness_en": ""}
    assert Citation.objects.get().likeness == likeness.of_url("https://www.example.org/elsewhere/")


def found(article: Article) -> list[tuple[int, str]]:
    rows = resembling.of([Article.objects.get(pk=article.pk)])
    return [(row.other.pk, row.url) for row in rows.get(article.pk, [])]


def test_another_article_with_this_headline_and_another_draft_that_cites_this_page(desk: factories.Desk) -> None:
    mine = factories.article(desk.an, "Mine")
    factories.cite(mine, desk.an, url="https://example.org/page")
    assert found(mine) == []  # nor does it resemble itself
    same = factories.article(desk.dung, "Same", headline_en="HEADLINE  mine!")
    twice = factories.article(desk.dung, "Twice", headline_vi="", headline_en="")
    for url in ("http://www.example.org/page/", "https://example.org/page?utm_source=x"):
        factories.cite(twice, desk.dung, url=url)
    across = factories.article(desk.dung, "Across", headline_vi="Headline Mine")  # of the other language
    out = factories.article(desk.dung, "Out")
    factories.cite(out, desk.dung, url="https://example.org/page")
    for code in ("vi", "en"):
        factories.published(out, code, desk=desk)  # no draft any more
    assert found(mine) == [(same.pk, ""), (twice.pk, "https://example.org/page")]
    assert found(across) == []
    assert found(same) == [(mine.pk, "")]
    both = resembling.of(Article.objects.filter(pk__in=[mine.pk, same.pk]))
    assert {pk: len(rows) for pk, rows in both.items()} == {mine.pk: 2, same.pk: 1}
