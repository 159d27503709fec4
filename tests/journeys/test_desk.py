"""A morning at the desk, by keyboard: a review is taken, two articles are published at once, the writer reads of it."""

from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect
from pytest_django import Settings

from articles.models import Notification, Publication
from tests import factories


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_morning_at_the_desk(
    language: str,
    newsroom: factories.Desk,
    sign_in: Callable[[str, str], Page],
    shot: Callable[[Page, str], None],
    faults: Callable[..., list[str]],
    settings: Settings,
) -> None:
    settings.ZEAL_ALLOWLIST = [{"model": "articles.Version", "field": "statuses"}]  # each move asks for itself

    def say(text: str) -> str:
        with override(language):
            return gettext(text)

    waiting = factories.in_review(factories.article(newsroom.an, "Waiting"), desk=newsroom)
    ready = [factories.approved(factories.article(newsroom.an, name), desk=newsroom) for name in ("One", "Two")]

    binh = sign_in("binh", language)
    take = binh.get_by_role("button", name=say("Take it"))
    expect(take).to_have_accessible_description("Headline Waiting")
    take.focus()
    binh.keyboard.press("Enter")
    expect(binh.get_by_text(say("you review it"))).to_be_visible()
    waiting.refresh_from_db()
    assert waiting.reviewer == newsroom.binh

    chi = sign_in("chi", language)
    for name in ("One", "Two"):
        chi.get_by_role("checkbox", name=f"Headline {name}").focus()
        chi.keyboard.press("Space")
    chi.get_by_role("button", name=say("Publish what is ticked")).focus()
    chi.keyboard.press("Enter")
    expect(chi.get_by_role("heading", name=say("Done"))).to_contain_text("2")
    assert faults(chi) == []
    shot(chi, f"published-{language}")
    assert set(Publication.objects.live("en")) == set(ready)

    an = sign_in("an", language)
    link = an.get_by_role("link", name=say("My notifications")).and_(an.locator(".desk-button"))
    expect(link).to_contain_text("4")  # two approvals, two publications
    link.focus()
    an.keyboard.press("Enter")
    an.get_by_role("button", name=say("Mark all as read")).focus()
    an.keyboard.press("Enter")
    expect(an.get_by_role("button", name=say("Mark all as read"))).to_have_count(0)
    assert Notification.objects.unread(newsroom.an.pk).count() == 0
