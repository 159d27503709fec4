"""What MDN's HTTP Observatory would say of a public page and of the login, by its published scoring (algorithm 4).

Its own scanner asks port 443 of a host by name, and for the browsers' preload list first, so it is reckoned here: each
rule gives or takes points from 100; what is given counts only where 90 are left without it; from 100 on it is A+.
"""

import re
from dataclasses import dataclass
from http.cookies import Morsel
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client, override_settings

from tests import factories
from tests.factories import Desk
from tests.newsroom.test_headers import policy, served_over

BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
UNSAFE = BROAD | {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIX_MONTHS = 15768000
HOST = "https://testserver"


@dataclass
class Seen:
    """The page by HTTPS, the answer to a preflight of another origin, and where plain HTTP led."""

    page: HttpResponse
    preflight: HttpResponse
    plain: HttpResponse

    def marks(self) -> dict[str, int]:
        return {
            "csp": self.csp(),
            "cookies": min(map(cookie, self.page.cookies.values()), default=0),
            "cors": -50 if "Access-Control-Allow-Credentials" in self.preflight else 0,
            "redirection": 0 if self.plain.get("Location", "").startswith(f"{HOST}/") else -20,
            "referrer": 5 if self.page["Referrer-Policy"] in PRIVATE else -5,
            "hsts": self.hsts(),
            "scripts": self.scripts(),
            "sniffing": 0 if self.page.get("X-Content-Type-Options") == "nosniff" else -5,
            "framing": 5 if "frame-ancestors" in policy(self.page) else -20,
            "corp": 10 if self.page.get("Cross-Origin-Resource-Policy") in {"same-site", "same-origin"} else 0,
        }

    def csp(self) -> int:
        if "Content-Security-Policy" not in self.page:
            return -25
        directives = {name: set(values.split()) for name, values in policy(self.page).items()}
        script, style, of_object = (
            directives.get(f"{kind}-src", directives.get("default-src", {"*"}))
            for kind in ("script", "style", "object")
        )
        for sources in (script, style):
            if any(re.match(r"'(nonce|sha(256|384|512))-", source) for source in sources):
                sources.discard("'unsafe-inline'")
        if script & UNSAFE or of_object & BROAD:
            return -20
        active = (values for name, values in directives.items() if name not in {"img-src", "media-src"})
        if any(source.startswith(("http:", "ftp:")) for values in active for source in values):
            return -20
        if "'unsafe-eval'" in script | style or any(
            source.startswith(("http:", "ftp:")) for source in directives.get("img-src", set())
        ):
            return -10
        if style & UNSAFE:
            return 0
        return 10 if directives.get("default-src") == {"'none'"} else 5

    def hsts(self) -> int:
        found = re.search(r"max-age=(\d+)", self.page.get("Strict-Transport-Security", ""))
        return -20 if not found else 0 if int(found[1]) >= SIX_MONTHS else -10

    def scripts(self) -> int:
        """All of this very site, or none."""
        named = re.findall(r"<script[^>]*\ssrc=[\"']?([^\"'\s>]+)", self.page.content.decode())
        return -50 if any(re.match(r"(https?:)?//", source) for source in named) else 0

    def grade(self) -> str:
        marks = self.marks().values()
        taken = 100 + sum(mark for mark in marks if mark < 0)
        score = 100 + sum(marks) if taken >= 90 else taken
        return "A+" if score >= 100 else f"below A+: {self.marks()}"


def cookie(set_: "Morsel[str]") -> int:
    """5 where it travels by HTTPS alone and not with what other sites ask, and a session's not to scripts."""
    if not set_["secure"]:
        return -40 if "sess" in set_.key else -20
    if "sess" in set_.key and not set_["httponly"]:
        return -30
    return 5 if set_["samesite"] in {"Lax", "Strict"} else -20 if "csrf" in set_.key else 0


def seen(path: str, monkeypatch: pytest.MonkeyPatch, **other: Any) -> Seen:
    """With the settings of a deployment."""
    with override_settings(**served_over(monkeypatch, "1") | other):
        client = Client()
        return Seen(
            client.get(path, secure=True),
            client.options(
                path,
                secure=True,
                headers={"origin": "https://elsewhere.example", "access-control-request-method": "GET"},
            ),
            client.get(path),
        )


@pytest.fixture(params=["article", "home", "login"])
def path(request: pytest.FixtureRequest, desk: Desk) -> str:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    return {"article": "/en/articles/headline-alpha/", "home": "/en/", "login": resolve_url(settings.LOGIN_URL)}[
        request.param
    ]


def test_it_would_be_given_the_best_grade(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = seen(path, monkeypatch)
    assert found.page.status_code == 200
    assert found.grade() == "A+"


def test_a_readers_page_loses_no_point(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {name: mark for name, mark in seen("/en/", monkeypatch).marks().items() if mark} == {
        "csp": 10,
        "referrer": 5,
        "framing": 5,
    }


@pytest.mark.parametrize(
    ("other", "mark"),
    [
        ({"SECURE_HSTS_SECONDS": 0}, {"hsts": -20}),
        ({"SECURE_HSTS_SECONDS": 60}, {"hsts": -10}),
        ({"SECURE_SSL_REDIRECT": False}, {"redirection": -20}),
        ({"SECURE_CONTENT_TYPE_NOSNIFF": False}, {"sniffing": -5}),
        ({"SECURE_REFERRER_POLICY": "unsafe-url"}, {"referrer": -5}),
        ({"CSRF_COOKIE_SECURE": False}, {"cookies": -20}),
        ({"CSRF_COOKIE_SAMESITE": None}, {"cookies": -20}),
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["*"]}}}, {"csp": -20, "framing": -20}),
    ],
)
def test_what_is_missing_costs(
    other: dict[str, Any], mark: dict[str, int], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = resolve_url(settings.LOGIN_URL) if "cookies" in mark else "/en/"
    marks = seen(path, monkeypatch, **other).marks()
    assert {name: marks[name] for name in mark} == mark
