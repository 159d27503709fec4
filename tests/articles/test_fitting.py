"""A proposed policy: none from nothing, a sound one from anything, nearer to the truth where the truth is known."""

from dataclasses import replace
from itertools import islice
from math import inf, log, nan
from random import Random
from statistics import mean
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.confidence import POLICY, Evidence, Policy, Stance, State, assess
from articles.fitting import PART, PLACES, START, Cases, Judged, fitted
from tests.articles import synthetic
from tests.articles.synthetic import chance_of
from tests.articles.test_confidence import cited, policies, some

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
slow = settings(unhurried, max_examples=30)

judged = st.builds(Judged, some.map(tuple), st.booleans(), st.sampled_from([0.5, 1.0, 4.0]))
outcomes = st.lists(judged, max_size=12)

ONE = tuple(cited({}))
VERIFIED = tuple(cited({"verified": True}))
UNRATED = tuple(cited({"tier": None}))
UNSOURCED = tuple(cited({"stance": Stance.CONTEXT}))


# What is fitted


@unhurried
@given(some, policies)
def test_the_arithmetic_is_that_of_the_number(evidence: list[Evidence], policy: Policy) -> None:
    cases = Cases.of([Judged(tuple(evidence), True)], policy)
    assert cases.log_odds(policy) == [assess(evidence, policy).log_odds]


@unhurried
@given(some, policies, policies)
def test_which_citation_is_the_strongest_may_change_with_the_constants(
    evidence: list[Evidence], policy: Policy, other: Policy
) -> None:
    """Laid out under one policy, computed under another, which counts a source without a tier as the same."""
    other = replace(other, unrated_tier=policy.unrated_tier)
    cases = Cases.of([Judged(tuple(evidence), True)], policy)
    assert cases.log_odds(other) == [assess(evidence, other).log_odds]


def test_a_better_record_overtakes_a_better_tier() -> None:
    """Both speak for one voice; what a prior is worth decides which of them counts."""
    evidence = cited({"voice": "W", "tier": 1, "failed": 6.0}, {"voice": "W", "tier": 3, "held": 3.0})
    cases = Cases.of([Judged(tuple(evidence), True)], POLICY)
    for worth, strongest in ((6.0, 2), (40.0, 1)):
        policy = replace(POLICY, worth=worth)
        assert assess(evidence, policy).rows[0].number == strongest
        assert cases.log_odds(policy) == [assess(evidence, policy).log_odds]


# None, and those that do not enter


@given(policies)
def test_nothing_is_proposed_from_nothing(policy: Policy) -> None:
    assert fitted([], policy) is policy


def test_without_outcomes_the_published_policy_comes_back_exactly() -> None:
    assert fitted([]) == POLICY
    assert fitted([]).as_json() == POLICY.as_json()


def test_articles_without_a_number_do_not_enter() -> None:
    blind = [Judged(evidence, held) for evidence in (UNRATED, UNSOURCED, ()) for held in (True, False)]
    assert fitted(blind * 10) is POLICY
    some = [Judged(ONE, True)] * 5
    assert fitted(some + blind * 10) == fitted(some)


# The proposal


def test_outcomes_move_the_constants_their_way() -> None:
    held, failed = (fitted([Judged(VERIFIED, came)] * 30) for came in (True, False))
    assert chance_of(VERIFIED, failed) < chance_of(VERIFIED, POLICY) < chance_of(VERIFIED, held)
    assert failed.means[0] < POLICY.means[0] < held.means[0]


@pytest.mark.parametrize(("held", "failed"), [(1, 0), (0, 1), (2, 1), (6, 24), (24, 6), (90, 10)])
def test_where_only_the_start_speaks_it_is_the_likeliest_of_all_hundredths(held: int, failed: int) -> None:
    """A source that was always wrong moves nothing: what is left of the fit is a line that can be searched."""
    worthless = tuple(cited({"tier": 4, "failed": 1e7}))

    def loss(start: float) -> float:
        away = log((start - 0.01) / (0.99 - start)) - log((1 / 3 - 0.01) / (0.99 - 1 / 3))
        return away**2 / (2 * START**2) - held * log(start) - failed * log(1 - start)

    proposed = fitted([Judged(worthless, True)] * held + [Judged(worthless, False)] * failed)
    best = min((percent / 100 for percent in range(2, 99)), key=loss)
    assert proposed.start == pytest.approx(best, abs=0.011)
    assert proposed.means == pytest.approx(POLICY.means, abs=0.005)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("number", [20, 300])
def test_no_part_taken_otherwise_would_be_a_better_compromise(seed: int, number: int) -> None:
    chance = Random(seed)  # noqa: S311
    true = synthetic.constants(chance)
    drawn = synthetic.claims(chance, synthetic.sources(chance, true))
    judged = [Judged(each, chance.random() < chance_of(each, true)) for each in islice(drawn, number)]
    cases = Cases.of(judged, POLICY)
    proposed = fitted(judged)

    def loss(policy: Policy, part: str) -> float:
        """All published parts are a half, whose logit is 0."""
        value = getattr(policy, part)
        return cases.loss(cases.log_odds(policy)) + (log(value / (1 - value)) / PART) ** 2 / 2

    for part in ("unverified", "second_hand", "unreachable", "successive"):
        for change in (-0.04, 0.04):
            other = replace(proposed, **{part: min(max(0.01, getattr(proposed, part) + change), 0.99)})
            assert loss(other, part) > loss(proposed, part), (part, change)


