"""The figures of a calibration: worked by hand, and what must hold for any outcomes."""

import json
from dataclasses import replace
from math import inf, log, nan
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.calibration import BINS, LEAST, Bin, Calibration, Prediction, calibrated, effective, wilson

unhurried = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])


def said(probability: float, held: int, failed: int, weight: float = 1.0) -> list[Prediction]:
    return [Prediction(probability, True, weight)] * held + [Prediction(probability, False, weight)] * failed


# Worked by hand


def test_two_heights_worked_by_hand() -> None:
    """Of twenty given 80 %, fifteen held; of ten given 30 %, four."""
    measured = calibrated(said(0.8, 15, 5) + said(0.3, 4, 6))
    assert measured.outcomes == 30
    assert measured.brier == pytest.approx((15 * 0.04 + 5 * 0.64 + 4 * 0.49 + 6 * 0.09) / 30)
    assert measured.log_loss == pytest.approx(-(15 * log(0.8) + 5 * log(0.2) + 4 * log(0.3) + 6 * log(0.7)) / 30)
    assert measured.error == pytest.approx((20 * 0.05 + 10 * 0.1) / 30)
    assert [(round(each.predicted, 9), each.held, each.outcomes) for each in measured.bins] == [
        (0.3, 0.4, 10),
        (0.8, 0.75, 20),
    ]


def test_weights_say_whom_an_outcome_stands_for() -> None:
    """Twenty audited of a hundred, each standing for five, beside ten that stand for themselves."""
    measured = calibrated(said(0.6, 10, 10, weight=5.0) + said(0.6, 10, 0))
    (alone,) = measured.bins
    assert measured.brier == pytest.approx((60 * 0.16 + 50 * 0.36) / 110)
    assert (alone.held, alone.outcomes) == (pytest.approx(60 / 110), 30)
    assert alone.effective == pytest.approx(110**2 / (20 * 25 + 10))
    assert (alone.low, alone.high) == pytest.approx(wilson(60 / 110, 110**2 / 510))
    assert measured.error == pytest.approx(0.6 - 60 / 110)


@pytest.mark.parametrize(
    ("share", "outcomes", "low", "high"),
    [
        (81 / 263, 263, 0.2553, 0.3662),
        (15 / 148, 148, 0.0624, 0.1605),
        (0 / 20, 20, 0.0, 0.1611),
        (1 / 29, 29, 0.0061, 0.1718),
    ],
)
def test_wilson(share: float, outcomes: float, low: float, high: float) -> None:
    """The examples of Newcombe 1998, Statistics in Medicine 17, table I, method 3."""
    assert wilson(share, outcomes) == pytest.approx((low, high), abs=5e-5)


def test_ten_bins_of_equal_mass() -> None:
    measured = calibrated([Prediction((n + 0.5) / 100, n % 2 == 0) for n in range(100)])
    assert [each.outcomes for each in measured.bins] == [10] * BINS
    assert [each.predicted for each in measured.bins] == pytest.approx([0.05 + n / 10 for n in range(BINS)])


def test_equal_predictions_share_a_bin() -> None:
    measured = calibrated(said(0.58, 20, 20) + [Prediction(0.2 + n / 100, True) for n in range(20)])
    assert (0.58, 40) in [(round(each.predicted, 9), each.outcomes) for each in measured.bins]


def test_nothing_is_claimed_below_thirty() -> None:
    few, enough = calibrated(said(0.7, 20, 9)), calibrated(said(0.7, 21, 9))
    assert few == Calibration(29, None, None, None, ())
    assert (few.claims, enough.claims, LEAST) == (False, True, 30)
    assert enough.brier == pytest.approx((21 * 0.09 + 9 * 0.49) / 30)
    assert calibrated([]) == Calibration(0, None, None, None, ())


