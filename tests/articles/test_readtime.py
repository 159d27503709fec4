"""How long a text takes to read: by the words a reader reads, never by its markup."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.readtime import USUAL, WORDS_A_MINUTE, minutes, words


@pytest.mark.parametrize(
    ("language", "count", "shown"),
    [
        ("en", 0, 1),
        ("en", 1, 1),
        ("en", 238, 1),
        ("en", 239, 2),
        ("en", 476, 2),
        ("en", 477, 3),
        ("vi", 0, 1),
        ("vi", 280, 1),
        ("vi", 281, 2),
        ("vi", 560, 2),
        ("vi", 561, 3),
        ("fr", 238, 1),
        ("fr", 239, 2),
    ],
)
def test_a_minute_is_238_words_of_english_and_280_of_vietnamese(language: str, count: int, shown: int) -> None:
    assert minutes(language, "từ " * count) == shown


@settings(deadline=None)
@given(st.sampled_from(["vi", "en", "fr"]), st.integers(0, 5000))
def test_minutes_are_rounded_up_and_at_least_one(language: str, count: int) -> None:
    rate = WORDS_A_MINUTE.get(language, USUAL)
    shown = minutes(language, "w " * count)
    assert (shown - 1) * rate < max(count, 1) <= shown * rate


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), max_size=4))
def test_headline_summary_and_body_are_read_together(counts: list[int]) -> None:
    assert minutes("en", *("w " * count for count in counts)) == minutes("en", "w " * sum(counts))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("<p></p>", 0),
        ("Two words", 2),
        ("<p>Two</p><p>words</p>", 2),
        ("<h2>One</h2><ul><li>two</li><li>three</li></ul>", 3),
        ("line<br>break", 2),
        ("<p>It <strong>holds</strong>.</p>", 2),
        ("<p><strong>H</strong>ead and t<em>ai</em>l</p>", 3),
        ('<p>A fact<sup data-cite="1"></sup>.</p>', 2),
        ('<p>See <a href="https://example.org/a-b">the two papers</a>.</p>', 4),
        ("<p>Nguyễn&nbsp;Thị&nbsp;Minh&nbsp;Khai</p>", 4),
        ("<p>Black &amp; white</p>", 3),
    ],
)
def test_words_are_counted_and_markup_is_not(text: str, count: int) -> None:
    assert words(text) == count
