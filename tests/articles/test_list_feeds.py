"""The feeds of a category, of an author and of the corrections; and every feed there is, read as its readers do."""

import json
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import feedparser
import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles.addressing import feeds
from articles.feeds import LENGTH
from articles.models import Article, Author, Category, Correction, Publication
from tests import factories
from tests.articles.afterwards import corrected, withdrawn
from tests.articles.test_feeds import ATOM, FORMS, entries, texts
from tests.articles.test_views import HOST, HOSTILE, LANGUAGES, everything, publish_everywhere, queries_of, read
from tests.factories import Desk

pytestmark = pytest.mark.django_db

LISTS = {"en": ("categories/technology/", "authors/mai-lan/"), "vi": ("categories/cong-nghe/", "authors/mai-lan/")}
ALL = {code: ("", *lists, "corrections/") for code, lists in LISTS.items()}
NAMESPACE = "{http://www.w3.org/XML/1998/namespace}lang"


def got(client: Client, of: str, form: str, language: str = "en") -> HttpResponse:
    response = client.get(f"/{language}/{of}feed.{form}")
    assert (response.status_code, response["Content-Type"]) == (200, FORMS[form]), of
    assert (response["Cache-Control"], response.cookies) == ("public, max-age=0, must-revalidate", {})
    return response


def told(client: Client, of: str, form: str = "json", language: str = "en") -> list[dict[str, Any]]:
    return entries(got(client, of, form, language), form)


def titles(client: Client, of: str, form: str = "json", language: str = "en") -> list[str]:
    return [each["title"] for each in told(client, of, form, language)]


def story(desk: Desk, marker: str, language: str = "en", **fields: Any) -> Article:
    row = factories.article(desk.an, marker, **fields)
    factories.cite(row, desk.an)
    factories.published(row, language, desk=desk)
    return row


@pytest.fixture
def listed(desk: Desk) -> Article:
    """Live and corrected in both languages; beside it one that was withdrawn, and one corrected before it was."""
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    gone, late = (factories.article(desk.an, marker) for marker in ("Gone", "Late"))
    for code in LANGUAGES:
        for each in (row, gone, late):
            factories.published(each, code, desk=desk)
        corrected(row, code, desk=desk, note="Seven <b>, not eleven & more.")
        corrected(late, code, desk=desk, note="Late was noted.")
        for each in (gone, late):
            withdrawn(each, code, desk=desk, note="It was wrong.")
    return row


# --- as the specifications ask, and as readers of feeds read -----------------------------------------


def holds_to_atom(root: ET.Element) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2."""
    assert root.tag == f"{ATOM}feed"
    for each in (root, *root.iterfind(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            [text] = texts(each, f"{ATOM}{name}")
            assert text, name
        assert datetime.fromisoformat(texts(each, f"{ATOM}updated")[0]).tzinfo
        assert [link.get("href") for link in each.iterfind(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert texts(root, f"{ATOM}author/{ATOM}name")
    assert [link.get("rel") for link in root.iterfind(f"{ATOM}link")].count("self") == 1
    ids = texts(root, f"{ATOM}entry/{ATOM}id")
    assert len(set(ids)) == len(ids)


def holds_to_rss(root: ET.Element) -> None:
    """RSS 2.0: what a channel and an item must have; a guid that is no address says so."""
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    [channel] = root
    for name in ("title", "link", "description"):
        assert len(texts(channel, name)) == 1, name
        assert all(texts(channel, name)), name
    for item in channel.iterfind("item"):
        assert all(texts(item, "title", "description"))
        [guid] = item.iterfind("guid")
        assert (guid.get("isPermaLink"), bool(guid.text)) == ("false", True)
        assert texts(item, "link")[0].startswith("http")


def holds_to_json(feed: dict[str, Any]) -> None:
    """JSON Feed 1.1: what must be there, and that nothing optional is there in vain."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for item in feed["items"]:
        assert item["id"]
        assert item["content_html"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert datetime.fromisoformat(item["date_modified"]).tzinfo
        assert all(author["name"] for author in item.get("authors", ()))
        assert all(isinstance(tag, str) and tag for tag in item.get("tags", ()))
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)


