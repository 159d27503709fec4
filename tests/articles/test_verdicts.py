"""What a verdict on a citation says of its source, by hand."""

from decimal import Decimal

import pytest

from articles.confidence import Stance
from articles.verdicts import Bearing, bearing


@pytest.mark.parametrize(
    ("stance", "held", "expected"),
    [
        (Stance.SUPPORTS, True, Bearing(True, Decimal(1))),
        (Stance.SUPPORTS, False, Bearing(False, Decimal(1))),
        (Stance.CONTRADICTS, True, Bearing(True, Decimal("0.5"))),
        (Stance.CONTRADICTS, False, Bearing(False, Decimal(2))),
        (Stance.CONTEXT, True, None),
        (Stance.CONTEXT, False, None),
        (Stance.SUPPORTS, None, None),
        (Stance.CONTRADICTS, None, None),
    ],
)
def test_what_is_said_of_a_source(stance: Stance, held: bool | None, expected: Bearing | None) -> None:
    assert bearing(stance, held, Decimal(1)) == expected


def test_what_was_drawn_counts_for_those_that_were_not() -> None:
    assert bearing(Stance.CONTRADICTS, False, Decimal("9.333")) == Bearing(False, Decimal("18.666"))
    assert bearing(Stance.SUPPORTS, True, Decimal(10)) == Bearing(True, Decimal(10))
