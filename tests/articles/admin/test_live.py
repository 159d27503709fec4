"""The workings of what stands in the form: those that saving it would lead to, told in the readers' words, and no row
written for it.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import standing, wording, workflow
from articles.assessing import Assessment
from articles.models import Article, Citation
from sources.models import Source, SourceAssessment
from tests import factories
from tests.articles.admin.conftest import (
    ADD,
    Enter,
    Form,
    change_url,
    changed,
    form_at,
    page,
    reads_only,
    review_url,
    unchanged,
    with_row,
)
from tests.factories import Desk

LIVE_ADD = "/admin/articles/article/workings/"
NOBODY = "No source is known for {} yet. Choose one, or write its name under “New source”."
REPEATS = "repeats the same origin: adds nothing to source 1"


def live_url(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/workings/"


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


@pytest.fixture
def sources(article: Article) -> dict[str, Source]:
    """A post's author and the paper that has it from him, an independent body, two papers of one owner."""
    paper = factories.source("paper", tier=2)
    return {
        "example": Source.objects.get(slug="example"),
        "paper": paper,
        "evening": factories.source("evening", tier=2, owner=paper),
        "body": factories.source("body"),
        "nobody": factories.source("nobody", tier=None),
    }


def told(found: Any) -> Any:
    """All that is said of it but the order of equals, which goes by the numbers of sources in the register."""
    assert isinstance(found, Assessment), found
    workings = found.workings
    return {
        "number": (workings.state, workings.percent, workings.low, workings.high, workings.basis, workings.log_odds),
        "rows": {row.number: (row.points, wording.why_counted(row)) for row in workings.rows},
        "uncounted": {left.number: wording.why_uncounted(left) for left in workings.uncounted},
        "prospects": sorted((each.percent, wording.what_would_change(each)) for each in workings.prospects),
        "cautions": [wording.caution(*each) for each in found.cautions(localdate()).items()],
        "outlets": len(set(found.outlets.values())),
    }


def lines(response: HttpResponse) -> list[str]:
    """The rows of the table and of what waits, as read."""
    shown = page(response)
    return [each.words for each in [*shown.all("tr"), *shown.all("li")] if each.words.startswith(("[", "“", "A "))]


def waiting(response: Any) -> list[tuple[str, str]]:
    return [(row.url, row.why) for row in response.context_data["waiting"]]


# --- the same as after a save ------------------------------------------------------------------------

URLS = [
    "https://example.org/1", "https://paper.org/1", "https://evening.org/1", "https://body.org/1", "https://nobody.org/1",
    "https://new.example/1", "https://news.new.example/1", "https://x.com/honam/status/1", "https://x.com/honam",
]  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "url": st.sampled_from(URLS),
            "source": st.sampled_from(["", "", "body", "evening"]),
            "origin": st.sampled_from(["", "example", "paper"]),
            "new_source": st.sampled_from(["Somebody", "Somebody else"]),
            "stance": st.sampled_from(["supports", "supports", "contradicts", "context"]),
            "first_hand": st.sampled_from(["on", ""]),
            "position": st.sampled_from(["0", "0", "1", "3"]),
            "quote": st.sampled_from(["", "Said so."]),
        }
    ),
    max_size=6,
)
SAVED = st.fixed_dictionaries(
    {},
    optional={
        "citations-0-DELETE": st.just("on"),
        "citations-0-quote": st.just("Another."),
        "citations-0-stance": st.sampled_from(["contradicts", "context"]),
        "citations-0-position": st.sampled_from(["0", "7"]),
        "citations-0-source": st.just(""),
        "citations-0-url": st.just("https://news.new.example/2"),
        "citations-0-new_source": st.just("Somebody"),
    },
)


@given(rows=ROWS, saved=SAVED)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_they_are_those_that_saving_the_form_leads_to(
    rows: list[dict[str, str]],
    saved: dict[str, str],
    article: Article,
    sources: dict[str, Source],
    desk: Desk,
    enter: Enter,
) -> None:
    with transaction.atomic():
        an, url = enter(desk.an), change_url(article)
        verify(article, desk)
        factories.dead("https://paper.org/1")
        form = form_at(an, url, saved)
        for row in rows:
            chosen = {name: str(sources[row[name]].pk) if row[name] else "" for name in ("source", "origin")}
            row = {name: value for name, value in (row | chosen).items() if name != "first_hand" or value}
            form = with_row(form, **row)
            if "first_hand" not in row:
                form.pop(f"citations-{int(form['citations-TOTAL_FORMS'][0]) - 1}-first_hand", None)
        shown: Any = an.post(live_url(article), form)
        assert an.post(url, form).status_code == (200 if waiting(shown) else 302)
        if not waiting(shown):
            assert told(shown.context_data["preview"]) == told(standing.preview(Article.objects.get(pk=article.pk)))
        transaction.set_rollback(True)


