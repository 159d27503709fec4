"""How often what one source reports stands: its record, as a Beta distribution.

Here: the posterior from a prior and checked outcomes, its mean and its percentiles. Not here: the prior of a
tier (a constant of the policy that articles are assessed by), what a citation makes of a record, and where
outcomes are kept (models). Pure: no query, no clock, no settings.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt
from typing import Final

LARGEST: Final = 1e8  # outcomes; bounds the time of a percentile


@dataclass(frozen=True, slots=True)
class Beta:
    """A Beta distribution over a reliability in 0 … 1: `a` outcomes for, `b` against.

    Raises ValueError unless both are above 0 and at most `LARGEST`.
    """

    a: float
    b: float

    def __post_init__(self) -> None:
        if not (0 < self.a <= LARGEST and 0 < self.b <= LARGEST):
            raise ValueError(f"a Beta distribution has parameters above 0, up to {LARGEST:g}: {self.a}, {self.b}")

    @property
    def mean(self) -> float:
        """The expected reliability, a / (a + b)."""
        return self.a / (self.a + self.b)

    def cdf(self, x: float) -> float:
        """The chance that the reliability is at most `x`: the regularised incomplete beta function."""
        return _incomplete_beta(self.a, self.b, x)

    def quantile(self, q: float) -> float:
        """The reliability that lies above a share `q` of the distribution; ValueError unless 0 < q < 1."""
        if not 0 < q < 1:
            raise ValueError(f"a quantile is asked at a share between 0 and 1, not {q}")
        return _quantile(self.a, self.b, q)


def posterior(mean: float, worth: float, held: float, failed: float) -> Beta:
    """The record of a source: a prior of this `mean` worth this many outcomes, plus its checked outcomes.

    `held` and `failed` are sums of weights and need not be whole. Raises ValueError if either is negative, or if
    the prior is none: a `mean` not between 0 and 1, a `worth` not above 0.
    """
    if not (held >= 0 and failed >= 0):
        raise ValueError(f"outcomes are counted from 0 up: {held} held, {failed} failed")
    if not (0 < mean < 1 and worth > 0):
        raise ValueError(f"a prior has a mean between 0 and 1 and is worth something: {mean}, {worth}")
    return Beta(mean * worth + held, (1 - mean) * worth + failed)


def _log_density(a: float, b: float, x: float) -> float:
    """The logarithm of the density at `x`, 0 < x < 1."""
    return lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(x) + (b - 1) * log1p(-x)


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """I_x(a, b) by its continued fraction, NIST DLMF 8.17.22, worked from the last term to the first.

    It converges fast for x < (a + 1) / (a + b + 2); beyond, I_x(a, b) = 1 − I_{1−x}(b, a) (DLMF 8.17.4). It takes
    terms of the order of the parameters' square root (Press et al., Numerical Recipes, 3rd ed., section 6.4).
    """
    if not 0 < x < 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    fraction = 1.0
    for k in range(40 + int(4 * sqrt(max(a, b))), 0, -1):
        m = k // 2
        numerator = -(a + m) * (a + b + m) if k % 2 else m * (b - m)
        fraction = 1 + numerator * x / ((a + k - 1) * (a + k)) / fraction
    return exp(_log_density(a, b, x)) * x * (1 - x) / (a * fraction)


@lru_cache(maxsize=4096)
def _quantile(a: float, b: float, q: float) -> float:
    """Where I_x(a, b) = q, to about 1e-12: Newton's steps, halving the bracket when one would leave it."""
    low, high, x = 0.0, 1.0, a / (a + b)
    while low < x < high:
        error = _incomplete_beta(a, b, x) - q
        low, high = (low, x) if error > 0 else (x, high)
        density = exp(_log_density(a, b, x))
        newton = x - error / density if density else inf
        if abs(newton - x) < 1e-14:
            break
        x = newton if low < newton < high else (low + high) / 2
    return x
