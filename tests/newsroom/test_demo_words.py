"""No word of one language on a page of the other, all through the demo: but names, and what is marked by `lang`."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from articles import languages
from articles.models import Author
from newsroom.demo import desk
from sources.models import Source

# Where no link leads. What search cuts out of a text has lost its marks: of its pages, those without any.
BESIDE = ("nothing/", "search/", "search/?q=xoong", "preview/made-up/", "ledger/?fingerprint=00")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
READ_OUT = ("alt", "title", "aria-label", "aria-description", "placeholder", "label", "summary")
META = {"description", "og:title", "og:description", "og:site_name", "og:image:alt"}
UNSAID = {"script", "style", "code"}

ADDRESS = re.compile(r"[²³¹⁰-₟]+|https?://\S+|/[\w./-]+\.txt|\b[\w-]+(?:\.[\w-]+)+\b")  # and versions, and files
WORD = re.compile(r"[^\W\d_]+(?:[-’][^\W\d_]+)*")
SHORT = re.compile("[a-fđ]|[A-ZĐ]{1,5}|QĐ-TTg")  # letters; SHA, UTC, BSD; as decrees are numbered
NAMES = {
    "Newsroom", "Unicode", "Internet", "Python", "Atom", "Cochrane", "Creative", "Commons", "Asia", "Paris", "Sèvres",
    "Berne", "Planck", "Kibble", "Theodore", "Kármán",
}  # fmt: skip
# Which Vietnamese took in as they are: units, substances, and what computers brought.
TAKEN_IN = {
    "km", "mol", "jun", "ampe", "kelvin", "kilôgam", "micrôgam", "platin-iridi", "silic", "xêsi",
    "web", "wiki", "byte", "cookie", "log-odds",
}  # fmt: skip


class Page(HTMLParser):
    """What a page says outside of what it marks as another language's: its text, and in `unmarked` what can carry no
    mark, titles and attributes.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.unmarked: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        language = told.get("lang") or (self.open[-1][1] if self.open else "")
        if language == self._own(language):
            self.unmarked += [told[name] for name in READ_OUT if name in told]
            if tag == "meta" and {told.get("name"), told.get("property")} & META:
                self.unmarked.append(told["content"])
        if tag == "a":
            self.links.append(told.get("href", "").partition("#")[0])
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, language = self.open[-1] if self.open else ("", "")
        if tag not in UNSAID and language == self._own(language):
            (self.unmarked if tag == "title" else self.text).append(data)

    def _own(self, language: str) -> str:
        return self.open[0][1] if self.open else language


def words(text: str) -> list[str]:
    return WORD.findall(ADDRESS.sub(" ", text))


def is_foreign(word: str, language: str) -> bool:
    """On an English page whatever bears a mark; on a Vietnamese one whatever is no syllable of Vietnamese."""
    if word in NAMES:
        return False
    if language == "en":
        return not word.replace("’", "").isascii()
    spelt = all(map(languages.is_vietnamese, re.split("[-’]", word)))
    return not (spelt or SHORT.fullmatch(word) or word.lower() in TAKEN_IN)


def foreign(html: str, language: str, names: list[str]) -> set[str]:
    """`names`: of people and sources, which stand in titles and attributes too, where nothing can be marked."""
    page = Page(html)
    bare = [re.sub("|".join(map(re.escape, names)) or "$^", "", text) for text in page.unmarked]
    return {word for text in (*page.text, *bare) for word in words(text) if is_foreign(word, language)}


def pages(language: str) -> Iterator[tuple[str, str]]:
    """Every page of a language that a reader comes to by links, and what nothing links to."""
    waiting, seen = [f"/{language}/", *(f"/{language}/{path}" for path in BESIDE)], set()
    while waiting:
        if (address := waiting.pop()) in seen:
            continue
        seen.add(address)
        answer = Client(headers={"accept-language": language}).get(address)
        if answer["Content-Type"].startswith("text/html"):
            html = answer.content.decode()
            yield address, html
            waiting += [
                link for link in Page(html).links if link.startswith(f"/{language}/") and "/search/" not in link
            ]
        waiting += [answer["Location"]] if 300 < answer.status_code < 304 else []


def test_no_page_of_the_demo_has_a_word_of_the_other_language_that_is_not_marked(db: None) -> None:
    list(desk.build())
    names = [*Author.objects.values_list("name", flat=True), *Source.objects.values_list("name_vi", "name_en")]
    told = {name for each in names for name in ([each] if isinstance(each, str) else each) if name}
    found, kinds = {}, set()
    for language in ("vi", "en"):
        for address, html in pages(language):
            kinds.add((language, address.split("/")[2]))
            if left := foreign(html, language, sorted(told, key=len, reverse=True)):
                found[address] = left
    assert found == {}
    assert {kind for _language, kind in kinds} == {
        "", "nothing", "preview", "search", "about", "archive", "articles", "authors", "categories", "confidence",
        "corrections", "ledger", "sources",
    }  # fmt: skip
    assert len(kinds) == 26


@pytest.mark.parametrize(
    ("language", "inside", "left"),
    [
        ("vi", "<p>Đã duyệt. Reviewed by An</p>", {"Reviewed", "by"}),
        ("vi", '<p>Đã duyệt <span lang="en">Reviewed <b>by</b></span> ngày 2</p>', set()),
        ("vi", '<p lang="en">Why <q lang="vi">of it</q></p>', {"of", "it"}),
        ("vi", '<input placeholder="Search">', {"Search"}),
        ("vi", '<meta name="description" content="Published">', {"Published"}),
        ("vi", "<p>Xem x.com, https://example.org/history/, record.json, 3 km, W3C</p><code>seen</code>", set()),
        ("en", "<p>Reviewed. Đã duyệt</p>", {"Đã", "duyệt"}),
        ("en", '<p>Reviewed by <a lang="vi">Trần Thanh Bình</a></p>', set()),
        ("en", "<p>Reviewed by Trần Thanh Bình</p>", {"Trần", "Bình"}),
        ("en", "<title>Trần Thanh Bình · Newsroom · Trang</title>", set()),
        ("en", '<a title="Tiếng Việt" href="/">It’s</a>', {"Tiếng", "Việt"}),
    ],
)
def test_a_word_of_the_other_language_is_seen(language: str, inside: str, left: set[str]) -> None:
    assert foreign(f'<html lang="{language}">{inside}</html>', language, ["Trần Thanh Bình"]) == left
