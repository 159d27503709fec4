"""trust.txt: the desk's lines as its specification wants them, and what the desk knows of itself."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from newsroom import trust

OWN = [
    *(
        f"disclosure=http://testserver/{code}/{page}/"
        for code in ("vi", "en")
        for page in ("confidence", "about/ownership", "about/corrections-policy", "about/unnamed-sources")
    ),
    *(f"contact=http://testserver/{code}/about/contact/" for code in ("vi", "en")),
]


def test_a_desk_that_set_nothing_still_says_what_it_knows_of_itself(client: Client) -> None:
    response = client.get("/trust.txt")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert response.content.decode().splitlines() == OWN
    assert client.post("/trust.txt").status_code == 405


def test_the_lines_of_the_desk_come_first_and_the_security_contact_last(client: Client, settings: Any) -> None:
    settings.NEWSROOM_TRUST = ["belongto=https://club.example/", "datatrainingallowed=no"]
    settings.NEWSROOM_SECURITY_CONTACT = "mailto:security@desk.example.org"
    lines = client.get("/trust.txt").content.decode().splitlines()
    assert lines == [
        "belongto=https://club.example/",
        "datatrainingallowed=no",
        *OWN,
        "contact=mailto:security@desk.example.org",
    ]
    assert trust.checked(lines) == lines


@pytest.mark.parametrize(
    "line",
    [
        *(f"{name}=https://example.org/" for name in trust.ADDRESSED),
        "social=https://social.example/@desk?lang=vi",
        "member=http://example.org:8080",
        "contact=mailto:desk@example.org",
        "contact=+84 24 0000 0000",
        "datatrainingallowed=yes",
        "datatrainingallowed=no",
    ],
)
def test_what_the_specification_has_is_kept(line: str) -> None:
    assert trust.checked([f"  {line} ", ""]) == [line]


WRONG = {
    "member": "a line is one of",
    "friend=https://example.org/": "a line is one of",
    "Member=https://example.org/": "a line is one of",
    "=https://example.org/": "a line is one of",
    "# a comment": "a line is one of",
    "member=example.org": "takes an address",
    "member=": "takes an address",
    "member= https://example.org/": "takes an address",
    "social=https://example.org/a b": "takes an address",
    "social=https://example.org/\nmember=https://evil.example/": "takes an address",
    "control=javascript:alert(1)": "takes an address",
    "vendor=https://đ.example/": "takes an address",
    "contact=": "words on one line",
    "contact=a\nmember=https://evil.example/": "words on one line",
    "datatrainingallowed=maybe": "takes yes or no",
    "datatrainingallowed=Yes": "takes yes or no",
}


@pytest.mark.parametrize(("line", "why"), WRONG.items())
def test_what_it_has_not_is_refused_with_a_sentence(line: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        trust.checked([line])


def test_whether_machines_may_learn_from_it_is_said_once() -> None:
    with pytest.raises(ValueError, match="said once"):
        trust.checked(["datatrainingallowed=no", "datatrainingallowed=no"])


@given(st.lists(st.text()))
def test_whatever_is_kept_is_a_line_of_the_grammar(lines: list[str]) -> None:
    try:
        kept = trust.checked(lines)
    except ValueError:
        return
    assert all(re.fullmatch(rf"({'|'.join(trust.ATTRIBUTES)})=[^\n\r]+", line) for line in kept)


def settings_with(monkeypatch: pytest.MonkeyPatch, lines: str) -> dict[str, Any]:
    monkeypatch.setenv("NEWSROOM_TRUST", lines)
    return runpy.run_path(str(Path(site.BASE_DIR, "newsroom", "settings.py")))


def test_the_setting_is_read_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    made = settings_with(monkeypatch, "member=https://a.example/, datatrainingallowed=no")
    assert made["NEWSROOM_TRUST"] == ["member=https://a.example/", "datatrainingallowed=no"]
    assert settings_with(monkeypatch, "")["NEWSROOM_TRUST"] == []


def test_a_line_that_is_none_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^NEWSROOM_TRUST: member= takes an address"):
        settings_with(monkeypatch, "member=a.example")
