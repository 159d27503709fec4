"""The screen on which a claim is judged: what it tells, that it chooses nothing for anybody, and where it is found."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import auditing, standing
from articles.models import Article, Publication, Verdict
from sources.models import SourceOutcome
from tests import factories
from tests.articles import afterwards
from tests.articles.admin.conftest import Enter, Form, Page, change_url, changed, page, reads_only, unchanged
from tests.articles.steps import edit
from tests.factories import Desk, judge

TICKED = {"type": "radio"}


@pytest.fixture
def article(desk: Desk) -> Article:
    """One citation each way; the context's headline would be markup."""
    row = factories.article(desk.an, claim_en="The bridge is open.")
    factories.cite(row, desk.an, factories.source("report"), title="Report", quote="It is open.")
    factories.cite(row, desk.an, factories.source("denial"), title="Denial", stance="contradicts")
    factories.cite(row, desk.an, factories.source("aside"), title="<b>Aside</b>", stance="context")
    return row


@pytest.fixture
def live(article: Article, desk: Desk) -> Publication:
    return factories.published(article, desk=desk)


def url_of(publication: Publication, number: int = 1) -> str:
    return reverse("admin:articles_publication_judge", args=[publication.pk, number])


def form_of(shown: Page) -> Form:
    return shown.form(**{"class": "desk-decision"})


def told(shown: Page) -> str:
    return shown.one("div", **{"class": "desk-page"}).words


# --- what it tells -----------------------------------------------------------------------------------


def test_it_asks_of_the_claim_and_shows_the_number_it_had(live: Publication, desk: Desk, enter: Enter) -> None:
    binh = enter(desk.binh)
    with reads_only():
        shown = page(binh.get(url_of(live)))
    words = told(shown)
    assert words.startswith("Did the claim stand? The bridge is open. Headline Alpha · English · version 1 Read it ")
    assert "not whether the article was good" in words
    assert live.live_approval
    assert [each.partition("%")[0] for each in shown.said("desk-number")] == [
        str(live.reading().workings.percent)
    ]  # fmt: skip
    assert "What would change it" not in words
    assert [each.words for each in shown.all("legend")] == [
        "The claim (required)", "1. Report · Report", "2. Denial · Denial", "3. <b>Aside</b> · Aside",
    ]  # fmt: skip
    assert [each.words for each in shown.all("blockquote")] == ["The bridge is open.", "It is open."]
    assert words.count("It supports the claim. Did what it reports stand?") == 1
    assert words.count("It contradicts the claim. Was it right to?") == 1
    assert words.count("Context only: it says nothing of its source.") == 1


def test_nothing_is_chosen_beforehand(live: Publication, desk: Desk, enter: Enter) -> None:
    def offered() -> dict[str, list[str]]:
        shown = page(enter(desk.binh).get(url_of(live)))
        found: dict[str, list[str]] = {}
        for radio in shown.all("input", **TICKED):
            assert "checked" not in radio.attributes
            found.setdefault(radio["name"], []).append(radio["value"])
        return found

    expected = {
        "claim": ["held", "failed"],
        "citation-1": ["held", "failed", "none"],
        "citation-2": ["held", "failed", "none"],
    }
    assert offered() == expected
    judge(live, by=desk.binh, citations={1: True, 2: False})
    assert offered() == expected


def test_it_says_what_was_told_to_readers_and_what_was_drawn(
    article: Article, live: Publication, desk: Desk, enter: Enter
) -> None:
    other = factories.article(desk.an, "Beta")
    factories.cite(other, desk.an, factories.source("report"))
    factories.published(other, desk=desk)
    auditing.draw(Decimal("0.5"), seed=3, live_since=timezone.now())
    drawn = Publication.objects.get(live__audit__isnull=False)
    binh = enter(desk.binh)
    words = told(page(binh.get(url_of(drawn))))
    assert "Your verdict stands for those that were not drawn too: it counts 2 times." in words
    afterwards.corrected(drawn.article, desk=desk, note="It is <i>closed</i>.")
    words = told(page(binh.get(url_of(drawn))))
    assert re.search(r"Correction, [^:]*: It is <i>closed</i>\. Readers were told this\. It does not settle", words)
    assert "drawn" not in words.replace("withdrawn", "")
    assert "Readers were told" not in told(page(binh.get(url_of(drawn, 2))))


