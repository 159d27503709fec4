"""What is known of an address while it is cited: whose it is, how far the look at it has come, what speaks against its
archived copy.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from articles import citing
from articles.citing import Look
from articles.models import Link
from sources import addresses
from sources.fetching import Reason
from sources.models import SourceAddress
from sources.pagetext import Facts
from tests import factories
from tests.factories import Desk

URL = "https://news.example.org/bridge"
FACTS = Facts("The bridge", "The Harbour Post", "Mai Lan", "2026-05-03", "en")


@pytest.fixture(autouse=True)
def _looking(settings: Settings) -> Any:
    settings.NEWSROOM_CHECK_LINKS = True
    with translation.override("en"):
        yield


def link(url: str = URL, facts: Facts = FACTS, **fields: Any) -> Link:
    now = timezone.now()
    row = Link.to(url, now + timedelta(days=7))
    for name, value in {"facts": facts._asdict(), "checked_at": now, "taken_at": now, "status": 200, **fields}.items():
        setattr(row, name, value)
    row.save()
    return row


def test_the_source_is_the_one_whose_address_it_lies_under_with_its_tier(desk: Desk) -> None:
    source = factories.source("example", tier=2)
    account = factories.source("an", tier=None)
    SourceAddress.objects.create(source=account, host="x.com", path="an")
    found = [citing.known(url).source for url in (URL, "https://x.com/An/status/1")]
    assert found == [source, account]
    assert [each and getattr(each, "tier") for each in found] == [2, None]  # noqa: B009


@pytest.mark.parametrize(
    ("url", "place", "new_source"),
    [
        (URL, addresses.Place("news.example.org"), "The Harbour Post"),
        ("https://x.com/an/status/1", addresses.Place("x.com", "an"), "Mai Lan"),  # never the platform
    ],
)
def test_where_none_is_known_the_place_is_told_and_a_name_proposed(
    url: str, place: addresses.Place, new_source: str, db: None
) -> None:
    link(url)
    known = citing.known(f" {url} ")
    assert (known.source, known.place, known.new_source, known.facts) == (None, place, new_source, FACTS)


def test_no_name_is_proposed_for_a_source_that_is_known(db: None) -> None:
    factories.source()
    link("https://example.org/1")
    known = citing.known("https://example.org/1")
    assert (known.facts.site, known.new_source) == ("The Harbour Post", "")


@pytest.mark.parametrize("url", ["", "example.org", "https://x.com/home", "javascript:alert(1)", "https://a b.org/"])
def test_an_address_that_is_none_is_told_why_and_nobody_is_asked(url: str, db: None) -> None:
    citing.ask(url)
    with pytest.raises(addresses.BadAddress) as refused:
        addresses.account(url)
    assert citing.known(url) == citing.Known(bad=str(refused.value))


@pytest.mark.parametrize(
    ("fields", "look"),
    [
        ({}, Look.FOUND),
        ({"taken_at": None, "checked_at": None, "status": None}, Look.UNASKED),
        ({"status": 403}, Look.FAILED),
        ({"status": 404, "attempts": 1}, Look.FAILED),
        ({"last_error": Reason.NOT_TEXT}, Look.FAILED),
        ({"status": None, "last_error": Reason.INSIDE}, Look.FAILED),
        ({"status": None, "checked_at": None}, Look.FAILED),  # nobody answered, which may be our own network
    ],
)
def test_how_far_the_look_has_come(fields: dict[str, Any], look: Look, db: None) -> None:
    assert citing.known(URL).look is Look.UNASKED
    link(**fields)
    assert citing.known(URL).look is look


def test_a_desk_that_does_not_look_at_links_says_so_and_is_asked_nothing(db: None, settings: Settings) -> None:
    settings.NEWSROOM_CHECK_LINKS = False
    citing.ask(URL)
    assert (citing.known(URL).look, Link.objects.count()) == (Look.OFF, 0)
    settings.NEWSROOM_CHECK_LINKS = True
    citing.ask(URL)
    assert (citing.known(URL).look, Link.objects.count()) == (Look.AWAITED, 1)


@pytest.mark.parametrize(
    ("archive_url", "doubt"),
    [
        ("", ""),
        ("https://archive.example/20260503/https://news.example.org/bridge", ""),
        ("https://example.org/bridge", ""),
        ("not an address", ""),
        (f" {URL} ", "This is the address of the page itself, not of a copy: when the page changes, so does this."),
        (
            "http://www.NEWS.example.org/copy",
            "This is on news.example.org as well: when the page goes, this may go with it. A copy belongs elsewhere.",
        ),
    ],
)
def test_an_archived_copy_that_is_none_is_doubted(archive_url: str, doubt: str) -> None:
    assert citing.archive_doubt(URL, archive_url) == doubt


def test_paragraphs_without_a_mark_are_told_for_each_language_that_has_a_text(desk: Desk) -> None:
    article = factories.article(desk.an, body_vi="", body_en='<p>One.<sup data-cite="1"></sup></p><p>Two.</p>')
    assert citing.unmarked(article) == [("en", "English", ["Two."])]
