"""How the desk runs, as a superuser sees it; and what `health` tells besides what stops readers."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from articles import workflow
from articles.models import Heartbeat, Invalidation, Notification, Rendition, Schedule
from newsroom import health
from tests import factories
from tests.articles import pictures
from tests.articles.admin.conftest import Enter, page
from tests.factories import Desk

URL = "/admin/running/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def root(enter: Enter) -> Client:
    """A worker was heard of just now."""
    Heartbeat.objects.beat()
    return enter(factories.user("root", is_superuser=True))


def failed(desk: Desk, marker: str = "Alpha") -> None:
    """A schedule, a mail and a size of a picture, each with its reason; and a change that waits for the edge."""
    publication = factories.approved(factories.article(desk.an, marker), desk=desk)
    workflow.schedule(publication, by=desk.chi, version=1, due=timezone.now() + timedelta(hours=1))
    Schedule.objects.update(state="failed", attempts=3, last_error="The database did not answer.")
    User.objects.update(email="someone@desk.example.org")
    other = factories.in_review(factories.article(desk.an, f"{marker} two"), desk=desk)
    workflow.request_changes(other, by=desk.binh, version=1, note="Who says so?")
    Notification.objects.update(mail="failed", mail_error="SMTPRefused: <b>no</b>")
    pictures.photo(desk.an)
    Rendition.objects.update(state="failed", last_error="it took too long")
    Invalidation.objects.create(article_id=publication.article_id, step=1, attempts=2, last_error="refused")


def test_a_desk_that_is_well_says_so_of_each_part(root: Client) -> None:
    words = page(root.get(URL)).one("body").words
    for name in health.CHECKS | health.BESIDE:
        assert f"{health.LABELS[name]}: as it should be" in words
    assert "not as it should be" not in words
    assert "A worker was last heard of on" in words


def test_what_failed_is_told_with_its_reason_as_words(root: Client, desk: Desk) -> None:
    failed(desk)
    Heartbeat.objects.all().delete()
    response = root.get(URL)
    words = page(response).one("body").words
    for said in (
        "Worker: not as it should be none was heard of",
        "No worker was ever heard of.",
        "Headline Alpha",
        "failed 3 times",
        "The database did not answer.",
        "SMTPRefused: <b>no</b>",
        "16x9 480 jpeg it took too long",
        "refused",
    ):
        assert said in words, said
    assert "<b>no" not in response.content.decode()


def test_it_asks_as_much_of_many_failures_as_of_one(root: Client, desk: Desk) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            root.get(URL)
        return len(queries)

    failed(desk)
    one = asked()
    for marker in ("Beta", "Gamma", "Delta"):
        failed(desk, marker)
    assert asked() == one


@pytest.mark.parametrize("name", ["an", "chi", "root"])
def test_the_desk_leads_superusers_there_alone(name: str, root: Client, desk: Desk, enter: Enter) -> None:
    client = root if name == "root" else enter(getattr(desk, name))
    assert (client.get(URL).status_code == 200) is (name == "root")
    assert (URL in client.get("/admin/").content.decode()) is (name == "root")


# --- what `health` tells -----------------------------------------------------------------------------


def told() -> list[str]:
    try:
        call_command("health")
    except CommandError as error:
        return str(error).splitlines()
    return []


def test_dead_links_are_told_and_mailed_where_there_are_more_than_the_desk_bears(
    root: Client, desk: Desk, settings: Settings
) -> None:
    settings.NEWSROOM_DEAD_LINKS = 2
    for marker in ("Alpha", "Beta"):  # cited twice is once
        article = factories.article(desk.an, marker)
        for number in (1, 2):
            factories.cite(article, desk.an, url=f"https://example.org/{number}")
            factories.dead(f"https://example.org/{number}")
    assert told() == []
    factories.cite(article, desk.an, url="https://example.org/3")
    factories.dead("https://example.org/3")
    assert told() == ["links: 3 cited pages are gone and have no archived copy, see the desk"]
    with pytest.raises(CommandError):
        call_command("health", "--mail", "root@desk.example.org")
    assert "links: 3 cited pages" in mail.outbox[-1].body


def test_no_stranger_makes_the_desk_count_its_links(root: Client) -> None:
    assert not health.faults().keys() & health.BESIDE.keys()
    assert health.all_faults().keys() == health.LABELS.keys()


def test_mails_sizes_and_an_edge_that_is_not_told_are_told(root: Client, desk: Desk, settings: Settings) -> None:
    def names() -> list[str]:
        return [line.split(":")[0] for line in told()]

    failed(desk)
    Invalidation.objects.all().delete()
    Invalidation.objects.create(article_id=1, step=1)
    assert names() == ["schedules", "mails", "pictures"]
    settings.EDGE_PURGE_URL = "http://127.0.0.1:1/"
    assert "edge" not in names()
    Invalidation.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert "edge" in names()
    Notification.objects.update(at=timezone.now() - timedelta(days=2))
    assert "mails" not in names()
