"""Every page that readers see, as one may meet it: by keyboard, small, enlarged, dark, on paper, without script.

A further page is one line of PAGES. Each is loaded once with script and once without; whatever else is asked of it is
asked of the open page. All that is wrong with all pages is told at once.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Response
from pytest_django.live_server_helper import LiveServer

from articles import previewing, workflow
from articles.models import Article
from sources.models import Source
from tests import factories
from tests.articles.afterwards import assessed_again, corrected, withdrawn
from tests.audit import budgets, tools

PROBES = Path(__file__).with_name("probes.js")
PAGES = {
    "home": "/{language}/",
    "home-older": "/{language}/?before=1",
    "article": "/{language}/articles/{title}-alpha/",
    "outdated": "/{language}/articles/{title}-{behind}/",
    "opinion": "/{language}/articles/{title}-opinion/",
    "unsourced": "/{language}/articles/{title}-bare/",
    "foreign": "/{language}/articles/{other_title}-foreign/",
    "withdrawn": "/{language}/articles/{title}-gone/",
    "page": "/{language}/about/{title}-ownership/",
    "about": "/{language}/about/",
    "history": "/{language}/articles/{title}-alpha/history/",
    "history-withdrawn": "/{language}/articles/{title}-gone/history/",
    "version": "/{language}/articles/{title}-alpha/history/3/",
    "version-withdrawn": "/{language}/articles/{title}-gone/history/1/",
    "search": "/{language}/search/",
    "search-found": "/{language}/search/?q=alpha&tier=1",
    "search-none": "/{language}/search/?q=alpha+nothing",
    "category": "/{language}/categories/{category}/",
    "author": "/{language}/authors/mai-lan/",
    "archive": "/{language}/archive/{month}/",
    "archive-none": "/{language}/archive/2020/02/",
    "corrections": "/{language}/corrections/",
    "sources": "/{language}/sources/",
    "sources-found": "/{language}/sources/?q=example",
    "sources-none": "/{language}/sources/?q=nothing",
    "source": "/{language}/sources/example/",
    "confidence": "/{language}/confidence/",
    "ledger": "/{language}/ledger/",
    "ledger-none": "/{language}/ledger/?fingerprint=00",
    "preview": "{preview}",
    "preview-closed": "/{language}/preview/made-up/",
    "not-found": "/{language}/nothing/",
    "failed": "/{language}/fails/",
}
STATUS = {  # all others answer 200
    "withdrawn": 410, "history-withdrawn": 410, "version-withdrawn": 410,
    "preview-closed": 404, "not-found": 404, "failed": 500,
}  # fmt: skip
ARTICLES = ("article", "outdated", "opinion", "unsourced", "foreign")
WORDS = {
    "en": {"title": "headline", "other_title": "tieu-de", "category": "technology", "behind": "vi-first"},
    "vi": {"title": "tieu-de", "other_title": "headline", "category": "cong-nghe", "behind": "en-first"},
}
OTHER = {"en": "vi", "vi": "en"}

LONG = {
    "en": "A headline as long as editors write when nobody stops them, on counterrevolutionaries’ responsibilities",
    "vi": "Một tiêu đề dài như khi không ai ngăn ban biên tập lại, về trách nhiệm nghiêng ngả của Nguyễn Thị Phượng",
}
BODY = (
    '<p>Opening of {marker}, as <a href="https://council.example.org/minutes/2026">the council</a> says.'
    '<sup data-cite="1"></sup><sup data-cite="2"></sup></p><h2>First part</h2><p>{filler}</p>'
    "<blockquote><p>Words of somebody else.</p></blockquote><h3>Detail</h3><ul><li>One</li><li>Two</li></ul>"
    "<h2>Second part</h2><p>{filler}</p><ol><li>First</li><li>Second</li></ol><h2>Third part</h2>"
    "<p>The end of {marker}.</p>"
)
FILLER = {
    "en": "The bridge over the river opened on Monday, and the first cars crossed it, says the council. " * 4,
    "vi": "Cây cầu bắc qua sông được thông xe hôm thứ Hai, và những chiếc xe đầu tiên đã qua cầu. " * 4,
}


@dataclass
class Looked:
    """What one page was, and everything that is wrong with it."""

    name: str
    status: int = 0
    body: bytes = b""
    text: str = ""
    wrong: list[str] = field(default_factory=list)

    def must(self, what: str, found: Any, expected: Any = None) -> None:
        if found != (expected if expected is not None else []):
            self.wrong.append(f"{what}: {found}")


@pytest.fixture
def pages(newsroom: factories.Desk, settings: Any, language: str) -> dict[str, str]:
    """A desk with something of every kind; the address of each page."""
    settings.ROOT_URLCONF = "tests.journeys.urls"
    an = newsroom.an
    example = factories.source(description_en="Who it is.", description_vi="Đó là ai.", by=newsroom.chi)
    Source.objects.filter(pk=example.pk).update(owner=factories.source("holding", tier=None))

    def article(marker: str, *languages: str, sourced: bool = True, **fields: Any) -> Article:
        body = BODY if sourced else re.sub(r"<sup.*?</sup>", "", BODY)
        bodies = {f"body_{code}": body.format(marker=marker, filler=FILLER[code]) for code in OTHER}
        row = factories.article(an, marker, **bodies | fields)
        if sourced:
            factories.cite(row, an, quote="What it says.", locator="page 3", archive_url="https://archive.org/1")
            paper = factories.source("paper", tier=3)
            factories.cite(row, an, paper, first_hand=False, origin=example, title="Tài liệu", title_language="vi")
            factories.cite(row, an, factories.source("rival", tier=2), stance="contradicts")
        for code in languages:
            factories.published(row, code, desk=newsroom)
        return row

    alpha = article(
        "Alpha", *OTHER, slug_en="headline-alpha", slug_vi="tieu-de-alpha", **{f"headline_{c}": LONG[c] for c in LONG}
    )
    for number in range(1, 6):
        for code in OTHER:
            corrected(alpha, code, desk=newsroom, note=f"It was 21, not 12 ({number}).")
    for row in alpha.publications.all():
        workflow.verify(row, by=newsroom.dung, version=row.live.number, number=1, checked="Read it.")
        assessed_again(alpha, row.language, desk=newsroom, note="The first source was verified.")
    for first in OTHER:
        corrected(article(f"{first} first", *OTHER), first, desk=newsroom, note="Not so.")
    article("Opinion", *OTHER, kind="opinion")
    article("Bare", *OTHER, sourced=False)
    article("Foreign", OTHER[language])
    article("Ownership", *OTHER, sourced=False, kind="page")
    gone = article("Gone", *OTHER)
    for code in OTHER:
        withdrawn(gone, code, desk=newsroom)
    draft = factories.in_review(article("Draft"), language, desk=newsroom)
    assert draft.in_review
    words = WORDS[language] | {
        "language": language,
        "month": f"{timezone.localtime():%Y/%m}",
        "preview": previewing.url(previewing.make(draft.in_review, by=newsroom.binh, days=1)),
    }
    return {name: address.format(**words) for name, address in PAGES.items()}


@pytest.fixture(params=["en", "vi"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def with_script(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(path=PROBES)
    yield context
    context.close()


@pytest.fixture
def without_script(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    yield context
    context.close()


def axe(page: Page, only: dict[str, Any]) -> list[str]:
    """axe's faults, as "rule: selector"; the tool itself is in the page already."""
    options = {"runOnly": only, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{row['id']}: {' '.join(map(str, node['target']))}" for row in found["violations"] for node in row["nodes"]
    ]


