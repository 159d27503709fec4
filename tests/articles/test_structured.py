"""JSON-LD: what machines are told of each page, whole; and that no word of it can leave its script element."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from articles import cards, kinds, structured
from articles.kinds import CorrectionKind, Kind, Machine
from articles.models import Article, Publication
from articles.reading import Notice, Reading, Review
from articles.structured import Desk, Picture, Place
from articles.views.structure import desk as desk_of
from tests import factories
from tests.articles.afterwards import corrected, withdrawn
from tests.articles.test_reading import assessed, cited, content, evidence
from tests.articles.test_views import EN, HOST, HOSTILE, LANGUAGES, VI, everything, public_paths, publish_everywhere
from tests.factories import Desk as People

WHEN = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # the next day on the desk's clock
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ROOT = "https://desk.example"
DESK = Desk(
    name="The Desk",
    url=f"{ROOT}/",
    logo=Picture(f"{ROOT}/icon.png", 512, 512),
    policies={"publishingPrinciples": f"{ROOT}/method/", "correctionsPolicy": f"{ROOT}/corrections/"},
    contact=f"{ROOT}/contact/",
)
PLACE = Place(
    page=f"{ROOT}/headline/",
    record=f"{ROOT}/headline/record.json",
    card=Picture(f"{ROOT}/headline/card.png", 1200, 630),
    authors={1: f"{ROOT}/1/", 2: f"{ROOT}/2/"},
    translations={},
    original={},
    zone=ZONE,
)
PUBLISHER = {
    "@type": "NewsMediaOrganization",
    "@id": f"{ROOT}/#desk",
    "name": "The Desk",
    "url": f"{ROOT}/",
    "logo": {"@type": "ImageObject", "url": f"{ROOT}/icon.png", "width": 512, "height": 512},
    "publishingPrinciples": f"{ROOT}/method/",
    "correctionsPolicy": f"{ROOT}/corrections/",
    "contactPoint": {"@type": "ContactPoint", "contactType": "newsroom", "url": f"{ROOT}/contact/"},
}


def reading(**fields: Any) -> Reading:
    """Of news, published and then updated, with two sources of which one was heard of at second hand."""
    from articles.reading import reading as made

    second = cited(2, title="", title_language="", first_hand=False, archive_url="", stance="contradicts")
    whole = made(
        content(citations=[cited(), second], body="<p>Four words of text.</p>"),
        assessed(evidence(), evidence(2)),
        number=3,
        digest="ab12",
        review=Review("Binh", WHEN, False, ""),
        published=WHEN,
        updated=WHEN + timedelta(days=1),
        notices=(Notice(CorrectionKind.CORRECTION, WHEN + timedelta(days=1), "It was two."),),
    )
    return replace(whole, **fields)


def told(place: Place = PLACE, why: str = "Why.", **fields: Any) -> dict[str, Any]:
    with override("en"):
        return structured.article(reading(**fields), DESK, place, why=why)


def test_an_article_is_told_whole() -> None:
    assert told(replace(PLACE, translations={"vi": f"{ROOT}/tieu-de/"})) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": f"{ROOT}/headline/#article",
        "url": f"{ROOT}/headline/",
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": f"{ROOT}/headline/",
            "url": f"{ROOT}/headline/",
            "reviewedBy": {"@type": "Person", "name": "Binh"},
            "lastReviewed": "2026-11-23",
        },
        "headline": "Headline",
        "description": "Summary.",
        "inLanguage": "en",
        "datePublished": "2026-11-23T00:30:00+07:00",
        "dateModified": "2026-11-24T00:30:00+07:00",
        "author": [
            {"@type": "Person", "name": "Mai Lan", "url": f"{ROOT}/1/"},
            {"@type": "Person", "name": "Ân", "url": f"{ROOT}/2/"},
        ],
        "publisher": PUBLISHER,
        "image": {"@type": "ImageObject", "url": f"{ROOT}/headline/card.png", "width": 1200, "height": 630},
        "articleSection": "Technology",
        "wordCount": 4,
        "backstory": "Why.",
        "timeRequired": "PT1M",
        "citation": [
            {
                "@type": "CreativeWork",
                "url": "https://www.example.org/1",
                "name": "Một văn bản",
                "publisher": {"name": "Example"},
                "inLanguage": "vi",
                "archivedAt": "https://archive.example/1",
            },
            {
                "@type": "CreativeWork",
                "url": "https://www.example.org/2",
                "name": "https://www.example.org/2",
                "publisher": {"name": "Example"},
            },
        ],
        "isBasedOn": ["https://www.example.org/1"],
        "correction": [
            {
                "@type": "CorrectionComment",
                "name": "correction",
                "text": "It was two.",
                "inLanguage": "en",
                "datePublished": "2026-11-24T00:30:00+07:00",
            }
        ],
        "publishingPrinciples": f"{ROOT}/method/",
        "subjectOf": {
            "@type": "DigitalDocument",
            "url": f"{ROOT}/headline/record.json",
            "encodingFormat": "application/json",
        },
        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
        "workTranslation": [
            {
                "@type": "CreativeWork",
                "@id": f"{ROOT}/tieu-de/#article",
                "url": f"{ROOT}/tieu-de/",
                "inLanguage": "vi",
            }
        ],
    }


def test_of_what_there_is_nothing_nothing_is_told() -> None:
    bare = told(citations=(), notices=(), machine=Machine.NONE, why="", updated=None)
    absent = {"citation", "isBasedOn", "correction", "digitalSourceType", "backstory", "workTranslation"}
    assert absent & bare.keys() == set()
    assert bare["dateModified"] == bare["datePublished"]
    assert told(byline=())["author"] == [{"@id": f"{ROOT}/#desk"}]
    original = told(replace(PLACE, original={"vi": f"{ROOT}/tieu-de/"}))
    assert [each["url"] for each in original["translationOfWork"]] == [f"{ROOT}/tieu-de/"]


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        (Kind.NEWS, "NewsArticle"),
        (Kind.ANALYSIS, "NewsArticle"),
        (Kind.EXPLAINER, "NewsArticle"),
        (Kind.OPINION, "OpinionNewsArticle"),
        (Kind.PRESS_RELEASE, "Article"),
    ],
)
def test_only_what_the_desk_reports_is_called_news(kind: Kind, type_: str) -> None:
    assert told(kind=kind) == told() | {"@type": type_}


def test_a_page_about_the_desk_is_a_page_and_no_article() -> None:
    page, article = told(kind=Kind.PAGE), told()
    of_articles = {"articleSection", "wordCount", "backstory", "mainEntityOfPage"}
    assert page["@type"] == "AboutPage"
    assert article.keys() - page.keys() == of_articles
    assert page.keys() - article.keys() == {"reviewedBy", "lastReviewed"}
    assert {name: page[name] for name in ("reviewedBy", "lastReviewed")}.items() <= article["mainEntityOfPage"].items()


@pytest.mark.parametrize(
    ("machine", "source"),
    [(Machine.ASSISTED, "compositeWithTrainedAlgorithmicMedia"), (Machine.GENERATED, "trainedAlgorithmicMedia")],
)
def test_the_part_of_machines_is_told_in_the_words_of_the_iptc(machine: Machine, source: str) -> None:
    assert told(machine=machine)["digitalSourceType"] == f"http://cv.iptc.org/newscodes/digitalsourcetype/{source}"


def test_who_reviews_without_a_public_name_is_the_desk_and_nobody_reviews_himself() -> None:
    unnamed = told(review=Review("", WHEN, False, ""))["mainEntityOfPage"]
    assert unnamed["reviewedBy"] == {"@id": f"{ROOT}/#desk"}
    for review in (Review("Mai Lan", WHEN, True, ""), None):
        assert told(review=review)["mainEntityOfPage"].keys() == {"@type", "@id", "url"}


# --- names and types that schema.org has -------------------------------------------------------------

# Of each type used: the properties used that it has, by its own page at schema.org or by what it descends from.
THING = {"@id", "@type", "name", "url", "description", "image", "mainEntityOfPage", "subjectOf", "potentialAction"}
WORK = THING | {
    "headline", "inLanguage", "datePublished", "dateModified", "author", "publisher", "timeRequired", "citation",
    "isBasedOn", "correction", "publishingPrinciples", "digitalSourceType", "translationOfWork", "workTranslation",
    "archivedAt", "text", "encodingFormat", "mainEntity",
}  # fmt: skip
ARTICLE = WORK | {"articleSection", "wordCount", "backstory"}
PAGE = WORK | {"reviewedBy", "lastReviewed"}
KNOWN = {
    "NewsArticle": ARTICLE, "OpinionNewsArticle": ARTICLE, "Article": ARTICLE,
    "WebPage": PAGE, "AboutPage": PAGE, "ProfilePage": PAGE, "WebSite": WORK,
    "CreativeWork": WORK, "CorrectionComment": WORK, "DigitalDocument": WORK,
    "Person": THING | {"knowsAbout"},
    "NewsMediaOrganization": THING | {
        "logo", "contactPoint", "publishingPrinciples", "ownershipFundingInfo", "correctionsPolicy",
        "unnamedSourcesPolicy",
    },
    "ImageObject": WORK | {"width", "height"},
    "ContactPoint": THING | {"contactType"},
    "SearchAction": THING | {"target"},
    "EntryPoint": THING | {"urlTemplate"},
}  # fmt: skip
REFERENCE, UNTYPED = {"@id"}, {"name"}  # to what is told in full elsewhere; a source, of which no type is known
MOMENTS, ADDRESSES = {"datePublished", "dateModified"}, {"url", "archivedAt", "publishingPrinciples"}


def nodes(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(each)


def hold(graph: dict[str, Any]) -> None:
    """Every name is one that its type has, every moment has an offset, every address is whole; no rating is there."""
    assert graph["@context"] == "https://schema.org"
    for node in nodes(graph):
        names = node.keys() - {"@context", "@graph"}
        if "@type" in node:
            assert names <= KNOWN[node["@type"]], node
        else:
            assert names in (REFERENCE, UNTYPED, set()), node
        for name in names & MOMENTS:
            assert datetime.fromisoformat(node[name]).utcoffset() is not None
        for name in names & ADDRESSES:
            assert re.match(r"https?://[^ ]+$", node[name]), node
        if "lastReviewed" in node:
            assert date.fromisoformat(node["lastReviewed"])
        assert not any(value in ("", [], {}, None) for value in node.values()), node


@pytest.mark.parametrize("kind", Kind)
def test_every_name_is_one_that_schema_org_has(kind: Kind) -> None:
    hold(told(kind=kind))


# --- words stay words --------------------------------------------------------------------------------


class Scripts(HTMLParser):
    """What a browser takes for the content of each script element, and every other element there is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            assert attrs == [("type", "application/ld+json")]
            self.scripts.append("")
        else:
            self.others.append(tag)

    def handle_data(self, data: str) -> None:
        if self.scripts and self.lasttag == "script" and self.cdata_elem == "script":
            self.scripts[-1] += data


