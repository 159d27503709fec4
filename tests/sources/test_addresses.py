"""Whose page a URL is: a post is its author's, never the platform's."""

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.addresses import LONGEST, PLATFORMS, BadAddress, Place, account, candidates, parse, platform, site

labels = st.text("abcxyz09-", min_size=1, max_size=6).map(lambda text: f"a{text.strip('-')}")
hosts = st.lists(labels, min_size=2, max_size=4).map(".".join)
segments = st.text("abcXYZ019@_.-%", min_size=1, max_size=8).filter(lambda text: text.strip("."))
paths = st.lists(segments | st.just(""), max_size=5).map("/".join)
platforms = st.sampled_from(sorted(PLATFORMS))
prefixes = st.sampled_from(["", "www.", "m.", "vn."])
urls = st.builds(
    "{}://{}{}/{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    prefixes,
    hosts | platforms,
    paths,
    st.sampled_from(["", "/", "?a=b", "#c", "/?q=x.com/other"]),
)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://example.org", Place("example.org")),
        ("https://example.org/", Place("example.org")),
        (" https://EXAMPLE.org/A/b/ ", Place("example.org", "A/b")),
        ("http://www.example.org:8080/a?b=c#d", Place("example.org", "a")),
        ("https://example.org./a", Place("example.org", "a")),
        ("https://news.example.org", Place("news.example.org")),
        ("https://www2.example.org", Place("www2.example.org")),
        ("https://báo.example.vn/tin", Place("xn--bo-mia.example.vn", "tin")),
        ("https://EXAMPLE\uff0eorg/", Place("example.org")),
        ("https://twitter.com/An/status/1", Place("x.com", "An/status/1")),
        ("https://threads.com/@an", Place("threads.net", "@an")),
        ("https://192.0.2.7/a", Place("192.0.2.7", "a")),
    ],
)
def test_an_address_is_a_host_and_a_path(url: str, place: Place) -> None:
    assert parse(url) == place


def test_a_place_reads_as_an_address() -> None:
    assert (str(Place("x.com", "an")), str(Place("example.org"))) == ("x.com/an", "example.org")


SCHEME = "The address must start with https:// or http://."
CHARACTER = "The address contains a space or a character that no address may contain."


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", SCHEME),
        ("example.org", SCHEME),
        ("javascript:alert(1)", SCHEME),
        ("JavaScript://example.org/%0aalert(1)", SCHEME),
        ("data:text/html,<script>", SCHEME),
        ("ftp://example.org", SCHEME),
        ("//example.org/a", SCHEME),
        ("https://", "“https://” is not a web address."),
        ("https://localhost/", "“https://localhost/” is not a web address."),
        ("https://[::1]/", "“https://[::1]/” is not a web address."),
        ("https://[bad/", "“https://[bad/” is not a web address."),
        ("https://a..b/", "“https://a..b/” is not a web address."),
        (f"https://{'a' * 64}.org/", f"“https://{'a' * 64}.org/” is not a web address."),
        ("https://an:pw@example.org/", "“https://an:pw@example.org/” is not a web address."),
        ("https://example.org@evil.example/", "“https://example.org@evil.example/” is not a web address."),
        ("https://example.org/a b", CHARACTER),
        ("https://example.org/a\nb", CHARACTER),
        ("https://example.org/\x00", CHARACTER),
        ("https://example.org/\u202egpj", CHARACTER),
        ("https://example.org/\u200b", CHARACTER),
        ("https://example.org\\@evil.example/", CHARACTER),
        ("https://example.org/" + "a" * LONGEST, "The address is longer than 2000 characters."),
    ],
)
def test_what_is_no_address_is_refused_with_a_reason(url: str, reason: str) -> None:
    with override("en"):
        for ask in (parse, account, candidates):
            with pytest.raises(BadAddress) as caught:
                ask(url)
            assert str(caught.value) == reason


