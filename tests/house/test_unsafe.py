"""What can hurt stands where somebody looked at it and said why: file, construct, how often, reason.

A new one fails, and so does a reason whose construct is gone. Who may open a connection is in `test_structure`; of
readers' pages and scripts in text the tests of the headers and of every page speak.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
Reviewed = dict[str, dict[str, tuple[int, str]]]
OF_THE_SERVER = "the server's own template, asked for at its own address; it escapes what people typed"

REVIEWED: Reviewed = {
    "articles/templatetags/reading.py": {"SafeString": (1, "the frozen text, sanitised when it was frozen")},
    "articles/templatetags/machines.py": {
        "SafeString": (1, "data in a script element, every angle bracket and ampersand escaped")
    },
    "articles/admin/review.py": {
        "csp_replace": (
            1,
            "the frame of others' words: the readers' strict policy, and only our own page may frame it",
        ),
        "xframe_options_sameorigin": (1, "the same, for browsers that ask that header"),
    },
    "articles/media.py": {"_csp_replace": (1, "pictures: nothing at all, and sandboxed")},
    "newsroom/middleware.py": {"_csp_replace": (2, "the theme's two exceptions, under /admin/ alone")},
    "newsroom/accounts/urls.py": {
        "_csp_replace": (1, "passkeys: scripts and requests of our own, on their three pages")
    },
    "newsroom/settings.py": {"noqa S105": (1, "the path of a class, no password")},
    "newsroom/views.py": {"csrf_exempt": (1, "reports of browsers, which have no token: nothing is changed by them")},
    "articles/imaging.py": {
        "subprocess": (1, "pictures are decoded in a process of their own: this very Python, no shell"),
        "noqa S603": (1, "its arguments are our own file and numbers"),
    },
    "articles/feedforms.py": {"xml": (1, "to write, not to read")},
    "articles/auditing.py": {"noqa S311": (1, "drawn by a seed that is told, so that anybody can draw again")},
    "articles/purging.py": {"noqa S310": (2, "the address is the desk's own setting, http or https")},
    "articles/baking.py": {"SQL": (2, "with the columns of one table, a constant of the file")},
    "articles/loading.py": {"SQL": (1, "Django's own, of our models")},
    "articles/models/invalidation.py": {
        "SQL": (1, "one of two constants of the file, with arguments"),
        "noqa S608": (1, "made of constants of the file"),
    },
    "articles/migrations/0013_search.py": {"SQL": (1, "constants of the file, by engine")},
    "sources/frozen.py": {
        "SQL": (9, "the triggers: from the names of our own tables and columns"),
        "noqa S608": (1, "the same"),
    },
    "newsroom/backup/restoring.py": {
        "SQL": (2, "Django's own, and the names of our own tables, quoted"),
        "noqa S608": (1, "the same"),
    },
    "newsroom/slow.py": {"SQL": (1, "hands on what was asked, as it was")},
    "newsroom/demo/bulk.py": {"noqa S311": (3, "made-up articles, the same at each run")},
    "static/js/citing.js": {"innerHTML": (1, OF_THE_SERVER)},
    "static/js/photo.js": {"innerHTML": (2, OF_THE_SERVER)},
    "static/js/prose.js": {"innerHTML": (1, OF_THE_SERVER)},
    "static/js/workings.js": {"innerHTML": (2, OF_THE_SERVER)},
}

NAMES = {
    "mark_safe", "html_safe", "__html__", "RawSQL", "csrf_exempt", "csp_exempt", "csp_replace", "csp_update",
    "_csp_replace", "_csp_exempt", "_csp_update", "xframe_options_exempt", "xframe_options_sameorigin", "eval", "exec",
    "__import__", "CERT_NONE", "_create_unverified_context", "mktemp",
}  # fmt: skip
MODULES = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "subprocess", "ctypes", "pty", "commands"}
CALLS = {"SafeString", "SafeText", "extra", "raw", "system", "popen"}  # by name or as a method
EXECUTES = {"execute", "executemany", "executescript"}
FORMATS = {"format_html": 1, "format_html_join": 2}  # so many first arguments are markup, and ours
NOQA = re.compile(r"#\s*noqa:[^#\n]*?\b(S\d+)")

TEMPLATE = {
    "safe": re.compile(r"\|\s*safe(?:seq)?\b"),
    "autoescape off": re.compile(r"autoescape\s+off"),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/ld\+json\")", re.IGNORECASE),
    "inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=|href\s*=\s*[\"']?javascript:", re.IGNORECASE),
}
SCRIPT = {
    name: re.compile(pattern)
    for name, pattern in {
        "innerHTML": r"\b(?:inner|outer)HTML\b",
        "insertAdjacentHTML": r"\binsertAdjacentHTML\b|\bcreateContextualFragment\b|HTMLUnsafe\b",
        "document.write": r"\bdocument\.write",
        "eval": r"\beval\(|\bnew Function\b|\bset(?:Timeout|Interval)\(\s*[\"'`]",
        "srcdoc": r"\bsrcdoc\b",
        "another origin": r"(?:fetch|import|Worker)\(\s*[\"'`](?:https?:)?//",
    }.items()
}


def in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                yield from (MODULES & {alias.name.split(".")[0] for alias in names})
            case ast.ImportFrom(module=str(module), names=names):
                yield from (MODULES & {module.split(".")[0]})
                yield from (alias.name for alias in names if alias.asname and alias.name in {*NAMES, *CALLS, *FORMATS})
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.FunctionDef(name=name) if name in NAMES:
                yield name
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                constant = [isinstance(each, ast.Constant) for each in node.args]
                if name in CALLS:
                    yield name
                if name in EXECUTES and constant and not constant[0]:
                    yield "SQL"
                if name in FORMATS and not all(constant[: FORMATS[name]]):
                    yield name
            case ast.keyword(arg="shell", value=value) if not (isinstance(value, ast.Constant) and not value.value):
                yield "shell"
            case ast.keyword(arg="verify" | "check_hostname", value=ast.Constant(value=False)):
                yield "verify=False"
        if isinstance(node, ast.Constant) and node.value in NAMES:
            yield str(node.value)  # by getattr, setattr, hasattr
    yield from (f"noqa {rule}" for rule in NOQA.findall(text))


def in_text(text: str, patterns: dict[str, re.Pattern[str]]) -> Iterator[str]:
    yield from (name for name, pattern in patterns.items() for _hit in pattern.findall(text))


def constructs(path: Path) -> Counter[str]:
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return Counter(in_python(text))
    return Counter(in_text(text, SCRIPT if path.suffix == ".js" else TEMPLATE))


def test_whatever_can_hurt_was_looked_at_and_nothing_is_listed_that_is_gone() -> None:
    found = {}
    for folder in ("newsroom", "articles", "sources", "templates", "static/js"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".js", ".html", ".xml", ".txt"} and (there := constructs(path)):
                found[str(path.relative_to(ROOT))] = dict(there)
    assert found == {path: {name: count for name, (count, _why) in of.items()} for path, of in REVIEWED.items()}


@pytest.mark.parametrize(
    ("line", "construct"),
    [
        ("x = mark_safe(y)", "mark_safe"),
        ("safestring.mark_safe(y)", "mark_safe"),
        ("from django.utils.safestring import mark_safe as m", "mark_safe"),
        ("SafeString(y)", "SafeString"),
        ("class A:\n    def __html__(self): ...", "__html__"),
        ("format_html(f'<b>{x}</b>')", "format_html"),
        ("format_html('<b>' + x)", "format_html"),
        ("format_html_join('', rows, x)", "format_html_join"),
        ("Article.objects.extra(where=[x])", "extra"),
        ("Article.objects.raw(x)", "raw"),
        ("RawSQL(x, [])", "RawSQL"),
        ("cursor.execute(f'SELECT {x}')", "SQL"),
        ("cursor.execute('SELECT %s' % x)", "SQL"),
        ("cursor.execute(sql)", "SQL"),
        ("eval(x)", "eval"),
        ("exec(x)", "exec"),
        ("from pickle import loads", "pickle"),
        ("import yaml", "yaml"),
        ("import xml.etree.ElementTree as E", "xml"),
        ("import subprocess", "subprocess"),
        ("run(x, shell=True)", "shell"),
        ("run(x, shell=y)", "shell"),
        ("os.system(x)", "system"),
        ("@csrf_exempt\ndef view(): ...", "csrf_exempt"),
        ("get(x, verify=False)", "verify=False"),
        ("context.verify_mode = ssl.CERT_NONE", "CERT_NONE"),
        ("setattr(response, '_csp_exempt', True)", "_csp_exempt"),
        ("run(x)  # noqa: S603", "noqa S603"),
        ("run(x)  # noqa: E501, S603", "noqa S603"),
    ],
)
def test_it_is_seen_in_python(line: str, construct: str) -> None:
    assert construct in list(in_python(line))


@pytest.mark.parametrize(
    "line",
    [
        "format_html('<b>{}</b>', x)",
        "cursor.execute('SELECT 1')",
        "run(x, shell=False)",
        "def text() -> SafeString: ...",
        "get(x, verify=True)",
        "x = 1  # noqa: E501",
    ],
)
def test_what_cannot_hurt_is_let_be(line: str) -> None:
    assert list(in_python(line)) == []


@pytest.mark.parametrize(
    ("line", "construct"),
    [
        ("{{ x|safe }}", "safe"),
        ("{{ x|upper| safe }}", "safe"),
        ("{% for x in y|safeseq %}", "safe"),
        ("{% autoescape off %}", "autoescape off"),
        ("<script>x()</script>", "inline script"),
        ('<script type="module">x()</script>', "inline script"),
        ('<p style="color: red">', "inline style"),
        ('<body onload="x()">', "inline handler"),
        ("<a href='javascript:x()'>", "inline handler"),
    ],
)
def test_it_is_seen_in_a_template(line: str, construct: str) -> None:
    assert list(in_text(line, TEMPLATE)) == [construct]


@pytest.mark.parametrize(
    ("line", "construct"),
    [
        ("x.innerHTML = y", "innerHTML"),
        ("x.outerHTML += y", "innerHTML"),
        ("x.insertAdjacentHTML('beforeend', y)", "insertAdjacentHTML"),
        ("x.setHTMLUnsafe(y)", "insertAdjacentHTML"),
        ("document.write(y)", "document.write"),
        ("eval(y)", "eval"),
        ("new Function('a', y)", "eval"),
        ("setTimeout('x()', 1)", "eval"),
        ("frame.srcdoc = y", "srcdoc"),
        ("fetch('https://example.org/')", "another origin"),
    ],
)
def test_it_is_seen_in_a_script(line: str, construct: str) -> None:
    assert list(in_text(line, SCRIPT)) == [construct]
