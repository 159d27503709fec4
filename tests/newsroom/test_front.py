"""The door, and the two pages that stand where a page should be. None of them asks the database."""

import errno
import re
import runpy
from pathlib import Path
from typing import Any, NoReturn

import pytest
import time_machine
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.utils.translation import gettext, override

from articles.views import article
from articles.views import lists as views

PAGES = {  # heading and sentence of the page that is not there, and of the one that failed
    404: (
        "Page not found",
        "There is no page at this address. It may have been mistyped, or the article is not published.",
    ),
    500: ("Something went wrong", "The fault is ours and has been recorded. Please try again in a few minutes."),
}


@pytest.mark.parametrize(
    ("accept", "home"),
    [
        ("vi", "/vi/"),
        ("en", "/en/"),
        ("en-GB,en;q=0.9", "/en/"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "/vi/"),
        ("fr;q=1, en;q=0.5, vi;q=0.4", "/en/"),
        ("en;q=0.4, vi;q=0.5", "/vi/"),
        ("fr", "/vi/"),
        ("*", "/vi/"),
        ("", "/vi/"),
        ("e" * 5000, "/vi/"),
        ("//evil.example", "/vi/"),
    ],
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_the_door_leads_to_the_home_in_the_readers_language(
    client: Client, accept: str, home: str, method: str
) -> None:
    response = getattr(client, method)("/", headers={"accept-language": accept})
    assert (response.status_code, response["Location"]) == (302, home)
    assert {"Accept-Language", "Cookie"} <= {*response["Vary"].split(", ")}
    assert response.cookies == {}


def test_who_says_nothing_of_languages_comes_to_the_first(client: Client) -> None:
    assert client.get("/")["Location"] == "/vi/"


@pytest.mark.parametrize("path", ["/?next=//evil.example", "/?lang=en"])
def test_the_door_takes_no_directions(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == "/vi/"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_door_is_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)("/").status_code == 405


def said(response: object) -> tuple[str, str, str, list[str]]:
    """Language, title, heading and sentences of a page."""
    html = response.content.decode()  # type: ignore[attr-defined]
    [language] = re.findall(r'<html lang="(\w+)">', html)
    [title] = re.findall(r"<title>(.*)</title>", html)
    [main] = re.findall(r'<main id="main" tabindex="-1">(.*)</main>', html, re.DOTALL)
    [heading] = re.findall(r"<h1>(.*)</h1>", main)
    return language, title, heading, re.findall(r"<p>(.*)</p>", main)


def expected(status: int, language: str) -> tuple[str, str, str, list[str]]:
    with override(language):
        heading, sentence = (gettext(words) for words in PAGES[status])
        latest = f'<a href="/{language}/">{gettext("To the latest articles")}</a>'
    return language, f"{heading} · Newsroom", heading, [sentence, latest]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("accept", ["vi", "en", "fr"])
@pytest.mark.parametrize("path", ["nothing/", "articles/", "articles/a b/", "articles/a/nothing/", "%00/", "<b>/"])
def test_what_is_not_there_is_said_in_the_language_of_the_address(
    client: Client, language: str, accept: str, path: str
) -> None:
    response = client.get(f"/{language}/{path}", headers={"accept-language": accept})
    assert response.status_code == 404
    assert response["Content-Language"] == language
    assert said(response) == expected(404, language)
    assert '<meta name="robots" content="noindex">' in response.content.decode()


@pytest.mark.parametrize(("accept", "language"), [("vi", "vi"), ("en", "en"), ("fr", "vi")])
def test_outside_the_languages_the_readers_own_is_spoken(client: Client, accept: str, language: str) -> None:
    response = client.get("/wp-login.php", headers={"accept-language": accept})
    assert response.status_code == 404
    assert said(response) == expected(404, language)
    assert "Accept-Language" in response["Vary"]


def test_a_page_that_is_not_there_repeats_nothing_of_its_address(client: Client) -> None:
    assert len({client.get(path).content for path in ("/en/one/", "/en/<script>/", '/en/"onx="/?q=<b>')}) == 1


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("secret"), 500),
        (MemoryError(), 500),
        (PermissionError(errno.EPERM, "secret"), 500),
        (OperationalError("secret"), 503),
        (InterfaceError("secret"), 503),
        (OSError(errno.ENOSPC, "secret"), 503),
    ],
)
def test_a_failure_is_said_in_the_language_of_the_address_without_the_database_and_as_passing_where_it_is(
    language: str, error: Exception, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        @property
        def objects(self) -> NoReturn:
            raise error

    for module in (views, article):
        monkeypatch.setattr(module, "Publication", Broken())
    client = Client(raise_request_exception=False)
    [other] = {"vi", "en"} - {language}
    for path in ("", "articles/any/"):
        response = client.get(f"/{language}/{path}", headers={"accept-language": other})
        assert (response.status_code, "Retry-After" in response) == (status, status == 503)
        assert said(response) == expected(500, language)
        assert "secret" not in response.content.decode()
        assert '<meta name="robots" content="noindex">' in response.content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("status", [404, 500])
def test_both_pages_carry_the_frame_of_every_other(language: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if status == 500:
        monkeypatch.delattr(views.Publication, "objects")
    path = "articles/any/" if status == 500 else "nothing/"
    html = Client(raise_request_exception=False).get(f"/{language}/{path}").content.decode()
    with override(language):
        assert f'<a class="skip-link" href="#main">{gettext("Skip to main content")}</a>' in html
    assert f'<a class="name" href="/{language}/">Newsroom</a>' in html
    for code, name in (("vi", "Tiếng Việt"), ("en", "English")):
        current = ' aria-current="true"' if code == language else ""
        assert f'<a href="/{code}/" lang="{code}" hreflang="{code}"{current}>{name}</a>' in html
    assert '<footer class="site-footer">' in html
    assert f'<form method="get" action="/{language}/search/" class="search" role="search">' in html


# --- what machines are told at the door --------------------------------------------------------------


def test_robots_may_read_all_but_the_desk_and_what_was_handed_out(client: Client) -> None:
    response = client.get("/robots.txt")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /vi/preview/",
        "Disallow: /en/preview/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
        "Sitemap: http://testserver/news-sitemap.xml",
    ]
    assert client.post("/robots.txt").status_code == 405


def test_who_finds_a_hole_is_told_where_to_say_so_for_less_than_a_year(client: Client, settings: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.NEWSROOM_SECURITY_CONTACT = "mailto:security@desk.example.org"
    with time_machine.travel("2026-11-26T23:30:00+07:00", tick=False):
        response = client.get("/.well-known/security.txt")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert response.content.decode().splitlines() == [
        "Contact: mailto:security@desk.example.org",
        "Expires: 2027-11-26T00:00:00Z",
        "Preferred-Languages: vi, en",
        "Canonical: http://testserver/.well-known/security.txt",
    ]
    assert client.post("/.well-known/security.txt").status_code == 405


@pytest.mark.parametrize("contact", ["security@desk.example.org", "http://desk.example.org/", "javascript:x"])
def test_a_contact_that_is_no_address_is_told_at_the_start(contact: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSROOM_SECURITY_CONTACT", contact)
    with pytest.raises(ImproperlyConfigured, match="starts with https:// or mailto:"):
        runpy.run_path(str(Path(site.BASE_DIR, "newsroom", "settings.py")))
