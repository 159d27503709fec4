"""The admin as a browser has it: pages read as elements, whole forms posted back, and every row before and after."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from articles.models import Article, Invalidation, Publication

Enter = Callable[[User], Client]
Form = dict[str, list[str]]

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TICKED = {"checkbox", "radio"}
PRESSED = {"submit", "button", "reset", "image"}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Rows are made, and sentences said, in English; a request leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def enter(signed_in: Enter) -> Enter:
    """A client of somebody who reads English."""

    def client(user: User) -> Client:
        browser = signed_in(user)
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return client


# --- pages -------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Element:
    """A start tag, with the text up to its end tag."""

    tag: str
    attributes: dict[str, str]
    within: "list[Element]"
    parts: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def matches(self, tag: str, **attributes: str) -> bool:
        return self.tag == tag and all(self.attributes.get(name) == value for name, value in attributes.items())


class Page(HTMLParser):
    """The elements of a page in order, as a parser that trusts nobody finds them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, list(self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and any(element.tag == tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.parts.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [element for element in self.elements if element.matches(tag, **attributes)]

    def one(self, tag: str, **attributes: str) -> Element:
        [element] = self.all(tag, **attributes)
        return element

    def said(self, *names: str) -> list[str]:
        """The words of each element that is of all these classes."""
        return [element.words for element in self.elements if {*names} <= {*element["class"].split()}]

    def faults(self) -> list[str]:
        """The sentences about what was typed, wherever the theme puts them."""
        told = [*self.said("errornote"), *self.said("mt-2", "text-red-600")]
        return [sentence for sentence in told if not sentence.startswith("Please correct the error")]

    def form(self, **attributes: str) -> Form:
        """What a browser would post of the one form with these attributes, no button pressed."""
        form = self.one("form", **attributes)
        fields: Form = {}
        for element in self.elements:
            select = next((outer for outer in element.within if outer.tag == "select"), element)
            name, kind = select["name"], element.attributes.get("type", "text")
            if form not in element.within or not name or "disabled" in element.attributes:
                continue
            if element.tag == "option":
                value, single = element.attributes.get("value", element.words), "multiple" not in select.attributes
                if "selected" in element.attributes:
                    fields[name] = [value] if single else [*fields.get(name, []), value]
                elif single:
                    fields.setdefault(name, [value])
            elif element.tag == "textarea":
                fields[name] = [element.text.removeprefix("\n")]
            elif element.tag == "input" and kind not in PRESSED | TICKED:
                fields[name] = [element["value"]]
            elif element.tag == "input" and kind in TICKED and "checked" in element.attributes:
                fields[name] = [element.attributes.get("value", "on")]
        return fields


def page(response: HttpResponse) -> Page:
    return Page(response.content.decode())


# --- the article's form ------------------------------------------------------------------------------

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def review_url(publication: Publication) -> str:
    return reverse("admin:articles_publication_review", args=[publication.pk])


def form_at(client: Client, url: str, changes: Mapping[str, str | list[str]] | None = None) -> Form:
    """What a browser would post of the form at `url` after these changes."""
    return changed(typed(client.get(url)), changes or {})


def typed(response: HttpResponse) -> Form:
    """What stands in the change form on this page."""
    shown = page(response)
    [form] = [form for form in shown.all("form") if form["id"].endswith("_form")]
    fields = shown.form(id=form["id"])
    fields.pop("csrfmiddlewaretoken")
    return fields


def changed(form: Form, changes: Mapping[str, str | list[str]]) -> Form:
    return form | {name: [value] if isinstance(value, str) else value for name, value in changes.items()}


def with_row(form: Form, *, prefix: str = "citations", **fields: str) -> Form:
    """The form with one more inline row, as its button adds it."""
    number = int(form[f"{prefix}-TOTAL_FORMS"][0])
    blank = f"{prefix}-__prefix__-"
    row = {f"{prefix}-{number}-{name.removeprefix(blank)}": form[name] for name in form if name.startswith(blank)}
    filled = {f"{prefix}-{number}-{name}": value for name, value in fields.items()}
    return changed(form | row, {f"{prefix}-TOTAL_FORMS": str(number + 1), **filled})


# --- rows --------------------------------------------------------------------------------------------


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the desk's own tables, but for what the database notes of a save that may change nothing."""
    tables = {
        model._meta.db_table
        for label in ("articles", "sources")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    } - {Invalidation._meta.db_table}
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found


@contextmanager
def unchanged() -> Iterator[None]:
    """Whatever happens in the block, no row of the desk's tables is other than before."""
    before = rows()
    assert any(before.values())
    yield
    assert rows() == before


@contextmanager
def reads_only() -> Iterator[None]:
    """The block asks and writes nothing, not even a session."""
    with CaptureQueriesContext(connection) as queries:
        yield
    assert [query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(WRITES)] == []
