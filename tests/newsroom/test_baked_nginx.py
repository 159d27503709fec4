"""The example for nginx: it says what the application says, and a real nginx serves by it with nobody behind it."""

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings as configured
from django.test import Client

from articles import baking
from newsroom.page_cache import PARAMETERS

CONFIGURATION = Path(configured.BASE_DIR, "newsroom", "baked.nginx.conf")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
UNSAID = {"Content-Type", "Content-Length"}  # of the file; the type is asked of the server below


def said() -> dict[str, str]:
    found = re.findall(r'^    add_header (\S+) "?([^";]*(?:; [^"]*)?)"?;$', CONFIGURATION.read_text(), re.MULTILINE)
    return dict(found)


def directives(policy: str) -> list[str]:
    return sorted(each.strip() for each in policy.split(";"))


def test_it_says_with_a_page_what_the_application_says() -> None:
    page, here = dict(Client().get("/en/manifest.webmanifest").headers), said()
    assert directives(page.pop("Content-Security-Policy")) == directives(here.pop("Content-Security-Policy"))
    assert here.pop("Content-Language") == "$language"
    assert page.pop("Content-Language") == "en"
    assert {name: value for name, value in page.items() if name not in {*UNSAID, "ETag"}} == here


def test_it_asks_the_application_for_whatever_is_asked_for_by_a_parameter() -> None:
    [named] = re.findall(r"\(\^\|&\)\(([a-z|]+)\)=", CONFIGURATION.read_text())
    assert set(named.split("|")) == PARAMETERS


# --- a real one --------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[str]:
    """Serves a few files, whose application is down."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.BAKED_ROOT = str(tmp_path)
    for address in ("/en/", "/en/feed.json", "/en/feed.atom", "/en/articles/x/record.json", "/sitemap-1.xml"):
        path = baking._file(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        for each, (write, _read) in baking._forms(path).items():
            baking._write(each, write(address.encode()))
    text = CONFIGURATION.read_text().replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("/srv/newsroom/baked", str(tmp_path)).replace("include mime.types;", "")
    text = text.replace("server 127.0.0.1:8000;", "server 127.0.0.1:9;")
    if not BROTLI.exists():
        text = text.replace("brotli_static on;", "")
    (tmp_path / "nginx.conf").write_text(
        f"{f'load_module {BROTLI};' if BROTLI.exists() else ''} {'user root;' if os.getuid() == 0 else ''}\n"
        f"worker_processes 1; daemon off; pid {tmp_path}/pid; events {{}}\n"
        f"http {{ access_log off; {''.join(f'{name}_temp_path {tmp_path}/t;' for name in TEMPORARY)}\n{text}}}"
    )
    with subprocess.Popen([str(NGINX), "-e", "stderr", "-c", str(tmp_path / "nginx.conf")]) as process:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@pytest.mark.skipif(NGINX is None, reason="there is no nginx here")
def test_with_the_application_down_what_is_baked_is_served_and_nothing_else(server: str) -> None:
    types = {
        "/en/": "text/html; charset=utf-8",
        "/en/feed.json": "application/feed+json; charset=utf-8",
        "/en/feed.atom": "application/atom+xml; charset=utf-8",
        "/en/articles/x/record.json": "application/json",
        "/sitemap-1.xml": "application/xml; charset=utf-8",
    }
    for path, kind in types.items():
        status, headers, body = get(server + path)
        assert (status, headers["Content-Type"], body) == (200, kind, path.encode())
        assert set(said()) - set(headers) <= {"Content-Language"}
        _status, packed, body = get(server + path, **{"Accept-Encoding": "gzip"})
        assert (packed["Content-Encoding"], gzip.decompress(body)) == ("gzip", path.encode())
        if BROTLI.exists():
            _status, packed, body = get(server + path, **{"Accept-Encoding": "gzip, br"})
            assert (packed["Content-Encoding"], brotli.decompress(body)) == ("br", path.encode())
        assert get(server + path, **{"If-None-Match": headers["ETag"]})[0] == 304
    assert get(f"{server}/en/?utm_source=x")[0] == 200
    door = HTTPConnection(server.removeprefix("http://"))
    door.request("GET", "/")
    answer = door.getresponse()
    assert (answer.status, answer.headers["Location"]) == (302, "/vi/")
    door.close()
    for path in (
        "/en/?before=1",
        "/en/?a=1&q=x",
        "/en/?%71=x",
        "/en/index.html",
        "/en/articles/x/",
        "/en",
        "/en/search/",
    ):
        status, _headers, body = get(server + path)
        assert (status, "Xin thử lại sau" in body.decode()) == (503, True), path
