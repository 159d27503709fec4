"""The fetcher against a server that means harm: what it reaches, how much it reads, how long it stays."""

import gzip
import hashlib
import shutil
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from socket import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetching import Fetched, Fetcher, Limits, Reason, Stopped, Target, resolve, target
from sources.pagetext import Facts
from tests.sources.hostile import HOME, Hostile, certificate, hostile, page, redirect

WORDS = hashlib.sha256(b"Words").hexdigest()
QUICK = Limits(connect=1.0, total=1.0)
ELSEWHERE = "127.0.0.2"  # this machine too, and not what the judge lets through


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as one:
        yield one


def fetcher(server: Hostile, **other: object) -> Fetcher:
    """The strict one, but that the name `a.test` is the hostile server, and that this very server may be reached."""
    ours = Fetcher(
        resolve=lambda host, port: {"a.test": [HOME], "b.test": [ELSEWHERE]}.get(host) or resolve(host, port),
        judge=HOME.__eq__,
        ports=frozenset({server.port, 80, 443}),
        limits=QUICK,
    )
    return replace(ours, **other)  # type: ignore[arg-type]


def url(server: Hostile, path: str = "/", host: str = "a.test") -> str:
    return f"http://{host}:{server.port}{path}"


def fetched(server: Hostile, answer: object, **other: object) -> Fetched:
    server.answers["/"] = answer  # type: ignore[assignment]
    began = time.monotonic()
    found = fetcher(server, **other).fetch(url(server))
    assert time.monotonic() - began < 5
    return found


# --- what it is asked --------------------------------------------------------------------------------

REFUSED = [
    "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/", "example.org", "",
    "javascript:alert(1)", "data:text/html,x", "http:example.org", "http://", "http:///a",
    "http://user@example.org/", "http://user:pass@example.org/", "http://@example.org/", "http://a.test@example.org",
    "http://example.org:22/", "http://example.org:8080/", "http://example.org:0/", "http://example.org:99999/",
    "http://example.org:x/", "http://example.org\\@evil.test/", "http://exa mple.org/",
    "http://example.org/a\tb", "http://example.org/\x00", "http://example.org/\u202e", "http://exam\u00adple.org/\u00ad",
    "http://localhost/", "http://intranet/", "http://127.0.0.1/", "http://127.1/", "http://127.0.0.1./",
    "http://2130706433/", "http://0177.0.0.1/", "http://0x7f.0.0.1/", "http://0x7f000001/", "http://127.0.0.0x1/",
    "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://８.８.８.８/", "http://8.8.8.8/", "http://[::1]/",
    "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://[::1",
    "http://a..test/", "http://.test/", "http://a.test../", "http://" + "a" * 64 + ".test/",
    "http://a.test/" + "a" * 2000, "http://a.test/" + "ế" * 300,
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(address: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    assert Fetcher(resolve=never).fetch(address) == Fetched(address, reason=Reason.ADDRESS)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://Example.org", Target(True, "example.org", 443, "/")),
        (" HTTP://www.example.org./a?b=c#d ", Target(False, "www.example.org", 80, "/a?b=c")),
        (
            "https://báo.vn/tiếng%20Việt?q=ế",
            Target(True, "xn--bo-mia.vn", 443, "/ti%E1%BA%BFng%20Vi%E1%BB%87t?q=%E1%BA%BF"),
        ),
        ("http://example.org:443/'\"<>", Target(False, "example.org", 443, "/'%22%3C%3E")),
        ("http://example.org?a", Target(False, "example.org", 80, "/?a")),
    ],
)
def test_an_address_is_asked_for_in_ascii(address: str, found: Target) -> None:
    assert target(address) == found


@pytest.mark.parametrize(
    ("address", "authority"),
    [
        ("https://example.org:443/", "example.org"),
        ("http://example.org:80/", "example.org"),
        ("https://example.org:80/", "example.org:80"),
        ("http://example.org:443/", "example.org:443"),
    ],
)
def test_a_port_that_its_scheme_does_not_mean_is_said(address: str, authority: str) -> None:
    assert target(address).authority == authority


