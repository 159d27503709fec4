"""The number moves while An cites, before anything is saved; what she read beside the form is what a reader reads."""

from collections.abc import Callable

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Citation, Publication
from sources.models import Kind
from tests import factories
from tests.journeys.test_stale import THEME, save

ROWS = (
    "[...document.querySelectorAll('.workings :is(tbody, tfoot) tr')].map((row) => row.innerText.replace(/\\s+/g, ' '))"
)


@pytest.fixture
def article(newsroom: factories.Desk) -> Article:
    """About a post: its author, a paper that has it from him, and somebody independent are in the register."""
    factories.source("honam", kind=Kind.PERSON)
    factories.source("paper", tier=2)
    factories.source("body")
    return factories.article(newsroom.an)


def add(page: Page, number: int, url: str) -> None:
    """One more citation, by keyboard."""
    page.locator("#citations-group .add-row a, #citations-group a.add-row").first.focus()
    page.keyboard.press("Enter")
    page.locator(f"#id_citations-{number}-url").focus()
    page.keyboard.type(url)


def has_it_from(page: Page, number: int, name: str) -> None:
    page.locator(f"#id_citations-{number}-origin + .select2 .select2-selection").focus()
    page.keyboard.press("Enter")
    page.locator(".select2-search__field").last.fill(name)
    page.locator(".select2-results__option--highlighted", has_text=name).wait_for()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_an_editor_watches_the_number_move_and_a_reader_reads_the_same_rows(
    language: str,
    article: Article,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    visit: Callable[[str], Page],
    shot: Callable[[Page, str], None],
    faults: Callable[..., list[str]],
) -> None:
    def say(text: str, **values: object) -> str:
        with override(language):
            return gettext(text) % values if values else gettext(text)

    def look(scheme: str) -> None:
        assert faults(an, THEME) == [], scheme
        for width in (360, 1280):
            an.set_viewport_size({"width": width, "height": 900})
            assert an.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
            shot(an, f"live-{language}-{width}-{scheme}")

    an = sign_in("an", language)
    an.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/", wait_until="networkidle")
    panel = an.locator("#workings")
    number, said = panel.locator(".desk-number strong"), panel.locator("[role=status]")
    expect(number).to_have_text(say("Unsourced"))

    # The post, then the paper that repeats it.
    add(an, 0, "https://honam.org/post")
    expect(said).to_have_text(say("Confidence %(now)d%%", now=58))
    add(an, 1, "https://paper.org/story")
    expect(said).to_have_text(say("Confidence %(was)d → %(now)d%%", was=58, now=66))
    an.locator("#id_citations-1-first_hand").focus()
    an.keyboard.press("Space")
    expect(said).to_have_text(say("Confidence %(was)d → %(now)d%%", was=66, now=63))
    has_it_from(an, 1, "Honam")
    expect(panel.locator(".uncounted")).to_contain_text(
        "[2] " + say("repeats the same origin: adds nothing to source %(number)d", number=1)
    )
    expect(said).to_have_text(say("Confidence %(was)d → %(now)d%%", was=63, now=58))
    one_origin = say("One origin behind several outlets: %(which)s.", which="[1], [2]")
    expect(panel.locator(".desk-cautions li", has_text=one_origin)).to_have_count(1)

    # Somebody independent.
    add(an, 2, "https://nobody-knows.org/report")
    expect(panel.locator(".desk-waiting li")).to_contain_text("nobody-knows.org")
    an.fill("#id_citations-2-url", "https://body.org/report")
    expect(said).to_have_text(say("Confidence %(was)d → %(now)d%%", was=58, now=70))
    expect(number).to_have_text("70%")
    expect(panel.locator(".desk-waiting")).to_have_count(0)
    assert Citation.objects.count() == 0
    look("light")

    # No answer: the saved one comes back and says so; with the next change it is asked again.
    an.context.set_offline(True)
    an.fill("#id_citations-2-quote", "So it was.")
    expect(number).to_have_text(say("Unsourced"))
    expect(said).to_have_text(
        say("The workings of what you type could not be computed just now. These are as last saved.")
    )
    an.context.set_offline(False)
    an.fill("#id_citations-2-quote", "So it is.")
    expect(number).to_have_text("70%")
    before = an.evaluate(ROWS)
    assert len(before) == 5

    # Saved, submitted, approved, published: the same rows.
    save(an)
    an.emulate_media(color_scheme="dark")
    an.reload(wait_until="networkidle")
    expect(number).to_have_text("70%")  # the rows come after the page
    assert an.evaluate(ROWS) == before
    look("dark")
    an.locator(f"button[name=_submit][value={language}]").focus()
    with an.expect_navigation(wait_until="networkidle"):
        an.keyboard.press("Enter")
    binh = sign_in("binh", language)
    publication = Publication.objects.get(article=article, language=language)
    binh.goto(f"{live_server.url}/admin/articles/publication/{publication.pk}/review/", wait_until="networkidle")
    assert binh.evaluate(ROWS) == before
    expect(binh.locator(".desk-cautions li", has_text=one_origin)).to_have_count(1)
    binh.locator("button[name=approve]").focus()
    binh.keyboard.press("Enter")
    binh.wait_for_url("**/admin/")
    chi = sign_in("chi", language)
    chi.goto(f"{live_server.url}/admin/articles/publication/{publication.pk}/publish/do/")
    chi.locator("form.desk-decision .desk-primary").focus()
    chi.keyboard.press("Enter")
    chi.wait_for_url("**/admin/")

    publication.refresh_from_db()
    assert publication.live is not None
    reader = visit(f"/{language}/articles/{publication.live.slug}/")
    reader.locator(".why summary").focus()
    reader.keyboard.press("Enter")
    expect(reader.locator("#why")).to_be_visible()
    assert reader.evaluate(ROWS) == before