def verify(article: Article, desk: Desk) -> None:
    """Binh has checked what is cited first."""
    publication = factories.in_review(article, desk=desk)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it.", withdrawn=False)
    workflow.recall(publication, by=desk.an, version=1)


def test_of_an_article_that_was_never_saved_too(sources: dict[str, Source], desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    form = with_row(form_at(an, ADD), url="https://example.org/post")
    form = with_row(form, url="https://paper.org/1", origin=str(sources["example"].pk))
    form.pop("citations-1-first_hand")
    with unchanged(), reads_only():
        shown: Any = an.post(LIVE_ADD, changed(form, {"was": ""}))
    assert page(shown).all("div")[0]["data-said"] == "Confidence 58%"
    assert lines(shown)[:2] == ["[1] tier 1, first-hand, not yet verified by us+25", f"[2] {REPEATS}–"]
    an.post(ADD, form)
    assert told(shown.context_data["preview"]) == told(standing.preview(Article.objects.latest("pk")))


def test_an_independent_source_moves_the_number(article: Article, sources: Any, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    form = with_row(form_at(an, change_url(article), {"was": "58"}), url="https://body.org/1")
    with unchanged(), reads_only():
        shown = an.post(live_url(article), form)
    [root] = [each for each in page(shown).all("div") if each["data-percent"]]
    assert (root["data-percent"], root["data-said"]) == ("70", "Confidence 58 → 70%")
    again = an.post(live_url(article), changed(form, {"was": "70"}))
    assert page(again).all("div")[0]["data-said"] == ""
    fewer = an.post(live_url(article), changed(form, {"was": "70", "citations-1-DELETE": "on"}))
    assert page(fewer).all("div")[0]["data-said"] == "Confidence 70 → 58%"
    none = changed(form, {"was": "70", "citations-1-DELETE": "on", "citations-0-DELETE": "on"})
    assert page(an.post(live_url(article), none)).all("div")[0]["data-said"] == "Confidence: no number any more"


# --- what does not count yet -------------------------------------------------------------------------


def test_a_row_that_no_save_would_take_is_told_and_hides_no_other(article: Article, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    form = with_row(with_row(form_at(an, change_url(article))), title="Of no page yet")
    form = with_row(form, url="https://new.example/<b>1</b>")
    form = with_row(form, url="javascript:alert(1)", accessed="yesterday")
    form = with_row(form, url="https://example.org/gone", DELETE="on", accessed="yesterday")
    with unchanged(), reads_only():
        shown: Any = an.post(live_url(article), form)
    assert waiting(shown) == [
        ("", "It has no URL yet."),
        ("https://new.example/<b>1</b>", "Source: " + NOBODY.format("new.example")),
        (
            "javascript:alert(1)",
            "Accessed: Enter a valid date. URL: The address must start with https:// or http://.",
        ),
    ]
    assert lines(shown)[0] == "[1] tier 1, first-hand, not yet verified by us+25"
    assert [words.partition(" ")[0] for words in page(shown).said("desk-number")] == ["58%"]
    assert "<b>1" not in shown.content.decode()


def test_a_source_that_is_only_named_counts_as_one_voice_and_is_not_rated(
    article: Article, desk: Desk, enter: Enter
) -> None:
    an = enter(desk.an)
    form = with_row(form_at(an, change_url(article)), url="https://new.example/1", new_source="New")
    form = with_row(form, url="https://news.new.example/2", new_source="The same")
    with unchanged(), reads_only():
        shown = an.post(live_url(article), form)
    assert lines(shown)[:3] == [
        "[1] tier 1, first-hand, not yet verified by us+25",
        "[2] not rated, first-hand, not yet verified by us+0",
        "[3] repeats the same origin: adds nothing to source 2–",
    ]


@pytest.mark.parametrize("kind", ["opinion", "press_release", "page", "no such kind"])
def test_a_kind_that_shows_no_number_shows_none(kind: str, article: Article, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    shown = an.post(live_url(article), form_at(an, change_url(article), {"kind": kind, "was": "44"}))
    assert page(shown).said("desk-number") + page(shown).said("desk-cautions") == []
    assert page(shown).all("div")[0]["data-said"] == ""


@pytest.mark.parametrize("total", ["", "x", "999999999"])
def test_a_forged_number_of_rows_is_answered_in_a_sentence(
    total: str, article: Article, desk: Desk, enter: Enter
) -> None:
    an = enter(desk.an)
    with unchanged():
        shown = an.post(live_url(article), form_at(an, change_url(article), {"citations-TOTAL_FORMS": total}))
    assert (shown.status_code, bool(page(shown).all("li"))) == (200, True)


def test_what_another_saved_meanwhile_counts_as_a_save_would_count_it(
    article: Article, sources: dict[str, Source], desk: Desk, enter: Enter
) -> None:
    an, more = enter(desk.an), factories.cite(article, desk.dung, sources["paper"])
    form = form_at(an, change_url(article), {"citations-1-quote": "Typed."})
    more.delete(by=desk.dung)
    Citation.objects.get().delete(by=desk.dung)
    factories.cite(article, desk.dung, sources["body"], stance="contradicts")
    with unchanged(), reads_only():
        shown: Any = an.post(live_url(article), form)
    assert told(shown.context_data["preview"])["rows"].keys() == {1, 2}
    assert waiting(shown) == []


# --- who, how, at what cost --------------------------------------------------------------------------


def test_without_its_token_it_is_refused(article: Article, desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.an)
    assert strict.post(live_url(article), {"kind": "news"}).status_code == 403


def test_another_article_is_not_there(article: Article, desk: Desk, enter: Enter) -> None:
    assert enter(desk.an).post("/admin/articles/article/99999/workings/", {}).status_code == 404


def test_thirty_rows_ask_as_much_as_one(article: Article, sources: dict[str, Source], desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)

    def asked(form: Form) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert an.post(live_url(article), form).status_code == 200
        return len(queries)

    def added(form: Form, number: int) -> Form:
        form = with_row(form, url=f"https://paper.org/{number}", origin=str(sources["example"].pk))
        return with_row(form, url=f"https://h{number}.example/", new_source="New")

    form = added(form_at(an, change_url(article)), 0)
    one = asked(form)
    for number in range(1, 29):
        form = added(form, number)
    assert asked(form) == one == 15


# --- what is weak about it, here and on the reviewer's screens ---------------------------------------


@pytest.fixture
def weak(article: Article, sources: dict[str, Source], desk: Desk) -> list[str]:
    """Everything that is warned of: the article's own source is overdue, a paper repeats it, a body contradicts it."""
    source, yesterday = sources["example"], localdate() - timedelta(days=1)
    SourceAssessment(source=source, tier=1, assessor=desk.chi, review_by=yesterday).save()
    first = article.citations.get()
    first.first_hand = False
    first.save(by=desk.an)
    factories.cite(article, desk.an, sources["paper"], origin=source, first_hand=False)
    against = factories.cite(article, desk.an, sources["body"], stance="contradicts")
    factories.dead(against.url)
    return [
        "A single source: no independent one confirms [1].",
        "One origin behind several outlets: [1], [2].",
        "Nothing at first hand supports the claim.",
        "The claim is contradicted: [3].",
        "Link dead, and no archived copy: [3].",
        "The source should have been assessed again by now: [1].",
    ]


def cautions(response: HttpResponse) -> list[str]:
    return [each.words for each in page(response).all("li") if any("desk-cautions" in o["class"] for o in each.within)]


def test_editor_and_reviewer_are_warned_in_the_same_words(
    weak: list[str], article: Article, desk: Desk, enter: Enter
) -> None:
    an = enter(desk.an)
    assert cautions(an.get(change_url(article))) == weak
    assert cautions(an.post(live_url(article), form_at(an, change_url(article)))) == weak
    publication = factories.in_review(article, desk=desk)
    assert cautions(enter(desk.binh).get(review_url(publication))) == weak
    factories.approve(publication, desk=desk)
    workflow.publish(publication, by=desk.chi, version=1)
    shown = enter(desk.binh).get(f"/admin/articles/publication/{publication.pk}/reassess/")
    assert cautions(shown) == weak  # of the workings of today alone: those before are history


def test_nobody_is_warned_of_an_assessment_that_is_due_today(article: Article, desk: Desk, enter: Enter) -> None:
    source = Source.objects.get()

    def warned(day: date) -> bool:
        SourceAssessment(source=source, tier=1, assessor=desk.chi, review_by=day).save()
        return "assessed again" in " ".join(cautions(enter(desk.an).get(change_url(article))))

    today = localdate()
    assert [warned(today - timedelta(days=1)), warned(today), warned(today + timedelta(days=1))] == [True, False, False]


def test_the_panel_of_a_new_article_says_how_it_is_filled(desk: Desk, enter: Enter) -> None:
    [panel] = page(enter(desk.an).get(ADD)).all("aside", id="workings")
    assert panel["data-url"] == LIVE_ADD
    assert "It is computed as you cite. Unsourced" in panel.words


def test_who_may_only_look_gets_no_live_workings(article: Article, desk: Desk, enter: Enter) -> None:
    shown = page(enter(desk.binh).get(change_url(article)))
    assert shown.one("aside", id="workings").attributes.keys() & {"data-url"} == set()
    assert [each["src"] for each in shown.all("script") if "workings" in each["src"]] == []
