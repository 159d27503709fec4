"""`manage.py explain`: what the page says, as text."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from articles import workflow
from articles.models import Publication
from newsroom.demo.desk import build
from tests import factories
from tests.articles.afterwards import assessed_again, corrected, withdrawn
from tests.articles.test_views import asked
from tests.factories import Desk

pytestmark = pytest.mark.django_db

URL = "https://news.example/en/articles/headline-alpha/?utm=1#why"


def explained(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("explain", *arguments, stdout=out)
    return out.getvalue().splitlines()


def english(row: Any) -> str:
    with override("en"):
        return date_format(localtime(row.at), "DATE_FORMAT")


@pytest.fixture
def live(desk: Desk) -> Publication:
    factories.author("Binh Tran", user=desk.binh)
    article = factories.article(desk.an)
    factories.cite(article, desk.an, factories.source("post"))
    paper = factories.source("paper", tier=2)
    factories.cite(article, desk.an, paper, first_hand=False, origin=factories.source("post"), title="")
    factories.cite(article, desk.an, factories.source("rival", tier=2), stance="contradicts")
    factories.published(article, desk=desk)
    return Publication.objects.for_readers().get()


def test_it_prints_the_claim_every_row_and_what_would_change_it(live: Publication) -> None:
    approval = live.live_approval
    assert approval is not None
    assert explained(URL) == [
        "Headline Alpha",
        "",
        "The claim: “Headline Alpha”",
        "We put the chance that this claim will stand, without a substantive correction, at 41%.",
        "If its sources are more or less reliable than their records say, it could be anything from 27 to 56%.",
        "It rests on thin evidence.",
        "",
        "    33  Start: any claim before its sources",
        "   +25  [1] Document 1 · Post: tier 1, first-hand, not yet verified by us",
        "   −17  [3] Document 3 · Rival: contradicts the claim, tier 2, first-hand, not yet verified by us",
        "     –  [2] https://paper.org/2 · Paper: repeats the same origin: adds nothing to source 1",
        "   41%  Confidence",
        "",
        "What would change it:",
        "  41 → 71% if we verify source 1",
        "  41 → 26% if we verify source 3",
        "  41 → 54% if an independent tier 1 source confirms it",
        "  41 → 26% if an independent tier 1 source contradicts it",
        "Computed from the citations by policy 2026.1; nobody can type a number.",
        "",
        f"Reviewed: Binh Tran, {english(approval)}, exactly these words",
        "  Fine.",
        "Corrections: none so far",
        f"Version 1, SHA-256 {approval.digest}",
    ]


def test_corrections_and_a_reassessment_are_told(live: Publication, desk: Desk) -> None:
    row = corrected(live.article, desk=desk, note="Seven,\nnot eleven.")
    factories.source("post").outcomes.create(held=False, reason="Fell.", by=desk.chi, subject="elsewhere")
    again = assessed_again(live.article, desk=desk, note="Its record is worse.")
    told = explained(URL)
    assert told[-6:] == [
        "  Fine.",
        f"Confidence assessed again: Binh Tran, {english(again)}",
        "  Its record is worse.",
        "Corrections",
        f"  {english(row)}, correction: Seven, not eleven.",
        f"Version 2, SHA-256 {row.version.digest}",
    ]


def test_of_a_withdrawn_article_the_reason_alone(live: Publication, desk: Desk) -> None:
    row = withdrawn(live.article, desk=desk, note="Never counted.")
    assert explained(URL) == ["This article was withdrawn", f"  {english(row)}, withdrawal: Never counted."]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "opinion"}, "Opinion: makes no claim of fact that a number could be of"),
        ({}, "No source is cited for or against the claim, so there is no number."),
    ],
)
def test_where_there_is_no_number_it_says_why(desk: Desk, fields: dict[str, Any], says: str) -> None:
    factories.published(factories.article(desk.an, **fields), desk=desk)
    told = explained(URL)
    assert says in told
    assert not any("%" in line for line in told)


def test_rows_of_an_unrated_source_have_no_points(desk: Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, factories.source("new", tier=None))
    factories.published(article, desk=desk)
    assert "  [1] Document 1 · New: not rated, first-hand, not yet verified by us" in explained(URL)


def test_the_words_are_in_the_language_asked_for_else_in_the_articles(live: Publication, desk: Desk) -> None:
    english, vietnamese = explained(URL), explained(URL, "--language", "vi")
    assert english == explained(URL, "--language", "en") == explained("/en/articles/headline-alpha/record.json")
    assert vietnamese[0] == english[0] == "Headline Alpha"
    assert not set(filter(str.strip, vietnamese)) >= set(filter(str.strip, english[3:8]))
    factories.published(live.article, "vi", desk=desk)
    with override("en"):
        assert explained("/vi/articles/tieu-de-alpha/") == explained("/vi/articles/tieu-de-alpha/", "--language", "vi")


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "https://news.example/", "/en/", "/en/ledger/", "/articles/headline-alpha/",
     "/en/articles/nothing/", "/fr/articles/headline-alpha/", "/admin/", "/en/articles/headline-draft/", "http://[",],
)  # fmt: skip
def test_an_address_of_nothing_published_is_a_sentence(live: Publication, desk: Desk, url: str) -> None:
    factories.approved(factories.article(desk.an, "Draft"), desk=desk)
    with override("en"), pytest.raises(CommandError) as refused:
        explained(url)
    assert str(refused.value) == f"No article was ever published at {url}."


def test_a_self_review_is_said(desk: Desk, settings: Any) -> None:
    settings.NEWSROOM_SOLO_DESK = True
    article = factories.article(desk.dung)
    factories.cite(article, desk.dung)
    workflow.submit(article, "en", by=desk.dung)
    publication = Publication.objects.get()
    row = workflow.approve(publication, by=desk.dung, seen=factories.seen(publication), note="Mine.")
    workflow.publish(publication, by=desk.chi, version=1)
    assert f"Self-reviewed: a reviewer of this desk, {english(row)}, exactly these words" in explained(URL)


def test_it_writes_nothing_and_every_demo_article_is_explained(db: None) -> None:
    list(build())
    live = list(Publication.objects.live().for_readers())
    for publication in live:
        assert publication.live is not None
        with asked() as statements:
            told = explained(f"/{publication.language}/articles/{publication.live.slug}/")
        assert told[0] == publication.live.headline
        assert len(statements) == 2
        assert all(sql.startswith("SELECT") for sql in statements)
    assert len(live) > 20
