"""What came of the claims that were judged: what was predicted of each, and on what evidence. Queries, no judgement."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from math import tanh
from typing import Any

from django.db.models import QuerySet

from articles.assessing import subject
from articles.calibration import Prediction
from articles.confidence import Evidence, State
from articles.fitting import Judged
from articles.kinds import RATED_KINDS
from articles.models import Verdict
from articles.record import inputs
from sources.models import Source, SourceOutcome
from sources.standing import heads


def judged() -> list[Prediction]:
    """What each judged version showed, before it was rounded, and whether its claim stood. One query."""
    return [
        Prediction((1 + tanh(float(_workings(row)["log_odds"]) / 2)) / 2, row.held, float(row.weight))
        for row in _rated().select_related("approval")
    ]


def judged_anew() -> list[Judged]:
    """Their evidence with the records that the sources have today, what came of the article itself left out: for
    whoever looks for better constants. Three queries.
    """
    records = _Records()
    rows = _rated().select_related("approval", "version").defer("version__body")
    return [Judged(tuple(_today(row, records)), row.held, float(row.weight)) for row in rows]


class _Records:
    """The record of every source, and what each article adds to it."""

    def __init__(self) -> None:
        self.whole: defaultdict[tuple[int, bool], Decimal] = defaultdict(Decimal)
        self.parts: defaultdict[tuple[int, bool, str], Decimal] = defaultdict(Decimal)
        self.heads = heads(Source.objects.order_by().values_list("pk", flat=True))
        rows = SourceOutcome.objects.counting().order_by().values_list("source", "held", "subject", "weight")
        for source, held, about, weight in rows.iterator():
            self.whole[self.heads[source], held] += weight
            self.parts[self.heads[source], held, about.partition("/")[0]] += weight

    def without(self, article: int, source: int, *, held: bool) -> float:
        """As `standings(…, leaving_out=subject(article))` has it."""
        head = self.heads[source]
        return float(self.whole[head, held] - self.parts[head, held, subject(article)])


def _rated() -> "QuerySet[Verdict]":
    """The verdicts that stand, on versions that showed a number."""
    rated = {"version__kind__in": RATED_KINDS, "approval__confidence__workings__state": State.RATED.value}
    return Verdict.objects.standing().filter(**rated)


def _workings(row: Verdict) -> dict[str, Any]:
    workings: dict[str, Any] = (row.approval.confidence or {})["workings"]
    return workings


def _today(row: Verdict, records: _Records) -> Iterator[Evidence]:
    article = row.version.article_id
    sources = {cited["number"]: cited["source"]["id"] for cited in row.version.citations}
    for plain in inputs(row.approval):
        source = sources[plain["number"]]
        held, failed = (records.without(article, source, held=held) for held in (True, False))
        yield replace(Evidence.from_json(plain), held=held, failed=failed)
