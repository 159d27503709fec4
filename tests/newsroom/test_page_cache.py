"""Readers' pages from the cache: the same as without it, at once right, made by nothing that is not in the key."""

import ast
import gzip
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import brotli
import pytest
import time_machine
from django.conf import settings as configured
from django.core.cache.backends.locmem import LocMemCache
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import release as made_by
from articles.confidence import POLICY
from articles.models import Article, Author, Category, PublishedPolicy
from articles.release import release
from newsroom import page_cache
from newsroom.page_cache import PARAMETERS, PageCacheMiddleware, cache, encoding_for
from sources.models import Source, SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.afterwards import assessed_again, corrected, withdrawn
from tests.factories import Desk
from tests.house.test_structure import sources as modules

CACHE = "newsroom.page_cache.PageCacheMiddleware"
EN = "/en/articles/headline-alpha/"
PAGES = [
    EN,
    "/vi/articles/headline-alpha/",  # another language's words
    "/en/articles/headline-both/",
    "/vi/articles/tieu-de-both/",
    "/en/articles/headline-gone/",
    "/en/articles/headline-gone/history/",
    f"{EN}record.json",
    f"{EN}history/",
    f"{EN}history/1/",
    f"{EN}history/1/record.json",
    "/en/",
    "/vi/",
    "/en/about/",
    "/en/about/headline-ownership/",
    "/en/categories/technology/",
    "/en/authors/mai-lan/",
    f"/en/archive/{timezone.now():%Y/%m}/",
    "/en/corrections/",
    "/en/sources/",
    "/en/sources/example/",
    "/en/confidence/",
    "/en/ledger/",
    "/en/manifest.webmanifest",
    "/en/feed.atom",
    "/en/feed.rss",
    "/en/feed.json",
    "/en/categories/technology/feed.atom",
    "/en/authors/mai-lan/feed.atom",
    "/en/corrections/feed.atom",
]
OURS = {"Cache-Control", "ETag", "Vary", "Content-Length", "Content-Encoding", "Surrogate-Key"}
SECURITY = {
    "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy",
    "X-Content-Type-Options", "X-Frame-Options",
}  # fmt: skip


@pytest.fixture
def site(desk: Desk) -> dict[str, Article]:
    """Articles in one language, in both, withdrawn, and a page about ourselves."""
    articles = {name: factories.article(desk.an, name) for name in ("Alpha", "Both", "Gone")}
    articles["Ownership"] = factories.article(desk.an, "Ownership", kind="page")
    for article in articles.values():
        factories.cite(article, desk.an)
        factories.published(article, desk=desk)
    factories.published(articles["Both"], "vi", desk=desk)
    withdrawn(articles["Gone"], desk=desk)
    return articles


@pytest.fixture
def live(desk: Desk) -> Article:
    article = factories.article(desk.an, "Alpha")
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    return article


@pytest.fixture
def whole(settings: Any) -> Client:
    """A reader who is answered by all the middleware, and by no cache."""
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != CACHE]
    client = Client()
    client.handler.load_middleware()
    settings.MIDDLEWARE = configured.MIDDLEWARE
    return client


@pytest.fixture
def client(whole: Client, settings: Any) -> Client:
    settings.MIDDLEWARE = ["zeal.middleware.zeal_middleware", CACHE, *settings.MIDDLEWARE[1:]]
    return Client()


@pytest.fixture
def other(client: Client) -> Client:
    """Whom another process answers, which has the same cache."""
    return Client()


def unlike(client: Client, whole: Client) -> list[str]:
    """The pages that are other than without a cache."""
    return [
        path
        for path in PAGES
        if [(each.status_code, b"".join(each)) for each in (client.get(path), client.get(path))]
        != [(each.status_code, b"".join(each)) for each in [whole.get(path)]] * 2
    ]


def asked(client: Client, path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path, headers=headers)
    return len(queries)


# --- the same as without ---------------------------------------------------------------------------


