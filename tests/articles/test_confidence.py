"""The confidence arithmetic: the published examples, and what must hold for any citations under any sound policy."""

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal, localcontext
from math import fsum, inf, nan
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from articles.confidence import (
    POLICIES,
    POLICY,
    Basis,
    Change,
    Evidence,
    Likelihood,
    Policy,
    Prospect,
    Reason,
    Row,
    Stance,
    State,
    Uncounted,
    Workings,
    assess,
    likelihood,
)

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
SLACK = 1e-12  # in log-odds, for policies whose parts are no powers of two

Facts = dict[str, Any]


def cited(*citations: Facts) -> list[Evidence]:
    """These citations, numbered; what they do not say: tier 1, independent, first-hand, unverified, in support."""
    plain = {"stance": Stance.SUPPORTS, "tier": 1, "held": 0.0, "failed": 0.0}
    seen = {"first_hand": True, "verified": False, "reachable": True}
    return [
        Evidence(**{"number": n, "voice": f"voice {n}", **plain, **seen, **facts})
        for n, facts in enumerate(citations, 1)
    ]


VERIFIED: Facts = {"verified": True}
AGAINST: Facts = {"stance": Stance.CONTRADICTS}


# The published examples


@pytest.mark.parametrize(
    ("citations", "shown"),
    [
        pytest.param([], None, id="none"),
        pytest.param([{}], 58, id="one tier 1"),
        pytest.param([VERIFIED], 83, id="the same, verified"),
        pytest.param([VERIFIED | {"voice": "W"}, {"voice": "W", "tier": 2, "first_hand": False}], 83, id="repeated"),
        pytest.param([{}, {}], 70, id="two tier 1"),
        pytest.param([VERIFIED] * 2, 94, id="two tier 1, verified"),
        pytest.param([VERIFIED | {"tier": tier} for tier in (1, 1, 2, 1)], 97, id="three tier 1, one tier 2, verified"),
        pytest.param([{"tier": 2}], 50, id="tier 2"),
        pytest.param([{"tier": 3}], 42, id="tier 3"),
        pytest.param([{"tier": 4}], 33, id="tier 4"),
        pytest.param([VERIFIED | {"first_hand": False}], 58, id="second-hand, verified"),
        pytest.param([VERIFIED | {"reachable": False}], 58, id="out of reach, verified"),
        pytest.param([{"first_hand": False, "reachable": False}], 40, id="second-hand, out of reach, unverified"),
        pytest.param([{}, AGAINST], 33, id="one contradicts"),
        pytest.param([{"tier": 4}] * 10, 33, id="ten tier 4"),
        pytest.param([{"tier": 2, "voice": "owner"}] * 10, 50, id="ten papers of one owner"),
        pytest.param([AGAINST], 15, id="only a contradiction"),
        pytest.param([{"held": 9.0, "failed": 1.0}], 60, id="a good record"),
        pytest.param([{"held": 3.0, "failed": 7.0}], 46, id="a bad record"),
        pytest.param([{}, {"tier": None}], 58, id="an unrated source beside a rated one"),
    ],
)
def test_examples(citations: list[Facts], shown: int | None) -> None:
    assert assess(cited(*citations)).percent == shown


def test_fifty_eight_per_cent_explained() -> None:
    workings = assess(cited({}))
    (row,) = workings.rows
    assert (workings.start_percent, row.points, workings.percent) == (33, 25, 58)
    assert (row.record, row.kept, row.reach, row.share) == pytest.approx((10 / 12, 1 / 2, 7 / 12, 1))
    assert (workings.low, workings.high) == (51, 64)
    assert workings.prospects == (
        Prospect(Change.VERIFY, 1, 83),
        Prospect(Change.CONFIRM, None, 70),
        Prospect(Change.CONTRADICT, None, 33),
    )
    assert (workings.basis, workings.voices, workings.best_tier) == (Basis.THIN, 1, 1)


@pytest.mark.parametrize("tenths", range(335, 960, 10))
def test_a_half_goes_up(tenths: int) -> None:
    """A record of tenths / 1000 exactly, by 4 + held outcomes of 200, verified: its probability ends in a half."""
    held = tenths / 5 - 4
    (row,) = assess(cited(VERIFIED | {"tier": 4, "held": held, "failed": 188 - held})).rows
    assert row.points == (tenths + 5) // 10 - 33


@pytest.mark.parametrize("tenths", range(1, 40))
def test_a_record_that_is_the_start_weighs_nothing(tenths: int) -> None:
    """One in three, which no float is: the last digit of a quotient is not evidence."""
    workings = assess(cited({"tier": 4, "held": tenths / 10, "failed": tenths / 5}))
    assert [row.weight for row in workings.rows] == [0]
    assert workings.basis is Basis.NONE


