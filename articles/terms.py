"""What a text is found by, what a query asks for, and where the one has the other. Pure.

A term is a word without its capitals and marks, spelt in a to z and 0 to 9 from a letter on, so that no database reads
it in a way of its own. A word keeps its place in the text that it stands in: what is found there can be marked there.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from sources.naming import folded

MOST_TERMS = 12  # of a query
LONGEST_WORD = 100  # letters; further ones tell no two words apart
MOST_LETTERS = 400_000  # of the terms of one text: PostgreSQL keeps less than 1 MB of a row's
BEFORE, LENGTH = 60, 220  # characters of a snippet: before what was found, and in all

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")  # a mark may still stand beside its letter
_PART = re.compile(r'"([^"]*)"|([^"]+)')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_TO_SPELL = re.compile("^[0-9]|[^a-pr-z0-9]")


class Word(NamedTuple):
    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `found` where the query asked for it."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Every part is asked for: a word, or the words of a phrase one after the other."""

    text: str
    parts: tuple[tuple[str, ...], ...]
    unfinished: bool  # the last part is a word that may go on
    marked: frozenset[str]  # the words that were typed with their marks
    shorter: str  # the same without its last word; "" where it has one alone


# --- words -------------------------------------------------------------------------------------------


def words(text: str) -> Iterator[Word]:
    for found in _WORD.finditer(text):
        if spelt := term(found[0]):
            yield Word(spelt, found.start(), found.end())


@lru_cache(maxsize=20_000)
def term(word: str) -> str:
    """The beginning of a word gives the beginning of its term, and of no other word's; "" of what has no letter."""
    letters = "".join(filter(str.isalnum, folded(word)))[:LONGEST_WORD]
    return _TO_SPELL.sub(lambda letter: _spelt(letter[0]), letters)


def _spelt(letter: str) -> str:
    """After a q, which stands for itself as "q0": how many figures follow, then the letter's number."""
    number = "" if letter == "q" else f"{ord(letter):x}"
    return f"q{len(number)}{number}"


def line(text: str) -> str:
    """The terms of `text` as they are kept to be found, each between spaces."""
    whole = " ".join(["", *filter(None, map(term, _WORD.findall(text))), ""])
    return whole if len(whole) <= MOST_LETTERS else whole[:MOST_LETTERS].rpartition(" ")[0] + " "


# --- a query -----------------------------------------------------------------------------------------


def query(text: str) -> Query:
    """What was typed, at most MOST_TERMS of its words; whatever is neither a word nor a pair of quotes says nothing."""
    text = text.translate(_QUOTES)
    parts: list[tuple[str, ...]] = []
    unfinished, room = False, MOST_TERMS
    for phrase, loose in _PART.findall(text):
        terms = tuple(word.term for word in words(phrase or loose))
        if terms:  # one plain letter alone is a word, or half of all words begin with it
            unfinished = bool(loose) and len(terms) <= room and len(terms[-1]) > 1
        terms, room = terms[:room], room - len(terms[:room])
        parts += ([terms] if terms else []) if phrase else [(each,) for each in terms]
    places = list(words(text))
    return Query(
        text,
        tuple(parts),
        unfinished,
        frozenset(word for found in _WORD.findall(text) if (word := _typed(found)) != folded(found)),
        _closed(text[: places[-1].start]) if len(places) > 1 else "",
    )


def _closed(text: str) -> str:
    """`text` without the last quote, where that closes nothing."""
    return " ".join((text if text.count('"') % 2 == 0 else text[::-1].replace('"', " ", 1)[::-1]).split())


def _typed(word: str) -> str:
    return unicodedata.normalize("NFC", word.casefold())


def closeness(query: Query, text: str) -> int:
    """How many of the words that were typed with marks stand in `text` with these very marks; and one more where the
    last word, which may go on, stands there whole.
    """
    there = _WORD.findall(text)
    marks = len(query.marked & {_typed(word) for word in there}) if query.marked else 0
    return marks + (query.unfinished and any(term(word) == query.parts[-1][0] for word in there))


# --- what was found ----------------------------------------------------------------------------------


def marked(query: Query, text: str) -> list[Piece]:
    """`text` in pieces, with what the query asks for marked."""
    pieces, start = [], 0
    for first, last in _apart(_found(query, text)):
        pieces += [Piece(text[start:first]), Piece(text[first:last], found=True)]
        start = last
    return [piece for piece in [*pieces, Piece(text[start:])] if piece.text]


def snippet(query: Query, text: str) -> list[Piece]:
    """The words around the first that the query asks for, marked; nothing where there is none."""
    first, last = next(_found(query, text), (0, 0))
    if not last:
        return []
    start, end = max(0, first - BEFORE), max(first - BEFORE + LENGTH, last)
    start = start and (text.find(" ", start, first) + 1 or first)
    if end < len(text):
        end = max(text.rfind(" ", start, end), last)
    before, after = [Piece("… ")] if start else [], [Piece(" …")] if end < len(text) else []
    return [*before, *marked(query, text[start:end].replace("\n", " ")), *after]


def _found(query: Query, text: str) -> Iterator[tuple[int, int]]:
    """From where to where the query's parts stand, in the order in which they begin. No further into the text than
    whoever asks wants to know.
    """
    whole = query.parts[:-1] if query.unfinished else query.parts
    rest = words(text)
    there = deque(islice(rest, max(map(len, query.parts), default=0)))  # as many as the longest part has
    while there:
        word = there[0]
        if query.unfinished and word.term.startswith(query.parts[-1][0]):
            yield word.start, word.end
        for part in whole:
            if part[0] == word.term and part == tuple(each.term for each in islice(there, len(part))):
                yield word.start, there[len(part) - 1].end
        there.popleft()
        there.extend(islice(rest, 1))


def _apart(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places, those that overlap as one."""
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
