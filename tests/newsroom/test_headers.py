"""What the browser is told with every public page."""

import runpy
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.conf import settings as site
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings

from articles.views import lists as views
from newsroom.middleware import NO_POWERS, PASSKEYS, POWERS
from tests import factories
from tests.articles.test_views import apart

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "script-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
    "report-uri": "/policy-report",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": NO_POWERS,
}
PUBLIC = {
    "/": 302,
    "/vi/": 200,
    "/en/": 200,
    "/en": 301,
    "/en/articles/headline-alpha/": 200,
    "/vi/articles/headline-alpha/": 200,
    "/en/articles/headline-alpha": 301,
    "/en/articles/nothing/": 404,
    "/nothing": 404,
    "/robots.txt": 200,
    "/trust.txt": 200,
    "/favicon.ico": 302,
    "/sitemap.xml": 200,
    "/news-sitemap.xml": 200,
    "/sitemap-1.xml": 200,
    "/en/manifest.webmanifest": 200,
    "/en/articles/headline-alpha/card-000000000000.png": 302,
    "/en/feed.atom": 200,
    "/en/feed.rss": 200,
    "/en/feed.json": 200,
}


def policy(response: HttpResponse) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: values for name, _space, values in parts}


@pytest.fixture
def live(desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)


def hold(response: HttpResponse) -> None:
    assert policy(response) == POLICY
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "Content-Security-Policy-Report-Only" not in response
    assert {name: response[name] for name in FIXED} == FIXED
    assert response.cookies == {}
    assert "Server" not in response
    assert "X-Powered-By" not in response


@pytest.mark.usefixtures("live")
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(("path", "status"), PUBLIC.items())
def test_public_pages_run_no_script_and_ask_no_third_party(client: Client, path: str, status: int, method: str) -> None:
    response = getattr(client, method)(path)
    assert response.status_code == status
    hold(response)


@pytest.mark.parametrize("path", ["/", "/vi/", "/en/articles/headline-alpha/"])
def test_a_method_that_is_not_allowed_is_told_the_same(client: Client, path: str) -> None:
    response = client.post(path)
    assert response.status_code == 405
    hold(response)


def test_a_page_that_failed_is_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> NoReturn:
        raise RuntimeError

    monkeypatch.setattr(views.Publication.objects, "live", broken)
    response = Client(raise_request_exception=False).get("/en/")
    assert response.status_code == 500
    hold(response)


@pytest.mark.usefixtures("live")
def test_being_signed_in_changes_no_policy_and_no_byte(desk: factories.Desk, signed_in: Any, client: Client) -> None:
    staff = signed_in(desk.binh)
    for path, status in PUBLIC.items():
        theirs, anybodys = staff.get(path), client.get(path)
        assert theirs.status_code == status
        assert (theirs.content, apart(theirs)) == (anybodys.content, apart(anybodys))


def test_the_themes_exceptions_stay_in_the_admin(client: Client) -> None:
    """Where they are written down; the public pages have none of them."""
    theirs = policy(client.get("/admin/login/"))
    assert theirs["script-src"].split()[0] == "'self'"
    assert "'unsafe-eval'" in theirs["script-src"]
    assert "'unsafe-inline'" not in theirs["script-src"]
    assert policy(client.get("/administration/")) == policy(client.get("/en/admin/")) == POLICY


def powers(response: HttpResponse) -> dict[str, str]:
    return dict(each.split("=") for each in response["Permissions-Policy"].split(", "))


@pytest.mark.usefixtures("live")
def test_every_power_of_a_browser_is_off_but_passkeys_where_one_signs_in(client: Client) -> None:
    assert {"camera", "geolocation", "microphone", "payment", "usb", *PASSKEYS} <= set(POWERS)
    assert powers(client.get("/en/")) == dict.fromkeys(POWERS, "()")
    assert powers(client.get("/admin/login/")) == dict.fromkeys(POWERS, "()")
    assert powers(client.get("/accounts/login/")) == dict.fromkeys(POWERS, "()") | dict.fromkeys(PASSKEYS, "(self)")


def test_no_other_site_may_show_what_the_admin_answers(desk: factories.Desk, signed_in: Any, client: Client) -> None:
    for response in (signed_in(desk.an).get("/admin/"), client.get("/admin/"), client.get("/admin/nothing/")):
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.usefixtures("live")
def test_public_pages_carry_no_nonce(client: Client) -> None:
    assert [path for path in PUBLIC if "nonce" in client.get(path).content.decode()] == []


def served_over(monkeypatch: pytest.MonkeyPatch, https: str) -> dict[str, Any]:
    """The settings as the environment of a deployment makes them."""
    for name, value in {"DEBUG": "0", "HTTPS": https, "ALLOWED_HOSTS": "testserver"}.items():
        monkeypatch.setenv(name, value)
    made = runpy.run_path(str(Path(site.BASE_DIR, "newsroom", "settings.py")))
    return {name: value for name, value in made.items() if name.startswith(("SECURE_", "SESSION_", "CSRF_COOKIE"))}


def test_over_https_browsers_are_told_to_stay_there_for_two_years(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with override_settings(**served_over(monkeypatch, "1")):
        response = client.get("/en/nothing/", secure=True)
        assert response["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
        hold(response)
        plain = client.get("/en/nothing/?a=b")
        assert (plain.status_code, plain["Location"]) == (301, "https://testserver/en/nothing/?a=b")


def test_over_https_cookies_travel_by_https_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    assert [served_over(monkeypatch, "1")[name] for name in names] == [True, True]
    assert [served_over(monkeypatch, "0")[name] for name in names] == [False, False]


def test_without_https_no_browser_is_locked_into_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(**served_over(monkeypatch, "0")):
        assert "Strict-Transport-Security" not in client.get("/en/nothing/", secure=True)


def test_a_deployment_is_over_https_unless_it_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "0")
    monkeypatch.delenv("HTTPS")
    monkeypatch.setattr("environs.Env.read_env", lambda *args, **kwargs: None)  # whatever this machine's file says
    assert runpy.run_path(str(Path(site.BASE_DIR, "newsroom", "settings.py")))["SECURE_SSL_REDIRECT"] is True


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", ""])
def test_another_host_is_answered_with_nothing_of_it(client: Client, host: str) -> None:
    response = client.get("/en/nothing/", headers={"host": host})
    assert response.status_code in {400, 404}
    assert "evil" not in response.content.decode()