WORDS = st.text(st.characters(exclude_categories=["Cs"]))
SPIKED = st.lists(WORDS | st.sampled_from([*HOSTILE, "</script", "<!--<script>", "\u2028", "\u2029", "&lt;"])).map(
    "".join
)


@given(SPIKED)
def test_any_headline_comes_back_from_the_page_as_it_went_in(headline: str) -> None:
    html = render_to_string("articles/structured.html", {"structured": told(headline=headline)})
    found = Scripts(html)
    assert (len(found.scripts), found.others) == (1, [])
    assert json.loads(found.scripts[0])["headline"] == headline
    assert not set("<>&\u2028\u2029") & set(found.scripts[0])


# --- on the pages ------------------------------------------------------------------------------------


def graph(response: HttpResponse) -> dict[str, Any]:
    [script] = Scripts(response.content.decode()).scripts
    found: dict[str, Any] = json.loads(script)
    hold(found)
    return found


def published(desk: People) -> Article:
    factories.author("Binh Tran", user=desk.binh)
    row = factories.article(desk.an, body_en="<p>Three plain words.</p>", body_vi="<p>Ba từ.</p>", machine="generated")
    factories.cite(row, desk.an, title_language="en", archive_url="https://archive.example/1")
    factories.published(row, "vi", desk=desk)
    factories.published(row, "en", desk=desk)
    return row


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "path", "other"), [("vi", VI, EN), ("en", EN, VI)])
def test_the_page_of_an_article_tells_it_whole(
    desk: People, client: Client, language: str, path: str, other: str
) -> None:
    row = published(desk)
    corrected(row, language, desk=desk, kind="typo", note="A <b>letter</b>.")
    publication = Publication.objects.for_readers().get(article=row, language=language)
    shown, approval = publication.reading(), publication.live_approval
    assert shown.published is not None
    assert approval is not None
    with override(language):
        expected = structured.article(
            replace(
                shown, notices=(Notice(CorrectionKind.TYPO, publication.corrections.get().at, "A <b>letter</b>."),)
            ),
            Desk(
                name="Newsroom",
                url=f"{HOST}/",
                logo=Picture(f"{HOST}/static/icon-512.png", 512, 512),
                policies={
                    "publishingPrinciples": f"{HOST}/{language}/confidence/",
                    "ownershipFundingInfo": f"{HOST}/{language}/about/ownership/",
                    "correctionsPolicy": f"{HOST}/{language}/about/corrections-policy/",
                    "unnamedSourcesPolicy": f"{HOST}/{language}/about/unnamed-sources/",
                },
                contact=f"{HOST}/{language}/about/contact/",
            ),
            Place(
                page=HOST + path,
                record=f"{HOST}{path}record.json",
                card=Picture(f"{HOST}{path}card-{cards.key(cards.card(shown))}.png", 1200, 630),
                authors={each.number: f"{HOST}/{language}/authors/number/{each.number}/" for each in shown.byline},
                translations={"en": HOST + other} if language == "vi" else {},
                original={"vi": HOST + other} if language == "en" else {},
                zone=ZONE,
            ),
            why={
                "en": "We put the chance that this claim will stand, without a substantive correction, at 58%.",
                "vi": expected_why(shown),
            }[language],
        )
    found = graph(client.get(path))
    assert found == expected
    assert found.keys() == told(replace(PLACE, translations={"vi": "x"})).keys() - (
        {"workTranslation"} if language == "en" else set()
    ) | ({"translationOfWork"} if language == "en" else set())
    assert found["dateModified"] == found["datePublished"]  # a typo is no change of substance


