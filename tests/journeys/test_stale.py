"""Two editors on one article, a session that ended, a browser that crashed: nothing that was typed is lost."""

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Edit
from tests import factories

THEME = ".select2-container"  # select2, which Django's admin brings: its boxes have no name
TABS = {"en": "English", "vi": "Tiếng Việt"}
KEPT = "Were you writing an article? Your browser has kept what you typed: open the form again to get it back."
HEADLINES = {"en": "Headline Alpha", "vi": "Tiêu đề Alpha"}


@pytest.fixture
def article(newsroom: factories.Desk) -> Article:
    article = factories.article(newsroom.an)
    factories.cite(article, newsroom.an)
    return article


@pytest.fixture
def open_form(live_server: LiveServer, article: Article) -> Callable[[Page], None]:
    def open_form(page: Page) -> None:
        page.goto(live_server.url + reverse("admin:articles_article_change", args=[article.pk]))
        page.wait_for_load_state("networkidle")

    return open_form


def type_into(page: Page, field: str, text: str) -> None:
    """In place of what stands there, by keyboard."""
    box = page.locator(field)
    expect(box).to_be_visible()  # its tab may just be opening, and nothing takes the focus in a closed one
    box.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def save(page: Page, name: str = "_continue") -> None:
    page.locator(f"button[name={name}]").focus()
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")


def press(page: Page, name: str) -> None:
    page.locator(f"#drafts button[name={name}]").focus()
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")


def text_box(page: Page) -> str:
    return "[role=tabpanel]:visible .ProseMirror[role=textbox]"


def now(article: Article, *names: str) -> list[Any]:
    return list(Article.objects.values_list(*names).get(pk=article.pk))