def valid(response: HttpResponse, form: str, count: int) -> None:
    if form == "json":
        feed = json.loads(response.content)
        holds_to_json(feed)
        assert len(feed["items"]) == count
        return
    {"atom": holds_to_atom, "rss": holds_to_rss}[form](ET.fromstring(response.content))  # noqa: S314
    parsed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert (parsed.bozo, parsed.get("bozo_exception")) == (False, None)
    assert parsed.version == {"atom": "atom10", "rss": "rss20"}[form]
    assert (parsed.feed.language, bool(parsed.feed.title), len(parsed.entries)) == (
        response["Content-Language"],
        True,
        count,
    )
    for entry in parsed.entries:
        assert all(entry[name] for name in ("id", "title", "link", "content"))
        assert entry.published_parsed
        assert entry.updated_parsed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_every_feed_is_what_its_specification_asks(listed: Article, client: Client, form: str, language: str) -> None:
    for of in ALL[language]:
        valid(got(client, of, form, language), form, 4 if of == "corrections/" else 1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_an_empty_feed_is_one_too(desk: Desk, client: Client, form: str, language: str) -> None:
    factories.category()
    [other] = {*LANGUAGES} - {language}
    factories.published(factories.article(desk.an), other, desk=desk)  # so that its author is known
    for of in ALL[language]:
        valid(got(client, of, form, language), form, 0)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_break_no_feed(desk: Desk, client: Client, text: str) -> None:
    publish_everywhere(desk, text)
    row = Article.objects.get()
    corrected(row, desk=desk, note=text)
    for form in FORMS:
        for of in ("", "categories/technology/", "authors/the-author/", "corrections/"):
            valid(got(client, of, form), form, 1)
    channel = ET.fromstring(got(client, "categories/technology/", "rss").content)[0]  # noqa: S314
    about = json.loads(got(client, "categories/technology/", "json").content)["description"]
    assert "<" not in texts(channel, "description")[0]  # taken for HTML
    assert unescape(texts(channel, "description")[0]) == about
    [entry] = told(client, "corrections/", "atom")
    assert not any(mark in entry["content"] for mark in ("<script", "<img", "<svg", "<iframe", "<style", "<form"))


@pytest.mark.parametrize("broken", [b"<feed", b"<rss><channel><title>&nbsp;</title></channel></rss>"])
def test_the_check_finds_what_is_broken(broken: bytes) -> None:
    assert feedparser.parse(broken).bozo


# --- of a category and of an author ------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_list_and_its_feed_hold_the_same(desk: Desk, client: Client, form: str) -> None:
    health = Category.objects.create(name_en="Health", name_vi="Sức khỏe", slug_en="health", slug_vi="suc-khoe")
    story(desk, "Alpha")
    both = factories.article(desk.an, "Beta", category=health)
    both.set_authors([factories.author("Thu Ha"), factories.author("Mai Lan")], by=desk.an)
    factories.published(both, desk=desk)
    story(desk, "Gamma", "vi")
    factories.approved(factories.article(desk.an, "Delta"), desk=desk)
    factories.published(factories.article(desk.an, "Page", kind="page"), desk=desk)
    expected = {
        "categories/technology/": ["Headline Alpha"],
        "categories/health/": ["Headline Beta"],
        "authors/mai-lan/": ["Headline Beta", "Headline Alpha"],
        "authors/thu-ha/": ["Headline Beta"],
    }
    for of, headlines in expected.items():
        assert titles(client, of, form) == read(client, f"/en/{of}").said("h2") == headlines, of
    assert titles(client, "categories/cong-nghe/", form, "vi") == ["Tiêu đề Gamma"]


@pytest.mark.parametrize("form", FORMS)
def test_an_article_is_known_by_the_same_name_in_every_feed_for_ever(desk: Desk, client: Client, form: str) -> None:
    row = story(desk, "Alpha")
    lists = ("", *LISTS["en"])
    [first] = {json.dumps(told(client, of, form), default=str) for of in lists}  # whole entries, word for word
    [entry] = json.loads(first)
    category, author = Category.objects.get(), Author.objects.get()
    category.slug_en, author.slug = "tech", "lan"
    category.save()
    author.save()
    corrected(row, desk=desk, kind="typo", note="A letter.", headline="Headline Rigel", slug="rigel")
    for of in ("", "categories/tech/", "authors/lan/"):
        [after] = told(client, of, form)
        assert (after["id"], str(after["updated"])) == (entry["id"], entry["updated"])
        assert after["link"] == f"{HOST}/en/articles/rigel/"


def test_a_feed_is_known_by_the_same_name_whatever_its_list_is_called(desk: Desk, client: Client) -> None:
    story(desk, "Alpha")
    category, author = Category.objects.get(), Author.objects.get()

    def of(path: str) -> tuple[list[str], list[str], list[str | None]]:
        root = ET.fromstring(got(client, path, "atom").content)  # noqa: S314
        links = [link.get("href") for link in root.iterfind(f"{ATOM}link")]
        return texts(root, f"{ATOM}id"), texts(root, f"{ATOM}title"), links

    lasting = {
        "categories/technology/": (f"/en/categories/number/{category.pk}/", "Technology · Newsroom"),
        "authors/mai-lan/": (f"/en/authors/number/{author.pk}/", "Mai Lan · Newsroom"),
        "corrections/": ("/en/corrections/", "Corrections · Newsroom"),
    }
    for path, (ident, title) in lasting.items():
        assert of(path) == (
            [f"https://desk.example.org{ident}"],
            [title],
            [f"{HOST}/en/{path}", f"{HOST}/en/{path}feed.atom"],
        )
    category.slug_en, category.name_en = "tech", "Tech"
    category.save()
    for form in FORMS:  # whoever follows the old address goes on following
        moved = client.get(f"/en/categories/technology/feed.{form}")
        assert (moved.status_code, moved["Location"]) == (301, f"/en/categories/tech/feed.{form}")
    assert of("categories/tech/")[:2] == ([f"https://desk.example.org/en/categories/number/{category.pk}/"],
                                          ["Tech · Newsroom"])  # fmt: skip


def test_the_feed_of_a_category_is_found_by_its_address_in_the_other_language(client: Client) -> None:
    factories.category()
    for form in FORMS:
        moved = client.get(f"/vi/categories/technology/feed.{form}")
        assert (moved.status_code, moved["Location"]) == (302, f"/vi/categories/cong-nghe/feed.{form}")
        assert client.get(f"/en/categories/nothing/feed.{form}").status_code == 404


def test_nobody_has_a_feed_for_what_is_in_a_draft(desk: Desk, client: Client) -> None:
    row = factories.article(desk.an)
    factories.approved(row, desk=desk)
    for form in FORMS:
        assert client.get(f"/en/authors/mai-lan/feed.{form}").status_code == 404
        assert client.get(f"/en/authors/nobody/feed.{form}").status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_costs_three_queries_at_most_however_much_there_is(desk: Desk, client: Client, form: str) -> None:
    costs = {"": 2, "categories/technology/": 3, "authors/mai-lan/": 3, "corrections/": 1}
    for count in range(LENGTH + 2):
        row = story(desk, f"Alpha {count}")
        corrected(row, desk=desk, note=f"Note {count}.")
        if count in (0, LENGTH + 1):
            assert {of: queries_of(client, f"/en/{of}feed.{form}") for of in costs} == costs
    newest = [f"Headline Alpha {number}" for number in range(LENGTH + 1, 1, -1)]
    for of in LISTS["en"]:
        assert titles(client, of, form) == newest
    assert titles(client, "corrections/", form) == [f"Correction: {headline}" for headline in newest]


# --- of the corrections ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_notice_is_an_entry_and_of_what_was_withdrawn_no_word_is_in_it(
    listed: Article, client: Client, form: str
) -> None:
    found = told(client, "corrections/", form)
    withdrawal, _other, late, own = found
    rows = list(Correction.objects.of_language("en"))
    assert [each["title"] for each in found] == ["Withdrawal", "Withdrawal", "Correction", "Correction: Headline Alpha"]
    assert [row.kind for row in rows] == ["withdrawal", "withdrawal", "correction", "correction"]
    assert (withdrawal["summary"], withdrawal["link"]) == ("It was wrong.", f"{HOST}/en/corrections/")
    assert late["link"] == f"{HOST}/en/corrections/"
    assert late["summary"].startswith("Of an article that was withdrawn later")
    assert (own["summary"], own["link"]) == ("Seven <b>, not eleven & more.", f"{HOST}/en/articles/headline-alpha/")
    assert "Seven &lt;b&gt;, not eleven &amp; more." in own["content"]
    page = got(client, "corrections/", form).content.decode().lower()
    assert [word for word in ("gone", "late was noted", "headline-late", "headline late") if word in page] == []
    if form != "rss":
        assert [each["published"] for each in found] == [row.at for row in rows]
    assert [each["category"] for each in found] == [["Withdrawal"]] * 2 + [["Correction"]] * 2