def expected_why(shown: Reading) -> str:
    from articles.wording import meaning

    return meaning(shown.workings)


@pytest.mark.django_db
def test_a_change_of_substance_moves_the_date_and_is_told(desk: People, client: Client) -> None:
    row = published(desk)
    change = corrected(row, desk=desk, kind="correction", note="It was two.")
    found = graph(client.get(EN))
    assert datetime.fromisoformat(found["dateModified"]) == change.at.replace(microsecond=0)
    assert [(each["name"], each["text"]) for each in found["correction"]] == [("correction", "It was two.")]


@pytest.mark.django_db
def test_under_a_notice_the_words_are_told_in_their_own_language(desk: People, client: Client) -> None:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    factories.published(row, "en", desk=desk)
    own, foreign = graph(client.get(EN)), graph(client.get("/vi/articles/headline-alpha/"))
    assert own == foreign
    assert {"workTranslation", "translationOfWork"} & own.keys() == set()
    withdrawn_too = factories.article(desk.an, "Beta")
    factories.published(withdrawn_too, "vi", desk=desk)
    factories.published(withdrawn_too, "en", desk=desk)
    withdrawn(withdrawn_too, "vi", desk=desk)
    left = graph(client.get("/en/articles/headline-beta/"))
    assert {"workTranslation", "translationOfWork"} & left.keys() == set()
    assert Scripts(client.get("/vi/articles/tieu-de-beta/").content.decode()).scripts == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_data_alone(desk: People, client: Client, text: str) -> None:
    publish_everywhere(desk, text)
    found = graph(client.get("/en/articles/the-story/"))
    assert (found["headline"], found["description"], found["articleSection"]) == (text, text, text)
    assert (found["author"][0]["name"], found["citation"][0]["publisher"]["name"]) == (text, text)
    assert found["mainEntityOfPage"]["reviewedBy"]["name"] == text


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_home_tells_of_the_site_its_search_and_the_desk(client: Client, language: str, rf: Any) -> None:
    home = f"{HOST}/{language}/"
    assert graph(client.get(f"/{language}/")) == {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "WebSite",
                "@id": f"{home}#site",
                "name": "Newsroom",
                "url": home,
                "inLanguage": language,
                "publisher": {"@id": f"{HOST}/#desk"},
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": {"@type": "EntryPoint", "urlTemplate": f"{home}search/?q={{search_term_string}}"},
                },
            },
            desk_of(rf.get("/"), language).as_json(),
        ],
    }


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_an_author_tells_who_that_is(desk: People, client: Client, language: str, rf: Any) -> None:
    published(desk)
    path, author = f"/{language}/authors/mai-lan/", factories.author()
    plain = graph(client.get(path))
    assert plain == {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "url": HOST + path,
        "inLanguage": language,
        "mainEntity": {"@type": "Person", "@id": f"{HOST}{path}#person", "name": "Mai Lan", "url": HOST + path},
        "publisher": desk_of(rf.get("/"), language).as_json(),
    }
    author.bio_en, author.expertise_en = "Reports.", "Physics"  # type: ignore[attr-defined]
    author.save()
    assert graph(client.get(path))["mainEntity"] == plain["mainEntity"] | {
        "description": "Reports.",
        "knowsAbout": "Physics",
    }


@pytest.mark.django_db
def test_only_what_is_live_is_told_and_no_rating_is(desk: People, client: Client) -> None:
    everything(desk)
    pages = {path: client.get(path) for path in public_paths()}
    scripts = {
        path: script
        for path, response in pages.items()
        if response["Content-Type"].startswith("text/html")
        for script in Scripts(response.content.decode()).scripts
    }
    headlines = {json.loads(script).get("headline") for script in scripts.values()} - {None}
    assert headlines == {row.live.headline for row in Publication.objects.live().for_readers() if row.live}
    assert not any(word in script for script in scripts.values() for word in ("Rating", "ClaimReview"))
    assert {pages[path].status_code for path in scripts} == {200}


def test_the_pages_about_the_desk_have_these_addresses() -> None:
    """By which the pages themselves are written; whoever changes one changes the other."""
    assert kinds.POLICY_PAGES == {
        "ownershipFundingInfo": "ownership",
        "correctionsPolicy": "corrections-policy",
        "unnamedSourcesPolicy": "unnamed-sources",
    }
    assert kinds.CONTACT_PAGE == "contact"
