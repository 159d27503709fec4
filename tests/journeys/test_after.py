"""After the first publication: a correction, an embargo that fires, a withdrawal; each by hand, as a reader gets it."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Publication, Schedule
from articles.states import Move
from tests import factories
from tests.articles.steps import edit

each_language = pytest.mark.parametrize("language", ["en", "vi"])
SLUG = {"en": "headline-alpha", "vi": "tieu-de-alpha"}


@pytest.fixture
def article(newsroom: factories.Desk) -> Article:
    article = factories.article(newsroom.an)
    factories.cite(article, newsroom.an)
    return article


@pytest.fixture
def open_move(live_server: LiveServer, sign_in: Callable[[str, str], Page]) -> Callable[[str, Publication, Move], Page]:
    """The page of a move, opened by Chi from the article's bar of moves."""

    def open_move(language: str, publication: Publication, move: Move) -> Page:
        chi = sign_in("chi", language)
        chi.goto(live_server.url + reverse("admin:articles_article_change", args=[publication.article_id]))
        target = reverse("admin:articles_publication_move", args=[publication.pk, move.value])
        chi.locator(f'.desk-standings a[href="{target}"]').focus()
        chi.keyboard.press("Enter")
        chi.wait_for_url(f"**{target}")
        return chi

    return open_move


def press(page: Page, move: Move, language: str) -> None:
    with override(language):
        page.get_by_role("button", name=str(move.label), exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def line(text: str, language: str) -> str:
    with override(language):
        return gettext(text)


@each_language
def test_a_published_story_is_corrected_in_sight(
    language: str,
    article: Article,
    newsroom: factories.Desk,
    open_move: Callable[[str, Publication, Move], Page],
    visit: Callable[[str], Page],
    shot: Callable[[Page, str], None],
) -> None:
    factories.published(article, language, desk=newsroom)
    reader = visit(f"/{language}/articles/{SLUG[language]}/")
    first = reader.locator("h1").inner_text()
    edit(article, newsroom.an, **{f"headline_{language}": first + " 2.0"})
    reader.reload()
    expect(reader.locator("h1")).to_have_text(first)
    publication = factories.approved(article, language, desk=newsroom)
    reader.reload()
    expect(reader.locator("h1")).to_have_text(first)

    chi = open_move(language, publication, Move.CORRECT)
    chi.select_option("#id_kind", "correction")
    chi.locator("#id_note").focus()
    chi.keyboard.type("2.0 was missing.")
    shot(chi, f"{language}-correct")
    press(chi, Move.CORRECT, language)

    reader.reload()
    expect(reader.locator("h1")).to_have_text(first + " 2.0")
    expect(reader.locator("main")).to_contain_text("2.0 was missing.")
    shot(reader, f"{language}-corrected")


@each_language
def test_an_embargo_fires_once_and_not_before_its_time(
    language: str,
    article: Article,
    newsroom: factories.Desk,
    open_move: Callable[[str, Publication, Move], Page],
    visit: Callable[[str], Page],
    shot: Callable[[Page, str], None],
) -> None:
    publication = factories.approved(article, language, desk=newsroom)
    chi = open_move(language, publication, Move.SCHEDULE)
    tomorrow = localtime() + timedelta(days=1)
    chi.fill("#id_due", f"{tomorrow:%Y-%m-%dT%H:%M}")
    shot(chi, f"{language}-schedule")
    press(chi, Move.SCHEDULE, language)
    scheduled = Schedule.objects.get()
    assert localtime(scheduled.due) == tomorrow.replace(second=0, microsecond=0)

    # A later draft is written meanwhile; it does not go with it.
    edit(article, newsroom.an, **{f"headline_{language}": "Later"})
    address = f"/{language}/articles/{SLUG[language]}/"
    call_command("tick", stdout=StringIO())
    expect(visit(address).locator("h1")).to_have_text(line("Page not found", language))

    # The hour comes.
    past = timezone.now() - timedelta(seconds=1)
    Schedule.objects.update(due=past, next_try=past)
    for _twice in range(2):
        call_command("tick", stdout=StringIO())
    expect(visit(address).locator("h1")).to_have_text({"en": "Headline Alpha", "vi": "Tiêu đề Alpha"}[language])
    version = article.versions.get(language=language)
    assert list(version.statuses.order_by("pk").values_list("status", flat=True)) == [
        "submitted", "approved", "scheduled", "published",
    ]  # fmt: skip


@each_language
def test_a_withdrawn_story_is_gone_and_says_why(
    language: str,
    article: Article,
    newsroom: factories.Desk,
    open_move: Callable[[str, Publication, Move], Page],
    visit: Callable[[str], Page],
    shot: Callable[[Page, str], None],
) -> None:
    publication = factories.published(article, language, desk=newsroom)
    reader = visit(f"/{language}/articles/{SLUG[language]}/")
    headline = reader.locator("h1").inner_text()
    chi = open_move(language, publication, Move.WITHDRAW)
    chi.locator("#id_note").focus()
    chi.keyboard.type("It was not so.")
    shot(chi, f"{language}-withdraw")
    press(chi, Move.WITHDRAW, language)

    answer = reader.reload()
    assert answer is not None
    assert answer.status == 410
    expect(reader.locator("main")).to_contain_text("It was not so.")
    assert headline not in reader.content()
    shot(reader, f"{language}-withdrawn")
    home = visit(f"/{language}/")
    assert headline not in home.content()
