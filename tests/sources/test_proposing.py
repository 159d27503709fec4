"""A URL finds its source, or a new one is made at the address that names its author: not rated."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.addresses import BadAddress
from sources.joining import join
from sources.models import Kind, Source, SourceAddress
from sources.proposing import MOST, Reason, found_or_made, proposals, source_of
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


# --- whom it may be of ---------------------------------------------------------------------------------


def proposed(url: str) -> list[tuple[str, Reason]]:
    return [(each.source.slug, each.reason) for each in proposals(url)]


def owned(source: Source, owner: Source) -> None:
    source.owner = owner
    source.save()


def test_the_likeliest_comes_first_each_once_with_its_best_reason() -> None:
    group, house = at("group", ("group.example", "")), at("house")
    site, section = at("site", ("news.vn", "")), at("section", ("news.vn", "sport/football"))
    blog, sister = at("blog", ("blog.news.vn", "")), at("sister", ("en.news.vn", ""))
    owned(site, house)
    owned(section, house)
    owned(house, group)
    assert proposed("https://news.vn/sport/football/1") == [
        ("section", Reason.ADDRESS), ("site", Reason.HOST), ("house", Reason.OWNER), ("blog", Reason.NEIGHBOUR),
        ("sister", Reason.NEIGHBOUR), ("group", Reason.GROUP),
    ]  # fmt: skip
    assert proposed("https://blog.news.vn/1") == [
        ("blog", Reason.HOST), ("site", Reason.SITE), ("house", Reason.OWNER), ("section", Reason.NEIGHBOUR),
        ("sister", Reason.NEIGHBOUR), ("group", Reason.GROUP),
    ]  # fmt: skip
    assert blog.pk != sister.pk


def test_where_no_address_is_known_those_beside_it_and_their_owner_are_proposed() -> None:
    house, sport = at("house"), at("sport", ("thethao.example.com.vn", ""))
    owned(sport, house)
    at("stranger", ("other.com.vn", ""))
    at("longer", ("notexample.com.vn", ""))
    assert source_of("https://giaitri.example.com.vn/1") is None
    assert proposed("https://giaitri.example.com.vn/1") == [("house", Reason.OWNER), ("sport", Reason.NEIGHBOUR)]


def test_on_a_platform_nobody_is_proposed_for_another_accounts_post() -> None:
    house, an = at("house"), at("an", ("x.com", "an"))
    at("binh", ("x.com", "binh"))
    owned(an, house)
    assert proposed("https://mobile.twitter.com/An/status/1") == [("an", Reason.ADDRESS), ("house", Reason.OWNER)]
    assert proposed("https://x.com/chi/status/1") == []


def test_the_first_is_the_source_that_is_found() -> None:
    at("site", ("example.org", "a"))
    at("host", ("b.example.org", ""))
    for url in ("https://b.example.org/a/1", "https://example.org/a/b", "https://c.example.org/a"):
        assert proposals(url)[0].source == source_of(url)


def test_what_was_merged_is_proposed_as_what_it_is_now() -> None:
    one, two = at("one", ("one.example", "")), at("two", ("two.example", ""))
    join(one, two)
    assert proposed("https://one.example/1") == [("two", Reason.HOST)]


def test_so_many_are_proposed_and_no_more() -> None:
    for number in range(MOST + 5):
        at(f"n{number}", (f"n{number}.example.org", ""))
    assert len(proposals("https://example.org/1")) == MOST


@pytest.mark.parametrize("url", ["javascript:alert(1)", "nothing", ""])
def test_an_address_that_is_none_proposes_nobody(url: str) -> None:
    with pytest.raises(BadAddress):
        proposals(url)


def test_proposing_asks_as_much_of_thirty_as_of_one() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            proposals("https://example.org/1")
        return len(queries)

    top = at("top")
    owned(at("n", ("n.example.org", "")), top)
    one = asked()
    for number in range(30):
        owned(at(f"n{number}", (f"n{number}.example.org", "")), top)
    assert asked() == one
