"""The words of a page as fetched: its title, and the text that a reader would see, for a hash. Pure, and linear in the
length of the page, whatever that is made of; nothing here is ever shown as markup.
"""

import codecs
import html
import re
from typing import NamedTuple

LONGEST_TITLE = 300
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "math", "title", "iframe", "textarea"})
_TAG = re.compile(r"[a-z][a-z0-9]*", re.ASCII | re.IGNORECASE)
_END = {name: re.compile(f"</{name}", re.ASCII | re.IGNORECASE) for name in _UNSEEN}
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([a-z0-9_-]{1,40})", re.IGNORECASE)
_CHARSETS = re.compile(r"utf-(8|16.*)|ascii|iso8859-\d+|cp\d+|shift_jis.*|euc_.*|gb\d*k?|big5.*|koi8.*")


class Words(NamedTuple):
    title: str
    text: str


def words(body: bytes, media_type: str, charset: str = "") -> Words:
    """Of an answer with this content type. Never raises."""
    text = body.decode(_codec(body, charset), "replace")
    if "html" not in media_type:
        return Words("", _plain(text))
    title: list[str] = []
    seen: list[str] = []
    at = 0
    while (start := text.find("<", at)) >= 0:
        seen.append(text[at:start])
        if text.startswith("<!--", start):
            at = _after(text, "-->", start + 4)
        elif name := _TAG.match(text, start + 1):
            at = _after(text, ">", name.end())
            if end := _END.get(name[0].lower()):
                close = end.search(text, at)
                stop = close.start() if close else len(text)
                if name[0].lower() == "title" and not title:
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
    return Words(_plain(html.unescape("".join(title)))[:LONGEST_TITLE].rstrip(), _plain(html.unescape("".join(seen))))


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
