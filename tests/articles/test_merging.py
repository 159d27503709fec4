"""The three-way merge, whatever three people's copies say."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from articles.merging import Whose, decided, merge

NAMES = ["headline", "body", "citation-1", "place-1"]
PARTS = st.sampled_from(["a", "b", "c", None])
COPIES = st.dictionaries(st.sampled_from(NAMES), PARTS)
WHOLE = st.fixed_dictionaries(dict.fromkeys(NAMES, PARTS))


def result(whose: Mapping[str, Whose], mine: Mapping[str, str | None], theirs: Mapping[str, str | None]) -> object:
    return {name: (mine if side == Whose.MINE else theirs).get(name) for name, side in whose.items()}


def test_each_case_of_one_part() -> None:
    cases = {
        # base mine theirs
        "aaa": Whose.THEIRS,
        "aba": Whose.MINE,
        "aab": Whose.THEIRS,
        "abb": Whose.THEIRS,
        "abc": Whose.BOTH,
    }
    assert {case: merge(*({"x": part} for part in case))["x"] for case in cases} == cases
    assert merge({"x": "a"}, {"x": None}, {"x": "b"}) == {"x": Whose.BOTH}
    assert merge({"x": "a"}, {"x": "b"}, {}) == {"x": Whose.BOTH}
    assert merge({"x": "a"}, {"x": "a"}, {}) == {"x": Whose.THEIRS}
    assert merge({}, {"x": "a"}, {"x": "b"}) == {"x": Whose.BOTH}
    assert merge({}, {"x": "a"}, {"x": "a"}) == {"x": Whose.THEIRS}
    assert merge({"x": "a"}, {"x": "b"}, {"x": "c"}, light={"x"}) == {"x": Whose.MINE}
    assert merge({"x": "a"}, {"x": "a"}, {"x": "c"}, light={"x"}) == {"x": Whose.THEIRS}


@given(WHOLE, WHOLE)
def test_where_nobody_else_saved_mine_stands(base: dict[str, str], mine: dict[str, str]) -> None:
    assert result(merge(base, mine, base), mine, base) == mine


@given(WHOLE, WHOLE)
def test_where_i_changed_nothing_theirs_stands(base: dict[str, str], theirs: dict[str, str]) -> None:
    assert result(merge(base, base, theirs), base, theirs) == theirs


@given(COPIES, WHOLE, WHOLE)
def test_a_conflict_is_one_whoever_saves_first(base: dict[str, str], one: dict[str, str], two: dict[str, str]) -> None:
    there, back = merge(base, one, two), merge(base, two, one)
    assert {name for name in there if there[name] == Whose.BOTH} == {name for name in back if back[name] == Whose.BOTH}
    assert result(there, one, two) == result(back, two, one) | {
        name: two[name] for name in there if there[name] == Whose.BOTH
    }


@given(COPIES, WHOLE, WHOLE)
def test_nothing_that_anybody_changed_vanishes_unseen(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    whose = merge(base, mine, theirs)
    for name, kept in result(whose, mine, theirs).items():  # type: ignore[attr-defined]
        for part in (mine[name], theirs[name]):
            assert part == kept or whose[name] == Whose.BOTH or (name in base and part == base[name])


@given(COPIES, WHOLE, WHOLE, COPIES, st.dictionaries(st.sampled_from([*NAMES, "x"]), st.sampled_from([*Whose, "x"])))
def test_a_choice_settles_what_was_shown_and_nothing_else(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str], shown: dict[str, str], choices: dict[str, str]
) -> None:
    before = merge(base, mine, theirs)
    base_, mine_ = decided(base, mine, theirs, shown, choices)
    after = merge(base_, mine_, theirs)
    for name in NAMES:
        if name in shown and shown[name] == theirs[name] and choices.get(name) in {Whose.MINE, Whose.THEIRS}:
            chosen = mine if choices[name] == Whose.MINE else theirs
            assert (after[name] == Whose.BOTH, result(after, mine_, theirs)[name]) == (False, chosen[name])  # type: ignore[index]
        else:
            assert (after[name], mine_[name]) == (before[name], mine[name])