def test_weight_does_not_make_a_few_many() -> None:
    assert not calibrated(said(0.7, 20, 9, weight=100.0)).claims


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, nan, inf])
def test_no_certainty(probability: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Prediction(probability, True)


@pytest.mark.parametrize("weight", [0.0, -1.0, nan, inf])
def test_no_outcome_without_weight(weight: float) -> None:
    with pytest.raises(ValueError, match="weighs"):
        Prediction(0.5, True, weight)


def test_as_json() -> None:
    bins = (Bin(0.25, 0.5, 0.25, 0.75, 30, 30.0),)
    plain = {"predicted": 0.25, "held": 0.5, "low": 0.25, "high": 0.75, "outcomes": 30, "effective": 30.0}
    figures = {"outcomes": 30, "brier": 0.5, "log_loss": 0.75, "error": 0.25}
    assert Calibration(**figures, bins=bins).as_json() == {**figures, "bins": [plain]}
    few = calibrated([]).as_json()
    assert few == {"outcomes": 0, "brier": None, "log_loss": None, "error": None, "bins": []}


# What must hold, whatever came of whatever was said

chances = st.sampled_from([0.15, 0.33, 0.58, 0.83]) | st.floats(0.01, 0.99)
weights = st.sampled_from([1.0, 2.0, 20.0]) | st.floats(0.1, 100)
judged = st.builds(Prediction, chances, st.booleans(), weights)
enough = st.lists(judged, min_size=LEAST, max_size=LEAST + 12)


@unhurried
@given(enough)
def test_bounds(predictions: list[Prediction]) -> None:
    measured = calibrated(predictions)
    assert measured.brier is not None
    assert measured.log_loss is not None
    assert measured.error is not None
    assert 0 <= measured.brier <= 1
    assert measured.log_loss >= 2 * measured.brier  # Pinsker's inequality
    assert 0 <= measured.error <= 1
    assert sum(each.outcomes for each in measured.bins) == len(predictions)
    assert 1 <= len(measured.bins) <= BINS
    for each in measured.bins:
        assert 0 <= each.low <= each.held <= each.high <= 1
        assert 1 - 1e-9 <= each.effective <= each.outcomes + 1e-9
    heights = [each.predicted for each in measured.bins]
    assert heights == sorted(heights)


@unhurried
@given(enough, st.randoms())
def test_no_order(predictions: list[Prediction], chance: Any) -> None:
    assert calibrated(iter(chance.sample(predictions, len(predictions)))) == calibrated(predictions)


@unhurried
@given(enough)
def test_a_weight_of_two_is_two_for_every_figure_but_the_interval(predictions: list[Prediction]) -> None:
    doubled = calibrated([replace(each, weight=2 * each.weight) for each in predictions])
    twice = calibrated(predictions * 2)
    figures = ("brier", "log_loss", "error")
    assert [getattr(doubled, each) for each in figures] == [getattr(twice, each) for each in figures]
    for one, other in zip(doubled.bins, twice.bins, strict=True):
        assert (one.predicted, one.held, 2 * one.outcomes) == (other.predicted, other.held, other.outcomes)
        assert one.effective == pytest.approx(other.effective / 2)
        assert other.low >= one.low - 1e-12  # what was truly seen twice is known better
        assert other.high <= one.high + 1e-12


@unhurried
@given(enough, st.sampled_from([0.25, 2.0, 1024.0]))
def test_only_the_ratio_of_weights_tells(predictions: list[Prediction], times: float) -> None:
    scaled = [replace(each, weight=times * each.weight) for each in predictions]
    assert calibrated(scaled) == calibrated(predictions)


@unhurried
@given(enough, st.integers(0, LEAST - 1))
def test_an_outcome_that_turns_out_better_improves_the_figures(predictions: list[Prediction], place: int) -> None:
    """The same claim, given more than even, held instead of failing."""
    each = replace(predictions[place], probability=max(predictions[place].probability, 0.51))
    failed, held = ([*predictions[:place], replace(each, held=h), *predictions[place + 1 :]] for h in (False, True))
    assert (calibrated(held).brier or 0) < (calibrated(failed).brier or 0)
    assert (calibrated(held).log_loss or 0) < (calibrated(failed).log_loss or 0)


@unhurried
@given(enough)
def test_json_has_no_other_than_numbers(predictions: list[Prediction]) -> None:
    plain = calibrated(predictions).as_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


@unhurried
@given(st.floats(0, 1), st.floats(0.5, 1e6), st.floats(1.01, 10))
def test_an_interval_holds_its_share_and_narrows(share: float, outcomes: float, times: float) -> None:
    low, high = wilson(share, outcomes)
    assert 0 <= low <= share <= high <= 1
    closer = wilson(share, times * outcomes)
    assert closer[1] - closer[0] < high - low


@unhurried
@given(st.lists(weights, min_size=1, max_size=50))
def test_as_many_as_there_are_only_if_they_weigh_the_same(drawn: list[float]) -> None:
    assert 1 - 1e-9 <= effective(drawn) <= len(drawn) + 1e-9
    assert effective([3.7] * len(drawn)) == pytest.approx(len(drawn))
