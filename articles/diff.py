"""What changed between two texts, word by word; between two lists of citations, field by field. Pure.

Here is what differs and where; how a field is called and a value is worded is `comparing`'s.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from .cleaning import pictured, pictures, text_of

MOST_PAIRS = 2_000_000  # of words compared with each other; a passage beyond is told as replaced whole
CLOSELY = 100_000  # pairs; in a passage beyond, its commonest words alone make no match
CONTEXT = 1  # blocks shown unchanged on either side of a change
LEAST_FOLDED = 2  # blocks: one alone takes no more room than the fold

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_MARK = re.compile(r'<sup data-cite="([^"]*)"></sup>')
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)

# Lists whose items are compared one by one: what makes two items the same, the surest first.
ITEMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "citations": (("url",), ("source", "quote"), ("source", "title")),
    "pictures": (("hash",),),
}
NUMBER = "number"
# In which the fields of an item are told: a database may keep those of an object in an order of its own.
ORDER = (
    NUMBER, "url", "title", "title_language", "source", "origin", "stance", "first_hand", "quote", "locator",
    "accessed", "archive_url", "alt", "decorative", "caption", "credit", "licence", "source_url", "hash", "focal",
    "place",
)  # fmt: skip


class Op(StrEnum):
    SAME = "same"
    INSERTED = "ins"
    DELETED = "del"


@dataclass(frozen=True, slots=True)
class Piece:
    op: Op
    text: str


# --- words -------------------------------------------------------------------------------------------


def words(old: str, new: str) -> list[Piece]:
    """The pieces that turn `old` into `new`: without the inserted ones they read `old`, without the deleted `new`."""
    a, b = _LINE.findall(old), _LINE.findall(new)
    pieces: list[Piece] = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, a, b).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Op.SAME, "".join(a[a0:a1])))
            continue
        left, right = a[a0:a1], b[b0:b1]
        if len(left) != len(right):
            left, right = ["".join(left)], ["".join(right)]
        for one, other in zip(left, right, strict=True):
            pieces += _passage(_TOKEN.findall(one), _TOKEN.findall(other))
    return _joined(pieces)


def _passage(a: list[str], b: list[str]) -> Iterator[Piece]:
    """Of two passages that share no line. Comparing grows with the square of their length, hence the bounds."""
    start = _shared(a, b)
    end = _shared(a[start:][::-1], b[start:][::-1])
    yield Piece(Op.SAME, "".join(a[:start]))
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    if (pairs := len(left) * len(right)) > MOST_PAIRS:
        yield from (Piece(Op.DELETED, "".join(left)), Piece(Op.INSERTED, "".join(right)))
    else:
        for tag, a0, a1, b0, b1 in SequenceMatcher(None, left, right, autojunk=pairs > CLOSELY).get_opcodes():
            if tag == "equal":
                yield Piece(Op.SAME, "".join(left[a0:a1]))
            else:
                yield from (Piece(Op.DELETED, "".join(left[a0:a1])), Piece(Op.INSERTED, "".join(right[b0:b1])))
    yield Piece(Op.SAME, "".join(a[len(a) - end :]))


def _shared(a: Sequence[str], b: Sequence[str]) -> int:
    return next(
        (place for place, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]), min(len(a), len(b))
    )


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """No empty piece, and no two neighbours that do the same."""
    whole: list[Piece] = []
    for piece in pieces:
        if whole and whole[-1].op == piece.op:
            whole[-1] = Piece(piece.op, whole[-1].text + piece.text)
        elif piece.text:
            whole.append(piece)
    return whole


# --- a text, block by block --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or point of a text, by its number in the new text; None where it is gone from it."""

    number: int | None
    pieces: list[Piece]

    @property
    def changed(self) -> bool:
        return any(piece.op != Op.SAME for piece in self.pieces)

    @property
    def text(self) -> str:
        """As it reads now."""
        return "".join(piece.text for piece in self.pieces if piece.op != Op.DELETED)


@dataclass(frozen=True, slots=True)
class Passage:
    """Blocks that follow each other; `folded` where nothing in them asks to be read again."""

    folded: bool
    blocks: list[Block]


def lines(html: str) -> list[str]:
    """The words of each block, and in sight what a text leads to: a link or a mark may change under the same words. A
    picture is no block.
    """
    return [line for line in spelled(pictured(html, {})).split("\n") if line]


def blocks(old: str, new: str) -> list[Block]:
    """What changed from cleaned html to cleaned html, by the blocks of `new` and with those of `old` that are gone."""
    found: list[Block] = []
    pieces: list[Piece] = []
    number = 0
    before, after = ("".join(f"{line}\n" for line in lines(html)) for html in (old, new))
    for piece in words(before, after):
        for part in _LINE.findall(piece.text):
            if text := part.removesuffix("\n"):
                pieces.append(Piece(piece.op, text))
            if text == part:
                continue
            gone = piece.op == Op.DELETED
            if gone and any(each.op != Op.DELETED for each in pieces):
                pieces.append(Piece(Op.DELETED, "\n"))  # two blocks became one
                continue
            number += not gone
            found.append(Block(None if gone else number, pieces))
            pieces = []
    return found