@given(st.text("htps:/.@[]%\\0127a.ế:#? \t", max_size=25).map("http://".__add__) | st.text(max_size=30))
def test_whatever_is_asked_is_of_a_name_on_a_plain_port_and_says_the_same_when_asked_again(text: str) -> None:
    try:
        found = target(text)
    except Stopped as stopped:
        assert stopped.reason == Reason.ADDRESS  # noqa: PT017
        return
    assert found.url.isascii()
    assert found.port in {80, 443}
    assert not found.host.rpartition(".")[2].isdigit()
    assert target(found.url) == found


# --- what it reaches ---------------------------------------------------------------------------------


def test_a_page_is_read_with_the_names_host_and_nothing_of_ours(
    server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    found = fetched(server, page(head="Set-Cookie: a=b\r\n"))
    assert found == Fetched(url(server), 200, (HOME,), WORDS, Facts("A page"))
    assert server.asked == [
        f"GET / HTTP/1.1\r\nHost: a.test:{server.port}\r\nUser-Agent: Newsroom link check\r\n"
        "Accept: text/html, application/xhtml+xml, text/*;q=0.9, */*;q=0.1\r\n"
        "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
    ]


def test_a_cookie_is_not_given_back_after_a_redirect(server: Hostile) -> None:
    server.answers["/b"] = page()
    fetched(server, page(b"", "Location: /b\r\nSet-Cookie: a=b\r\n", "302 Found"))
    assert not any("cookie" in head.lower() for head in server.asked)


@pytest.mark.parametrize(
    "answers", [[ELSEWHERE], [HOME, ELSEWHERE], ["169.254.169.254", HOME], ["::1"], ["::ffff:127.0.0.1"], [HOME, "x"]]
)
def test_one_answer_inside_the_network_is_enough_to_ask_nobody(server: Hostile, answers: list[str]) -> None:
    found = fetched(server, page(), resolve=lambda host, port: answers)
    assert found == Fetched(url(server), reason=Reason.INSIDE)
    assert server.asked == []


def test_by_itself_it_reaches_nothing_on_this_machine(server: Hostile) -> None:
    strict = Fetcher(resolve=lambda host, port: [HOME], ports=frozenset({server.port}))
    assert strict.fetch(url(server)).reason == Reason.INSIDE
    assert Fetcher().ports == {80, 443}
    assert Fetcher(resolve=lambda host, port: [HOME]).fetch(url(server)).reason == Reason.ADDRESS
    assert server.asked == []


def test_a_name_is_asked_for_once_so_that_a_second_answer_comes_too_late(server: Hostile) -> None:
    said: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        said.append(host)
        return [HOME] if len(said) == 1 else [ELSEWHERE]

    assert fetched(server, page(), resolve=rebinding).tried == (HOME,)
    assert said == ["a.test"]


def test_a_name_that_turns_inside_between_two_steps_is_judged_anew(server: Hostile) -> None:
    answers = iter([[HOME], [ELSEWHERE]])
    found = fetched(server, redirect("/b"), resolve=lambda host, port: next(answers))
    assert found == Fetched(url(server, "/b"), 302, (HOME,), reason=Reason.INSIDE)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("http://127.0.0.1:{port}/b", Reason.ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", Reason.ADDRESS),
        ("http://[::1]:{port}/b", Reason.ADDRESS),
        ("http://2130706433:{port}/b", Reason.ADDRESS),
        ("http://0177.0.0.1:{port}/b", Reason.ADDRESS),
        ("http://0x7f.0.0.1:{port}/b", Reason.ADDRESS),
        ("http://user@a.test:{port}/b", Reason.ADDRESS),
        ("http://a.test:1/b", Reason.ADDRESS),
        ("//127.0.0.1:{port}/b", Reason.ADDRESS),
        ("\\\\a.test:{port}\\b", Reason.ADDRESS),
        ("file:///etc/passwd", Reason.ADDRESS),
        ("http://a.test:{port}/\tb", Reason.ADDRESS),
        ("http://[bad", Reason.ADDRESS),
        ("http://b.test:{port}/b", Reason.INSIDE),
    ],
)
def test_a_redirect_is_judged_as_if_it_were_the_first_address(server: Hostile, to: str, reason: Reason) -> None:
    server.answers["/b"] = page()
    found = fetched(server, redirect(to.format(port=server.port)))
    assert (found.reason, found.status, found.text_hash) == (reason, 302, "")
    assert len(server.asked) == 1


