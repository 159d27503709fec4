"""A review by keyboard alone: a note is written, answered by the author, resolved; a citation verified; approved."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Publication, Remark, ReviewStatus
from tests import factories

MOST_TABS = 150


@pytest.fixture
def publication(newsroom: factories.Desk) -> Publication:
    article = factories.article(newsroom.an, body_en='<p>It opened.<sup data-cite="1"></sup></p><p>Body.</p>')
    factories.cite(article, newsroom.an)
    return factories.in_review(article, desk=newsroom)


def tab_to(page: Page, wanted: Locator) -> None:
    """Tab, as often as it takes: what cannot be reached so is not there for who has no mouse."""
    for _press in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{MOST_TABS} tabs do not lead to {wanted}")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_note_is_written_answered_and_resolved_and_the_words_approved(
    language: str,
    publication: Publication,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    shot: Callable[[Page, str], None],
) -> None:
    review = reverse("admin:articles_publication_review", args=[publication.pk])

    # Binh steps over the citation to the first paragraph, and notes something on it.
    binh = sign_in("binh", language)
    tab_to(binh, binh.locator(f"a[href='{review}']"))
    binh.keyboard.press("Enter")
    binh.wait_for_url(f"**{review}", wait_until="networkidle")
    binh.keyboard.press("j")
    expect(binh.locator("#citation-1")).to_be_focused()
    binh.keyboard.press("n")
    expect(binh.locator("[data-paragraph='1']")).to_be_focused()
    binh.keyboard.press("k")
    expect(binh.locator("#citation-1")).to_be_focused()
    binh.keyboard.press("j")
    binh.keyboard.press("c")
    expect(binh.locator("#remark-text")).to_be_focused()
    expect(binh.locator("#remark-paragraph")).to_have_value("1")
    binh.keyboard.type("j? Which bridge")  # a word, though each key of it is a shortcut
    expect(binh.locator("#remark-text")).to_have_value("j? Which bridge")
    binh.keyboard.press("Tab")
    binh.keyboard.press("Enter")
    binh.wait_for_url("**#remark-*", wait_until="networkidle")
    note = Remark.objects.get()
    expect(binh.locator(f"#remark-{note.pk}")).to_be_focused()
    shot(binh, f"{language}-review-1-note")
    binh.keyboard.press("a")
    expect(binh.locator("#no-approval")).to_be_focused()

    # An answers on the article.
    an = sign_in("an", language)
    tab_to(an, an.locator(f"a[href='{reverse('admin:articles_article_change', args=[publication.article_id])}']").first)
    an.keyboard.press("Enter")
    an.wait_for_url("**/change/", wait_until="networkidle")
    tab_to(an, an.locator(f"#answer-{note.pk}"))
    an.keyboard.type("The one of Monday.")
    an.keyboard.press("Tab")
    an.keyboard.press("Enter")
    an.wait_for_url("**/change/#remark-*", wait_until="networkidle")
    expect(an.locator(".desk-answer")).to_contain_text("The one of Monday.")
    shot(an, f"{language}-review-2-answered")

    # Binh resolves it, verifies the citation, is back on it, and approves.
    binh.goto(live_server.url + review)
    tab_to(binh, binh.locator("button[name=resolve]"))
    binh.keyboard.press("Enter")
    expect(binh.locator("button[name=approve]")).to_be_enabled()
    binh.wait_for_load_state("networkidle")
    tab_to(binh, binh.locator("#note"))
    binh.keyboard.type("Well done.")
    binh.keyboard.press("Tab")
    binh.keyboard.press("v")
    expect(binh.locator("#citation-1 [data-verify]")).to_be_focused()
    binh.keyboard.press("Enter")
    binh.wait_for_url("**#citation-1", wait_until="networkidle")
    expect(binh.locator(".desk-number strong")).to_have_text("83%")
    expect(binh.locator("#citation-1")).to_be_focused()
    expect(binh.locator("#note")).to_have_value("Well done.")  # though another form was sent
    binh.keyboard.press("r")
    expect(binh.locator("button[name=request_changes]")).to_be_focused()
    binh.keyboard.press("a")
    expect(binh.locator("button[name=approve]")).to_be_focused()
    binh.keyboard.press("Enter")
    binh.wait_for_url("**/admin/")
    rows = list(ReviewStatus.objects.order_by("pk").values_list("status", "note"))
    assert rows == [("submitted", ""), ("approved", "Well done.")]
    told = list(Remark.objects.order_by("pk").values_list("text", "by__username", "resolves"))
    assert told == [
        ("j? Which bridge", "binh", False), ("The one of Monday.", "an", False), ("", "binh", True),
    ]  # fmt: skip


def test_shortcuts_are_listed_and_can_be_switched_off_for_good(
    publication: Publication, live_server: LiveServer, sign_in: Callable[[str, str], Page]
) -> None:
    binh = sign_in("binh", "en")
    address = live_server.url + reverse("admin:articles_publication_review", args=[publication.pk])
    binh.goto(address, wait_until="networkidle")
    binh.keyboard.press("?")
    expect(binh.locator("#shortcuts summary")).to_be_focused()
    expect(binh.locator("#shortcuts kbd").first).to_be_visible()
    tab_to(binh, binh.locator("#shortcuts-on"))
    binh.keyboard.press("Space")
    expect(binh.locator("#shortcuts-on")).not_to_be_checked()
    binh.goto(address, wait_until="networkidle")
    binh.keyboard.press("j")
    expect(binh.locator("#citation-1")).not_to_be_focused()
    binh.evaluate("document.getElementById('shortcuts').open = true")
    tab_to(binh, binh.locator("#shortcuts-on"))
    binh.keyboard.press("Space")
    binh.keyboard.press("j")
    expect(binh.locator("#citation-1")).to_be_focused()


def test_without_a_script_nothing_is_lost_but_the_shortcuts(
    publication: Publication, newsroom: factories.Desk, live_server: LiveServer, sign_in: Callable[[str, str], Page]
) -> None:
    binh = sign_in("binh", "en")
    binh.route("**/review*.js", lambda route: route.abort())
    binh.goto(live_server.url + reverse("admin:articles_publication_review", args=[publication.pk]))
    expect(binh.locator("#shortcuts")).to_be_hidden()
    tab_to(binh, binh.locator("#remark-paragraph"))
    binh.keyboard.press("ArrowDown")
    binh.keyboard.press("Tab")
    binh.keyboard.type("Which bridge?")
    binh.keyboard.press("Tab")
    binh.keyboard.press("Enter")
    binh.wait_for_url("**#remark-*")

    assert list(Remark.objects.values_list("paragraph", "text")) == [(1, "Which bridge?")]
