"""Every address × every role × every state of an article, from the resolver: what answers what, written down.

The admin's answers are those of tests/articles/admin/test_permissions.py, whatever the state; what depends on it is
named here. A new address without a row fails. Nothing that a request forges is written; no page for readers carries a
word that was not published.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone, translation
from zeal import zeal_ignore

from articles import previewing, remarks, workflow
from articles.models import Article, Photo, Publication, ReviewStatus
from sources.models import Source
from tests import factories
from tests.articles import pictures
from tests.articles.admin.test_permissions import FORGED, OWN_GETS, TABLE, patterns, people
from tests.articles.steps import edit
from tests.factories import Desk

pytestmark = pytest.mark.django_db

STATES = ("draft", "in_review", "approved", "scheduled", "live", "corrected", "withdrawn")
SLUG = "headline-alpha"
SLUGS = {"sources": "example", "categories": "technology", "authors": "mai-lan"}
DRAFTED, PUBLISHED = "Omegadrafted", "Alpha"  # words of the working copy alone; words that went through the workflow

PICTURE = "pictures/<slug:sha256>/<int:x>-<int:y>-<int:width>.<slug:file_format>"
CROP = "pictures/<slug:sha256>/<int:x>-<int:y>-<slug:ratio>-<int:width>.<slug:file_format>"
OF_THE_DESK = "404 404 200 200 200 200 200"  # of a picture that no reader can see: by who asks, as `people` has them

# For readers, by GET, in the order of the states: whoever asks, signed in or not.
READERS = {
    "": "302 302 302 302 302 302 302",
    "robots.txt": "200 200 200 200 200 200 200",
    ".well-known/security.txt": "404 404 404 404 404 404 404",  # nobody to report to is set
    "trust.txt": "200 200 200 200 200 200 200",
    "healthz": "200 200 200 200 200 200 200",
    "readyz": "200 200 200 200 200 200 200",
    "metrics": "404 404 404 404 404 404 404",  # no token is set
    "policy-report": "405 405 405 405 405 405 405",  # by POST alone: tests/newsroom/test_reports.py
    "favicon.ico": "302 302 302 302 302 302 302",
    "sitemap.xml": "200 200 200 200 200 200 200",
    "sitemap-<int:page>.xml": "200 200 200 200 200 200 200",
    "news-sitemap.xml": "200 200 200 200 200 200 200",
    "i18n/setlang/": "302 302 302 302 302 302 302",
    "en/": "200 200 200 200 200 200 200",
    "en/articles/<slug:slug>/": "404 404 404 404 200 200 410",
    "en/articles/<slug:slug>/record.json": "404 404 404 404 200 200 200",
    "en/articles/<slug:slug>/history/": "404 404 404 404 200 200 410",
    "en/articles/<slug:slug>/history/<int:number>/": "404 404 404 404 200 200 410",
    "en/articles/<slug:slug>/history/<int:number>/record.json": "404 404 404 404 200 200 410",
    "en/articles/<slug:slug>/card-<slug:key>.png": "404 404 404 404 302 302 410",  # the key is no longer so
    "en/about/": "200 200 200 200 200 200 200",
    "en/about/<slug:slug>/": "404 404 404 404 301 301 410",  # of an article that is none: to its own address
    "en/categories/number/<int:pk>/": "302 302 302 302 302 302 302",
    "en/categories/<slug:slug>/": "200 200 200 200 200 200 200",
    "en/authors/number/<int:pk>/": "404 404 404 404 302 302 404",
    "en/authors/<slug:slug>/": "404 404 404 404 200 200 404",
    "en/archive/": "200 200 200 200 302 302 200",
    "en/archive/<month:start>/": "200 200 200 200 200 200 200",
    "en/corrections/": "200 200 200 200 200 200 200",
    "en/sources/": "200 200 200 200 200 200 200",
    "en/sources/number/<int:pk>/": "302 302 302 302 302 302 302",
    "en/sources/<slug:slug>/": "200 200 200 200 200 200 200",
    "en/search/": "200 200 200 200 200 200 200",
    "en/confidence/": "200 200 200 200 200 200 200",
    "en/ledger/": "200 200 200 200 200 200 200",
    "en/manifest.webmanifest": "200 200 200 200 200 200 200",
    "en/feed.atom": "200 200 200 200 200 200 200",
    "en/feed.rss": "200 200 200 200 200 200 200",
    "en/feed.json": "200 200 200 200 200 200 200",
    **{f"en/categories/<slug:slug>/feed.{form}": "200 200 200 200 200 200 200" for form in ("atom", "rss", "json")},
    **{f"en/authors/<slug:slug>/feed.{form}": "404 404 404 404 200 200 404" for form in ("atom", "rss", "json")},
    **{f"en/corrections/feed.{form}": "200 200 200 200 200 200 200" for form in ("atom", "rss", "json")},
    # By the link to a preview that is open; then by the words that are live.
    **dict.fromkeys((PICTURE, CROP), "200 200 200 200 200 200 404"),
    "en/preview/<str:token>/": "200 200 200 200 200 200 410",
}
# Where people sign in, whatever there is to read: GET by nobody, by somebody who signed in; then a POST of `FORGED`.
ACCOUNTS = {
    "accounts/": "302 200 | 302 405",
    "accounts/login/": "200 302 | 200 302",
    "accounts/login/factor/": "302 302 | 302 302",
    "accounts/login/passkey/": "302 302 | 302 302",
    "accounts/logout/": "302 200 | 302 302",
    "accounts/reauthenticate/": "302 200 | 302 200",
    "accounts/sessions/": "302 200 | 302 302",
    "accounts/password/": "302 200 | 302 200",
    "accounts/password/lost/": "200 200 | 200 200",
    "accounts/password/lost/mailed/": "200 200 | 405 405",
    "accounts/password/new/<slug:uidb36>/<slug:key>/": "200 200 | 200 200",  # of a link that is none
    "accounts/password/set/": "200 200 | 405 405",
    "accounts/app/": "302 200 | 302 200",
    "accounts/app/remove/": "302 404 | 302 404",  # of who has none
    "accounts/passkeys/": "302 200 | 302 200",
    "accounts/passkeys/<int:pk>/remove/": "302 404 | 302 404",
    "accounts/codes/": "302 404 | 302 405",
    "accounts/codes/new/": "302 200 | 302 200",
}
SHOWS_DRAFTS = {"en/preview/<str:token>/"}  # to whoever holds the link


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def brought(state: str, desk: Desk) -> Publication:
    """The English of an article in `state`, with a preview link, and a working copy that says something newer."""
    article = factories.article(desk.an, lead=pictures.photo(desk.an))
    factories.cite(article, desk.an)
    publication = factories.in_review(article, desk=desk)
    previewing.make(article.versions.get(), by=desk.binh, days=1)
    remark = remarks.write(publication, by=desk.binh, version=1, paragraph=1, text="Who says so?")
    remarks.answer(remark, by=desk.binh, text="They do.", resolves=True)
    if state == "draft":
        workflow.recall(publication, by=desk.an, version=1)
    if state not in ("draft", "in_review"):
        factories.approve(publication, desk=desk)
    if state == "scheduled":
        workflow.schedule(publication, by=desk.chi, version=1, due=timezone.now() + timedelta(days=1))
    if state in ("live", "corrected", "withdrawn"):
        workflow.publish(publication, by=desk.chi, version=1)
    if state == "corrected":
        edit(article, desk.an, summary_en="Summary Alpha, corrected.")
        factories.approved(Article.objects.get(pk=article.pk), desk=desk)
        workflow.correct(publication, by=desk.chi, version=2, kind="correction", note="It was wrong.")
    if state == "withdrawn":
        workflow.withdraw(publication, by=desk.chi, version=1, note="It was wrong.")
    edit(
        article, desk.an, headline_en=DRAFTED, slug_en=DRAFTED.lower(), summary_en=DRAFTED, body_en=f"<p>{DRAFTED}</p>"
    )
    return Publication.objects.select_related("article").get(pk=publication.pk)


def address(pattern: str, publication: Publication, desk: Desk) -> str:
    version = publication.in_review or publication.approved or publication.live or publication.article.versions.get()
    numbers = {
        "articles/article": publication.article_id,
        "articles/publication": publication.pk,
        "articles/version": version.pk,
        "articles/category": publication.article.category_id,
        "articles/author": publication.article.authors.get().pk,
        "en/sources": Source.objects.get(slug="example").pk,
        "en/categories": publication.article.category_id,
        "en/authors": publication.article.authors.get().pk,
        "articles/reviewstatus": ReviewStatus.objects.latest("pk").pk,
        "articles/photo": Photo.objects.get().pk,
    }
    number = str(numbers.get("/".join(pattern.removeprefix("admin/").split("/")[:2]), 1))
    parts = {
        "<path:object_id>": number,
        "<int:pk>": number,
        "<int:number>": "1",
        "<int:page>": "1",
        "<int:remark>": str(publication.remarks.earliest("pk").pk),
        "<slug:move>": "publish",
        "<slug:sha256>": Photo.objects.get().file_id,
        "<int:x>-<int:y>-<int:width>": "50-50-480",
        "<int:x>-<int:y>-<slug:ratio>-<int:width>": "50-50-4x3-1066",
        "<slug:file_format>": "jpeg",
        "<slug:source>": "vi",
        "<slug:language>": "en",
        "<slug:name>": "waiting",
        "<slug:slug>": SLUGS.get(pattern.removeprefix("en/").split("/")[0], SLUG),
        "<slug:key>": "0" * 12,
        "<month:start>": f"{timezone.localtime():%Y/%m}",
        "<str:token>": previewing.url(previewing.links().get()).split("/")[-2],
    }
    for part, value in parts.items():
        pattern = pattern.replace(part, value)
    assert not set(pattern) & set("<>()?^$"), pattern
    return f"/{pattern}"


TOKEN = "the token of the one link"


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def written(statement: str) -> bool:
    return statement.split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"} and (
        '"articles_' in statement or '"sources_' in statement
    )


def answer(client: Client, method: str, url: str, data: dict[str, str]) -> tuple[str, str]:
    """The status, with a star where a row of the desk was written; and the page. Undone at once."""
    with transaction.atomic(), zeal_ignore(OWN_GETS):
        with CaptureQueriesContext(connection) as queries:
            response = getattr(client, method)(url, data)
        transaction.set_rollback(True)
    star = "*" * any(written(query["sql"] or "") for query in queries)
    return f"{response.status_code}{star}", "" if response.streaming else response.content.decode()


def clients(desk: Desk) -> list[Client]:
    browsers = []
    for person in people(desk):
        browser = Client(headers={"accept-language": "en"})
        if person:
            browser.force_login(person)
        browsers.append(browser)
    return browsers


def test_every_address_has_its_row() -> None:
    """By default an address is not there: whoever makes one says who gets what."""
    found = list(patterns(get_resolver()))
    assert sorted(found) == sorted([*READERS, *ACCOUNTS, *(f"admin/{pattern}" for pattern in TABLE)])


def test_readers_get_the_same_whoever_they_are_and_no_word_that_was_not_published(state: str, desk: Desk) -> None:
    publication = brought(state, desk)
    browsers = clients(desk)
    for pattern, row in READERS.items():
        url = address(pattern, publication, desk)
        expected = [dict(zip(STATES, row.split(), strict=True))[state]] * len(browsers)
        if pattern in (PICTURE, CROP) and "404" in expected:
            expected = OF_THE_DESK.split()
        for client, status in zip(browsers, expected, strict=True):
            code, page = answer(client, "get", url, {})
            assert code.rstrip("*") == status, (pattern, code)
            assert ("*" in code) == (pattern in SHOWS_DRAFTS and code.startswith("200")), pattern
            assert DRAFTED not in page
            if state not in ("live", "corrected") and pattern not in SHOWS_DRAFTS:
                assert PUBLISHED not in page, pattern


@pytest.mark.parametrize("pattern", ACCOUNTS)
def test_an_account_has_its_pages_and_nobody_elses(pattern: str, desk: Desk) -> None:
    person = Client()
    person.post("/accounts/login/", {"login": "an", "password": "secret"})
    url = "/" + re.sub("<[^>]+>", "1", pattern)
    found = [
        " ".join(answer(client, method, url, data)[0] for client in (Client(), person))
        for method, data in (("get", {}), ("post", FORGED))
    ]
    assert " | ".join(found) == ACCOUNTS[pattern]


# --- the desk ----------------------------------------------------------------------------------------

# Where the answer is not that of the admin's table, which counts rows that are other than before: GET | POST.
OTHERWISE = {
    # Asks the database to mark as read what is unread of one's own, which is none.
    "articles/notification/read/": "302 302 302 302 302 302 302 | 302 302* 302* 302* 302* 302* 302*",
}
DESK = [pattern for pattern in TABLE if pattern.startswith("articles/")]
OF_AN_ARTICLE = ("articles/article/", "articles/publication/", "articles/version/", "articles/reviewstatus/")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="who gets what is the same on either engine; asked once")
def test_each_role_gets_what_the_table_says_wherever_the_article_stands(state: str, desk: Desk) -> None:
    publication = brought(state, desk)
    browsers = clients(desk)
    asked = [pattern for pattern in DESK if state == "live" or pattern.startswith(OF_AN_ARTICLE)]

    def answers(url: str, method: str, data: dict[str, str]) -> str:
        return " ".join(answer(client, method, url, data)[0] for client in browsers)

    urls = {pattern: address(f"admin/{pattern}", publication, desk) for pattern in asked}
    found = {pattern: f"{answers(url, 'get', {})} | {answers(url, 'post', FORGED)}" for pattern, url in urls.items()}
    assert found == {pattern: (TABLE | OTHERWISE)[pattern] for pattern in asked}