def test_it_can_be_judged_after_it_was_withdrawn(live: Publication, desk: Desk, enter: Enter) -> None:
    afterwards.withdrawn(live.article, desk=desk, note="The bridge is shut.")
    binh = enter(desk.binh)
    shown = page(binh.get(url_of(live)))
    assert "Withdrawal, " in told(shown)
    assert "The bridge is shut." in told(shown)
    form = changed(form_of(shown), {"claim": "failed", "note": "We went there."})
    assert binh.post(url_of(live), form).status_code == 302
    assert Verdict.objects.get().occasion == "withdrawal"


def test_earlier_verdicts_are_told_the_newest_first(live: Publication, desk: Desk, enter: Enter) -> None:
    judge(live, by=desk.dung, held=False, citations={1: False, 2: True}, note="<b>First</b>")
    judge(live, by=desk.binh, citations={1: True}, note="Second")
    shown = page(enter(desk.binh).get(url_of(live)))
    history = shown.one("ol", **{"class": "desk-history"})
    rows = [each.words for each in shown.all("li") if history in each.within]
    assert [re.sub(r", [^·]* ·", ", … ·", row) for row in rows] == [
        "It stood counts: Binh, … · a later look Second Citations that held: 1.",
        "It did not stand: Dung, … · a later look <b>First</b> Citations that held: 2. Citations that failed: 1.",
    ]
    words = told(shown)
    assert words.count("The last verdict said: it held.") == 1
    assert words.count("The last verdict said: it failed.") == 0
    assert "A new verdict takes the whole place of the last one: what it leaves out counts no more." in words


# --- what is done ------------------------------------------------------------------------------------


def test_what_was_chosen_is_kept_and_nothing_else(live: Publication, desk: Desk, enter: Enter) -> None:
    binh = enter(desk.binh)
    form = changed(form_of(page(binh.get(url_of(live)))), {"claim": "held", "citation-2": "failed", "note": "Seen."})
    response = binh.post(url_of(live), form | {"citation-3": ["none"], "weight": ["9"], "by": ["1"]})
    assert (response.status_code, response.headers["Location"]) == (302, url_of(live))
    row = Verdict.objects.get()
    assert (row.held, row.citations, row.note, row.by, row.weight) == (
        True, {"1": None, "2": False, "3": None}, "Seen.", desk.binh, 1,
    )  # fmt: skip
    assert [(each.source.slug, each.held, each.weight) for each in SourceOutcome.objects.select_related("source")] == [
        ("denial", False, 2)
    ]
    after = page(binh.get(url_of(live)))
    assert "Your verdict on version 1 is kept, and what it says of the sources." in after.one("body").words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"note": "Seen.", "citation-1": "held"}, "Say whether the claim stood."),
        ({"note": "Seen.", "claim": "perhaps"}, "Say whether the claim stood."),
        ({"claim": "failed", "citation-1": "none", "citation-2": "held"}, "Write a note: it says why."),
        ({"claim": "held", "note": "Seen.", "seen": "0-0-0"},
         "Something changed while you were reading. Look again, then judge."),
    ],
)  # fmt: skip
def test_a_refusal_keeps_what_was_typed(
    typed: dict[str, str], sentence: str, live: Publication, desk: Desk, enter: Enter
) -> None:
    binh = enter(desk.binh)
    form = changed(form_of(page(binh.get(url_of(live)))), typed)
    with unchanged():
        response = binh.post(url_of(live), form)
    shown = page(response)
    assert (response.status_code, shown.said("desk-refused")) == (409, [sentence])
    kept = form_of(shown)
    assert kept.pop("csrfmiddlewaretoken")
    assert kept == {
        name: [value]
        for name, value in {"note": "", **typed, "seen": factories.case(live).seen}.items()
        if value != "perhaps"
    }


