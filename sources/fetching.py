"""The one place that opens a connection to a stranger's machine, and all that it takes to do so safely.

An address is judged by its grammar, its name is resolved once, every answer must lie on the public internet, and the
connection goes to the very answer that was judged. Whatever is sent back is bounded in bytes and in time. The bounds
and the judge are arguments so that a test can stand a hostile server on its own machine; no setting loosens them.
"""

import hashlib
import io
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from . import addresses, networks, pagetext

PORTS = frozenset({80, 443})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
AGENT = "Newsroom link check"
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{1,63}", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)

Resolve = Callable[[str, int], list[str]]


class Reason(TextChoices):
    """Why a page was not read to its end."""

    ADDRESS = "address", _("The address is not one that is fetched.")
    NAME = "name", _("The name of the host is not known.")
    INSIDE = "inside", _("The host is not on the public internet.")
    CONNECT = "connect", _("The host does not answer.")
    TLS = "tls", _("The host could not prove who it is.")
    TIME = "time", _("The answer took too long.")
    BROKEN = "broken", _("The answer broke off or could not be understood.")
    REDIRECTS = "redirects", _("The address leads on and on.")
    DOWNGRADE = "downgrade", _("The address leads from a protected connection to an open one.")
    COMPRESSED = "compressed", _("The answer is compressed, though it was asked not to be.")
    NOT_TEXT = "not-text", _("The answer is not text.")


