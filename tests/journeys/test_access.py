"""axe finds no WCAG 2.2 A or AA fault on the desk's pages; what is the admin theme's own is named, with the reason.

The readers' pages have a file of their own: test_reader_pages.py.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from articles import remarks, workflow
from articles.models import Article, Publication, Schedule
from sources.models import Source, SourceAssessment
from tests import factories
from tests.articles.steps import edit, now

# Not ours: selector → why it is left out.
THEME = {
    ".select2-container": "select2, which Django's admin brings for choosing among many rows: its boxes have no name",
}


@pytest.fixture
def article(newsroom: factories.Desk) -> Article:
    """Live in English with a second draft; in review in Vietnamese; with every kind of row of the workings."""
    article = factories.article(newsroom.an)
    factories.cite(article, newsroom.an, quote="What it says.", locator="page 3")
    factories.cite(article, newsroom.an, factories.source("paper", tier=3), first_hand=False, origin=factories.source())
    factories.cite(article, newsroom.an, factories.source("rival", tier=2), stance="contradicts")
    article.body_en = '<p>Opening.<sup data-cite="1"></sup></p><h2>Part</h2><ul><li>One</li></ul>'
    article.save(by=newsroom.an)
    factories.published(article, "en", desk=newsroom)
    factories.in_review(article, "vi", desk=newsroom)
    factories.published(factories.article(newsroom.an, "Ownership", kind="page"), desk=newsroom)
    return article


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_desks_own_screens_have_no_fault(
    language: str,
    article: Article,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    looked_at: Callable[..., None],
) -> None:
    publication = Publication.objects.get(article=article, language="vi")
    screens = {
        "desk": ("binh", reverse("admin:index")),
        "review": ("binh", reverse("admin:articles_publication_review", args=[publication.pk])),
        "form": ("an", reverse("admin:articles_article_change", args=[article.pk])),
        "recall": ("an", reverse("admin:articles_publication_move", args=[publication.pk, "recall"])),
    }
    pages = {who: sign_in(who, language) for who in ("an", "binh")}
    for name, (who, address) in screens.items():
        pages[who].goto(live_server.url + address)
        looked_at(pages[who], f"{name}-{language}", [*THEME, "iframe"])


@pytest.fixture
def reviewed(article: Article, newsroom: factories.Desk) -> Article:
    """English is in review again, changed, with notes open and resolved; so is Vietnamese; a check waits to count."""
    live = Publication.objects.get(article=article, language="en")
    workflow.verify(live, by=newsroom.binh, version=1, number=1, checked="Read it.")
    article.headline_en = "Headline Alpha, changed"
    article.body_en = (
        '<p>Opening, as <a href="https://example.org">the council</a> says.<sup data-cite="1"></sup></p>'
        "<h2>Part</h2><ul><li>One</li><li>Two</li><li>Three</li><li>Four</li><li>Five</li><li>Six</li></ul>"
    )
    article.save(by=newsroom.an)
    factories.cite(article, newsroom.an, factories.source("fourth"), archive_url="https://archive.org/4")
    publication = factories.in_review(article, "en", desk=newsroom)
    for paragraph, resolves in ((1, False), (2, True), (0, False)):
        about = {"version": 2, "paragraph": paragraph, "text": "Who says so?"}
        remark = remarks.write(publication, by=newsroom.binh, **about)
        remarks.answer(remark, by=newsroom.an, text="The minutes do.")
        if resolves:
            remarks.answer(remark, by=newsroom.binh, text="", resolves=True)
    return article


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_screens_of_a_review_have_no_fault(
    language: str,
    reviewed: Article,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    looked_at: Callable[..., None],
) -> None:
    publication = Publication.objects.get(article=reviewed, language="en")
    both = factories.user("both", "Reviewers", "Publishers")
    remark = publication.remarks.earliest("pk")
    page = sign_in(both.username, language)
    for name, address in {
        "review": reverse("admin:articles_publication_review", args=[publication.pk]),
        "review-whole": reverse("admin:articles_publication_review", args=[publication.pk]) + "?since=all",
        "remark": reverse("admin:articles_publication_remark", args=[publication.pk, remark.pk]),
        "reassess": reverse("admin:articles_publication_reassess", args=[publication.pk]),
        "notes-of-author": reverse("admin:articles_article_change", args=[reviewed.pk]),
    }.items():
        page.goto(live_server.url + address)
        looked_at(page, f"{name}-{language}", [*THEME, "iframe"])


def test_the_frame_of_the_review_screen_has_no_fault(
    article: Article,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    faults: Callable[..., list[str]],
) -> None:
    version = Publication.objects.get(article=article, language="vi").in_review
    assert version is not None
    page = sign_in("binh", "vi")
    page.goto(live_server.url + reverse("admin:articles_version_reading", args=[version.pk]))
    assert faults(page) == []


@pytest.fixture
def busy(article: Article, newsroom: factories.Desk) -> Publication:
    """A desk on which every list has a row, and every kind of row is there; returns what Chi may assign."""
    later = timezone.now() + timedelta(days=1)
    waiting = Publication.objects.get(article=article, language="vi")
    workflow.assign(waiting, by=newsroom.chi, reviewer=newsroom.binh, due=timezone.localdate() - timedelta(days=2))
    factories.in_review(factories.article(newsroom.an, "Unassigned"), desk=newsroom)
    for name in ("Ready", "Ready too"):
        factories.approved(factories.article(newsroom.an, name), desk=newsroom)
    for name, state in (("Planned", "waiting"), ("Failed", "failed")):
        row = factories.approved(factories.article(newsroom.an, name), desk=newsroom)
        workflow.schedule(row, by=newsroom.chi, version=1, due=later)
        Schedule.objects.filter(publication=row).update(state=state, attempts=3, last_error="Only Publishers may.")
    both = factories.article(newsroom.an, "Both")
    rows = [factories.published(both, code, desk=newsroom) for code in ("vi", "en")]
    edit(both, newsroom.an, headline_en="A far longer headline, corrected, so that it runs over more than one line")
    factories.approved(both, desk=newsroom)
    workflow.correct(now(rows[1]), by=newsroom.chi, version=2, kind="correction", note="It was seven, not eleven.")
    edit(both, newsroom.an, headline_en="Headline Ready", summary_en="Newer in draft.")
    factories.approved(both, desk=newsroom)
    sent_back = factories.in_review(factories.article(newsroom.an, "Back"), desk=newsroom)
    workflow.request_changes(sent_back, by=newsroom.binh, version=1, note="The second source says something else.")
    gone = factories.article(newsroom.an, "Gone")
    factories.cite(gone, newsroom.an, factories.source("old", tier=2), url="https://old.org/gone")
    factories.published(gone, desk=newsroom)
    factories.dead("https://old.org/gone")
    SourceAssessment(source=factories.source("old"), tier=4, assessor=newsroom.chi, review_by=date(2030, 1, 1)).save()
    workflow.unsettle()
    return waiting


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_desk_with_every_list_filled_has_no_fault(
    language: str,
    busy: Publication,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    looked_at: Callable[..., None],
) -> None:
    source, into = Source.objects.get(slug="old"), Source.objects.get(slug="example")
    judged = Publication.objects.get(live__headline__startswith="A far longer headline")
    screens = {
        "busy-chi": ("chi", reverse("admin:index")),
        "busy-binh": ("binh", reverse("admin:index")),
        "busy-an": ("an", reverse("admin:index")),
        "queue": ("binh", reverse("admin:articles_publication_list", args=["waiting"]) + "?who=mine"),
        "dead": ("an", reverse("admin:articles_publication_list", args=["dead"])),
        "unsettled": ("binh", reverse("admin:articles_publication_list", args=["unsettled"])),
        "to-judge": ("binh", reverse("admin:articles_publication_list", args=["to_judge"])),
        "judge": ("binh", reverse("admin:articles_publication_judge", args=[judged.pk, 1])),
        "register": ("chi", reverse("admin:sources_source_changelist")),
        "source": ("chi", reverse("admin:sources_source_change", args=[source.pk])),
        "merge": ("chi", reverse("admin:sources_source_merge", args=[source.pk])),
        "merge-into": ("chi", reverse("admin:sources_source_merge", args=[source.pk]) + f"?into={into.pk}"),
        "assign": ("chi", reverse("admin:articles_publication_assign", args=[busy.pk])),
        "hand-over": ("chi", reverse("admin:articles_publication_hand_over")),
        "inbox": ("an", reverse("admin:articles_notification_changelist")),
    }
    pages = {who: sign_in(who, language) for who in ("an", "binh", "chi")}
    for name, (who, address) in screens.items():
        pages[who].goto(live_server.url + address)
        looked_at(pages[who], f"{name}-{language}", THEME)
