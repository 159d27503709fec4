"""What is weak about the evidence of one article, to be said beside its number: pure.

Here: which cautions there are, and of which citations. Not here: what a citation counts (`confidence`), what is due
when (`assessing`), the sentences (`wording`).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from enum import StrEnum, auto

from articles.confidence import Evidence, Stance, Workings


class Caution(StrEnum):
    SINGLE = auto()  # one voice alone supports the claim, or moves the number up
    ONE_ORIGIN = auto()  # one voice speaks through several sources on one side
    NO_FIRST_HAND = auto()  # of what supports the claim
    CONTRADICTED = auto()
    DEAD = auto()  # readers can no longer open it, and there is no archived copy
    OVERDUE = auto()  # it counts by a tier that should have been looked at again


def cautions(
    workings: Workings, evidence: Collection[Evidence], outlets: Mapping[int, int], overdue: Collection[int]
) -> dict[Caution, tuple[int, ...]]:
    """Those that hold, in the order above, each with the numbers of its citations.

    `outlets`: of each number the source that is cited; `overdue`: the numbers whose source is to be assessed again.
    """
    left = [each for each in evidence if not each.retracted]
    voices = [row for row in workings.rows if row.stance is Stance.SUPPORTS]
    voices = [row for row in voices if row.weight > 0] or voices
    supporting = [each for each in left if each.stance is Stance.SUPPORTS]
    through: dict[tuple[Stance, str], list[int]] = defaultdict(list)
    for each in left:
        if each.stance is not Stance.CONTEXT:
            through[each.stance, each.voice].append(each.number)
    several = [numbers for numbers in through.values() if len({outlets[number] for number in numbers}) > 1]
    found = {
        Caution.SINGLE: [row.number for row in voices if len(voices) == 1],
        Caution.ONE_ORIGIN: [number for numbers in several for number in numbers],
        Caution.NO_FIRST_HAND: [] if any(e.first_hand for e in supporting) else [e.number for e in supporting],
        Caution.CONTRADICTED: [row.number for row in workings.rows if row.stance is Stance.CONTRADICTS],
        Caution.DEAD: [each.number for each in left if not each.reachable],
        Caution.OVERDUE: [row.number for row in workings.rows if row.number in overdue],
    }
    return {caution: tuple(sorted(numbers)) for caution, numbers in found.items() if numbers}