@dataclass(frozen=True, slots=True)
class Limits:
    connect: float = 3.0
    total: float = 15.0
    read: int = 1_000_000  # all bytes of all answers
    body: int = 900_000  # of the last: the first so many, however long its headers are
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url` is where the last step led, `tried` the network addresses connected to, `text_hash` the SHA-256 of the
    visible text, "" where none was read, `facts` what the page says of itself.
    """

    url: str
    status: int | None = None
    tried: tuple[str, ...] = ()
    text_hash: str = ""
    facts: pagetext.Facts = pagetext.NOTHING
    reason: Reason | None = None


class Target(NamedTuple):
    secure: bool
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        return self.host if self.port == (443 if self.secure else 80) else f"{self.host}:{self.port}"


class Stopped(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def target(url: str, ports: frozenset[int] = PORTS) -> Target:
    """What `url` asks of whom, all in ASCII. Raises Stopped. A host written as a number, in whatever spelling, is none:
    it has no name that a certificate could prove.
    """
    try:
        addresses.parse(url)
        parts = urlsplit(url.strip())
        secure = parts.scheme.lower() == "https"
        port = (443 if secure else 80) if parts.port is None else parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii").lower().removesuffix(".")
    except ValueError as error:  # BadAddress and UnicodeError are ones
        raise Stopped(Reason.ADDRESS) from error
    if port not in ports or not _NAME.fullmatch(host) or _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise Stopped(Reason.ADDRESS)
    asked = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    found = Target(secure, host, port, quote(asked, safe="!$%&'()*+,-./:;=?@_~"))
    if len(found.url) > addresses.LONGEST:
        raise Stopped(Reason.ADDRESS)
    return found


def resolve(host: str, port: int) -> list[str]:
    """Every network address of `host`, as this machine's resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


@dataclass(frozen=True, slots=True)
class Fetcher:
    resolve: Resolve = resolve
    judge: Callable[[str], bool] = networks.public
    ports: frozenset[int] = PORTS
    limits: Limits = Limits()
    context: ssl.SSLContext | None = None

    def fetch(self, url: str) -> Fetched:
        """What `url` leads to. Never raises for what a stranger answers."""
        visit = _Visit(self, url)
        try:
            return visit.result()
        except Stopped as stopped:
            return visit.told(reason=stopped.reason)


class _Visit:
    """One fetch with all its redirects: where it is, and what it may still take."""

    def __init__(self, fetcher: Fetcher, url: str) -> None:
        self.fetcher, self.limits = fetcher, fetcher.limits
        self.ends = time.monotonic() + self.limits.total
        self.left = self.limits.read
        self.url = url
        self.status: int | None = None
        self.tried: list[str] = []

    def told(self, found: pagetext.Words | None = None, *, reason: Reason | None = None) -> Fetched:
        text_hash = hashlib.sha256(found.text.encode()).hexdigest() if found else ""
        facts = found.facts if found else pagetext.NOTHING
        return Fetched(self.url, self.status, tuple(self.tried), text_hash, facts, reason)

    def seconds(self, most: float = float("inf")) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise Stopped(Reason.TIME)
        return min(left, most)

    def result(self) -> Fetched:
        asked = target(self.url, self.fetcher.ports)
        for _step in range(self.limits.redirects + 1):
            self.url = asked.url
            with self._connection(asked) as connection:
                try:
                    answer = self._answer(connection, asked)
                    following = answer.getheader("Location", "") if answer.status in REDIRECTS else ""
                    if not following:
                        return self._told_of(answer)
                except TimeoutError as error:
                    raise Stopped(Reason.TIME) from error
                except (HTTPException, OSError, ValueError) as error:
                    raise Stopped(Reason.BROKEN) from error
            asked = self._next(asked, following)
        raise Stopped(Reason.REDIRECTS)

    def _next(self, asked: Target, location: str) -> Target:
        """Where `location` leads from `asked`, judged as if it were the first address."""
        with suppress(UnicodeError):
            location = location.encode("latin-1").decode("utf-8")  # a header is read as Latin-1, and seldom is
        if not location.isprintable():
            raise Stopped(Reason.ADDRESS)
        try:
            joined = urljoin(asked.url, location)
        except ValueError as error:
            raise Stopped(Reason.ADDRESS) from error
        following = target(joined, self.fetcher.ports)
        if asked.secure and not following.secure:
            raise Stopped(Reason.DOWNGRADE)
        return following

    def _places(self, asked: Target) -> list[str]:
        """The name's addresses, all of them judged. Asked for in a thread, as a resolver knows no deadline."""
        answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

        def ask() -> None:
            found: list[str] = []
            with suppress(OSError, ValueError):
                found = self.fetcher.resolve(asked.host, asked.port)
            answers.put(found)

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = answers.get(timeout=self.seconds())
        except queue.Empty as error:
            raise Stopped(Reason.TIME) from error
        if not found:
            raise Stopped(Reason.NAME)
        if not all(self.fetcher.judge(place) for place in found):
            raise Stopped(Reason.INSIDE)
        return found

    def _connection(self, asked: Target) -> socket.socket:
        for place in self._places(asked):
            self.tried.append(place)
            connection = socket.socket(socket.AF_INET6 if ip_address(place).version == 6 else socket.AF_INET)
            try:
                connection.settimeout(self.seconds(self.limits.connect))
                connection.connect((place, asked.port))
                return self._proven(connection, asked) if asked.secure else connection
            except Stopped:
                connection.close()
                raise
            except OSError:
                connection.close()
        raise Stopped(Reason.CONNECT)

    def _proven(self, connection: socket.socket, asked: Target) -> socket.socket:
        context = self.fetcher.context or ssl.create_default_context()
        try:
            connection.settimeout(self.seconds())
            return context.wrap_socket(connection, server_hostname=asked.host)
        except TimeoutError as error:
            raise Stopped(Reason.TIME) from error
        except (OSError, ValueError) as error:
            raise Stopped(Reason.TLS) from error

    def _answer(self, connection: socket.socket, asked: Target) -> HTTPResponse:
        lines = (
            f"GET {asked.path} HTTP/1.1",
            f"Host: {asked.authority}",
            f"User-Agent: {AGENT}",
            "Accept: text/html, application/xhtml+xml, text/*;q=0.9, */*;q=0.1",
            "Accept-Encoding: identity",
            "Connection: close",
        )
        connection.settimeout(self.seconds())
        connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii"))
        wire = _Wire(connection, self)
        answer = HTTPResponse(wire, method="GET")  # type: ignore[arg-type]
        answer.begin()
        wire.may_end = True
        self.status = answer.status
        return answer

    def _told_of(self, answer: HTTPResponse) -> Fetched:
        if not 200 <= answer.status < 300:
            return self.told()
        if answer.getheader("Content-Encoding", "identity").strip().lower() != "identity":
            raise Stopped(Reason.COMPRESSED)
        if answer.getheader("Transfer-Encoding", "chunked").strip().lower() != "chunked":
            raise Stopped(Reason.COMPRESSED)
        media_type = answer.headers.get_content_type() if "Content-Type" in answer.headers else ""
        if not media_type.startswith("text/") and media_type != "application/xhtml+xml":
            raise Stopped(Reason.NOT_TEXT)
        return self.told(pagetext.words(self._body(answer), media_type, answer.headers.get_content_charset() or ""))

    def _body(self, answer: HTTPResponse) -> bytes:
        body = bytearray()
        try:
            while len(body) < self.limits.body:
                part = answer.read1(min(65536, self.limits.body - len(body)))
                if not part:
                    break
                body += part
            else:
                return bytes(body)
        except _Spent:
            return bytes(body)
        if answer.length:  # what was announced and never came
            raise Stopped(Reason.BROKEN)
        return bytes(body)


class _Spent(OSError):
    """All bytes that a fetch may read have been read."""


class _Wire(io.RawIOBase):
    """What comes over one connection, as far as time and bytes allow; `HTTPResponse` takes it for its socket."""

    def __init__(self, connection: socket.socket, visit: _Visit) -> None:
        self.connection, self.visit = connection, visit
        self.may_end = False  # the headers, cut short, would pass for fewer headers

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.visit.left <= 0:
            raise _Spent
        self.connection.settimeout(self.visit.seconds())
        read = self.connection.recv_into(buffer, min(len(buffer), self.visit.left))
        if not (read or self.may_end):
            raise ConnectionResetError
        self.visit.left -= read
        return read
