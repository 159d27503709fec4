"""The card picture: every letter of Vietnamese is drawn, whatever the words nothing leaves its place."""

import io
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from articles import drawing
from articles.drawing import (
    BOLD,
    ELLIPSIS,
    NOBODYS,
    OWN,
    SIZES,
    Card,
    Face,
    Fact,
    drawable,
    file_of,
    fitted,
    png,
    shape,
)

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = "aăâeêioôơuưy"
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]
LETTERS = [*SMALL, *map(str.upper, SMALL), *map(chr, range(0x21, 0x7F)), *"–…·“”‘’−₫"]
FACTS = (Fact("Tier 1 · sources", "first-hand", "ok"), Fact("58% confidence", "likely", "tell"), Fact("Reviewed", "by"))


def image(card: Card) -> Image.Image:
    made = Image.open(io.BytesIO(png(card)), formats=["PNG"])
    assert made.size == (1200, 630)
    return made.convert("RGB")


def only(picture: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, ...] | None:
    """The one colour within, if there is but one."""
    colours = picture.crop(box).getcolors(1)
    return colours[0][1] if colours else None  # type: ignore[return-value]


def near(colour: tuple[int, ...] | None, wanted: str) -> bool:
    rgb = [int(wanted[at : at + 2], 16) for at in (1, 3, 5)]
    return colour is not None and all(abs(a - b) <= 2 for a, b in zip(colour, rgb, strict=True))


def test_there_are_as_many_letters_as_vietnamese_has() -> None:
    assert len(set(SMALL)) == 12 * 6 + 1
    assert {len(letter) for letter in LETTERS} == {1}


@pytest.mark.parametrize("weight", [drawing.REGULAR, BOLD])
def test_no_letter_of_vietnamese_is_an_empty_box(weight: int) -> None:
    """In the site's own faces each is drawn, otherwise than what no face has and otherwise than any other."""
    shapes = {}
    for letter in LETTERS:
        file = file_of(letter)
        assert file in OWN, letter
        font = drawing.opened(file, 96, weight)
        shapes[letter] = shape(font, letter)
        assert shapes[letter] != shape(font, NOBODYS), letter
        assert any(shapes[letter][2]), letter
    same = [
        (a, b) for (a, first), (b, second) in pairwise(sorted(shapes.items(), key=lambda it: it[1])) if first == second
    ]
    assert same == []


def test_the_faces_are_those_of_the_pages() -> None:
    assert [Path(file).name for file in OWN] == ["source-serif-4-latin.woff2", "source-serif-4-vietnamese.woff2"]
    assert all(Path(file).is_file() for file in OWN)


def test_what_nothing_here_can_draw_is_left_out_and_never_a_box() -> None:
    assert file_of(NOBODYS) is None
    assert drawable(f"A {NOBODYS} b{NOBODYS}\nc") == "A b c"
    with_it, without = (Card("Desk", f"One{sign} two", FACTS) for sign in (NOBODYS, ""))
    assert png(with_it) == png(without)


def test_a_machine_without_other_faces_draws_with_the_sites_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "OTHERS", ("not-on-this-machine.ttf",))
    file_of.cache_clear()
    try:
        assert drawable("Đổi 3 ≥ 2 習 🎉") == "Đổi 3 2"
        assert png(Card("Desk", "習", FACTS))
    finally:
        file_of.cache_clear()


def test_the_same_words_are_the_same_picture_however_they_are_spelt() -> None:
    composed = Card("Tòa soạn", "Đổi giờ bảy lần", FACTS)
    spelt = Card(*(unicodedata.normalize("NFD", text) for text in ("Tòa soạn", "Đổi  giờ\nbảy lần")), FACTS)
    assert png(composed) == png(spelt)


def test_many_drawn_at_once_are_as_those_drawn_alone() -> None:
    cards = [Card("Desk", f"Đổi giờ bảy lần {number}", FACTS) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(png, cards)) == [png(card) for card in cards]


def test_a_card_is_small() -> None:
    assert len(png(Card("Desk", "Giờ Việt Nam đã đổi bao nhiêu lần trong thế kỷ hai mươi, và vì sao", FACTS))) < 40_000


WIDTH, HEIGHT = 1072.0, 254.0


