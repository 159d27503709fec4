"""The card picture of an article, from plain words to the bytes of a PNG. Pure: no query, no setting, no Django.

The faces are the site's own. What they do not have is drawn in a face of this machine, if there is one that has it,
and is left out if not: never as an empty box.
"""

import io
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

VERSION = 1  # raised when the same words are drawn otherwise
WIDTH, HEIGHT = 1200, 630  # pixels, as all who show such pictures ask for
COLOURS = 64  # of the palette: paper, tints, and what lies between a letter and them

PAPER, INK, SOFT, LINE = "#fdfcf9", "#1b1c20", "#54565e", "#8b8d94"
TONES = {  # text and tint, as on the page
    "": (INK, PAPER),
    "ok": ("#17623a", "#e6f3ea"),
    "tell": ("#23408e", "#e8edfb"),
    "warn": ("#744700", "#fdf0d3"),
}
BRAND = TONES["tell"][0]

REGULAR, BOLD = 400, 680
MARGIN, GAP, PADDING = 64, 24, 18
NAME_SIZE, NAME_BASE = 34, 92
TOP, BOTTOM = 126, 380  # of the headline
SIZES = range(76, 43, -4)
LEADING = 1.32  # Vietnamese marks need it
BOXES = (400, HEIGHT - MARGIN)  # of the facts, top and bottom
FACT_SIZES, DETAIL_SIZE, DETAIL_LINES = range(32, 21, -2), 24, 3

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
OWN = tuple(str(FONTS / f"source-serif-4-{part}.woff2") for part in ("latin", "vietnamese"))
OTHERS = ("DejaVuSerif.ttf", "DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSerif-Regular.ttf")  # if it has them
NOBODYS = "\U0010ffff"  # a sign that no face has
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the three: its word, what stands below it, and its tone, a key of `TONES`."""

    word: str
    detail: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """All that is drawn, and so all that tells one card from another."""

    site: str
    headline: str
    facts: tuple[Fact, ...]


class Face:
    """One weight of the faces at one size, for text that is `drawable`. Opened anew for each drawing: FreeType's are
    not for two threads.
    """

    def __init__(self, size: int, weight: int) -> None:
        self.size, self.weight = size, weight
        self._fonts: dict[str, ImageFont.FreeTypeFont] = {}

    def length(self, text: str) -> float:
        return self.overhang(text) + sum(font.getlength(run) for font, run in self.runs(text))

    def overhang(self, text: str) -> float:
        """How far its first sign reaches back over where it is drawn from: a j, say."""
        return sum(max(0.0, -font.getbbox(sign, anchor="ls")[0]) for font, sign in self.runs(text[:1]))

    def runs(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        for file, signs in groupby(text, key=file_of):
            yield self._font(file or OWN[0]), "".join(signs)

    def draw(self, on: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: str) -> None:
        """`text` from `at`, the left end of its base line, to the left of which nothing is."""
        x, y = at[0] + self.overhang(text), at[1]
        for font, run in self.runs(text):
            on.text((x, y), run, font=font, fill=colour, anchor="ls")
            x += font.getlength(run)

    def _font(self, file: str) -> ImageFont.FreeTypeFont:
        if file not in self._fonts:
            self._fonts[file] = opened(file, self.size, self.weight)
        return self._fonts[file]


def opened(file: str, size: int, weight: int = REGULAR) -> ImageFont.FreeTypeFont:
    """Letter by letter, without the shaping library, which not every build of Pillow has: NFC text needs none."""
    font = ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
    if file in OWN:
        font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=4096)
def file_of(sign: str) -> str | None:
    """The first face that has this sign: one that draws it otherwise than what no face has."""
    for file in (*OWN, *OTHERS):
        try:
            font = opened(file, 24)
        except OSError:
            continue  # not on this machine
        if shape(font, sign) != shape(font, NOBODYS):
            return file
    return None


def shape(font: ImageFont.FreeTypeFont, sign: str) -> tuple[float, tuple[int, int], bytes]:
    mask = font.getmask(sign)
    return font.getlength(sign), mask.size, bytes(mask)


def drawable(text: str) -> str:
    """`text` on one line, without the signs that nothing here can draw."""
    kept = (sign for sign in unicodedata.normalize("NFC", " ".join(text.split())) if file_of(sign) is not None)
    return " ".join("".join(kept).split())


def lines_of(text: str, face: Face, width: float) -> list[str]:
    """`text` in lines no wider than `width`; a word that alone is wider is broken."""
    lines: list[str] = []
    for word in drawable(text).split():
        if lines and face.length(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines += pieces(word, face, width)
    return lines


def pieces(word: str, face: Face, width: float) -> Iterator[str]:
    while face.length(word) > width and len(word) > 1:
        end = max(1, bisect_right(range(1, len(word) + 1), width, key=lambda end: face.length(word[:end])))
        yield word[:end]
        word = word[end:]
    yield word


def cut(lines: Sequence[str], most: int, face: Face, width: float) -> list[str]:
    """At most so many lines; where some are left out, the last one ends by an ellipsis in place of words."""
    if len(lines) <= most:
        return list(lines)
    words = lines[most - 1].split()
    while len(words) > 1 and face.length(" ".join(words) + ELLIPSIS) > width:
        words.pop()
    last = " ".join(words)
    while last and face.length(last + ELLIPSIS) > width:
        last = last[:-1]
    return [*lines[: most - 1], last + ELLIPSIS]


def fitted(text: str, sizes: Iterable[int], width: float, height: float) -> tuple[Face, list[str]]:
    """`text` at the largest of `sizes`, which fall, at which it fits; at the last one, cut."""
    for size in sizes:
        face = Face(size, BOLD)
        lines, most = lines_of(text, face, width), int(height // (size * LEADING))
        if len(lines) <= most:
            break
    return face, cut(lines, most, face, width)


def png(card: Card) -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    on = ImageDraw.Draw(image)
    inner = WIDTH - 2 * MARGIN
    on.rectangle((0, 0, WIDTH, 15), fill=BRAND)
    face, lines = fitted(card.site, (NAME_SIZE,), inner, NAME_SIZE * LEADING)
    for line in lines:
        face.draw(on, (MARGIN, NAME_BASE), line, BRAND)
    face, lines = fitted(card.headline, SIZES, inner, BOTTOM - TOP)
    for number, line in enumerate(lines):
        face.draw(on, (MARGIN, TOP + round(face.size * (1 + LEADING * number))), line, INK)
    width = (inner - GAP * (len(card.facts) - 1)) / max(1, len(card.facts))
    for number, fact in enumerate(card.facts):
        _fact(on, fact, MARGIN + number * (width + GAP), width)
    kept = io.BytesIO()
    image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        kept, "PNG", compress_level=6
    )
    return kept.getvalue()


def _fact(on: ImageDraw.ImageDraw, fact: Fact, left: float, width: float) -> None:
    colour, tint = TONES[fact.tone]
    top, bottom = BOXES
    on.rounded_rectangle((left, top, left + width, bottom), radius=8, fill=tint, outline=LINE, width=2)
    inner = width - 2 * PADDING
    face, lines = fitted(fact.word, FACT_SIZES, inner, FACT_SIZES[0] * LEADING)
    y = top + PADDING + FACT_SIZES[0]
    for line in lines:
        face.draw(on, (left + PADDING, y), line, colour)
    small = Face(DETAIL_SIZE, REGULAR)
    for line in cut(lines_of(fact.detail, small, inner), DETAIL_LINES, small, inner):
        y += round(DETAIL_SIZE * LEADING)
        small.draw(on, (left + PADDING, y), line, INK)
