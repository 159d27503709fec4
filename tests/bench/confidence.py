"""How long the arithmetic takes, against what it promises: `python -m tests.bench.confidence`. Exits with 1 if it is
longer.

Medians of many runs in this process, the range's percentiles remembered from the first, as they are on a desk that
serves pages.
"""

import sys
from collections.abc import Callable
from itertools import islice
from random import Random
from statistics import median
from time import perf_counter

from articles.confidence import POLICY, Evidence, Stance, assess
from articles.fitting import Judged, fitted
from tests.articles.synthetic import chance_of, claims, constants, sources

SIX = [
    Evidence(
        number=number,
        voice=f"voice {number}",
        stance=Stance.CONTRADICTS if number == 6 else Stance.SUPPORTS,
        tier=1 + number % 4,
        held=float(number),
        failed=1.0,
        first_hand=number % 2 == 0,
        verified=number % 3 == 0,
        reachable=True,
    )
    for number in range(1, 7)
]


def timed(work: Callable[[], object], runs: int) -> float:
    """The median of so many runs, in seconds."""
    taken = []
    for _run in range(runs):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return median(taken)


def outcomes(number: int) -> list[Judged]:
    chance = Random(0)  # noqa: S311
    true = constants(chance)
    drawn = islice(claims(chance, sources(chance, true)), number)
    return [Judged(evidence, chance.random() < chance_of(evidence, true)) for evidence in drawn]


def main() -> int:
    judged = outcomes(2000)
    figures = [
        ("assess 6 citations", 1000 * timed(lambda: assess(SIX, POLICY), 2000), 0.2, "ms"),
        ("fit 2,000 outcomes", timed(lambda: fitted(judged), 3), 30.0, "s"),
    ]
    for name, taken, promised, unit in figures:
        late = "" if taken < promised else "  TOO LONG"
        print(f"{name:24} {taken:8.3f} {unit:2} (promised: under {promised:g} {unit}){late}")  # noqa: T201
    return int(any(taken >= promised for _name, taken, promised, _unit in figures))


if __name__ == "__main__":
    sys.exit(main())
