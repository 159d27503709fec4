"""Which paragraph of a translation stands for which of its source. Pure; of cleaned html."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from .cleaning import pictured, pictures
from .diff import lines

MOST_PAIRS = 250_000  # of paragraphs held against each other; beyond, they are paired by place
ALONE = 0.75  # the cost of a paragraph without a partner
FARTHEST = 0.6  # … of the least alike lengths
UNMARKED = 0.5  # … of citation marks that have nothing in common
SHORT = 10  # signs; the lengths of short paragraphs tell little

_MARK = re.compile(r'<sup data-cite="([0-9]+)"></sup>')
_HEADING = re.compile(r"<h[23]>")
_HELD = re.compile("\0([0-9]+)\0")  # cleaned text holds no control character


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of a text by its number as `diff.blocks` counts; `marks` are those of its citations, in order. Or a
    picture between the lines, by the number that the text has: it counts as none (0).
    """

    number: int
    text: str
    heading: bool
    marks: tuple[int, ...]
    picture: int | None = None

    @property
    def kind(self) -> tuple[bool, int | None]:
        """What may stand for each other: headings, texts, the same picture."""
        return self.heading, self.picture


@dataclass(frozen=True, slots=True)
class Pair:
    """A paragraph of each side, or of one alone."""

    source: Paragraph | None
    mine: Paragraph | None

    @property
    def lacking(self) -> list[int]:
        """The marks of the source that mine has not."""
        there = self.mine.marks if self.mine else ()
        return sorted({mark for mark in (self.source.marks if self.source else ()) if mark not in there})


def paragraphs(html: str) -> list[Paragraph]:
    shown = pictured(html, {photo: f"<p>\2{photo}</p>" for photo in pictures(html)})
    number, found = 0, []
    for line in lines(_MARK.sub("\0\\1\0", _HEADING.sub("\\g<0>\1", shown))):
        if line.startswith("\2"):
            found.append(Paragraph(0, "", False, (), int(line[1:])))
        elif line != "\1":
            number += 1
            text = _HELD.sub(r"[\1]", line).replace("\1", "").strip()
            found.append(Paragraph(number, text, "\1" in line, tuple(map(int, _HELD.findall(line)))))
    return found


def renumbered(found: Sequence[Paragraph], numbers: Mapping[int, int]) -> list[Paragraph]:
    """With the marks by these numbers, without those that have none; the words stay."""
    return [replace(each, marks=tuple(numbers[mark] for mark in each.marks if mark in numbers)) for each in found]


def aligned(source: Sequence[Paragraph], mine: Sequence[Paragraph]) -> list[Pair]:
    """Every paragraph of both, once and in its order; a heading beside a heading, a text beside a text, a picture
    beside itself.

    The cheapest way through both, as sentences of two languages are aligned by their lengths (Gale and Church 1993),
    and here by their citation marks too. As many of the same kinds in the same order are one for one.
    """
    if [each.kind for each in source] == [each.kind for each in mine]:
        return [Pair(*each) for each in zip(source, mine, strict=True)]
    if len(source) * len(mine) > MOST_PAIRS:
        return list(_by_place(source, mine))
    costs = [[ALONE * (i + j) for j in range(len(mine) + 1)] for i in range(len(source) + 1)]
    for i, left in enumerate(source, 1):
        for j, right in enumerate(mine, 1):
            alone = min(costs[i - 1][j], costs[i][j - 1]) + ALONE
            costs[i][j] = alone if left.kind != right.kind else min(alone, costs[i - 1][j - 1] + _cost(left, right))
    return list(_back(source, mine, costs))[::-1]


def _back(source: Sequence[Paragraph], mine: Sequence[Paragraph], costs: list[list[float]]) -> Iterator[Pair]:
    i, j = len(source), len(mine)
    while i or j:
        if i and costs[i][j] == costs[i - 1][j] + ALONE:
            i -= 1
            yield Pair(source[i], None)
        elif j and costs[i][j] == costs[i][j - 1] + ALONE:
            j -= 1
            yield Pair(None, mine[j])
        else:
            i, j = i - 1, j - 1
            yield Pair(source[i], mine[j])


def _cost(left: Paragraph, right: Paragraph) -> float:
    """Below the cost of two that stand alone."""
    ratio = abs(log((len(left.text) + SHORT) / (len(right.text) + SHORT)))
    both, either = {*left.marks} & {*right.marks}, {*left.marks} | {*right.marks}
    return min(ratio / 2, FARTHEST) + (UNMARKED * (1 - len(both) / len(either)) if either else 0.0)


def _by_place(source: Sequence[Paragraph], mine: Sequence[Paragraph]) -> Iterator[Pair]:
    for place in range(max(len(source), len(mine))):
        left, right = source[place : place + 1], mine[place : place + 1]
        if left and right and left[0].kind != right[0].kind:
            yield from (Pair(left[0], None), Pair(None, right[0]))
        else:
            yield Pair(left[0] if left else None, right[0] if right else None)
