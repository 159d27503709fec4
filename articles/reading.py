"""All that a reader is ever shown, as frozen plain values. Pure: made from a version's content and its approval."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from . import pixels, readtime
from .confidence import Likelihood, State, Workings, likelihood
from .kinds import RATED_KINDS, CorrectionKind, Kind, Machine


@dataclass(frozen=True, slots=True)
class Verified:
    """`by` is a public name, or "" where the reviewer has none."""

    by: str
    at: datetime
    checked: str


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation as it was frozen, with its tier and verification as they were approved."""

    number: int
    url: str
    title: str
    title_language: str
    source_id: int
    source: str
    source_language: str
    origin: str
    origin_language: str
    stance: str
    first_hand: bool
    quote: str
    locator: str
    accessed: date | None
    archive_url: str
    tier: int | None
    verified: Verified | None

    @property
    def host(self) -> str:
        """The site's name as a reader knows it, in punycode where it is not ASCII."""
        host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        return host if host.isascii() else host.encode("idna").decode("ascii")


@dataclass(frozen=True, slots=True)
class Signed:
    """An author as the byline has the name, and the number by which the author is found whatever the name is now."""

    number: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture as it was frozen: cut around its focal point (per cent) into `widths`, each in `FORMATS`."""

    hash: str
    focal_x: int
    focal_y: int
    colour: str
    widths: tuple[int, ...]
    alt: str
    caption: str
    credit: str
    licence: str
    source_url: str
    told: Mapping[str, int] = field(default_factory=dict)  # of each ratio that machines are told of, the width

    @property
    def height(self) -> int:
        """At its largest."""
        return pixels.height_of(self.widths[-1])

    @property
    def usual(self) -> int:
        """The width for whoever cannot choose."""
        return self.widths[min(1, len(self.widths) - 1)]


@dataclass(frozen=True, slots=True)
class Reassessment:
    """The confidence assessed anew, the words unchanged. `by` is a public name, or ""."""

    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Review:
    """Who approved the words, and when. `by` is a public name, or "" where the reviewer has none."""

    by: str
    at: datetime
    self_review: bool
    note: str
    reassessed: Reassessment | None = None

    def as_json(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at.isoformat(), "self_review": self.self_review, "note": self.note}


@dataclass(frozen=True, slots=True)
class Notice:
    """What readers are told of a change after publication, in the article's language."""

    kind: CorrectionKind
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What the badges say of an article's sources and of its number: no state where its kind shows none, no per cent
    where there is none.
    """

    state: State | None
    percent: int | None
    tier: int | None
    voices: int

    @property
    def likelihood(self) -> Likelihood | None:
        return likelihood(self.percent) if self.percent is not None else None

    def as_json(self) -> dict[str, Any]:
        return {"state": self.state, "percent": self.percent, "tier": self.tier, "voices": self.voices}


def glance(kind: str, workings: Workings) -> Glance:
    """What the badges of an article of this kind say under these workings."""
    shows = kind in RATED_KINDS
    return Glance(
        workings.state if shows else None,
        workings.percent if shows else None,
        workings.best_tier,
        workings.voices,
    )


@dataclass(frozen=True, slots=True)
class Reading:
    language: str
    headline: str
    summary: str
    body: str
    slug: str
    claim: str
    kind: Kind
    machine: Machine
    translator: str
    category: str
    byline: tuple[Signed, ...]
    citations: tuple[Cited, ...]
    number: int
    digest: str
    minutes: int
    workings: Workings
    review: Review | None
    published: datetime | None
    updated: datetime | None
    notices: tuple[Notice, ...] = ()  # the newest first
    category_id: int | None = None  # where readers can go on from it: not in a preview
    lead: Pictured | None = None
    pictures: Mapping[int, Pictured] = field(default_factory=dict)  # those in the text, by the numbers that it has

    @property
    def shows_number(self) -> bool:
        """Opinion, press releases and pages make no claim that a number would be of."""
        return self.kind in RATED_KINDS

    @property
    def is_page(self) -> bool:
        """About ourselves, and no report of anything."""
        return self.kind == Kind.PAGE

    @property
    def rated(self) -> bool:
        return self.shows_number and self.workings.state == State.RATED

    @property
    def likelihood(self) -> Likelihood | None:
        percent = self.workings.percent
        return likelihood(percent) if self.rated and percent is not None else None

    @property
    def hosts(self) -> list[tuple[str, str, str]]:
        """Each site cited once, with the name of its first source there and that name's language."""
        seen: dict[str, tuple[str, str]] = {}
        for cited in self.citations:
            seen.setdefault(cited.host, (cited.source, cited.source_language))
        return [(host, *named) for host, named in seen.items()]


def reading(
    content: Mapping[str, Any],
    confidence: Mapping[str, Any],
    *,
    number: int,
    digest: str,
    review: Review | None = None,
    published: datetime | None = None,
    updated: datetime | None = None,
    notices: tuple[Notice, ...] = (),
    category_id: int | None = None,
) -> Reading:
    """The reading of a version's `content` under an assessment's `confidence`, both as they are stored."""
    pictures = content.get("pictures", ())
    at_approval = {row["number"]: row for row in confidence["citations"]}
    return Reading(
        language=content["language"],
        headline=content["headline"],
        summary=content["summary"],
        body=content["body"],
        slug=content["slug"],
        claim=content["claim"],
        kind=Kind(content["kind"]),
        machine=Machine(content["machine"]),
        translator=content["translator"],
        category=content["category"],
        byline=tuple(Signed(author["id"], author["name"]) for author in content["byline"]),
        citations=tuple(_cited(cited, at_approval[cited["number"]]) for cited in content["citations"]),
        number=number,
        digest=digest,
        minutes=readtime.minutes(content["language"], content["headline"], content["summary"], content["body"]),
        workings=Workings.from_json(confidence["workings"]),
        review=review,
        published=published,
        updated=updated,
        notices=notices,
        category_id=category_id,
        lead=next((_pictured(each) for each in pictures if each["place"] == "lead"), None),
        pictures={each["photo"]: _pictured(each) for each in pictures if each["place"] == "text"},
    )


def _pictured(picture: Mapping[str, Any]) -> Pictured:
    same = ("hash", "focal_x", "focal_y", "colour", "alt", "caption", "credit", "licence", "source_url")
    widths = tuple(pixels.widths(picture["width"], picture["height"]))
    told = pixels.told(picture["width"], picture["height"])
    return Pictured(widths=widths, told=told, **{name: picture[name] for name in same})


def _cited(cited: Mapping[str, Any], assessed: Mapping[str, Any]) -> Cited:
    check, origin = assessed["verified"], cited["origin"] or {"name": "", "language": ""}
    return Cited(
        **{
            name: cited[name]
            for name in (
                "number",
                "url",
                "title",
                "title_language",
                "stance",
                "first_hand",
                "quote",
                "locator",
                "archive_url",
            )
        },
        source_id=cited["source"]["id"],
        source=cited["source"]["name"],
        source_language=cited["source"]["language"],
        origin=origin["name"],
        origin_language=origin["language"],
        accessed=date.fromisoformat(cited["accessed"]) if cited["accessed"] else None,
        tier=assessed["tier"],
        verified=Verified(check["by"], datetime.fromisoformat(check["at"]), check["checked"]) if check else None,
    )
