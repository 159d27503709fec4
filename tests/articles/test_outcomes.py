"""What calibration and fitting are given: of each judged version what it showed, and the records without itself."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import auditing, outcomes
from articles.assessing import assess
from articles.calibration import Prediction
from articles.fitting import Judged
from articles.models import Article, Publication, ReviewStatus, Verdict
from sources.models import SourceOutcome
from tests import factories
from tests.articles import afterwards
from tests.factories import Desk, judge

pytestmark = pytest.mark.django_db


def published(desk: Desk, marker: str, *slugs: str, language: str = "en", **fields: Any) -> Publication:
    article = factories.article(desk.an, marker, **fields)
    for slug in slugs:
        factories.cite(article, desk.an, factories.source(slug), url=f"https://{slug}.org/{marker}")
    return factories.published(article, language, desk=desk)


def test_what_was_shown_is_taken_before_it_was_rounded(desk: Desk) -> None:
    live = published(desk, "Alpha", "one", "two")
    judge(live, by=desk.binh, held=False)
    [found] = outcomes.judged()
    # by hand: 7/12 by itself, and half of its weight again
    odds = 7 / 5 * (7 / 5 / (1 / 2)) ** 0.5
    assert found == Prediction(found.probability, False, 1.0)
    assert found.probability == pytest.approx(odds / (1 + odds), abs=1e-9)


def test_only_standing_verdicts_on_versions_that_showed_a_number_are_told(desk: Desk) -> None:
    live = published(desk, "Alpha", "one")
    judge(live, by=desk.binh, held=False)
    judge(live, by=desk.binh, held=True)
    for other in (
        published(desk, "Opinion", "one", kind="opinion"),
        published(desk, "Unsourced"),
    ):
        judge(other, by=desk.binh)
    fresh = factories.article(desk.an, "Unrated")
    factories.cite(fresh, desk.an, factories.source("fresh", tier=None))
    judge(factories.published(fresh, desk=desk), by=desk.binh)
    published(desk, "Silent", "one")
    assert Verdict.objects.count() == 5
    assert [(row.held, row.weight) for row in outcomes.judged()] == [(True, 1.0)]
    assert [row.held for row in outcomes.judged_anew()] == [True]


def test_each_version_is_told_by_its_own_number_and_what_was_drawn_by_its_weight(desk: Desk) -> None:
    live = published(desk, "Alpha", "one")
    published(desk, "Beta", "one")
    draw = auditing.draw(Decimal("0.5"), seed=1, live_since=timezone.now())
    drawn = Publication.objects.get(live=draw.drawn[0].version)
    judge(drawn, by=desk.binh)
    article = Article.objects.get(pk=live.article_id)
    factories.cite(article, desk.an, factories.source("two"))
    afterwards.corrected(article, desk=desk, note="No.", summary="Second.")
    judge(live, by=desk.binh, version=2, held=False)
    assert [(round(100 * row.probability), row.held, row.weight) for row in outcomes.judged()] == [
        (58, True, 2.0), (70, False, 1.0),
    ]  # fmt: skip


def test_the_evidence_is_that_of_the_approval_with_the_records_of_today_without_itself(desk: Desk) -> None:
    """Of each judged version what assessing it anew would take, where nothing but the records has changed."""
    rows = [published(desk, f"No{number}", "one", "two") for number in range(3)]
    vietnamese = factories.published(rows[0].article, "vi", desk=desk)
    for number, row in enumerate(rows):
        judge(row, by=desk.binh, held=number != 1, citations={1: number != 1, 2: None if number == 2 else True})
    judge(vietnamese, by=desk.binh, citations={1: True})
    SourceOutcome.objects.create(
        source=factories.source("two"), held=False, reason="By hand.", by=desk.chi, weight=Decimal("0.333")
    )
    expected = [
        Judged(tuple(assess(row.live).evidence), held, 1.0)
        for row, held in zip([*rows, vietnamese], (True, False, True, True), strict=True)
        if row.live
    ]
    assert outcomes.judged_anew() == expected
    records = [[(each.held, each.failed) for each in row.evidence] for row in expected]
    assert records == [
        [(1.0, 1.0), (1.0, 0.333)],
        [(2.0, 0.0), (1.0, 0.333)],
        [(1.0, 1.0), (2.0, 0.333)],
        [(1.0, 1.0), (1.0, 0.333)],
    ]


def test_what_has_changed_since_beside_the_records_stays_as_it_was(desk: Desk) -> None:
    live = published(desk, "Alpha", "one")
    judge(live, by=desk.binh)
    before = assess(live.live).evidence if live.live else []
    factories.dead("https://one.org/Alpha")
    assert live.live
    assert assess(live.live).evidence != before
    assert [list(row.evidence) for row in outcomes.judged_anew()] == [before]


def test_a_row_of_before_evidence_was_kept_is_told_by_what_it_counted(desk: Desk) -> None:
    live = published(desk, "Alpha", "one")
    verdict = judge(live, by=desk.binh)
    told = dict(verdict.approval.confidence or {})
    del told["evidence"]
    row = ReviewStatus(confidence=told)
    assert outcomes.inputs(row) == (verdict.approval.confidence or {})["evidence"]


def test_however_many_were_judged_it_takes_the_same_queries(desk: Desk) -> None:
    def asked() -> list[int]:
        counts = []
        for ask in (outcomes.judged, outcomes.judged_anew):
            with CaptureQueriesContext(connection) as queries:
                ask()
            counts.append(len(queries))
        return counts

    def one(number: int) -> None:
        judge(published(desk, f"No{number}", "one", f"s{number}"), by=desk.binh, citations={1: True, 2: False})

    one(0)
    assert asked() == [1, 3]
    for number in range(1, 30):
        one(number)
    assert asked() == [1, 3]
    assert len(outcomes.judged()) == len(outcomes.judged_anew()) == 30