def test_it_stands_before_all_others() -> None:
    from newsroom import settings as real

    assert real.MIDDLEWARE[0] == CACHE


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_a_page_known_is_the_page_made_and_has_each_header_of_the_full_path(
    site: dict[str, Article], client: Client, whole: Client, encoding: str
) -> None:
    decoded = {"": lambda body: body, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]
    for path in PAGES:
        full = whole.get(path)
        cold, warm = (client.get(path, headers={"accept-encoding": encoding}) for _time in range(2))
        assert (warm.status_code, dict(warm.headers), warm.content) == (
            cold.status_code, dict(cold.headers), cold.content,
        ), path  # fmt: skip
        assert (warm.status_code, decoded(warm.content)) == (full.status_code, full.content), path
        assert {name: value for name, value in warm.headers.items() if name not in OURS} == {
            name: value for name, value in full.headers.items() if name not in OURS
        }, path
        assert set(warm.headers) >= SECURITY
        assert {name: warm.get(name, "") for name in ("Cache-Control", "Vary", "Content-Encoding", "Set-Cookie")} == {
            "Cache-Control": "public, max-age=0, must-revalidate",
            "Vary": "Accept-Encoding",
            "Content-Encoding": encoding,
            "Set-Cookie": "",
        }, path


def test_a_page_is_made_without_anything_of_the_request_but_host_and_path() -> None:
    request = RequestFactory().get("/en/?a=b", headers={"accept-language": "vi", "cookie": "a=b", "x": "y"})
    assert (request.headers["x"], request.COOKIES, request.GET) == ("y", {"a": "b"}, {"a": ["b"]})  # read, so kept
    bare = page_cache._bare(request, "testserver", "")
    assert (dict(bare.headers), bare.COOKIES, bare.GET) == ({"Host": "testserver"}, {}, {})
    assert (bare.path, bare.method, request.headers["x"]) == ("/en/", "GET", "y")


def test_a_known_page_asks_one_query_and_one_made_anew_two_more_at_most(
    site: dict[str, Article], client: Client
) -> None:
    first = {path: asked(client, path) for path in PAGES}
    assert (first[EN], first["/vi/articles/headline-alpha/"], first["/en/articles/headline-both/"]) == (2, 2, 2)
    assert {path: count for path, count in first.items() if path in ("/en/", "/en/categories/technology/")} == {
        "/en/": 2,
        "/en/categories/technology/": 3,
    }
    assert {asked(client, path) for path in PAGES} == {1}


def test_head_is_get_without_the_words_known_or_not(site: dict[str, Article], client: Client) -> None:
    for path in PAGES:
        cold = client.head(path, headers={"accept-encoding": "br"})
        get, warm = (getattr(client, ask)(path, headers={"accept-encoding": "br"}) for ask in ("get", "head"))
        for head in (cold, warm):
            assert (head.status_code, dict(head.headers), head.content) == (get.status_code, dict(get.headers), b"")
        assert get["Content-Length"] == str(len(get.content))


