"""What readers are shown is made from what was frozen and what was approved, and from nothing else."""

import json
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from typing import Any

import pytest

from articles import confidence
from articles.confidence import Likelihood, Stance, State
from articles.kinds import Kind, Machine
from articles.reading import Cited, Glance, Reading, Review, Signed, Verified, glance, reading

WHEN = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


def evidence(number: int = 1, **facts: Any) -> confidence.Evidence:
    usual = {"voice": f"v{number}", "stance": Stance.SUPPORTS, "tier": 1, "held": 0.0, "failed": 0.0}
    return confidence.Evidence(
        number=number, **{**usual, "first_hand": True, "verified": False, "reachable": True, **facts}
    )


def cited(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "number": number,
        "url": f"https://www.example.org/{number}",
        "title": "Một văn bản",
        "title_language": "vi",
        "source": {"id": 7, "name": "Example", "language": "en"},
        "origin": None,
        "stance": "supports",
        "first_hand": True,
        "quote": "So it was.",
        "locator": "p. 3",
        "accessed": "2026-11-20",
        "archive_url": "https://archive.example/1",
        **fields,
    }


def content(**fields: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "article": 5,
        "language": "en",
        "headline": "Headline",
        "summary": "Summary.",
        "body": "<p>Body.</p>",
        "slug": "headline",
        "claim": "Claim",
        "kind": "news",
        "category": "Technology",
        "byline": [{"id": 1, "name": "Mai Lan"}, {"id": 2, "name": "Ân"}],
        "machine": "assisted",
        "translator": "Hoa",
        "citations": [cited()],
        **fields,
    }


def assessed(*evidence: confidence.Evidence, verified: dict[int, dict[str, str]] | None = None) -> dict[str, Any]:
    """As an approval stores it, through JSON and back."""
    rows = [{"number": e.number, "tier": e.tier, "verified": (verified or {}).get(e.number)} for e in evidence]
    stored = {"workings": confidence.assess(evidence).as_json(), "citations": rows, "reviewer": "Binh"}
    return json.loads(json.dumps(stored))  # type: ignore[no-any-return]


def test_a_reading_is_the_content_under_the_approval() -> None:
    check = {"by": "Binh", "at": "2026-11-21T10:00:00+00:00", "checked": "Read it."}
    facts = evidence(verified=True)
    review = Review("Binh", WHEN, False, "")
    made = reading(
        content(), assessed(facts, verified={1: check}), number=3, digest="ab12", review=review, published=WHEN
    )
    assert made == Reading(
        language="en",
        headline="Headline",
        summary="Summary.",
        body="<p>Body.</p>",
        slug="headline",
        claim="Claim",
        kind=Kind.NEWS,
        machine=Machine.ASSISTED,
        translator="Hoa",
        category="Technology",
        byline=(Signed(1, "Mai Lan"), Signed(2, "Ân")),
        citations=(
            Cited(
                source_id=7,
                number=1,
                url="https://www.example.org/1",
                title="Một văn bản",
                title_language="vi",
                source="Example",
                source_language="en",
                origin="",
                origin_language="",
                stance="supports",
                first_hand=True,
                quote="So it was.",
                locator="p. 3",
                accessed=date(2026, 11, 20),
                archive_url="https://archive.example/1",
                tier=1,
                verified=Verified("Binh", datetime(2026, 11, 21, 10, tzinfo=UTC), "Read it."),
            ),
        ),
        number=3,
        digest="ab12",
        minutes=1,
        workings=confidence.assess([facts]),
        review=review,
        published=WHEN,
        updated=None,
    )


def test_a_citation_without_date_verification_or_tier_says_so() -> None:
    origin = {"id": 9, "name": "Nguồn", "language": "vi"}
    bare = cited(accessed="", archive_url="", quote="", first_hand=False, origin=origin)
    [made] = reading(content(citations=[bare]), assessed(evidence(tier=None)), number=1, digest="").citations
    assert (made.accessed, made.verified, made.tier) == (None, None, None)
    assert (made.origin, made.origin_language, made.first_hand) == ("Nguồn", "vi", False)


def test_tiers_come_from_the_approval_by_number_and_not_by_place() -> None:
    two = content(citations=[cited(1), cited(2)])
    stored = assessed(evidence(1, tier=3), evidence(2, tier=2))
    stored["citations"].reverse()
    assert [each.tier for each in reading(two, stored, number=1, digest="").citations] == [3, 2]


