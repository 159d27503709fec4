"""Readers' pages, made once and then answered from the cache, by nothing but one query and bytes.

A page is a pure function of its key: the release, the address, and the stamps of all that it shows. The stamps are
asked at every request, before anything is made, so that what lies under a key is never older than they are: whatever
is corrected, withdrawn or renamed has another key in every process at once, and what lies under the old one is
nobody's. Whichever database makes the page has first given the same stamps (`routing`).

What is no part of the key, a page does not get to see: no cookie, no header but the host, no parameter. With a page are
kept the headers that all the other middleware gave it. The cache is not trusted: what lies in it proves by a signature
that it was put there under that very key; all else, and a cache that does not answer, is as one that is empty.
"""

import gzip
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from copy import copy
from functools import cache as once
from functools import lru_cache, partial
from typing import Self
from urllib.parse import parse_qsl

import brotli
from django.conf import settings
from django.core.cache import BaseCache, caches
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, ResponseHeaders
from django.utils.connection import ConnectionProxy
from django.utils.functional import cached_property
from django.utils.http import parse_etags

from articles import purging
from articles.models import invalidation
from articles.release import release
from newsroom import routing

PARAMETERS = frozenset({"before", "q", "fingerprint"})  # that views ask for: what comes of them is made anew each time
NEVER = re.compile(r"(?:search|preview)/|.*\.png$")  # each reader's own; and what is kept by its address
OF_AN_ARTICLE = re.compile(r"(?:articles|about)/([-a-zA-Z0-9_]+)/")
LARGEST = 512 * 1024  # bytes of a page that is kept
NEAR = 200  # pages that a process has at hand, unsealed
LASTS = 24 * 60 * 60  # seconds in the cache, which is never what makes a page right
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {  # the best first
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "": lambda body: body,
}
FOR_READERS = "public, max-age=0, must-revalidate"
FOR_AN_EDGE = "public, max-age=0, s-maxage=60, stale-while-revalidate=600"

SEAL = 16  # bytes
NOTHING = re.compile(r"q=0(\.0{0,3})?")  # of an encoding: that it is not wanted
OF_A_BODY = ("Content-Type", "Content-Length", "Content-Encoding")

log = logging.getLogger(__name__)
cache: BaseCache = ConnectionProxy(caches, "pages")  # type: ignore[assignment]


class AsItIs:
    """How Redis is given what is kept, which is bytes."""

    def dumps(self, value: bytes) -> bytes:
        return value

    def loads(self, value: bytes) -> bytes:
        return value


class Page:
    """What is answered, in one encoding; and what is answered to whoever has it. Its headers are changed by nobody."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, ResponseHeaders(headers), body
        self.unchanged = ResponseHeaders({name: value for name, value in headers.items() if name not in OF_A_BODY})

    def sealed(self, key: str) -> bytes:
        told = json.dumps([self.status, dict(self.headers)]).encode() + b"\n" + self.body
        return _seal(key, told) + told

    @classmethod
    def unsealed(cls, key: str, kept: object) -> Self | None:
        """None of whatever was not sealed under this key."""
        if not isinstance(kept, bytes) or not hmac.compare_digest(kept[:SEAL], _seal(key, kept[SEAL:])):
            return None
        head, body = kept[SEAL:].split(b"\n", 1)
        return cls(*json.loads(head), body)  # type: ignore[call-arg]

    def answer(self, request: HttpRequest) -> HttpResponse:
        environ = request.META
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and self.status == 200 and _named(self.headers["ETag"], asked):
            response = HttpResponse(status=304)
            response.headers = self.unchanged
        else:
            response = HttpResponse(b"" if request.method == "HEAD" else self.body, status=self.status)
            response.headers = self.headers
        return response


class PageCacheMiddleware:
    """Whoever is signed in, and whatever is no reader's page, goes past it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.release = release()
        self.near: dict[str, Page] = {}
        self.pages = re.compile(rf"/(?:{'|'.join(code for code, _name in settings.LANGUAGES)})/(.*)")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = self.pages.fullmatch(request.path_info)
        if asked is None or NEVER.match(asked[1]) or not routing.a_reader(request):
            return self.get_response(request)
        try:
            host = request.get_host().lower()
        except DisallowedHost:
            return self.get_response(request)  # which says so
        slug = OF_AN_ARTICLE.match(asked[1])
        environ = request.META  # `headers` would be made of all of them at each request
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        query = environ.get("QUERY_STRING", "")
        stamp = of = ""  # nothing is kept of what never was, and of what is asked for by a parameter
        if not query or not any(name in PARAMETERS for name, _value in parse_qsl(query, keep_blank_values=True)):
            query = ""
            ask = partial(invalidation.stamp_at, slug[1]) if slug else invalidation.stamp
            stamp, of = _stamp(ask)
        key = _hash("\n".join((self.release, request.scheme or "", host, request.path, encoding, stamp)).encode())
        page = self.near.get(key) or _kept(key) if stamp else None
        if page is None:
            with routing.reading(routing.maker(ask, stamp, of)) if stamp else nullcontext():
                response = self.get_response(_bare(request, host, query))
            page = _page(response, encoding, purging.key_at(slug[1]) if slug else purging.LISTS)
            if page is None:
                return response
            if stamp:
                _keep(key, page)
        if stamp and key not in self.near:
            if len(self.near) >= NEAR:
                self.near.clear()
            self.near[key] = page
        return page.answer(request)