def test_whoever_has_it_is_told_so_in_one_query(live: Article, client: Client) -> None:
    tags = {}
    for encoding in ("", "gzip", "br"):
        page = client.get(EN, headers={"accept-encoding": encoding})
        tags[encoding] = page["ETag"]
        for known in (page["ETag"], f"W/{page['ETag']}", f'"other", {page["ETag"]}', "*"):
            again = client.get(EN, headers={"accept-encoding": encoding, "if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            gone = {"Content-Type", "Content-Length", "Content-Encoding"}
            assert dict(again.headers) == {n: v for n, v in page.headers.items() if n not in gone}
    assert len(set(tags.values())) == 3
    assert client.get(EN, headers={"if-none-match": tags["br"]}).status_code == 200
    assert asked(client, EN, **{"if-none-match": tags[""]}) == 1


def test_what_was_had_before_a_change_is_not_what_is_had_now(live: Article, desk: Desk, client: Client) -> None:
    before = client.get(EN)["ETag"]
    corrected(live, desk=desk, note="It was wrong.")
    assert client.get(EN, headers={"if-none-match": before}).status_code == 200


# --- at once right -----------------------------------------------------------------------------------


def renamed(model: Any, **fields: str) -> Callable[[dict[str, Article], Desk], object]:
    def rename(live: Article, desk: Desk) -> None:
        row = model.objects.earliest("pk")
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()

    return rename


CHANGES: dict[str, Callable[[dict[str, Article], Desk], object]] = {
    "correction": lambda site, desk: corrected(site["Alpha"], desk=desk, note="It was wrong."),
    "typo": lambda site, desk: corrected(site["Alpha"], desk=desk, kind="typo", note="A letter."),
    "another address": lambda site, desk: corrected(site["Alpha"], desk=desk, note="So it is.", slug="headline-new"),
    "withdrawal": lambda site, desk: withdrawn(site["Alpha"], desk=desk),
    "back again": lambda site, desk: corrected(site["Gone"], desk=desk, note="Right now.", summary="Right now."),
    "correction in the other language": lambda site, desk: corrected(site["Both"], "vi", desk=desk, note="Sai."),
    "translation": lambda site, desk: factories.published(site["Alpha"], "vi", desk=desk),
    "another article": lambda site, desk: factories.published(factories.article(desk.an, "New"), desk=desk),
    "submission": lambda site, desk: factories.in_review(factories.article(desk.an, "New"), desk=desk),
    "category renamed": renamed(Category, name_en="Machines"),
    "category moved": renamed(Category, slug_en="machines"),
    "author renamed": renamed(Author, name="Mai Lan Anh", bio_en="Writes."),
    "source renamed": renamed(Source, name_en="The Example", slug="the-example"),
    "source renamed past the model": lambda site, desk: Source.objects.update(name_en="The Example"),
    "assessment": lambda site, desk: SourceAssessment(
        source=factories.source(), tier=3, assessor=desk.chi, review_by="2031-01-01"
    ).save(),
    "outcome": lambda site, desk: SourceOutcome.objects.create(
        source=factories.source(), held=False, reason="It was not so.", by=desk.chi
    ),
    "policy": lambda site, desk: PublishedPolicy.objects.create(
        version="2027.1", constants=POLICY.as_json(), note="Why.", by=desk.chi
    ),
}


def test_the_next_request_is_right_on_every_page_whatever_changed(
    site: dict[str, Article], desk: Desk, client: Client, whole: Client
) -> None:
    assert unlike(client, whole) == []
    before = {path: whole.get(path).content for path in PAGES}
    for name, change in CHANGES.items():
        with transaction.atomic():
            change({key: Article.objects.get(pk=row.pk) for key, row in site.items()}, desk)
            stale = unlike(client, whole)
            shows = any(whole.get(path).content != page for path, page in before.items())
            transaction.set_rollback(True)
        assert (name, stale, shows) == (name, [], True)
    assert unlike(client, whole) == []


def test_a_reassessment_is_seen(live: Article, desk: Desk, client: Client, whole: Client) -> None:
    client.get(EN)
    CHANGES["assessment"]({}, desk)
    assessed_again(live, desk=desk, note="The source was assessed again.")
    assert b"The source was assessed again." in client.get(EN).content
    assert client.get(EN).content == whole.get(EN).content


def test_no_page_changes_by_the_clock_alone(site: dict[str, Article], whole: Client) -> None:
    now = [whole.get(path).content for path in PAGES]
    with time_machine.travel(timezone.now() + timedelta(days=2000), tick=False):
        assert [whole.get(path).content for path in PAGES] == now


def test_a_move_leaves_the_other_articles_in_the_cache(live: Article, desk: Desk, client: Client) -> None:
    factories.published(factories.article(desk.an, "Both"), desk=desk)
    for path in (EN, "/en/articles/headline-both/"):
        client.get(path)
    withdrawn(live, desk=desk)
    assert asked(client, "/en/articles/headline-both/") == 1


def test_another_release_has_other_pages(
    live: Article, settings: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {release(): "as it is"}
    assert client.get("/en/")["ETag"]
    settings.NEWSROOM_NAME = "Another name"
    assert b"Another name" in Client().get("/en/").content
    names[release()] = "another name"
    monkeypatch.setattr(made_by, "_files", lambda: b"another template")
    names[release()] = "another template"
    assert list(names.values()) == ["as it is", "another name", "another template"]


def test_the_release_is_read_from_every_template(settings: Any, tmp_path: Any) -> None:
    settings.BASE_DIR = settings.STATIC_ROOT = tmp_path
    (tmp_path / "templates").mkdir()
    found = []
    for words in ("", "One", "Two"):
        (tmp_path / "templates" / "page.html").write_text(words)
        found.append(made_by._files.__wrapped__())
        (tmp_path / "staticfiles.json").write_text(words)
        found.append(made_by._files.__wrapped__())
    assert len(set(found)) == 6


# --- by nothing that is not in the key ---------------------------------------------------------------


def kept() -> int:
    assert isinstance(cache._connections[cache._alias], LocMemCache)  # type: ignore[attr-defined]
    return len(cache._cache)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "query", ["?utm_source=x", "?a=1&b=2", "?=", "?%ff=%00", "?x=%0d%0aSet-Cookie:a=b", "?before_=1"]
)
def test_a_parameter_of_others_makes_no_other_page_and_no_other_key(live: Article, client: Client, query: str) -> None:
    page, known = client.get(EN), kept()
    again = client.get(f"{EN}{query}")
    assert (dict(again.headers), again.content, kept()) == (dict(page.headers), page.content, known)


@pytest.mark.parametrize(
    "path", ["/en/?before=1", "/en/sources/?q=x", "/en/sources/?utm=1&q=x", "/en/ledger/?fingerprint=0"]
)
def test_what_is_asked_by_a_parameter_is_made_anew_and_not_kept(
    live: Article, client: Client, whole: Client, path: str
) -> None:
    page = client.get(path)
    assert (page.status_code, page.content, kept()) == (200, whole.get(path).content, 0)
    assert (page["Cache-Control"], page["Vary"]) == ("public, max-age=0, must-revalidate", "Accept-Encoding")
    assert client.get(path, headers={"if-none-match": page["ETag"]}).status_code == 304


def test_the_parameters_are_those_that_views_ask_for() -> None:
    """And of the search, which is never kept."""
    asked = {
        call.args[0].value
        for path, tree in modules()
        if path.parts[:2] in {("articles", "views"), ("newsroom", "views.py"), ("articles", "feeds.py")}
        and path.name != "search.py"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"request.GET.get", "request.GET.getlist"}
        if isinstance(call.args[0], ast.Constant)
    }
    assert asked == PARAMETERS


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "vi"},
        {"cookie": "django_language=vi; messages=x; csrftoken=x"},
        {"range": "bytes=0-5"},
        {"x-forwarded-host": "evil.example"},
        {"x-forwarded-proto": "https"},
        {"if-modified-since": "Sat, 01 Jan 2050 00:00:00 GMT"},
        {"if-match": '"nothing"'},
        {"x-http-method-override": "DELETE"},
        {"authorization": "Basic eDp4"},
    ],
)
def test_no_header_but_the_host_reaches_a_page(
    live: Article, client: Client, other: Client, headers: dict[str, str]
) -> None:
    first = client.get(EN, headers=headers)
    cache.clear()
    plain = other.get(EN)
    again = other.get(EN, headers=headers)
    for page in (first, again):
        assert (page.status_code, dict(page.headers), page.content) == (200, dict(plain.headers), plain.content)


