"""What the page about the method shows: the constants as fractions, the words with their ranges, an example. All of it
from the arithmetic itself, so that the page cannot say anything else than what is computed.
"""

from dataclasses import dataclass
from fractions import Fraction

from articles.confidence import (
    POLICY,
    Evidence,
    Likelihood,
    Policy,
    Row,
    Stance,
    Workings,
    assess,
    likelihood,
)

Shown = str | float


@dataclass(frozen=True, slots=True)
class Method:
    policy: Policy
    start: Shown
    start_percent: int
    tiers: list[tuple[int, Shown]]  # of a source without an outcome, how often we expect its reports to stand
    worth: Shown
    unverified: Shown
    second_hand: Shown
    unreachable: Shown
    successive: Shown
    tail: int  # per cent
    words: list[tuple[Likelihood, int, int]]
    example: Workings
    row: Row
    record: Shown
    reach: Shown


def method(policy: Policy = POLICY) -> Method:
    """The example: one tier 1 source, first-hand, not yet verified, with nothing on its record."""
    example = assess(
        [
            Evidence(
                number=1,
                voice="1",
                stance=Stance.SUPPORTS,
                tier=1,
                held=0.0,
                failed=0.0,
                first_hand=True,
                verified=False,
                reachable=True,
            )
        ],
        policy,
    )
    row = example.rows[0]
    return Method(
        policy=policy,
        start=fraction(policy.start),
        start_percent=example.start_percent,
        tiers=[(tier, fraction(mean)) for tier, mean in enumerate(policy.means, 1)],
        worth=fraction(policy.worth),
        unverified=fraction(policy.unverified),
        second_hand=fraction(policy.second_hand),
        unreachable=fraction(policy.unreachable),
        successive=fraction(policy.successive),
        tail=round(policy.tail * 100),
        words=words(),
        example=example,
        row=row,
        record=fraction(row.record),
        reach=fraction(row.reach),
    )


def words() -> list[tuple[Likelihood, int, int]]:
    """Each word with the lowest and the highest per cent that it stands for, the most likely first."""
    percents: dict[Likelihood, list[int]] = {}
    for percent in range(99, 0, -1):
        percents.setdefault(likelihood(percent), []).append(percent)
    return [(word, min(each), max(each)) for word, each in percents.items()]


def fraction(value: float) -> Shown:
    """As on paper: 1/3, 12; where it is no plain fraction, as after a fit, three decimals of it."""
    plain = Fraction(value).limit_denominator(100)
    return str(plain) if abs(plain - Fraction(value)) < 1e-9 else round(value, 3)
