"""A page is cited by its address: what it says of itself is offered, its place is chosen, its mark follows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from articles import linking
from articles.models import Article, Link
from sources.fetching import Fetched
from sources.models import SourceAddress
from sources.pagetext import Facts
from tests import factories
from tests.journeys.writing import to_the_end

THEME = ".select2-container"  # select2, which Django's admin brings: its boxes have no name
MARK = '<sup data-cite="{}"></sup>'
SAYS = Facts("The bridge is open", "The Harbour Post", "Mai Lan", "2026-05-03", "en")
URL = "https://harbour.example/bridge"


@pytest.fixture
def article(newsroom: factories.Desk, settings: Settings) -> Article:
    """With two citations, each with its mark, on a desk that looks at links."""
    settings.NEWSROOM_CHECK_LINKS = True
    body = f"<p>One.{MARK.format(1)}</p><p>Two.{MARK.format(2)}</p><p>Three.</p>"
    article = factories.article(newsroom.an, body_en=body)
    for quote in ("First.", "Second."):
        factories.cite(article, newsroom.an, quote=quote)
    return article


@pytest.fixture
def form(live_server: LiveServer, article: Article, sign_in: Callable[[str, str], Page]) -> Page:
    page = sign_in("an", "en")
    page.goto(live_server.url + reverse("admin:articles_article_change", args=[article.pk]))
    page.wait_for_load_state("networkidle")
    return page


def press(page: Page, row: int, name: str) -> None:
    """A button of the citation with this index in the form, by keyboard."""
    page.locator(f".form-group:has(#id_citations-{row}-url) button[name={name}]").focus()
    page.keyboard.press("Enter")


def add(page: Page, row: int, url: str) -> None:
    page.locator("#citations-group .add-row a, #citations-group a.add-row").first.focus()
    page.keyboard.press("Enter")
    page.locator(f"#id_citations-{row}-url").focus()
    page.keyboard.type(url)
    page.keyboard.press("Tab")


def save(page: Page) -> None:
    page.locator("button[name=_continue]").focus()
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")


def titles(page: Page) -> list[str]:
    return page.locator("#citations-data > .form-group:not(.empty-form, [hidden]) h3 strong").all_text_contents()


def marks(page: Page) -> list[str]:
    """The numbers of the marks as an editor sees them in the English text."""
    shown = page.locator("[role=tabpanel]:visible .ProseMirror sup[data-cite]")
    shown.first.wait_for()  # the editor is there after its page
    return shown.evaluate_all("all => all.map((mark) => mark.dataset.number)")


def saved(article: Article, *names: str) -> list[Any]:
    return list(article.citations.values_list(*names))


def test_an_address_is_pasted_its_page_offered_and_its_mark_follows_it(
    form: Page, article: Article, shot: Callable[[Page, str], None], faults: Callable[..., list[str]]
) -> None:
    assert marks(form) == ["1", "2"]
    add(form, 2, URL)
    known = form.locator(".form-group:has(#id_citations-2-url) .desk-known")
    expect(known).to_contain_text("No source is known for harbour.example yet")
    expect(known).to_contain_text("being looked at")
    asked = []

    def fetch(url: str) -> Fetched:
        asked.append(url)
        return Fetched(url, 200, facts=SAYS)

    linking.look(fetch)
    assert asked == [URL]  # before the two that were cited earlier
    expect(known).to_contain_text("Author: Mai Lan", timeout=10_000)
    expect(known).to_contain_text("Published: 3 May 2026")
    expect(form.locator("#id_citations-2-title")).to_have_value("")
    for field, value in {"title": SAYS.title, "title_language": "en", "new_source": SAYS.site}.items():
        known.locator(f"button[data-fill={field}]").focus()
        form.keyboard.press("Enter")
        expect(form.locator(f"#id_citations-2-{field}")).to_have_value(value)
        expect(form.locator(f"#id_citations-2-{field}")).to_be_focused()

    box = form.locator("[role=tabpanel]:visible .ProseMirror[role=textbox]")
    to_the_end(box)
    press(form, 2, "cite")
    to_the_end(box)
    form.keyboard.type(" [2] [9]")
    press(form, 2, "up")
    press(form, 2, "up")
    assert titles(form) == ["[1] New citation", "[2] Document 1", "[3] Document 2"]
    assert marks(form) == ["2", "3", "1", "3", "9?"]
    expect(form.locator("#citing [role=status]")).to_have_text("Citation [1] of 3.")
    for scheme in ("light", "dark"):
        form.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert faults(form, THEME) == [], scheme
        for width in (360, 1280):
            form.set_viewport_size({"width": width, "height": 900})
            assert form.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
            shot(form, f"citing-{width}-{scheme}")
    save(form)
    assert titles(form) == [f"[1] {SAYS.title}", "[2] Document 1", "[3] Document 2"]
    assert saved(article, "key", "position", "title", "title_language", "quote", "source__name_en") == [
        (3, 1, SAYS.title, "en", "", SAYS.site),
        (1, 2, "Document 1", "", "First.", "Example"),
        (2, 3, "Document 2", "", "Second.", "Example"),
    ]
    body = Article.objects.values_list("body_en", flat=True).get(pk=article.pk)
    assert body == f"<p>One.{MARK.format(1)}</p><p>Two.{MARK.format(2)}</p>" + (
        f"<p>Three.{MARK.format(3)} {MARK.format(2)} {MARK.format(9)}</p>"
    )
    assert marks(form) == ["2", "3", "1", "3", "9?"]
    assert Link.objects.of([URL]).count() == 1


def drag(page: Page, row: int, to: int) -> None:
    """By the handle, from where the citation stands now to where another does."""
    page.set_viewport_size({"width": 1280, "height": 8000})
    page.wait_for_load_state("networkidle")
    handles = page.locator("#citations-data > .form-group:not(.empty-form, [hidden]) h3 > span:first-child")
    start, end = handles.nth(row).bounding_box(), handles.nth(to).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 15, start["y"] + 15)
    page.mouse.down()
    page.mouse.move(start["x"] + 15, start["y"] + 5, steps=3)
    page.mouse.move(end["x"] + 15, end["y"] + 5, steps=20)
    page.wait_for_timeout(400)  # the others make room
    page.mouse.up()


def test_citations_are_dragged_saved_or_not_and_one_that_is_given_up_takes_no_other_with_it(
    form: Page, article: Article, newsroom: factories.Desk
) -> None:
    for row, name in enumerate(("gone", "kept", "last"), 2):
        add(form, row, f"https://example.org/{name}")
        form.locator(f"#id_citations-{row}-title").fill(name.title())
    drag(form, 3, 0)
    expect(form.locator("#citations-data h3 strong").first).to_have_text("[1] New citation")
    drag(form, 2, 1)  # the second of the saved
    press(form, 3, "cite")
    form.locator(".form-group:has(#id_citations-2-url) .delete-template").click()
    assert titles(form) == ["[1] New citation", "[2] Document 2", "[3] Document 1", "[4] New citation"]
    assert marks(form) == ["1", "3", "2"]  # at the beginning, where the text was never gone into
    # Another citation is saved meanwhile, and with it the key that the new mark was made for.
    factories.cite(article, newsroom.dung, url="https://example.org/other", title="Other", position=9)
    save(form)
    assert saved(article, "title") == [("Kept",), ("Document 2",), ("Document 1",), ("Last",), ("Other",)]
    assert marks(form) == ["1", "3", "2"]


def test_the_editors_own_button_lists_the_citations_by_the_numbers_they_have_now(form: Page, article: Article) -> None:
    press(form, 1, "up")
    box = form.locator("[role=tabpanel]:visible .ProseMirror[role=textbox]")
    to_the_end(box)
    form.locator("[role=tabpanel]:visible button:has-text('[1]')").click()
    choice = form.locator("dialog select")
    expect(choice).to_have_value("[1] Document 2")
    choice.select_option("[2] Document 1")
    form.locator("dialog button[type=submit]").click()
    expect(form.locator("dialog[open]")).to_have_count(0)
    assert marks(form) == ["2", "1", "2"]
    assert form.locator("#id_body_en").input_value().endswith(f"<p>Three.{MARK.format(1)}</p>")


def test_whom_an_unknown_address_may_be_of_can_be_chosen(form: Page, article: Article) -> None:
    source = factories.source("paper")
    SourceAddress.objects.filter(source=source).update(host="sport.paper.org")
    add(form, 2, "https://news.paper.org/1")
    known = form.locator(".form-group:has(#id_citations-2-url) .desk-known")
    expect(known).to_contain_text("Paper: publishes elsewhere on the same site")
    known.locator("button[data-choose]").focus()
    form.keyboard.press("Enter")
    expect(form.locator("#id_citations-2-source")).to_have_value(str(source.pk))
    expect(form.locator("#workings")).to_contain_text("[3] tier 1, first-hand, not yet verified by us")
    save(form)
    assert saved(article, "source__slug")[-1] == ("paper",)
