"""Whether 58 % means 58 %: what was predicted, held against what came of it.

Here: the figures of a calibration (Brier score, log loss, expected calibration error, the reliability table) and the
rule that nothing is claimed below thirty outcomes. Not here: where outcomes come from and which of them were sampled
(models); better constants (`fitting`); how it is drawn (the component `reliability-diagram`). Pure: no query, no clock,
no settings, no language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import fsum, inf, log, log1p, sqrt
from typing import Any, Final

LEAST: Final = 30  # outcomes below which nothing is claimed
BINS: Final = 10
Z: Final = 1.959963984540054  # the normal quantile of a 95 % interval


@dataclass(frozen=True, slots=True)
class Prediction:
    """One judged claim: the probability it was given, whether it held, and how many such claims it stands for.

    ValueError on a certainty, which this desk never states and no outcome could refute by halves, and on no weight.
    """

    probability: float
    held: bool
    weight: float = 1.0  # 1 / the chance of having been sampled

    def __post_init__(self) -> None:
        if not 0 < self.probability < 1:
            raise ValueError(f"a predicted probability lies between 0 and 1, not {self.probability}")
        if not 0 < self.weight < inf:
            raise ValueError(f"an outcome weighs more than nothing and less than everything, not {self.weight}")


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of about the same height and what came of them; all but `outcomes` in weighted outcomes."""

    predicted: float  # their mean
    held: float  # the share that held
    low: float  # its 95 % interval
    high: float
    outcomes: int
    effective: float  # how many outcomes of equal weight would tell as much


@dataclass(frozen=True, slots=True)
class Calibration:
    """The figures, all None and without a table below `LEAST` outcomes; how many there are is always told."""

    outcomes: int
    brier: float | None
    log_loss: float | None
    error: float | None  # expected calibration error
    bins: tuple[Bin, ...]  # from the lowest predictions up

    @property
    def claims(self) -> bool:
        """Whether there are outcomes enough to claim anything."""
        return self.outcomes >= LEAST

    def as_json(self) -> dict[str, Any]:
        """Plain values: numbers, null for what is not claimed, a list of objects for the table."""
        return {**asdict(self), "bins": [asdict(each) for each in self.bins]}


def calibrated(predictions: Iterable[Prediction]) -> Calibration:
    """The calibration of these predictions, in whatever order they come.

    Brier: the mean squared distance (Brier 1950, Monthly Weather Review 78). Log loss: the mean negative logarithm of
    what was given to what came (Good 1952, JRSS B 14). Expected calibration error: the mean distance between predicted
    and held over the bins, by their mass (Naeini, Cooper & Hauskrecht 2015, AAAI).
    """
    judged = list(predictions)
    if len(judged) < LEAST:
        return Calibration(len(judged), None, None, None, ())
    bins, masses = [], []
    for mass, members in _binned(judged):
        masses.append(mass)
        bins.append(_bin(members))
    return Calibration(
        outcomes=len(judged),
        brier=_mean([(each.probability - each.held) ** 2 for each in judged], judged),
        log_loss=_mean([-(log(p.probability) if p.held else log1p(-p.probability)) for p in judged], judged),
        error=fsum(mass * abs(each.held - each.predicted) for mass, each in zip(masses, bins, strict=True))
        / fsum(masses),
        bins=tuple(bins),
    )


def wilson(share: float, outcomes: float) -> tuple[float, float]:
    """The 95 % interval of a share of so many outcomes (Wilson 1927, JASA 22); it holds the share itself."""
    centre = (share + Z * Z / (2 * outcomes)) / (1 + Z * Z / outcomes)
    half = Z / (1 + Z * Z / outcomes) * sqrt(share * (1 - share) / outcomes + Z * Z / (4 * outcomes**2))
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def effective(weights: Sequence[float]) -> float:
    """How many outcomes of equal weight tell as much as these: (Σw)² / Σw² (Kish 1965, Survey Sampling)."""
    heaviest = max(weights)  # taken out, so that no square overflows
    relative = [weight / heaviest for weight in weights]
    return fsum(relative) ** 2 / fsum(weight * weight for weight in relative)


def _mean(values: Sequence[float], judged: Sequence[Prediction]) -> float:
    weighted = [value * each.weight for value, each in zip(values, judged, strict=True)]
    return fsum(weighted) / fsum(each.weight for each in judged)


def _binned(judged: list[Prediction]) -> list[tuple[float, list[Prediction]]]:
    """At most `BINS` bins of equal mass, each with its mass; equal predictions are never torn apart, so a bin may be
    heavier than the rest, and there may be fewer."""
    alike: dict[float, list[Prediction]] = {}
    for each in judged:
        alike.setdefault(each.probability, []).append(each)
    total = fsum(each.weight for each in judged)
    bins: dict[int, tuple[float, list[Prediction]]] = {}
    below = 0.0
    for _probability, members in sorted(alike.items()):
        mass = fsum(each.weight for each in members)
        place = min(int(BINS * (below + mass / 2) / total), BINS - 1)  # by where their middle lies
        before, others = bins.get(place, (0.0, []))
        bins[place] = before + mass, others + members
        below += mass
    return list(bins.values())


def _bin(members: list[Prediction]) -> Bin:
    held = _mean([float(each.held) for each in members], members)
    count = effective([each.weight for each in members])
    low, high = wilson(held, count)
    predicted = _mean([each.probability for each in members], members)
    return Bin(predicted, held, low, high, len(members), count)