def test_five_redirects_are_followed_and_a_sixth_is_not(server: Hostile) -> None:
    for step in range(5):
        server.answers[f"/{step}"] = redirect(f"/{step + 1}", "301 Moved")
    server.answers["/5"] = page()
    assert fetched(server, redirect("/1")) == Fetched(url(server, "/5"), 200, (HOME,) * 6, WORDS, Facts("A page"))
    server.answers["/5"] = redirect("/6")
    assert fetched(server, redirect("/1")).reason == Reason.REDIRECTS
    server.asked.clear()
    assert fetched(server, redirect("/")).reason == Reason.REDIRECTS
    assert len(server.asked) == 6


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_kind_of_redirect_is_followed(server: Hostile, status: int) -> None:
    server.answers["/b"] = page()
    assert fetched(server, redirect("/b", f"{status} x")).url == url(server, "/b")


def test_a_redirect_in_another_script_is_followed(server: Hostile) -> None:
    server.answers["/ti%E1%BA%BFng"] = page()
    assert fetched(server, redirect("/tiếng")).status == 200


def test_an_unknown_name_and_a_closed_port_are_told_apart(server: Hostile) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError

    assert fetched(server, page(), resolve=unknown) == Fetched(url(server), reason=Reason.NAME)
    with socket() as deaf:
        deaf.bind((HOME, 0))
        nobody = f"http://a.test:{deaf.getsockname()[1]}/"
        found = fetcher(server, ports=frozenset({deaf.getsockname()[1]})).fetch(nobody)
        assert found == Fetched(nobody, tried=(HOME,), reason=Reason.CONNECT)


def test_the_next_answer_is_tried_where_the_first_is_silent(server: Hostile) -> None:
    found = fetched(server, page(), resolve=lambda host, port: [ELSEWHERE, HOME], judge=lambda place: True)
    assert (found.tried, found.status) == ((ELSEWHERE, HOME), 200)


def test_a_host_that_takes_no_connection_costs_the_next_one_no_more_than_its_share(server: Hostile) -> None:
    with ExitStack() as open_ones:
        deaf = open_ones.enter_context(socket())
        deaf.bind((ELSEWHERE, server.port))
        deaf.listen(0)
        for _ in range(3):  # more than it keeps waiting: the next ones get no answer at all
            waiting = open_ones.enter_context(socket())
            waiting.setblocking(False)
            waiting.connect_ex((ELSEWHERE, server.port))
        found = fetched(
            server,
            page(),
            resolve=lambda host, port: [ELSEWHERE, HOME],
            judge=lambda place: True,
            limits=Limits(connect=0.2, total=4.0),
        )
        assert (found.tried, found.status) == ((ELSEWHERE, HOME), 200)


# --- how much it reads, and how long -----------------------------------------------------------------


def drip(part: bytes, every: float = 0.05, first: bytes = b"") -> Callable[[socket, threading.Event], None]:
    def answer(connection: socket, stop: threading.Event) -> None:
        connection.sendall(first)
        while not stop.wait(every):
            connection.sendall(part)

    return answer


def endless(part: bytes, first: bytes) -> Callable[[socket, threading.Event], None]:
    def answer(connection: socket, stop: threading.Event) -> None:
        connection.sendall(first)
        while not stop.is_set():
            connection.sendall(part)

    return answer


HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        drip(b"", first=b""),
        drip(b"H", first=b""),
        drip(b"X: y\r\n", first=HTML),
        drip(b"a", first=HTML + b"\r\n"),
        drip(b"1\r\na\r\n", first=HTML + b"Transfer-Encoding: chunked\r\n\r\n"),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["nothing", "status", "headers", "body", "chunks", "continue"],
)
def test_an_answer_that_drips_is_left_when_the_time_is_up(server: Hostile, answer: object) -> None:
    assert fetched(server, answer).reason == Reason.TIME


def test_a_resolver_that_never_answers_is_left_when_the_time_is_up(server: Hostile) -> None:
    asleep = threading.Event()
    before = set(threading.enumerate())
    found = fetched(server, page(), resolve=lambda host, port: [str(asleep.wait(10))])
    left = set(threading.enumerate()) - before
    asleep.set()
    assert all(thread.daemon for thread in left)  # or no worker could stop before it answers
    assert found == Fetched(url(server), reason=Reason.TIME)


def test_the_time_is_for_all_steps_together(server: Hostile) -> None:
    def slowly(connection: socket, stop: threading.Event) -> None:
        stop.wait(0.3)
        connection.sendall(redirect("/"))

    found = fetched(server, slowly)
    assert found.reason == Reason.TIME
    assert len(server.asked) < 5


def test_of_an_endless_page_the_first_bytes_are_read(server: Hostile) -> None:
    small = replace(QUICK, read=50_000, body=40_000)
    found = fetched(server, endless(b"a" * 9_999, HTML + b"\r\n"), limits=small)
    assert found == Fetched(url(server), 200, (HOME,), hashlib.sha256(b"a" * 40_000).hexdigest())


def test_of_a_page_in_needless_pieces_as_much_is_taken_as_may_be_read(server: Hostile) -> None:
    small = replace(QUICK, read=10_000, body=9_999)
    head = HTML + b"Transfer-Encoding: chunked\r\n\r\n"
    found = fetched(server, endless(b"1\r\na\r\n" * 999, head), limits=small)
    words = (10_000 - len(head) + 2) // 6  # each letter is sent in six bytes, its own the fourth of them
    assert found == Fetched(url(server), 200, (HOME,), hashlib.sha256(b"a" * words).hexdigest())


@pytest.mark.parametrize(
    ("part", "first"),
    [
        (b"a" * 9_999, b""),
        (b"X: y\r\n" * 999, HTML),
        (b"a" * 9_999, HTML + b"X: "),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 999, b""),
        (b"0" * 9_999, HTML + b"Transfer-Encoding: chunked\r\n\r\n"),
    ],
    ids=["status", "headers", "one header", "continue", "chunk size"],
)
def test_what_never_comes_to_the_point_is_left(server: Hostile, part: bytes, first: bytes) -> None:
    assert fetched(server, endless(part, first), limits=Limits(total=4)).reason == Reason.BROKEN


def test_no_more_than_a_megabyte_is_taken(server: Hostile) -> None:
    assert Limits() == Limits(connect=3.0, total=15.0, read=1_000_000, body=900_000, redirects=5)
    sent = 0

    def counting(connection: socket, stop: threading.Event) -> None:
        nonlocal sent
        connection.sendall(HTML + b"\r\n")
        while not stop.is_set():
            sent += connection.send(b"a" * 10_000)

    fetched(server, counting, limits=Limits())
    server.stop.wait(0.2)
    assert sent < 12_000_000  # what the two kernels hold in between counts as sent


@pytest.mark.parametrize(
    "head",
    ["Content-Encoding: gzip", "Content-Encoding: br", "Content-Encoding: identity, gzip", "Transfer-Encoding: gzip"],
)
def test_a_compressed_answer_is_refused_unread(server: Hostile, head: str) -> None:
    bomb = gzip.compress(b"\0" * 5_000_000)
    assert fetched(server, page(bomb, head + "\r\n")) == Fetched(url(server), 200, (HOME,), reason=Reason.COMPRESSED)


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/octet-stream", "video/mp4"])
def test_what_is_not_text_is_not_read(server: Hostile, kind: str) -> None:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\nx".encode()
    assert fetched(server, answer) == Fetched(url(server), 200, (HOME,), reason=Reason.NOT_TEXT)


