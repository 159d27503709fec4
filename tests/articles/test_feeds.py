"""Feeds, parsed as machines parse them: what is in them, in which words, and what they cost."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from articles.feeds import LENGTH
from articles.models import Article, Publication, Version
from tests import factories
from tests.articles.afterwards import corrected, withdrawn
from tests.articles.test_views import EN, HOST, HOSTILE, LANGUAGES, VI, publish_everywhere, queries_of, read
from tests.factories import Desk

pytestmark = pytest.mark.django_db

FORMS = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
ATOM, CONTENT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
Entry = dict[str, Any]


def texts(element: ET.Element, *names: str) -> list[str]:
    return [each.text or "" for name in names for each in element.iterfind(name)]


def entries(response: HttpResponse, form: str) -> list[Entry]:
    """The same of each form: summaries as text, moments as moments."""
    assert response.status_code == 200
    if form == "json":
        return [
            {
                "id": each["id"],
                "link": each["url"],
                "title": each["title"],
                "summary": each["summary"],
                "content": each["content_html"],
                "published": datetime.fromisoformat(each["date_published"]),
                "updated": datetime.fromisoformat(each["date_modified"]),
                "by": [author["name"] for author in each["authors"]],
                "category": each["tags"],
            }
            for each in json.loads(response.content)["items"]
        ]
    root = ET.fromstring(response.content)  # noqa: S314
    found = []
    for each in root.iterfind(f"{ATOM}entry") if form == "atom" else root.iterfind("channel/item"):
        link = each.find(f"{ATOM}link")
        [ident, title, summary, content, published, updated] = (
            texts(each, *(f"{ATOM}{name}" for name in ("id", "title", "summary", "content", "published", "updated")))
            if form == "atom"
            else texts(each, "guid", "title", "description", CONTENT, "pubDate", f"{ATOM}updated")
        )
        found.append(
            {
                "id": ident,
                "link": link.get("href") if link is not None else each.findtext("link"),
                "title": title,
                "summary": unescape(summary),
                "content": content,
                "published": datetime.fromisoformat(published) if form == "atom" else parsedate_to_datetime(published),
                "updated": datetime.fromisoformat(updated),
                "by": texts(each, f"{ATOM}author/{ATOM}name", CREATOR),
                "category": [str(c.get("term")) for c in each.iterfind(f"{ATOM}category")] or texts(each, "category"),
            }
        )
    return found


def feed(client: Client, form: str, language: str = "en") -> list[Entry]:
    response = client.get(f"/{language}/feed.{form}")
    assert response["Content-Type"] == FORMS[form]
    return entries(response, form)


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an, body_en='<p>Text.<sup data-cite="1">[1]</sup></p>')
    row.set_authors([factories.author("Mai Lan"), factories.author("Thu Hà")], by=desk.an)
    factories.cite(row, desk.an)
    for code in LANGUAGES:
        factories.published(row, code, desk=desk)
    return row


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_an_entry_holds_the_words_and_the_facts_of_its_page(
    article: Article, client: Client, form: str, language: str
) -> None:
    [entry] = feed(client, form, language)
    version, row = Version.objects.get(language=language), Publication.objects.get(language=language)
    assert row.first_published is not None
    page = HOST + {"vi": VI, "en": EN}[language]
    content = entry.pop("content")
    # RSS tells of seconds alone.
    published = row.first_published.replace(microsecond=0) if form == "rss" else row.first_published
    assert entry == {
        "id": f"tag:desk.example.org,{row.first_published:%Y-%m-%d}:/{language}/{article.pk}/",
        "link": page,
        "title": version.headline,
        "summary": version.summary,
        "published": published,
        "updated": row.last_published,
        "by": ["Mai Lan", "Thu Hà"],
        "category": [version.category_name],
    }
    facts = re.findall("<li>(.*?)</li>", content.partition("</ul>")[0])
    assert facts == read(client, f"/{language}/").said(".short-facts")
    if language == "en":
        assert content.count("Text.") == 1
        assert content.strip().endswith(f'<p>Text.<sup><a href="{page}#source-1">[1]</a></sup></p>')


def test_a_feed_names_itself_its_site_and_its_language(article: Article, client: Client) -> None:
    atom = ET.fromstring(client.get("/vi/feed.atom").content)  # noqa: S314
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == "vi"
    assert [each.attrib for each in atom.iterfind(f"{ATOM}link")] == [
        {"rel": "alternate", "href": f"{HOST}/vi/"},
        {"rel": "self", "href": f"{HOST}/vi/feed.atom"},
    ]
    assert texts(atom, f"{ATOM}id", f"{ATOM}title") == ["https://desk.example.org/vi/", "Newsroom"]
    updated = Publication.objects.get(language="vi").last_published
    assert [datetime.fromisoformat(each) for each in texts(atom, f"{ATOM}updated")] == [updated]
    rss = ET.fromstring(client.get("/vi/feed.rss").content)  # noqa: S314
    assert texts(rss, "channel/link", "channel/language", "channel/title") == [f"{HOST}/vi/", "vi", "Newsroom"]
    assert [each.get("href") for each in rss.iterfind(f"channel/{ATOM}link")] == [f"{HOST}/vi/feed.rss"]
    told = json.loads(client.get("/vi/feed.json").content)
    assert {name: told[name] for name in ("version", "title", "home_page_url", "feed_url", "language")} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Newsroom",
        "home_page_url": f"{HOST}/vi/",
        "feed_url": f"{HOST}/vi/feed.json",
        "language": "vi",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_names_the_feeds_of_its_language(article: Article, client: Client, language: str) -> None:
    for path in ("", f"articles/{Version.objects.get(language=language).slug}/", "sources/"):
        named = [each for each in read(client, f"/{language}/{path}").all("link", rel="alternate") if "type" in each]
        assert [(each["href"], f"{each['type']}; charset=utf-8") for each in named] == [
            (f"/{language}/feed.{form}", kind) for form, kind in FORMS.items()
        ]


def test_the_newest_come_first_and_so_many_alone_for_two_queries(desk: Desk, client: Client) -> None:
    def asked() -> list[int]:
        return [queries_of(client, f"/en/feed.{form}") for form in FORMS]

    assert max(asked()) <= 2
    assert [feed(client, form) for form in FORMS] == [[]] * len(FORMS)

    def publish(number: int) -> None:
        row = factories.article(desk.an, f"Alpha {number}")
        factories.cite(row, desk.an)
        factories.published(row, desk=desk)
        corrected(row, desk=desk, note=f"Note {number}.")

    publish(0)
    assert asked() == [2] * len(FORMS)
    for number in range(1, LENGTH + 1):
        publish(number)
    assert asked() == [2] * len(FORMS)
    newest = [f"Headline Alpha {number}" for number in range(LENGTH, 0, -1)]
    for form in FORMS:
        assert [each["title"] for each in feed(client, form)] == newest


@pytest.mark.parametrize("form", FORMS)
def test_a_change_is_told_and_only_substance_moves_the_moment(
    article: Article, desk: Desk, client: Client, form: str
) -> None:
    [before] = feed(client, form)
    corrected(article, desk=desk, kind="typo", note="A letter.", headline="Headline Rigel", slug="rigel")
    [typo] = feed(client, form)
    assert (typo["id"], typo["updated"], typo["published"]) == (before["id"], before["updated"], before["published"])
    assert (typo["title"], typo["link"]) == ("Headline Rigel", f"{HOST}/en/articles/rigel/")
    row = corrected(article, desk=desk, kind="correction", note="It was <b>two</b>.")
    [after] = feed(client, form)
    assert (after["id"], after["updated"], after["published"]) == (before["id"], row.at, before["published"])
    assert "It was &lt;b&gt;two&lt;/b&gt;." in after["content"]
    assert feed(client, form, "vi")[0]["content"].count("It was") == 0


@pytest.mark.parametrize("form", FORMS)
def test_a_withdrawn_text_leaves_even_for_whoever_has_the_feed(
    article: Article, desk: Desk, client: Client, form: str
) -> None:
    path = f"/en/feed.{form}"
    had = client.get(path)
    assert "Last-Modified" not in had
    assert (had["Cache-Control"], had.cookies) == ("public, max-age=0, must-revalidate", {})
    assert client.get(path, headers={"if-none-match": had["ETag"]}).status_code == 304
    withdrawn(article, desk=desk)
    after = client.get(path, headers={"if-none-match": had["ETag"]})
    assert entries(after, form) == []
    assert client.get(path)["ETag"] == after["ETag"]  # an empty feed has no other moment each time
    assert len(feed(client, form, "vi")) == 1


@pytest.mark.parametrize("text", [*HOSTILE, "A\u202e\u2066\u200b\u00ad\x07B"])
def test_hostile_words_are_words_alone_in_every_form(desk: Desk, client: Client, text: str) -> None:
    publish_everywhere(desk, text)
    version = Version.objects.get(language="en")
    for form in FORMS:
        [entry] = feed(client, form)
        assert (entry["title"], entry["summary"]) == (version.headline, version.summary)
        assert (entry["by"], entry["category"]) == ([version.byline[0]["name"]], [version.category_name])
        assert not re.search(r"<(script|img|svg|iframe|style|meta|form|base|math|template)\b", entry["content"])
    for form in ("atom", "rss"):
        root = ET.fromstring(client.get(f"/en/feed.{form}").content)  # noqa: S314
        names = (f".//{ATOM}summary", ".//description")
        summaries = [each for each in texts(root, *names) if not each.startswith("Articles that show")]
        assert [("<" in each, ">" in each) for each in summaries] == [(False, False)]  # taken for HTML


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_feeds_are_only_read(client: Client, form: str, method: str) -> None:
    assert getattr(client, method)(f"/en/feed.{form}").status_code == 405