@pytest.mark.parametrize("choice", ["mine", "theirs"])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_two_editors_change_the_same_and_one_of_them_decides(
    language: str,
    choice: str,
    article: Article,
    open_form: Callable[[Page], None],
    sign_in: Callable[[str, str], Page],
    shot: Callable[[Page, str], None],
    faults: Callable[..., list[str]],
) -> None:
    an, dung = sign_in("an", language), sign_in("dung", language)
    for person in (an, dung):
        open_form(person)
    type_into(dung, f"#id_headline_{language}", "Dung")
    type_into(dung, f"#id_summary_{language}", "Dung.")
    save(dung)
    type_into(an, f"#id_headline_{language}", "An")
    type_into(an, text_box(an), "An.")
    type_into(an, "#id_citations-0-quote", "An.")
    save(an)

    section = an.locator(".desk-clashes")
    expect(section).to_be_focused()
    expect(section.locator("fieldset")).to_have_count(1)
    expect(section.locator("del").first).to_have_text(HEADLINES[language])
    expect(section.locator("h3").nth(2)).to_contain_text("Dung")
    expect(an.locator(f"#id_summary_{language}")).to_have_value("Dung.")
    expect(an.locator(text_box(an))).to_have_text("An.")
    if choice == "mine":
        for scheme in ("light", "dark"):
            an.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            an.reload(wait_until="networkidle")  # posts the same again, which is refused again
            expect(section.locator("fieldset")).to_have_count(1)
            assert faults(an, THEME) == [], scheme
            for width in (360, 1280):
                an.set_viewport_size({"width": width, "height": 900})
                assert an.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
                shot(an, f"conflict-{language}-{width}-{scheme}")
    assert now(article, f"headline_{language}") == ["Dung"]

    an.locator(f"input[name=choice-headline_{language}][value={choice}]").focus()
    an.keyboard.press("Space")
    save(an)
    expect(section).to_have_count(0)
    headline = {"mine": "An", "theirs": "Dung"}[choice]
    assert now(article, f"headline_{language}", f"summary_{language}", f"body_{language}", "citations__quote") == [
        headline, "Dung.", "<p>An.</p>", "An.",
    ]  # fmt: skip
    expect(an.locator("#drafts")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_was_typed_survives_a_session_that_ended(
    language: str,
    article: Article,
    open_form: Callable[[Page], None],
    sign_in: Callable[[str, str], Page],
    shot: Callable[[Page, str], None],
    faults: Callable[..., list[str]],
) -> None:
    an = sign_in("an", language)
    open_form(an)
    type_into(an, f"#id_headline_{language}", "Typed")
    type_into(an, text_box(an), "Typed [1] too.")
    an.locator("#citations-group .add-row a, #citations-group a.add-row").first.focus()
    an.keyboard.press("Enter")
    type_into(an, "#id_citations-1-url", "https://www.example.org/typed")
    an.context.clear_cookies(name="sessionid")
    save(an)
    expect(an.locator("input[name=password]")).to_be_visible()
    an.fill("input[name=login]", "an")
    an.fill("input[name=password]", "secret")
    with an.expect_navigation(wait_until="networkidle"):
        an.keyboard.press("Enter")
    expect(an.locator(f"#id_headline_{language}")).to_have_value(HEADLINES[language])
    expect(an.locator("#drafts p")).to_have_count(1)
    for scheme in ("light", "dark"):
        an.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert faults(an, THEME) == [], scheme
        shot(an, f"draft-{language}-{scheme}")
    assert now(article, f"headline_{language}") == [HEADLINES[language]]

    press(an, "restore")
    expect(an.locator(f"#id_headline_{language}")).to_have_value("Typed")
    expect(an.locator("#id_citations-1-url")).to_have_value("https://www.example.org/typed")
    expect(an.locator("#drafts")).to_be_hidden()
    shot(an, f"restored-{language}")
    assert now(article, f"headline_{language}") == [HEADLINES[language]]
    save(an, "_save")
    assert now(article, f"headline_{language}", f"body_{language}") == [
        "Typed", '<p>Typed <sup data-cite="1"></sup> too.</p>',
    ]  # fmt: skip
    assert list(article.citations.values_list("url", flat=True))[1:] == ["https://www.example.org/typed"]
    open_form(an)
    expect(an.locator("#drafts")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_was_typed_survives_a_save_that_the_database_did_not_take(
    language: str,
    article: Article,
    open_form: Callable[[Page], None],
    sign_in: Callable[[str, str], Page],
    shot: Callable[[Page, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*args: object, **kwargs: object) -> NoReturn:
        raise OperationalError("database or disk is full")

    an = sign_in("an", language)
    open_form(an)
    type_into(an, f"#id_headline_{language}", "Typed")
    with monkeypatch.context() as patch:
        patch.setattr(Article, "save", full)
        save(an)
        with override(language):
            expect(an.locator("main")).to_contain_text(gettext(KEPT))
        for width in (360, 1280):
            for scheme in ("light", "dark"):
                an.set_viewport_size({"width": width, "height": 900})
                an.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                shot(an, f"not-taken-{language}-{width}-{scheme}")
    open_form(an)
    expect(an.locator(f"#id_headline_{language}")).to_have_value(HEADLINES[language])
    press(an, "restore")
    save(an, "_save")
    assert now(article, f"headline_{language}") == ["Typed"]


def crashed(page: Page) -> Page:
    """The same person's browser, opened again: the page is gone, what the browser keeps is there."""
    context: BrowserContext = page.context
    page.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('newsroom-draft:'))")
    page.close()
    return context.new_page()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_was_typed_survives_a_crash_and_meets_what_was_saved_since(
    language: str,
    article: Article,
    newsroom: factories.Desk,
    open_form: Callable[[Page], None],
    sign_in: Callable[[str, str], Page],
) -> None:
    an = sign_in("an", language)
    open_form(an)
    type_into(an, text_box(an), "Typed.")
    an = crashed(an)
    article.refresh_from_db()
    article.headline_vi, article.headline_en = "Dung", "Dung"
    article.save(by=newsroom.dung)
    before = Edit.objects.latest("pk").pk
    open_form(an)
    press(an, "restore")
    expect(an.locator(text_box(an))).to_have_text("Typed.")
    save(an)
    assert now(article, f"body_{language}", "headline_vi", "headline_en") == ["<p>Typed.</p>", "Dung", "Dung"]
    assert list(Edit.objects.filter(pk__gt=before).values_list("fields", flat=True)) == [[f"body_{language}"]]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_new_article_survives_a_crash_and_is_no_more_offered_once_discarded(
    language: str, newsroom: factories.Desk, live_server: LiveServer, sign_in: Callable[[str, str], Page]
) -> None:
    add, an = live_server.url + reverse("admin:articles_article_add"), sign_in("an", language)
    an.goto(add, wait_until="networkidle")
    type_into(an, f"#id_headline_{language}", "New")
    an = crashed(an)
    an.goto(add, wait_until="networkidle")
    press(an, "restore")
    expect(an.locator(f"#id_headline_{language}")).to_have_value("New")
    assert not Article.objects.exists()
    an.goto(add, wait_until="networkidle")
    an.locator("#drafts button[name=discard]").focus()
    an.keyboard.press("Enter")
    expect(an.locator("#drafts")).to_be_hidden()
    an.goto(add, wait_until="networkidle")
    expect(an.locator("#drafts")).to_be_hidden()


def test_nobody_is_offered_what_another_typed(
    article: Article, live_server: LiveServer, open_form: Callable[[Page], None], sign_in: Callable[[str, str], Page]
) -> None:
    page = sign_in("an", "en")
    open_form(page)
    type_into(page, "#id_headline_en", "Mine")
    page = crashed(page)
    page.context.clear_cookies(name="sessionid")
    page.goto(f"{live_server.url}/admin/login/?next={reverse('admin:articles_article_change', args=[article.pk])}")
    page.fill("input[name=login]", "dung")
    page.fill("input[name=password]", "secret")
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    expect(page.locator("#id_headline_en")).to_have_value("Headline Alpha")
    expect(page.locator("#drafts")).to_be_hidden()
