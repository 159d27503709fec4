"""The record of a source: exact where it can be counted, else held against a numerical integration."""

from collections.abc import Callable
from fractions import Fraction
from math import comb, cosh, inf, nan, pi, sinh, sqrt, tanh

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.reliability import LARGEST, Beta, posterior

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
parameters = st.floats(1, 80)
shares = st.floats(0.01, 0.99)


def integral(density: Callable[[float], float], end: float) -> float:
    """From 0 to `end`, by the double exponential rule (Takahasi & Mori 1974)."""
    step, total = 1 / 32, 0.0
    for t in (k * step for k in range(-112, 113)):
        x = end * (1 + tanh(pi / 2 * sinh(t))) / 2
        total += density(x) * end * pi / 4 * cosh(t) / cosh(pi / 2 * sinh(t)) ** 2
    return total * step


def below(beta: Beta, x: float) -> float:
    """The share of `beta` below `x`, its density integrated and divided by the whole."""

    def density(y: float) -> float:
        return float((y / beta.mean) ** (beta.a - 1) * ((1 - y) / (1 - beta.mean)) ** (beta.b - 1))

    return integral(density, x) / integral(density, 1)


def counted(a: int, b: int, x: Fraction) -> Fraction:
    """The same for whole parameters, exactly: at least `a` successes in a + b − 1 trials (DLMF 8.17.5)."""
    trials = a + b - 1
    return sum((comb(trials, j) * x**j * (1 - x) ** (trials - j) for j in range(a, trials + 1)), Fraction(0))


@pytest.mark.parametrize(
    ("held", "failed", "mean"),
    [(0, 0, 10 / 12), (9, 1, 19 / 22), (3, 7, 13 / 22), (0.5, 0, 10.5 / 12.5), (0, 2, 10 / 14)],
)
def test_outcomes_move_the_mean(held: float, failed: float, mean: float) -> None:
    assert posterior(5 / 6, 12, held, failed).mean == pytest.approx(mean, abs=1e-15)


@pytest.mark.parametrize("bad", [(-1, 0), (0, -0.5), (nan, 0), (0, nan), (inf, 0), (0, 2 * LARGEST)])
def test_outcomes_are_counts(bad: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match=r"outcomes|parameters"):
        posterior(1 / 2, 12, *bad)


@pytest.mark.parametrize("prior", [(0, 12), (1, 12), (-0.1, 12), (nan, 12), (0.5, 0), (0.5, -1), (0.5, nan)])
def test_a_prior_is_one(prior: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="prior"):
        posterior(*prior, 5, 5)


@pytest.mark.parametrize("q", [0, 1, -0.1, 1.1, nan])
def test_a_quantile_lies_inside(q: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        Beta(2, 2).quantile(q)


@unhurried
@given(st.integers(1, 60), st.integers(1, 60), st.fractions(0, 1, max_denominator=1000))
def test_whole_parameters_can_be_counted(a: int, b: int, x: Fraction) -> None:
    assert Beta(a, b).cdf(float(x)) == pytest.approx(float(counted(a, b, x)), abs=1e-12)


@settings(unhurried, max_examples=60)
@given(parameters, parameters, shares)
def test_a_quantile_has_its_share_below_it(a: float, b: float, q: float) -> None:
    beta = Beta(a, b)
    assert below(beta, beta.quantile(q)) == pytest.approx(q, abs=1e-10)


@unhurried
@given(parameters, shares)
def test_quantiles_with_a_closed_form(a: float, q: float) -> None:
    assert Beta(a, 1).quantile(q) == pytest.approx(q ** (1 / a), abs=1e-12)
    assert Beta(1, a).quantile(q) == pytest.approx(1 - (1 - q) ** (1 / a), abs=1e-12)


@unhurried
@given(parameters, parameters, shares, shares)
def test_a_greater_share_lies_higher(a: float, b: float, q: float, r: float) -> None:
    lower, higher = (Beta(a, b).quantile(share) for share in sorted((q, r)))
    assert lower <= higher + 1e-13


@unhurried
@given(parameters, parameters, shares)
def test_the_mirror_image_fails_as_often(a: float, b: float, q: float) -> None:
    assert Beta(a, b).quantile(q) == pytest.approx(1 - Beta(b, a).quantile(1 - q), abs=1e-12)


def test_many_outcomes_leave_little_doubt() -> None:
    deviation = 1 / sqrt(8 * LARGEST)  # of a Beta of two equal, large parameters, which is nearly normal
    assert Beta(LARGEST, LARGEST).quantile(0.1) == pytest.approx(0.5 - 1.2815515655 * deviation, abs=1e-9)


def test_outside_there_is_nothing() -> None:
    assert [Beta(2, 3).cdf(x) for x in (-1, 0, 1, 2)] == [0, 0, 1, 1]
