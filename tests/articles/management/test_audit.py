"""`manage.py audit`: what it draws by default, what it says, what it refuses."""

import re
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from articles.models import Audit
from tests import factories
from tests.articles.steps import everything
from tests.factories import Desk

pytestmark = pytest.mark.django_db

NOON = datetime.fromisoformat("2026-11-26T12:00+07:00")


def audit(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def twelve(desk: Desk) -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(12):
            article = factories.article(desk.an, f"No{number}")
            factories.cite(article, desk.an)
            factories.published(article, desk=desk)


def test_a_tenth_of_what_has_been_live_for_a_month(twelve: None) -> None:
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        told = audit("--seed", "7")
    rows = list(Audit.objects.order_by("pk"))
    assert told == ["Versions drawn: 2 of 12, with the seed 7.", *(f"  {row.version}" for row in rows)]
    assert [(row.seed, row.by) for row in rows] == [(7, None)] * 2
    assert len({row.version_id for row in rows}) == 2


def test_what_has_been_live_for_less_is_left(twelve: None) -> None:
    with time_machine.travel(NOON + timedelta(days=29), tick=False):
        assert audit("--seed", "7") == ["Versions drawn: 0 of 0, with the seed 7."]
        assert audit("--seed", "7", "--days", "29")[0] == "Versions drawn: 2 of 12, with the seed 7."


def test_a_seed_of_its_own_is_told_and_kept(twelve: None) -> None:
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        told = audit("--share", "1")
    match = re.fullmatch(r"Versions drawn: 12 of 12, with the seed ([0-9]+)\.", told[0])
    assert match
    assert set(Audit.objects.values_list("seed", flat=True)) == {int(match[1])}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--share", "a tenth"), "a tenth is no number"),
        (("--share", "nan"), "a share lies between 0.01 and 1, not nan"),
        (("--share", "10"), "a share lies between 0.01 and 1, not 10"),
        (("--share", "0"), "a share lies between 0.01 and 1, not 0"),
        (("--seed", "-1"), "-1 is no seed: take a whole number below 2⁶³"),
        (("--seed", str(2**63)), f"{2**63} is no seed: take a whole number below 2⁶³"),
        (("--days", "soon"), "soon is no number of days"),
        (("--days", "9999999"), "9999999 is no number of days"),
    ],
)
def test_what_cannot_be_drawn_by_is_refused(arguments: tuple[str, ...], reason: str, twelve: None) -> None:
    before = everything()
    with pytest.raises(CommandError, match=f"{reason}$"):
        audit(*arguments)
    assert everything() == before
