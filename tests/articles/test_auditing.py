"""The audit sample: from what it is drawn, that chance alone decides, and that nothing is drawn twice."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from articles import auditing, workflow
from articles.auditing import draw
from articles.models import Article, Audit, Publication, Version
from tests import factories
from tests.articles import afterwards
from tests.articles.steps import everything, refused_by_the_database
from tests.factories import Desk, judge

pytestmark = pytest.mark.django_db

NOON = datetime.fromisoformat("2026-11-26T12:00+07:00")


def published(desk: Desk, marker: str, **fields: str) -> Publication:
    article = factories.article(desk.an, marker, **fields)
    factories.cite(article, desk.an, factories.source("report"), url=f"https://report.org/{marker}")
    return factories.published(article, desk=desk)


def test_what_is_live_with_a_number_and_was_neither_judged_nor_drawn_can_be_drawn(desk: Desk) -> None:
    made = {name: published(desk, name) for name in ("Plain", "Corrected", "Withdrawn", "Judged", "Drawn")}
    published(desk, "Opinion", kind="opinion")
    unsourced = factories.article(desk.an, "Unsourced")
    factories.published(unsourced, desk=desk)
    unrated = factories.article(desk.an, "Unrated")
    factories.cite(unrated, desk.an, factories.source("fresh", tier=None))
    factories.published(unrated, desk=desk)
    waiting = factories.article(desk.an, "Waiting")
    factories.cite(waiting, desk.an)
    factories.approved(waiting, desk=desk)
    afterwards.corrected(made["Corrected"].article, desk=desk, note="No.")
    afterwards.withdrawn(made["Withdrawn"].article, desk=desk)
    judge(made["Judged"], by=desk.binh)
    Audit.objects.create(version=made["Drawn"].live, chance=1, seed=1)
    found = Version.objects.to_draw(timezone.now())
    assert [(row.headline, row.number) for row in found] == [("Headline Plain", 1), ("Headline Corrected", 2)]


def test_what_has_not_been_live_long_enough_waits_for_a_later_draw(desk: Desk) -> None:
    with time_machine.travel(NOON, tick=False):
        old = published(desk, "Old")
        factories.approved(Article.objects.get(pk=published(desk, "New").article_id), "vi", desk=desk)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        new = Publication.objects.get(language="vi")
        workflow.publish(new, by=desk.chi, version=1)
    assert old.live in Version.objects.to_draw(NOON)
    assert new.live not in Version.objects.to_draw(NOON + timedelta(hours=23))
    assert Version.objects.get(language="vi") in Version.objects.to_draw(NOON + timedelta(days=1))


@pytest.fixture
def ten(desk: Desk) -> list[int]:
    return [published(desk, f"No{number}").live_id or 0 for number in range(10)]


@pytest.mark.parametrize(("share", "count"), [("0.01", 1), ("0.1", 1), ("0.11", 2), ("0.5", 5), ("1", 10)])
def test_a_share_rounded_up_is_drawn_and_the_chance_is_what_it_came_to(
    share: str, count: int, ten: list[int], desk: Desk
) -> None:
    done = draw(Decimal(share), seed=7, live_since=timezone.now(), by=desk.binh)
    rows = Audit.objects.order_by("pk")
    assert (len(done.drawn), done.among) == (count, 10)
    assert {(row.chance, row.seed, row.by) for row in rows} == {(Decimal(count) / 10, 7, desk.binh)}
    assert list(rows) == done.drawn


def test_the_same_seed_draws_the_same_and_another_others(ten: list[int]) -> None:
    def drawn(seed: int) -> list[int]:
        with transaction.atomic():
            found = draw(Decimal("0.3"), seed=seed, live_since=timezone.now()).drawn
            transaction.set_rollback(True)
        return [row.version_id for row in found]

    assert drawn(7) == drawn(7)
    assert len({tuple(drawn(seed)) for seed in range(8)}) > 1
    assert {pk for seed in range(40) for pk in drawn(seed)} == set(ten)


def test_nothing_is_drawn_twice(ten: list[int]) -> None:
    drawn = []
    while (done := draw(Decimal("0.4"), seed=7, live_since=timezone.now())).drawn:
        drawn += [row.version_id for row in done.drawn]
    assert sorted(drawn) == ten
    before = everything()
    assert draw(Decimal(1), seed=8, live_since=timezone.now()) == auditing.Draw([], 0)
    assert everything() == before


@pytest.mark.parametrize("share", ["0", "0.009", "1.01", "-1"])
def test_a_share_is_a_share(share: str) -> None:
    with pytest.raises(ValueError, match=f"^a share lies between 0.01 and 1, not {share}$"):
        draw(Decimal(share), seed=1, live_since=timezone.now())


@pytest.mark.parametrize("chance", ["0", "1.000001", "-0.5"])
def test_the_database_refuses_a_chance_that_is_none(chance: str, desk: Desk) -> None:
    version = published(desk, "Alpha").live
    with refused_by_the_database("audit_chance_within_one"):
        Audit.objects.create(version=version, chance=Decimal(chance), seed=1)
