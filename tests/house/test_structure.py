"""The house itself: who may import whom, who writes state, which names the framework listens to."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin, ModelAdmin
from django.contrib.auth.admin import UserAdmin
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from unfold.admin import ModelAdmin as ThemedAdmin
from unfold.admin import StackedInline

from articles import feedforms

ROOT = Path(settings.BASE_DIR)
PURE = [
    "confidence",
    "cautions",
    "states",
    "kinds",
    "digest",
    "diff",
    "completeness",
    "reading",
    "revisions",
    "readtime",
    "cleaning",
    "outdated",
    "coverage",
    "aligning",
    "merging",
    "likeness",
    "quoting",
    "method",
    "linkhealth",
    "calibration",
    "fitting",
    "verdicts",
    "pixels",
    "terms",
    "structured",
    "drawing",
]
MAY_IMPORT = {
    "django.core.exceptions": {"ValidationError"},
    "django.db.models": {"TextChoices"},
    "django.utils.functional": {"Promise"},
    "django.utils.translation": {"gettext", "gettext_lazy", "pgettext_lazy"},
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for app in ("newsroom", "articles", "sources"):
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_ask_for_no_query_clock_setting_or_request(name: str) -> None:
    tree = ast.parse((ROOT / "articles" / f"{name}.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"):
            assert {alias.name for alias in node.names} <= MAY_IMPORT.get(node.module or "", set())
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("django") for alias in node.names)
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"now", "today", "objects"}


# Whoever writes a row of state writes it in the workflow: by any other name it is a side door.
STATE = {"Publication", "ReviewStatus", "Version", "Verification", "Address", "Schedule", "Correction"}
OTHERS = {
    "articles/models/version.py": {"VersionPhoto", "VersionSource"},
    "articles/models/article.py": {"ArticlePhoto"},
    "articles/searching.py": {"SearchEntry", "SearchWords"},
    "articles/remarks.py": {"Remark"},
    "articles/linking.py": {"Link"},
    "articles/picturing.py": {"PhotoFile", "Rendition"},
    "articles/judging.py": {"Verdict"},
    "articles/auditing.py": {"Audit"},
    "articles/previewing.py": {"PreviewLink", "PreviewOpening"},
    "articles/notifications.py": {"Notification", "NotificationChoice"},
    "articles/purging.py": {"Invalidation"},
}
WRITES = {
    "index",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "update",
    "append",
    "save",
}


def writers(models: set[str]) -> set[str]:
    """Every file that calls a writing method on `<one of these>.objects…`, or on a row built in place."""
    found = set()
    for path, tree in sources():
        if "migrations" in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                chain = ast.unparse(node.func.value)
                if any(re.match(rf"{model}\b", chain) for model in models):
                    found.add(str(path))
    return found


def test_the_workflow_is_the_sole_writer_of_state() -> None:
    assert writers(STATE) == {"articles/workflow.py"}


@pytest.mark.parametrize(("path", "models"), OTHERS.items())
def test_what_stands_beside_the_moves_has_one_writer_each(path: str, models: set[str]) -> None:
    assert writers(models) == {path}


def test_no_signal_is_received_and_nothing_is_called_utils() -> None:
    for path, tree in sources():
        assert path.stem not in {"utils", "helpers", "common", "misc"}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert "signals" not in (node.module or ""), path


def known_names(*bases: type) -> set[str]:
    return {name for base in bases for name in dir(base)}


ADMIN_NAMES = known_names(ModelAdmin, ThemedAdmin, UserAdmin)
INLINE_NAMES = known_names(InlineModelAdmin, StackedInline) | {"template_before"}  # the theme asks in its template


def unknown_hooks(kind: type, known: set[str]) -> set[str]:
    """Public names of our own admin classes that the framework never asks for: a misspelt hook is dead silently."""
    own: set[str] = set()
    for base in kind.__mro__:
        if base.__module__.split(".")[0] in {"articles", "sources", "newsroom"}:
            own |= {name for name in vars(base) if not name.startswith("_")}
    return own - known


@pytest.mark.parametrize("registered", admin.site._registry.values(), ids=lambda a: type(a).__name__)
def test_admin_classes_carry_no_dead_hooks(registered: ModelAdmin) -> None:
    kind = type(registered)
    if kind.__module__.split(".")[0] not in {"articles", "sources", "newsroom"}:
        return  # a class of a library
    named = (*registered.list_display, *registered.readonly_fields, *(registered.actions or ()))
    columns = {name for name in named if isinstance(name, str)}
    views = {
        node.attr
        for base in kind.__mro__
        if base.__module__.split(".")[0] in {"articles", "sources", "newsroom"}
        for node in ast.walk(ast.parse((ROOT / f"{base.__module__.replace('.', '/')}.py").read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    }
    assert unknown_hooks(kind, ADMIN_NAMES | columns | views) == set()
    for inline in registered.inlines:
        assert unknown_hooks(inline, INLINE_NAMES) == set()


@pytest.mark.parametrize("kind", [feedforms.Atom, feedforms.Rss, feedforms.Json], ids=lambda kind: kind.__name__)
def test_feed_classes_carry_no_dead_hooks(kind: type) -> None:
    assert unknown_hooks(kind, known_names(SyndicationFeed, Atom1Feed, Rss201rev2Feed)) == set()


# --- who speaks to strangers -------------------------------------------------------------------------

CONNECTING = {
    "socket", "socketserver", "ssl", "asyncio", "selectors", "http.client", "http.server", "urllib.request", "ftplib",
    "poplib", "imaplib", "smtplib", "telnetlib", "nntplib", "xmlrpc.client", "urllib3", "requests", "httpx", "httplib2",
    "aiohttp", "pycurl", "websockets", "websocket", "paramiko", "importlib",
    "storages", "boto3", "botocore", "s3transfer",
}  # fmt: skip


def imported(tree: ast.Module) -> set[str]:
    """Every module that a file names in an import, with what is taken from it, as it might be a module too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "__import__":
            found.add("importlib")
    return found