def test_what_no_outcome_speaks_of_stays() -> None:
    proposed = fitted([Judged(ONE, True)] * 30)
    for constant in ("second_hand", "unreachable", "successive"):
        assert getattr(proposed, constant) == getattr(POLICY, constant)
    assert replace(proposed, version=POLICY.version).as_json() != POLICY.as_json()
    kept = ("unrated_tier", "tail", "floor", "lowest", "highest")
    assert [getattr(proposed, constant) for constant in kept] == [getattr(POLICY, constant) for constant in kept]


def test_one_outcome_moves_little_and_many_more() -> None:
    moved = [abs(chance_of(ONE, fitted([Judged(ONE, False)] * n)) - chance_of(ONE, POLICY)) for n in (1, 4, 16, 64)]
    assert moved == sorted(moved)
    assert moved[0] < 0.1
    assert moved[-1] > 0.4


def test_a_proposal_has_its_own_name() -> None:
    assert fitted([Judged(ONE, True)]).version == "proposed"
    assert fitted([Judged(ONE, True)], version="2027.1").version == "2027.1"


@pytest.mark.parametrize("weight", [0.0, -1.0, nan, inf])
def test_no_outcome_without_weight(weight: float) -> None:
    with pytest.raises(ValueError, match="weighs"):
        Judged(ONE, True, weight)


@slow
@given(outcomes, policies)
def test_every_proposal_is_sound(drawn: list[Judged], policy: Policy) -> None:
    """`Policy` refuses what is not; and a page that shows hundredths shows it exactly."""
    proposed = fitted(drawn, policy, version="2027.1")
    if proposed is not policy:
        assert Policy(**{name: getattr(proposed, name) for name in Policy.__match_args__}) == proposed
        constants = [proposed.start, *proposed.means, proposed.worth, proposed.unverified, proposed.second_hand]
        constants += [proposed.unreachable, proposed.successive]
        assert constants == [round(constant, PLACES) for constant in constants]


@slow
@given(outcomes, st.randoms())
def test_no_order(drawn: list[Judged], chance: Any) -> None:
    assert fitted(iter(chance.sample(drawn, len(drawn)))) == fitted(drawn)


@slow
@given(outcomes, st.sampled_from([0.25, 2.0, 1024.0]))
def test_only_the_ratio_of_weights_tells(drawn: list[Judged], times: float) -> None:
    """Twenty sampled of a thousand are twenty outcomes, not a thousand."""
    assert fitted([replace(each, weight=times * each.weight) for each in drawn]) == fitted(drawn)


def test_beside_others_a_weight_of_two_leans_as_two_do() -> None:
    """As far towards its side as two would, but no surer of it: two halves of the weight twice are the same fit."""
    once = [Judged(ONE, True, 3.0)] * 10 + [Judged(ONE, False, 1.0)] * 30
    assert fitted(once) == fitted([Judged(ONE, True, 6.0)] * 10 + [Judged(ONE, False, 2.0)] * 30)
    leaning, even = chance_of(ONE, fitted(once)), chance_of(ONE, fitted([Judged(ONE, True), Judged(ONE, False)] * 20))
    assert abs(leaning - even) < 0.02


@slow
@given(outcomes)
def test_its_own_outcomes_are_likelier_under_it(drawn: list[Judged]) -> None:
    """But for what the rounding takes away."""
    proposed = fitted(drawn)
    rated = [each for each in drawn if assess(each.evidence).state is State.RATED]
    if rated:
        cases = Cases.of(rated, POLICY)
        assert cases.loss(cases.log_odds(proposed)) <= cases.loss(cases.log_odds(POLICY)) + 0.05 * len(rated)


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_outcomes_all_alike_break_nothing(seed: int, held: bool) -> None:
    """No constant runs away, however far all outcomes push: what it proposes is still a policy."""
    chance = Random(seed)  # noqa: S311
    drawn = synthetic.claims(chance, synthetic.sources(chance, synthetic.constants(chance)))
    proposed = fitted([Judged(next(drawn), held) for _outcome in range(200)])
    assert (chance_of(ONE, proposed) > 0.9) == held


# Desks whose true probabilities are known


def test_on_desks_of_known_truth_a_fit_halves_the_error_and_few_outcomes_do_no_harm() -> None:
    """Thirty seeds, none picked; the error is that of fresh claims, on average, from their true probability."""
    results = [synthetic.result(seed) for seed in synthetic.SEEDS]
    report = synthetic.table(results)
    unfitted, few, many = (mean(getattr(each, part) for each in results) for part in ("unfitted", "few", "many"))
    assert [each.seed for each in results] == list(range(30))
    assert many <= unfitted / 2, report
    assert few <= unfitted, report
    assert all(each.many < each.unfitted for each in results), report  # a thousand outcomes help every single desk
    assert sum(each.many <= each.unfitted / 2 for each in results) >= 24, report
