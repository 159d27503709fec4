"""The lists for readers: what stands in which, in what order, what never does, and what a page of one costs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from articles import workflow
from articles.models import Article, Author, Category, Publication
from articles.months import ends
from articles.views.lists import LENGTH
from tests import factories
from tests.articles.steps import edit
from tests.articles.test_views import HOST, queries_of, read
from tests.factories import Desk

pytestmark = pytest.mark.django_db

CATEGORY, AUTHOR, CORRECTIONS = "/en/categories/technology/", "/en/authors/mai-lan/", "/en/corrections/"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def published(desk: Desk, marker: str, language: str = "en", **fields: Any) -> Publication:
    return factories.published(factories.article(desk.an, marker, **fields), language, desk=desk)


def corrected(publication: Publication, desk: Desk, kind: str, note: str) -> None:
    """The live words replaced by newer ones, as a change of this kind."""
    article = Article.objects.get(pk=publication.article_id)
    edit(article, desk.an, summary_en=f"{article.summary_en} {note}")
    approved = factories.approved(Article.objects.get(pk=article.pk), desk=desk)
    assert approved.approved is not None
    workflow.correct(approved, by=desk.chi, version=approved.approved.number, kind=kind, note=note)


def headlines(client: Client, path: str) -> list[str]:
    return read(client, path).said("h2")


def other_category(slug: str = "health") -> Category:
    return Category.objects.create(name_en="Health", name_vi="Sức khỏe", slug_en=slug, slug_vi="suc-khoe")


# --- categories --------------------------------------------------------------------------------------


def test_a_category_has_what_was_published_in_it_whatever_the_working_copy_says_now(desk: Desk, client: Client) -> None:
    moved = published(desk, "Alpha")
    published(desk, "Beta", category=other_category())
    published(desk, "Gamma", "vi")
    factories.approved(factories.article(desk.an, "Delta"), desk=desk)
    published(desk, "Epsilon")
    edit(Article.objects.get(pk=moved.article_id), desk.an, category=Category.objects.get(slug_en="health"))
    assert headlines(client, CATEGORY) == ["Headline Epsilon", "Headline Alpha"]
    assert headlines(client, "/en/categories/health/") == ["Headline Beta"]
    assert headlines(client, "/vi/categories/cong-nghe/") == ["Tiêu đề Gamma"]


def test_a_category_says_what_it_is_and_where_it_is_in_each_language(desk: Desk, client: Client) -> None:
    category = factories.category()
    Category.objects.filter(pk=category.pk).update(description_vi="Máy móc.")
    page = read(client, CATEGORY)
    assert page.said("title") == ["Technology · Newsroom"]
    assert page.said("main") == [
        "← Back to home",
        "Technology",
        "Máy móc.",
        "Nothing is published under this heading in this language yet.",
        "To the latest articles",
        "Feeds of this list: Atom, RSS, JSON",
    ]
    assert [attrs["lang"] for _tag, attrs in page.within("main") if "lang" in attrs] == ["vi"]
    assert page.all("link", rel="canonical") == [{"rel": "canonical", "href": HOST + CATEGORY}]
    assert page.editions == [
        ("vi", f"{HOST}/vi/categories/cong-nghe/"),
        ("en", f"{HOST}{CATEGORY}"),
        ("x-default", f"{HOST}/vi/categories/cong-nghe/"),
    ]


def test_a_category_is_found_by_its_address_in_either_language_and_by_its_number(client: Client) -> None:
    category, bare = factories.category(), Category.objects.create(name_en="Bare")
    other_category("cong-nghe")  # the same word in the other language belongs to its own language first
    found = {
        path: (response.status_code, response.get("Location"))
        for path in (
            "/vi/categories/technology/",
            "/vi/categories/cong-nghe/",
            f"/en/categories/number/{category.pk}/",
            f"/en/categories/number/{bare.pk}/",
            "/en/categories/number/0/",
            "/en/categories/nothing/",
        )
        if (response := client.get(path))
    }
    assert found == {
        "/vi/categories/technology/": (302, "/vi/categories/cong-nghe/"),
        "/vi/categories/cong-nghe/": (200, None),
        f"/en/categories/number/{category.pk}/": (302, CATEGORY),
        f"/en/categories/number/{bare.pk}/": (302, "/en/"),
        "/en/categories/number/0/": (404, None),
        "/en/categories/nothing/": (404, None),
    }
    assert headlines(client, "/vi/categories/cong-nghe/") == []
    assert read(client, "/vi/categories/cong-nghe/").said("h1") == ["Công nghệ"]
    assert read(client, "/en/categories/cong-nghe/").said("h1") == ["Health"]


# --- authors -----------------------------------------------------------------------------------------


def test_an_author_has_what_the_published_byline_says_whatever_the_working_copy_says_now(
    desk: Desk, client: Client
) -> None:
    first = published(desk, "Alpha")
    Article.objects.get(pk=first.article_id).set_authors([factories.author("Vy")], by=desk.an)
    published(desk, "Beta")
    draft = factories.article(desk.an, "Gamma")
    draft.set_authors([factories.author("Hoa"), factories.author()], by=desk.an)
    factories.approved(draft, desk=desk)
    Author.objects.filter(slug="mai-lan").update(name="Mai Lan Nguyen", bio_vi="Viết báo.", expertise_en="Machines")
    page = read(client, AUTHOR)
    assert page.said("main")[:4] == ["← Back to home", "Mai Lan Nguyen", "Viết báo.", "Writes about: Machines"]
    assert page.said("h2") == ["Headline Beta", "Headline Alpha"]
    assert page.said("title") == ["Mai Lan Nguyen · Newsroom"]
    assert page.all("meta", name="description")[0]["content"] == "Viết báo."
    for unknown in ("vy", "hoa", "nobody"):
        assert client.get(f"/en/authors/{unknown}/").status_code == 404
    numbers = {each.slug: client.get(f"/en/authors/number/{each.pk}/") for each in Author.objects.all()}
    assert {slug: (each.status_code, each.get("Location")) for slug, each in numbers.items()} == {
        "mai-lan": (302, AUTHOR),
        "vy": (404, None),
        "hoa": (404, None),
    }


def test_an_author_of_the_other_language_alone_has_a_page_that_says_so(desk: Desk, client: Client) -> None:
    only = published(desk, "Alpha", "vi")
    assert read(client, AUTHOR).said("main")[2:] == [
        "No article by this author is published in this language yet.",
        "See what there is in Vietnamese",
        "To the latest articles",
        "Feeds of this list: Atom, RSS, JSON",
    ]
    workflow.withdraw(only, by=desk.chi, version=1, note="It was wrong.")
    assert client.get(AUTHOR).status_code == client.get("/vi/authors/mai-lan/").status_code == 404


def test_a_published_byline_leads_to_its_authors_and_the_category_to_its_page(desk: Desk, client: Client) -> None:
    article = factories.article(desk.an)
    authors = [factories.author("An"), factories.author("Vy")]
    article.set_authors(authors, by=desk.an)
    factories.published(article, desk=desk)
    page = read(client, "/en/articles/headline-alpha/")
    assert page.said(".byline")[0].startswith("By An, Vy · Published ")
    assert [attrs["href"] for tag, attrs in page.within(".byline") if tag == "a"] == [
        f"/en/authors/number/{author.pk}/" for author in authors
    ]
    assert page.all("a", href=f"/en/categories/number/{article.category_id}/") != []


# --- the archive -------------------------------------------------------------------------------------


def at(moment: str, desk: Desk, marker: str, language: str = "en") -> Publication:
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        return published(desk, marker, language)


def test_a_month_has_what_was_first_published_in_it_on_the_desks_clock(desk: Desk, client: Client) -> None:
    at("2026-01-10T00:00+07:00", desk, "January")
    at("2026-02-28T16:59:59+00:00", desk, "February")
    at("2026-02-28T17:00+00:00", desk, "March")  # the first of March, 00:00, in Hà Nội
    at("2026-03-31T23:59:59+07:00", desk, "Marchtoo")
    at("2026-04-01T00:00+07:00", desk, "April", "vi")
    at("2026-05-01T00:00+07:00", desk, "May")
    at("2026-06-01T00:00+07:00", desk, "June")
    workflow.withdraw(Publication.objects.get(live__slug="headline-may"), by=desk.chi, version=1, note="Wrong.")
    page = read(client, "/en/archive/2026/03/")
    assert page.said("h1") == ["Articles of March 2026"]
    assert page.said("h2") == ["Headline Marchtoo", "Headline March"]
    assert [(attrs["href"]) for tag, attrs in page.within(".months") if tag == "a"] == [
        "/en/archive/2026/02/",
        "/en/archive/2026/06/",
    ]
    empty = read(client, "/en/archive/2026/05/")
    assert empty.said("main") == [
        "Articles of May 2026",
        "← March 2026",
        "June 2026 →",
        "Nothing was published in this month in this language.",
        "To the latest articles",
    ]
    assert headlines(client, "/vi/archive/2026/04/") == ["Tiêu đề April"]
    assert client.get("/en/archive/")["Location"] == "/en/archive/2026/06/"
    assert client.get("/vi/archive/")["Location"] == "/vi/archive/2026/04/"
    assert queries_of(client, "/en/archive/2026/03/") == 3


def test_an_archive_of_nothing_says_so_and_no_month_is_made_up(client: Client) -> None:
    assert read(client, "/en/archive/").said("main") == [
        "Archive",
        "There are no articles in this language yet.",
        "To the latest articles",
    ]
    for none in ("2026/13", "2026/00", "2026/3", "0000/01", "9999/1", "2026"):
        assert client.get(f"/en/archive/{none}/").status_code == 404, none
    assert client.get("/en/archive/2999/12/").status_code == 200


def test_a_month_ends_where_the_next_begins() -> None:
    assert ends(date(2026, 12, 1)) == (
        datetime(2026, 11, 30, 17, tzinfo=UTC),
        datetime(2026, 12, 31, 17, tzinfo=UTC),
    )
    assert ends(date(2026, 1, 1))[1] == ends(date(2026, 2, 1))[0] == datetime(2026, 1, 31, 17, tzinfo=UTC)


# --- corrections -------------------------------------------------------------------------------------


def test_every_change_is_told_newest_first_but_for_typos_and_the_words_of_what_was_withdrawn(
    desk: Desk, client: Client
) -> None:
    kept, gone = published(desk, "Alpha"), published(desk, "Secret")
    factories.published(Article.objects.get(pk=kept.article_id), "vi", desk=desk)
    corrected(gone, desk, "correction", "It said Unspeakable.")
    for kind in ("typo", "clarification", "update", "correction"):
        corrected(kept, desk, kind, f"A note on a {kind}.")
    workflow.withdraw(gone, by=desk.chi, version=2, note="Nobody had checked it.")
    edit(Article.objects.get(pk=kept.article_id), desk.an, headline_en="Drafted")
    factories.approved(Article.objects.get(pk=kept.article_id), desk=desk)
    page = read(client, CORRECTIONS)
    lines = [line.partition(", ")[2] for line in page.said(".register")]
    assert lines == [
        "withdrawal: Nobody had checked it. The words of this article are shown nowhere on this site any more.",
        "correction: A note on a correction. Headline Alpha · Version 5",
        "update: A note on a update. Headline Alpha · Version 4",
        "clarification: A note on a clarification. Headline Alpha · Version 3",
        "correction Of an article that was withdrawn later; its words are shown nowhere on this site any more.",
    ]
    html = client.get(CORRECTIONS).content.decode().lower()
    assert [word for word in ("secret", "unspeakable", "typo", "drafted") if word in html] == []
    assert [attrs["href"] for tag, attrs in page.within(".register") if tag == "a"] == [
        f"/en/articles/headline-alpha/{which}" for number in (5, 4, 3) for which in ("", f"history/{number}/")
    ]
    assert read(client, "/vi/corrections/").all("ul", **{"class": "register"}) == []


def test_a_change_leads_to_its_version_where_that_was_not_withdrawn_since(desk: Desk, client: Client) -> None:
    publication = published(desk, "Alpha")
    corrected(publication, desk, "correction", "It was seven.")
    workflow.withdraw(publication, by=desk.chi, version=2, note="Nobody had checked it.")
    corrected(publication, desk, "update", "Checked now.")
    page = read(client, CORRECTIONS)
    assert [attrs["href"] for tag, attrs in page.within(".register") if tag == "a" and "history" in attrs["href"]] == [
        "/en/articles/headline-alpha/history/3/"
    ]
    assert queries_of(client, CORRECTIONS) == 1


def test_no_corrections_so_far_is_said(client: Client) -> None:
    assert read(client, CORRECTIONS).said("main")[2:] == [
        "There have been no corrections in this language so far.",
        "To the latest articles",
        "Feeds of this list: Atom, RSS, JSON",
    ]


def test_corrections_go_on_where_the_page_before_ended(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.views.lists.LENGTH", 2)
    publication = published(desk, "Alpha")
    for number in range(3):
        corrected(publication, desk, "correction", f"Note {number}.")
    first = read(client, CORRECTIONS)
    [older] = [str(attrs["href"]) for attrs in first.all("a", rel="next")]
    assert [("Note 2" in line, "Note 1" in line) for line in first.said(".register")] == [(True, False), (False, True)]
    assert len(read(client, older).said(".register")) == 1
    assert "Note 0." in read(client, older).said(".register")[0]
    assert (queries_of(client, CORRECTIONS), queries_of(client, older)) == (1, 1)


# --- pages -------------------------------------------------------------------------------------------


def paths(client: Client) -> dict[str, int]:
    """Each list of the same articles, and the queries that a page of it may cost."""
    month = str(client.get("/en/archive/")["Location"])
    return {"/en/": 1, CATEGORY: 2, AUTHOR: 2, month: 3}


def test_every_list_costs_the_same_at_one_row_and_at_more_than_a_page(desk: Desk, client: Client) -> None:
    published(desk, "Alpha 0")
    lists = paths(client)
    assert {path: queries_of(client, path) for path in lists} == lists
    for number in range(1, LENGTH + 2):
        published(desk, f"Alpha {number}")
    for path, cost in lists.items():
        first = read(client, path)
        assert first.said("h2") == [f"Headline Alpha {number}" for number in range(LENGTH + 1, 1, -1)], path
        [older] = [str(attrs["href"]) for attrs in first.all("a", rel="next")]
        assert headlines(client, older) == ["Headline Alpha 1", "Headline Alpha 0"], path
        assert (queries_of(client, path), queries_of(client, older)) == (cost, cost), path


def test_what_is_published_meanwhile_or_at_the_same_moment_repeats_and_loses_nothing(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.views.lists.LENGTH", 2)
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        for number in range(5):
            published(desk, f"Alpha {number}")
    for path in paths(client):
        seen = headlines(client, path)
        [older] = [str(attrs["href"]) for attrs in read(client, path).all("a", rel="next")]
        published(desk, f"New {path}".replace("/", ""), category=factories.category())
        seen += headlines(client, older)
        [oldest] = [str(attrs["href"]) for attrs in read(client, older).all("a", rel="next")]
        seen += headlines(client, oldest)
        last = [headline for headline in seen if headline.startswith("Headline Alpha")]
        assert last == [f"Headline Alpha {number}" for number in range(4, 4 - len(last), -1)], path
        assert read(client, oldest).all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]


def test_a_page_of_nothing_older_says_so_and_a_page_after_no_row_is_not_there(desk: Desk, client: Client) -> None:
    only = published(desk, "Alpha")
    waiting = factories.in_review(factories.article(desk.an, "Beta"), desk=desk)
    for path in [*paths(client), CORRECTIONS]:
        for before in (only.pk, waiting.pk, 10**17):
            page = read(client, f"{path}?before={before}")
            if path != CORRECTIONS:
                assert page.said("main")[-2:] == ["There is nothing older.", "Back to the newest"], (path, before)
            assert "(older)" in page.said("title")[0]
        for wrong in ("x", "-1", "1.5", "٣", "9" * 19, "1 OR 1=1", "%00"):
            assert client.get(f"{path}?before={wrong}").status_code == 404, (path, wrong)
        assert client.get(f"{path}?before=").status_code == 200


def test_an_unchanged_list_is_not_sent_again_and_a_changed_one_is(desk: Desk, client: Client) -> None:
    publication = published(desk, "Alpha")
    published(desk, "Beta")
    for path in [*paths(client), CORRECTIONS]:
        tag = client.get(path)["ETag"]
        again = client.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content, again["Cache-Control"]) == (
            304,
            b"",
            "public, max-age=0, must-revalidate",
        ), path
    tags = {path: client.get(path)["ETag"] for path in [*paths(client), CORRECTIONS]}
    workflow.withdraw(publication, by=desk.chi, version=1, note="It was wrong.")
    for path, tag in tags.items():
        answer = client.get(path, headers={"if-none-match": tag})
        assert answer.status_code == 200, path
        assert "Alpha" not in answer.content.decode(), path
