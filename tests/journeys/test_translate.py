"""A translator's day: from the matrix to the screen, two paragraphs by keyboard, what changed in the source, and a save
that came second.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import workflow
from articles.models import Article, Version
from tests import factories
from tests.articles.steps import edit
from tests.journeys.test_stale import THEME, save, type_into

TEXT = ".ProseMirror[role=textbox]"
WORDS = {
    "en": ["Opening of it.", "Part of it.", "The body of it."],
    "vi": ["Mở đầu của bài.", "Phần của bài.", "Thân của bài."],
}


def other(language: str) -> str:
    return {"en": "vi", "vi": "en"}[language]


@pytest.fixture(params=["en", "vi"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def article(language: str, newsroom: factories.Desk) -> Article:
    """Live in the other language, with a citation and its mark; in this one there is no word."""
    source = other(language)
    none = {f"{name}_{language}": "" for name in ("headline", "summary", "body", "slug")}
    article = factories.article(newsroom.an, "Alpha", **none)
    factories.cite(article, newsroom.an, title_language="en")
    first, heading, last = WORDS[source]
    body = f'<p>{first}<sup data-cite="1"></sup></p><h2>{heading}</h2><p>{last}</p>'
    edit(article, newsroom.an, **{f"body_{source}": body})
    factories.published(Article.objects.get(pk=article.pk), source, desk=newsroom)
    return Article.objects.get(pk=article.pk)


def row(page: Page, number: int) -> Any:
    """The words of a line of the table of what is there."""
    return page.locator(".workings tr").nth(number)


def test_a_language_is_written_beside_another_from_the_matrix_on(
    language: str,
    article: Article,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    looked_at: Callable[..., None],
) -> None:
    source, an = other(language), sign_in("an", language)
    address = reverse("admin:articles_publication_list", args=["languages"])
    an.goto(f"{live_server.url}{address}?language={language}&coverage=missing", wait_until="networkidle")
    looked_at(an, f"matrix-{language}")
    an.locator(".desk-cells a").focus()
    with an.expect_navigation(wait_until="networkidle"):
        an.keyboard.press("Enter")
    screen = reverse("admin:articles_article_translate", args=[article.pk, source, language])
    assert an.url == live_server.url + screen

    # Two paragraphs; the one of the source that is level with the cursor is marked.
    type_into(an, f"#id_headline_{language}", "Alpha")
    type_into(an, f"#id_summary_{language}", "Alpha.")
    an.locator(TEXT).focus()
    an.keyboard.type(f"{WORDS[language][0]} [1]")
    expect(an.locator("[data-paragraph][aria-current]")).to_contain_text(WORDS[source][0])
    expect(an.locator(f"{TEXT} sup[data-number='1']")).to_have_count(1)
    an.keyboard.press("Enter")
    an.keyboard.type(WORDS[language][1])
    save(an)
    assert an.url == live_server.url + screen
    body = Article.objects.values_list(f"body_{language}", flat=True).get(pk=article.pk)
    assert body == f'<p>{WORDS[language][0]} <sup data-cite="1"></sup></p><p>{WORDS[language][1]}</p>'
    expect(row(an, 7).locator("td").first).to_contain_text("✓")
    expect(row(an, 3).locator("td").nth(2)).to_have_text(str(sum(len(text.split()) for text in WORDS[language][:2])))
    expect(an.locator(".desk-pairs li")).to_have_count(3)  # none beside the heading
    looked_at(an, f"translate-{language}", [THEME])

    # It is submitted, and the source is corrected: each change leads to the next.
    save(an, "_submit")
    made = Version.objects.get(article=article, language=language)
    assert made.made_from == Version.objects.get(article=article, language=source)
    first, heading, last = WORDS[source]
    body = f'<p>{first} Alpha.<sup data-cite="1"></sup></p><h2>{heading}</h2><p>{last} Beta.</p>'
    edit(article, newsroom.an, **{f"body_{source}": body})
    newer = factories.approved(Article.objects.get(pk=article.pk), source, desk=newsroom)
    workflow.correct(newer, by=newsroom.chi, version=2, kind="correction", note="Why.")
    an.goto(live_server.url + screen, wait_until="networkidle")
    links = an.locator("nav a[href^='#change-']")
    expect(links).to_have_count(2)
    links.first.focus()
    an.keyboard.press("Enter")
    expect(an.locator("#change-1 ins")).to_contain_text("Alpha")
    an.locator("#change-1 a").focus()
    an.keyboard.press("Enter")
    expect(an.locator("#change-2")).to_be_in_viewport()
    expect(an.locator("#change-2 ins")).to_contain_text("Beta")
    looked_at(an, f"translate-changes-{language}", [THEME])


def test_a_save_that_comes_second_loses_nothing(
    language: str,
    article: Article,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    faults: Callable[..., list[str]],
) -> None:
    an, dung = sign_in("an", language), sign_in("dung", language)
    screen = live_server.url + reverse("admin:articles_article_translate", args=[article.pk, other(language), language])
    for person in (an, dung):
        person.goto(screen, wait_until="networkidle")
    for person, name in ((an, "An"), (dung, "Dung")):
        person.locator(TEXT).focus()
        person.keyboard.type(name)
    type_into(dung, f"#id_summary_{language}", "Dung.")
    save(dung)
    save(an)
    section = an.locator(".desk-clashes")
    expect(section).to_be_focused()
    expect(section.locator("fieldset")).to_have_count(1)
    expect(an.locator(TEXT)).to_have_text("An")
    expect(an.locator(f"#id_summary_{language}")).to_have_value("Dung.")
    assert faults(an, THEME) == []
    an.locator(f"input[name=choice-body_{language}][value=mine]").focus()
    an.keyboard.press("Space")
    save(an)
    expect(section).to_have_count(0)
    now = Article.objects.values_list(f"body_{language}", f"summary_{language}").get(pk=article.pk)
    assert now == ("<p>An</p>", "Dung.")
    expect(an.locator("#drafts")).to_be_hidden()

    # What was typed and never saved is offered here, and nowhere else.
    an.locator(TEXT).focus()
    an.keyboard.type("Typed ")
    an.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('newsroom-draft:'))")
    again = an.context.new_page()
    an.close()
    again.goto(live_server.url + reverse("admin:articles_article_change", args=[article.pk]), wait_until="networkidle")
    expect(again.locator("#drafts")).to_be_hidden()
    again.goto(screen, wait_until="networkidle")
    again.locator("#drafts button[name=restore]").focus()
    with again.expect_navigation(wait_until="networkidle"):
        again.keyboard.press("Enter")
    expect(again.locator(TEXT)).to_contain_text("Typed")
