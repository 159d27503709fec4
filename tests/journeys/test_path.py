"""The whole path, once, for real: An's draft becomes a reader's page."""

from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Publication
from tests import factories

WORDS = {
    "en": {
        "tab": "English",
        "headline": "A bridge opened on Monday",
        "summary": "The council says the new bridge carried its first cars.",
        "opening": "The bridge over the river opened.",
        "section": "What the council says",
        "slug": "a-bridge-opened-on-monday",
    },
    "vi": {
        "tab": "Tiếng Việt",
        "headline": "Cây cầu mới thông xe hôm thứ Hai",
        "summary": "Hội đồng cho biết những chiếc xe đầu tiên đã qua cầu.",
        "opening": "Cây cầu bắc qua sông đã thông xe.",
        "section": "Hội đồng nói gì",
        "slug": "cay-cau-moi-thong-xe-hom-thu-hai",
    },
}


def type_article(page: Page, language: str, say: Callable[[str], str]) -> None:
    """As An does, by keyboard: from field to field, the text into the editor, a mark as [1]."""
    words = WORDS[language]
    page.get_by_role("tab", name=words["tab"]).focus()
    page.keyboard.press("Enter")
    headline = page.locator(f"#id_headline_{language}")
    expect(headline).to_be_visible()
    headline.focus()
    page.keyboard.type(words["headline"])
    page.keyboard.press("Tab")
    page.keyboard.type(words["summary"])
    page.locator("[role=tabpanel]:visible .ProseMirror[role=textbox]").focus()
    page.keyboard.type(words["opening"] + " [1]")
    page.keyboard.press("Enter")
    page.keyboard.type("## " + words["section"])
    page.keyboard.press("Enter")
    page.keyboard.type("…")


def cite(page: Page, say: Callable[[str], str]) -> None:
    page.locator("#citations-group .add-row a, #citations-group a.add-row").first.focus()
    page.keyboard.press("Enter")
    page.locator("#id_citations-0-url").focus()
    page.keyboard.type("https://www.example.org/minutes")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_draft_becomes_a_page(
    language: str,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    visit: Callable[[str], Page],
    shot: Callable[[Page, str], None],
    faults: Callable[..., list[str]],
) -> None:
    def say(text: str, **values: object) -> str:
        with override(language):
            return gettext(text) % values

    words = WORDS[language]
    factories.category()
    factories.author()
    factories.source("example")

    # An writes and submits.
    an = sign_in("an", language)
    an.get_by_role("link", name=say("Write an article")).focus()
    an.keyboard.press("Enter")
    an.select_option("#id_category", index=1)
    an.locator("#id_authors + .select2 input").focus()
    an.keyboard.type("Mai")
    an.locator(".select2-results__option", has_text="Mai Lan").wait_for()
    an.keyboard.press("Enter")
    type_article(an, language, say)
    cite(an, say)
    shot(an, f"{language}-1-an-writes")
    an.locator("button[name=_continue]").focus()
    an.keyboard.press("Enter")
    an.wait_for_url("**/change/**")
    an.locator(f"button[name=_submit][value={language}]").focus()
    an.keyboard.press("Enter")
    expect(an.locator(".desk-place-in_review")).to_be_visible()
    shot(an, f"{language}-2-an-submitted")

    # Binh verifies the citation, which moves the number, and approves.
    binh = sign_in("binh", language)
    binh.get_by_role("link", name=words["headline"]).focus()
    binh.keyboard.press("Enter")
    expect(binh.locator(".desk-number strong")).to_have_text("58%")
    frame = binh.frame_locator("iframe.desk-frame")
    expect(frame.get_by_role("heading", level=1)).to_have_text(words["headline"])
    binh.locator("#citation-1 button").focus()
    binh.keyboard.press("Enter")
    expect(binh.locator(".desk-number strong")).to_have_text("83%")
    shot(binh, f"{language}-3-binh-verified")
    binh.locator("button[name=approve]").focus()
    binh.keyboard.press("Enter")
    binh.wait_for_url("**/admin/")

    # Chi publishes.
    chi = sign_in("chi", language)
    chi.get_by_role("link", name=words["headline"]).focus()
    chi.keyboard.press("Enter")
    shot(chi, f"{language}-4-chi-publishes")
    chi.get_by_role("button", name=say("Publish")).focus()
    chi.keyboard.press("Enter")
    chi.wait_for_url("**/admin/")
    assert Publication.objects.live(language).count() == 1

    # A reader reads, by keyboard.
    reader = visit(f"/{language}/articles/{words['slug']}/")
    reader.keyboard.press("Tab")
    skip = reader.get_by_role("link", name=say("Skip to main content"))
    expect(skip).to_be_focused()
    shot(reader, f"{language}-5-skip-link")
    reader.keyboard.press("Enter")
    expect(reader.locator("main")).to_be_focused()
    expect(reader.get_by_role("heading", level=1)).to_have_text(words["headline"])
    expect(reader.locator(".words p").first).to_have_text(f"{words['opening']} [1]")
    reader.locator(".why summary").focus()
    reader.keyboard.press("Enter")
    expect(reader.locator("#why")).to_be_visible()
    points = [int(cell.replace("+", "")) for cell in reader.locator(".workings tbody td").all_inner_texts()]
    assert sum(points) == 83
    shot(reader, f"{language}-6-why")
    assert reader.context.cookies() == []
    assert faults(reader) == []
