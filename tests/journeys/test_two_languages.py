"""An article in two languages, from the first to the second and through a correction of the first: what the translator
does by keyboard, and what a reader of the second language gets at every step.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import workflow
from articles.models import Article, Publication
from articles.states import Move
from tests import factories
from tests.articles.admin.test_permissions import OWN_GETS
from tests.articles.steps import edit
from tests.journeys.test_stale import TABS, THEME, save, type_into
from tests.journeys.test_translate import TEXT, WORDS, other

SLUG = {"en": "headline-alpha", "vi": "tieu-de-alpha"}
HEADLINE = {"en": "Headline Alpha", "vi": "Tiêu đề Alpha"}
ADDED = {"en": "It was twelve.", "vi": "Số ấy là mười hai."}


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_translation_is_made_falls_behind_and_catches_up(
    language: str,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    visit: Callable[[str], Page],
    looked_at: Callable[..., None],
) -> None:
    def say(text: str) -> str:
        with override(language):
            return gettext(text)

    source = other(language)
    none = {f"{name}_{language}": "" for name in ("headline", "summary", "body", "slug")}
    first, heading, last = WORDS[source]
    body = f"<p>{first}</p><h2>{heading}</h2><p>{last}</p>"
    article = factories.article(newsroom.an, **none, **{f"body_{source}": body})
    factories.cite(article, newsroom.an)
    factories.published(article, source, desk=newsroom)
    screen = live_server.url + reverse("admin:articles_article_translate", args=[article.pk, source, language])
    an, binh, chi = (sign_in(name, language) for name in ("an", "binh", "chi"))

    def submit(paragraphs: list[str]) -> None:
        an.locator(TEXT).focus()
        an.keyboard.press("Control+End")
        for paragraph in paragraphs:
            an.keyboard.type(paragraph)
            an.keyboard.press("Enter")
        save(an)
        save(an, "_submit")
        expect(an.locator(".desk-place-in_review")).to_be_visible()

    def approve() -> None:
        binh.goto(f"{live_server.url}/admin/")
        binh.get_by_role("link", name=HEADLINE[language]).first.focus()
        binh.keyboard.press("Enter")
        expect(binh.frame_locator("iframe.desk-frame").get_by_role("heading", level=1)).to_have_text(HEADLINE[language])
        binh.locator("button[name=approve]").focus()
        binh.keyboard.press("Enter")
        binh.wait_for_url("**/admin/")

    def send_out(move: Move, note: str = "") -> None:
        row = Publication.objects.get(article=article, language=language)
        chi.goto(live_server.url + reverse("admin:articles_publication_move", args=[row.pk, move.value]))
        if note:
            chi.select_option("#id_kind", "correction")
            type_into(chi, "#id_note", note)
        with override(language):
            chi.get_by_role("button", name=str(move.label), exact=True).focus()
        chi.keyboard.press("Enter")
        chi.wait_for_url("**/admin/")

    # Not translated: the other language's words, said to be so.
    reader, beside = visit(f"/{language}/articles/{SLUG[source]}/"), visit(f"/{source}/articles/{SLUG[source]}/")
    notice = reader.locator("main > .notice")
    expect(notice).to_have_count(1)
    expect(reader.locator("article > header")).to_have_attribute("lang", source)
    expect(reader.locator(".words")).to_have_attribute("lang", source)
    assert reader.locator("html").get_attribute("lang") == language
    assert reader.locator("link[hreflang]").evaluate_all("all => all.map(e => e.hreflang)") == [source, "x-default"]
    looked_at(reader, f"two-languages-{language}-1-missing")

    # Translated, reviewed, published: the reader who asks for the old address comes to the translation's.
    an.goto(screen, wait_until="networkidle")
    type_into(an, f"#id_headline_{language}", HEADLINE[language])
    type_into(an, f"#id_summary_{language}", "Alpha.")
    submit(WORDS[language])
    approve()
    send_out(Move.PUBLISH)
    reader.reload()
    assert reader.url == f"{live_server.url}/{language}/articles/{SLUG[language]}/"
    expect(reader.locator("h1")).to_have_text(HEADLINE[language])
    expect(notice).to_have_count(0)
    hreflang = [sorted([source, language]), "x-default"]
    for page in (reader, beside):
        page.reload()
        found = page.locator("link[hreflang]").evaluate_all("all => all.map(e => e.hreflang)")
        assert [sorted(found[:2]), *found[2:]] == hreflang

    # The source is corrected: at once the translation says that it is behind.
    edit(Article.objects.get(pk=article.pk), newsroom.an, **{f"body_{source}": body + f"<p>{ADDED[source]}</p>"})
    newer = factories.approved(Article.objects.get(pk=article.pk), source, desk=newsroom)
    reader.reload()
    expect(notice).to_have_count(0)  # approved is not yet public
    workflow.correct(newer, by=newsroom.chi, version=2, kind="correction", note="12.")
    reader.reload()
    expect(reader.locator("main > *").first).to_have_class("notice")
    looked_at(reader, f"two-languages-{language}-2-behind")
    notice.get_by_role("link").focus()
    reader.keyboard.press("Enter")
    expect(reader.locator(".words")).to_contain_text(ADDED[source])
    expect(notice).to_have_count(0)  # what was corrected is behind nothing
    reader.go_back()

    # The translator is led to the one paragraph that changed, and brings it over.
    an.goto(screen, wait_until="networkidle")
    change = an.locator("nav a[href^='#change-']")
    expect(change).to_have_count(1)
    change.focus()
    an.keyboard.press("Enter")
    expect(an.locator("#change-1 ins")).to_contain_text(ADDED[source])
    expect(an.locator("#change-1")).to_be_in_viewport()
    submit([ADDED[language]])
    expect(an.locator("nav a[href^='#change-']")).to_have_count(0)
    reader.reload()
    expect(notice).to_have_count(1)  # nothing of it is public yet
    approve()
    send_out(Move.CORRECT, "12.")

    # Up to date, and both say what was corrected.
    for page, told in ((reader, language), (beside, source)):
        page.reload()
        expect(page.locator(".words")).to_contain_text(ADDED[told])
        expect(page.locator(".correction-notices")).to_contain_text("12.")
        expect(page.locator("main > .notice")).to_have_count(0)
    looked_at(reader, f"two-languages-{language}-3-up-to-date")
    assert reader.context.cookies() == []
    assert say("Skip to main content") in reader.content()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_person_is_limited_to_a_language_and_finds_the_other_to_be_read(
    language: str,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    faults: Callable[..., list[str]],
    shot: Callable[[Page, str], None],
    looked_at: Callable[..., None],
    settings: Any,
) -> None:
    settings.ZEAL_ALLOWLIST = OWN_GETS
    factories.user("root", is_superuser=True)
    closed = other(language)
    none = {f"{name}_{language}": "" for name in ("headline", "summary", "body", "slug")}
    article = factories.article(newsroom.an, **none)
    factories.published(article, closed, desk=newsroom)

    # The languages of an account, by keyboard.
    root = sign_in("root", language)
    root.goto(f"{live_server.url}/admin/auth/user/{newsroom.an.pk}/change/", wait_until="networkidle")
    root.locator("#working_languages-group a.add-row, #working_languages-group .add-row a").first.focus()
    root.keyboard.press("Enter")
    row = root.locator("select[name=working_languages-0-language]")
    row.focus()
    row.select_option(language)
    assert faults(root, THEME) == []
    shot(root, f"account-{language}")
    save(root, "_save")
    assert list(newsroom.an.working_languages.values_list("language", flat=True)) == [language]

    # The matrix: a filter, then the cell of what is theirs.
    an = sign_in("an", language)
    an.goto(live_server.url + reverse("admin:articles_publication_list", args=["languages"]), wait_until="networkidle")
    an.locator(f".desk-facets a[href*='language={language}'][href*='coverage=missing']").focus()
    with an.expect_navigation(wait_until="networkidle"):
        an.keyboard.press("Enter")
    expect(an.locator(".desk-facets [aria-current]")).to_have_count(1)
    expect(an.locator(".desk-cells a")).to_have_count(1)
    looked_at(an, f"matrix-of-one-{language}")

    # The form: one tab to write in, one to read.
    an.goto(live_server.url + reverse("admin:articles_article_change", args=[article.pk]), wait_until="networkidle")
    an.get_by_role("tab", name=TABS[closed]).focus()
    an.keyboard.press("Enter")
    tab = an.locator("[role=tabpanel]:visible")
    expect(tab).to_contain_text(HEADLINE[closed])
    expect(tab.locator("input, textarea, .ProseMirror")).to_have_count(0)
    looked_at(an, f"form-of-one-{language}", [THEME])
    an.get_by_role("tab", name=TABS[language]).focus()
    an.keyboard.press("Enter")
    type_into(an, f"#id_headline_{language}", HEADLINE[language])
    save(an)
    now = Article.objects.values_list("headline_en", "headline_vi").get(pk=article.pk)
    assert now == (HEADLINE["en"], HEADLINE["vi"])
