"""The words of a page as fetched: what it says of itself, and the text that a reader would see, for a hash. Pure, and
linear in the length of the page, whatever that is made of; nothing here is ever shown as markup.
"""

import codecs
import html
import re
from datetime import date
from typing import NamedTuple

LONGEST_FACT = 300
MOST_METAS = 200  # so many of a page are read, and of each tag so many characters
LONGEST_TAG = 4_000
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "math", "title", "iframe", "textarea"})
_TAG = re.compile(r"[a-z][a-z0-9]*", re.ASCII | re.IGNORECASE)
_END = {name: re.compile(f"</{name}", re.ASCII | re.IGNORECASE) for name in _UNSEEN}
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([a-z0-9_-]{1,40})", re.IGNORECASE)
_CHARSETS = re.compile(r"utf-(8|16.*)|ascii|iso8859-\d+|cp\d+|shift_jis.*|euc_.*|gb\d*k?|big5.*|koi8.*")
# Where a page says a fact of itself, in lower case, the best first.
_SAID_IN = {
    "title": ("og:title", "twitter:title", "dc.title"),
    "site": ("og:site_name", "application-name", "dc.publisher"),
    "author": ("author", "article:author", "parsely-author", "dc.creator"),
    "published": ("article:published_time", "datepublished", "parsely-pub-date", "pubdate", "dc.date.issued", "date"),
    "language": ("og:locale", "dc.language"),
}
_ATTRIBUTE = re.compile(
    r""">|([a-z][a-z:-]{0,30})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.ASCII | re.IGNORECASE
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z0-9])", re.ASCII)


class Facts(NamedTuple):
    """What a page says of itself: each a line of text, "" where it says nothing. `published` is a day as in 2026-05-03,
    `language` a code as in "vi".
    """

    title: str = ""
    site: str = ""
    author: str = ""
    published: str = ""
    language: str = ""


NOTHING = Facts()


class Words(NamedTuple):
    facts: Facts
    text: str


def words(body: bytes, media_type: str, charset: str = "") -> Words:
    """Of an answer with this content type. Never raises."""
    text = body.decode(_codec(body, charset), "replace")
    if "html" not in media_type:
        return Words(NOTHING, _plain(text))
    title: list[str] = []
    metas: list[dict[str, str]] = []
    root: dict[str, str] | None = None
    seen: list[str] = []
    at = 0
    while (start := text.find("<", at)) >= 0:
        seen.append(text[at:start])
        if text.startswith("<!--", start):
            at = _after(text, "-->", start + 4)
        elif name := _TAG.match(text, start + 1):
            at = _after(text, ">", name.end())
            tag = name[0].lower()
            if tag == "meta" and len(metas) < MOST_METAS:
                metas.append(_attributes(text, name.end()))
            elif tag == "html" and root is None:
                root = _attributes(text, name.end())
            if end := _END.get(tag):
                close = end.search(text, at)
                stop = close.start() if close else len(text)
                if tag == "title" and not title:
                    title.append(text[at:stop])
                at = _after(text, ">", stop)
            seen.append(" ")
        elif text.startswith(("</", "<!", "<?"), start):
            at = _after(text, ">", start + 2)
            seen.append(" ")
        else:
            seen.append("<")
            at = start + 1
    seen.append(text[at:])
    facts = _facts(metas, html.unescape("".join(title)), (root or {}).get("lang", ""))
    return Words(facts, _plain(html.unescape("".join(seen))))


def _attributes(text: str, start: int) -> dict[str, str]:
    """Of the tag that goes on at `start`; the first of each name, as in a browser."""
    found: dict[str, str] = {}
    for piece in _ATTRIBUTE.finditer(text, start, min(len(text), start + LONGEST_TAG)):
        if piece[1] is None:
            break
        found.setdefault(piece[1].lower(), html.unescape(piece[2] or piece[3] or piece[4] or ""))
    return found


def _facts(metas: list[dict[str, str]], title: str, language: str) -> Facts:
    said: dict[str, str] = {}
    for meta in metas:
        name = next((meta[each] for each in ("property", "name", "itemprop") if each in meta), "")
        if content := _plain(meta.get("content", ""))[:LONGEST_FACT].strip():
            said.setdefault(name.strip().lower(), content)
    found = {fact: [said[name] for name in names if name in said] for fact, names in _SAID_IN.items()}
    return Facts(
        title=next(iter(found["title"]), _plain(title)[:LONGEST_FACT].strip()),
        site=next(iter(found["site"]), ""),
        author=next((name for name in found["author"] if "://" not in name), ""),  # some give the page about them
        published=next((day for text in found["published"] if (day := _day(text))), ""),
        language=next((code for text in (language, *found["language"]) if (code := _code(text))), ""),
    )


def _day(text: str) -> str:
    """As the page has it, in its own zone; "" where that is no day."""
    try:
        return date.fromisoformat(found[0]).isoformat() if (found := _DATE.match(text)) else ""
    except ValueError:
        return ""


def _code(text: str) -> str:
    found = _LANGUAGE.match(text.strip().lower())
    return found[0] if found else ""


def _after(text: str, mark: str, start: int) -> int:
    """Behind the next `mark`, or at the end of the text."""
    at = text.find(mark, start)
    return len(text) if at < 0 else at + len(mark)


def _plain(text: str) -> str:
    """One line; no control character, and none that turns the direction of what stands beside it."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def _codec(body: bytes, charset: str) -> str:
    """Of the answer, else of the page, where it is one that pages are written in (some others take a minute a page)."""
    declared = _DECLARED.search(body[:1024])
    for name in (charset, declared[1].decode("ascii") if declared else ""):
        try:
            known = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        if _CHARSETS.fullmatch(known):
            return known
    return "utf-8"
