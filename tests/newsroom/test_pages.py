"""Every page of the demo that readers can come to is in its own language, but for what says that it is in another."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from zeal import zeal_ignore

from articles.models import Author, Version
from newsroom.demo import desk
from sources.models import Source

CATALOGUE = polib.pofile(str(Path(settings.LOCALE_PATHS[0], "vi", "LC_MESSAGES", "django.po")))
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[sd]|%[sd]")
VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")  # no other language of the demo writes these
READ_OUT = {"alt", "title", "aria-label", "placeholder"}
VOID = {"meta", "link", "br", "img", "input", "hr", "path", "rect", "circle", "line"}
LEAST = 6  # letters of a sentence with a gap, so that it is known by them


class Texts(HTMLParser):
    """Each text node and each attribute that is read out, with the language it says it is in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []
        self.head: set[str] = set()  # what no part of which can be marked: the title and the description
        self.links: list[str] = []
        self.feed(html)
        self.close()

    @property
    def language(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        language = said.get("lang", self.language)
        self.found += [(said[name], language) for name in READ_OUT & said.keys()]
        if said.get("name") == "description":
            self.found.append((said["content"], language))
            self.head.add(said["content"])
        if tag == "a":
            self.links.append(said.get("href", ""))
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1][0] not in {"script", "style"}:
            self.found.append((" ".join(data.split()), self.language))
            self.head |= {self.found[-1][0]} if self.open[-1][0] == "title" else set()


def pages(client: Client) -> Iterator[tuple[str, Texts]]:
    """From the two home pages by every link on, each page once."""
    waiting, seen = ["/vi/", "/en/"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        with zeal_ignore():
            response = client.get(path, follow=True)
        if not response["Content-Type"].startswith("text/html"):
            continue
        assert response.status_code in (200, 410), path
        page = Texts(response.content.decode())
        yield path, page
        waiting += [link.partition("#")[0] for link in page.links if re.match(r"/(?:vi|en)/", link)]


def sentences() -> tuple[dict[str, set[str]], dict[str, re.Pattern[str]]]:
    """By language, what stands in it alone: whole sentences, and a pattern of all that have gaps."""
    whole: dict[str, set[str]] = {"en": set(), "vi": set()}
    gapped: dict[str, set[str]] = {"en": set(), "vi": set()}
    for entry in CATALOGUE:
        english = {entry.msgid, entry.msgid_plural} - {""}
        vietnamese = {entry.msgstr, *entry.msgstr_plural.values()} - {""}
        for language, own, other in (("en", english, vietnamese), ("vi", vietnamese, english)):
            for text in own - other:
                parts = [" ".join(part.split()) for part in PLACEHOLDER.split(text)]
                if len(parts) == 1:
                    whole[language].add(parts[0])
                elif sum(map(len, re.findall(r"[^\W\d_]+", " ".join(parts)))) >= LEAST:
                    gapped[language].add(r".+?".join(re.escape(part) for part in re.split(PLACEHOLDER, text)))
    for language, other in (("en", "vi"), ("vi", "en")):
        whole[language] -= {english for english in whole[language] if english in whole[other]}
    return whole, {language: re.compile("|".join(sorted(texts))) for language, texts in gapped.items()}


@pytest.fixture
def demo(db: None) -> list[str]:
    return list(desk.build())


def test_no_word_of_the_one_language_stands_unmarked_on_a_page_of_the_other(demo: list[str], client: Client) -> None:
    whole, gapped = sentences()
    people = {part for name in Author.objects.values_list("name", flat=True) for part in name.split()}
    sources = re.compile("|".join(map(re.escape, Source.objects.exclude(name_vi="").values_list("name_vi", flat=True))))
    names = re.compile(rf"\b(?:{'|'.join(people)})\b")  # of people: in no language
    plain = {text for words in Version.objects.values_list("headline", "summary", "claim") for text in words}
    wrong: dict[tuple[str, str], str] = {}
    count = 0
    for path, page in pages(client):
        count += 1
        for text, language in page.found:
            other = {"vi": "en", "en": "vi"}[language]
            if text in whole[other] or gapped[other].fullmatch(text):
                wrong[language, text] = path
            if text in page.head:
                text = sources.sub("", text)
            rest = names.sub("", re.sub(r"“[^”]*”", "", text) if text in plain else text)  # cannot carry a mark
            if language == "en" and VIETNAMESE.search(rest):
                wrong[language, text] = path
    assert wrong == {}, "\n".join(f"{path} {language}: {text[:100]}" for (language, text), path in wrong.items())
    assert count > 100


def test_what_is_in_the_wrong_language_is_seen() -> None:
    whole, gapped = sentences()
    page = Texts('<html lang="vi"><p title="Sources">Published</p><i lang="en">Updated</i><p>Nguồn</p><p>12 min read')
    assert [text for text, language in page.found if language == "vi" and text in whole["en"]] == [
        "Sources", "Published",
    ]  # fmt: skip
    assert [text for text, _language in page.found if gapped["en"].fullmatch(text)] == ["12 min read"]
    assert "Nguồn" in whole["vi"]
