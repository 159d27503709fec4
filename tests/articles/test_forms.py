"""From a URL to its source, as the citation's form finds it or makes it; and what is said where it cannot."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from articles.forms import CitationForm
from articles.models import Article, Citation
from sources.models import Kind, Source, SourceAddress
from tests import factories
from tests.factories import Desk

NOBODY = "No source is known for {} yet. Choose one, or write its name under “New source”."
PLATFORM = "{} is a platform: the source of a post is its author. Give the address of the post or of the account."
SCHEME = "The address must start with https:// or http://."
HOST, ACCOUNT = f"https://{'a.' * 150}example/", f"https://x.com/{'a' * 201}"
SIGNS = "The address contains a space or a character that no address may contain."


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def article(desk: Desk) -> Article:
    return factories.article(desk.an)


@pytest.fixture
def known(db: None) -> dict[str, Source]:
    """A host, a part of it that is somebody else's, and an account on a platform."""
    made = {slug: Source.objects.create(slug=slug, name_en=slug.title()) for slug in ("daily", "science", "mai")}
    for slug, host, path in (
        ("daily", "daily.example", ""),
        ("science", "daily.example", "science"),
        ("mai", "x.com", "mailan"),
    ):
        SourceAddress.objects.create(source=made[slug], host=host, path=path)
    return made


def form(article: Article, url: str, /, **fields: Any) -> CitationForm:
    data = {"url": url, "stance": "supports", "first_hand": "on", "position": "0", **fields}
    return CitationForm(data, instance=Citation(article=article))


def keep(filled: CitationForm, desk: Desk) -> Citation:
    """As the admin keeps it."""
    assert filled.errors == {}
    row = filled.save(commit=False)
    row.save(by=desk.an)
    return row


def counts() -> tuple[int, int, int]:
    return Source.objects.count(), SourceAddress.objects.count(), Citation.objects.count()


# --- found -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://daily.example/2026/01/a-story", "daily"),
        ("http://daily.example", "daily"),
        ("https://www.daily.example/a", "daily"),
        ("https://DAILY.example:443/a?b=c#d", "daily"),
        ("https://news.daily.example/a", "daily"),
        ("  https://daily.example/a  ", "daily"),
        ("https://daily.example/science", "science"),
        ("https://daily.example/science/2026/x", "science"),
        ("https://daily.example/Science/", "science"),
        ("https://daily.example/sciences/x", "daily"),
        ("https://x.com/mailan", "mai"),
        ("https://x.com/MaiLan/status/1234567890?s=20", "mai"),
        ("https://www.x.com/mailan/", "mai"),
        ("https://mobile.twitter.com/mailan/status/1", "mai"),
        ("https://twitter.com/MAILAN", "mai"),
    ],
)
def test_a_url_finds_the_source_it_lies_under(
    url: str, slug: str, article: Article, known: dict[str, Source], desk: Desk
) -> None:
    filled = form(article, url, new_source="Not needed")
    before = counts()
    assert keep(filled, desk).source == known[slug]
    assert counts() == (before[0], before[1], before[2] + 1)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://other.example/daily.example", "other.example"),
        ("https://notdaily.example/a", "notdaily.example"),
        ("https://daily.example.org/a", "daily.example.org"),
        ("https://x.com/mailan2/status/1", "x.com/mailan2"),
        ("https://x.com/another/status/mailan", "x.com/another"),
    ],
)
def test_a_url_that_only_looks_alike_finds_nobody(
    url: str, place: str, article: Article, known: dict[str, Source]
) -> None:
    before = counts()
    assert form(article, url).errors == {"source": [NOBODY.format(place)]}
    assert counts() == before


def test_a_source_that_was_chosen_is_not_looked_for(article: Article, known: dict[str, Source], desk: Desk) -> None:
    filled = form(article, "https://daily.example/a", source=known["mai"].pk, new_source="Not needed")
    assert keep(filled, desk).source == known["mai"]


# --- made --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "place", "kind"),
    [
        ("https://www.new.example/a/b?c", ("new.example", ""), Kind.ORGANISATION),
        ("https://NEWS.new.example:8080/", ("news.new.example", ""), Kind.ORGANISATION),
        ("https://bücher.example/x", ("xn--bcher-kva.example", ""), Kind.ORGANISATION),
        ("https://x.com/HoNam/status/1", ("x.com", "honam"), Kind.PERSON),
        ("https://m.youtube.com/channel/UC1/videos", ("youtube.com", "channel/uc1"), Kind.PERSON),
    ],
)
def test_a_name_makes_a_source_in_place_that_nobody_has_rated(
    url: str, place: tuple[str, str], kind: Kind, article: Article, known: dict[str, Source], desk: Desk
) -> None:
    filled = form(article, url, new_source="  Ho\u200b  Nam\u202e ")
    row = keep(filled, desk)
    source = Source.objects.with_tier().get(slug="ho-nam")
    assert (source.name_en, source.name_vi, source.kind, source.owner, source.tier) == (
        "Ho Nam",
        None,
        kind,
        None,
        None,
    )
    assert list(source.addresses.values_list("host", "path")) == [place]
    assert row.source == source


