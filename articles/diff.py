"""What changed between two texts, word by word. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from .cleaning import text_of

_TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_MARK = re.compile(r'<sup data-cite="([^"]*)"></sup>')
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)


class Op(StrEnum):
    SAME = "same"
    INSERTED = "ins"
    DELETED = "del"


@dataclass(frozen=True, slots=True)
class Piece:
    op: Op
    text: str


def words(old: str, new: str) -> list[Piece]:
    """The pieces that turn `old` into `new`: without the inserted ones they read `old`, without the deleted `new`."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, a, b).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Op.SAME, "".join(a[a0:a1])))
            continue
        if a0 < a1:
            pieces.append(Piece(Op.DELETED, "".join(a[a0:a1])))
        if b0 < b1:
            pieces.append(Piece(Op.INSERTED, "".join(b[b0:b1])))
    return pieces


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a version's content that differs, by its name there."""

    field: str
    pieces: list[Piece]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs between the contents of two versions, field by field, in the order of `new`."""
    return [
        Change(field, words(*_texts(field, old[field], new[field]))) for field in new if old.get(field) != new[field]
    ]


def _texts(field: str, old: Any, new: Any) -> tuple[str, str]:
    if field == "body" and (plain := (spelled(old), spelled(new))) and plain[0] != plain[1]:
        return plain  # where only tags differ, the tags are what a reviewer must see
    return _text(old), _text(new)


def spelled(html: str) -> str:
    """The words, and in sight what a text leads to: a link or a mark may change under the same words."""
    return text_of(_LINK.sub(r"\2 (\1)", _MARK.sub(r"[\1]", html)))


def _text(value: Any) -> str:
    if not isinstance(value, list):
        return str(value)
    return "\n".join(" · ".join(str(part) for part in _leaves(item)) for item in value)


def _leaves(value: Any) -> Iterator[Any]:
    for part in value.values():
        yield from _leaves(part) if isinstance(part, Mapping) else [] if part in ("", None) else [part]
