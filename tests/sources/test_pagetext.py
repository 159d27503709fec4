"""The words of a page: what a reader sees, whatever the markup; in linear time, whatever is sent."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.pagetext import LONGEST_TITLE, Words, words


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<title>A &amp; B</title><p>One<p>two", ("A & B", "One two")),
        ("<TITLE lang=x>\n A\n b </TITLE ><h1>c</h1>", ("A b", "c")),
        ("<p>a<script>if (a<b) x()</script>b<style>p{}</style>c</p>", ("", "a b c")),
        ("a<!-- <p>not</p> -->b", ("", "ab")),
        ("1 < 2 &lt; 3 <> <3", ("", "1 < 2 < 3 <> <3")),
        ("<svg><title>not the page's</title></svg>x", ("", "x")),
        ("<p>a<script>never closed", ("", "a")),
        ("<p>a<!-- never closed", ("", "a")),
        ("<p>a<b title='never closed", ("", "a")),
        ("<title>x\u202ey\u0007</title>", ("xy", "")),
        ("", ("", "")),
    ],
)
def test_words_are_what_a_reader_sees(page: str, found: tuple[str, str]) -> None:
    assert words(page.encode(), "text/html") == Words(*found)


def test_plain_text_is_taken_as_it_is() -> None:
    assert words(b"1 <b>\n 2", "text/plain") == Words("", "1 <b> 2")


def test_a_title_has_an_end() -> None:
    assert words(b"<title>" + b"a" * 5000, "text/html").title == "a" * LONGEST_TITLE


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("Tiếng Việt".encode(), "", "Tiếng Việt"),
        ("Ti\xeang".encode("latin-1"), "iso-8859-1", "Ti\xeang"),
        ('<meta charset="windows-1258">Ti\xeang'.encode("cp1258"), "", "Ti\xeang"),
        (b"a", "no-such", "a"),
        (b"a", "punycode", "a"),
        (b"YQ==", "base64", "YQ=="),
        (b"a", "utf-8\0", "a"),
    ],
)
def test_the_charset_is_the_answers_then_the_pages(body: bytes, charset: str, text: str) -> None:
    assert words(body, "text/html", charset).text == text


@given(st.binary(max_size=400) | st.text("<>!-/ats&;\"'=", max_size=60).map(str.encode), st.text(max_size=9))
def test_anything_is_read_and_given_as_one_printable_line(body: bytes, charset: str) -> None:
    found = words(body, "text/html", charset)
    assert found.text.isprintable()
    assert found.title.isprintable()
    assert len(found.title) <= LONGEST_TITLE


@given(st.lists(st.text("abc ", min_size=1, max_size=5), max_size=5))
def test_markup_and_space_change_no_word(parts: list[str]) -> None:
    bare = words(" ".join(parts).encode(), "text/html")
    dressed = words("\n".join(f"<p class='x'>{part}</p>" for part in parts).encode(), "text/html")
    assert bare == dressed


@pytest.mark.parametrize(
    "part", ["<", "<a", "<!--", "<script>", "<title>", "</", "<a b='", "&", "&#", "<div>", "\x01", "<!"]
)
def test_a_megabyte_of_anything_is_read_at_once(part: str) -> None:
    body = (part * (900_000 // len(part))).encode()
    began = time.process_time()
    words(body, "text/html")
    assert time.process_time() - began < 5