@pytest.mark.parametrize(("who", "sentence"), [
    ("chi", "Only Reviewers may do this."),
    ("dung", "You contributed to this version, so somebody else has to judge whether it stood."),
])  # fmt: skip
def test_who_may_not_judge_is_told_why_and_has_no_form(
    who: str, sentence: str, article: Article, desk: Desk, enter: Enter
) -> None:
    edit(article, desk.dung, summary_en="By Dung.")
    live = factories.published(Article.objects.get(pk=article.pk), desk=desk)
    judge(live, by=desk.binh, note="It was so.")
    client = enter(getattr(desk, who))
    shown = page(client.get(url_of(live)))
    assert sentence in told(shown)
    assert "It was so." in told(shown)
    assert shown.all("form", method="post", **{"class": "desk-decision"}) == []
    with unchanged():
        response = client.post(url_of(live), {"claim": "held", "note": "So.", "seen": factories.case(live).seen})
    assert (response.status_code, page(response).said("desk-refused")) == (409, [sentence])


def test_what_was_never_public_has_no_form(article: Article, desk: Desk, enter: Enter) -> None:
    waiting = factories.approved(article, desk=desk)
    shown = page(enter(desk.binh).get(url_of(waiting)))
    assert "This version was never public: there is nothing that could have stood." in told(shown)
    assert shown.all("form", **{"class": "desk-decision"}) == []
    assert shown.said("desk-number") == []


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_version_that_is_not_there_is_not_found(number: int, live: Publication, desk: Desk, enter: Enter) -> None:
    assert enter(desk.binh).get(url_of(live, number)).status_code == 404
    assert enter(desk.binh).get(url_of(Publication(pk=99), 1)).status_code == 404


# --- where it is found -------------------------------------------------------------------------------


def found_at(client_page: Page) -> list[str]:
    return [link["href"] for link in client_page.all("a") if "/judge/" in link["href"]]


def test_the_article_leads_to_what_is_live_or_was_withdrawn(article: Article, desk: Desk, enter: Enter) -> None:
    binh = enter(desk.binh)
    factories.approved(article, "vi", desk=desk)
    assert found_at(page(binh.get(change_url(article)))) == []
    live = factories.published(article, desk=desk)
    assert found_at(page(binh.get(change_url(article)))) == [url_of(live)]
    afterwards.corrected(article, desk=desk, note="No.")
    assert found_at(page(binh.get(change_url(article)))) == [url_of(live, 2)] == [standing.judge_url(live, 2)]
    afterwards.withdrawn(article, desk=desk)
    assert found_at(page(binh.get(change_url(article)))) == [url_of(live, 2)]


def test_the_history_leads_from_each_change_of_substance_to_what_it_changed(
    article: Article, live: Publication, desk: Desk, enter: Enter
) -> None:
    for kind in ("typo", "update"):
        afterwards.corrected(article, desk=desk, kind=kind, note=kind)
    afterwards.withdrawn(article, desk=desk)
    shown = page(enter(desk.binh).get(reverse("admin:articles_article_history", args=[article.pk])))
    assert found_at(shown) == [url_of(live, 3), url_of(live, 2)]
    assert [link.words for link in shown.all("a") if "/judge/" in link["href"]] == [
        "Did the claim of version 3 stand?", "Did the claim of version 2 stand?",
    ]  # fmt: skip


def test_the_screen_costs_the_same_however_much_was_cited_and_judged(desk: Desk, enter: Enter) -> None:
    def asked(count: int) -> int:
        row = factories.article(desk.an, f"With{count}")
        for number in range(count):
            factories.cite(row, desk.an, factories.source(f"s{number}"))
        live = factories.published(row, desk=desk)
        for number in range(count):
            judge(live, by=desk.binh if number % 2 else desk.dung)
        with CaptureQueriesContext(connection) as queries:
            assert binh.get(url_of(live)).status_code == 200
        return len(queries)

    binh = enter(desk.binh)
    binh.get("/admin/")
    assert asked(1) == asked(30)
