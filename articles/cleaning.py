"""What words may be made of: plain text and the few tags of rich text, cleaned at every door. Pure.

The allow-list here is the one home for both the editor's extensions and the sanitiser.
"""

import re
import unicodedata
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The editor offers exactly what the sanitiser keeps.
EXTENSIONS: dict[str, object] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "CitationMark": True,
    "TextPicture": True,
    "ForeignWords": True,
    "FieldLabel": True,
}
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "br", "a", "sup", "span", "figure"}
ATTRIBUTES = {"a": {"href"}, "sup": {"data-cite"}, "span": {"lang"}, "figure": {"data-photo"}}
SCHEMES = {"http", "https", "mailto"}

MOST_BYTES = 200_000
MOST_DEPTH = 100
MOST_TAGS = 5_000
MOST_PICTURES = 50
MOST_PASSES = 10  # of cleaning until nothing changes; four were the most in 400,000 mangled texts
_HOLDS_BLOCKS = {"ul", "ol", "li", "blockquote"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}

# Joiners stay: emoji and some scripts need them. Bidirectional overrides and other controls go.
_KEPT_CONTROLS = {"\n", "\t", "\u200c", "\u200d"}
_SIEVE = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "textarea",
        "title",
    },
    attributes=ATTRIBUTES | {"*": set()},  # left out, `lang` and `title` would be let through everywhere
    url_schemes=SCHEMES,
    link_rel=None,
    strip_comments=True,
)
_MARK = re.compile(r'<sup data-cite="([^"]*)">.*?</sup>', re.DOTALL)
_PLAIN_SUP = re.compile(r"<sup>(.*?)</sup>", re.DOTALL)
_TAG = re.compile(r'<(?:"[^"]*"|[^">])*>')  # as the sanitiser writes them: every value quoted, no other < than a tag's
_INLINE_TAG = re.compile(r'</?(?:a|strong|em|sup|span)\b(?:"[^"]*"|[^">])*>')
_LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}"  # of BCP 47: "vi", "zh-Hant", "pt-BR"
_NAME = re.compile(r"<(/?)(\w+)")
_FOREIGN = re.compile(rf'<span lang="{_LANGUAGE}">')
_FIGURE = re.compile(r'<figure data-photo="([1-9][0-9]{0,17})"></figure>')
_START_TAG = re.compile(r"<[a-zA-Z]")
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")


def plain(text: str) -> str:
    """One line or more of text: NFC, no control or invisible characters, no white space at the ends."""
    if not text.isprintable():  # most texts are: nothing in them is of these categories
        gone = [c for c in set(text) - _KEPT_CONTROLS if unicodedata.category(c) in {"Cc", "Cf", "Cs"}]
        text = text.translate(dict.fromkeys(map(ord, gone)))
    return unicodedata.normalize("NFC", text).strip()


def line(text: str) -> str:
    """`plain`, on one line with single spaces."""
    return " ".join(plain(text).split())


class _Measure(HTMLParser):
    """Depth: cheap and linear, unlike building the tree."""

    depth = deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(0, self.depth - 1)