def test_a_typo_is_no_news_and_a_name_stays_whatever_becomes_of_the_article(desk: Desk, client: Client) -> None:
    row = story(desk, "Alpha")
    corrected(row, desk=desk, kind="typo", note="A letter.")
    assert told(client, "corrections/") == []
    first = corrected(row, desk=desk, note="Seven.")
    [before] = told(client, "corrections/")
    notice = Correction.objects.get(kind="correction")
    assert before["id"] == f"tag:desk.example.org,{first.at:%Y-%m-%d}:/en/corrections/{notice.pk}/"
    assert (before["published"], before["updated"]) == (first.at, first.at)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        corrected(row, desk=desk, note="Eight.", headline="Headline Rigel")
        [_newest, after] = told(client, "corrections/")
        assert (after["id"], after["published"], after["updated"]) == (before["id"], first.at, first.at)
        gone = withdrawn(row, desk=desk)
        last = told(client, "corrections/")[-1]
    assert (last["id"], last["published"], last["updated"]) == (before["id"], first.at, gone.at)  # it lost its words
    assert told(client, "corrections/", language="vi") == []


@pytest.mark.parametrize("form", FORMS)
def test_withdrawn_words_leave_every_feed_even_for_whoever_has_it(desk: Desk, client: Client, form: str) -> None:
    rows = [story(desk, marker) for marker in ("Alpha", "Beta")]
    corrected(rows[0], desk=desk, note="Vega, not Rigel.")
    had = {of: got(client, of, form)["ETag"] for of in ALL["en"]}
    for of, tag in had.items():
        again = client.get(f"/en/{of}feed.{form}", headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    withdrawn(rows[0], desk=desk)
    for of, tag in had.items():
        answer = client.get(f"/en/{of}feed.{form}", headers={"if-none-match": tag})
        assert answer.status_code == 200
        html = answer.content.decode()
        assert ("Alpha" in html, "headline-alpha" in html, "Vega" in html) == (False, False, False), of


def test_what_is_not_published_is_in_no_feed(desk: Desk, client: Client) -> None:
    markers = everything(desk)
    shown = {
        name
        for name, marker in markers.items()
        for code in LANGUAGES
        for of in ALL[code]
        for form in FORMS
        if marker.lower() in got(client, of, form, code).content.decode().lower()
    }
    assert shown == {"published"}
    assert len(markers) > 9


# --- where they are named ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_its_feeds_in_its_head_and_at_its_foot(desk: Desk, client: Client, language: str) -> None:
    factories.published(factories.article(desk.an), language, desk=desk)
    for of in (*LISTS[language], "corrections/"):
        page = read(client, f"/{language}/{of}")
        named = [(each["type"], each["href"]) for each in page.all("link", rel="alternate") if "type" in each]
        assert named[3:] == [(kind.partition(";")[0], f"/{language}/{of}feed.{form}") for form, kind in FORMS.items()]
        at_foot = [attrs["href"] for tag, attrs in page.within(".feed-links") if tag == "a"]
        assert at_foot == [f"/{language}/{of}feed.{form}" for form in FORMS]
        assert all(client.get(str(href)).status_code == 200 for href in at_foot)
    assert [each.kind for each in feeds("feed")] == [kind.partition(";")[0] for kind in FORMS.values()]


def test_the_feed_of_a_name_in_the_other_language_says_in_which(desk: Desk, client: Client) -> None:
    article = story(desk, "Alpha")
    Author.objects.filter(name="Mai Lan").update(name="Nguyễn Hoài An")
    Category.objects.filter(pk=article.category_id).update(name_en="")

    def marked(path: str) -> list[str | None]:
        found = read(client, path).all("link", rel="alternate", type="application/atom+xml")
        return [each.get("lang") for each in found]

    assert [marked(f"/{code}/authors/mai-lan/") for code in LANGUAGES] == [[None, None], [None, "vi"]]
    assert [marked(f"/{code}/{LISTS[code][0]}") for code in LANGUAGES] == [[None, None], [None, "vi"]]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_they_are_only_read(client: Client, method: str) -> None:
    for of in ("categories/technology/", "authors/mai-lan/", "corrections/"):
        assert getattr(client, method)(f"/en/{of}feed.atom").status_code == 405


def test_a_row_without_words_is_no_entry(listed: Article, client: Client) -> None:
    """Every live language of a story, and of nothing else."""
    live = Publication.objects.stories().count()
    assert sum(len(told(client, "", language=code)) for code in LANGUAGES) == live == 2