def loaded(page: Page, address: str, site: str, seen: Looked, bodies: dict[str, bytes]) -> None:
    """Open it: its answer, what it asked for besides, what it set, what the browser complained of."""
    answers: list[Response] = []
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: answers.append(answer))
    page.on("console", lambda message: said.append(f"{message.type} {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    response = page.goto(site + address, wait_until="load")
    assert response
    seen.status, seen.body = response.status, response.body()
    seen.must("status", seen.status, STATUS.get(seen.name, 200))
    seen.must("console", [line for line in said if seen.status == 200 or "Failed to load resource" not in line])
    seen.must("third parties", [url for url in asked if not url.startswith(site)])
    seen.must("cookies", [answer.url for answer in answers if "set-cookie" in answer.all_headers()])
    for answer in answers:
        if answer is not response and answer.url not in bodies:
            bodies[answer.url] = answer.body()
    rest = [(answer.request.resource_type, bodies[answer.url]) for answer in answers if answer is not response]
    seen.must("weight", budgets.overweight([("document", seen.body), *rest]))


def by_keyboard(page: Page, seen: Looked) -> None:
    """From the top with Tab alone, folds opened on the way; then over the skip link into the text."""
    stops = page.evaluate("probe.stops()")
    at = 0
    while at < len(stops):
        page.keyboard.press("Tab")
        if stops[at][1] == "SUMMARY":
            page.keyboard.press("Enter")
            seen.must("fold", page.evaluate("probe.fold()"), True)
            stops = page.evaluate("probe.stops()")
        at += 1
    seen.must("first stop", page.evaluate("probe.walked[0].name.startsWith('a.skip-link')"), True)
    seen.must("stops", page.evaluate("probe.walked.map(stop => stop.name)"), [name for name, _tag in stops])
    seen.must("out of order", page.evaluate("probe.backwards()"))
    seen.must("no focus ring", page.evaluate("probe.ringless()"))
    page.locator(".skip-link").focus()
    page.keyboard.press("Enter")
    seen.must("skip link", page.evaluate("document.activeElement.id"), "main")
    page.keyboard.press("Tab")
    inside = "document.activeElement.closest('main') !== null || !document.querySelector('main :is(a, input, summary)')"
    seen.must("after the skip link", page.evaluate(inside), True)
    page.evaluate("document.activeElement.blur()")


def in_every_size(page: Page, seen: Looked, keep: Callable[[str], None]) -> None:
    """Reflow at 320 px; text at 200 %, on a wide window and on one that is enlarged besides."""
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        seen.must(f"beyond the edge at {width}", page.evaluate("probe.wide()"))
        seen.must(f"overlapping at {width}", page.evaluate("probe.overlapping()"))
        if width != 320:
            keep(f"{width}-light")
    before = page.evaluate("probe.sizes()")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    grown = list(zip(before, page.evaluate("probe.sizes()"), strict=True))
    # A headline is large already and grows with the window too: it may grow less.
    stuck = [name for (name, small), (_, large) in grown if large < small * (1.9 if small < 28 else 1.4)]
    seen.must("text that stays small", stuck)
    for width in (1280, 640, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for what in ("wide", "cut", "overlapping"):
            seen.must(f"{what} with text at 200 % in {width} px", page.evaluate(f"probe.{what}()"))
    keep("360-200")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 1280, "height": 900})


def in_every_medium(page: Page, seen: Looked, keep: Callable[[str], None]) -> None:
    page.emulate_media(color_scheme="dark")
    seen.must("axe, dark", axe(page, {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}))
    keep("1280-dark")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    seen.must("moving", page.evaluate("probe.moving()"))
    page.evaluate("probe.noteBoxes(); probe.walked.length = 0")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, forced_colors="active", reduced_motion="no-preference")
        seen.must(f"without an edge in forced colours, {scheme}", page.evaluate("probe.edgeless()"))
        seen.must(f"faint in forced colours, {scheme}", page.evaluate("probe.faint()"))
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        seen.must(f"no focus ring in forced colours, {scheme}", page.evaluate("probe.ringless()"))
        keep(f"forced-{scheme}")
    page.evaluate(
        "document.activeElement.blur(); document.querySelectorAll('details').forEach(fold => fold.open = false)"
    )
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 less its margins
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, forced_colors="none", media="print")
        seen.must(f"on paper, {scheme}", page.evaluate("probe.offPaper()"))
        seen.must(f"beyond the sheet, {scheme}", page.evaluate("probe.wide()"))
    keep("print")


