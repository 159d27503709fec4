"""What a text is found by and what a query asks for: words without marks and capitals, and where they stand."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.terms import (
    BEFORE,
    LENGTH,
    LONGEST_WORD,
    MOST_LETTERS,
    MOST_TERMS,
    Piece,
    closeness,
    line,
    marked,
    query,
    snippet,
    term,
    words,
)

WORDS = st.text(st.sampled_from("aăâđeêoơuưqAĂĐ19е一ß½ﬁ\u0301\u0323"), min_size=1, max_size=6)
TEXTS = st.one_of(st.lists(WORDS | st.just('"'), max_size=12).map(" ".join), st.text(max_size=60))


@pytest.mark.parametrize(
    ("text", "found_by"),
    [
        ("nguồn mở", "nguon mo"),
        ("NGUỒN MỞ", "nguon mo"),
        (unicodedata.normalize("NFD", "Nguồn Mở"), "nguon mo"),
        ("Đà Nẵng", "da nang"),
        ("điện thoại", "dien thoai"),
        ("covid-19", "covid q2319"),
        ("50% AND (NEAR) *", "q2350 and near"),
        ("snake_case", "snake case"),
        ("m² ﬁn Straße", "m2 fin strasse"),
        ("quy", "q0uy"),
        ("q0", "q00"),
        ("1e5", "q231e5"),
        ("де", "q3434q3435"),
    ],
)
def test_a_text_is_found_by_its_words_without_marks_and_capitals(text: str, found_by: str) -> None:
    assert line(text) == f" {found_by} "


@given(TEXTS)
def test_a_term_is_of_letters_that_every_engine_reads_alike(text: str) -> None:
    assert re.fullmatch("( [a-z][a-z0-9]*)* ", line(text))
    assert [word.term for word in words(text)] == line(text).split()
    assert all(term(text[word.start : word.end]) == word.term for word in words(text))


LETTERS = st.text(st.sampled_from("aqз1一"), max_size=5)


@given(LETTERS, LETTERS)
def test_one_word_begins_with_another_where_its_term_does(one: str, other: str) -> None:
    assert (term(one) == term(other)) == (one == other)
    if other:
        assert term(one).startswith(term(other)) == one.startswith(other)


def test_long_words_and_long_texts_have_an_end() -> None:
    assert term("a" * LONGEST_WORD + "b") == term("a" * LONGEST_WORD + "c") == "a" * LONGEST_WORD
    whole = line("letters " * (MOST_LETTERS // 4))
    assert MOST_LETTERS - 10 < len(whole) <= MOST_LETTERS
    assert set(whole.split()) == {"letters"}


@pytest.mark.parametrize(
    ("typed", "parts", "unfinished"),
    [
        ("nguồn mở", [("nguon",), ("mo",)], True),
        ('"nguồn mở"', [("nguon", "mo")], False),
        ('"nguồn mở" 1', [("nguon", "mo"), ("q231",)], True),
        ('x "nguồn mở"', [("x",), ("nguon", "mo")], False),
        ("“nguồn mở”", [("nguon", "mo")], False),
        ('a"b', [("a",), ("b",)], False),
        ('"a bc', [("a",), ("bc",)], True),
        ('"" x ""', [("x",)], False),
        ('mo "…"', [("mo",)], True),
        (
            "a AND b OR NEAR(c) ^d -e f: *",
            [("a",), ("and",), ("b",), ("or",), ("near",), ("c",), ("d",), ("e",), ("f",)],
            False,
        ),
        ("50% (", [("q2350",)], True),
        ("", [], False),
        ("😀 ؟ \u202e ' * \x00", [], False),
        ('"' * 20_000, [], False),
        ("x " * 20, [("x",)] * MOST_TERMS, False),
        (f'{"x " * 11}"y z"', [*[("x",)] * 11, ("y",)], False),
    ],
)
def test_a_query_asks_for_words_and_phrases(typed: str, parts: list[tuple[str, ...]], unfinished: bool) -> None:
    asked = query(typed)
    assert (list(asked.parts), asked.unfinished) == (parts, unfinished)


@pytest.mark.parametrize(
    ("typed", "shorter"),
    [
        ("nguồn mở hay", "nguồn mở"),
        ("nguồn", ""),
        ("", ""),
        ('"nguồn mở"', "nguồn"),
        ('"nguồn mở" hay', '"nguồn mở"'),
        ('hay "nguồn mở"', "hay nguồn"),
        ("covid-19", "covid-"),
    ],
)
def test_a_query_knows_what_is_left_without_its_last_word(typed: str, shorter: str) -> None:
    assert query(typed).shorter == shorter


@given(TEXTS)
def test_a_shorter_query_asks_for_one_word_less(typed: str) -> None:
    asked = query(typed)
    terms = [each.term for each in words(typed)]
    assert [each.term for each in words(asked.shorter)] == (terms[:-1] if len(terms) > 1 else [])


def test_what_was_typed_with_marks_and_whole_is_closest() -> None:
    text = "Nguồn nước và bạn đọc"
    assert [closeness(query(each), text) for each in ("nguồn bạn", "nguon ban", "NGUỒN bán", "nguồn b", "")] == [
        3,
        1,
        2,
        1,
        0,
    ]


@given(TEXTS, TEXTS)
def test_marking_loses_and_adds_no_letter(typed: str, text: str) -> None:
    pieces = marked(query(typed), text)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


@given(TEXTS, TEXTS)
def test_what_is_marked_was_asked_for(typed: str, text: str) -> None:
    asked = {each for part in query(typed).parts for each in part}
    for piece in marked(query(typed), text):
        if piece.found:
            assert all(any(each.startswith(one) for one in asked) for each in line(piece.text).split())
            assert line(piece.text).strip()


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("nguon mo", "Mã nguồn mở; nguồn, Mở", ["nguồn", "mở", "nguồn", "Mở"]),
        ('"nguon mo"', "Mã nguồn mở; nguồn, Mở. Mở nguồn", ["nguồn mở", "nguồn, Mở"]),
        ("tho", "điện thoại, thơ", ["thoại", "thơ"]),
        ("tho xa", "điện thoại, thơ", ["thơ"]),
        ("t", "điện thoại t", ["t"]),
        ('"a a"', "a a a", ["a a a"]),
        ('"a b" b', "a b c", ["a b"]),
        ("u", unicodedata.normalize("NFD", "ữ un"), [unicodedata.normalize("NFD", "ữ")]),
    ],
)
def test_words_are_marked_whole_and_phrases_as_one(typed: str, text: str, found: list[str]) -> None:
    assert [piece.text for piece in marked(query(typed), text) if piece.found] == found


LONG = f"{'Trước đó. ' * 30}Mã nguồn mở\nlà thế. {'Sau đó. ' * 60}"


def test_a_snippet_stands_around_the_first_that_was_found() -> None:
    pieces = snippet(query("nguon"), LONG)
    whole = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.found] == ["nguồn"]
    assert whole.startswith("… đó. Trước đó. ")
    assert whole.endswith(("Sau …", "đó. …"))
    assert "Mã nguồn mở là thế." in whole
    assert len(whole) <= LENGTH + len("…  …")


def test_a_text_without_what_was_asked_for_has_no_snippet() -> None:
    assert snippet(query("khác"), LONG) == snippet(query(""), LONG) == snippet(query("a"), "") == []
    assert snippet(query("ngắn"), "Ngắn thôi.") == [Piece("Ngắn", found=True), Piece(" thôi.")]


@given(TEXTS, st.text(st.sampled_from("ab \n"), max_size=3 * LENGTH))
def test_a_snippet_is_of_the_text_and_shows_what_was_found_first(typed: str, text: str) -> None:
    pieces = snippet(query(typed), text)
    first = next((piece.text for piece in marked(query(typed), text) if piece.found), None)
    assert bool(pieces) == (first is not None)
    shown = [piece.text for piece in pieces if piece.text not in ("… ", " …") or piece.found]
    assert "".join(shown) in text.replace("\n", " ")
    if first is not None:
        assert any(piece.found for piece in pieces)
        assert len("".join(shown)) <= max(LENGTH, BEFORE + len(first))
