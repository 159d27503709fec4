"""What every test may ask for. A desk is people with the groups that the migrations made."""

import gc
import os
import shutil
import socket
from collections.abc import Callable, Generator, Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone
from django.utils.translation import override

from articles import auditing, previewing, remarks, roles, workflow
from articles.confidence import POLICY
from articles.models import (
    Address,
    Audit,
    AuthorSlug,
    CategorySlug,
    Correction,
    Edit,
    PreviewOpening,
    Publication,
    PublishedPolicy,
    Remark,
    ReviewStatus,
    SearchWords,
    Verdict,
    Verification,
    Version,
    VersionAuthor,
    VersionPhoto,
    VersionSource,
)
from sources.frozen import FrozenModel, lifted
from sources.models import SourceAssessment, SourceOutcome, SourceSlug
from tests import factories
from tests.articles import pictures

# Where each case asks the database something else.
EACH_CASE = (
    "tests/articles/management/",
    "tests/articles/test_guards",
    "tests/articles/test_joining_races.py",
    "tests/articles/test_kept_slugs.py",
    "tests/articles/test_plans.py",
    "tests/articles/test_races",
    "tests/articles/test_search.py",
    "tests/articles/workflow/",
    "tests/sources/test_frozen.py",
)
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests, their modules and Django live until the end: nothing is gained by looking at them again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Which tests ask the database anything, and so can say something new on another engine. Of most tests one case
    does, another at each run: whatever words come in, the database is asked the same.
    """
    seen: set[str] = set()
    for item in items:
        asks = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        test = item.nodeid.partition("[")[0]
        if (asks or item.get_closest_marker("django_db")) and test not in seen:
            item.add_marker("database")
            if not test.startswith(EACH_CASE):
                seen.add(test)


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_triggers() -> Iterator[None]:
    """Tests that commit are cleaned up by flushing, which append-only tables refuse: lifted for that alone."""
    flush = TransactionTestCase._fixture_teardown

    def emptied(style: object, tables: Iterable[str], **how: object) -> list[str]:
        """As on SQLite. TRUNCATE makes each table and index a new file, which few rows are not worth."""
        return [*(f'DELETE FROM "{table}"' for table in tables), "SET CONSTRAINTS ALL IMMEDIATE"]

    def teardown(self: TransactionTestCase) -> None:
        with lifted(connection), pytest.MonkeyPatch.context() as patch:
            if connection.vendor == "postgresql":
                patch.setattr(connection.ops, "sql_flush", emptied)
            flush(self)
        SearchWords.objects.all().delete()  # a table of the engine's own kind, of which a flush knows nothing
        roles.install(apps)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(scope="session", autouse=True)
def _no_test_leaves_this_machine() -> Iterator[None]:
    """Whatever a test cites and a worker in it then looks at: no stranger is asked."""
    ask = socket.getaddrinfo

    def asked(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in {None, "", "localhost", "127.0.0.1", "::1", socket.gethostname()}:
            raise socket.gaierror(f"a test asked for {host}")
        return ask(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", asked)
        yield


@pytest.fixture(autouse=True)
def _no_cache_of_another_test() -> None:
    """A test that breaks a view for once is to see the broken view. Nor is any attempt of another's counted."""
    for each in caches.all(initialized_only=True):
        each.clear()


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences in English, whichever language the test before left active."""
    with override("en"):
        yield


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.desk()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def client(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return client


@pytest.fixture
def frozen_row(desk: factories.Desk) -> Callable[[type[FrozenModel]], FrozenModel]:
    """One row of an append-only model, made as the desk makes it."""

    def correction(publication: Publication) -> Correction:
        factories.approve(publication, desk=desk)
        workflow.publish(publication, by=desk.chi, version=1)
        return workflow.withdraw(publication, by=desk.chi, version=1, note="It was not so.").correction

    def drawn(publication: Publication) -> Audit:
        factories.approve(publication, desk=desk)
        workflow.publish(publication, by=desk.chi, version=1)
        return auditing.draw(Decimal(1), seed=1, live_since=timezone.now()).drawn[0]

    def verdict(publication: Publication) -> Verdict:
        return factories.judge(drawn(publication).version.article.publications.get(), by=desk.binh)

    def shown_with_a_picture() -> VersionPhoto:
        article = factories.article(desk.an, "Beta", lead=pictures.photo(desk.an))
        factories.in_review(article, desk=desk)
        return VersionPhoto.objects.get()

    def row(model: type[FrozenModel]) -> FrozenModel:
        article = factories.article(desk.an)
        factories.cite(article, desk.an)
        publication = factories.in_review(article, desk=desk)
        made: dict[type[FrozenModel], Callable[[], Any]] = {
            SourceAssessment: SourceAssessment.objects.get,
            SourceOutcome: lambda: SourceOutcome.objects.create(
                source=factories.source(), held=True, reason="Stood.", by=desk.chi
            ),
            SourceSlug: SourceSlug.objects.get,
            AuthorSlug: AuthorSlug.objects.get,
            CategorySlug: lambda: CategorySlug.objects.get(language="en"),
            Edit: lambda: Edit.objects.earliest("pk"),
            Verification: lambda: Verification.objects.create(
                article=article, content="0" * 64, checked="Read it.", by=desk.binh
            ),
            Version: lambda: publication.in_review,
            VersionAuthor: VersionAuthor.objects.get,
            VersionPhoto: lambda: shown_with_a_picture(),
            VersionSource: VersionSource.objects.get,
            Remark: lambda: remarks.write(publication, by=desk.binh, version=1, paragraph=1, text="Who says so?"),
            ReviewStatus: ReviewStatus.objects.get,
            Address: Address.objects.get,
            Correction: lambda: correction(publication),
            Audit: lambda: drawn(publication),
            Verdict: lambda: verdict(publication),
            PublishedPolicy: lambda: PublishedPolicy.objects.create(
                version="2027.1", constants=POLICY.as_json(), note="Why.", by=desk.chi
            ),
            PreviewOpening: lambda: PreviewOpening.objects.create(
                link=previewing.make(publication.in_review, by=desk.binh, days=7)
            ),
        }
        return made[model]()  # type: ignore[no-any-return]

    return row


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DECODERS, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CHROMIUM and not os.environ.get("NEWSROOM_NEEDS_BROWSER"):
        terminalreporter.section("The journeys in a real browser were NOT run: there is no Chromium here", red=True)
