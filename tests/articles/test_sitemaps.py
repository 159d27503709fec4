"""Sitemaps, parsed as machines parse them: exactly the live pages, beside their other languages."""

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import sitemaps
from articles.models import Article, Publication
from tests import factories
from tests.articles.afterwards import corrected, submitted_again, withdrawn
from tests.articles.test_views import EN, HOST, HOSTILE, LANGUAGES, VI, everything, publish_everywhere, queries_of, read
from tests.factories import Desk

pytestmark = pytest.mark.django_db

MAP, NEWS = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.google.com/schemas/sitemap-news/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def parsed(client: Client, path: str) -> ET.Element:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert response.cookies == {}
    return ET.fromstring(response.content)  # noqa: S314


def entries(client: Client, path: str) -> list[tuple[str, datetime | None]]:
    """Address and moment of each entry, of an index too."""
    found = []
    for each in parsed(client, path):
        at = each.findtext(f"{MAP}lastmod")
        found.append((each.findtext(f"{MAP}loc", "").removeprefix(HOST), (at and datetime.fromisoformat(at)) or None))
    return found


def articles(client: Client, path: str) -> list[str]:
    return [address for address, _at in entries(client, path) if "/articles/" in address]


def beside(client: Client, path: str) -> dict[str, list[tuple[str | None, str | None]]]:
    return {
        each.findtext(f"{MAP}loc", "").removeprefix(HOST): [
            (link.get("hreflang"), link.get("href")) for link in each.iterfind(LINK) if link.get("rel") == "alternate"
        ]
        for each in parsed(client, path)
    }


@pytest.fixture
def both(desk: Desk) -> Article:
    row = factories.article(desk.an)
    for code in ("en", "vi"):
        factories.published(row, code, desk=desk)
    return row


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sitemap_holds_exactly_the_live_pages_of_its_language(desk: Desk, client: Client, language: str) -> None:
    everything(desk)
    gone = factories.article(desk.an, "Gone")
    for code in LANGUAGES:
        factories.published(gone, code, desk=desk)
        withdrawn(gone, code, desk=desk)
    live = Publication.objects.live(language).for_readers()
    fixed = [
        (f"/{language}/{path}", None) for path in ("", "corrections/", "sources/", "confidence/", "ledger/", "about/")
    ]
    assert entries(client, f"/{language}/sitemap-1.xml") == [
        *fixed,
        *((f"/{language}/articles/{row.live.slug}/", row.last_published) for row in live.order_by("article_id")),
    ]
    assert len(live) == {"vi": 0, "en": 4}[language]
    for address, _at in entries(client, f"/{language}/sitemap-1.xml"):
        assert client.get(address).status_code == 200


def test_each_page_stands_beside_its_other_languages_as_its_own_head_says(
    both: Article, desk: Desk, client: Client
) -> None:
    factories.published(factories.article(desk.an, "Alone"), desk=desk)
    for language in LANGUAGES:
        named = beside(client, f"/{language}/sitemap-1.xml")
        assert len(named) == {"vi": 7, "en": 8}[language]
        for address, links in named.items():
            if address.endswith("/ledger/"):
                continue  # its head names no other language
            assert links == read(client, address).editions or sorted(links) == sorted(read(client, address).editions)
    assert beside(client, "/en/sitemap-1.xml")[EN] == [("en", HOST + EN), ("vi", HOST + VI), ("x-default", HOST + EN)]
    withdrawn(both, "en", desk=desk)
    assert beside(client, "/vi/sitemap-1.xml")[VI] == [("vi", HOST + VI), ("x-default", HOST + VI)]
    assert EN not in beside(client, "/en/sitemap-1.xml")


def test_only_substance_moves_the_moment_and_what_waits_moves_nothing(
    both: Article, desk: Desk, client: Client
) -> None:
    before = entries(client, "/en/sitemap-1.xml")
    corrected(both, desk=desk, kind="typo", note="A letter.")
    submitted_again(both, desk=desk, headline="Headline Sirius", slug="sirius")
    assert entries(client, "/en/sitemap-1.xml") == before
    row = corrected(both, desk=desk, note="It was two.", summary="Two.")
    assert entries(client, "/en/sitemap-1.xml")[-1] == ("/en/articles/sirius/", row.at)
    assert entries(client, "/sitemap.xml")[-1] == ("/en/sitemap-1.xml", row.at)