def test_a_citation_that_was_not_assessed_is_an_error_and_never_a_guess() -> None:
    with pytest.raises(KeyError):
        reading(content(citations=[cited(1), cited(2)]), assessed(evidence(1)), number=1, digest="")


def test_headline_summary_and_body_are_timed_in_their_language() -> None:
    long = content(headline="a " * 100, summary="b " * 100, body="<p>" + "c " * 80 + "</p>")
    english, vietnamese = (
        reading({**long, "language": code}, assessed(evidence()), number=1, digest="") for code in ("en", "vi")
    )
    assert (english.minutes, vietnamese.minutes) == (2, 1)


@pytest.mark.parametrize(
    ("kind", "shows"),
    [
        (Kind.NEWS, True),
        (Kind.ANALYSIS, True),
        (Kind.EXPLAINER, True),
        (Kind.OPINION, False),
        (Kind.PRESS_RELEASE, False),
        (Kind.PAGE, False),
    ],
)
def test_only_claims_of_fact_show_a_number(kind: Kind, shows: bool) -> None:
    made = reading(content(kind=kind.value), assessed(evidence()), number=1, digest="")
    assert (made.shows_number, made.rated, made.likelihood) == (shows, shows, Likelihood.LIKELY if shows else None)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([], State.UNSOURCED),
        ([evidence(stance=Stance.CONTEXT)], State.UNSOURCED),
        ([evidence(tier=None)], State.NOT_RATED),
        ([evidence(stance=Stance.CONTRADICTS, tier=None)], State.NOT_RATED),
    ],
)
def test_what_is_unsourced_or_not_rated_has_no_likelihood(facts: list[confidence.Evidence], state: State) -> None:
    made = reading(content(citations=[cited()][: len(facts)]), assessed(*facts), number=1, digest="")
    assert (made.shows_number, made.rated, made.likelihood, made.workings.state) == (True, False, None, state)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/a", "example.org"),
        ("https://www.Example.org:8080/a", "example.org"),
        ("https://news.example.org", "news.example.org"),
        ("https://x.com/an/status/1", "x.com"),
        ("https://báo.example.vn/tin", "xn--bo-mia.example.vn"),
        ("https://аpple.example/", "xn--pple-43d.example"),
    ],
)
def test_a_site_is_named_as_readers_know_it_and_never_by_letters_that_only_look_alike(url: str, host: str) -> None:
    [made] = reading(content(citations=[cited(url=url)]), assessed(evidence()), number=1, digest="").citations
    assert made.host == host


def test_each_site_is_named_once_with_its_first_source() -> None:
    def by(number: int, url: str, name: str, language: str) -> dict[str, Any]:
        return cited(number, url=url, source={"id": number, "name": name, "language": language})

    citations = [
        by(1, "https://x.com/an/1", "An", "vi"),
        by(2, "https://example.org/2", "Example", "en"),
        by(3, "https://www.x.com/binh/3", "Binh", "en"),
    ]
    made = reading(content(citations=citations), assessed(*(evidence(n) for n in (1, 2, 3))), number=1, digest="")
    assert made.hosts == [("x.com", "An", "vi"), ("example.org", "Example", "en")]


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        ("news", [evidence()], Glance(State.RATED, 58, 1, 1)),
        ("news", [evidence(tier=None)], Glance(State.NOT_RATED, None, None, 1)),
        ("news", [], Glance(State.UNSOURCED, None, None, 0)),
        ("news", [evidence(1), evidence(2, tier=3), evidence(3, voice="v1")], Glance(State.RATED, 63, 1, 2)),
        ("opinion", [evidence()], Glance(None, None, 1, 1)),
        ("page", [], Glance(None, None, None, 0)),
    ],
)
def test_at_a_glance_it_is_what_the_badges_say(kind: str, facts: list[confidence.Evidence], told: Glance) -> None:
    shown = glance(kind, confidence.assess(facts))
    assert shown == told
    assert (shown.likelihood is None) == (told.percent is None)


def test_a_reading_cannot_be_changed() -> None:
    made = reading(content(), assessed(evidence()), number=1, digest="")
    for target, name in [(made, "headline"), (made.citations[0], "tier"), (made.workings, "percent")]:
        with pytest.raises((FrozenInstanceError, TypeError)):
            setattr(target, name, "x")
