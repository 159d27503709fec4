"""What an editor does for languages without a mouse: an address that is proposed, foreign words that say so."""

from collections.abc import Callable
from pathlib import Path

import polib
from django.conf import settings
from playwright.sync_api import Page, expect

from articles.models import Article, Author
from sources.slugs import slug
from tests import factories
from tests.factories import Desk
from tests.journeys.writing import select

NAMES = ["Đỗ Thị Điệp", "  58% — what's it of?  ", "NGƯỜI VIỆT ƠI", "_a -- b_", "漢字", "a" * 200, "word " * 40]


def test_an_address_is_proposed_as_the_server_makes_it(newsroom: Desk, sign_in: Callable[[str, str], Page]) -> None:
    factories.user("root", is_superuser=True)
    page = sign_in("root", "en")
    page.goto(page.url + "articles/author/add/")
    for name in NAMES:
        page.fill("[name=name]", name)
        expect(page.locator("[name=slug]")).to_have_attribute("placeholder", slug(name))
    page.fill("[name=name]", "Đỗ Thị Điệp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/author/")
    assert Author.objects.get(name="Đỗ Thị Điệp").slug == "do-thi-diep"


def test_the_editors_menu_speaks_vietnamese(newsroom: Desk, sign_in: Callable[[str, str], Page]) -> None:
    words = polib.pofile(str(Path(settings.LOCALE_PATHS[0], "vi", "LC_MESSAGES", "djangojs.po")))
    article = factories.article(newsroom.an)
    page = sign_in("an", "vi")
    page.goto(page.url + f"articles/article/{article.pk}/change/")
    box = page.locator("[role=tabpanel]:visible .ProseMirror[role=textbox]")
    box.focus()
    page.keyboard.press("Control+End")
    for key in ("Control+b", "Control+b"):
        page.keyboard.press(key)
    told = page.locator("[role=tabpanel]:visible .prose-menubar").evaluate(
        """bar => [...bar.querySelectorAll('[title]')].flatMap(e => [e.title, e.getAttribute('aria-label')])
            .concat([...bar.querySelectorAll('.prose-menubar__option')].map(e => e.textContent))"""
    )
    assert set(told) <= {entry.msgstr for entry in words}
    assert len(told) > 20


def test_foreign_words_are_marked_by_the_keyboard_and_kept(newsroom: Desk, sign_in: Callable[[str, str], Page]) -> None:
    article = factories.article(newsroom.an, body_en="<p>She said xin chào and left.</p>", body_vi="")
    page = sign_in("an", "en")
    page.goto(page.url + f"articles/article/{article.pk}/change/")
    box = page.locator("[role=tabpanel]:visible .ProseMirror[role=textbox]")
    select(box, "She said", "xin chào")
    page.keyboard.press("Control+Alt+l")
    dialog = page.locator("dialog[open]")
    dialog.locator("select").focus()
    page.keyboard.type("Viet")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(box.locator("span[lang=vi]")).to_have_text("xin chào")
    page.locator("[name=_continue]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    kept = Article.objects.get(pk=article.pk).body_en
    assert kept == '<p>She said <span lang="vi">xin chào</span> and left.</p>'
    expect(page.locator("[role=tabpanel]:visible .ProseMirror span[lang=vi]")).to_have_text("xin chào")
