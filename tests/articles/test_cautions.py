"""What is weak about the evidence: each caution holds exactly where it is so, and names the citations it is about."""

from typing import Any

import pytest

from articles.cautions import Caution, cautions
from articles.confidence import Evidence, Stance, assess


def cited(number: int, **facts: Any) -> Evidence:
    sound = {
        "number": number,
        "voice": f"v{number}",
        "stance": Stance.SUPPORTS,
        "tier": 1,
        "held": 0.0,
        "failed": 0.0,
        "first_hand": True,
        "verified": False,
        "reachable": True,
    }
    return Evidence(**(sound | facts))


def found(
    *evidence: Evidence, outlets: dict[int, int] | None = None, overdue: tuple[int, ...] = ()
) -> dict[Caution, tuple[int, ...]]:
    """Of evidence whose every citation is another source's, if not said otherwise."""
    outlets = {each.number: each.number for each in evidence} | (outlets or {})
    return cautions(assess(evidence), evidence, outlets, overdue)


REPEATED = cited(2, voice="v1", first_hand=False)
AGAINST = cited(3, stance=Stance.CONTRADICTS)
BACKGROUND = cited(4, stance=Stance.CONTEXT)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], {}),
        ([cited(1), cited(2)], {}),
        ([cited(1)], {Caution.SINGLE: (1,)}),
        ([cited(1), BACKGROUND], {Caution.SINGLE: (1,)}),
        ([cited(1), cited(2, tier=None)], {Caution.SINGLE: (1,)}),  # which moves nothing
        ([cited(1, tier=None)], {Caution.SINGLE: (1,)}),
        ([cited(1), cited(2, retracted=True, reachable=False, first_hand=False)], {Caution.SINGLE: (1,)}),
        ([cited(1), REPEATED], {Caution.SINGLE: (1,), Caution.ONE_ORIGIN: (1, 2)}),
        ([cited(1), REPEATED, cited(5)], {Caution.ONE_ORIGIN: (1, 2)}),
        ([cited(1, stance=Stance.CONTEXT), REPEATED, cited(5)], {}),
        ([cited(1, first_hand=False), cited(2, first_hand=False)], {Caution.NO_FIRST_HAND: (1, 2)}),
        ([cited(1, first_hand=False), cited(2)], {}),
        ([cited(1), cited(2), AGAINST], {Caution.CONTRADICTED: (3,)}),
        ([AGAINST], {Caution.CONTRADICTED: (3,)}),
        (
            [cited(1, first_hand=False), cited(2, first_hand=False), AGAINST],
            {Caution.NO_FIRST_HAND: (1, 2), Caution.CONTRADICTED: (3,)},
        ),
        ([cited(1), cited(2, reachable=False)], {Caution.DEAD: (2,)}),
        ([cited(1), cited(2), cited(4, stance=Stance.CONTEXT, reachable=False)], {Caution.DEAD: (4,)}),
    ],
)
def test_each_caution_holds_where_it_is_so(evidence: list[Evidence], expected: dict[Caution, tuple[int, ...]]) -> None:
    assert found(*evidence) == expected
    assert list(found(*evidence)) == [caution for caution in Caution if caution in expected]


def test_one_source_cited_twice_is_no_several_outlets() -> None:
    assert Caution.ONE_ORIGIN not in found(cited(1), REPEATED, cited(5), outlets={2: 1})


def test_one_voice_for_and_against_is_no_origin_behind_several_outlets() -> None:
    against = cited(2, voice="v1", stance=Stance.CONTRADICTS)
    assert found(cited(1), cited(5), against) == {Caution.CONTRADICTED: (2,)}


def test_only_a_counted_citation_warns_of_an_assessment_that_is_overdue() -> None:
    evidence = [cited(1), REPEATED, AGAINST, BACKGROUND, cited(5)]
    assert found(*evidence, overdue=(1, 2, 3, 4))[Caution.OVERDUE] == (1, 3)
    assert Caution.OVERDUE not in found(*evidence, overdue=(2, 4))
