"""Three ways into one: what a form was opened with, what was typed into it, and what stands now. Pure.

What a part is (a field's value, a whole citation) and how two of them are compared kindly is the caller's.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

Part = TypeVar("Part")
Copy = Mapping[str, Part | None]  # None: it is known to be gone; a part without a name here is one nobody knows of


class Whose(StrEnum):
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"  # changed by both, and not to the same: for a person to decide


def merge(base: Copy, mine: Copy, theirs: Copy, light: Collection[str] = ()) -> dict[str, Whose]:
    """For each part of `mine`, whose of it stands. Of a `light` part the last to save decides, which loses nothing.

    Where `base` does not know a part, whatever differs is for a person to decide.
    """
    return {name: _whose(name, base, mine[name], theirs.get(name), name in light) for name in mine}


def _whose(name: str, base: Copy, mine: Part | None, theirs: Part | None, light: bool) -> Whose:
    if mine == theirs:
        return Whose.THEIRS
    if name in base and mine == base[name]:
        return Whose.THEIRS
    if light or (name in base and theirs == base[name]):
        return Whose.MINE
    return Whose.BOTH


def decided(
    base: Copy, mine: Copy, theirs: Copy, shown: Copy, choices: Mapping[str, str]
) -> tuple[dict[str, Part | None], dict[str, Part | None]]:
    """`base` and `mine` after a person chose, for parts in conflict, between mine and the `shown` one of theirs.

    A choice counts while theirs is still what was shown; if not, the part is in conflict again, with the same base.
    """
    base, mine = dict(base), dict(mine)
    for name, choice in choices.items():
        if name in mine and name in shown and shown[name] == theirs.get(name):
            if choice == Whose.MINE:
                base[name] = theirs.get(name)
            elif choice == Whose.THEIRS:
                mine[name] = theirs.get(name)
    return base, mine