def bounded(html: str) -> str:
    """`html` unchanged. Raises ValidationError when it is larger or deeper than any article.

    Parsing into a tree is quadratic in depth; this is not. Tags are counted wherever they stand: this parser and a
    browser's do not agree on where comments and raw text end.
    """
    if (size := len(html.encode("utf-8", "replace"))) > MOST_BYTES:
        raise ValidationError(
            _("This text is %(size)d kB long; at most %(most)d kB can be kept.")
            % {"size": size // 1000, "most": MOST_BYTES // 1000}
        )
    tags = len(_START_TAG.findall(html))
    if tags <= MOST_DEPTH:  # no tag is deeper than there are tags: what most texts need not be measured for
        return html
    measure = _Measure(convert_charrefs=False)
    measure.feed(html)
    if measure.deepest > MOST_DEPTH or tags > MOST_TAGS:
        raise ValidationError(
            _(
                "This text is nested %(depth)d levels deep and has %(tags)d tags; "
                "at most %(most_depth)d and %(most_tags)d can be kept."
            )
            % {"depth": measure.deepest, "tags": tags, "most_depth": MOST_DEPTH, "most_tags": MOST_TAGS}
        )
    return html


def rich(html: str) -> str:
    """`html` with the allowed tags and attributes alone; a citation mark keeps a number or goes, a span says in which
    language its words are or goes without them. A figure names a picture of the desk and is empty; it stands between
    paragraphs or goes, and what was in it stands behind it.

    The same again when cleaned again: a parser moves what it cannot nest. Raises ValidationError as `bounded` does.
    """
    clean = plain(html)
    for _pass in range(MOST_PASSES):
        before, clean = clean, _sifted(bounded(clean))
        if clean == before:
            break
    if (count := len(pictures(clean))) > MOST_PICTURES:
        raise ValidationError(
            _("This text shows %(count)d pictures; at most %(most)d can be kept.")
            % {"count": count, "most": MOST_PICTURES}
        )
    return "" if not text_of(clean) and "data-cite" not in clean and not count else clean


def _sifted(html: str) -> str:
    clean = _SIEVE.clean(html)
    clean = _PLAIN_SUP.sub(r"\1", clean)
    clean = _MARK.sub(lambda mark: f'<sup data-cite="{mark[1]}"></sup>' if _NUMBER.fullmatch(mark[1]) else "", clean)
    return plain(_unwrapped(clean))  # what was hidden in character references, too


def _unwrapped(html: str) -> str:
    """`html` without the spans that name no language and the figures that name no picture or stand within a line, with
    what is in them; the other figures empty. An end without a beginning, which a mark in a mark leaves, goes.
    """
    kept: list[bool] = []
    lines = 0  # that are open

    def tag(found: re.Match[str]) -> str:
        nonlocal lines
        closes, name = _NAME.match(found[0]).groups()  # type: ignore[union-attr]
        if name == "figure":
            figure = f"{found[0]}</figure>"
            return figure if not lines and _FIGURE.fullmatch(figure) else ""
        if name not in _HOLDS_BLOCKS and name not in _VOID:
            lines += -1 if closes else 1
        if name == "span":
            if not closes:
                kept.append(bool(_FOREIGN.fullmatch(found[0])))
            return found[0] if kept and (kept.pop() if closes else kept[-1]) else ""
        return found[0]

    return _TAG.sub(tag, html)


def is_language(code: str) -> bool:
    return bool(re.fullmatch(_LANGUAGE, code))


def marks(html: str) -> list[int]:
    """The keys of the citations that cleaned `html` points to, in order of appearance, repeats included."""
    return [int(key) for key in _MARK.findall(html)]


def renumbered(html: str, numbers: dict[int, int]) -> str:
    """Cleaned `html` with each mark's key replaced by its number. Raises KeyError on an unknown key."""
    return _MARK.sub(lambda mark: f'<sup data-cite="{numbers[int(mark[1])]}"></sup>', html)


def pictures(html: str) -> list[int]:
    """The numbers of the pictures that cleaned `html` shows, in order of appearance, repeats included."""
    return [int(photo) for photo in _FIGURE.findall(html)]


def pictured(html: str, drawn: Mapping[int, str]) -> str:
    """Cleaned `html` with each picture as it is `drawn`, by its number; without those that are not."""
    return _FIGURE.sub(lambda figure: drawn.get(int(figure[1]), ""), html)


def text_of(html: str) -> str:
    """The words of cleaned `html`, a line for each block."""
    text = unescape(_TAG.sub("\n", _INLINE_TAG.sub("", html)))
    return "\n".join(line for each in text.split("\n") if (line := each.strip()))


def linked(html: str, page: str = "") -> str:
    """Frozen `html` with each mark as a link to its source in the list below the text; elsewhere, to that on `page`."""
    return _MARK.sub(rf'<sup><a href="{page}#source-\1">[\1]</a></sup>', html)