def read_without_script(page: Page, address: str, seen: Looked) -> None:
    page.goto(address)
    seen.must("without script", page.inner_text("body") == seen.text, True)
    for fold in page.locator("summary").all():
        if fold.is_visible():
            fold.focus()
            page.keyboard.press("Enter")
            seen.must("fold without script", fold.evaluate("fold => fold.parentElement.open"), True)


def test_nothing_is_wrong_with_any_page(
    language: str,
    pages: dict[str, str],
    live_server: LiveServer,
    with_script: BrowserContext,
    without_script: BrowserContext,
    shot: Callable[[Page, str], None],
) -> None:
    wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
    bodies: dict[str, bytes] = {}
    looked = []
    bare = without_script.new_page()
    for name, address in pages.items():
        seen = Looked(name)
        looked.append(seen)
        page = with_script.new_page()
        loaded(page, address, live_server.url, seen, bodies)
        seen.text = page.inner_text("body")
        by_keyboard(page, seen)
        page.evaluate(Axe().axe_script)
        seen.must("axe", axe(page, {"type": "tag", "values": wcag}))
        in_every_size(page, seen, lambda how, page=page, name=name: shot(page, f"{name}-{language}-{how}"))  # type: ignore[misc]
        seen.must("axe on a phone", axe(page, {"type": "rule", "values": ["target-size"]}))
        in_every_medium(page, seen, lambda how, page=page, name=name: shot(page, f"{name}-{language}-{how}"))  # type: ignore[misc]
        page.close()
        read_without_script(bare, live_server.url + address, seen)
    wrong = [f"{seen.name}: {what}" for seen in looked for what in seen.wrong]
    assert not wrong, "\n".join(wrong)
    assert with_script.cookies() == without_script.cookies() == []