def test_each_host_and_scheme_has_its_own(live: Article, client: Client, whole: Client) -> None:
    for _time in range(2):
        for secure, host in ((False, "testserver"), (False, "127.0.0.1"), (True, "testserver")):
            page = client.get(EN, headers={"host": host}, secure=secure)
            full = whole.get(EN, headers={"host": host}, secure=secure)
            assert page.content == full.content
            assert f"http{'s' * secure}://{host}{EN}".encode() in page.content
    assert client.get(EN, headers={"host": "TESTSERVER"}).content == client.get(EN).content
    for host in ("evil.example", "testserver\r\nx: y", "testserver@evil.example", ""):
        assert client.get(EN, headers={"host": host}).status_code == 400
    assert kept() == 3


def test_who_is_signed_in_goes_past_it(
    live: Article, desk: Desk, client: Client, signed_in: Callable[..., Client]
) -> None:
    page = signed_in(desk.an).get(EN)
    assert (page.status_code, kept()) == (200, 0)
    assert "public" not in page.get("Cache-Control", "")
    client.get(EN)
    assert "public" not in signed_in(desk.an).get(EN).get("Cache-Control", "")


@pytest.mark.parametrize(
    "path",
    ["/", "/en/search/?q=alpha", "/en/search/", "/en/preview/made-up/", "/robots.txt", "/sitemap.xml",
     "/en/nothing/", "/en/articles/nothing/", "/en/articles/headline-alpha", "/en/sources/nothing/", "/de/",
     f"{EN}card-000000000000.png", "/vi/articles/tieu-de-alpha/", "/en/categories/number/1/", "/en/archive/"],
)  # fmt: skip
def test_what_is_not_there_or_elsewhere_or_each_readers_own_is_not_kept(
    live: Article, client: Client, whole: Client, path: str
) -> None:
    page, full = client.get(path), whole.get(path)
    assert (page.status_code, {**page.headers, "Content-Length": ""}, kept()) == (
        full.status_code, {**full.headers, "Content-Length": ""}, 0,
    )  # fmt: skip


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_only_what_reads_is_answered_from_it(live: Article, client: Client, method: str) -> None:
    client.get(EN)
    assert getattr(client, method)(EN).status_code == 405


