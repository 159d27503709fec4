"""What a verdict on one citation says of its source: for it or against it, and how much.

Here: the weights, with their reason. Not here: who judges and when (`judging`), or what a record makes of outcomes
(`sources.reliability`). Pure: no query, no clock, no settings.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from articles.confidence import Stance


class Bearing(NamedTuple):
    """One outcome of a source: what it reported held or failed, and how many such reports that counts as."""

    held: bool
    weight: Decimal


NOTHING: Final = Bearing(False, Decimal(0))

# Denying is easier than reporting: most unproven claims fall, so that whoever denies them all is mostly borne out. A
# denial that was right counts half of a report that was, one that was wrong counts as two.
WEIGHTS: Final = {
    (Stance.SUPPORTS, True): Decimal(1),
    (Stance.SUPPORTS, False): Decimal(1),
    (Stance.CONTRADICTS, True): Decimal("0.5"),
    (Stance.CONTRADICTS, False): Decimal(2),
}


def bearing(stance: Stance, held: bool | None, weight: Decimal) -> Bearing | None:
    """What it says of the source that its citation of this `stance` held or failed, by a verdict of this `weight`;
    None where it says nothing: of mere context, and of what was not judged.
    """
    if held is None or (stance, held) not in WEIGHTS:
        return None
    return Bearing(held, WEIGHTS[stance, held] * weight)
