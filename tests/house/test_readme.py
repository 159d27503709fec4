"""What the README promises is what the code does."""

import ast
import re
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from articles.states import MOVES

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text("utf-8")


def table_of_moves() -> list[str]:
    with override("en"):
        return [
            f"| {move.label} | {rule.start.label} | {rule.end.label} | {rule.role.label}"
            f" | {'required' if rule.note_required else '–'} | {rule.refused or '–'} |"
            for move, rule in MOVES.items()
        ]


def test_the_readme_prints_the_table_of_moves() -> None:
    rows = re.findall(r"^\| (?!move|---).* \|$", README.split("## The moves")[1].split("\n## ")[0], re.MULTILINE)
    assert rows == table_of_moves()


PROMISE = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def there_are(path: str) -> set[str]:
    return {node.name for node in ast.parse((ROOT / path).read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def test_each_promise_names_tests_that_there_are() -> None:
    promises = PROMISE.findall(README.split("## The promises")[1].split("\n## ")[0])
    assert [int(number) for number, _tests in promises] == list(range(1, 12))
    for number, held_by in promises:
        named = NAMED.findall(held_by)
        assert [f"`{path}::{name}`" for path, name in named] == held_by.split("<br>"), number
        assert [name for path, name in named if name not in there_are(path)] == [], number


def test_the_readme_names_the_commands_of_the_makefile() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z]+)`", README)) <= set(targets)


def test_the_top_level_keeps_its_shape() -> None:
    kept = {"manage.py", "pyproject.toml", "newsroom", "articles", "sources", "templates", "static", "tests"}
    usual = {
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "Makefile",
        "Containerfile",
        "compose.yaml",
    }
    made = {"var", "staticfiles", "media"}
    there = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".lock"}
    assert there - made == kept | usual


def test_the_lock_files_carry_hashes_and_no_addresses() -> None:
    for path in ROOT.glob("*.lock"):
        text = path.read_text("utf-8")
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9-]+==[^\s]+", text, re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)