def test_nothing_is_certain() -> None:
    proven = assess(cited({"held": 9e7} | VERIFIED, {"held": 9e7} | VERIFIED))
    assert (proven.low, proven.percent, proven.high) == (99, 99, 99)
    refuted = assess(cited({"held": 9e7} | VERIFIED | AGAINST))
    assert (refuted.low, refuted.percent, refuted.high) == (1, 1, 1)


@pytest.mark.parametrize(
    ("citations", "basis"),
    [
        ([], Basis.NONE),
        ([AGAINST], Basis.NONE),
        ([{"tier": 4}] * 3, Basis.NONE),
        ([VERIFIED], Basis.THIN),
        ([VERIFIED, {"tier": 4}, AGAINST], Basis.THIN),
        ([VERIFIED, {"voice": "voice 1"}], Basis.THIN),
        ([VERIFIED] * 2, Basis.MODERATE),
        ([{}] * 5, Basis.MODERATE),
        ([VERIFIED | {"first_hand": False}, {}, {}], Basis.MODERATE),
        ([VERIFIED | {"tier": 4}, {}, {}, {}], Basis.MODERATE),
        ([VERIFIED, {}, {}], Basis.SOLID),
    ],
)
def test_basis(citations: list[Facts], basis: Basis) -> None:
    assert assess(cited(*citations)).basis is basis


@pytest.mark.parametrize(
    ("percents", "word"),
    [
        (range(95, 100), Likelihood.ALMOST_CERTAIN),
        (range(80, 95), Likelihood.VERY_LIKELY),
        (range(55, 80), Likelihood.LIKELY),
        (range(45, 55), Likelihood.ABOUT_EVEN),
        (range(20, 45), Likelihood.UNLIKELY),
        (range(5, 20), Likelihood.VERY_UNLIKELY),
        (range(1, 5), Likelihood.ALMOST_CERTAINLY_WRONG),
    ],
)
def test_words(percents: range, word: Likelihood) -> None:
    assert {likelihood(percent) for percent in percents} == {word}


@pytest.mark.parametrize("percent", [0, 100, -1])
def test_no_word_for_what_is_never_shown(percent: int) -> None:
    with pytest.raises(ValueError, match="1 … 99"):
        likelihood(percent)


# States and what does not count


def test_unsourced() -> None:
    workings = assess(cited({"stance": Stance.CONTEXT}, {"retracted": True}))
    assert (workings.state, workings.rows) == (State.UNSOURCED, ())
    assert workings.uncounted == (Uncounted(1, Reason.CONTEXT, None), Uncounted(2, Reason.RETRACTED, None))
    assert (workings.percent, workings.low, workings.high, workings.prospects) == (None, None, None, ())
    assert (workings.basis, workings.voices, workings.best_tier) == (Basis.NONE, 0, None)


def test_not_rated_is_no_number_and_no_blame() -> None:
    unrated: Facts = {"tier": None, "held": 20.0}
    workings = assess(cited(unrated, unrated | AGAINST, unrated | {"voice": "voice 1"}, {"retracted": True}))
    assert workings.state is State.NOT_RATED
    assert [(row.number, row.points) for row in workings.rows] == [(1, 0), (2, 0)]
    assert [left.reason for left in workings.uncounted] == [Reason.REPEATS, Reason.RETRACTED]
    assert (workings.percent, workings.low, workings.high, workings.prospects) == (None, None, None, ())
    assert (workings.voices, workings.best_tier) == (1, None)


def test_why_each_does_not_count() -> None:
    workings = assess(
        cited(
            {"voice": "W", "first_hand": False},
            {"voice": "W"},
            {"voice": "W", "stance": Stance.CONTEXT, "retracted": True},
            {"voice": "W", "tier": 2} | AGAINST,
            {"voice": "W"} | VERIFIED | {"retracted": True},
        )
    )
    assert [(row.number, row.stance) for row in workings.rows] == [(2, Stance.SUPPORTS), (4, Stance.CONTRADICTS)]
    assert workings.uncounted == (
        Uncounted(1, Reason.REPEATS, 2),
        Uncounted(3, Reason.RETRACTED, None),
        Uncounted(5, Reason.RETRACTED, None),
    )


def test_equals_rated_first_then_by_number() -> None:
    weightless = assess(cited({"voice": "W", "tier": None}, {"voice": "W", "tier": 4}))
    assert (weightless.state, [row.number for row in weightless.rows]) == (State.RATED, [2])
    twins = assess(cited({"voice": "W"}, {"voice": "W"}))
    assert [row.number for row in twins.rows] == [1]


