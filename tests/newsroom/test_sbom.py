"""The list of what the desk is made of says what the lock files say."""

import json
import re
import subprocess
import sys
from email import message_from_string
from pathlib import Path

import pytest
from django.conf import settings

from newsroom import sbom

ROOT = Path(settings.BASE_DIR)


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([^\s=]+)==([^\s;]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))


def test_every_pin_is_in_it_with_each_hash_and_what_it_is_for() -> None:
    bill = sbom.bill()
    found = {each["name"]: each for each in bill["components"]}
    scopes = {name: scope for lock, scope in reversed(sbom.LOCKS.items()) for name in pins(lock)}
    assert {name: each["scope"] for name, each in found.items()} == scopes
    for lock in sbom.LOCKS:
        assert {name: found[name]["version"] for name in pins(lock)} == pins(lock)
    hashes = [each["content"] for one in found.values() for each in one["externalReferences"][0]["hashes"]]
    locked = set(re.findall(r"sha256:(\w+)", "".join((ROOT / lock).read_text("utf-8") for lock in sbom.LOCKS)))
    assert len(hashes) == len(set(hashes))
    assert set(hashes) == locked


def test_it_says_who_needs_whom() -> None:
    needs = {each["ref"]: each["dependsOn"] for each in sbom.bill()["dependencies"]}
    assert needs["django"] == ["asgiref", "sqlparse", "tzdata"]
    assert {"django", "pillow", "ruff", "django-storages"} <= set(needs["newsroom"])
    assert set().union(*needs.values()) | {"newsroom"} == set(needs)  # everything is there for something


@pytest.mark.parametrize(
    ("said", "licences"),
    [
        (
            "License-Expression: MIT OR Apache-2.0\nClassifier: License :: OSI Approved",
            [{"expression": "MIT OR Apache-2.0"}],
        ),
        ("License: MIT\nClassifier: License :: OSI Approved :: MIT License", [{"license": {"name": "MIT License"}}]),
        ("License: BSD-3-Clause", [{"license": {"name": "BSD-3-Clause"}}]),
        ("License: MIT\n        Permission is granted", []),
        ("Name: django", []),
    ],
)
def test_a_licence_is_what_the_package_says(
    said: str, licences: list[sbom.Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sbom, "metadata", lambda name: message_from_string(said))
    assert {str(each.get("licenses", [])) for each in sbom.bill()["components"]} == {str(licences)}


def test_what_runs_here_says_its_licence() -> None:
    needless = {"async-timeout", "colorama", "tzdata"}  # on this Python and system
    silent = {each["name"] for each in sbom.bill()["components"] if "licenses" not in each}
    assert silent & set(pins("requirements.lock")) <= needless


def test_the_same_again_is_the_same_bytes() -> None:
    said = [
        subprocess.run([sys.executable, "-m", "newsroom.sbom"], cwd=ROOT, capture_output=True, check=True).stdout
        for _time in range(2)
    ]
    assert said[0] == said[1]
    assert json.loads(said[0]) == sbom.bill()
