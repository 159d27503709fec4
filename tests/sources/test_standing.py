"""Where sources stand now: gathered, not judged."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.models import Source, SourceAssessment, SourceOutcome
from sources.standing import Standing, owned_by, standings, standings_beside, top_owners
from tests import factories

pytestmark = pytest.mark.django_db

HOLDS = date(2030, 1, 1)


def assess(source: Source, tier: int, by: Any) -> None:
    SourceAssessment(source=source, tier=tier, assessor=by, review_by=HOLDS).save()


def outcome(source: Source, held: bool, by: Any, **fields: Any) -> None:
    SourceOutcome.objects.create(source=source, held=held, reason="Checked.", by=by, **fields)


def test_a_source_nobody_assessed_stands_without_tier_or_record() -> None:
    row = factories.source("fresh", tier=None)
    assert standings([row.pk]) == {row.pk: Standing(None, 0.0, 0.0, row.pk)}


def test_the_latest_assessment_is_the_tier(desk: factories.Desk) -> None:
    row = factories.source("example", tier=1)
    assess(row, 4, desk.chi)
    assess(row, 3, desk.chi)
    assert standings([row.pk])[row.pk].tier == 3


def test_a_source_is_to_be_assessed_again_by_the_day_of_its_latest_assessment(desk: factories.Desk) -> None:
    row = factories.source("example")
    for day in (date(2031, 1, 1), date(2025, 1, 1)):
        SourceAssessment(source=row, tier=2, assessor=desk.chi, review_by=day).save()
    assert standings([row.pk]) == {row.pk: Standing(2, 0.0, 0.0, row.pk, date(2025, 1, 1))}


def test_outcomes_are_summed_by_weight_for_each_source(desk: factories.Desk) -> None:
    one, two = factories.source("one"), factories.source("two")
    outcome(one, True, desk.chi)
    outcome(one, True, desk.chi, weight=Decimal("0.5"))
    outcome(one, False, desk.chi, weight=Decimal(2))
    outcome(two, False, desk.chi)
    assert standings([one.pk, two.pk]) == {
        one.pk: Standing(1, 1.5, 2.0, one.pk, HOLDS),
        two.pk: Standing(1, 0.0, 1.0, two.pk, HOLDS),
    }


def test_outcomes_of_the_subject_left_out_do_not_count(desk: factories.Desk) -> None:
    row = factories.source()
    for subject in ("article:1", "article:10", ""):
        outcome(row, True, desk.chi, subject=subject)
    assert standings([row.pk])[row.pk].held == 3.0
    assert standings([row.pk], leaving_out="article:1")[row.pk].held == 2.0


def test_of_one_subject_the_latest_word_counts_and_may_be_none(desk: factories.Desk) -> None:
    one, two = factories.source("one"), factories.source("two")
    outcome(one, True, desk.chi, subject="article:1/a")
    outcome(one, False, desk.chi, subject="article:1/a", weight=Decimal(2))
    outcome(two, True, desk.chi, subject="article:1/a")  # another source's is another
    outcome(one, True, desk.chi, subject="article:1/b")
    for _time in range(2):
        outcome(one, True, desk.chi)  # of no subject: each counts
    assert standings([one.pk, two.pk]) == {
        one.pk: Standing(1, 3.0, 2.0, one.pk, HOLDS),
        two.pk: Standing(1, 1.0, 0.0, two.pk, HOLDS),
    }
    outcome(one, False, desk.chi, subject="article:1/a", weight=Decimal(0))
    assert standings([one.pk])[one.pk] == Standing(1, 3.0, 0.0, one.pk, HOLDS)


def test_parts_of_the_subject_left_out_do_not_count_either(desk: factories.Desk) -> None:
    row = factories.source()
    for subject in ("article:12", "article:12/a", "article:12/b", "article:123/a", "article:1/a", "x/article:12/a", ""):
        outcome(row, True, desk.chi, subject=subject)
    assert standings([row.pk], leaving_out="article:12")[row.pk].held == 4.0


def test_for_many_subjects_each_leaves_out_its_own_alone(desk: factories.Desk) -> None:
    one, two = factories.source("one"), factories.source("two")
    for source, subject, weight in [
        (one, "article:1", "0.1"), (one, "article:2", "0.2"), (one, "article:10", "0.7"), (one, "", "1"),
        (two, "article:1", "4"),
    ]:  # fmt: skip
        outcome(source, True, desk.chi, subject=subject, weight=Decimal(weight))
    wanted = {"article:1": [one.pk, two.pk], "article:2": [one.pk], "article:3": [one.pk], "": [one.pk]}
    found = standings_beside(wanted)
    assert {subject: {pk: each.held for pk, each in rows.items()} for subject, rows in found.items()} == {
        "article:1": {one.pk: 1.9, two.pk: 0.0},
        "article:2": {one.pk: 1.8},
        "article:3": {one.pk: 2.0},  # as one sum, not 0.1 + 0.2 and so on of a machine
        "": {one.pk: 2.0},
    }
    assert found == {subject: standings(ids, leaving_out=subject) for subject, ids in wanted.items()}


def test_what_a_source_owns_through_others_is_owned_by_it() -> None:
    group = factories.source("group")
    house = factories.source("house", owner=group)
    paper, beside = factories.source("paper", owner=house), factories.source("beside")
    assert owned_by([group.pk]) == {group.pk, house.pk, paper.pk}
    assert owned_by([house.pk, beside.pk]) == {house.pk, paper.pk, beside.pk}
    Source.objects.filter(pk=group.pk).update(owner=paper)
    assert owned_by([paper.pk]) == {group.pk, house.pk, paper.pk}  # a circle comes to an end
    assert owned_by([]) == set()


def test_the_voice_is_the_owner_of_owners() -> None:
    group = factories.source("group")
    house = factories.source("house", owner=group)
    paper, other = factories.source("paper", owner=house), factories.source("other", owner=group)
    alone = factories.source("alone")
    assert top_owners([paper.pk, other.pk, group.pk, alone.pk]) == {
        paper.pk: group.pk,
        other.pk: group.pk,
        group.pk: group.pk,
        alone.pk: alone.pk,
    }
    assert standings([paper.pk])[paper.pk].voice == group.pk


def test_owners_in_a_circle_come_to_an_end() -> None:
    """The form refuses a circle; whoever makes one past it must not hang the desk."""
    one, two = factories.source("one"), factories.source("two")
    Source.objects.filter(pk=one.pk).update(owner=two)
    Source.objects.filter(pk=two.pk).update(owner=one)
    assert top_owners([one.pk, two.pk]).keys() == {one.pk, two.pk}


def test_nobody_stands_nowhere() -> None:
    assert standings([]) == {}


def test_the_number_of_queries_does_not_grow_with_the_number_of_sources(desk: factories.Desk) -> None:
    def asked(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            standings(ids)
        return len(queries)

    group = factories.source("group")
    ids = [factories.source(f"paper{n}", owner=group).pk for n in range(30)]
    assert asked(ids[:1]) == asked(ids) == 4