def connects(name: str) -> bool:
    if name.startswith("importlib.metadata"):
        return False  # reads what is installed
    return any(name == module or name.startswith(module + ".") for module in CONNECTING)


def test_only_the_guarded_fetcher_can_open_a_connection_and_who_tells_the_desks_own_edge() -> None:
    able = {str(path): names for path, tree in sources() if (names := set(filter(connects, imported(tree))))}
    assert set(able) == {"sources/fetching.py", "articles/purging.py", "newsroom/storage.py"}
    assert able["newsroom/storage.py"] == {
        "storages",
        "botocore.config",
        "botocore.config.Config",
    }  # told where, no more
    assert "socket" in able["sources/fetching.py"]


@pytest.mark.parametrize(
    "line",
    ["import socket", "import os, ssl", "from urllib import request", "from urllib.request import urlopen",
     "import http.client", "from http import client", "import httpx as h", "def f():\n    import aiohttp.client",
     "__import__('socket')"],
)  # fmt: skip
def test_a_way_to_connect_is_seen_however_it_is_imported(line: str) -> None:
    assert any(map(connects, imported(ast.parse(line))))


def test_it_fetches_in_the_worker_and_by_command_never_while_somebody_waits_for_a_page() -> None:
    fetching = {str(path) for path, tree in sources() if "sources.fetching.Fetcher" in imported(tree)}
    assert fetching == {f"articles/management/commands/{name}.py" for name in ("check_links", "tick")}


@pytest.mark.parametrize(
    "line",
    [
        "from urllib.parse import urlsplit",
        "from http import HTTPStatus",
        "from . import socket",
        "from importlib.metadata import metadata",
    ],
)
def test_what_cannot_connect_is_let_be(line: str) -> None:
    assert not any(map(connects, imported(ast.parse(line))))
