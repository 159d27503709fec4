"""What an editor is told while citing, who may ask, and the marks of citations that were not saved yet."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from articles.models import Article, Edit, Link
from sources.pagetext import Facts
from tests import factories
from tests.articles.admin.conftest import (
    Enter,
    Page,
    change_url,
    form_at,
    page,
    reads_only,
    review_url,
    typed,
    unchanged,
    with_row,
)
from tests.factories import Desk

ASK = "/admin/articles/article/citing/"
URL = "https://example.org/bridge"
MARK = '<sup data-cite="{}"></sup>'


@pytest.fixture(autouse=True)
def _looking(settings: Settings) -> None:
    settings.NEWSROOM_CHECK_LINKS = True


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an, body_en=f"<p>One.{MARK.format(1)}</p>")
    factories.cite(row, desk.an)
    return row


def found(facts: Facts, url: str = URL) -> Link:
    link = Link.to(url, timezone.now() + timedelta(days=7))
    link.facts, link.status, link.checked_at, link.taken_at = facts._asdict(), 200, timezone.now(), timezone.now()
    link.save()
    return link


def sentences(shown: Page) -> list[str]:
    return [element.words for element in shown.elements if element.tag in {"p", "li"}]


def offers(shown: Page) -> dict[str, str]:
    return {button["data-fill"]: button["data-value"] for button in shown.all("button")}


# --- the endpoint ------------------------------------------------------------------------------------


def test_a_post_asks_for_a_look_and_a_get_tells_what_is_known_and_writes_nothing(desk: Desk, enter: Enter) -> None:
    factories.source(tier=2)
    an = enter(desk.an)
    with reads_only():
        shown = page(an.get(ASK, {"url": URL}))
    assert (shown.one("div")["data-look"], sentences(shown)) == ("unasked", ["Source: Example (tier 2)"])
    assert not Link.objects.exists()
    shown = page(an.post(ASK, {"url": f" {URL} "}))
    assert (shown.one("div")["data-look"], sentences(shown)[1:]) == ("awaited", ["The page is being looked at…"])
    assert Link.objects.get().url == URL
    with reads_only(), unchanged():
        assert page(an.get(ASK, {"url": URL})).one("div")["data-look"] == "awaited"


def test_what_the_page_says_is_offered_with_a_button_for_each_field(desk: Desk, enter: Enter) -> None:
    found(Facts("The bridge is open", "The Harbour Post", "Mai Lan", "2026-05-03", "en"))
    shown = page(enter(desk.an).get(ASK, {"url": URL}))
    assert sentences(shown) == [
        "No source is known for example.org yet: write its name under “New source”.",
        "Found on the page:",
        "Title: “The bridge is open” Use as the title",
        "Language: en Use as the title’s language",
        "Publisher: The Harbour Post",
        "Author: Mai Lan",
        "Published: 3 May 2026",
        "The source may be: The Harbour Post Use as the new source",
    ]
    assert offers(shown) == {
        "title": "The bridge is open",
        "title_language": "en",
        "new_source": "The Harbour Post",
    }


def test_what_a_page_says_is_words_and_never_markup(desk: Desk, enter: Enter) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    found(Facts(evil, evil * 5, evil))
    shown = page(enter(desk.an).get(ASK, {"url": URL}))
    assert {element.tag for element in shown.elements} == {"div", "p", "ul", "li", "button"}
    assert offers(shown) == {"title": evil, "new_source": (evil * 5)[:200]}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": 403}, "The page could not be read. It answers 403."),
        ({"last_error": "not-text"}, "The page could not be read. The answer is not text."),
        ({"status": None, "checked_at": None}, "The page could not be read. Our own network may be down."),
        ({}, "The page says nothing of itself."),
    ],
)
def test_what_could_not_be_learnt_is_said_with_its_reason(
    fields: dict[str, object], said: str, desk: Desk, enter: Enter
) -> None:
    found(Facts())
    Link.objects.update(**fields)
    assert sentences(page(enter(desk.an).get(ASK, {"url": URL})))[1:] == [said]


def test_a_desk_that_looks_at_no_links_says_so(desk: Desk, enter: Enter, settings: Settings) -> None:
    settings.NEWSROOM_CHECK_LINKS = False
    shown = page(enter(desk.an).post(ASK, {"url": URL}))
    assert sentences(shown)[1:] == ["Links are not looked at on this desk."]
    assert not Link.objects.exists()


def test_an_address_that_is_none_and_an_archived_copy_that_is_none_are_told(desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    assert sentences(page(an.post(ASK, {"url": "ftp://a.org"}))) == ["The address must start with https:// or http://."]
    assert not Link.objects.exists()
    shown = page(an.get(ASK, {"url": URL, "archive_url": URL}))
    assert sentences(shown)[-1] == (
        "Archived copy: This is the address of the page itself, not of a copy: when the page changes, so does this."
    )


def test_a_request_of_another_site_asks_for_nothing(desk: Desk) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(desk.an)
    assert browser.post(ASK, {"url": URL}).status_code == 403
    assert not Link.objects.exists()


@pytest.mark.parametrize("name", ["binh", "chi", "em"])
def test_who_may_not_write_articles_may_not_ask(name: str, desk: Desk, enter: Enter) -> None:
    browser = enter(getattr(desk, name))
    assert [browser.get(ASK, {"url": URL}).status_code, browser.post(ASK, {"url": URL}).status_code] == [403, 403]
    assert not Link.objects.exists()


def test_it_asks_as_much_among_many_links_and_addresses_as_among_few(desk: Desk, enter: Enter) -> None:
    an, counts = enter(desk.an), []
    factories.source()
    found(Facts("One"))
    for number in range(2):
        for each in range(30 * number):
            factories.source(f"s{each}")
            found(Facts("Many"), f"https://example.org/{each}")
        with CaptureQueriesContext(connection) as queries:
            an.get(ASK, {"url": URL})
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- the form ----------------------------------------------------------------------------------------


def test_nothing_that_was_found_is_saved_unless_it_was_chosen(article: Article, desk: Desk, enter: Enter) -> None:
    found(Facts("The page's own title", "Site", "Author", "2026-05-03", "vi"), article.citations.get().url)
    an = enter(desk.an)
    with unchanged():
        an.post(change_url(article), form_at(an, change_url(article)))
    assert article.citations.get().title == "Document 1"


def test_a_doubtful_archived_copy_is_told_beside_its_field(article: Article, desk: Desk, enter: Enter) -> None:
    citation, an = article.citations.get(), enter(desk.an)
    doubt = "This is on example.org as well: when the page goes, this may go with it. A copy belongs elsewhere."
    told = []
    for citation.archive_url in ("https://archive.example/copy", "https://example.org/copy"):
        citation.save(by=desk.an)
        shown = page(an.get(change_url(article)))
        told.append(doubt in [each.words for each in shown.elements])
    assert told == [False, True]


def test_a_citation_shows_its_key_to_the_script_and_a_new_one_its_mark(
    article: Article, desk: Desk, enter: Enter
) -> None:
    shown = page(enter(desk.an).get(change_url(article)))
    assert [shown.one("input", id=f"id_citations-{row}-url")["data-key"] for row in ("0", "__prefix__")] == ["1", ""]
    assert shown.one("div", id="citing")["data-last-key"] == "1"
    assert shown.one("input", id="id_citations-__prefix__-mark")["type"] == "hidden"
    looking = page(enter(desk.binh).get(change_url(article)))
    assert looking.all("div", id="citing") + looking.all("input", name="citations-0-mark") == []


def test_marks_made_before_a_citation_was_saved_lead_to_it_whatever_key_it_gets(
    article: Article, desk: Desk, enter: Enter
) -> None:
    an = enter(desk.an)
    body = f"<p>One.{MARK.format(1)} Two.{MARK.format(2)} Three.{MARK.format(3)} None.{MARK.format(9)}</p>"
    form = form_at(an, change_url(article), {"body_en": body})
    form = with_row(form, url="https://example.org/two", title="Two", mark="2")
    form = with_row(form, url="https://example.org/three", title="Three", mark="3")
    factories.cite(article, desk.dung, title="Meanwhile")
    assert an.post(change_url(article), form).status_code == 302
    keys = dict(article.citations.values_list("title", "key"))
    assert keys == {"Document 1": 1, "Meanwhile": 2, "Two": 3, "Three": 4}
    article.refresh_from_db()
    assert article.body_en == (
        f"<p>One.{MARK.format(1)} Two.{MARK.format(3)} Three.{MARK.format(4)} None.{MARK.format(9)}</p>"
    )


def test_a_text_that_another_saved_meanwhile_keeps_its_marks(article: Article, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    form = with_row(form_at(an, change_url(article)), url="https://example.org/two", title="Two", mark="2")
    factories.cite(article, desk.dung, title="Meanwhile")
    article.refresh_from_db()
    article.body_en = f"<p>One.{MARK.format(1)} Meanwhile.{MARK.format(2)}</p>"
    article.save(by=desk.dung)
    last = Edit.objects.latest("pk").pk
    assert an.post(change_url(article), form).status_code == 302
    assert dict(article.citations.values_list("title", "key")) == {"Document 1": 1, "Meanwhile": 2, "Two": 3}
    article.refresh_from_db()
    assert article.body_en == f"<p>One.{MARK.format(1)} Meanwhile.{MARK.format(2)}</p>"
    assert [edit.fields for edit in Edit.objects.filter(pk__gt=last)] == [["citation 3"]]


@pytest.mark.parametrize("mark", ["", "x", "-1", "0", "9" * 400])
def test_a_mark_that_is_none_changes_nothing(mark: str, article: Article, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    form = with_row(form_at(an, change_url(article)), url="https://example.org/two", title="Two", mark=mark)
    assert an.post(change_url(article), form).status_code == 302
    article.refresh_from_db()
    assert (article.body_en, article.citations.count()) == (f"<p>One.{MARK.format(1)}</p>", 2)


def test_a_form_shown_again_keeps_the_mark_of_a_new_citation(article: Article, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    form = with_row(form_at(an, change_url(article)), url="not an address", mark="2")
    assert typed(an.post(change_url(article), form))["citations-1-mark"] == ["2"]


# --- paragraphs without a mark -----------------------------------------------------------------------


def told(shown: Page) -> list[str]:
    """What stands below the heading, in its part of the page."""
    [heading] = [each for each in shown.elements if each.words == "Paragraphs without a citation mark"]
    below = shown.elements[shown.elements.index(heading) :]
    return [each.words for each in below if each.tag in {"p", "li"} and heading.within[-1] in each.within]


def test_paragraphs_without_a_mark_are_listed_beside_the_form_and_for_the_reviewer(
    article: Article, desk: Desk, enter: Enter
) -> None:
    article.body_en = f"<p>One.{MARK.format(1)}</p><p>Two &lt;b&gt; has no mark.</p>"
    article.save(by=desk.an)
    publication = factories.in_review(article, desk=desk)
    article.body_en = "<p>Not yet.</p>"
    article.save(by=desk.an)
    beside = told(page(enter(desk.an).get(change_url(article))))
    assert beside == ["Vietnamese: 2", "Mở đầu Alpha.", "Thân bài.", "English: 1", "Not yet."]
    assert told(page(enter(desk.binh).get(review_url(publication)))) == ["English: 1", "Two <b> has no mark."]