@pytest.mark.parametrize(
    "answer",
    [
        HTML + b"\r\n<title>A page</title><p>Words",
        b"HTTP/1.0 200 OK\r\n\r\nWords".replace(
            b"\r\n\r\n", b"\r\nContent-Type: text/html\r\n\r\n<title>A page</title>"
        ),
        HTML + b"Transfer-Encoding: chunked\r\n\r\n1a\r\n<title>A page</title>Words\r\n0\r\n\r\n",
        HTML + b"Content-Length: -5\r\n\r\n<title>A page</title>Words",
    ],
    ids=["no length", "old", "chunks", "negative length"],
)
def test_a_page_that_does_not_say_how_long_it_is_is_read(server: Hostile, answer: bytes) -> None:
    assert fetched(server, answer) == Fetched(url(server), 200, (HOME,), WORDS, Facts("A page"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200",
        HTML,
        HTML + b"X",
        b"SSH-2.0-OpenSSH\r\n",
        b"\0\xff" * 40,
        b"HTTP/1.1 999999 x\r\n\r\n",
        HTML + b"Content-Length: 500\r\n\r\n<p>Wor",
        HTML + b"Transfer-Encoding: chunked\r\n\r\n50\r\nWor",
        HTML + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nWor",
    ],
)
def test_what_breaks_off_or_is_no_answer_is_said_to_be_broken(server: Hostile, answer: bytes) -> None:
    found = fetched(server, answer)
    assert (found.reason, found.text_hash) == (Reason.BROKEN, "")


@pytest.mark.parametrize("status", [204, 304, 403, 404, 410, 500])
def test_another_status_is_told_and_its_body_left(server: Hostile, status: int) -> None:
    expected = Fetched(url(server), status, (HOME,), hashlib.sha256(b"").hexdigest() if status == 204 else "")
    assert fetched(server, page(b"", "", f"{status} x")) == expected


def test_a_redirect_to_nowhere_is_an_answer(server: Hostile) -> None:
    assert fetched(server, page(b"", "", "302 Found")) == Fetched(url(server), 302, (HOME,))


# --- who it is ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine: who a host proves to be was NOT tested")
    folder: Path = tmp_path_factory.mktemp("tls")
    return certificate(folder, "a.test")


@pytest.fixture
def secure(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[Hostile]:
    with hostile(contexts[0]) as one:
        yield one


def over_tls(server: Hostile, host: str = "a.test", **other: object) -> Fetched:
    return fetcher(server, resolve=lambda host, port: [HOME], **other).fetch(f"https://{host}:{server.port}/")


def test_a_host_proves_its_name_and_not_its_address(
    secure: Hostile, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    secure.answers["/"] = page()
    trusting = contexts[1]
    assert over_tls(secure, context=trusting).text_hash == WORDS
    assert over_tls(secure, "other.test", context=trusting).reason == Reason.TLS
    assert over_tls(secure).reason == Reason.TLS  # nobody vouches for it
    assert len(secure.asked) == 1


def test_a_host_that_speaks_no_tls_proves_nothing(server: Hostile) -> None:
    server.answers["/"] = page()
    assert over_tls(server).reason in {Reason.TLS, Reason.TIME}
    assert server.asked == []


def test_a_protected_address_never_leads_to_an_open_one(
    secure: Hostile, server: Hostile, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server.answers["/"] = page()
    secure.answers["/"] = redirect(url(server))
    found = over_tls(secure, context=contexts[1], ports=frozenset({secure.port, server.port}))
    assert (found.reason, found.status) == (Reason.DOWNGRADE, 302)
    assert server.asked == []
    server.answers["/"] = redirect(f"https://a.test:{secure.port}/b")
    secure.answers["/b"] = page()
    up = fetcher(server, context=contexts[1], ports=frozenset({secure.port, server.port})).fetch(url(server))
    assert (up.status, up.text_hash) == (200, WORDS)
