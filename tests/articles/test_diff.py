"""What a reviewer is told changed: nothing more, nothing less."""

import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.diff import Change, Op, Piece, changes, words

SAME, INSERTED, DELETED = Op.SAME, Op.INSERTED, Op.DELETED

some_words = st.lists(st.sampled_from(["An", "việt", "a", "b", " ", "\n", ".", "—", "👩‍🔬", "  "]), max_size=25).map(
    "".join
)
texts = some_words | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def without(op: Op, pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.op != op)


@settings(deadline=None)
@given(texts, texts)
def test_without_the_inserted_pieces_it_reads_old_and_without_the_deleted_new(old: str, new: str) -> None:
    pieces = words(old, new)
    assert (without(INSERTED, pieces), without(DELETED, pieces)) == (old, new)


@settings(deadline=None)
@given(texts, texts)
def test_no_piece_is_empty_and_no_two_neighbours_do_the_same(old: str, new: str) -> None:
    pieces = words(old, new)
    assert all(piece.text for piece in pieces)
    assert all(left.op != right.op for left, right in pairwise(pieces))


@settings(deadline=None)
@given(texts)
def test_equal_texts_have_nothing_inserted_or_deleted(text: str) -> None:
    assert words(text, text) == ([Piece(SAME, text)] if text else [])


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "The cat sat.",
            "The dog sat.",
            [Piece(SAME, "The "), Piece(DELETED, "cat"), Piece(INSERTED, "dog"), Piece(SAME, " sat.")],
        ),
        ("", "New", [Piece(INSERTED, "New")]),
        ("Old", "", [Piece(DELETED, "Old")]),
        ("Một bài viết", "Một bản viết", [
            Piece(SAME, "Một "), Piece(DELETED, "bài"), Piece(INSERTED, "bản"), Piece(SAME, " viết"),
        ]),
        ("58%", "59%", [Piece(DELETED, "58"), Piece(INSERTED, "59"), Piece(SAME, "%")]),
        ("a b", "a\nb", [Piece(SAME, "a"), Piece(DELETED, " "), Piece(INSERTED, "\n"), Piece(SAME, "b")]),
    ],
)  # fmt: skip
def test_words_change_whole(old: str, new: str, pieces: list[Piece]) -> None:
    assert words(old, new) == pieces


def content(**fields: Any) -> dict[str, Any]:
    cited = {"number": 1, "url": "https://example.org/1", "source": {"id": 3, "name": "Example"}, "origin": None}
    whole = {"headline": "Head", "body": "<p>One two.</p>", "byline": [{"id": 1, "name": "Mai"}], "citations": [cited]}
    return {**whole, **fields}


def test_nothing_changed_is_no_change() -> None:
    assert changes(content(), content()) == []


def test_only_the_fields_that_differ_are_told_in_their_order() -> None:
    found = changes(content(), content(citations=[], headline="Heads"))
    assert found == [
        Change("headline", [Piece(DELETED, "Head"), Piece(INSERTED, "Heads")]),
        Change("citations", [Piece(DELETED, "1 · https://example.org/1 · 3 · Example")]),
    ]


def test_a_body_is_compared_by_its_words() -> None:
    assert changes(content(), content(body="<p>One <em>two</em> three.</p>")) == [
        Change("body", [Piece(SAME, "One two"), Piece(INSERTED, " three"), Piece(SAME, ".")])
    ]


def test_where_only_tags_differ_the_tags_are_told() -> None:
    [change] = changes(content(), content(body="<p>One <em>two</em>.</p>"))
    assert without(DELETED, change.pieces) == "<p>One <em>two</em>.</p>"
    assert [piece.text for piece in change.pieces if piece.op == INSERTED] == ["<em>", "</em>"]


@pytest.mark.parametrize("word", ["two", "three"])
@pytest.mark.parametrize(
    ("target", "old", "new"),
    [
        ('<a href="https://{}.org">here</a>', "old", "new"),
        ('<a href="https://a.org/?b=1&amp;c={}">he<em>re</em></a>', "1", "2"),
        ('<sup data-cite="{}"></sup>', "1", "2"),
    ],
)
def test_a_link_or_mark_that_leads_elsewhere_is_told_whether_or_not_a_word_changed(
    target: str, old: str, new: str, word: str
) -> None:
    before, after = f"<p>One two {target.format(old)}.</p>", f"<p>One {word} {target.format(new)}.</p>"
    [change] = changes(content(body=before), content(body=after))
    told = [piece.text for piece in change.pieces if piece.op != SAME]
    assert told == [*(["two", "three"] if word == "three" else []), old, new]


def test_a_link_is_told_with_where_it_leads_and_a_mark_with_its_number() -> None:
    new = '<p>One <a href="https://example.org">two</a><sup data-cite="2"></sup>.</p>'
    [change] = changes(content(), content(body=new))
    assert without(INSERTED, change.pieces) == "One two."
    assert without(DELETED, change.pieces) == "One two (https://example.org)[2]."


def test_lists_are_told_an_item_a_line() -> None:
    two = [{"id": 1, "name": "Mai"}, {"id": 2, "name": "Lan"}]
    assert changes(content(), content(byline=two)) == [
        Change("byline", [Piece(SAME, "1 · Mai"), Piece(INSERTED, "\n2 · Lan")])
    ]


def test_a_long_text_of_the_same_few_words_is_compared_fast() -> None:
    old, new = "same and same again " * 2_000, "other and same again " * 2_000
    start = time.process_time()
    pieces = words(old, new)
    assert time.process_time() - start < 2
    assert "".join(piece.text for piece in pieces if piece.op != Op.INSERTED) == old
    assert "".join(piece.text for piece in pieces if piece.op != Op.DELETED) == new