def _stamp(ask: routing.Ask) -> tuple[str, str]:
    """With the database that gave it. "" where none does: the page, made without it, says why as every page does,
    inside all the middleware.
    """
    try:
        return routing.stamped(ask)
    except Exception as error:  # the database's, mostly
        log.warning("no stamp: %s", error)
        return "", ""


def _bare(request: HttpRequest, host: str, query: str) -> HttpRequest:
    """The same page, asked for with nothing in hand but the key: as whoever asks next would."""
    kept = {(settings.SECURE_PROXY_SSL_HEADER or ("", ""))[0]}
    meta = {name: value for name, value in request.META.items() if not name.startswith("HTTP_") or name in kept}
    meta |= {"HTTP_HOST": host, "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
    bare = copy(request)
    for name in [name for name in vars(bare) if isinstance(getattr(type(bare), name, None), cached_property)]:
        delattr(bare, name)  # what was read of the request in hand: headers, cookies
    bare.method, bare.META = "GET", meta
    bare.environ = meta  # type: ignore[attr-defined]
    return bare


def _page(response: HttpResponseBase, encoding: str, key: str) -> Page | None:
    """None of whatever is only for some, or not for long."""
    if (
        not isinstance(response, HttpResponse)
        or response.status_code not in {200, 410}
        or response.headers.get("Cache-Control", "no-cache") != "no-cache"
        or "Vary" in response.headers
        or response.cookies
        or len(response.content) > LARGEST
    ):
        return None
    body = ENCODINGS[encoding](response.content)
    headers = dict(response.headers.items()) | {
        "Cache-Control": FOR_AN_EDGE if settings.EDGE_PURGE_URL else FOR_READERS,
        "Vary": "Accept-Encoding",
        "ETag": f'"{"-".join(filter(None, (_hash(response.content)[:32], encoding)))}"',
        "Content-Length": str(len(body)),
    }
    if encoding:
        headers["Content-Encoding"] = encoding
    if settings.EDGE_PURGE_URL:
        headers["Surrogate-Key"] = f"{purging.SITE} {key}"
    return Page(response.status_code, headers, body)


# --- the cache ---------------------------------------------------------------------------------------


def _kept(key: str) -> Page | None:
    try:
        return Page.unsealed(key, cache.get(key))
    except Exception as error:  # whatever a cache may say
        log.warning("the page cache did not answer: %s", error)
        return None


def _keep(key: str, page: Page) -> None:
    try:
        cache.set(key, page.sealed(key), LASTS)
    except Exception as error:
        log.warning("the page cache did not take a page: %s", error)


def _seal(key: str, told: bytes) -> bytes:
    return hashlib.blake2b(key.encode() + told, key=_secret(), digest_size=SEAL).digest()


def _hash(told: bytes) -> str:
    return hashlib.blake2b(told, key=_secret(), digest_size=32).hexdigest()


@once
def _secret() -> bytes:
    return hashlib.sha256(b"page cache" + settings.SECRET_KEY.encode()).digest()


# --- what a key is made of ---------------------------------------------------------------------------


@lru_cache(maxsize=128)
def encoding_for(accepted: str) -> str:
    """The best encoding that whoever sent this Accept-Encoding takes; "" for none."""
    weights = {}
    for part in accepted.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        weights[name] = not any(NOTHING.fullmatch(parameter) for parameter in parameters)
    return next(name for name in ENCODINGS if not name or weights.get(name, weights.get("*", False)))


def _named(etag: str, asked: str) -> bool:
    """If-None-Match, which compares weakly: whoever sits between may have weakened ours."""
    names = parse_etags(asked)
    return names == ["*"] or etag in [name.removeprefix("W/") for name in names]
