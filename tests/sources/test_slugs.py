"""Addresses made from headlines."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.slugs import slug

headlines = st.text() | st.lists(st.sampled_from(["Đà", "Nẵng", "đường", "a", "B", "-", " ", "_", "!", "9"])).map(
    "".join
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", ""),
        ("漢字 🙂 — …", ""),
        ("Đà Nẵng", "da-nang"),
        ("Đường đến Điện Biên", "duong-den-dien-bien"),
        ("NGƯỜI VIỆT ƠI", "nguoi-viet-oi"),
        ("Nguye\u0302\u0303n", "nguyen"),
        ("  58% — what's it of?  ", "58-whats-it-of"),
        ("a -- b", "a-b"),
        ("<script>alert(1)</script>", "scriptalert1script"),
        ("../../etc", "etc"),
    ],
)
def test_an_address_of_known_headlines(text: str, address: str) -> None:
    assert slug(text) == address


@settings(deadline=None)
@given(headlines, st.integers(1, 100))
def test_an_address_is_ascii_words_joined_by_hyphens_and_no_longer_than_asked(text: str, most: int) -> None:
    address = slug(text, most)
    assert re.fullmatch(r"(?:[a-z0-9_]+(?:-[a-z0-9_]+)*)?", address)
    assert len(address) <= most


@settings(deadline=None)
@given(headlines)
def test_an_address_of_an_address_is_itself(text: str) -> None:
    assert slug(slug(text, 1000), 1000) == slug(text, 1000)


@settings(deadline=None)
@given(st.lists(st.from_regex("[a-z]{1,12}", fullmatch=True), min_size=1), st.integers(12, 90))
def test_an_address_is_cut_at_a_word(words: list[str], most: int) -> None:
    address = slug(" ".join(words), most)
    kept = address.split("-")
    assert kept == words[: len(kept)]
    assert kept == words or len("-".join(words[: len(kept) + 1])) > most


def test_one_long_word_is_cut_where_it_must_be() -> None:
    assert slug("a" * 200) == "a" * 80
    assert slug("a" * 200 + " b") == "a" * 80
