"""Which constants would have served better: a policy proposed from articles whose fate is known.

Here: penalised maximum likelihood of the constants that decide a number, centred on a published policy, so that few
outcomes move little. Not here: the method itself (`confidence`, whose own arithmetic is what is fitted); where outcomes
come from (models); publishing, which a person does. Pure: no query, no clock, no settings, no language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise, repeat
from math import exp, fsum, inf, log, log1p, tanh
from operator import mul
from typing import Final, NamedTuple, Self, TypeAlias

from articles.calibration import effective
from articles.confidence import POLICY, Evidence, Policy, Stance, State, assess

# How far a constant is expected to lie from the published one: a standard deviation, in its coordinate below. Chosen
# on synthetic desks of other seeds (100 … 129) than those the tests report.
START, WORTH, MEAN, GAP, PART = 1.0, 0.7, 1.0, 0.7, 1.0
PLACES: Final = 2  # of a proposed constant: no more than the page about the method can show as a fraction
STEP: Final = 1e-4  # of a coordinate, to see what it changes
LONGEST: Final = 1.0  # a coordinate moves at a time
CLOSE: Final = 1e-6  # in log-likelihood; less is not worth another round
ROUNDS: Final = 60
HALVINGS: Final = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """An article whose claim held or failed, with its citations as they stood without this outcome."""

    evidence: tuple[Evidence, ...]
    held: bool
    weight: float = 1.0  # 1 / the chance of having been sampled

    def __post_init__(self) -> None:
        if not 0 < self.weight < inf:
            raise ValueError(f"an outcome weighs more than nothing and less than everything, not {self.weight}")


def fitted(judged: Iterable[Judged], policy: Policy = POLICY, *, version: str = "proposed") -> Policy:
    """The policy, called `version`, that is the best compromise of these outcomes and the published `policy`.

    Penalised maximum likelihood (Good & Gaskins 1971, Biometrika 58) by Fisher's scoring. Articles that show no number
    do not enter; if none is left there is nothing to propose, and the answer is `policy` itself. A claim holds with the
    unrounded probability of `confidence.assess`. A weight says whom an outcome stands for, not how much it tells:
    together they count as their effective number, so that twenty sampled of a thousand remain twenty. Any order gives
    the same. What is proposed has `PLACES` decimals and is sound, whatever the outcomes.
    """
    rated = [each for each in judged if assess(each.evidence, policy).state is State.RATED]
    if not rated:
        return policy
    cases = Cases.of(rated, policy)
    centre = _coordinates(policy)
    widths = [START, WORTH, MEAN, *repeat(GAP, len(policy.means) - 1), *repeat(PART, 4)]
    precision = [1 / width**2 for width in widths]

    def loss(at: list[float]) -> float:
        """Minus the logarithm of likelihood and prior, up to a constant."""
        away = [p * (x - c) ** 2 / 2 for p, x, c in zip(precision, at, centre, strict=True)]
        return cases.loss(cases.log_odds(_policy(at, policy))) + fsum(away)

    at, least = centre, loss(centre)
    for _round in range(ROUNDS):
        gradient, curvature = cases.slopes(at, policy)
        for j, (p, x, c) in enumerate(zip(precision, at, centre, strict=True)):
            gradient[j] += p * (x - c)
            curvature[j][j] += p
        step = [max(-LONGEST, min(dx, LONGEST)) for dx in _solved(curvature, gradient)]
        for _halving in range(HALVINGS):
            nearer = [x - dx for x, dx in zip(at, step, strict=True)]
            if (less := loss(nearer)) < least:
                break
            step = [dx / 2 for dx in step]
        else:
            break
        at, least, gained = nearer, less, least - less
        if gained < CLOSE:
            break
    return _rounded(_policy(at, policy), version)


# --- the outcomes, and how likely constants make them ------------------------------------------------


class _Kind(NamedTuple):
    """A citation as far as its weight goes."""

    tier: int
    held: float
    failed: float
    first_hand: bool
    verified: bool
    reachable: bool

    def weight(self, policy: Policy) -> float:
        kept = policy.kept(first_hand=self.first_hand, verified=self.verified, reachable=self.reachable)
        return policy.weight(policy.reach(policy.record(self.tier, self.held, self.failed).mean, kept))


_Side: TypeAlias = tuple[tuple[_Kind, ...], ...]  # each voice with its kinds of citation


def _side(evidence: Iterable[Evidence], stance: Stance, policy: Policy) -> _Side:
    """The voices that take this side; of which of its citations each is counted, the constants decide."""
    voices: dict[str, set[_Kind]] = {}
    for e in evidence:
        if e.stance is stance and not e.retracted:
            tier = policy.unrated_tier if e.tier is None else e.tier
            kind = _Kind(tier, e.held, e.failed, e.first_hand, e.verified, e.reachable)
            voices.setdefault(e.voice, set()).add(kind)
    return tuple(sorted(tuple(sorted(kinds)) for kinds in voices.values()))


@dataclass(frozen=True, slots=True)
class Cases:
    """The outcomes, each kind of citation and each combination of them once. Whatever is added up over them is added up
    exactly, so that their order does not matter."""

    kinds: list[_Kind]
    sides: list[tuple[list[list[int]], list[list[int]]]]  # of a combination, for and against: each voice's kinds
    held: list[float]  # in effective outcomes
    failed: list[float]

    @classmethod
    def of(cls, judged: Sequence[Judged], policy: Policy) -> Self:
        found: dict[tuple[_Side, _Side], tuple[list[float], list[float]]] = {}
        for each in judged:
            sides = _side(each.evidence, Stance.SUPPORTS, policy), _side(each.evidence, Stance.CONTRADICTS, policy)
            found.setdefault(sides, ([], []))[0 if each.held else 1].append(each.weight)
        kinds = list({kind for supports, contradicts in found for kind in chain(*supports, *contradicts)})
        place = {kind: number for number, kind in enumerate(kinds)}
        scale = effective([each.weight for each in judged]) / fsum(each.weight for each in judged)

        def placed(side: _Side) -> list[list[int]]:
            return [[place[kind] for kind in voice] for voice in side]

        return cls(
            kinds=kinds,
            sides=[(placed(supports), placed(contradicts)) for supports, contradicts in found],
            held=[scale * fsum(held) for held, _failed in found.values()],
            failed=[scale * fsum(failed) for _held, failed in found.values()],
        )

    def log_odds(self, policy: Policy) -> list[float]:
        """Of each combination, to the last digit as `assess` has it."""
        weight = [kind.weight(policy) for kind in self.kinds]
        most = max((len(side) for sides in self.sides for side in sides), default=0)
        shares = list(accumulate(repeat(policy.successive, most), mul, initial=1.0))
        odds = []
        for supports, contradicts in self.sides:
            strongest = sorted([max([weight[k] for k in voice]) for voice in supports], reverse=True)
            opposed = sorted([-max([weight[k] for k in voice]) for voice in contradicts])
            odds.append(fsum([policy.log_odds, *map(mul, strongest, shares), *map(mul, opposed, shares)]))
        return odds

    def loss(self, log_odds: list[float]) -> float:
        """Minus the logarithm of how likely these log-odds make the outcomes."""
        return fsum(
            held * _softplus(-x) + failed * _softplus(x)
            for x, held, failed in zip(log_odds, self.held, self.failed, strict=True)
        )

    def slopes(self, at: list[float], policy: Policy) -> tuple[list[float], list[list[float]]]:
        """The gradient of the loss in the coordinates, and its expected curvature (Fisher's)."""
        here = self.log_odds(_policy(at, policy))
        columns = []
        for j in range(len(at)):
            there = self.log_odds(_policy([*at[:j], at[j] + STEP, *at[j + 1 :]], policy))
            columns.append([(after - before) / STEP for before, after in zip(here, there, strict=True)])
        chance = [_expit(x) for x in here]
        counts = list(zip(chance, self.held, self.failed, strict=True))
        surplus = [p * failed - (1 - p) * held for p, held, failed in counts]
        spread = [p * (1 - p) * (held + failed) for p, held, failed in counts]
        spread_out = [list(map(mul, column, spread)) for column in columns]
        gradient = [fsum(map(mul, column, surplus)) for column in columns]
        return gradient, [[fsum(map(mul, one, other)) for other in columns] for one in spread_out]


# --- constants as coordinates without bounds ---------------------------------------------------------

LEAST_WORTH: Final = 3.0  # of a prior, in outcomes


def _margin(worth: float) -> float:
    """What a tier's mean keeps from 0 and 1: an outcome each way in the prior, also after rounding."""
    return 1.01 / worth + 0.005


def _coordinates(policy: Policy) -> list[float]:
    """Where this policy lies: start, worth, the best tier's mean, the gap to each next one, four parts. A constant on
    its very bound is taken to lie just within."""
    worth = max(policy.worth, LEAST_WORTH + 0.01)
    margin = _margin(worth)
    heights = [_logit((mean - margin) / (1 - 2 * margin)) for mean in policy.means]
    return [
        _logit((policy.start - 0.01) / 0.98),
        log(worth - LEAST_WORTH),
        heights[0],
        *(log(max(upper - lower, 0.01)) for upper, lower in pairwise(heights)),
        *map(_logit, (policy.unverified, policy.second_hand, policy.unreachable, policy.successive)),
    ]


def _policy(at: list[float], policy: Policy) -> Policy:
    """The constants at these coordinates, all else as in `policy`; sound wherever they lie."""
    start, extra, top, *gaps = at[:-4]
    worth = LEAST_WORTH + exp(extra)
    margin = _margin(worth)
    heights = accumulate((exp(gap) for gap in gaps), lambda height, gap: height - gap, initial=top)
    unverified, second_hand, unreachable, successive = map(_expit, at[-4:])
    return replace(
        policy,
        start=min(max(0.01, 0.01 + 0.98 * _expit(start)), 0.99),
        means=tuple(margin + (1 - 2 * margin) * _expit(height) for height in heights),
        worth=worth,
        unverified=unverified,
        second_hand=second_hand,
        unreachable=unreachable,
        successive=successive,
    )


def _rounded(policy: Policy, version: str) -> Policy:
    parts = ("start", "worth", "unverified", "second_hand", "unreachable", "successive")
    rounded = {part: round(getattr(policy, part), PLACES) for part in parts}
    return replace(policy, version=version, means=tuple(round(mean, PLACES) for mean in policy.means), **rounded)


def _expit(x: float) -> float:
    return (1 + tanh(x / 2)) / 2


def _logit(p: float) -> float:
    """Held within what rounds to the bounds."""
    within = min(max(p, 0.004), 0.996)
    return log(within / (1 - within))


def _softplus(x: float) -> float:
    """log(1 + e^x) without overflow."""
    return max(x, 0.0) + log1p(exp(-abs(x)))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The x of matrix · x = right, for a symmetric positive definite matrix: elimination needs no pivots."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for j, pivot in enumerate(rows):
        for below in rows[j + 1 :]:
            factor = below[j] / pivot[j]
            below[j:] = [b - factor * a for a, b in zip(pivot[j:], below[j:], strict=True)]
    solution: list[float] = []
    for j in range(len(rows) - 1, -1, -1):
        *known, value = rows[j][j + 1 :]
        solution.insert(0, (value - fsum(map(mul, known, solution))) / rows[j][j])
    return solution
