"""Which paragraph stands for which: all of both sides, once, in order; and the obvious pairs are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import aligning, cleaning, diff
from articles.aligning import Pair, Paragraph, aligned, paragraphs, renumbered

pieces = st.sampled_from(["Words.", "More [2] words", "&amp;", " ", "<br>", "<strong>bold</strong>",
                          '<sup data-cite="1"></sup>', '<sup data-cite="12"></sup>', '<a href="https://a.org">a</a>',
                          '<a href="https://a.org"></a>'])  # fmt: skip
inside = st.lists(pieces, max_size=4).map("".join)
blocks = st.tuples(st.sampled_from(["p", "h2", "h3", "li", "blockquote"]), inside).map(
    lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
)
texts = st.lists(blocks, max_size=8).map("".join).map(cleaning.rich)
facts = st.tuples(st.text("a b", max_size=40), st.booleans(), st.lists(st.integers(1, 4), max_size=3).map(tuple))
sides = st.lists(facts, max_size=12).map(
    lambda found: [Paragraph(number, *each) for number, each in enumerate(found, 1)]
)


@given(texts)
def test_paragraphs_are_counted_as_changes_are(html: str) -> None:
    found = paragraphs(html)
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    assert [each.text for each in found] == diff.lines(html)
    assert [mark for each in found for mark in each.marks] == cleaning.marks(html)


def test_a_paragraph_knows_its_marks_and_whether_it_is_a_heading() -> None:
    html = '<h2>Part<sup data-cite="3"></sup></h2><p>One [9].<sup data-cite="2"></sup><sup data-cite="1"></sup></p>'
    assert paragraphs(html) == [Paragraph(1, "Part[3]", True, (3,)), Paragraph(2, "One [9].[2][1]", False, (2, 1))]
    assert [each.marks for each in renumbered(paragraphs(html), {2: 5, 3: 1})] == [(1,), (5,)]


def test_a_picture_counts_as_no_paragraph_and_stands_beside_itself_alone() -> None:
    one, two = (f'<figure data-photo="{number}"></figure>' for number in (7, 8))
    source = paragraphs(f"<p>A.</p>{one}<ul><li>B.{two}</li></ul><h2>C</h2>")
    assert [(each.number, each.text, each.picture) for each in source] == [
        (1, "A.", None), (0, "", 7), (2, "B.", None), (0, "", 8), (3, "C", None)
    ]  # fmt: skip
    pairs = aligned(source, paragraphs(f"<p>A.</p>{two}<p>B.</p><h2>C</h2>"))
    beside = [(pair.source and pair.source.kind, pair.mine and pair.mine.kind) for pair in pairs]
    text, heading, first, second = (False, None), (True, None), (False, 7), (False, 8)
    assert sorted(beside, key=str) == sorted(
        [(text, text), (first, None), (None, second), (text, text), (second, None), (heading, heading)], key=str
    )


@given(sides, sides)
def test_every_paragraph_of_both_stands_once_in_its_order_beside_one_of_its_kind(
    source: list[Paragraph], mine: list[Paragraph]
) -> None:
    pairs = aligned(source, mine)
    assert [pair.source for pair in pairs if pair.source] == source
    assert [pair.mine for pair in pairs if pair.mine] == mine
    assert all(pair.source or pair.mine for pair in pairs)
    assert all(pair.source.heading == pair.mine.heading for pair in pairs if pair.source and pair.mine)


@given(sides)
def test_a_text_is_paired_with_itself_paragraph_by_paragraph(side: list[Paragraph]) -> None:
    assert aligned(side, side) == [Pair(each, each) for each in side]


def said(*texts: str) -> list[Paragraph]:
    return paragraphs("".join(f"<h2>{text[1:]}</h2>" if text[0] == "#" else f"<p>{text}</p>" for text in texts))


def numbers(pairs: list[Pair]) -> list[tuple[int | None, int | None]]:
    return [(pair.source and pair.source.number, pair.mine and pair.mine.number) for pair in pairs]


LONG, SHORT = "word " * 40, "Few words."
MARK = '<sup data-cite="1"></sup>'


@pytest.mark.parametrize(
    ("source", "mine", "found"),
    [
        ([LONG, LONG], [], [(1, None), (2, None)]),
        ([LONG, "#Part", LONG], [LONG, "#Phần"], [(1, 1), (2, 2), (3, None)]),
        ([LONG, "#Part", LONG], ["#Phần", LONG], [(1, None), (2, 1), (3, 2)]),
        ([LONG, SHORT, LONG], [LONG, LONG], [(1, 1), (2, None), (3, 2)]),
        ([LONG, LONG], [LONG, SHORT, LONG], [(1, 1), (None, 2), (2, 3)]),
        ([LONG + MARK, LONG, LONG], [LONG, LONG], [(1, None), (2, 1), (3, 2)]),
        ([SHORT, LONG, LONG + MARK], [LONG, LONG + MARK], [(1, None), (2, 1), (3, 2)]),
        ([SHORT, LONG], [LONG, SHORT], [(1, 1), (2, 2)]),  # as many: one for one
    ],
)
def test_pairs(source: list[str], mine: list[str], found: list[tuple[int | None, int | None]]) -> None:
    assert numbers(aligned(said(*source), said(*mine))) == found


def test_a_pair_tells_the_marks_that_mine_lacks() -> None:
    def marked(*marks: int) -> Paragraph:
        return Paragraph(1, "Text", False, marks)

    assert Pair(marked(3, 1, 3, 2), marked(2)).lacking == [1, 3]
    assert Pair(marked(1), marked(1, 4)).lacking == []
    assert Pair(marked(1), None).lacking == [1]
    assert Pair(None, marked(1)).lacking == []


def test_texts_too_long_to_be_held_against_each_other_are_paired_by_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligning, "MOST_PAIRS", 5)
    pairs = aligned(said(LONG, "#Part", LONG), said(LONG, LONG))
    assert numbers(pairs) == [(1, 1), (2, None), (None, 2), (3, None)]