def test_rows_run_supports_then_contradictions_strongest_first() -> None:
    workings = assess(cited({"tier": 3} | AGAINST, {"tier": 2}, AGAINST, {}, {"tier": 4} | AGAINST))
    assert [row.number for row in workings.rows] == [4, 2, 3, 1, 5]
    assert [row.share for row in workings.rows] == [1, 1 / 2, 1, 1 / 2, 1 / 4]
    assert str(workings.rows[-1].log_odds) == "0.0"


def test_the_best_tier_is_of_a_support_that_counts() -> None:
    workings = assess(cited(AGAINST, {"tier": 3}, {"tier": 2}, {"tier": None}, {"retracted": True}))
    assert (workings.best_tier, workings.voices) == (2, 3)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"tier": 0}, "tiers 1 … 4"),
        ({"tier": 5}, "tiers 1 … 4"),
        ({"held": -1.0}, "outcomes"),
        ({"failed": nan}, "outcomes"),
        ({"number": 0}, "number 0"),
        ({"voice": ""}, "voice ''"),
        ({"stance": "supports"}, "stance 'supports'"),
        ({"number": 2}, "same number"),
    ],
)
def test_what_is_no_evidence(facts: Facts, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        assess(cited(facts, {}))


@pytest.mark.parametrize(
    "constants",
    [
        {"start": 0.0},
        {"start": 1.0},
        {"start": nan},
        {"means": (0.5, 0.6, 0.5, 0.4)},
        {"means": (1.0, 0.5, 0.5, 0.5)},
        {"worth": 5.0},
        {"worth": inf},
        {"tail": 0.0},
        {"tail": 0.3},
        {"unverified": 1.1},
        {"successive": -0.1},
        {"unrated_tier": 5},
        {"lowest": 0},
        {"highest": 100},
        {"floor": 100},
    ],
)
def test_what_is_no_policy(constants: Facts) -> None:
    with pytest.raises(ValueError, match=r"policy 2026\.1 needs"):
        Policy(**constants)


def test_policies_stand() -> None:
    assert POLICIES == {"2026.1": POLICY}
    with pytest.raises(FrozenInstanceError):
        POLICY.start = 0.5  # type: ignore[misc]
    with pytest.raises(TypeError):
        POLICIES["2026.1"] = POLICY  # type: ignore[index]


# What must hold, whatever is cited, under whatever sound policy

counts = st.sampled_from([0.0, 0.5, 1.0, 2.0]) | st.floats(0, 60)
described = st.fixed_dictionaries(
    {
        "voice": st.sampled_from("abcde"),
        "stance": st.sampled_from(Stance),
        "tier": st.sampled_from([None, 1, 2, 3, 4]),
        "held": counts,
        "failed": counts,
        "first_hand": st.booleans(),
        "verified": st.booleans(),
        "reachable": st.booleans(),
        "retracted": st.sampled_from([False, False, False, True]),
    }
)
some = st.lists(described, max_size=7).map(lambda citations: cited(*citations))
support = described.map(lambda facts: facts | {"stance": Stance.SUPPORTS, "retracted": False})
sides = st.sampled_from([Stance.SUPPORTS, Stance.CONTRADICTS])


@st.composite
def sound(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Policy:
    worth = draw(st.floats(3, 40))
    inside = st.floats(1.001 / worth, 1 - 1.001 / worth)
    part = st.floats(0, 1)
    return Policy(
        version="drawn",
        start=draw(st.floats(0.01, 0.99)),
        means=tuple(sorted(draw(st.tuples(*[inside] * 4)), reverse=True)),
        worth=worth,
        unverified=draw(part),
        second_hand=draw(part),
        unreachable=draw(part),
        successive=draw(part),
        unrated_tier=draw(st.integers(1, 4)),
        tail=draw(st.floats(0.01, 0.25)),
        floor=draw(st.integers(30, 60)),
        lowest=draw(st.integers(1, 30)),
        highest=draw(st.integers(60, 99)),
    )


policies = st.just(POLICY) | sound()


def rises(before: Workings, after: Workings) -> bool:
    """Whether the number did not fall, in log-odds and, where both show one, in per cent."""
    shown = before.percent is None or after.percent is None or before.percent <= after.percent
    return shown and before.log_odds <= after.log_odds + (0 if before.policy == POLICY.version else SLACK)


def moved(stance: Stance, worse: Workings, better: Workings) -> bool:
    """Whether a citation of this side, made better, moved the number its way or not at all."""
    return rises(worse, better) if stance is Stance.SUPPORTS else rises(better, worse)


def drawn(data: Any, evidence: list[Evidence]) -> Evidence:
    """One of these that takes a side."""
    choices = [each for each in evidence if each.stance is not Stance.CONTEXT and not each.retracted]
    assume(choices)
    one: Evidence = data.draw(st.sampled_from(choices))
    return one


def contribution(workings: Workings, number: int) -> float:
    """What this citation does, towards its own side; 0 if it does not count."""
    return sum(abs(row.log_odds) for row in workings.rows if row.number == number)


def with_one(evidence: list[Evidence], number: int, **facts: Any) -> list[Evidence]:
    return [replace(each, **facts) if each.number == number else each for each in evidence]


@unhurried
@given(some, policies)
def test_bounded(evidence: list[Evidence], policy: Policy) -> None:
    workings = assess(evidence, policy)
    if workings.state is State.RATED:
        assert workings.low is not None
        assert workings.percent is not None
        assert workings.high is not None
        assert policy.lowest <= workings.low <= workings.percent <= workings.high <= policy.highest
    assert all(row.weight >= 0 and policy.start <= row.reach < 1 and 0 <= row.share <= 1 for row in workings.rows)


@unhurried
@given(some, policies)
def test_a_pencil_agrees(evidence: list[Evidence], policy: Policy) -> None:
    """The method once more, in odds and decimals: multiply by each voice's odds ratio, to the power of its share."""
    workings = assess(evidence, policy)
    assume(workings.percent is not None)
    with localcontext(prec=40):
        start = Decimal(policy.start)
        odds = start / (1 - start)
        for side, sign in ((Stance.SUPPORTS, 1), (Stance.CONTRADICTS, -1)):
            ratios: dict[str, Decimal] = {}
            for each in evidence:
                if each.stance is side and not each.retracted:
                    mean = Decimal(policy.means[(each.tier or policy.unrated_tier) - 1])
                    worth, held, failed = Decimal(policy.worth), Decimal(each.held), Decimal(each.failed)
                    part = max(Decimal(0), (mean * worth + held) / (worth + held + failed) - start)
                    part *= 1 if each.verified else Decimal(policy.unverified)
                    part *= 1 if each.first_hand else Decimal(policy.second_hand)
                    part *= 1 if each.reachable else Decimal(policy.unreachable)
                    ratio = (start + part) / (1 - start - part) * (1 - start) / start
                    ratios[each.voice] = max(ratio, ratios.get(each.voice, Decimal(1)))
            share = Decimal(1)
            for ratio in sorted(ratios.values(), reverse=True):
                odds *= ratio ** (sign * share)
                share *= Decimal(policy.successive)
        percent = float(100 * odds / (1 + odds))
    held_in = min(max(percent, policy.lowest), policy.highest)
    assert workings.percent == pytest.approx(held_in, abs=0.5 + 1e-7)


@unhurried
@given(some, policies, st.randoms())
def test_no_order_and_the_same_bytes(evidence: list[Evidence], policy: Policy, chance: Any) -> None:
    shuffled = chance.sample(evidence, len(evidence))
    workings, again = assess(evidence, policy), assess(iter(shuffled), policy)
    assert workings == again
    assert json.dumps(workings.as_json()) == json.dumps(again.as_json())


@unhurried
@given(some, policies, support, sides)
def test_one_more_independent_voice(evidence: list[Evidence], policy: Policy, facts: Facts, side: Stance) -> None:
    more = cited(*[{}] * len(evidence), facts | {"voice": "new", "stance": side})[-1:]
    assert moved(side, assess(evidence, policy), assess(evidence + more, policy))


@unhurried
@given(some, policies, support, st.data())
def test_one_voice_counts_once(evidence: list[Evidence], policy: Policy, facts: Facts, data: Any) -> None:
    before = assess(evidence, policy)
    assume(before.rows)
    first = data.draw(st.sampled_from(before.rows))
    number = len(evidence) + 1
    rival = replace(cited(facts)[0], number=number, voice=first.voice, stance=first.stance)
    after = assess([*evidence, rival], policy)
    (alone,) = assess([rival], policy).rows
    if alone.weight < first.weight:
        left = (*before.uncounted, Uncounted(number, Reason.REPEATS, first.number))
        assert after == replace(before, uncounted=left)
    elif alone.weight == first.weight:
        assert (after.log_odds, after.voices) == (before.log_odds, before.voices)
    else:
        instead = assess([*(each for each in evidence if each.number != first.number), rival], policy)
        assert replace(after, uncounted=()) == replace(instead, uncounted=())
        assert Uncounted(first.number, Reason.REPEATS, number) in after.uncounted


@unhurried
@given(some, policies, st.data())
def test_a_better_tier(evidence: list[Evidence], policy: Policy, data: Any) -> None:
    each = drawn(data, [each for each in evidence if each.tier in (2, 3, 4)])
    raised = with_one(evidence, each.number, tier=(each.tier or 0) - 1)
    worse, better = assess(evidence, policy), assess(raised, policy)
    assert moved(each.stance, worse, better)
    assert contribution(worse, each.number) <= contribution(better, each.number) + SLACK


@unhurried
@given(some, policies, st.floats(0, 20), st.data())
def test_one_more_outcome(evidence: list[Evidence], policy: Policy, weight: float, data: Any) -> None:
    each = drawn(data, evidence)
    now = assess(evidence, policy)
    held = assess(with_one(evidence, each.number, held=each.held + weight), policy)
    failed = assess(with_one(evidence, each.number, failed=each.failed + weight), policy)
    assert moved(each.stance, now, held)
    assert moved(each.stance, failed, now)
    assert contribution(failed, each.number) <= contribution(now, each.number) + SLACK
    assert contribution(now, each.number) <= contribution(held, each.number) + SLACK


@unhurried
@given(some, policies, st.sampled_from(["verified", "first_hand", "reachable"]), st.data())
def test_verifying(evidence: list[Evidence], policy: Policy, merit: str, data: Any) -> None:
    each = drawn(data, evidence)
    without, has = (assess(with_one(evidence, each.number, **{merit: truth}), policy) for truth in (False, True))
    assert moved(each.stance, without, has)
    assert contribution(without, each.number) <= contribution(has, each.number) + SLACK


@unhurried
@given(some, policies)
def test_rows_add_up(evidence: list[Evidence], policy: Policy) -> None:
    workings = assess(evidence, policy)
    assert fsum([workings.start_log_odds, *(row.log_odds for row in workings.rows)]) == workings.log_odds
    points = sum(row.points for row in workings.rows)
    if workings.percent is None:
        assert points == 0
    else:
        assert workings.start_percent + points == workings.percent
    numbers = [row.number for row in workings.rows] + [left.number for left in workings.uncounted]
    assert sorted(numbers) == [each.number for each in evidence]


@unhurried
@given(some, policies)
def test_rows_are_evidence(evidence: list[Evidence], policy: Policy) -> None:
    """The stored workings can be worked out again from themselves."""
    workings = assess(evidence, policy)
    assert assess(workings.rows, policy) == replace(workings, uncounted=())


@unhurried
@given(some, policies)
def test_there_and_back_through_json(evidence: list[Evidence], policy: Policy) -> None:
    workings = assess(evidence, policy)
    stored = json.loads(json.dumps(workings.as_json(), sort_keys=True))
    assert stored == workings.as_json()
    assert Workings.from_json(stored) == workings
    assert Workings.from_json(stored).as_json() == workings.as_json()

    def plain(value: Any) -> bool:
        if type(value) is dict:
            return all(type(key) is str and plain(each) for key, each in value.items())
        return all(map(plain, value)) if type(value) is list else value is None or type(value) in (str, int, bool)

    assert plain(workings.as_json())


def test_equal_evidence_has_equal_bytes() -> None:
    one, other = cited({"held": 3, "failed": -0.0}), cited({"held": 3.0, "failed": 0})
    assert one == other
    assert json.dumps(assess(one).as_json()) == json.dumps(assess(other).as_json())
    assert isinstance(Workings.from_json(assess(one).as_json()).rows[0], Row)


@settings(unhurried, max_examples=60)
@given(some, policies)
def test_prospects_come_true(evidence: list[Evidence], policy: Policy) -> None:
    """Each prospect is what the changed citations then show; what is not among them changes nothing."""
    now = assess(evidence, policy)
    assume(now.percent is not None)
    newcomer = cited(*[{}] * len(evidence), {"voice": "new"})[-1]
    changed: dict[tuple[Change, int | None], list[Evidence]] = {}
    for row in now.rows:
        if not row.verified:
            changed[Change.VERIFY, row.number] = with_one(evidence, row.number, verified=True)
    changed[Change.CONFIRM, None] = [*evidence, newcomer]
    changed[Change.CONTRADICT, None] = [*evidence, replace(newcomer, stance=Stance.CONTRADICTS)]
    then = [Prospect(*change, assess(those, policy).percent or 0) for change, those in changed.items()]
    assert now.prospects == tuple(each for each in then if each.percent != now.percent)
