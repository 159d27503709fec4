"""Search as a reader asks it: what is found, in which order and under which links, what never is, and what it costs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from articles import workflow
from articles.models import Article, Category, Publication
from articles.views.lists import LENGTH
from articles.views.search import LONGEST_QUERY
from sources.models import Source
from tests import factories
from tests.articles.steps import edit, now
from tests.articles.test_views import HOST, LANGUAGES, Page, everything, queries_of, read
from tests.factories import Desk

pytestmark = pytest.mark.django_db

PATH = "/en/search/"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def published(desk: Desk, marker: str, language: str = "en", **fields: Any) -> Publication:
    return factories.published(factories.article(desk.an, marker, **fields), language, desk=desk)


def asked(typed: str, language: str = "en", **narrowed: object) -> str:
    return f"/{language}/search/?q={quote(typed)}" + "".join(f"&{name}={value}" for name, value in narrowed.items())


def found(client: Client, typed: str, language: str = "en", **narrowed: object) -> list[str]:
    return read(client, asked(typed, language, **narrowed)).said("h3")


def links(page: Page, mark: str) -> dict[str, str]:
    """The links within the elements of this mark: their text and where they lead."""
    places = [str(attrs["href"]) for tag, attrs in page.within(mark) if tag == "a"]
    return dict(zip(page.said(mark), places, strict=True))


# --- what is found -----------------------------------------------------------------------------------

VIETNAMESE = {
    "headline_vi": "Mã nguồn mở ở Đà Nẵng",
    "summary_vi": "Ai cũng đọc được.",
    "body_vi": "<p>Từ chiếc điện thoại đầu tiên, &lt;b&gt; &amp; năm 2026.</p><h2>Phần</h2><ul><li>covid-19</li></ul>",
}


@pytest.mark.parametrize(
    "typed",
    [
        "nguon mo", "nguồn mở", "NGUỒN MỞ", "nguô\u0300n mơ\u0309", "dien thoai", "điện thoại", "da nang", "Đà Nẵng",
        '"nguồn mở"', '"da nang" dien', "mo nguon", "nguo", "đi", "covid-19", "covid 1", "2026", 'nguon"mo', "(nguồn)",
        "nguồn + mở", "mở* ^nguồn -mã :", "“nguồn mở”", "nguồn 😀", "\u202enguồn\u202c", "ngu\x00ồn", "nguồn\ud800",
    ],
)  # fmt: skip
def test_an_article_is_found_by_its_words_with_and_without_marks(desk: Desk, client: Client, typed: str) -> None:
    published(desk, "Alpha", "vi", **VIETNAMESE)
    published(desk, "Beta", "vi")
    response = client.get("/vi/search/", {"q": typed.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    assert Page(response).said("h3") == ["Mã nguồn mở ở Đà Nẵng"]


@pytest.mark.parametrize(
    "typed",
    [
        "nguồn AND mở", "nguồn OR mở", "NEAR(nguồn mở)", '"mở nguồn"', '"nguồn m"', "nguồn khác", "b>x", "strong",
        "headline: nguồn", "body", "h2",
    ],
)  # fmt: skip
def test_an_operator_is_a_word_and_a_tag_is_none(desk: Desk, client: Client, typed: str) -> None:
    published(desk, "Alpha", "vi", **VIETNAMESE)
    assert found(client, typed, "vi") == []


HOSTILE = [
    '"' * 20_000, "'" * 500, "*", '"', '""', '" "', "AND", "OR OR", "NOT", "NEAR(", "^", "-", ":", "(", ")", "a:b",
    "{a b}: c", "a & b | !c <-> d", "a:*", "\\", "%", "_", "😀", "👨\u200d👩\u200d👧 x", "\x00", "\x00a", "\ud800",
    "\u202e\u2066", "مرحبا", "שלום", "a" * 20_000, "a " * 5_000, "<script>alert(1)</script>", "{{ site_name }}",
    "%s %(q)s", "' OR 1=1 --", "1e5", "q", "½", "ﷺ", "ế" * 300, "\u0301", "…",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_answered(desk: Desk, client: Client, typed: str, language: str) -> None:
    published(desk, "Alpha", language)
    raw = quote(typed.encode("utf-8", "surrogatepass"))
    for query in (raw, f"alpha {raw}".replace(" ", "+"), f"%22{raw}%22"):
        response = client.get(f"/{language}/search/?q={query}")
        assert response.status_code == 200
        page = Page(response)
        assert page.all("script") == []
        [box] = page.all("input")
        assert len(str(box["value"])) <= LONGEST_QUERY


def test_bytes_that_are_no_text_are_answered(desk: Desk, client: Client) -> None:
    published(desk, "Alpha")
    assert client.get("/en/search/?q=%ff%fe%00alpha%ed%a0%80").status_code == 200
    assert found(client, "\x00alpha\x00") == ["Headline Alpha"]


def test_a_page_says_how_many_were_found_keeps_the_query_and_marks_what_was_asked_for(
    desk: Desk, client: Client
) -> None:
    article = factories.article(desk.an, headline_en="Open source <b>", body_en="<p>One.</p><p>An open &lt;i&gt;.</p>")
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    published(desk, "Openly")
    page = read(client, asked('OPEN "'))
    assert page.said("h1") == ["Search"]
    assert page.said("h2") == ['2 articles for “OPEN "”']
    assert page.said("title") == ['OPEN " · Search · Newsroom']
    assert page.all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]
    assert page.all("input") == [
        {"id": "q", "name": "q", "type": "search", "value": 'OPEN "', "maxlength": str(LONGEST_QUERY)}
    ]
    assert page.all("label") == [{"for": "q"}]
    assert page.said("h3") == ["Open source <b>", "Headline Openly"]  # a whole word before one that goes on
    assert [text for place, text in page.text if "mark" in place and text != "\x00"] == [
        "Open", "open", "Openly", "Openly", "Opening", "Openly", "Openly",
    ]  # fmt: skip
    assert page.said(".search-result")[:7] == [
        "Technology · " + page.said("time")[0],
        "Open source <b>",
        "Summary Alpha.",
        "One. An open <i>.",
        "Tier 1",
        "58% confidence",
        "Reviewed",
    ]
    own = f"{HOST}/en/search/?q=OPEN+%22"
    assert page.all("link", rel="canonical") == [{"rel": "canonical", "href": own}]
    assert page.editions == [(code, own.replace("/en/", f"/{code}/")) for code in LANGUAGES] + [
        ("x-default", own.replace("/en/", "/vi/"))
    ]
    assert read(client, asked("alpha")).said("h2") == ["1 article for “alpha”"]


def test_the_other_language_is_asked_the_same(desk: Desk, client: Client) -> None:
    published(desk, "Alpha")
    page = read(client, asked("đá alpha", tier=1))
    assert links(page, ".languages") == {
        "Tiếng Việt": "/vi/search/?q=%C4%91%C3%A1+alpha&tier=1",
        "English": "/en/search/?q=%C4%91%C3%A1+alpha&tier=1",
    }


def test_the_marks_that_were_typed_come_first(desk: Desk, client: Client) -> None:
    for slug, headline in (("one", "Bàn ghế"), ("two", "Bạn đọc"), ("three", "Ban nhạc")):
        published(desk, "Alpha", "vi", headline_vi=headline, slug_vi=slug)
    assert found(client, "bạn", "vi")[0] == "Bạn đọc"
    assert found(client, "bàn", "vi")[0] == "Bàn ghế"
    assert sorted(found(client, "ban", "vi")) == ["Ban nhạc", "Bàn ghế", "Bạn đọc"]


def test_the_headline_comes_before_the_rest(desk: Desk, client: Client) -> None:
    published(desk, "Beta", summary_en="Of whales.")
    published(desk, "Gamma", headline_en="Whales")
    published(desk, "Delta", body_en="<p>Whales.</p>")
    assert found(client, "whales") == ["Whales", "Headline Beta", "Headline Delta"]


# --- narrowed ----------------------------------------------------------------------------------------


def at(moment: str, desk: Desk, marker: str, **fields: Any) -> Publication:
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        article = factories.article(desk.an, marker, **fields.pop("words", {}))
        for slug, tier in fields.items():
            factories.cite(article, desk.an, factories.source(slug, tier))
        return factories.published(article, desk=desk)


@pytest.fixture
def shelf(desk: Desk) -> dict[str, int]:
    """Three articles, each alone in something."""
    health = Category.objects.create(name_en="Health", name_vi="Sức khỏe", slug_en="health", slug_vi="suc-khoe")
    at("2025-12-31T23:59+07:00", desk, "Alpha", one=1)
    at("2026-01-01T00:00+07:00", desk, "Beta", words={"category": health}, one=1, two=3)
    at("2026-02-01T00:00+07:00", desk, "Gamma", two=3)
    numbers = {slug: Source.objects.get(slug=slug).pk for slug in ("one", "two")}
    return {**numbers, "health": health.pk, "technology": factories.category().pk}


def test_what_was_found_is_narrowed_by_links_and_widened_again(shelf: dict[str, int], client: Client) -> None:
    page = read(client, asked("headline"))
    assert page.said(".search-filters") == [
        "Category", "Technology", "Health", "Source", "One", "Two", "Best source", "Tier 1", "Tier 3", "Published",
        "2026", "2025",
    ]  # fmt: skip
    start = "/en/search/?q=headline"
    assert links(page, "dd") == {
        "Technology": f"{start}&category={shelf['technology']}",
        "Health": f"{start}&category={shelf['health']}",
        "One": f"{start}&source={shelf['one']}",
        "Two": f"{start}&source={shelf['two']}",
        "Tier 1": f"{start}&tier=1",
        "Tier 3": f"{start}&tier=3",
        "2026": f"{start}&period=2026",
        "2025": f"{start}&period=2025",
    }
    assert {text: sorted(read(client, url).said("h3")) for text, url in links(page, "dd").items()} == {
        "Technology": ["Headline Alpha", "Headline Gamma"],
        "Health": ["Headline Beta"],
        "One": ["Headline Alpha", "Headline Beta"],
        "Two": ["Headline Beta", "Headline Gamma"],
        "Tier 1": ["Headline Alpha", "Headline Beta"],
        "Tier 3": ["Headline Gamma"],
        "2026": ["Headline Beta", "Headline Gamma"],
        "2025": ["Headline Alpha"],
    }
    page = read(client, asked("headline", period=2026, source=shelf["two"]))
    assert page.said("h2") == ["2 articles for “headline”"]
    assert links(page, "dd") == {
        "Technology": f"{start}&category={shelf['technology']}&source={shelf['two']}&period=2026",
        "Health": f"{start}&category={shelf['health']}&source={shelf['two']}&period=2026",
        "Two (remove)": f"{start}&period=2026",
        "Tier 1": f"{start}&source={shelf['two']}&tier=1&period=2026",
        "Tier 3": f"{start}&source={shelf['two']}&tier=3&period=2026",
        "2026 (remove)": f"{start}&source={shelf['two']}",
    }
    assert [attrs["href"] for attrs in page.all("a", **{"aria-current": "true"})] == [
        f"/en/search/?q=headline&source={shelf['two']}&period=2026",  # the language
        f"{start}&period=2026",
        f"{start}&source={shelf['two']}",
    ]


def test_within_a_year_the_months_are_offered(shelf: dict[str, int], client: Client) -> None:
    page = read(client, asked("headline", source=shelf["two"]))
    months = {text: url for text, url in links(page, "dd").items() if "period" in url}
    assert months == {
        "February 2026": f"/en/search/?q=headline&source={shelf['two']}&period=2026-02",
        "January 2026": f"/en/search/?q=headline&source={shelf['two']}&period=2026-01",
    }
    page = read(client, months["January 2026"])
    assert page.said("h3") == ["Headline Beta"]
    assert links(page, "dd") == {
        "Two (remove)": "/en/search/?q=headline&period=2026-01",
        "January 2026 (remove)": f"/en/search/?q=headline&source={shelf['two']}",
    }


def test_a_source_that_was_merged_is_found_under_the_other(shelf: dict[str, int], desk: Desk, client: Client) -> None:
    one, two = Source.objects.get(slug="one"), Source.objects.get(slug="two")
    Source.objects.filter(pk=two.pk).update(merged_into=one)
    assert sorted(found(client, "headline", source=one.pk)) == ["Headline Alpha", "Headline Beta", "Headline Gamma"]
    assert "Two" not in read(client, asked("headline")).said("dd")


def test_a_category_or_a_source_is_called_what_it_is_called_now(shelf: dict[str, int], client: Client) -> None:
    Category.objects.filter(pk=shelf["health"]).update(name_en="", name_vi="Y tế")
    Source.objects.filter(pk=shelf["one"]).update(name_en="Renamed")
    page = read(client, asked("headline"))
    assert page.said("dd")[:4] == ["Technology", "Y tế", "Renamed", "Two"]
    assert [attrs["lang"] for _tag, attrs in page.within(".search-filters") if "lang" in attrs] == ["vi"]


@pytest.mark.parametrize("name", ["category", "source", "tier", "period", "page"])
@pytest.mark.parametrize("value", ["x", "-1", "1.5", "٣", "9" * 19, "1 OR 1=1", "%00", "2026-13", "26", "2026-1"])
def test_what_no_link_says_is_not_there(client: Client, name: str, value: str) -> None:
    right = 404 if (name, value) not in [(each, "26") for each in ("category", "source", "tier", "page")] else 200
    assert client.get(f"{asked('alpha')}&{name}={value}").status_code == right


def test_numbers_of_nothing_find_nothing(shelf: dict[str, int], client: Client) -> None:
    for name, value in (("category", 10**17), ("source", 10**17), ("tier", 10**17), ("tier", 9), ("period", 1000)):
        page = read(client, asked("headline", **{name: value}))
        assert page.said("h2") == ["No articles for “headline”"]
        assert "Search all articles for it" in page.said("main")
        assert {"href": "/en/search/?q=headline"} in page.all("a")


# --- what is never found -----------------------------------------------------------------------------


def test_what_is_not_live_is_as_if_it_had_never_been_written(desk: Desk, client: Client) -> None:
    """Nor is it in what is suggested, narrowed to, or counted: the page of a word that stands in a draft alone is that
    of a word that nobody ever wrote.
    """
    markers = everything(desk)
    for language in LANGUAGES:
        for typed in ("{0}", '"{0}"', "headline {0}", "{0} headline", "other {0}"):
            never = client.get(asked(typed.format("Neverwas"), language)).content.decode()
            for name, marker in markers.items():
                page = client.get(asked(typed.format(marker), language)).content.decode()
                if name == "published":
                    assert typed != "{0}" or page.replace(marker, "Neverwas") != never  # found, or told of
                else:
                    assert page.replace(marker, "Neverwas") == never, (name, typed, language)
        for typed in ("headline", "summary", "title", "quote", "source", "slug", "alpha", "body"):
            page = client.get(asked(typed, language)).content.decode().lower()
            leaks = [name for name, marker in markers.items() if marker.lower() in page]
            assert leaks in ([], ["published"]), (typed, leaks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_superseded_and_withdrawn_words_are_found_no_more(desk: Desk, client: Client, language: str) -> None:
    article = factories.article(desk.an, **{f"headline_{language}": "Vega old", f"body_{language}": "<p>Rigel.</p>"})
    publication = factories.published(article, language, desk=desk)
    assert found(client, "rigel", language) == found(client, "vega old", language) == ["Vega old"]
    edit(article, desk.an, **{f"headline_{language}": "Vega new", f"body_{language}": "<p>Sirius.</p>"})
    factories.approved(Article.objects.get(pk=article.pk), language, desk=desk)
    assert found(client, "sirius", language) == []
    workflow.correct(now(publication), by=desk.chi, version=2, kind="correction", note="It was not so.")
    assert [found(client, typed, language) for typed in ("rigel", "old", "sirius", "vega")] == [
        [], [], ["Vega new"], ["Vega new"],
    ]  # fmt: skip
    workflow.withdraw(now(publication), by=desk.chi, version=2, note="It was wrong.")
    for code in LANGUAGES:
        for typed in ("rigel", "sirius", "vega", "vega neverwas"):
            page = client.get(asked(typed, code)).content.decode().lower()
            assert "vega old" not in page
            assert "vega new" not in page
            assert found(client, typed, code) == []


def test_a_source_that_no_found_article_cites_is_not_named(desk: Desk, client: Client) -> None:
    secret = factories.source("secret", None, name_en="Secret source")
    draft = factories.article(desk.an, "Beta")
    factories.cite(draft, desk.an, secret)
    factories.in_review(draft, desk=desk)
    published(desk, "Alpha")
    for typed in ("headline", "nothing", ""):
        assert "Secret source" not in client.get(asked(typed, source=secret.pk)).content.decode()


# --- nothing found, nothing asked --------------------------------------------------------------------


def test_where_nothing_is_found_there_is_somewhere_to_go(desk: Desk, client: Client) -> None:
    published(desk, "Alpha")
    published(desk, "Biển xanh", "vi")
    page = read(client, asked("tiêu xanh"))
    assert page.said("h2") == ["No articles for “tiêu xanh”"]
    assert dict(links_in_main(page)) == {
        "There is something in the other language: Tiếng Việt": "/vi/search/?q=ti%C3%AAu+xanh",
        "To the latest articles": "/en/",
        "To the sources, by their names": "/en/sources/",
    }
    other = {"href": "/vi/search/?q=ti%C3%AAu+xanh", "lang": "vi", "hreflang": "vi"}
    assert next(attrs for tag, attrs in page.within("main") if tag == "a") == other
    assert dict(links_in_main(read(client, asked("alpha whale"))))["With fewer words: alpha"] == "/en/search/?q=alpha"
    assert len(links_in_main(read(client, asked("whale alpha")))) == 2


def links_in_main(page: Page) -> list[tuple[str, str]]:
    texts = page.said("main")
    urls = [str(attrs["href"]) for tag, attrs in page.within("main") if tag == "a"]
    return list(zip(texts[-len(urls) :], urls, strict=True))


@pytest.mark.parametrize("typed", ["", "   ", '""', "😀", "!?"])
def test_where_nothing_is_asked_it_says_how_to_ask(desk: Desk, client: Client, typed: str) -> None:
    published(desk, "Alpha")
    Category.objects.create(name_en="Empty", name_vi="Trống", slug_en="empty", slug_vi="trong")
    page = read(client, asked(typed))
    assert page.said("h1") == ["Search"]
    assert page.said("h2") == ["Or look through a category"]
    assert links_in_main(page) == [("Technology", "/en/categories/technology/")]
    assert ("There is no word in this" in page.said("main")[3]) == bool(typed.strip())
    assert read(client, asked(typed, "vi")).said("h2") == []


# --- pages -------------------------------------------------------------------------------------------


def test_a_search_costs_the_same_at_one_row_and_at_more_than_a_page(desk: Desk, client: Client) -> None:
    def publish(number: int) -> None:
        article = factories.article(desk.an, f"Alpha {number}")
        factories.cite(article, desk.an, factories.source(f"s{number % 3}"))
        factories.published(article, desk=desk)

    paths = {
        asked("alpha"): 3,
        asked('"headline alpha" opening', tier=1, category=factories.category().pk): 3,
        asked("alpha nothing"): 3,
        asked("nothing"): 2,
        PATH: 1,
    }
    publish(0)
    assert {path: queries_of(client, path) for path in paths} == paths
    for number in range(1, LENGTH + 2):
        publish(number)
    assert {path: queries_of(client, path) for path in paths} == paths
    page = read(client, asked("alpha"))
    assert page.said("h2") == [f"{LENGTH + 2} articles for “alpha”"]
    assert len(page.said("h3")) == LENGTH
    assert links(page, ".pager") == {"Next page →": f"{PATH}?q=alpha&page=2"}
    second = read(client, f"{PATH}?q=alpha&page=2")
    assert links(second, ".pager") == {"← Page before": f"{PATH}?q=alpha"}
    assert second.said("title") == ["alpha · Search (page 2) · Newsroom"]
    assert sorted([*page.said("h3"), *second.said("h3")]) == sorted(
        f"Headline Alpha {number}" for number in range(LENGTH + 2)
    )
    assert queries_of(client, f"{PATH}?q=alpha&page=2") == 3
    beyond = read(client, f"{PATH}?q=alpha&page=3")
    assert "There is nothing further on." in beyond.said("main")


def test_of_very_many_the_newest_are_looked_at_and_that_is_said(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.finding.MOST", 2)
    for number in range(3):
        published(desk, f"Alpha {number}")
    page = read(client, asked("alpha"))
    assert page.said("h2") == ["More than 2 articles for “alpha”"]
    assert sorted(page.said("h3")) == ["Headline Alpha 1", "Headline Alpha 2"]
    assert "These are the newest 2, the best answers first. One word more finds less." in page.said("main")
    assert read(client, asked("alpha 0")).said("h2") == ["1 article for “alpha 0”"]


def test_a_page_is_kept_asked_for_anew_and_the_same_to_head(desk: Desk, client: Client) -> None:
    publication = published(desk, "Alpha")
    for path in (asked("alpha"), asked("nothing"), PATH):
        get, head = client.get(path), client.head(path)
        assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(get.headers))
        assert get["Cache-Control"] == "no-cache"
        assert "Vary" not in get
        again = client.get(path, headers={"if-none-match": get["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.post(path).status_code == 405
    tag = client.get(asked("alpha"))["ETag"]
    workflow.withdraw(publication, by=desk.chi, version=1, note="It was wrong.")
    answer = client.get(asked("alpha"), headers={"if-none-match": tag})
    assert (answer.status_code, "Headline" in answer.content.decode()) == (200, False)
