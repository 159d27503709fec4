"""A story that has to go, and one that is shown to somebody before it is out: as readers see both."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, PreviewLink, Publication
from tests import factories
from tests.articles.afterwards import corrected, withdrawn

SLUG = {"vi": "tieu-de-alpha", "en": "headline-alpha"}
OTHER = {"vi": "en", "en": "vi"}
Say = Callable[..., str]


@pytest.fixture(params=["en", "vi"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def say(language: str) -> Say:
    def say(text: str, **values: object) -> str:
        with override(language):
            return gettext(text) % values if values else gettext(text)

    return say


@pytest.fixture
def article(newsroom: factories.Desk) -> Article:
    row = factories.article(newsroom.an)
    factories.cite(row, newsroom.an)
    for code in SLUG:
        factories.published(row, code, desk=newsroom)
    return row


def test_a_withdrawal_as_a_reader_sees_it(
    language: str,
    say: Say,
    article: Article,
    newsroom: factories.Desk,
    live_server: LiveServer,
    visit: Callable[[str], Page],
    looked_at: Callable[[Page, str], None],
) -> None:
    page = visit(f"/{language}/")
    page.get_by_role("link", name="Alpha").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Alpha")
    address = page.url

    for number in range(1, 5):
        corrected(article, language, desk=newsroom, kind="correction", note=f"21, not 12 ({number}).")
    page.reload()
    expect(page.locator(".correction-notices")).to_contain_text("21, not 12 (4).")
    expect(page.locator(".correction-notices")).not_to_contain_text("21, not 12 (1).")
    looked_at(page, f"corrected-{language}")
    page.locator(".correction-notices a").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".history")).to_contain_text("21, not 12 (1).")
    looked_at(page, f"history-{language}")
    page.locator(".history a").last.click()
    expect(page.locator(".notice").first).to_contain_text("1")
    looked_at(page, f"version-{language}")
    page.goto(address)

    other = visit(f"/{OTHER[language]}/articles/{SLUG[OTHER[language]]}/")
    expect(other.locator("main > *").first).to_have_class("notice")  # behind: told before everything
    looked_at(other, f"outdated-{OTHER[language]}")

    withdrawn(article, language, desk=newsroom, note="The count was never made.")
    answers: list[int] = []
    page.on("response", lambda response: answers.append(response.status) if response.url == address else None)
    page.reload()
    assert answers == [410]
    expect(heading).to_have_text(say("This article was withdrawn"))
    expect(page.locator("main")).to_contain_text("The count was never made.")
    assert "Alpha" not in page.content()
    looked_at(page, f"withdrawn-{language}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=say("Skip to main content"))).to_be_focused()
    page.get_by_role("link", name=say("Back to home")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Latest articles"))
    assert "Alpha" not in page.content()

    other.reload()
    notice = other.locator("main > .notice").first
    looked_at(other, f"other-withdrawn-{OTHER[language]}")
    notice.get_by_role("link").click()
    expect(other.get_by_role("heading", level=1)).to_have_text(say("This article was withdrawn"))

    # The record, by which anyone can tell later.
    page.get_by_role("link", name=say("The record")).click()
    fingerprint = page.locator(".record-head code").inner_text()
    page.get_by_label(say("A fingerprint that you noted earlier")).fill(fingerprint)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_class("notice ok")
    looked_at(page, f"record-{language}")
    page.get_by_label(say("A fingerprint that you noted earlier")).fill("0" * 64)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_class("notice bad")
    looked_at(page, f"record-not-found-{language}")
    assert page.context.cookies() == []


def test_a_preview_link_is_handed_out_opened_and_revoked(
    language: str,
    say: Say,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    context: BrowserContext,
    shot: Callable[[Page, str], None],
    faults: Callable[..., list[str]],
    looked_at: Callable[[Page, str], None],
) -> None:
    row = factories.article(newsroom.an)
    factories.cite(row, newsroom.an)
    factories.in_review(row, language, desk=newsroom)

    # Binh finds the version in the article's history and makes a link to it.
    binh = sign_in("binh", language)
    binh.goto(live_server.url + reverse("admin:articles_article_history", args=[row.pk]))
    expect(binh.locator(".desk-history li").first).to_be_visible()
    assert faults(binh) == []
    shot(binh, f"history-{language}")
    binh.get_by_role("link", name=say("Preview links")).focus()
    binh.keyboard.press("Enter")
    binh.get_by_role("button", name=say("Make a preview link")).focus()
    binh.keyboard.press("Enter")
    link = binh.get_by_label(say("The link, to be copied"))
    address = link.input_value()
    assert faults(binh) == []
    shot(binh, f"previews-{language}")

    # Somebody without an account opens it.
    reader = context.new_page()
    reader.goto(address)
    expect(reader.locator("main > .notice").first).to_contain_text(
        say("A draft that nobody has reviewed. It may be wrong, and it may change. Please do not pass it on.")
    )
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Alpha")
    assert reader.locator("html").get_attribute("lang") == language
    looked_at(reader, f"preview-{language}")
    assert PreviewLink.objects.get().openings.count() == 1

    # Binh sees that it was opened, and revokes it.
    binh.reload()
    revoke = binh.get_by_role("button", name=say("Revoke this link"))
    shot(binh, f"previews-opened-{language}")
    revoke.focus()
    binh.keyboard.press("Enter")
    expect(revoke).to_have_count(0)
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text(say("No preview here"))
    assert "Alpha" not in reader.content()
    looked_at(reader, f"preview-closed-{language}")
    assert reader.context.cookies() == []


def test_an_editor_starts_again_from_an_old_version(
    language: str,
    say: Say,
    article: Article,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    shot: Callable[[Page, str], None],
    faults: Callable[..., list[str]],
    looked_at: Callable[[Page, str], None],
) -> None:
    corrected(article, language, desk=newsroom, note="Note.", headline="Another headline", body="<p>Another.</p>")
    old = article.versions.get(language=language, number=1)
    an = sign_in("an", language)
    an.goto(live_server.url + reverse("admin:articles_article_change", args=[article.pk]))
    an.get_by_role("link", name=say("History"), exact=True).click()
    looked_at(an, f"history-long-{language}")
    for name in ("changes", "start_again"):
        an.goto(live_server.url + reverse(f"admin:articles_version_{name}", args=[old.pk]))
        assert faults(an) == [], name
        shot(an, f"{name}-{language}")
    an.get_by_role("button", name=say("Start again from this version")).focus()
    an.keyboard.press("Enter")
    an.wait_for_url("**/change/")
    expect(an.locator(f"#id_headline_{language}")).to_have_value(old.headline)
    assert Publication.objects.get(language=language).live.headline == "Another headline"  # type: ignore[union-attr]
