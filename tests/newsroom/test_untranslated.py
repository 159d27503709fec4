"""No word outside the catalogue: in templates, in what Python says to people, in the theme and in the text editor."""

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
import unfold
from django.conf import settings
from django.contrib import admin
from django.template.base import Lexer, TokenType
from django.test import Client
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, override

from articles.models import Notification
from tests.newsroom.test_catalogue import of_python, of_template

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.html"))
WORD = re.compile(r"[^\W\d_]{2,}")
SAID = ("alt", "title", "aria-label", "aria-description", "placeholder", "label", "summary")  # attributes with words
UNSAID = {"script", "style", "code"}
ICONS = {"material-symbols-outlined"}  # drawn by the font from its name, and hidden from whoever listens

# Not words of a language: names of formats, of an algorithm, of a key.
SAME_IN_EVERY_LANGUAGE = {"SHA-256", "record.json", "Atom", "RSS", "JSON", "URL", "UTC"}


# --- templates ---------------------------------------------------------------------------------------


def literal(source: str) -> str:
    """What a template says by itself: without its tags, and without what stands in a translated block."""
    parts, translated = [], False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            translated = name in ("blocktranslate", "blocktrans", "comment") or (
                translated and not name.startswith(("endblocktrans", "endcomment"))
            )
        elif token.token_type == TokenType.TEXT and not translated:
            parts.append(token.contents)
    return "".join(parts)