def test_a_secure_desk_sends_on_before_anything_is_asked(live: Article, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    sent = Client().get(f"{EN}?utm=1")
    assert (sent.status_code, sent["Location"], kept()) == (301, f"https://testserver{EN}?utm=1", 0)


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", ""), ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("gzip;q=1.0, br;q=0.1", "br"),
        ("gzip;q=0", ""), ("br;q=0, gzip", "gzip"), ("br; Q=0.000, GZIP ; q=0.5", "gzip"), ("*", "br"),
        ("*;q=0", ""), ("br;q=0, *", "gzip"), ("identity", ""), ("identity;q=0, *;q=0", ""), (";;,,q=0", ""),
        ("gzip;level=9;q=0", ""), ("brr, xgzip", ""),
    ],
)  # fmt: skip
def test_the_best_encoding_that_is_taken(accepted: str, expected: str) -> None:
    assert encoding_for(accepted) == expected


@given(st.text())
def test_no_accept_encoding_is_too_odd(accepted: str) -> None:
    assert encoding_for(accepted) in page_cache.ENCODINGS


# --- a cache that is not there, or not to be trusted -------------------------------------------------


class Broken:
    def get(self, key: str) -> bytes:
        raise ConnectionError("nobody is there")

    def set(self, key: str, value: bytes, lasts: int) -> None:
        raise TimeoutError("nobody answers")


def test_without_a_cache_the_page_is_right(
    live: Article, client: Client, whole: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_cache, "cache", Broken())
    assert client.get(EN).content == client.get(EN).content == whole.get(EN).content