@pytest.mark.parametrize(
    ("text", "size", "lines"),
    [
        ("Short", 76, 1),
        ("Chưa ai dự báo được động đất", 76, 2),
        ("Giờ Việt Nam đã đổi bao nhiêu lần trong thế kỷ hai mươi, và vì sao nhiều tài liệu ghi khác", 64, 3),
        ("Giờ Việt Nam đã đổi bao nhiêu lần trong thế kỷ " * 3, 48, 4),
    ],
)
def test_the_longer_the_headline_the_smaller(text: str, size: int, lines: int) -> None:
    face, made = fitted(text, SIZES, WIDTH, HEIGHT)
    assert (face.size, len(made)) == (size, lines)
    assert " ".join(made) == drawable(text)


def test_what_is_too_long_at_the_smallest_ends_by_an_ellipsis_between_words() -> None:
    words = ("Giờ Việt Nam đã đổi bao nhiêu lần trong thế kỷ " * 8).split()
    face, made = fitted(" ".join(words), SIZES, WIDTH, HEIGHT)
    assert (face.size, len(made)) == (min(SIZES), 4)
    kept = " ".join(made)
    assert kept.endswith(ELLIPSIS)
    assert kept.removesuffix(ELLIPSIS).split() == words[: len(kept.split())]


TEXTS = st.text(
    st.sampled_from([*LETTERS, "W", "Ẵ", "ự", *"   ", "習", "🎉", "\u0323", "\u202e", "\x00"]), max_size=200
)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(100, 1200), st.integers(60, 400))
def test_no_line_is_wider_and_no_text_higher_than_its_place(text: str, width: int, height: int) -> None:
    face, lines = fitted(text, SIZES, width, height)
    assert len(lines) <= max(1, height // (face.size * drawing.LEADING))
    assert all(face.length(line) <= width for line in lines)
    whole = "".join(drawable(text).split())
    assert whole.startswith("".join("".join(lines).removesuffix(ELLIPSIS).split())) or whole.endswith(ELLIPSIS)


@settings(max_examples=12, deadline=None)
@example("", "jjj", [("j", "j")] * 3, min(drawing.TONES))
@given(TEXTS, TEXTS, st.lists(st.tuples(TEXTS, TEXTS), min_size=3, max_size=3), st.sampled_from([*drawing.TONES]))
def test_nothing_leaves_its_place_whatever_the_words(
    site: str, headline: str, facts: list[tuple[str, str]], tone: str
) -> None:
    picture = image(Card(site, headline, tuple(Fact(*fact, tone) for fact in facts)))
    lanes = [
        (0, 16, 58, 630), (1142, 16, 1200, 630),  # to the left and to the right of all
        (0, 568, 1200, 630),  # below
        (0, 16, 1200, 48), (0, 106, 1200, 114), (0, 384, 1200, 399),  # above the name, the headline and the facts
        *((round(64 + at * (1024 / 3 + 24) - 22), 400, round(64 + at * (1024 / 3 + 24) - 3), 566) for at in (1, 2)),
    ]  # fmt: skip
    for lane in lanes:
        assert near(only(picture, lane), drawing.PAPER), lane
    for at in range(3):
        right, tint = round(64 + at * (1024 / 3 + 24) + 1024 / 3), drawing.TONES[tone][1]
        assert near(only(picture, (right - 10, 412, right - 3, 554)), tint)
        assert near(only(picture, (right - 330, 555, right - 10, 562)), tint)


def test_every_word_of_a_card_is_in_its_picture() -> None:
    whole = Card("Desk", "Headline", FACTS)
    others = [Card("Desks", "Headline", FACTS), Card("Desk", "Headlines", FACTS)]
    for at, fact in enumerate(FACTS):
        longer = (Fact(f"{fact.word}s", fact.detail, fact.tone), Fact(fact.word, f"{fact.detail}s", fact.tone))
        others += [Card("Desk", "Headline", (*FACTS[:at], other, *FACTS[at + 1 :])) for other in longer]
    assert len({png(card) for card in (whole, *others)}) == 9


def test_a_face_draws_where_it_measures() -> None:
    """Runs of two files follow each other: the marks of Vietnamese come from another than its plain letters."""
    face = Face(48, BOLD)
    assert [run for _font, run in face.runs("Giờ ở đâu")] == [
        "Giờ ở đâu"[a:b] for a, b in pairwise((0, 2, 3, 4, 5, 6, 7, 9))
    ]
    assert face.length("Giờ ở đâu") == sum(font.getlength(run) for font, run in face.runs("Giờ ở đâu"))