def test_two_thousand_characters_are_not_too_long() -> None:
    path = "a" * (LONGEST - len("https://example.org/"))
    assert parse(f"  https://example.org/{path}  ") == Place("example.org", path)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        try:
            place = parse(url)
        except BadAddress as error:
            assert str(error)  # noqa: PT017  refusing is as good as answering, but never without a reason
        else:
            assert place.host.isascii()
            assert place.host == place.host.lower()
            assert "." in place.host


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("x.com", "x.com"),
        ("mobile.x.com", "x.com"),
        ("mobile.twitter.com", "x.com"),
        ("m.youtube.com", "youtube.com"),
        ("vn.linkedin.com", "linkedin.com"),
        ("netflix.com", None),
        ("notx.com", None),
        ("x.com.example.org", None),
        ("example.org", None),
    ],
)
def test_a_platform_is_known_by_its_host(host: str, name: str | None) -> None:
    assert platform(host) == name


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://example.org/news/1", Place("example.org")),
        ("https://news.example.org/1", Place("news.example.org")),
        ("https://x.com/Thom_Wolf/status/1?s=20", Place("x.com", "thom_wolf")),
        ("https://mobile.twitter.com/thom_wolf", Place("x.com", "thom_wolf")),
        ("https://www.youtube.com/@Desk/videos", Place("youtube.com", "@desk")),
        ("https://youtube.com/channel/UC1/videos", Place("youtube.com", "channel/uc1")),
        ("https://www.linkedin.com/in/An/details", Place("linkedin.com", "in/an")),
        ("https://reddit.com/user/An/comments", Place("reddit.com", "user/an")),
        ("https://bsky.app/profile/an.example/post/1", Place("bsky.app", "profile/an.example")),
        ("https://instagram.com/stories/an/1", Place("instagram.com", "stories/an")),
        ("https://github.com//An//repo", Place("github.com", "an")),
    ],
)
def test_an_account_names_who_published(url: str, place: Place) -> None:
    assert account(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com",
        "https://x.com/",
        "https://www.linkedin.com/in",
        "https://bsky.app/profile/",
        "https://x.com/i/status/1",
        "https://x.com/search?q=a",
        "https://www.youtube.com/watch?v=1",
        "https://www.youtube.com/Watch?v=1",
        "https://youtube.com/shorts/1",
        "https://youtu.be/1",
        "https://fb.watch/1",
        "https://www.facebook.com/watch/?v=1",
        "https://www.facebook.com/profile.php?id=1",
        "https://www.facebook.com/groups/1/posts/2",
        "https://www.facebook.com/photo.php?fbid=1",
        "https://www.instagram.com/p/1/",
        "https://www.instagram.com/reel/1/",
        "https://www.linkedin.com/feed/update/1",
        "https://www.threads.com/t/1",
        "https://vm.tiktok.com/t/1",
    ],
)
def test_a_platforms_page_that_names_no_account_is_nobodys(url: str) -> None:
    """Else the first to cite a video would make its maker the source of every other video."""
    with override("en"), pytest.raises(BadAddress) as caught:
        account(url)
    host = platform(parse(url).host)
    assert str(caught.value) == (
        f"{host} is a platform: the source of a post is its author. Give the address of the post or of the account."
    )


@pytest.mark.parametrize(
    ("url", "places"),
    [
        ("https://example.org", ["example.org"]),
        ("https://example.org/A/b", ["example.org/a/b", "example.org/a", "example.org"]),
        (
            "https://a.b.example.org/c/",
            [
                "a.b.example.org/c",
                "a.b.example.org",
                "b.example.org/c",
                "b.example.org",
                "example.org/c",
                "example.org",
            ],
        ),
        ("https://x.com/An/status/1", ["x.com/an/status/1", "x.com/an/status", "x.com/an"]),
        ("https://mobile.twitter.com/An", ["x.com/an"]),
        ("https://x.com/", []),
    ],
)
def test_candidates_of_known_urls(url: str, places: list[str]) -> None:
    assert [str(place) for place in candidates(url)] == places


def specific(place: Place) -> tuple[int, int]:
    return place.host.count("."), len(place.path.split("/")) if place.path else 0


@settings(deadline=None)
@given(urls)
def test_candidates_come_the_most_specific_first_and_each_once(url: str) -> None:
    places = candidates(url)
    ranks = [specific(place) for place in places]
    assert ranks == sorted(set(ranks), reverse=True)


@settings(deadline=None)
@given(urls)
def test_every_candidate_lies_above_the_url(url: str) -> None:
    whole = parse(url)
    name = platform(whole.host)
    path = [part for part in whole.path.lower().split("/") if part]
    for place in candidates(url):
        assert place.host == name or f".{whole.host}".endswith(f".{place.host}")
        assert [part for part in place.path.split("/") if part] == path[: specific(place)[1]]


@settings(deadline=None)
@given(urls)
def test_a_platform_itself_is_never_a_candidate(url: str) -> None:
    if platform(parse(url).host):
        assert all(place.path for place in candidates(url))


@settings(deadline=None)
@given(urls)
def test_the_account_of_a_url_is_a_candidate_of_it(url: str) -> None:
    """So that a source made in place is found the next time."""
    try:
        place = account(url)
    except BadAddress:
        assert platform(parse(url).host)
    else:
        assert place in candidates(url)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("example.org", "example.org"),
        ("a.b.example.org", "example.org"),
        ("example.com.vn", "example.com.vn"),
        ("a.example.com.vn", "example.com.vn"),
        ("com.vn", "com.vn"),
        ("a.b.vn", "b.vn"),
        ("a.net.com", "net.com"),
        ("news.bbc.co.uk", "bbc.co.uk"),
    ],
)
def test_a_host_belongs_to_the_name_that_was_registered(host: str, name: str) -> None:
    assert site(host) == name
