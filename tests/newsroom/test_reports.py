"""What browsers report of our pages: told in the log as one line, bounded, and kept nowhere."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from newsroom import reports
from newsroom.logs import JsonLines

OLD, NEW = reports.TYPES
VIOLATION = {
    "document-uri": "https://desk.example.org/en/articles/a/?q=what+was+searched#there",
    "referrer": "https://elsewhere.example/?secret",
    "effective-directive": "script-src-elem",
    "original-policy": "default-src 'none'",
    "blocked-uri": "https://evil.example/x.js?a=b",
    "source-file": "https://desk.example.org/en/articles/a/",
    "line-number": 7,
    "script-sample": "alert(1)",
}
NEWER = {
    "documentURL": VIOLATION["document-uri"],
    "effectiveDirective": "script-src-elem",
    "blockedURL": VIOLATION["blocked-uri"],
    "sourceFile": VIOLATION["source-file"],
    "lineNumber": 7,
}
LINE = {
    "page": "https://desk.example.org/en/articles/a/",
    "directive": "script-src-elem",
    "blocked": "https://evil.example/x.js",
    "source": "https://desk.example.org/en/articles/a/",
    "line": "7",
}


@pytest.fixture(autouse=True)
def a_new_minute(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(reports, "lines", reports.Told())
    return None


def sent(body: object, content_type: str = OLD, **more: Any) -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = Client(enforce_csrf_checks=True).post("/policy-report", raw, content_type=content_type, **more)
    assert response.cookies == {}
    assert "no-store" in response["Cache-Control"]
    return response


def said(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    prefix = "the policy was reported: "
    messages = [record.getMessage() for record in caplog.records if record.name == "newsroom.reports"]
    return [json.loads(message.removeprefix(prefix)) for message in messages if message.startswith(prefix)]


def test_pages_of_readers_and_of_the_desk_say_where_to_report(client: Client) -> None:
    for path in ("/en/nothing/", "/admin/login/"):
        assert f"report-uri {reverse('policy-report')}" in client.get(path)["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (OLD, {"csp-report": VIOLATION}),
        (f"{OLD}; charset=utf-8", {"csp-report": VIOLATION}),
        (NEW, [{"type": "csp-violation", "age": 1, "url": "x", "body": NEWER}]),
    ],
)
def test_a_report_of_either_form_is_a_line_without_what_was_searched_for_and_without_a_row(
    content_type: str, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    """No mark by which a test may ask the database."""
    response = sent(body, content_type)
    assert (response.status_code, response.content) == (204, b"")
    assert said(caplog) == [LINE]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (OLD, b""),
        (OLD, b"\xff"),
        (OLD, b"{"),
        (OLD, b"[" * reports.LARGEST),
        (OLD, b'{"csp-report": ' * 500),
        (OLD, []),
        (OLD, {"csp-report": "x"}),
        (OLD, {"csp-report": {"blocked-uri": "https://[x/"}}),
        (OLD, [{"type": "csp-violation", "body": NEWER}]),
        (NEW, {"csp-report": VIOLATION}),
        (NEW, ["x"]),
        (NEW, [{"type": "csp-violation"}]),
        (NEW, [{"type": "csp-violation", "body": "x"}]),
        ("application/json", {"csp-report": VIOLATION}),
        ("text/plain", {"csp-report": VIOLATION}),
        ("application/x-www-form-urlencoded", b"csp-report=x"),
        ("multipart/form-data; boundary=x", b"--x--"),
    ],
)
def test_what_is_no_report_is_refused_and_not_told(
    content_type: str, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert sent(body, content_type).status_code == 400
    assert said(caplog) == []


def test_more_than_eight_kilobytes_are_refused_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    empty = len(json.dumps({"csp-report": {"line-number": 1, "x": ""}}))
    for length, status in ((reports.LARGEST, 204), (reports.LARGEST + 1, 400)):
        body = json.dumps({"csp-report": {"line-number": 1, "x": "y" * (length - empty)}}).encode()
        assert (len(body), sent(body).status_code) == (length, status)
    assert len(said(caplog)) == 1


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_it_is_sent_alone(method: str) -> None:
    assert getattr(Client(), method)("/policy-report").status_code == 405


def test_nobody_writes_a_line_of_their_own_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    hostile = "a\r\nERROR forged\x1b[31m\x00\x7f\u2028\u202e"
    sent({"csp-report": dict.fromkeys(VIOLATION, hostile)})
    [record] = [each for each in caplog.records if each.name == "newsroom.reports"]
    for line in (logging.Formatter().format(record), JsonLines().format(record)):
        assert line.isascii()
        assert line.isprintable()


def test_what_opens_a_preview_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    sent({"csp-report": VIOLATION | {"document-uri": "https://me:pw@desk.example.org/en/preview/0a1b:2c3d/"}})
    assert said(caplog)[0]["page"] == "https://desk.example.org/en/preview/…/"


@pytest.mark.parametrize("name", ["blocked-uri", "source-file"])
def test_what_a_reader_added_to_the_browser_is_not_told(name: str, caplog: pytest.LogCaptureFixture) -> None:
    assert sent({"csp-report": VIOLATION | {name: "chrome-extension://abc/x.js"}}).status_code == 204
    assert said(caplog) == []


def test_so_many_are_told_in_a_minute_and_the_others_counted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("newsroom.reports.time.monotonic", lambda: now)
    for _time in range(4):
        assert sent([{"type": "csp-violation", "body": NEWER}] * 20, NEW).status_code == 204
    assert len(said(caplog)) == reports.A_MINUTE
    now += 60
    sent({"csp-report": VIOLATION})
    assert len(said(caplog)) == reports.A_MINUTE + 1
    assert "reported 10 times more" in caplog.text


@given(st.binary(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_whatever_is_sent_is_told_or_refused(body: object) -> None:
    for content_type in reports.TYPES:
        raw = body if isinstance(body, bytes) else json.dumps({"csp-report": {"blocked-uri": body}}).encode()
        try:
            found = reports.told(content_type, raw)
        except reports.Unread:
            continue
        assert all(set(report) == set(LINE) for report in found)
