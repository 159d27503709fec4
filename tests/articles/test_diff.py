"""What a reviewer is told changed: nothing more, nothing less."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.diff import Block, Change, Item, Op, Passage, Piece, blocks, changes, folded, items, lines, words

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
        Change("citations", [], (Item(DELETED, 1, [
            Change("url", [Piece(DELETED, "https://example.org/1")]), Change("source", [Piece(DELETED, "Example")]),
        ]),)),
    ]  # fmt: skip


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


# --- block by block ----------------------------------------------------------------------------------

paragraphs = st.lists(
    st.lists(st.sampled_from(["One", "two", "ba", "."]), min_size=1, max_size=5).map(" ".join), max_size=6
)


def html(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def old_of(block: Block) -> str:
    return without(INSERTED, block.pieces)


@settings(deadline=None)
@given(paragraphs, paragraphs)
def test_the_numbered_blocks_are_the_new_text_and_without_the_inserted_words_all_are_the_old(
    old: list[str], new: list[str]
) -> None:
    found = blocks(html(old), html(new))
    numbered = [block for block in found if block.number]
    assert [(block.number, block.text) for block in numbered] == list(enumerate(new, 1))
    assert "".join(old_of(block) for block in found).replace("\n", "") == "".join(old)
    assert all(block.number or block.pieces == [Piece(DELETED, old_of(block))] for block in found)


@settings(deadline=None)
@given(paragraphs, paragraphs, st.sets(st.integers(1, 6)))
def test_folding_loses_no_block_and_hides_no_change_and_no_kept_one(
    old: list[str], new: list[str], kept: set[int]
) -> None:
    found = blocks(html(old), html(new))
    passages = folded(found, kept)
    assert [block for passage in passages for block in passage.blocks] == found
    hidden = [block for passage in passages if passage.folded for block in passage.blocks]
    assert [block for block in hidden if block.changed or block.number in kept] == []


def test_a_long_unchanged_passage_is_folded_but_for_a_block_on_either_side_of_a_change() -> None:
    old = [f"P{n}." for n in range(1, 10)]
    new = [*old[:4], "Other.", *old[5:]]
    told = [
        (passage.folded, [block.number for block in passage.blocks]) for passage in folded(blocks(html(old), html(new)))
    ]
    assert told == [(True, [1, 2, 3]), (False, [4, 5, 6]), (True, [7, 8, 9])]


def test_a_paragraph_that_is_gone_has_no_number_and_one_alone_is_not_folded() -> None:
    found = blocks("<p>One.</p><p>Two.</p><p>Three.</p>", "<p>One.</p><p>Three.</p>")
    assert found == [
        Block(1, [Piece(SAME, "One.")]), Block(None, [Piece(DELETED, "Two.")]), Block(2, [Piece(SAME, "Three.")]),
    ]  # fmt: skip
    assert folded([Block(1, [Piece(SAME, "One.")])]) == [Passage(False, [Block(1, [Piece(SAME, "One.")])])]


def test_a_block_shows_where_its_words_lead() -> None:
    assert lines('<h2>A</h2><p>B <a href="https://x.org">c</a><sup data-cite="2"></sup></p><ul><li>D</li></ul>') == [
        "A", "B c (https://x.org)[2]", "D",
    ]  # fmt: skip


def test_every_paragraph_of_a_long_text_may_gain_a_word_and_that_word_alone_is_told() -> None:
    old = [" ".join(f"w{(n * k) % 301}" for k in range(60)) for n in range(1, 600)]
    found = blocks(html(old), html([f"{text} more" for text in old]))
    assert {tuple(piece.text for piece in block.pieces if piece.op != SAME) for block in found} == {(" more",)}


@pytest.mark.parametrize("old", ["a " * 60_000, "." * 100_000, "a. " * 40_000, "a\n" * 40_000])
def test_texts_beyond_measure_are_compared_too(old: str) -> None:
    """Compared word by word against each other, these would not end."""
    assert without(INSERTED, words(old, f"b{old[::-1]}b" + old.replace("a", "c"))) == old


# --- item by item ------------------------------------------------------------------------------------


def cited(number: int, **fields: Any) -> dict[str, Any]:
    source = {"id": number, "name": f"Source {number}", "language": "en"}
    return {"number": number, "url": f"https://example.org/{number}", "quote": "", "source": source, **fields}


def test_a_citation_is_told_field_by_field() -> None:
    assert items("citations", [cited(1)], [cited(1, quote="As said.")]) == (
        Item(SAME, 1, [Change("quote", [Piece(INSERTED, "As said.")])]),
    )


def test_a_citation_with_another_address_is_known_by_its_source_and_quote() -> None:
    old, new = cited(1, quote="As said."), cited(1, quote="As said.", url="https://example.org/9")
    [item] = items("citations", [old], [new])
    assert (item.op, [change.field for change in item.changes]) == (SAME, ["url"])


def test_one_citation_before_the_others_is_added_and_the_others_have_another_number() -> None:
    found = items(
        "citations",
        [cited(1), cited(2)],
        [cited(3) | {"number": 1}, cited(1) | {"number": 2}, cited(2) | {"number": 3}],
    )
    assert [(item.op, item.number, [change.field for change in item.changes]) for item in found] == [
        (INSERTED, 1, ["url", "source"]), (SAME, 2, ["number"]), (SAME, 3, ["number"]),
    ]  # fmt: skip


def test_another_source_of_the_same_name_is_told_by_its_number() -> None:
    [item] = items("citations", [cited(1)], [cited(1, source={"id": 7, "name": "Source 1", "language": "en"})])
    [change] = item.changes
    assert (without(INSERTED, change.pieces), without(DELETED, change.pieces)) == (
        "1 · Source 1 · en",
        "7 · Source 1 · en",
    )


def test_pictures_are_known_by_their_hash() -> None:
    old, new = [{"number": 1, "hash": "a", "alt": "A bridge"}], [{"number": 1, "hash": "a", "alt": "A new bridge"}]
    assert items("pictures", old, new) == (
        Item(SAME, 1, [Change("alt", [Piece(SAME, "A "), Piece(INSERTED, "new "), Piece(SAME, "bridge")])]),
    )
