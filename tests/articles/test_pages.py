"""Pages about ourselves: where they are, what stands on them, in which lists they never are, how they come to be."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import override

from articles import addressing, previewing, standing, workflow
from articles.completeness import missing
from articles.explaining import found
from articles.freezing import freeze
from articles.kinds import CONTACT_PAGE, POLICY_PAGES, Kind
from articles.models import Article, Version
from articles.refusing import publication_of
from tests import factories
from tests.articles.afterwards import corrected, withdrawn
from tests.articles.steps import edit
from tests.articles.test_views import HOST, LANGUAGES, Page, queries_of, read
from tests.factories import Desk

pytestmark = pytest.mark.django_db

EN, VI = "/en/about/headline-alpha/", "/vi/about/tieu-de-alpha/"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def page_of(desk: Desk, marker: str = "Alpha", **fields: Any) -> Article:
    return factories.article(desk.an, marker, **{"kind": "page", "category": None, **fields})


@pytest.fixture
def page(desk: Desk) -> Article:
    """Live in both languages, Vietnamese first."""
    row = page_of(desk)
    for code in LANGUAGES:
        factories.published(row, code, desk=desk)
    return row


def answers(client: Client, *paths: str) -> list[tuple[int, str | None]]:
    return [(response.status_code, response.get("Location")) for response in map(client.get, paths)]


# --- addresses ---------------------------------------------------------------------------------------


def test_a_page_is_among_the_pages_and_an_article_among_the_articles(page: Article, desk: Desk, client: Client) -> None:
    factories.published(factories.article(desk.an, "Beta"), desk=desk)
    assert answers(client, EN, VI, "/en/articles/headline-alpha/", "/vi/articles/tieu-de-alpha/") == [
        (200, None), (200, None), (301, EN), (301, VI),
    ]  # fmt: skip
    assert answers(client, "/en/articles/headline-beta/", "/en/about/headline-beta/", "/vi/about/headline-beta/") == [
        (200, None), (301, "/en/articles/headline-beta/"), (302, "/vi/articles/headline-beta/"),
    ]  # fmt: skip
    assert answers(client, "/en/about/nothing/", "/en/articles/nothing/") == [(404, None)] * 2


def test_whoever_asks_by_the_other_languages_slug_is_led_to_the_own_one(page: Article, client: Client) -> None:
    assert answers(client, "/vi/about/headline-alpha/", "/vi/articles/headline-alpha/") == [(301, VI)] * 2


def test_a_page_not_translated_yet_is_shown_in_the_other_language_under_a_notice(desk: Desk, client: Client) -> None:
    factories.published(page_of(desk), desk=desk)
    foreign = read(client, "/vi/about/headline-alpha/")
    assert foreign.said("h1") == ["Headline Alpha"]
    assert foreign.all("link", rel="canonical") == [{"rel": "canonical", "href": HOST + EN}]
    assert [attrs["href"] for attrs in foreign.all("a") if attrs.get("hreflang")] == ["/vi/about/headline-alpha/", EN]
    assert answers(client, "/vi/articles/headline-alpha/") == [(302, "/vi/about/headline-alpha/")]  # till translated


def test_the_address_follows_the_kind_of_what_is_live(page: Article, desk: Desk, client: Client) -> None:
    """And each language that of its own words, though they share the kind in the working copy."""
    edit(page, desk.an, kind="news", category=factories.category())
    assert answers(client, EN, VI) == [(200, None), (200, None)]
    corrected(page, desk=desk, note="It is news now.", summary="News.")
    assert answers(client, EN, "/en/articles/headline-alpha/", VI) == [
        (301, "/en/articles/headline-alpha/"), (200, None), (200, None),
    ]  # fmt: skip
    assert read(client, VI).editions == [
        ("vi", HOST + VI),
        ("en", f"{HOST}/en/articles/headline-alpha/"),
        ("x-default", HOST + VI),
    ]
    assert read(client, "/en/").said("h2") == ["Headline Alpha"]
    assert read(client, "/en/about/").said("h2") == []
    assert read(client, "/vi/about/").said("h2") == ["Tiêu đề Alpha"]


def test_a_withdrawn_page_answers_with_its_notice_wherever_it_is_asked_for(
    page: Article, desk: Desk, client: Client
) -> None:
    withdrawn(page, desk=desk, note="It was wrong.")
    for path in (EN, "/en/articles/headline-alpha/"):
        response = client.get(path)
        assert (response.status_code, Page(response).said("h1")) == (410, ["This article was withdrawn"])
    assert {attrs["href"] for attrs in read(client, VI).all("a", hreflang="en")} == {"/en/about/tieu-de-alpha/"}


def test_everything_that_leads_to_a_page_leads_to_its_address(page: Article, desk: Desk, client: Client) -> None:
    publication = publication_of(page, "en")
    assert addressing.article_url("en", "headline-alpha", "page") == standing.public_url(publication) == EN
    assert {addressing.article_url("en", "x", kind) for kind in Kind if kind != Kind.PAGE} == {"/en/articles/x/"}
    factories.cite(page, desk.an, factories.source("mentioned"))
    corrected(page, desk=desk, note="A note.", headline="Headline Alpha")
    for path in ("/en/corrections/", "/en/sources/mentioned/"):
        assert EN in {attrs["href"] for attrs in read(client, path).all("a")}, path
    assert f"<loc>{HOST}{EN}</loc>" in client.get("/sitemap-1.xml").content.decode()
    told = client.get("/en/corrections/feed.atom").content.decode()
    assert f'href="{HOST}{EN}"' in told
    for url in (EN, f"https://desk.example.org{EN}", "/en/articles/headline-alpha/record.json"):
        assert found(url) == publication_of(page, "en"), url
    record = str(read(client, EN).all("a", href="/en/articles/headline-alpha/record.json")[0]["href"])
    content = client.get(record).json()["content"]
    assert (content["kind"], content["category"]) == ("page", "")


def test_nobody_else_makes_the_address_of_an_article() -> None:
    root = Path(settings.BASE_DIR)
    files = [*root.glob("articles/**/*.py"), *root.glob("newsroom/**/*.py"), *root.glob("templates/**/*")]
    named = re.compile(r"""["']articles:(article|about|record)["']""")
    assert [str(path) for path in files if path.is_file() and named.search(path.read_text("utf-8"))] == []


# --- lists -------------------------------------------------------------------------------------------


def test_a_page_is_in_no_list_of_news_and_in_no_feed(page: Article, desk: Desk, client: Client) -> None:
    lists = ["/en/", "/en/categories/technology/", "/en/authors/mai-lan/", f"/en/archive/{localtime():%Y/%m}/"]
    lists += [f"/en/{of}feed.{form}" for of in ("", "categories/technology/", "authors/mai-lan/") for form in
              ("atom", "rss", "json")] + ["/news-sitemap.xml"]  # fmt: skip
    factories.category()
    for path in lists:
        response = client.get(path)
        assert (response.status_code, "Alpha" in response.content.decode()) == (200, False), path
    assert answers(client, "/en/archive/") == [(200, None)]  # to no month: nothing was reported in any
    factories.published(factories.article(desk.an, "Beta"), desk=desk)
    for path in lists:
        html = client.get(path).content.decode()
        assert ("Alpha" in html, "Beta" in html) == (False, True), path


def test_a_list_full_of_pages_still_goes_on_to_the_articles(
    page: Article, desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.views.lists.LENGTH", 1)
    factories.published(factories.article(desk.an, "Beta"), desk=desk)
    factories.published(page_of(desk, "Gamma"), desk=desk)
    factories.published(factories.article(desk.an, "Delta"), desk=desk)
    first = read(client, "/en/")
    assert first.said("h2") == ["Headline Delta"]
    [older] = [str(attrs["href"]) for attrs in first.all("a", rel="next")]
    assert read(client, older).said("h2") == ["Headline Beta"]


def test_the_pages_are_listed_the_first_published_first(desk: Desk, client: Client) -> None:
    for marker in ("Beta", "Alpha"):
        factories.published(page_of(desk, marker), desk=desk)
    factories.published(factories.article(desk.an, "News"), desk=desk)
    factories.approved(page_of(desk, "Draft"), desk=desk)
    gone = page_of(desk, "Gone")
    factories.published(gone, desk=desk)
    withdrawn(gone, desk=desk)
    index = read(client, "/en/about/")
    assert index.said("main") == [
        "← Back to home",
        "About this site",
        "Who is behind this site, by which rules we work, and how to reach us.",
        "Headline Beta",
        "Summary Beta.",
        "Headline Alpha",
        "Summary Alpha.",
    ]
    assert [attrs["href"] for tag, attrs in index.within(".article-cards") if tag == "a"] == [
        "/en/about/headline-beta/",
        EN,
    ]
    assert index.editions == [
        ("vi", f"{HOST}/vi/about/"),
        ("en", f"{HOST}/en/about/"),
        ("x-default", f"{HOST}/vi/about/"),
    ]
    assert [
        (each["href"], each["hreflang"]) for tag, each in read(client, "/vi/about/").within(".ways-on") if tag == "a"
        if "hreflang" in each
    ] == [("/en/about/", "en")]  # fmt: skip


def test_the_list_of_pages_costs_the_same_at_one_and_at_thirty(desk: Desk, client: Client) -> None:
    assert queries_of(client, "/en/about/") == 2  # and looks into the other language
    for number in range(30):
        factories.published(page_of(desk, f"Alpha {number}"), desk=desk)
        if number in (0, 29):
            assert queries_of(client, "/en/about/") == 1
    assert queries_of(client, "/en/about/headline-alpha-7/") == 1
    tag = client.get("/en/about/")["ETag"]
    assert client.get("/en/about/", headers={"if-none-match": tag}).status_code == 304


# --- what stands on one ------------------------------------------------------------------------------


def test_a_page_says_who_wrote_and_reviewed_it_and_claims_no_number(page: Article, client: Client) -> None:
    public = read(client, EN)
    assert public.said(".crumbs") == ["← Back to home About this site"]
    assert public.said("dt")[:2] == ["Reviewed", "Version"]
    assert public.said("h2") == ["Section Alpha", "Published record"]
    assert public.said(".byline")[0].startswith("By Mai Lan · Published ")
    assert "Corrections" in public.said("dt")
    assert public.said(".languages") == ["Tiếng Việt", "English"]
    for gone in ("No sources", "No confidence shown", "min read", "No source is cited."):
        assert not any(gone in line for line in public.said()), gone


def test_a_page_tells_of_its_corrections_and_of_being_behind(page: Article, desk: Desk, client: Client) -> None:
    corrected(page, desk=desk, note="We moved.")
    assert re.fullmatch(r"Correction. On .*: We moved.", read(client, EN).said(".correction-notices")[0])
    with override("vi"):
        behind = [line for line in read(client, VI).said(".notice") if "English" in line or "tiếng Anh" in line]
    assert len(behind) == 1


def test_a_preview_of_a_page_looks_like_it_and_leads_nowhere(desk: Desk, client: Client) -> None:
    publication = factories.in_review(page_of(desk), desk=desk)
    assert publication.in_review is not None
    shown = read(client, previewing.url(previewing.make(publication.in_review, by=desk.binh, days=1)))
    assert shown.said(".crumbs") == ["About this site"]
    assert [tag for tag, _attrs in shown.within(".crumbs") if tag == "a"] == []
    assert shown.said("dt")[:2] == ["Not reviewed", "Version"]


# --- submitting one ----------------------------------------------------------------------------------


def test_a_page_needs_no_category_and_no_citation_but_words_and_an_author(desk: Desk) -> None:
    bare = factories.article(desk.an, kind="page", category=None, summary_en="")
    assert [str(label) for label in missing(freeze(bare, "en").version.content())] == ["summary"]
    news = factories.article(desk.an, "Beta", category=None)
    assert [str(label) for label in missing(freeze(news, "en").version.content())] == [
        "category, with a name in this language"
    ]


def test_a_page_goes_through_review_without_a_note_and_stands_in_no_category(desk: Desk) -> None:
    row = page_of(desk, category=factories.category())
    publication = factories.in_review(row, desk=desk)
    workflow.approve(publication, by=desk.binh, seen=factories.seen(publication))  # unsourced, and no note is asked for
    workflow.publish(publication, by=desk.chi, version=1)
    version = Version.objects.get()
    assert (version.category_id, version.category_name, version.digest) == (None, "", version.computed_digest())


def test_the_database_too_lets_only_a_page_have_no_category(desk: Desk) -> None:
    factories.in_review(page_of(desk), desk=desk)
    version = Version.objects.get()
    version.pk, version._state.adding, version.number, version.kind = None, True, 2, "news"
    with pytest.raises(IntegrityError, match="only_a_page_has_no_category"), transaction.atomic():
        version.save()


# --- by convention -----------------------------------------------------------------------------------


def test_policy_pages_are_found_by_their_english_slug_in_either_language(desk: Desk, client: Client) -> None:
    for slug in (*POLICY_PAGES.values(), CONTACT_PAGE):
        row = page_of(desk, slug, slug_en=slug, slug_vi=f"vi-{slug}")
        for code in LANGUAGES:
            factories.published(row, code, desk=desk)
        assert answers(client, f"/en/about/{slug}/", f"/vi/about/{slug}/") == [
            (200, None),
            (301, f"/vi/about/vi-{slug}/"),
        ]
    assert answers(client, "/vi/about/nothing-yet/") == [(404, None)]
    with override("en"):
        assert (reverse("articles:about", args=["ownership"]), reverse("articles:about-index")) == (
            "/en/about/ownership/",
            "/en/about/",
        )
