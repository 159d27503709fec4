"""From the first command on a new machine to the desk, by keyboard: password and app, recovery code, passkey."""

import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import factories
from tests.newsroom.test_accounts import LONG, SECRET
from tests.newsroom.test_accounts_factors import code

LookedAt = Callable[..., None]
Open = Callable[[str], Page]


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    """By its name: of a number, no browser makes a passkey."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "localhost"]
    settings.NEWSROOM_SECOND_FACTOR = True
    settings.NEWSROOM_URL = live_server.url.replace("127.0.0.1", "localhost")
    return str(settings.NEWSROOM_URL)


@pytest.fixture
def opened(browser: Any, site: str, watch: Callable[[BrowserContext], None]) -> Iterator[Open]:
    """Browsers of their own, of somebody who reads this language."""
    contexts: list[BrowserContext] = []

    def opened(language: str) -> Page:
        contexts.append(context := browser.new_context(viewport={"width": 1280, "height": 900}, locale=language))
        watch(context)
        page: Page = context.new_page()
        page.goto(f"{site}/admin/articles/article/")
        return page

    yield opened
    for context in contexts:
        context.close()


def enter(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"main input[name={name}]").focus()
        page.keyboard.type(value)
    page.keyboard.press("Enter")


def press(page: Page, path: str) -> None:
    page.locator(path).first.focus()
    page.keyboard.press("Enter")


def follow(page: Page, path: str) -> None:
    with page.expect_navigation():
        press(page, path)


def set_up_app(page: Page, looked_at: LookedAt, name: str) -> tuple[str, list[str]]:
    """The secret in the app, and the recovery codes."""
    follow(page, 'a[href="/accounts/app/"]')
    looked_at(page, f"{name}-app")
    secret = page.locator(".key").inner_text()
    enter(page, code=code(secret))
    page.wait_for_url("**/accounts/codes/")
    looked_at(page, f"{name}-codes")
    return secret, page.locator(".codes code").all_inner_texts()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_first_publisher_comes_to_the_desk_and_back_by_a_recovery_code(
    language: str, site: str, transactional_db: None, opened: Open, looked_at: LookedAt
) -> None:
    call_command("first_publisher", "chi", stdout=(told := StringIO()))
    page = opened(language)
    page.goto(re.findall(rf"^{site}/accounts/\S+$", told.getvalue(), re.MULTILINE)[0])
    looked_at(page, f"{language}-set-password")
    enter(page, password1="short", password2="short")
    expect(page.locator("[aria-invalid]").first).to_be_visible()
    looked_at(page, f"{language}-set-password-refused")
    enter(page, password1=LONG, password2=LONG)
    page.wait_for_url("**/accounts/password/set/")
    follow(page, 'main a[href="/accounts/login/"]')
    looked_at(page, f"{language}-login")
    enter(page, login="chi", password="wrong")
    expect(page.locator("[role=alert]").first).to_be_visible()
    looked_at(page, f"{language}-login-refused")
    enter(page, password=LONG)
    page.wait_for_url("**/accounts/?next=%2Fadmin%2F")
    looked_at(page, f"{language}-wanting")
    _secret, codes = set_up_app(page, looked_at, language)
    assert len(codes) == 10
    with page.expect_download() as download:
        press(page, "a[download]")
    assert codes[9] in download.value.path().read_text()
    follow(page, 'main a[href="/admin/"]')
    page.wait_for_url(f"{site}/admin/")
    page.goto(f"{site}/accounts/")
    looked_at(page, f"{language}-home")
    page.goto(f"{site}/accounts/logout/")
    follow(page, "main button")

    page.goto(f"{site}/admin/articles/article/")
    enter(page, login="chi", password=LONG)
    page.wait_for_url("**/accounts/login/factor/")
    looked_at(page, f"{language}-factor")
    enter(page, code=codes[0])
    page.wait_for_url(f"{site}/admin/articles/article/")

    other = opened(language)
    enter(other, login="chi", password=LONG)
    other.wait_for_url("**/accounts/login/factor/")
    enter(other, code=codes[0])
    expect(other.locator("[role=alert], .errorlist").first).to_be_visible()
    enter(other, code=codes[1])
    other.wait_for_url(f"{site}/admin/articles/article/")
    page.goto(f"{site}/accounts/sessions/")
    looked_at(page, f"{language}-sessions")
    follow(page, "main button[name=others]")
    expect(page.locator("main button")).to_have_count(0)
    other.reload()
    other.wait_for_url("**/accounts/login/**")
    page.goto(f"{site}/admin/")
    page.wait_for_url(f"{site}/admin/")


def authenticator(page: Page, finger: bool = True) -> None:
    """As a phone, with its owner's finger on it or not."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": kind | {"isUserVerified": finger}})


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_passkey_is_enough_by_itself_and_leads_where_one_wanted_to_go(
    language: str, site: str, newsroom: factories.Desk, opened: Open, looked_at: LookedAt
) -> None:
    page = opened(language)
    authenticator(page)
    enter(page, login="binh", password=SECRET)
    page.wait_for_url("**/accounts/?next=**")
    follow(page, 'a[href="/accounts/passkeys/"]')
    looked_at(page, f"{language}-passkey")
    press(page, "main input[name=name]")
    page.wait_for_url("**/accounts/codes/")
    follow(page, 'main a[href="/admin/"]')
    page.wait_for_url(f"{site}/admin/")

    page.context.clear_cookies(name="sessionid")
    page.goto(f"{site}/admin/articles/article/?q=a")
    press(page, "form[data-passkey=get] button")
    page.wait_for_url(f"{site}/admin/articles/article/?q=a")

    page.context.clear_cookies(name="sessionid")  # and as the second after a password
    page.goto(f"{site}/admin/articles/article/")
    enter(page, login="binh", password=SECRET)
    page.wait_for_url("**/accounts/login/factor/")
    looked_at(page, f"{language}-factor-passkey")
    press(page, "form[data-passkey=get] button")
    page.wait_for_url(f"{site}/admin/articles/article/")

    stranger = opened(language)  # on whose device there is none
    authenticator(stranger)
    press(stranger, "form[data-passkey=get] button")
    expect(stranger.locator("form[data-passkey=get] [role=alert]")).to_be_visible()
    looked_at(stranger, f"{language}-passkey-failed")
    assert "/accounts/login/" in stranger.url
    page.goto(f"{site}/accounts/")
    looked_at(page, f"{language}-home-passkey")


def test_without_scripts_the_other_ways_are_there(browser: Any, site: str, newsroom: factories.Desk) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/accounts/login/?next=/accounts/passkeys/")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    enter(page, login="an", password=SECRET)
    page.wait_for_url("**/accounts/passkeys/")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    expect(page.locator(".unable")).to_be_visible()
    context.close()
