"""The Vietnamese catalogue: whole, faithful to the code, and compiled from what is in the repository."""

import ast
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import override
from django.utils.translation.template import templatize

from articles.wording import LIKELIHOODS

ROOT = Path(settings.BASE_DIR)
PO = Path(settings.LOCALE_PATHS[0], "vi", "LC_MESSAGES", "django.po")
CATALOGUE = polib.pofile(str(PO))

Message = tuple[str | None, str, str | None]  # context, singular, plural

# Which arguments of a call are its context, its words and its plural.
SHAPES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
PLACEHOLDER = re.compile(r"%%|%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|\{\w*[^{}]*\}")
STRING = r"""[uU]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext|npgettext)\(\s*({STRING}(?:\s*,\s*{STRING})*)", re.DOTALL)


def message(function: str, arguments: list[str]) -> Message:
    context, singular, plural = SHAPES[function]
    return (
        None if context is None else arguments[context],
        arguments[singular],
        None if plural is None else arguments[plural],
    )


def of_python(path: Path) -> Iterator[Message]:
    tree = ast.parse(path.read_text("utf-8"))
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in SHAPES
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in SHAPES:  # translation.gettext("…")
            function = node.func.attr
        elif isinstance(node.func, ast.Name) and node.func.id in names:
            function = names[node.func.id]
        else:
            continue
        needed = max(place for place in SHAPES[function] if place is not None) + 1
        told = node.args[:needed]
        if not any(isinstance(argument, ast.Constant | ast.JoinedStr | ast.BinOp) for argument in told):
            continue  # looks up what is marked elsewhere, as `_(label)` does
        literals = [argument.value for argument in told if isinstance(argument, ast.Constant)]
        assert len(literals) == needed, f"{path}:{node.lineno}: only a literal can be collected"
        yield message(function, [str(literal) for literal in literals])


def of_template(path: Path) -> Iterator[Message]:
    """By way of the Python that makemessages itself makes of a template."""
    for found in TEMPLATE_CALL.finditer(templatize(path.read_text("utf-8"), origin=str(path))):
        function = "gettext" if found[1] == "_" else found[1]
        yield message(function, list(ast.literal_eval(f"({found[2]},)")))


def in_code() -> Iterator[tuple[Message, Path]]:
    for app in ("newsroom", "articles", "sources"):
        for path in sorted((ROOT / app).rglob("*.py")):
            yield from ((told, path) for told in of_python(path))
    for folder in (ROOT / "templates", *(ROOT / app / "templates" for app in ("newsroom", "articles", "sources"))):
        for path in sorted(folder.rglob("*.html")):
            yield from ((told, path) for told in of_template(path))


def key(entry: polib.POEntry | polib.MOEntry) -> Message:
    return entry.msgctxt or None, entry.msgid, entry.msgid_plural or None


def words(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_the_header_says_what_the_catalogue_is() -> None:
    assert not CATALOGUE.metadata_is_fuzzy
    assert CATALOGUE.metadata["Language"] == "vi"
    assert CATALOGUE.metadata["Content-Type"] == "text/plain; charset=UTF-8"
    assert CATALOGUE.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


def test_every_entry_is_translated() -> None:
    assert [entry.msgid for entry in CATALOGUE if not all(text.strip() for text in words(entry))] == []
    assert [entry.msgid for entry in CATALOGUE if entry.msgid_plural and set(entry.msgstr_plural) != {0}] == []
    assert [entry.msgid for entry in CATALOGUE.fuzzy_entries()] == []
    assert [entry.msgid for entry in CATALOGUE.obsolete_entries()] == []


def test_placeholders_are_kept() -> None:
    def held(text: str) -> Counter[str]:
        return Counter(PLACEHOLDER.findall(text))

    for entry in CATALOGUE:
        for text in words(entry):
            assert held(text) == held(entry.msgid_plural or entry.msgid), entry.msgid


def test_the_words_are_in_the_composed_form() -> None:
    for entry in CATALOGUE:
        for text in words(entry):
            assert text == unicodedata.normalize("NFC", text), entry.msgid


def test_what_is_compiled_is_what_is_written() -> None:
    compiled = polib.mofile(str(PO.with_suffix(".mo")))
    assert {key(entry): words(entry) for entry in compiled} == {key(entry): words(entry) for entry in CATALOGUE}
    assert compiled.metadata.items() <= CATALOGUE.metadata.items()


def test_the_catalogue_has_every_string_of_the_code_and_no_other() -> None:
    known, used = {key(entry) for entry in CATALOGUE}, dict(in_code())
    assert [f"{path.relative_to(ROOT)}: {told[1]}" for told, path in used.items() if told not in known] == []
    assert [singular for context, singular, plural in known - set(used)] == []


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("almost certain to hold", "gần như chắc chắn đúng"),
        ("very likely to hold", "rất có khả năng đúng"),
        ("likely to hold", "có khả năng đúng"),
        ("about even", "ngang nhau"),
        ("unlikely to hold", "khó đúng"),
        ("very unlikely to hold", "rất khó đúng"),
        ("almost certainly wrong", "gần như chắc chắn sai"),
    ],
)
def test_the_words_of_likelihood_are_those_of_the_table(english: str, vietnamese: str) -> None:
    def said(language: str) -> list[str]:
        with override(language):
            return [str(label) for label in LIKELIHOODS.values()]

    assert dict(zip(said("en"), said("vi"), strict=True))[english] == vietnamese