def folded(found: Sequence[Block], kept: Collection[int] = ()) -> list[Passage]:
    """The same blocks; those are folded that did not change, are not next to a change, nor of a number in `kept`."""
    shown = {
        near
        for place, block in enumerate(found)
        if block.changed or block.number in kept
        for near in range(place - CONTEXT, place + CONTEXT + 1)
    }
    passages: list[Passage] = []
    for place, block in enumerate(found):
        folds = place not in shown
        if not passages or passages[-1].folded != folds:
            passages.append(Passage(folds, []))
        passages[-1].blocks.append(block)
    return [Passage(each.folded and len(each.blocks) >= LEAST_FOLDED, each.blocks) for each in passages]


# --- a version's content -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """One of a list that is new, gone, or (SAME) has changed in these fields; `number` as it is now, else as it was."""

    op: Op
    number: int
    changes: "list[Change]"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a version's content that differs, by its name there: in `pieces`, or in the `items` of a list."""

    field: str
    pieces: list[Piece]
    items: tuple[Item, ...] = ()


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs between the contents of two versions, field by field, in the order of `new`."""
    return [
        Change(field, [], items(field, old[field], new[field]))
        if field in ITEMS
        else Change(field, words(*_texts(field, old[field], new[field])))
        for field in new
        if old.get(field) != new[field]
    ]


def items(field: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    """The items that differ, in the order of `new`; those that are gone, last."""
    pairs = matched(field, old, new)
    found: list[Item] = []
    for place, after in enumerate(new):
        before = old[pairs[place]] if place in pairs else None
        if before != after:
            found.append(Item(Op.SAME if before else Op.INSERTED, after[NUMBER], _fields(before or {}, after)))
    gone = (before for place, before in enumerate(old) if place not in pairs.values())
    return (*found, *(Item(Op.DELETED, before[NUMBER], _fields(before, {})) for before in gone))


def matched(field: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """For the place of each item of `new` that was there before, its place in `old`."""
    pairs: dict[int, int] = {}
    for names in (None, *ITEMS[field]):
        left: dict[str, list[int]] = {}
        for place, item in enumerate(old):
            if place not in pairs.values() and (key := _key(item, names)):
                left.setdefault(key, []).append(place)
        for place, item in enumerate(new):
            if place not in pairs and left.get(key := _key(item, names)):
                pairs[place] = left[key].pop(0)
    return pairs


def _key(item: Mapping[str, Any], names: tuple[str, ...] | None) -> str:
    """What two items are the same by: all but the number, or these fields; "" where one of them is empty."""
    values = [item.get(name) for name in names] if names else [item[name] for name in item if name != NUMBER]
    return repr(values) if names is None or all(values) else ""


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The fields of an item that differ; of one that is new or gone its number is no news."""
    differ = (name for name in (new or old) if old.get(name) != new.get(name) and (name != NUMBER or (old and new)))
    names = sorted(differ, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    told = [Change(name, words(*_shortest(old.get(name), new.get(name)))) for name in names]
    return [change for change in told if change.pieces]


def _shortest(old: Any, new: Any) -> tuple[str, str]:
    """A name where names tell the two apart, else all there is."""
    named = tuple(str(value["name"]) if isinstance(value, Mapping) else _plain(value) for value in (old, new))
    whole = tuple(_text([value]) if isinstance(value, Mapping) else _plain(value) for value in (old, new))
    return (named[0], named[1]) if named[0] != named[1] else (whole[0], whole[1])


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _texts(field: str, old: Any, new: Any) -> tuple[str, str]:
    if field == "body" and (plain := (spelled(old), spelled(new))) and plain[0] != plain[1]:
        return plain  # where only tags differ, the tags are what a reviewer must see
    return _text(old), _text(new)


def spelled(html: str) -> str:
    """The words, and in sight what a text leads to and shows: a link or a mark may change under the same words."""
    shown = pictured(html, {photo: f"<p>[#{photo}]</p>" for photo in pictures(html)})
    return text_of(_LINK.sub(r"\2 (\1)", _MARK.sub(r"[\1]", shown)))


def _text(value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    return "\n".join(" · ".join(str(part) for part in _leaves(item)) for item in value)


def _leaves(value: Any) -> Iterator[Any]:
    for part in value.values():
        yield from _leaves(part) if isinstance(part, Mapping) else [] if part in ("", None) else [part]
