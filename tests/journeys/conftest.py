"""A real browser on a real server. Where Chromium is not, that is said aloud; in CI it is a failure."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import factories
from tests.conftest import CHROMIUM

if os.environ.get("NEWSROOM_ON_CLUSTER"):
    from tests.cluster.served import _nothing_of_another_test_at_the_edge, live_server  # noqa: F401

expect.set_options(timeout=20_000)  # a machine that is busy with other tests as well is slow, not wrong
SHOTS = Path(settings.BASE_DIR) / "var" / "journeys"
WIDE = """[...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1 && e.checkVisibility())
    .map(e => e.tagName + '.' + e.className)"""
SHOOTING = os.environ.get("NEWSROOM_SHOTS")
LOOKS: dict[str, list[tuple[int, Any]]] = {
    "en": [(1280, "light"), (360, "dark")],
    "vi": [(360, "light"), (1280, "dark")],
}
EVERY_LOOK = [*LOOKS["en"], *LOOKS["vi"]]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not CHROMIUM and not os.environ.get("NEWSROOM_NEEDS_BROWSER"):
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: the journeys were NOT run"))


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test has its own server. The plugin's fixture of this name is a method, which pytest 10 will refuse."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread of the tests
    return {
        "executable_path": CHROMIUM or "chromium",
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"],
    }


@pytest.fixture
def newsroom(live_server: LiveServer, transactional_db: None) -> factories.Desk:
    """The people of a desk that is served."""
    return factories.desk()


@pytest.fixture
def watch() -> Iterator[Callable[[BrowserContext], None]]:
    """Note the errors of scripts in a browser, and fail at the end: what a handler raises would end the driver, and all
    browsers with it.
    """
    errors: list[str] = []

    def watch(context: BrowserContext) -> None:
        context.on("weberror", lambda error: errors.append(f"{error.page.url if error.page else ''} {error.error}"))

    yield watch
    assert errors == []


@pytest.fixture
def visit(live_server: LiveServer, context: BrowserContext, watch: Callable[..., None]) -> Callable[[str], Page]:
    """Open an address in a new page, in which no script may fail."""
    watch(context)

    def visit(address: str) -> Page:
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    return visit


@pytest.fixture
def sign_in(
    live_server: LiveServer, browser: Any, watch: Callable[[BrowserContext], None]
) -> Iterator[Callable[[str, str], Page]]:
    """A page of a person's own, signed in, with the admin in `language`; no script in it may fail."""
    contexts: list[BrowserContext] = []

    def sign_in(username: str, language: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=language)
        contexts.append(context)
        watch(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/login/?next=/admin/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", "secret")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live_server.url}/admin/", wait_until="networkidle")  # the login's own address ends so too
        return page

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keep a picture of the page, for people to look at: with NEWSROOM_SHOTS, as `make browser` sets it."""

    def shot(page: Page, name: str) -> None:
        if not SHOOTING:
            return
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    return shot


@pytest.fixture
def faults() -> Callable[..., list[str]]:
    """axe's WCAG 2.2 A and AA faults of a page, as "rule: selector"; `outside` leaves selectors out."""

    def faults(page: Page, *outside: str) -> list[str]:
        context = {"exclude": [[selector] for selector in outside]} if outside else None
        found = Axe().run(page, context=context, options={"runOnly": {"type": "tag", "values": WCAG}})
        return [
            f"{violation['id']}: {' '.join(map(str, node['target']))}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]

    return faults


@pytest.fixture
def looked_at(
    faults: Callable[..., list[str]], shot: Callable[[Page, str], None]
) -> Callable[[Page, str, Iterable[str]], None]:
    """In both widths and both schemes, all folds open: no fault, nothing beyond the edge, a picture.

    Each language takes half of them, so that each pair is looked at; all where pictures are kept.
    """

    def looked_at(page: Page, name: str, outside: Iterable[str] = ()) -> None:
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        for width, scheme in EVERY_LOOK if SHOOTING else LOOKS[page.evaluate("document.documentElement.lang")]:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert faults(page, *outside) == [], (name, width, scheme)
            shot(page, f"{name}-{width}-{scheme}")
            assert page.evaluate(WIDE) == [], (name, width)

    return looked_at
