"""Sitemaps, parsed as machines parse them: exactly the live pages, beside their other languages."""

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles import sitemaps
from articles.confidence import POLICY
from articles.models import Article, Publication, PublishedPolicy, ReviewStatus
from sources.models import SourceAssessment
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


FIXED = ("", "corrections/", "sources/", "confidence/", "ledger/", "about/")


def test_a_sitemap_holds_exactly_the_live_pages_of_every_language(desk: Desk, client: Client) -> None:
    everything(desk)
    gone = factories.article(desk.an, "Gone")
    for code in LANGUAGES:
        factories.published(gone, code, desk=desk)
        withdrawn(gone, code, desk=desk)
    live = Publication.objects.live().for_readers().order_by("article_id", "first_published")
    found = entries(client, "/sitemap-1.xml")
    assert [address for address, _at in found[: 2 * len(FIXED)]] == [
        f"/{code}/{path}" for path in FIXED for code in LANGUAGES
    ]
    assert found[2 * len(FIXED) :] == [
        (f"/{row.language}/articles/{row.live.slug}/", row.last_published) for row in live if row.live
    ]
    assert len(live) == 4
    for address, _at in found:
        assert client.get(address).status_code == 200


def test_a_page_that_is_always_there_says_when_what_it_shows_last_changed(
    both: Article, desk: Desk, client: Client
) -> None:
    def told() -> dict[str, datetime | None]:
        return dict(entries(client, "/sitemap-1.xml"))

    assert {f"/{code}/{path}" for code in LANGUAGES for path in FIXED if told()[f"/{code}/{path}"] is None} == {
        f"/{code}/{path}" for code in LANGUAGES for path in ("corrections/", "sources/", "confidence/", "about/")
    }
    factories.source("paper", tier=2)
    published = Publication.objects.get(language="en")
    assert told()["/en/"] == published.last_published
    assert told()["/en/sources/"] == told()["/vi/sources/"] == SourceAssessment.objects.latest("pk").at
    changed = corrected(both, desk=desk, note="Seven.", summary="Seven.")
    assert (told()["/en/"], told()["/en/corrections/"], told()["/vi/corrections/"]) == (changed.at, changed.at, None)
    assert told()["/vi/"] == Publication.objects.get(language="vi").last_published != changed.at
    assert told()["/vi/ledger/"] == ReviewStatus.objects.latest("pk").at
    page = factories.article(desk.an, "Owners", kind="page")
    about = factories.published(page, desk=desk)
    assert (told()["/en/about/"], told()["/vi/about/"]) == (about.last_published, None)
    assert told()["/en/"] == changed.at  # a page about ourselves is not among the latest articles
    judged = factories.judge(published, by=desk.binh)
    assert told()["/en/confidence/"] == told()["/vi/confidence/"] == judged.at
    policy = PublishedPolicy.objects.create(version="2027.1", constants=POLICY.as_json(), note="Why.", by=desk.chi)
    assert told()["/en/confidence/"] == policy.at


def test_each_page_stands_beside_its_other_languages_as_its_own_head_says(
    both: Article, desk: Desk, client: Client
) -> None:
    factories.published(factories.article(desk.an, "Alone"), desk=desk)
    named = beside(client, "/sitemap-1.xml")
    assert len(named) == 2 * len(FIXED) + 3
    for address, links in named.items():
        door = [("x-default", f"{HOST}/")]  # leads on, so that no sitemap holds it
        assert sorted(links) == sorted(set(read(client, address).editions) - set(door))  # type: ignore[type-var]
        for language, href in links:
            assert language == "x-default" or links == named[(href or "").removeprefix(HOST)]  # and back
    assert named[EN] == named[VI] == [("en", HOST + EN), ("vi", HOST + VI), ("x-default", HOST + EN)]
    withdrawn(both, "en", desk=desk)
    named = beside(client, "/sitemap-1.xml")
    assert named[VI] == [("vi", HOST + VI), ("x-default", HOST + VI)]
    assert EN not in named


def test_only_substance_moves_the_moment_and_what_waits_moves_nothing(
    both: Article, desk: Desk, client: Client
) -> None:
    def told() -> list[tuple[str, datetime | None]]:
        return [row for row in entries(client, "/sitemap-1.xml") if "ledger" not in row[0]]  # it tells of every step

    before = told()
    corrected(both, desk=desk, kind="typo", note="A letter.")
    submitted_again(both, desk=desk, headline="Headline Sirius", slug="sirius")
    assert told() == before
    row = corrected(both, desk=desk, note="It was two.", summary="Two.")
    assert ("/en/articles/sirius/", row.at) in told()
    assert entries(client, "/sitemap.xml")[-1] == ("/sitemap-1.xml", row.at)


def test_the_index_names_every_page_and_there_are_no_others(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert entries(client, "/sitemap.xml") == [("/sitemap-1.xml", None)]
    monkeypatch.setattr(sitemaps, "LENGTH", 2)
    made = [factories.article(desk.an, f"Alpha {n}") for n in range(7)]
    first = made[0].pk
    shown = {row.pk: factories.published(row, desk=desk) for row in made if row.pk not in {first + 3, first + 4}}
    pages: dict[int, list[int]] = {}
    for pk in shown:
        pages.setdefault((pk + 1) // 2, []).append(pk)
    assert entries(client, "/sitemap.xml") == [
        *([] if 1 in pages else [("/sitemap-1.xml", None)]),
        *((f"/sitemap-{page}.xml", max(shown[pk].last_published for pk in of)) for page, of in pages.items()),
    ]
    for page, of in pages.items():
        assert articles(client, f"/sitemap-{page}.xml") == [f"/en/articles/headline-alpha-{pk - first}/" for pk in of]
    for page in {0, max(pages) + 1, int("9" * 40)} | (set(range(2, max(pages))) - set(pages)):
        assert client.get(f"/sitemap-{page}.xml").status_code == 404


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
        assert sorted(articles(client, "/sitemap-1.xml")) == [EN, VI]
        assert entries(client, "/sitemap-1.xml")[-1][0] == "/en/about/headline-about/"


def test_they_cost_the_same_queries_however_many_pages_there_are(desk: Desk, client: Client) -> None:
    costs = {"/sitemap.xml": 1, "/news-sitemap.xml": 1, "/sitemap-1.xml": 2}
    for count in (1, 30):
        for number in range(count):
            row = factories.article(desk.an, f"Alpha {count} {number}")
            for code in LANGUAGES:
                factories.published(row, code, desk=desk)
        assert {path: queries_of(client, path) for path in costs} == costs
    assert len(articles(client, "/sitemap-1.xml")) == 62


def test_whoever_has_them_is_told_so_until_they_change(both: Article, desk: Desk, client: Client) -> None:
    for path in ("/sitemap.xml", "/news-sitemap.xml", "/sitemap-1.xml"):
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
    assert "/vi/articles/cau-chuyen/" in articles(client, "/sitemap-1.xml")
