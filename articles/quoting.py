"""Which sentences of a text carry a citation's mark, which paragraphs none, and behind which its pictures stand. Pure;
of cleaned html, whose words hold no control character.
"""

import re
from collections.abc import Iterator

from .cleaning import pictured, pictures, text_of

_MARK = re.compile(r'<sup data-cite="([0-9]+)"></sup>')
_HELD = re.compile("\0([0-9]+)\0")
_BLOCK = re.compile(r"<h[23]>.*?</h[23]>|</?(?:p|ul|ol|li|blockquote)>", re.DOTALL)  # a heading is no paragraph
_OPENING = 8  # words
_ENDS = (".", "!", "?", "…")
_CLOSES = '"”’»)'


def sentences(html: str) -> dict[int, list[str]]:
    """For each citation's number, the sentences that carry its mark, in order; a mark behind a full stop is of it."""
    found: dict[int, list[str]] = {}
    for line in text_of(_MARK.sub("\0\\1\0", html)).split("\n"):
        for words, numbers in _sentences(line):
            for number in dict.fromkeys(numbers):
                found.setdefault(number, []).append(words)
    return found


def unmarked(html: str) -> list[str]:
    """The opening words of each paragraph that carries no citation's mark, in order."""
    texts = [text_of(block).split() for block in _BLOCK.split(html) if not _MARK.search(block)]
    return [_opening(words) for words in texts if words]


def above(html: str) -> dict[int, str]:
    """For each picture in the text, the opening words of the paragraph that it stands behind; "" where of none."""
    found: dict[int, str] = {}
    before = ""
    for line in text_of(pictured(html, {photo: f"<p>\1{photo}</p>" for photo in pictures(html)})).split("\n"):
        if line.startswith("\1"):
            found.setdefault(int(line[1:]), _opening(before.split()))
        else:
            before = line
    return found


def _opening(words: list[str]) -> str:
    return " ".join(words[:_OPENING]) + ("…" if words[_OPENING:] else "")


def _sentences(line: str) -> Iterator[tuple[str, list[int]]]:
    """Each sentence without its marks, and their numbers. Word by word: linear, whatever the line is made of."""
    words: list[str] = []
    numbers: list[int] = []
    for held in line.split():
        word = _HELD.sub("", held)
        if word and words and words[-1].rstrip(_CLOSES).endswith(_ENDS):
            yield " ".join(words), numbers
            words, numbers = [], []
        words += [word] if word else []
        numbers += map(int, _HELD.findall(held))
    yield " ".join(words), numbers
