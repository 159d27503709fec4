"""The words of a page: what a reader sees, whatever the markup; in linear time, whatever is sent."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.pagetext import LONGEST_FACT, MOST_METAS, Facts, Words, words


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
    assert words(page.encode(), "text/html") == Words(Facts(found[0]), found[1])


def test_plain_text_is_taken_as_it_is() -> None:
    assert words(b"1 <b>\n 2", "text/plain") == Words(Facts(), "1 <b> 2")


def test_a_title_has_an_end() -> None:
    assert words(b"<title>" + b"a" * 5000, "text/html").facts.title == "a" * LONGEST_FACT


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
    assert all(fact.isprintable() and len(fact) <= LONGEST_FACT for fact in found.facts)


@given(st.lists(st.text("abc ", min_size=1, max_size=5), max_size=5))
def test_markup_and_space_change_no_word(parts: list[str]) -> None:
    bare = words(" ".join(parts).encode(), "text/html")
    dressed = words("\n".join(f"<p class='x'>{part}</p>" for part in parts).encode(), "text/html")
    assert bare == dressed


@pytest.mark.parametrize(
    "part",
    [
        "<meta ", '<meta a="', '<meta a=">', "<meta>", "<meta name='a' content=", "<meta " + "a" * 3990 + ">",
        '<html a=">', "<html " + "a=" * 1990 + ">",
        "<", "<a", "<!--", "<script>", "<title>", "</", "<a b='", "&", "&#", "<div>", "\x01", "<!",
    ],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read_at_once(part: str) -> None:
    body = (part * (900_000 // len(part))).encode()
    began = time.process_time()
    words(body, "text/html")
    assert time.process_time() - began < 5


# --- what a page says of itself ----------------------------------------------------------------------


def facts(page: str | bytes, charset: str = "") -> Facts:
    return words(page if isinstance(page, bytes) else page.encode(), "text/html", charset).facts


def meta(name: str, content: str, by: str = "property") -> str:
    return f'<meta {by}="{name}" content="{content}">'


def test_a_page_says_its_title_site_author_day_and_language() -> None:
    page = (
        '<!doctype html><html class="a" lang="vi-VN"><head><title>Cầu mở - Báo</title>'
        + meta("og:title", "Cầu mở")
        + meta("og:site_name", "Báo")
        + meta("author", "Mai Lan", "name")
        + meta("article:published_time", "2026-05-03T23:30:00+07:00")
        + "</head><p>Words"
    )
    assert facts(page) == Facts("Cầu mở", "Báo", "Mai Lan", "2026-05-03", "vi")


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>Nothing", {}),
        (meta("og:title", "") + "<title>T</title>", {"title": "T"}),
        ("<META CONTENT=Bare NAME=Author>", {"author": "Bare"}),
        ("<meta name='author' content='A \"b\" > c'/>", {"author": 'A "b" > c'}),
        ("<meta name=author content=\"'tis\">", {"author": "'tis"}),
        (meta("author", "A &amp; B &lt;i&gt;&#x202e;&#0;&#xD800;&#10;c"), {"author": "A & B <i>\ufffd\ufffd c"}),
        (meta("author", "one", "name") + meta("author", "two", "name"), {"author": "one"}),
        (meta("article:author", "https://x.example/mai") + meta("dc.creator", "Mai", "name"), {"author": "Mai"}),
        (meta("article:author", "https://x.example/mai"), {}),
        (meta("og:site_name", "a" * 500), {"site": "a" * LONGEST_FACT}),
        (meta("og:site_name", "a" * 5_000), {}),  # no tag is that long
        ("<meta name=author content='never closed", {}),
        ('<meta content="x"><meta name="author">', {}),
        ("<!-- " + meta("author", "no") + " -->", {}),
        ("<script>" + meta("author", "no") + "</script>", {}),
        ("<meta>" * MOST_METAS + meta("author", "too late"), {}),
        (meta("datePublished", "2024-05-03", "itemprop"), {"published": "2024-05-03"}),
        (meta("date", "yesterday", "name") + meta("pubdate", "2024-05-03 10:00", "name"), {"published": "2024-05-03"}),
        ("<html lang=EN>", {"language": "en"}),
        ("<html lang='  fr '><html lang=de>", {"language": "fr"}),
        ("<html lang=x-klingon>" + meta("og:locale", "en_US"), {"language": "en"}),
        ("<html lang='" + "a" * 300 + "'>", {}),
    ],
)  # fmt: skip
def test_facts_are_read_as_a_browser_would_and_nothing_else_is(page: str, found: dict[str, str]) -> None:
    assert facts(page) == Facts(**found)


@pytest.mark.parametrize(
    "day",
    ["2024-02-30", "0000-01-01", "2024-13-01", "20240503", "2024-5-3", "2024-05-031", "٢٠٢٤-٠٥-٠٣", "03/05/2024", "-"],
)
def test_a_day_that_is_none_is_not_said(day: str) -> None:
    assert facts(meta("article:published_time", day)) == Facts()


def test_facts_are_in_the_encoding_that_the_page_is_read_in() -> None:
    page = '<meta charset="windows-1258">' + meta("author", "Ti\xeang")
    assert facts(page.encode("cp1258")) == Facts(author="Ti\xeang")
    assert facts(page.encode("cp1258"), "utf-8") == Facts(author="Ti\ufffdng")
    assert words(page.encode(), "text/plain").facts == Facts()