def test_the_index_names_every_page_and_there_are_no_others(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert entries(client, "/sitemap.xml") == [("/vi/sitemap-1.xml", None), ("/en/sitemap-1.xml", None)]
    monkeypatch.setattr(sitemaps, "LENGTH", 2)
    rows = [factories.published(factories.article(desk.an, f"Alpha {n}"), desk=desk) for n in range(3)]
    assert entries(client, "/sitemap.xml") == [
        ("/vi/sitemap-1.xml", None),
        *((f"/en/sitemap-{page}.xml", rows[-1].last_published) for page in (1, 2)),
    ]
    pages = [articles(client, f"/en/sitemap-{page}.xml") for page in (1, 2)]
    assert pages == [
        ["/en/articles/headline-alpha-0/", "/en/articles/headline-alpha-1/"],
        ["/en/articles/headline-alpha-2/"],
    ]
    assert len(entries(client, "/en/sitemap-2.xml")) == 1
    for path in ("/en/sitemap-0.xml", "/en/sitemap-3.xml", "/vi/sitemap-2.xml", f"/en/sitemap-{'9' * 40}.xml"):
        assert client.get(path).status_code == 404


def test_the_news_are_those_of_two_days_and_no_page_about_ourselves(both: Article, desk: Desk, client: Client) -> None:
    factories.published(factories.article(desk.an, "About", kind="page"), desk=desk)
    factories.in_review(factories.article(desk.an, "Waiting"), desk=desk)
    gone = factories.article(desk.an, "Gone")
    factories.published(gone, desk=desk)
    withdrawn(gone, desk=desk)
    assert [
        (
            each.findtext(f"{MAP}loc"),
            *(each.findtext(f"{NEWS}news/{NEWS}publication/{NEWS}{name}") for name in ("name", "language")),
            datetime.fromisoformat(each.findtext(f"{NEWS}news/{NEWS}publication_date", "")),
            each.findtext(f"{NEWS}news/{NEWS}title"),
        )
        for each in parsed(client, "/news-sitemap.xml")
    ] == [
        (HOST + path, "Newsroom", row.language, row.first_published, row.live and row.live.headline)
        for path, row in zip([VI, EN], Publication.objects.live().for_readers().filter(article=both), strict=True)
    ]
    with time_machine.travel(timezone.now() + timedelta(hours=47), tick=False):
        corrected(both, desk=desk, note="A late correction makes no news of it.")
        assert articles(client, "/news-sitemap.xml") == [VI, EN]
    with time_machine.travel(timezone.now() + timedelta(hours=49), tick=False):
        assert articles(client, "/news-sitemap.xml") == []
        assert articles(client, "/en/sitemap-1.xml") == [EN]
        assert entries(client, "/en/sitemap-1.xml")[-1][0] == "/en/about/headline-about/"


def test_they_cost_one_query_each_however_many_pages_there_are(desk: Desk, client: Client) -> None:
    paths = ("/sitemap.xml", "/news-sitemap.xml", "/vi/sitemap-1.xml", "/en/sitemap-1.xml")
    for count in (1, 30):
        for number in range(count):
            row = factories.article(desk.an, f"Alpha {count} {number}")
            for code in LANGUAGES:
                factories.published(row, code, desk=desk)
        assert {path: queries_of(client, path) for path in paths} == dict.fromkeys(paths, 1)
    assert len(articles(client, "/vi/sitemap-1.xml")) == 31


def test_whoever_has_them_is_told_so_until_they_change(both: Article, desk: Desk, client: Client) -> None:
    for path in ("/sitemap.xml", "/news-sitemap.xml", "/en/sitemap-1.xml"):
        had = client.get(path)["ETag"]
        assert client.get(path, headers={"if-none-match": had}).status_code == 304
        corrected(both, desk=desk, note="Changed.", headline=f"Headline {path}")
        assert client.get(path, headers={"if-none-match": had}).status_code == 200
        assert client.post(path).status_code == 405


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words_alone(desk: Desk, client: Client, text: str) -> None:
    publish_everywhere(desk, text)
    headlines = [row.live.headline for row in Publication.objects.live().for_readers() if row.live]
    titles = [each.findtext(f"{NEWS}news/{NEWS}title") for each in parsed(client, "/news-sitemap.xml")]
    assert titles == headlines
    assert articles(client, "/vi/sitemap-1.xml") == ["/vi/articles/cau-chuyen/"]
