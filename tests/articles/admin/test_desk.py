"""The front page of the admin: what waits for whom, in lists of a fixed length and a fixed number of questions."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from zeal.errors import NPlusOneError

from articles import workflow
from articles.admin.desk import LENGTH
from articles.models import Article
from sources.models import SourceAssessment
from tests import factories
from tests.articles.admin.conftest import LIST, Element, Enter, change_url, page, reads_only, review_url, unchanged
from tests.articles.admin.test_moves import move_url
from tests.articles.steps import edit, now
from tests.factories import Desk

LISTS = {
    "waiting-heading": "Waiting for review",
    "ready-heading": "Ready to publish",
    "scheduled-heading": "Scheduled",
    "drafts-heading": "My articles",
    "edited-heading": "Published, but newer in draft",
    "outdated-heading": "Translations out of date",
    "translate-heading": "Translate next",
    "unsettled-heading": "To be reassessed",
    "dead-heading": "Dead links",
    "to_judge-heading": "To be judged",
    "recent-heading": "Recently published",
}
EMPTY = {
    "Waiting for review": ["Nothing waits."],
    "Ready to publish": ["Nothing is approved and unpublished."],
    "Scheduled": ["Nothing is scheduled."],
    "My articles": ["You have no unfinished article."],
    "Published, but newer in draft": ["Every published text is as its draft."],
    "Translations out of date": ["No translation is behind a correction."],
    "Translate next": ["Whatever is live is live in every language, and up to date."],
    "To be reassessed": ["Nothing published waits to be reassessed."],
    "Dead links": ["Every cited page that was checked is open to readers, or has an archived copy."],
    "To be judged": ["No published claim waits to be judged."],
    "Recently published": ["Nothing is published yet."],
}


def lists(enter: Enter, user: User) -> dict[str, list[Element]]:
    """The entries under each heading of the desk, in order."""
    shown = page(enter(user).get("/admin/"))
    sections = [section for section in shown.all("section") if section["aria-labelledby"] in LISTS]
    found = {}
    for section, (name, title) in zip(sections, LISTS.items(), strict=True):
        heading = shown.one("h2", id=section["aria-labelledby"])
        entries = [entry for entry in shown.all("li") if section in entry.within]
        counted = 0 if [entry.words for entry in entries] == EMPTY[title] else len(entries)
        assert section["aria-labelledby"] == name
        title_said, _space, number = heading.words.rpartition(" ")
        assert (title_said, int(number) >= counted, int(number) == counted or counted == LENGTH) == (title, True, True)
        found[title] = entries
    return found


def words(enter: Enter, user: User) -> dict[str, list[str]]:
    return {heading: [entry.words for entry in entries] for heading, entries in lists(enter, user).items()}


def links(enter: Enter, user: User) -> dict[str, list[str]]:
    shown = page(enter(user).get("/admin/"))
    hrefs: dict[str, str] = {}
    for element in shown.all("a"):
        hrefs.setdefault(element.within[-1].words, element["href"])  # the headline comes first
    return {
        heading: [hrefs.get(entry.words, "") for entry in entries] for heading, entries in lists(enter, user).items()
    }


def test_an_empty_desk_says_so(desk: Desk, enter: Enter) -> None:
    assert words(enter, desk.an) == EMPTY


def test_who_may_see_nothing_has_no_lists(desk: Desk, enter: Enter) -> None:
    factories.published(factories.article(desk.an), desk=desk)
    response = enter(desk.em).get("/admin/")
    assert response.status_code == 200
    assert page(response).all("section") == []
    assert "Alpha" not in response.content.decode()


def test_each_article_stands_where_it_is_to_be_dealt_with(desk: Desk, enter: Enter) -> None:
    draft = factories.article(desk.an, "Draft")
    waiting = factories.in_review(factories.article(desk.an, "Waiting"), desk=desk)
    ready = factories.approved(factories.article(desk.an, "Ready"), "vi", desk=desk)
    live = factories.published(factories.article(desk.an, "Live"), desk=desk)
    both = factories.article(desk.an, "Both")
    factories.published(both, desk=desk)
    factories.published(both, "vi", desk=desk)

    seen = words(enter, desk.an)
    assert [entry.partition(",")[0] for entry in seen["Waiting for review"]] == [
        "Headline Waiting en · version 1 by An"
    ]
    assert seen["Waiting for review"][0].endswith("· waits 0 min · yours: somebody else reviews it unassigned")
    assert seen["Ready to publish"] == ["Tiêu đề Ready vi · version 1"]
    assert seen["My articles"] == [
        "Headline Live vi: draft · en: live",
        "Headline Ready vi: approved · en: draft",
        "Headline Waiting vi: draft · en: in review",
        "Headline Draft vi: draft · en: draft",
    ]
    assert [entry.partition(" · ")[0] for entry in seen["Recently published"]] == [
        "Tiêu đề Both vi", "Headline Both en", "Headline Live en",
    ]  # fmt: skip
    none = EMPTY["Scheduled"], EMPTY["Translations out of date"]
    assert (seen["Scheduled"], seen["Translations out of date"]) == none
    assert {heading: urls for heading, urls in links(enter, desk.an).items() if seen[heading] != EMPTY[heading]} == {
        "Waiting for review": [review_url(waiting)],
        "Ready to publish": [move_url(ready, "publish")],
        "My articles": [change_url(row) for row in (live.article, ready.article, waiting.article, draft)],
        "Recently published": [
            "/vi/articles/tieu-de-both/", "/en/articles/headline-both/", "/en/articles/headline-live/",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["an", "dung", "binh", "chi"])
def test_what_waits_is_yours_only_if_you_contributed(name: str, desk: Desk, enter: Enter) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.dung)
    factories.in_review(article, desk=desk)
    [entry] = words(enter, getattr(desk, name))["Waiting for review"]
    assert ("yours: somebody else reviews it" in entry) == (name in {"an", "dung"})


def test_my_articles_are_those_i_edited(desk: Desk, enter: Enter) -> None:
    factories.article(desk.an, "Alpha")
    shared = factories.article(desk.an, "Beta")
    factories.cite(shared, desk.dung)
    factories.cite(shared, desk.dung)
    assert words(enter, desk.dung)["My articles"] == ["Headline Beta vi: draft · en: draft"]
    assert words(enter, desk.binh)["My articles"] == ["You have no unfinished article."]


def test_what_waits_longest_comes_first_and_a_recalled_version_leaves(desk: Desk, enter: Enter) -> None:
    first = factories.article(desk.an, "First")
    rows = [factories.in_review(row, desk=desk) for row in (factories.article(desk.an, "Second"), first)]
    workflow.recall(rows[0], by=desk.an, version=1)
    workflow.submit(rows[0].article, "en", by=desk.an)
    seen = [entry.split(" en ")[0] for entry in words(enter, desk.binh)["Waiting for review"]]
    assert seen == ["Headline First", "Headline Second"]
    workflow.recall(rows[1], by=desk.an, version=1)
    seen = [entry.split(" en ")[0] for entry in words(enter, desk.binh)["Waiting for review"]]
    assert seen == ["Headline Second"]


@pytest.mark.parametrize(("name", "offered"), [("an", True), ("dung", True), ("binh", False), ("chi", False)])
def test_only_editors_are_offered_to_write(name: str, offered: bool, desk: Desk, enter: Enter) -> None:
    shown = page(enter(getattr(desk, name)).get("/admin/"))
    assert ("Write an article" in [element.words for element in shown.all("a")]) == offered


def test_the_desk_asks_as_much_of_thirty_articles_as_of_one_and_shows_no_more_than_fits(
    desk: Desk, enter: Enter
) -> None:
    later = timezone.now() + timedelta(days=1)

    def fill(number: int) -> None:
        """One row of every list; each of them resembles all others."""
        for make in (factories.in_review, factories.approved, factories.published):
            article = factories.article(desk.an, f"{make.__name__}{number}")
            factories.cite(article, desk.an, url="https://example.org/same")
            row = make(article, desk=desk)
            if make is factories.in_review:
                workflow.assign(row, by=desk.chi, reviewer=desk.binh, due=later.date())
            if make is factories.published:
                factories.published(article, "vi", desk=desk)
                source = factories.source(f"own{number}")
                factories.cite(article, desk.an, source)
                edit(article, desk.dung, headline_en="The same headline")
                factories.approved(article, desk=desk)
                workflow.correct(now(row), by=desk.chi, version=2, kind="correction", note="It was wrong.")
                edit(article, desk.dung, summary_en="Newer in draft.")
                SourceAssessment(source=source, tier=4, assessor=desk.chi, review_by=later.date()).save()
                workflow.unsettle([source.pk])
        article = factories.article(desk.an, f"scheduled{number}", headline_vi="Như nhau")
        row = factories.approved(article, desk=desk)
        workflow.schedule(row, by=desk.chi, version=1, due=later)
        draft = factories.article(desk.an, f"draft{number}", headline_vi="Như nhau")
        factories.dead(factories.cite(draft, desk.an, url=f"https://gone.org/{number}").url)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries, reads_only():
            assert an.get("/admin/").status_code == 200
        return len(queries)

    fill(0)
    an = enter(desk.an)
    one = asked()
    assert {heading for heading, entries in words(enter, desk.an).items() if entries == EMPTY[heading]} == set()
    for number in range(1, 30):
        fill(number)
    with unchanged():
        assert asked() == one == 52
    assert {heading: len(entries) for heading, entries in words(enter, desk.an).items()} == dict.fromkeys(EMPTY, LENGTH)
    for name in LISTS:
        whole = an.get(f"/admin/articles/publication/lists/{name.removesuffix('-heading')}/")
        assert len(page(whole).all("li")) > 2 * LENGTH - 1


def test_a_query_for_each_row_would_fail_these_tests(desk: Desk, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.ZEAL_RAISE
    for number in range(3):
        factories.article(desk.an, f"Alpha{number}")
    an = enter(desk.an)
    assert an.get(LIST).status_code == 200
    monkeypatch.setattr(admin.site._registry[Article], "list_select_related", ())
    with pytest.raises(NPlusOneError):
        an.get(LIST)