@pytest.fixture
def tools_of_others() -> None:
    lacking = tools.missing()
    if lacking and not os.environ.get("NEWSROOM_NEEDS_BROWSER"):
        pytest.skip(f"not on this machine: {'; '.join(lacking)}")
    assert not lacking


def test_the_html_is_sound(language: str, tools_of_others: None, pages: dict[str, str]) -> None:
    reader = Client(raise_request_exception=False)
    bodies = {name: reader.get(address).content for name, address in pages.items()}
    assert tools.nu(bodies) == {}


def test_a_reader_mode_finds_the_article(
    language: str,
    tools_of_others: None,
    pages: dict[str, str],
    live_server: LiveServer,
    with_script: BrowserContext,
) -> None:
    """Mozilla's Readability, as in Firefox: headline, byline, date, and the body with nothing of the frame about it."""
    page = with_script.new_page()
    for name in ARTICLES:
        page.goto(live_server.url + pages[name])
        shown = {
            "title": page.inner_text("h1"),
            "byline": ", ".join(page.locator(".byline [rel=author]").all_inner_texts()),
            "publishedTime": page.locator(".byline time").first.get_attribute("datetime"),
            "lang": page.locator("html").get_attribute("lang"),
            "excerpt": page.inner_text(".summary"),
        }
        words = page.locator(".words > *").all_text_contents()
        frame = page.locator(".skip-link, .site-footer p").all_inner_texts()
        page.evaluate(tools.READABILITY.read_text("utf-8"))
        found = page.evaluate("new Readability(document.cloneNode(true)).parse()")
        assert {key: found[key] for key in shown} == shown
        text = " ".join(found["textContent"].split())
        assert [said for said in words if " ".join(said.split()) not in text] == []
        assert [said for said in frame if said in text] == []