def test_the_name_is_in_the_language_of_who_writes(article: Article, desk: Desk) -> None:
    with override("vi"):
        keep(form(article, "https://moi.example/a", new_source="Báo Mới"), desk)
    source = Source.objects.get(slug="bao-moi")
    assert (source.name_vi, source.name_en) == ("Báo Mới", None)


def test_two_sources_of_one_name_have_two_slugs(article: Article, desk: Desk) -> None:
    for host in ("one.example", "two.example", "three.example"):
        keep(form(article, f"https://{host}/a", new_source="Example"), desk)
    assert list(Source.objects.order_by("pk").values_list("slug", flat=True)) == ["example", "example-2", "example-3"]


def test_a_name_without_a_letter_of_ours_takes_its_slug_from_the_address(article: Article, desk: Desk) -> None:
    keep(form(article, "https://new.example/a", new_source="新聞"), desk)
    assert list(Source.objects.values_list("slug", "name_en")) == [("new-example", "新聞")]


# --- refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("new_source", ["", "Example"])
@pytest.mark.parametrize(
    ("url", "errors"),
    [
        ("", {"url": ["This field is required."]}),
        ("example", {"url": [SCHEME]}),
        ("example.org/a", {"url": [SCHEME]}),
        ("//example.org/a", {"url": [SCHEME]}),
        ("javascript:alert(1)", {"url": [SCHEME]}),
        ("JavaScript://example.org/%0aalert(1)", {"url": [SCHEME]}),
        ("data:text/html,<script>1</script>", {"url": [SCHEME]}),
        ("ftp://example.org/a", {"url": [SCHEME]}),
        ("file:///etc/passwd", {"url": [SCHEME]}),
        ("https://", {"url": ["“https://” is not a web address."]}),
        ("https://localhost/", {"url": ["“https://localhost/” is not a web address."]}),
        ("https://an:secret@example.org/", {"url": ["“https://an:secret@example.org/” is not a web address."]}),
        ("https://[::1", {"url": ["“https://[::1” is not a web address."]}),
        ("https://a..b/", {"url": ["“https://a..b/” is not a web address."]}),
        (HOST, {"url": [f"“{HOST}” is not a web address."]}),
        (ACCOUNT, {"url": [f"“{ACCOUNT}” is not a web address."]}),
        ("https://example .org/", {"url": [SIGNS]}),
        ("https://example.org/\u202egnp", {"url": [SIGNS]}),
        ("https://example.org\\@evil.example/", {"url": [SIGNS]}),
        ("https://example.org/\0", {"url": ["Null characters are not allowed."]}),
        ("https://x.com/", {"url": [PLATFORM.format("x.com")]}),
        ("https://www.x.com", {"url": [PLATFORM.format("x.com")]}),
        ("https://youtube.com/channel/", {"url": [PLATFORM.format("youtube.com")]}),
        (
            "https://example.org/" + "a" * 2000,
            {"url": ["Ensure this value has at most 2000 characters (it has 2020)."]},
        ),
    ],
)
def test_what_is_no_address_is_told_in_a_sentence_with_a_name_or_without(
    url: str, errors: dict[str, list[str]], new_source: str, article: Article
) -> None:
    before = counts()
    assert form(article, url, new_source=new_source).errors == errors
    assert counts() == before


def test_what_is_no_address_is_refused_for_a_source_that_was_chosen(article: Article, known: dict[str, Source]) -> None:
    for url in ("example", "javascript:alert(1)", "ftp://example.org/"):
        assert form(article, url, source=known["daily"].pk).errors == {"url": [SCHEME]}


def test_a_platforms_own_page_is_kept_for_a_source_that_was_chosen(article: Article, known: dict[str, Source]) -> None:
    assert form(article, "https://x.com/", source=known["mai"].pk).errors == {}


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u202e\ufeff \x07"])
def test_a_name_of_nothing_visible_makes_no_source(name: str, article: Article) -> None:
    before = counts()
    assert form(article, "https://new.example/a", new_source=name).errors == {"source": [NOBODY.format("new.example")]}
    assert counts() == before


def test_a_name_longer_than_a_name_is_refused(article: Article) -> None:
    before = counts()
    assert form(article, "https://new.example/a", new_source="x" * 201).errors == {
        "new_source": ["Ensure this value has at most 200 characters (it has 201)."],
        "source": [NOBODY.format("new.example")],
    }
    assert counts() == before


def test_an_archived_copy_is_an_address_too(article: Article, known: dict[str, Source]) -> None:
    for url in ("javascript:alert(1)", "archive"):
        assert form(article, "https://daily.example/a", archive_url=url).errors == {"archive_url": [SCHEME]}


def test_what_the_form_does_not_offer_is_not_taken_from_it(
    article: Article, known: dict[str, Source], desk: Desk
) -> None:
    other = factories.article(desk.an, "Beta")
    forged = {"article": other.pk, "key": "40", "id": "7", "by": desk.binh.pk, "pk": "7"}
    keep(form(article, "https://daily.example/a", **forged), desk)
    row = Citation.objects.get()
    assert (row.article, row.key) == (article, 1)
    assert list(article.edits.filter(fields=["citation 1"]).values_list("by", flat=True)) == [desk.an.pk]
