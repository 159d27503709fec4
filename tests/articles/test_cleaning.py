"""What words may be made of: text goes in as no editor would make it, what leaves is held to the allow-list."""

import re
import unicodedata
from html.parser import HTMLParser
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from django_prose_editor.config import allowlist_from_extensions
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import cleaning
from articles.cleaning import ATTRIBUTES, SCHEMES, TAGS, bounded, line, linked, marks, plain, renumbered, rich, text_of

VOID = {"br"}


class Strict(HTMLParser):
    """Reads as a browser that forgives nothing: every element is allowed and closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> NoReturn:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def hold_to_the_allow_list(html: str) -> None:
    for tag, name, value in Strict(html).attributes:
        assert name in ATTRIBUTES.get(tag, set())
        if name == "href":
            # What browsers drop from an address before they read its scheme.
            seen = "".join(c for c in value if c > " ")
            assert urlsplit(seen).scheme in {*SCHEMES, ""}
        elif name == "lang":
            assert re.fullmatch("[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", value)
        elif name == "data-photo":
            assert re.fullmatch("[1-9][0-9]{0,17}", value)
        else:
            assert re.fullmatch("[1-9][0-9]{0,2}", value)
    assert not re.search(r"<sup>|<span>", html)
    assert len(re.findall('<figure data-photo="[0-9]+"></figure>', html)) == html.count("<figure")


# --- hostile text ------------------------------------------------------------------------------------

ALLOWED = sorted(TAGS)
FOREIGN = [
    "div", "table", "caption", "tr", "td", "button", "marquee", "object", "form", "select", "option", "svg", "math",
    "mi", "foreignObject", "title", "style", "script", "noscript", "template", "iframe", "textarea", "xmp", "pre",
    "plaintext", "nobr", "b", "i", "font", "html", "head", "body", "frameset", "details", "img", "input",
]  # fmt: skip
VALUES = [
    "1", "2", "0", "1000", "x", "1&quot;", "http://a.example", "HTTPS://a.example", "mailto:a@b.example", "//a.example",
    "javascript:x()", "java&#10;script:x()", " &#14; javascript:x()", "data:text/html,x", "vbscript:x", "#source-1",
    "x()",
]  # fmt: skip
NAMES = [
    "href", "data-cite", "onclick", "onerror", "style", "class", "id", "src", "xlink:href", "formaction", "title",
    "lang", "data-photo",
]  # fmt: skip
attributes = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=3).map(
    lambda pairs: "".join(f' {name}="{value}"' for name, value in pairs)
)
names = st.sampled_from(ALLOWED) | st.sampled_from(FOREIGN)
pieces = st.one_of(
    st.builds("<{}{}>".format, names, attributes),
    st.builds("</{}>".format, names),
    st.sampled_from([
        '<span lang="fr">', "<span lang=x>", "<span>", "</span>",
        "<p>", "</p>", '<sup data-cite="1">', "</sup>", "<sup>", "<a href='http://a.example'>",
        '<figure data-photo="12">', "<figure>", "</figure>", "<figcaption>", "</a>", "text", " ",
        "\n", "&lt;script&gt;", "&amp;lt;", "e&#x301;", "&#x202e;", "&#x200b;", "&#0;", "&nbsp;", "<!--", "-->", "--!>",
        "<![CDATA[", "]]>", "<!DOCTYPE html>", "<?php", "<", ">", "&", "'", '"', "\x00", "\r", "\u2028", "</p", "<p/",
        "<x:y>",
    ]),
    st.text(max_size=5),
)  # fmt: skip
mangled = st.lists(pieces, max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@example('<sup data-cite="1"><span lang="fr"><sup data-cite="1">')  # a mark in a mark
@given(mangled)
def test_what_leaves_is_of_the_allow_list_and_well_formed(html: str) -> None:
    hold_to_the_allow_list(rich(html))


@settings(max_examples=300, deadline=None)
@example('<span lang="fr">a<sup data-cite="1"><span lang="de"><sup data-cite="1"></sup></span></sup>b</span>')
@given(mangled)
def test_cleaning_again_changes_nothing(html: str) -> None:
    clean = rich(html)
    assert rich(clean) == clean


@settings(max_examples=200, deadline=None)
@given(mangled)
def test_no_control_or_invisible_character_leaves_and_all_text_is_nfc(html: str) -> None:
    clean = rich(html)
    assert unicodedata.is_normalized("NFC", clean)
    assert hidden(clean) == set()
    assert hidden(text_of(clean)) == set()


def hidden(text: str) -> set[str]:
    return {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs"}} - {"\n", "\t", "\u200c", "\u200d"}


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("", ""),
        ("<p></p>", ""),
        ("<p>&nbsp;</p>", ""),
        ("<p>Plain.</p>", "<p>Plain.</p>"),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p>a</p><script>alert(1)", "<p>a</p>"),
        ("<p onclick='x()' class='c' style='s' id='i' lang='en' title='t' dir='rtl'>a</p>", "<p>a</p>"),
        ("<img src=x onerror=alert(1)>a", "a"),
        ("<svg><script>x()</script><a href='http://x.example'>a</a></svg>b", "b"),
        ("<math><mi><style><p>a</p></style></mi></math>b", "b"),
        ("<style>p{}</style><noscript><p>n</p></noscript><template><p>t</p></template>b", "b"),
        ("<iframe srcdoc='<script>x()</script>'></iframe><object>o</object><textarea>t</textarea>b", "b"),
        ("<title>t</title><script>x()</script>b", "b"),
        ("</title><script>x()</script>b", "b"),
        ("<meta http-equiv=refresh content='0;url=http://x.example'>a", "a"),
        ("<form action=/x><form><button formaction=/y>a</button></form></form>", "a"),
        ("<!-- a --><p>b</p><!--", "<p>b</p>"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<h1>a</h1><h2>b</h2><h4>c</h4>", "a<h2>b</h2>c"),
        ("<div><p>a</p></div>", "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="JaVaScRiPt:alert(1)">a</a>', "<a>a</a>"),
        ('<a href=" \x01java\nscript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
        ('<a href="https://x.example" target="_blank" rel="x" title="t">a</a>', '<a href="https://x.example">a</a>'),
        ('<a href="mailto:a@x.example">a</a>', '<a href="mailto:a@x.example">a</a>'),
        ('<blockquote cite="https://x.example">a</blockquote>', "<blockquote>a</blockquote>"),
        ("<ol start=3 type=a><li value=2>a</li></ol>", "<ol><li>a</li></ol>"),
        ('a<sup data-cite="2">[2]</sup>', 'a<sup data-cite="2"></sup>'),
        ('a<sup data-cite="2">[\n2]</sup>', 'a<sup data-cite="2"></sup>'),
        ('a<sup title="t" data-cite="2"></sup>', 'a<sup data-cite="2"></sup>'),
        ('a<sup data-cite="x">[x]</sup>', "a"),
        ('a<sup data-cite="0">[0]</sup><sup data-cite="01"></sup><sup data-cite="1000"></sup>', "a"),
        ("a<sup>2</sup>", "a2"),
        ("a<sup><sup>2</sup></sup>", "a2"),
        ('<sup data-cite="1"><sup data-cite="2"></sup></sup>', '<sup data-cite="1"></sup>'),
        # What only the first parser nests:
        ("<p><button><p>a", "<p></p><p>a</p><p></p>"),
        ("<h2><div><h3>a</h3></div></h2>", "<h2></h2><h3>a</h3>"),
        (
            "<a href='http://a.example'><marquee><a href='http://b.example'>a",
            '<a href="http://a.example"></a><a href="http://b.example">a</a>',
        ),
        # What says in which language words are, and what says nothing:
        (
            '<span lang="fr">mot</span> <span lang="zh-Hant">字</span>',
            '<span lang="fr">mot</span> <span lang="zh-Hant">字</span>',
        ),
        ('<span lang="EN-US" class="x">a</span><span lang="">b</span><span>c</span>', "abc"),
        ('<span>a<span lang="vi">b<span lang="x">c</span></span>d</span>e', 'a<span lang="vi">bc</span>de'),
        ('<em lang="fr">a</em><p lang="fr">b</p>', "<em>a</em><p>b</p>"),
        ("<span lang='fr\" onclick=\"x'>a</span>", "a"),
        (
            '<a href="https://a.org/?<span>">a</a><span lang="vi">b</span>',
            '<a href="https://a.org/?&lt;span&gt;">a</a><span lang="vi">b</span>',
        ),
        # A picture of the desk, by its number, and nothing else about it:
        ('<p>a</p><figure data-photo="12"></figure><p>b</p>', '<p>a</p><figure data-photo="12"></figure><p>b</p>'),
        ('<figure data-photo="12"></figure>', '<figure data-photo="12"></figure>'),
        (
            '<figure data-photo="12" src="http://x.example/a.jpg" onclick="x()" class="c" style="s" id="i"></figure>',
            '<figure data-photo="12"></figure>',
        ),
        (
            '<figure data-photo="12"><img src="http://x.example" onerror="x()"><figcaption>C</figcaption></figure>',
            '<figure data-photo="12"></figure>C',
        ),
        ('<figure><img src="http://x.example/a.jpg"><figcaption>Words</figcaption></figure>', "Words"),
        ('<img data-photo="12" src="http://x.example/a.jpg"><p data-photo="12">a</p>', "<p>a</p>"),
        (
            "".join(
                f'<figure data-photo="{n}">{n}</figure>' for n in ("x", "0", "01", " 1", "1.0", "-1", "1" * 19, "")
            ),
            "x001 11.0-11111111111111111111",
        ),
        (
            '<figure data-photo="1"><figure data-photo="2"><p>a</p></figure></figure>',
            '<figure data-photo="1"></figure><figure data-photo="2"></figure><p>a</p>',
        ),
        ('<p>a<figure data-photo="1"></figure>b</p>', '<p>a</p><figure data-photo="1"></figure>b<p></p>'),
        ('<h2>a<figure data-photo="1"></figure>b</h2>', "<h2>ab</h2>"),
        ('<a href="https://a.org">a<figure data-photo="1"></figure></a>', '<a href="https://a.org">a</a>'),
        (
            '<ul><li>a<figure data-photo="1"></figure></li></ul>',
            '<ul><li>a<figure data-photo="1"></figure></li></ul>',
        ),
        (
            '<a href="https://a.org/?<figure data-photo=&quot;1&quot;></figure>">a</a>',
            '<a href="https://a.org/?&lt;figure data-photo=&quot;1&quot;&gt;&lt;/figure&gt;">a</a>',
        ),
        # What hides in character references:
        ("a&#x202e;b&#x200b;c", "abc"),
        ("Vie&#x323;&#x302;t", "Việt"),
    ],
)
def test_hostile_and_honest_html(html: str, clean: str) -> None:
    assert rich(html) == clean


def test_the_editor_offers_what_the_sanitiser_keeps() -> None:
    """As the editor describes its own extensions; `rel` and `title` it writes nowhere, the numbering is off."""
    ours = {"CitationMark", "TextPicture", "FieldLabel", "ForeignWords"}
    theirs = {name: value for name, value in cleaning.EXTENSIONS.items() if name not in ours}
    offered = allowlist_from_extensions(theirs)
    assert offered["tags"] | {"sup", "span", "figure"} == TAGS
    assert offered["url_schemes"] == SCHEMES
    assert {tag for tag, allowed in offered["attributes"].items() if "href" in allowed} == {"a"}


# --- beyond all bounds -------------------------------------------------------------------------------


@pytest.fixture
def no_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*args: object, **options: object) -> NoReturn:
        raise AssertionError("the tree was built")

    monkeypatch.setattr(cleaning.nh3, "clean", parsed)


@pytest.mark.usefixtures("no_tree")
@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>" * 25_000,
        "<div>" * 39_000,
        "<ul>" * 101 + "</ul>" * 101,
        "<p>a</p>" * 5_001,
        "a" * 200_001,
        "ấ" * 66_667,
        # What one parser takes for a comment, a declaration or raw text and another does not:
        "<!-->" + "<div>" * 30_000 + "-->",
        "<!-->" + "<div>" * 30_000,
        "<![CDATA[ >" + "<div>" * 30_000,
        "<svg><style>" + "<div>" * 30_000,
        "<math><script>" + "<b>" * 30_000,
    ],
    ids=lambda html: f"{html[:16]}… {len(html)}",
)
def test_what_is_beyond_all_bounds_is_refused_before_a_tree_is_built(html: str) -> None:
    with pytest.raises(ValidationError):
        rich(html)


def test_a_refusal_says_how_much_is_too_much() -> None:
    with override("en"):
        with pytest.raises(ValidationError) as large:
            bounded("a" * 312_000)
        with pytest.raises(ValidationError) as deep:
            bounded("<ul><li>" * 51 + "a<br>")
    assert large.value.messages == ["This text is 312 kB long; at most 200 kB can be kept."]
    assert deep.value.messages == [
        "This text is nested 102 levels deep and has 103 tags; at most 100 and 5000 can be kept."
    ]


def test_no_text_shows_more_pictures_than_any_page_could() -> None:
    def figures(count: int) -> str:
        return "<p>a</p>" + "".join(f'<figure data-photo="{n}"></figure>' for n in range(1, count + 1))

    assert cleaning.pictures(rich(figures(50))) == list(range(1, 51))
    with override("en"), pytest.raises(ValidationError) as refused:
        rich(figures(51))
    assert refused.value.messages == ["This text shows 51 pictures; at most 50 can be kept."]
    for count in (4_999, 5_000):
        with pytest.raises(ValidationError):
            rich(figures(count))


def test_a_small_text_that_grows_in_the_parser_is_refused() -> None:
    """Formatting left open is opened again in every paragraph: 40 kB become three million."""
    html = "<p>" + "".join(f'<strong class="{n}">' for n in range(90)) + "a</p>" + "<p>b</p>" * 2_200
    with pytest.raises(ValidationError):
        rich(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>a</p>" * 5_000,
        "<ul>" + "<li>a</li>" * 4_999 + "</ul>",
        "<ul>" * 99 + "<li>a" + "</ul>" * 99,
        "<p>" + "a " * 99_990 + "</p>",
        "<p>a<br>b</p>" * 2_500,
    ],
    ids=lambda html: f"{html[:16]}… {len(html)}",
)
def test_what_is_wide_but_flat_is_kept(html: str) -> None:
    assert text_of(rich(html)).split() == text_of(html).split()


@pytest.mark.parametrize(
    ("depth", "breaks", "kept"),
    [(100, 4_900, True), (101, 0, False), (0, 5_000, True), (0, 5_001, False), (100, 4_901, False)],
)
def test_bounds_hold_at_their_edge(depth: int, breaks: int, kept: bool) -> None:
    html = "<em>" * depth + "</em>" * depth + "<br>" * breaks
    if kept:
        assert bounded(html) == html
    else:
        with pytest.raises(ValidationError):
            bounded(html)


def test_two_hundred_thousand_bytes_are_kept_and_one_more_is_not() -> None:
    assert bounded("ấ" * 66_666 + "aa") == "ấ" * 66_666 + "aa"
    with pytest.raises(ValidationError):
        bounded("ấ" * 66_666 + "aaa")


# --- plain text --------------------------------------------------------------------------------------

FAMILY, JOINED = "👩\u200d👩\u200d👧", "می\u200cخواهم"


@settings(deadline=None)
@given(st.text())
def test_plain_text_is_nfc_without_controls_and_the_same_again(text: str) -> None:
    clean = plain(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert hidden(clean) == set()
    assert clean == clean.strip() == plain(clean)


@settings(deadline=None)
@given(st.text())
def test_a_line_is_one_line_with_single_spaces_and_the_same_again(text: str) -> None:
    clean = line(text)
    assert clean == " ".join(clean.split()) == line(clean)
    assert hidden(clean) == set()


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  a\tb\n c ", "a\tb\n c"),
        ("a\x00b\x1bc\x7fd\x85e", "abcde"),
        ("ab\u202egnp.exe\u2066", "abgnp.exe"),
        ("a\u200bb\ufeffc\u00add\u2060e", "abcde"),
        ("a\ud83db", "ab"),
        ("\r\na\r\nb", "a\nb"),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),
        (f"{FAMILY} {JOINED}", f"{FAMILY} {JOINED}"),
    ],
)
def test_plain_keeps_words_and_drops_what_cannot_be_seen(text: str, clean: str) -> None:
    assert plain(text) == clean


def test_line_breaks_of_a_line_become_spaces() -> None:
    assert line(" a\n\n b\t c\u2028d\u00a0e ") == "a b c d e"


# --- marks and words ---------------------------------------------------------------------------------

CITED = '<p>a<sup data-cite="3"></sup> b<sup data-cite="12"></sup> c<sup data-cite="3"></sup></p>'


def test_marks_are_found_in_order_with_repeats() -> None:
    assert marks(CITED) == [3, 12, 3]


def test_marks_are_renumbered_all_at_once() -> None:
    swapped = renumbered(CITED, {3: 12, 12: 3})
    assert swapped == '<p>a<sup data-cite="12"></sup> b<sup data-cite="3"></sup> c<sup data-cite="12"></sup></p>'


def test_a_mark_without_a_number_of_its_own_is_an_error() -> None:
    with pytest.raises(KeyError):
        renumbered(CITED, {3: 1})


def test_marks_are_linked_to_the_list_of_sources() -> None:
    assert linked('a<sup data-cite="12"></sup>') == 'a<sup><a href="#source-12">[12]</a></sup>'
    assert linked("a [12]") == "a [12]"


@settings(deadline=None)
@given(st.lists(st.integers(1, 999), max_size=8))
def test_cleaning_keeps_every_mark(keys: list[int]) -> None:
    html = "<p>" + "".join(f'x<sup data-cite="{key}">[{key}]</sup>' for key in keys) + "</p>"
    assert marks(rich(html)) == keys


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>a</p>", "a"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("a<p>b</p>", "a\nb"),
        ("<p>a<br>b</p>", "a\nb"),
        ("<h2>a</h2><ul><li>b<ul><li>c</li></ul></li><li>d</li></ul>", "a\nb\nc\nd"),
        ("<p><strong>a</strong>b <em>c</em><a href='/'>d</a></p>", "ab cd"),
        ('<p>a<sup data-cite="1"></sup>.</p>', "a."),
        ("<p>1 &lt; 2 &amp;amp; 3</p>", "1 < 2 &amp; 3"),
        ("<p> </p><p>&nbsp;</p>", ""),
    ],
)
def test_the_words_of_a_text_are_a_line_for_each_block(html: str, text: str) -> None:
    assert text_of(html) == text