@pytest.mark.parametrize("path", [EN, "/en/"])
def test_a_database_that_does_not_answer_is_told_of_as_on_every_page(
    live: Article, client: Client, whole: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def down(*args: object) -> str:
        raise OperationalError("nobody is there")

    client.get(path)
    monkeypatch.setattr(page_cache.invalidation, "_asked", down)
    assert client.get(path).content == whole.get(path).content
    monkeypatch.setattr("articles.models.publication.PublicationQuerySet.for_readers", down)
    client.raise_request_exception = False
    failed = client.get(path)
    assert failed.status_code == 503
    assert set(failed.headers) >= SECURITY
    assert "public" not in failed.get("Cache-Control", "")


def test_with_a_redis_where_nobody_listens_the_page_is_right(
    live: Article, client: Client, whole: Client, settings: Any
) -> None:
    settings.CACHES = settings.CACHES | {
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9",
            "OPTIONS": {"serializer": "newsroom.page_cache.AsItIs"},
        }
    }
    assert client.get(EN).content == whole.get(EN).content


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: b"",
        lambda page: b"garbage" * 9,
        lambda page: 7,
        lambda page: None,
        lambda page: {"status": 200},
        lambda page: page[:-1],
        lambda page: page[:-1] + bytes([page[-1] ^ 1]),
        lambda page: page[:16] + page[16:].replace(b"Alpha", b"Omega"),
        lambda page: page[1:],
    ],
)
def test_whatever_lies_in_the_cache_the_page_is_right(
    live: Article, client: Client, other: Client, whole: Client, spoil: Callable[[bytes], Any]
) -> None:
    client.get(EN)
    (key,) = (name.split(":", 2)[2] for name in cache._cache)  # type: ignore[attr-defined]
    cache.set(key, spoil(cache.get(key)))
    assert other.get(EN).content == whole.get(EN).content
    assert asked(other, EN) == 1  # and it is put right


def test_a_page_under_the_key_of_another_is_not_taken(live: Article, client: Client, other: Client) -> None:
    client.get(EN)
    (key,) = (name.split(":", 2)[2] for name in cache._cache)  # type: ignore[attr-defined]
    page = cache.get(key)
    cache.clear()
    right = client.get("/en/").content
    (key,) = (name.split(":", 2)[2] for name in cache._cache)  # type: ignore[attr-defined]
    cache.set(key, page)
    assert other.get("/en/").content == right


def test_what_is_not_for_everybody_is_never_a_page() -> None:
    with_cookie = HttpResponse("x")
    with_cookie.set_cookie("a", "b")
    for response in (
        with_cookie,
        HttpResponse("x", headers={"Vary": "Cookie"}),
        HttpResponse("x", headers={"Cache-Control": "no-store"}),
        HttpResponse("x", headers={"Cache-Control": "public, max-age=31536000, immutable"}),
        HttpResponse("x", status=404),
        HttpResponse("x", status=500),
        HttpResponse("x" * (page_cache.LARGEST + 1)),
        StreamingHttpResponse(["x"]),
    ):
        assert page_cache._page(response, "", "lists") is None
    assert page_cache._page(HttpResponse("x"), "", "lists") is not None


# --- beside an edge ----------------------------------------------------------------------------------


def test_an_edge_is_told_how_long_and_by_which_keys(live: Article, settings: Any) -> None:
    settings.EDGE_PURGE_URL = "http://127.0.0.1:1/"
    client = Client()
    for path, keys in ((EN, "site at-headline-alpha"), ("/en/", "site lists"), ("/en/sources/example/", "site lists")):
        page = client.get(path)
        assert page["Cache-Control"] == "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
        assert page["Surrogate-Key"] == keys
    assert "Surrogate-Key" not in client.get("/en/search/")


@pytest.mark.django_db
def test_what_a_process_has_at_hand_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "NEAR", 3)
    there = PageCacheMiddleware(lambda request: HttpResponse("x"))
    for number in range(8):
        request = RequestFactory().get("/en/", headers={"host": f"127.0.0.1:{number + 1}"})
        assert there(request).status_code == 200
        assert len(there.near) <= 3
