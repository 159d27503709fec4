"""What machines read of a page: schema.org's words in JSON-LD, from a `Reading` and from addresses. Pure.

Only what the page says to people too. No ClaimReview and no rating: our number is of an article's own claim, and of
nobody else's. Terms are those of https://schema.org; where machines took part, of the IPTC's digital source types.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from . import readtime
from .kinds import Kind, Machine
from .reading import Cited, Notice, Reading, Review, Signed

Told = dict[str, Any]

CONTEXT = "https://schema.org"
# A press release is no journalism of the desk's, and a page about the desk is a page.
TYPES = {
    Kind.NEWS: "NewsArticle",
    Kind.ANALYSIS: "NewsArticle",
    Kind.EXPLAINER: "NewsArticle",
    Kind.OPINION: "OpinionNewsArticle",
    Kind.PRESS_RELEASE: "Article",
    Kind.PAGE: "AboutPage",
}
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
DIGITAL_SOURCES = {
    Machine.ASSISTED: f"{IPTC}compositeWithTrainedAlgorithmicMedia",
    Machine.GENERATED: f"{IPTC}trainedAlgorithmicMedia",
}
# Within a script element nothing may end it or look like a comment; the two separators end a line of JavaScript.
INERT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Picture:
    """At an absolute address, in pixels; `alt` says it in words."""

    url: str
    width: int
    height: int
    alt: str = ""

    def as_json(self) -> Told:
        return {"@type": "ImageObject", "url": self.url, "width": self.width, "height": self.height}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who publishes. Addresses are absolute: of the door, of the page to write to, of each policy by its property."""

    name: str
    url: str
    logo: Picture
    policies: Mapping[str, str]
    contact: str

    @property
    def itself(self) -> Told:
        """A reference to what `as_json` tells in full: the same on every page, in every language."""
        return {"@id": f"{self.url}#desk"}

    def as_json(self) -> Told:
        return {
            "@type": "NewsMediaOrganization",
            **self.itself,
            "name": self.name,
            "url": self.url,
            "logo": self.logo.as_json(),
            **self.policies,
            "contactPoint": {"@type": "ContactPoint", "contactType": "newsroom", "url": self.contact},
        }


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article is found, all addresses absolute: its page, its record, its authors by number, the languages it
    was translated into, and the one it was first published in, both by language.
    """

    page: str
    record: str
    card: Picture
    authors: Mapping[int, str]
    translations: Mapping[str, str]
    original: Mapping[str, str]
    zone: tzinfo
    crops: tuple[Picture, ...] = ()  # of its lead picture, once they are made


def article(reading: Reading, desk: Desk, place: Place, *, why: str) -> Told:
    """A published reading; `why` is the sentence that its number rests on, "" where its kind shows none."""
    page = TYPES[reading.kind] == "AboutPage"
    published, updated = reading.published, reading.updated
    assert published is not None
    about_page = _reviewed(reading.review, desk, place.zone)
    return {
        "@context": CONTEXT,
        "@type": TYPES[reading.kind],
        "@id": f"{place.page}#article",
        "url": place.page,
        **(
            about_page
            if page
            else {"mainEntityOfPage": {"@type": "WebPage", "@id": place.page, "url": place.page, **about_page}}
        ),
        "headline": reading.headline,
        "description": reading.summary,
        "inLanguage": reading.language,
        "datePublished": _moment(published, place.zone),
        "dateModified": _moment(updated or published, place.zone),
        "author": [_author(each, place.authors) for each in reading.byline] or [desk.itself],
        "publisher": desk.as_json(),
        "image": [crop.as_json() for crop in place.crops] or place.card.as_json(),
        **({} if page else _of_an_article(reading, why)),
        "timeRequired": f"PT{reading.minutes}M",
        **_some("citation", [_citation(each) for each in reading.citations]),
        **_some("isBasedOn", [each.url for each in reading.citations if each.first_hand]),
        **_some("correction", [_correction(each, reading.language, place.zone) for each in reading.notices]),
        **{name: url for name, url in desk.policies.items() if name == "publishingPrinciples"},
        "subjectOf": {
            "@type": "DigitalDocument",
            "url": place.record,
            "encodingFormat": "application/json",
        },
        **_some("digitalSourceType", DIGITAL_SOURCES.get(reading.machine)),
        **_some("translationOfWork", [_work(each) for each in place.original.items()]),
        **_some("workTranslation", [_work(each) for each in place.translations.items()]),
    }


def author(
    *, name: str, url: str, about: str, expertise: str, language: str, desk: Desk, portrait: Picture | None = None
) -> Told:
    """The page of an author, `url` its own absolute address, in `language`."""
    return {
        "@context": CONTEXT,
        "@type": "ProfilePage",
        "url": url,
        "inLanguage": language,
        "mainEntity": {
            "@type": "Person",
            "@id": f"{url}#person",
            "name": name,
            "url": url,
            **_some("description", about),
            **_some("knowsAbout", expertise),
            **_some("image", portrait and portrait.as_json()),
        },
        "publisher": desk.as_json(),
    }


def home(*, url: str, search: str, language: str, desk: Desk) -> Told:
    """The site in `language`, whose home is at `url`; `search` is the address that a query is put behind."""
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@type": "WebSite",
                "@id": f"{url}#site",
                "name": desk.name,
                "url": url,
                "inLanguage": language,
                "publisher": desk.itself,
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
                },
            },
            desk.as_json(),
        ],
    }


def inert(told: Told) -> str:
    """`told` as JSON that stays data in a script element, whatever words are in it."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).translate(INERT)


def _some(name: str, value: object) -> Told:
    """Nothing is told of what there is nothing of."""
    return {name: value} if value else {}


def _moment(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")


def _of_an_article(reading: Reading, why: str) -> Told:
    return {
        "articleSection": reading.category,
        "wordCount": readtime.words(reading.body),
        **_some("backstory", why),
    }


def _reviewed(review: Review | None, desk: Desk, zone: tzinfo) -> Told:
    """Nothing where nobody but the writer looked: machines know no word for that."""
    if review is None or review.self_review:
        return {}
    by = {"@type": "Person", "name": review.by} if review.by else desk.itself
    return {"reviewedBy": by, "lastReviewed": review.at.astimezone(zone).date().isoformat()}


def _author(signed: Signed, addresses: Mapping[int, str]) -> Told:
    return {"@type": "Person", "name": signed.name, "url": addresses[signed.number]}


def _citation(cited: Cited) -> Told:
    """A source has no type: whether it is a person or an organisation, a version does not say."""
    return {
        "@type": "CreativeWork",
        "url": cited.url,
        "name": cited.title or cited.url,
        "publisher": {"name": cited.source},
        **_some("inLanguage", cited.title_language),
        **_some("archivedAt", cited.archive_url),
    }


def _correction(notice: Notice, language: str, zone: tzinfo) -> Told:
    return {
        "@type": "CorrectionComment",
        "name": str(notice.kind.label),
        "text": notice.note,
        "inLanguage": language,
        "datePublished": _moment(notice.at, zone),
    }


def _work(edition: tuple[str, str]) -> Told:
    language, url = edition
    return {"@type": "CreativeWork", "@id": f"{url}#article", "url": url, "inLanguage": language}