class Said(HTMLParser):
    """The text nodes, and the attributes that are read out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append("code" if ICONS & set((dict(attrs).get("class") or "").split()) else tag)
        self.found += [value or "" for name, value in attrs if name in SAID]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() not in (tag, "code"):
            pass

    def handle_data(self, data: str) -> None:
        if not UNSAID & set(self.open[-1:]):
            self.found.append(data)


def untranslated(source: str) -> list[str]:
    texts = (" ".join(text.split()) for text in Said(literal(source)).found)
    rest = [(text, re.sub("|".join(map(re.escape, SAME_IN_EVERY_LANGUAGE)), "", text)) for text in texts]
    return [text for text, left in rest if WORD.search(left)]


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_template_says_nothing_by_itself(path: str) -> None:
    assert untranslated((ROOT / path).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('{% if a %}<p title="Move up">↑</p>{% else %}{{ b }} of {{ c }}{% endif %}', ["Move up", "of"]),
        ('<img alt="A cat"><input placeholder="Search" aria-label="{{ x }}">', ["A cat", "Search"]),
        ('{% translate "Hello" %} {% blocktranslate %}Hello {{ name }}{% endblocktranslate %} · {{ x }}', []),
        ("{% blocktranslate count n=1 %}one{% plural %}many{% endblocktranslate %} more", ["more"]),
        ("{# a note #}{% comment %}a note{% endcomment %}<script>let words;</script>", []),
    ],
)
def test_a_word_outside_translation_is_seen(source: str, found: list[str]) -> None:
    assert untranslated(source) == found


# --- Python ------------------------------------------------------------------------------------------

SAYS = {
    "ValidationError",
    "Refused",
    "CommandError",
    "message_user",
    "add_error",
    "success",
    "error",
    "warning",
    "info",
}
NAMES = {"verbose_name", "verbose_name_plural", "help_text", "label", "description", "title", "search_help_text"}
# Read by whoever runs the machine, on it: in logs, or before there is an editor. `--help` is argparse's, in English.
TO_OPERATORS = {
    f"{app}/management/commands/{name}.py"
    for app, name in (
        ("newsroom", "backup"),
        ("newsroom", "bulk_demo"),
        ("newsroom", "demo"),
        ("newsroom", "first_publisher"),
        ("newsroom", "forget_factors"),
        ("articles", "bake"),
        ("newsroom", "health"),
        ("newsroom", "restore"),
        ("articles", "prune_pictures"),
        ("articles", "rebuild_search"),
        ("articles", "tick"),
        ("articles", "worker"),
    )
}


def literals(node: ast.AST) -> Iterator[str]:
    """The words that stand here as they are, not as arguments of a call that looks them up."""
    match node:
        case ast.Constant(value=str(text)) if WORD.search(text):
            yield text
        case ast.JoinedStr(values=parts):
            for part in parts:
                if isinstance(part, ast.Constant):
                    yield from literals(part)
        case ast.BinOp(left=left):
            yield from literals(left)
        case ast.Dict(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            for value in values:
                yield from literals(value)
        case ast.IfExp(body=body, orelse=other):
            yield from literals(body)
            yield from literals(other)


def spoken(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            receiver = getattr(getattr(node.func, "value", None), "id", "")
            if name in SAYS and receiver not in {"log", "logger", "logging"}:
                first = 1 if name in {"add_error", "message_user"} or receiver == "messages" else 0
                for argument in node.args[first : first + 1]:
                    yield from literals(argument)
            if name == "write" and getattr(getattr(node.func, "value", None), "attr", "") == "stdout":
                for argument in node.args:
                    yield from literals(argument)
            for keyword in node.keywords:
                if keyword.arg in NAMES:
                    yield from literals(keyword.value)
        if isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.Assign) and getattr(each.targets[0], "id", "") in NAMES:
                    yield from literals(each.value)


@pytest.mark.parametrize("app", ["newsroom", "articles", "sources"])
def test_python_says_nothing_to_people_but_by_the_catalogue(app: str) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): said
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts and (said := list(spoken(ast.parse(path.read_text("utf-8")))))
    }
    assert {path: said for path, said in found.items() if path not in TO_OPERATORS} == {}


@pytest.mark.parametrize(
    "line",
    [
        'raise ValidationError("No.")', 'raise Refused(f"No, {name}.")', 'self.add_error("url", "Bad.")',
        'raise ValidationError({"slug": "Taken."})', 'messages.success(request, "Saved %s" % x)',
        'self.message_user(request, "Saved." if a else _("Not."))', 'Field(help_text="Write.")',
        'self.stdout.write(f"Stopped after {n}.")', 'class Meta:\n    verbose_name = "thing"',
    ],
)  # fmt: skip
def test_a_literal_for_people_is_seen(line: str) -> None:
    assert list(spoken(ast.parse(line)))


@pytest.mark.parametrize("line", ['raise ValidationError(_("No."))', 'log.error("gone %s", x)', 'Field(_("name"))'])
def test_what_is_looked_up_is_let_be(line: str) -> None:
    assert not list(spoken(ast.parse(line)))


# --- the labels of the admin --------------------------------------------------------------------------

NEVER_DRAWN = {
    "articles.Article.likeness",
    "articles.Article.last_key",
    "articles.Photo.hands",
    "sources.Source.folded",
}


def test_every_field_that_the_admin_draws_has_a_label_of_its_own() -> None:
    """One without is told by its name in the code."""
    bare = {
        f"{model._meta.label}.{field.name}"
        for model in admin.site._registry
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if not field.auto_created and not isinstance(field.verbose_name, Promise)
        if model._meta.app_label in ("articles", "sources") and model is not Notification  # whose admin is one screen
    }
    assert bare == NEVER_DRAWN


# --- scripts -----------------------------------------------------------------------------------------

LOOKED_UP = re.compile(r"""\bgettext\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)""")


def test_what_scripts_say_is_in_a_catalogue_of_their_own_whole() -> None:
    said = {
        ast.literal_eval(found)
        for path in sorted((ROOT / "static" / "js").rglob("*.js"))
        for found in LOOKED_UP.findall(path.read_text("utf-8"))
    }
    po = Path(settings.LOCALE_PATHS[0], "vi", "LC_MESSAGES", "djangojs.po")
    catalogue = polib.pofile(str(po))
    assert {entry.msgid for entry in catalogue} == said
    assert [entry.msgid for entry in catalogue if not entry.msgstr or entry.fuzzy or entry.obsolete] == []
    compiled = polib.mofile(str(po.with_suffix(".mo")))
    assert {each.msgid: each.msgstr for each in compiled} == {each.msgid: each.msgstr for each in catalogue}


def test_the_admin_gives_scripts_that_catalogue(admin_client: Client) -> None:
    def served(language: str) -> str:
        return admin_client.get("/admin/jsi18n/", headers={"accept-language": language}).content.decode()

    words = json.dumps("Đánh dấu trích dẫn")
    assert words in served("vi")
    assert words not in served("en")


# --- the theme ------------------------------------------------------------------------

THEME = Path(unfold.__file__).parent
NOT_INSTALLED = {"contrib", "unfold_crispy"}


def test_the_theme_which_has_no_catalogue_speaks_by_ours() -> None:
    told = set()
    for path in THEME.rglob("*"):
        if NOT_INSTALLED & set(path.relative_to(THEME).parts):
            continue
        if path.suffix == ".py":
            told |= set(of_python(path))
        if path.suffix == ".html":
            told |= set(of_template(path))
    with override("vi"):
        silent = {
            one for _context, one, many in told if (ngettext(one, many, 2) if many else gettext(one)) in (one, many)
        }
    assert silent == set()
