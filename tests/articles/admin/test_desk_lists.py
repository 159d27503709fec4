"""Each list of the desk: whose rows it has, in which order, what is said of them, and which it leaves out."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.admin.desk import screens
from articles.admin.desk.shape import waits
from articles.models import Audit, Category, Publication, Schedule
from sources.models import SourceAssessment
from tests import factories
from tests.articles import afterwards
from tests.articles.admin.conftest import Enter, Page, page, reads_only
from tests.articles.steps import edit, now
from tests.factories import Desk

NOON = datetime.fromisoformat("2026-11-26T12:00+07:00")


def rows(shown: Page) -> list[str]:
    return [element.words for element in shown.all("li") if "desk-rows" in element.within[-1]["class"]]


def listed(enter: Enter, person: str, name: str, desk: Desk, **query: str) -> list[str]:
    client = enter(getattr(desk, person))
    with reads_only():
        response = client.get(f"/admin/articles/publication/lists/{name}/", query)
    assert response.status_code == 200
    return rows(page(response))


# --- waiting for review ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-5, "waits 0 min"), (59, "waits 59 min"), (60, "waits 1 h"), (200, "waits 3 h"), (48 * 60, "waits 2 days")],
)
def test_how_long_something_waits_is_said_in_words(minutes: int, said: str) -> None:
    assert waits(NOON - timedelta(minutes=minutes), NOON) == said


@pytest.fixture
def queue(desk: Desk) -> Iterator[dict[str, Publication]]:
    """One of each, and three hours later: mine (Binh's) and overdue, mine for today, Dung's, nobody's in Vietnamese,
    nobody's about health.
    """
    health = Category.objects.create(name_vi="Sức khỏe", name_en="Health", slug_vi="suc-khoe", slug_en="health")
    made = {}
    with time_machine.travel(NOON, tick=False):
        for name, code in [("Late", "en"), ("Later", "en"), ("Other", "vi"), ("Free", "vi"), ("Health", "en")]:
            article = factories.article(desk.an, name, **({"category": health} if name == "Health" else {}))
            made[name] = factories.in_review(article, code, desk=desk)
        workflow.assign(made["Late"], by=desk.chi, reviewer=desk.binh, due=date(2026, 11, 25))
        workflow.assign(made["Later"], by=desk.chi, reviewer=desk.binh, due=date(2026, 11, 26))
        workflow.assign(made["Other"], by=desk.chi, reviewer=desk.dung)
        factories.approved(factories.article(desk.an, "Approved"), desk=desk)  # waits no more
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        yield made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Late", "Later", "Other", "Free", "Health"]),
        ({"who": "mine"}, ["Late", "Later"]),
        ({"who": "overdue"}, ["Late"]),
        ({"who": "unassigned"}, ["Free", "Health"]),
        ({"language": "vi"}, ["Other", "Free"]),
        ({"language": "vi", "who": "unassigned"}, ["Free"]),
        ({"language": "vi", "who": "mine"}, []),
        ({"language": "xx"}, []),
        ({"category": "health"}, ["Health"]),
        ({"category": "9" * 40}, []),
        ({"category": "x", "who": "x"}, ["Late", "Later", "Other", "Free", "Health"]),
        ({"p": "2"}, []),
    ],
)
def test_the_queue_shows_what_is_asked_for(
    query: dict[str, str], found: list[str], queue: dict[str, Publication], desk: Desk, enter: Enter
) -> None:
    if query.get("category") == "health":
        query = {"category": str(Category.objects.get(slug_en="health").pk)}
    seen = listed(enter, "binh", "waiting", desk, **query)
    assert [words.split(" vi · ")[0].split(" en · ")[0].split()[-1] for words in seen] == found or (
        (seen, found) == (["Nothing waits."], [])
    )


def test_each_filter_says_how_many_it_shows_and_keeps_the_others(
    queue: dict[str, Publication], desk: Desk, enter: Enter
) -> None:
    client, pk = enter(desk.binh), str(Category.objects.get(slug_en="health").pk)
    for query in (
        {},
        {"language": "vi"},
        {"who": "unassigned"},
        {"language": "en", "who": "mine"},
        {"language": "vi", "category": pk},
    ):
        shown = page(client.get("/admin/articles/publication/lists/waiting/", query))
        nav = shown.one("nav", **{"class": "desk-facets"})
        choices = [link for link in shown.all("a") if nav in link.within]
        assert len(choices) >= 4 + 3 + 2  # of the categories those that have any, and the chosen one
        for link in choices:
            _label, count = link.words.rsplit(" ", 1)
            seen = [row for row in rows(page(client.get(link["href"]))) if row != "Nothing waits."]
            assert len(seen) == int(count), (query, link.words)
            asked = {name: value for name, [value] in parse_qs(urlsplit(link["href"]).query).items()}
            assert len(set(asked.items()) ^ set(query.items())) <= 2
    front = page(client.get("/admin/"))
    assert [link.words for link in front.all("a") if front.one("nav", **{"class": "desk-facets"}) in link.within] == [
        "all 5", "mine 2", "unassigned 2", "overdue 1", "all 5", "Vietnamese 2", "English 3",
        "all 5", "Health 1", "Technology 4",
    ]  # fmt: skip


def test_a_row_says_who_reviews_it_until_when_and_whether_that_is_over(
    queue: dict[str, Publication], desk: Desk, enter: Enter
) -> None:
    late, later, other, free, _health = listed(enter, "binh", "waiting", desk)
    for_chi = listed(enter, "chi", "waiting", desk)[0]
    day = "25 November 2026"
    assert late.startswith("Headline Late en · version 1 by An, ")
    assert late.endswith(f"· waits 3 h you review it, by {day} overdue Assign…")
    assert "overdue" not in later
    assert other.endswith("· waits 3 h Dung reviews it Take it Assign…")
    assert free.endswith("· waits 3 h unassigned Take it Assign…")
    assert for_chi.endswith(f"· waits 3 h Binh reviews it, by {day} overdue Assign…")  # Chi may assign, not review
    assert listed(enter, "an", "waiting", desk)[3].endswith("yours: somebody else reviews it unassigned")
    assert listed(enter, "dung", "waiting", desk)[0].endswith("Take it Assign…")


# --- to the readers ----------------------------------------------------------------------------------


def test_ready_is_what_is_approved_and_neither_scheduled_nor_out(desk: Desk, enter: Enter) -> None:
    new = factories.approved(factories.article(desk.an, "New"), desk=desk)
    before = factories.published(factories.article(desk.an, "Before"), desk=desk)
    edit(before.article, desk.an, headline_en="Before, corrected")
    factories.approved(before.article, desk=desk)
    planned = factories.approved(factories.article(desk.an, "Planned"), desk=desk)
    workflow.schedule(planned, by=desk.chi, version=1, due=timezone.now() + timedelta(days=1))
    factories.in_review(factories.article(desk.an, "Waiting"), desk=desk)
    shown = page(enter(desk.chi).get("/admin/articles/publication/lists/ready/"))
    assert rows(shown) == [
        "Headline New en · version 1",
        "Before, corrected en · version 2 · published before: it goes out as a correction",
    ]
    assert [box["value"] for box in shown.all("input", type="checkbox")] == [f"{new.pk}:1"]
    hrefs = [link["href"] for link in shown.all("a") if link["id"].startswith("ready-")]
    assert hrefs == [
        f"/admin/articles/publication/{new.pk}/publish/do/",
        f"/admin/articles/publication/{before.pk}/correct/do/",
    ]
    assert page(enter(desk.binh).get("/admin/articles/publication/lists/ready/")).all("input", type="checkbox") == []


def test_the_schedule_says_what_goes_out_when_and_what_did_not(desk: Desk, enter: Enter) -> None:
    due = {"Tomorrow": 60 * 24, "Soon": 60, "Failed": 90, "Late": 30}
    made: dict[str, Publication] = {}
    with time_machine.travel(NOON, tick=False):
        for name, minutes in due.items():
            made[name] = factories.approved(factories.article(desk.an, name), desk=desk)
            workflow.schedule(made[name], by=desk.chi, version=1, due=NOON + timedelta(minutes=minutes))
        factories.approved(factories.article(desk.an, "Unplanned"), desk=desk)
    edit(made["Soon"].article, desk.an, headline_en="A later draft")
    factories.in_review(made["Soon"].article, desk=desk)
    Schedule.objects.filter(publication=made["Failed"]).update(
        state="failed", attempts=2, last_error="Only Publishers may do this.", next_try=NOON + timedelta(minutes=94)
    )
    with time_machine.travel(NOON + timedelta(minutes=32), tick=False):
        assert listed(enter, "chi", "scheduled", desk) == [
            "Headline Failed en · version 1 goes out: 26 November 2026, 13:30 (UTC+7) failed 2 times, "
            "next try 26 November 2026, 13:34: Only Publishers may do this.",
            "Headline Late en · version 1 goes out: 26 November 2026, 12:30 (UTC+7) overdue "
            "It should be out by now: does the worker run?",
            "Headline Soon en · version 1 goes out: 26 November 2026, 13:00 (UTC+7)",
            "Headline Tomorrow en · version 1 goes out: 27 November 2026, 12:00 (UTC+7)",
        ]


# --- drafts and what is live -------------------------------------------------------------------------


def test_my_drafts_say_what_another_article_has_too(desk: Desk, enter: Enter) -> None:
    mine = factories.article(desk.an, "Mine")
    factories.cite(mine, desk.an, url="https://example.org/page")
    other = factories.article(desk.dung, "Other", headline_en="headline MINE!")
    factories.cite(other, desk.dung, url="http://www.example.org/page/?utm_source=x")
    factories.article(desk.dung, "Alone")
    [row] = listed(enter, "an", "drafts", desk)
    assert row == (
        f"Headline Mine vi: draft · en: draft Another article has this headline: headline MINE! (#{other.pk}) "
        "Another draft cites this page: headline MINE! https://example.org/page"
    )
    form = page(enter(desk.an).get(f"/admin/articles/article/{mine.pk}/change/"))
    assert form.said("desk-alike") == [
        f"Another article has this headline: headline MINE! (#{other.pk})",
        "Another draft cites this page: headline MINE! https://example.org/page",
    ]
    alone = factories.article(desk.an, "By itself")
    assert page(enter(desk.an).get(f"/admin/articles/article/{alone.pk}/change/")).said("desk-alike") == []


def test_live_but_newer_in_draft_the_last_edited_first(desk: Desk, enter: Enter) -> None:
    one, two, same = (factories.published(factories.article(desk.an, name), desk=desk) for name in ("1", "2", "3"))
    edit(two.article, desk.an, summary_en="Newer.")
    edit(one.article, desk.an, summary_en="Newer.")
    edit(same.article, desk.an, summary_vi="Not this language.")
    assert listed(enter, "an", "edited", desk) == [
        "Headline 1 en · version 1 is live", "Headline 2 en · version 1 is live",
    ]  # fmt: skip


def test_a_translation_out_of_date_says_what_it_is_behind(desk: Desk, enter: Enter) -> None:
    article = factories.article(desk.an)
    for code in ("vi", "en"):
        factories.published(article, code, desk=desk)
    fine = factories.article(desk.an, "Fine")
    for code in ("vi", "en"):
        factories.published(fine, code, desk=desk)
    for number, (kind, note) in enumerate([("correction", "It was <b>seven</b>."), ("typo", "A letter.")], 2):
        for row in (article, fine) if kind == "typo" else (article,):
            edit(row, desk.an, summary_en=f"Round {number}.")
            approved = factories.approved(row, desk=desk)
            assert approved.approved
            workflow.correct(approved, by=desk.chi, version=approved.approved.number, kind=kind, note=note)
    correction = now(Publication.objects.get(article=article, language="en")).corrections.earliest("pk")
    at = timezone.localtime(correction.at)
    said = f"Tiêu đề Alpha vi · version 1 is live English, {at.day} {at:%B %Y}, correction: It was <b>seven</b>."
    assert listed(enter, "an", "outdated", desk) == [f"{said} Write it beside English"]
    assert listed(enter, "binh", "outdated", desk) == [said]


@pytest.fixture
def languages(desk: Desk) -> None:
    """From the newest on: nothing, a draft in one, in review, live and missing, live and out of date."""
    none = dict.fromkeys(("headline_vi", "summary_vi", "body_vi", "slug_vi"), "")
    behind = factories.article(desk.an, "Behind")
    for code in ("vi", "en"):
        factories.published(behind, code, desk=desk)
    edit(behind, desk.an, summary_en="Newer.")
    row = factories.approved(behind, desk=desk)
    workflow.correct(row, by=desk.chi, version=2, kind="update", note="News.")
    factories.published(factories.article(desk.an, "Half", **none), desk=desk)
    factories.in_review(factories.article(desk.an, "Waits", **none), desk=desk)
    factories.article(desk.an, "Draft", **none)
    factories.article(desk.an, "None", **none, headline_en="", summary_en="", body_en="", slug_en="")


def test_each_article_says_how_far_each_language_has_come(languages: None, desk: Desk, enter: Enter) -> None:
    rows = listed(enter, "an", "languages", desk)
    assert rows[0].startswith("#")
    assert [rows[0].partition(" ")[2], *rows[1:]] == [
        "Vietnamese missing English missing",
        "Headline Draft Vietnamese missing English draft",
        "Headline Waits Vietnamese missing Write it beside English English in review",
        "Headline Half Vietnamese missing Write it beside English English live",
        "Headline Behind Vietnamese live out of date Write it beside English English live Write it beside Vietnamese",
    ]
    assert listed(enter, "an", "translate", desk) == [
        "Headline Half Vietnamese missing Write it beside English",
        "Headline Behind Vietnamese live out of date Write it beside English",
    ]


def test_each_number_of_the_matrix_leads_to_as_many_articles(languages: None, desk: Desk, enter: Enter) -> None:
    client = enter(desk.binh)
    shown = page(client.get("/admin/articles/publication/lists/languages/"))
    choices = [link for link in shown.all("a") if shown.one("nav", **{"class": "desk-facets"}) in link.within]
    assert [link.words for link in choices] == [
        "all 5",
        "live 1", "out of date 1", "withdrawn 0", "approved 0", "in review 0", "draft 0", "missing 4",
        "live 2", "out of date 0", "withdrawn 0", "approved 0", "in review 1", "draft 1", "missing 1",
    ]  # fmt: skip
    for link in choices:
        there = page(client.get(link["href"]))
        found = [row for row in rows(there) if row != "There is no such article."]
        assert len(found) == int(link.words.rsplit(" ", 1)[1]), link.words
        assert [each.words for each in there.all("a") if each["aria-current"]] == [link.words]


@pytest.mark.parametrize("query", [{"language": "xx", "coverage": "live"}, {"language": "en", "coverage": "x"}])
def test_what_is_no_filter_of_the_matrix_filters_nothing(
    query: dict[str, str], languages: None, desk: Desk, enter: Enter
) -> None:
    assert len(listed(enter, "an", "languages", desk, **query)) == 5


def test_dead_links_the_longest_dead_first_with_where_they_are_repaired(desk: Desk, enter: Enter) -> None:
    live, draft = factories.article(desk.an, "Live"), factories.article(desk.dung, "Draft")
    one = factories.cite(live, desk.an, url="https://gone.org/1", title="Câu chuyện", title_language="vi")
    factories.cite(live, desk.an, url="https://gone.org/2", archive_url="https://archive.org/2")
    factories.cite(live, desk.an, url="https://open.org/3")
    two = factories.cite(draft, desk.dung, url="https://gone.org/4", title="")
    factories.published(live, desk=desk)
    factories.dead(one.url, since=NOON)
    factories.dead("https://gone.org/2")
    factories.dead(two.url, since=NOON - timedelta(days=2))
    assert listed(enter, "chi", "dead", desk) == [
        "Headline Draft vi: draft · en: draft Citation 1: https://gone.org/4 · gone.org "
        "The link has been dead since 24 November 2026: the answer was 404.",
        "Headline Live vi: draft · en: live Citation 1: Câu chuyện · gone.org "
        "The link has been dead since 26 November 2026: the answer was 404.",
    ]
    shown = page(enter(desk.chi).get("/admin/articles/publication/lists/dead/"))
    assert shown.one("a", href=f"/admin/articles/article/{live.pk}/change/#citations-group").words == "Headline Live"
    one.archive_url = "https://archive.org/1"
    one.save(by=desk.an)
    assert len(listed(enter, "chi", "dead", desk)) == 1


def test_what_is_to_be_judged_says_why_and_leaves_when_it_was(desk: Desk, enter: Enter) -> None:
    made = {}
    with time_machine.travel(NOON, tick=False):
        for name in ("Corrected", "Withdrawn", "Typo", "Both", "Silent"):
            article = factories.article(desk.an, name)
            factories.cite(article, desk.an, url=f"https://example.org/{name}")
            made[name] = factories.published(article, desk=desk)
        for name, kind in (("Corrected", "correction"), ("Typo", "typo"), ("Both", "update")):
            afterwards.corrected(made[name].article, desk=desk, kind=kind, note=f"No {name}.")
        afterwards.withdrawn(made["Both"].article, desk=desk, note="Gone.")
        afterwards.withdrawn(made["Withdrawn"].article, desk=desk, note="<b>Wrong</b>.")
        Audit.objects.create(version=made["Silent"].live, chance=1, seed=1)
    own = "Headline Silent en · version 1 26 November 2026: drawn at random for the audit sample"
    assert listed(enter, "binh", "to_judge", desk) == [
        "Headline Corrected en · version 1 26 November 2026, correction: No Corrected.",
        "Headline Withdrawn en · version 1 26 November 2026, withdrawal: <b>Wrong</b>.",
        "Headline Both en · version 1 26 November 2026, update: No Both.",
        own,
        "Headline Both en · version 2 26 November 2026, withdrawal: Gone.",
    ]
    assert listed(enter, "an", "to_judge", desk)[3] == own.replace("1 26", "1 · yours: somebody else judges it 26")
    shown = page(enter(desk.binh).get("/admin/articles/publication/lists/to_judge/"))
    judged = f"/admin/articles/publication/{made['Both'].pk}/judge/2/"
    assert shown.one("a", href=judged).words == "Headline Both"
    factories.judge(made["Both"], by=desk.binh, version=2, held=False)
    factories.judge(made["Silent"], by=desk.binh)
    factories.judge(made["Typo"], by=desk.binh)
    assert [row.partition(" 26 ")[0] for row in listed(enter, "binh", "to_judge", desk)] == [
        "Headline Corrected en · version 1", "Headline Withdrawn en · version 1", "Headline Both en · version 1",
    ]  # fmt: skip


def test_a_list_that_is_not_there_is_not_found(desk: Desk, enter: Enter) -> None:
    assert enter(desk.an).get("/admin/articles/publication/lists/nothing/").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "waiting",
        "ready",
        "scheduled",
        "drafts",
        "edited",
        "outdated",
        "translate",
        "languages",
        "unsettled",
        "dead",
        "to_judge",
        "recent",
    ],
)
def test_a_whole_list_is_turned_page_by_page(
    name: str, desk: Desk, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "WHOLE_LENGTH", 8)
    later = timezone.now() + timedelta(days=1)

    def one(number: int) -> None:
        article = factories.article(desk.an, f"No{number}")
        if name == "waiting":
            factories.in_review(article, desk=desk)
        if name in {"ready", "scheduled"}:
            row = factories.approved(article, desk=desk)
            if name == "scheduled":
                workflow.schedule(row, by=desk.chi, version=1, due=later)
        if name in {"edited", "recent", "outdated", "translate", "languages"}:
            row = factories.published(article, desk=desk)
            edit(article, desk.an, summary_en="Newer.")
        if name in {"outdated", "translate", "languages"}:
            factories.published(article, "vi", desk=desk)
            factories.approved(article, desk=desk)
            workflow.correct(now(row), by=desk.chi, version=2, kind="update", note="News.")
        if name == "to_judge":
            row = factories.published(article, desk=desk)
            if number % 2:
                afterwards.withdrawn(article, desk=desk)
            else:
                Audit.objects.create(version=row.live, chance=1, seed=1)
        if name == "unsettled":
            source = factories.source(f"s{number}")
            factories.cite(article, desk.an, source)
            factories.published(article, desk=desk)
            SourceAssessment(source=source, tier=3, assessor=desk.chi, review_by=date(2030, 1, 1)).save()
            workflow.unsettle([source.pk])
        if name == "dead":
            factories.dead(factories.cite(article, desk.an, url=f"https://gone.org/{number}").url)

    def asked(number: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/admin/articles/publication/lists/{name}/", {"p": str(number)})
        return len(queries)

    client = enter(desk.binh if name == "waiting" else desk.an)  # who may also name a reviewer
    one(0)
    alone = asked(1)
    for number in range(1, 11):
        one(number)
    assert asked(1) == alone
    first, second = (page(client.get(f"/admin/articles/publication/lists/{name}/", {"p": p})) for p in ("1", "2"))
    assert (len(rows(first)), len(rows(second))) == (8, 3)
    assert not set(rows(first)) & set(rows(second))
    assert [link["href"] for link in first.all("a", rel="next")] == ["?p=2"]
    assert [link["href"] for link in second.all("a", rel="prev")] == ["?p=1"]
    assert (first.all("a", rel="prev"), second.all("a", rel="next")) == ([], [])


def test_due_days_are_the_desks_own(desk: Desk, enter: Enter) -> None:
    """At 01:00 in Hanoi it is still yesterday in UTC: what was due yesterday is overdue all the same."""
    row = factories.in_review(factories.article(desk.an), desk=desk)
    workflow.assign(row, by=desk.chi, reviewer=desk.binh, due=date(2026, 11, 26))
    with time_machine.travel(datetime.fromisoformat("2026-11-27T01:00+07:00"), tick=False):
        assert "overdue" in listed(enter, "binh", "waiting", desk)[0]
    with time_machine.travel(datetime.fromisoformat("2026-11-26T23:59+07:00"), tick=False):
        assert "overdue" not in listed(enter, "binh", "waiting", desk)[0]
