"""A URL finds its source, or a new one is made at the address that names its author: not rated."""

from typing import Any

import pytest

from sources.addresses import BadAddress
from sources.models import Kind, Source, SourceAddress
from sources.proposing import found_or_made, source_of
from tests import factories

pytestmark = pytest.mark.django_db


def register() -> list[tuple[Any, ...]]:
    """Every source with its addresses."""
    return [
        (row.slug, row.kind, row.name_vi, row.name_en, sorted(str(address) for address in row.addresses.all()))
        for row in Source.objects.order_by("pk").prefetch_related("addresses")
    ]


def at(slug: str, *places: tuple[str, str]) -> Source:
    row = Source.objects.create(slug=slug, name_en=slug)
    for host, path in places:
        SourceAddress.objects.create(source=row, host=host, path=path)
    return row


def test_the_most_specific_address_finds_the_source() -> None:
    site, section, blog = (
        at("site", ("example.org", "")),
        at("section", ("example.org", "a/b")),
        at("blog", ("b.example.org", "")),
    )
    assert source_of("https://example.org/a") == site
    assert source_of("https://www.example.org/A/B/c?d") == section
    assert source_of("https://example.org/ab") == site
    assert source_of("https://b.example.org/a/b") == blog
    assert source_of("https://c.example.org/x") == site
    assert source_of("https://another.org/a/b") is None


def test_a_post_finds_its_author_and_never_the_platform() -> None:
    an = at("an", ("x.com", "an"))
    at("the-platform", ("x.com", ""))
    assert source_of("https://twitter.com/An/status/1") == an
    assert source_of("https://x.com/another/status/1") is None
    assert source_of("https://x.com/") is None


def test_a_known_source_is_found_and_nothing_made() -> None:
    known = factories.source("example")
    before = register()
    assert found_or_made("https://example.org/9", "Another name", "en") == known
    assert register() == before


def test_a_site_is_made_at_its_host_in_the_language_of_its_name() -> None:
    made = found_or_made("https://www.Example.org/a/b?c=d", "Báo Đời", "vi")
    assert register() == [("bao-doi", Kind.ORGANISATION, "Báo Đời", None, ["example.org"])]
    assert Source.objects.with_tier().get(pk=made.pk).tier is None


def test_an_author_is_made_at_the_account() -> None:
    found_or_made("https://twitter.com/Thom_Wolf/status/1", "Thomas Wolf", "en")
    assert register() == [("thomas-wolf", Kind.PERSON, None, "Thomas Wolf", ["x.com/thom_wolf"])]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://example.org/1", "http://www.EXAMPLE.org/2/3"),
        ("https://x.com/an/status/1", "https://mobile.twitter.com/AN"),
        ("https://linkedin.com/in//an", "https://vn.linkedin.com/in/an/"),
        ("https://báo.example.vn/1", "https://xn--bo-mia.example.vn/2"),
    ],
)
def test_what_was_made_once_is_found_again(first: str, second: str) -> None:
    made = found_or_made(first, "An", "en")
    assert [found_or_made(url, "Again", "vi") for url in (first, second)] == [made, made]
    assert len(register()) == 1


def test_two_sources_of_one_name_get_addresses_of_their_own() -> None:
    at("an-2-more")
    slugs = [found_or_made(f"https://site{n}.org", "An", "en").slug for n in range(4)]
    assert slugs == ["an", "an-2", "an-3", "an-4"]


def test_a_name_that_makes_no_address_lends_the_hosts() -> None:
    assert found_or_made("https://news.example.jp/1", "新聞", "en").slug == "news-example-jp"
    assert found_or_made("https://x.com/an/1", "安", "en").slug == "x-com-an"


@pytest.mark.parametrize("url", ["https://x.com/", "https://youtube.com/watch?v=1", "javascript:alert(1)", "nothing"])
def test_an_address_that_names_nobody_makes_nobody(url: str) -> None:
    with pytest.raises(BadAddress):
        found_or_made(url, "An", "en")
    assert register() == []
