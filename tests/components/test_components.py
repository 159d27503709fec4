"""Each component of the readers' pages, rendered from plain values in both languages. No database.

English is what the templates say; Vietnamese is asked of the catalogue.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, override, pgettext
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import calibration, confidence, diff
from articles.addressing import Feed
from articles.calibration import Bin, Calibration, Prediction
from articles.comparing import Comparison, Told
from articles.confidence import Evidence, Stance, State
from articles.diff import Op, Piece
from articles.finding import Hit
from articles.history import Edition as PastEdition
from articles.history import Entry, Run
from articles.kinds import CorrectionKind, Kind, Machine
from articles.models import ReviewStatus, Version
from articles.reading import Cited, Glance, Notice, Pictured, Reading, Review, Signed, Verified
from articles.revisions import Revision, Step
from articles.states import Status
from articles.terms import Piece as Found
from articles.terms import marked
from articles.terms import query as asked
from articles.views.article import Overtaken
from articles.views.editions import Edition
from articles.views.lists import Change
from articles.views.search import Choice
from articles.wording import BASES, LIKELIHOODS

INLINE = {"a", "span", "mark", "strong", "time", "q", "cite", "ins", "del", "code", "svg", "rect"}
WHEN = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with override(request.param), timezone.override("Asia/Ho_Chi_Minh"):
        yield request.param


# --- reading what was rendered -----------------------------------------------------------------------


class Html(HTMLParser):
    """Its elements in order, each with its attributes; its text, a line for each block."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()
        self.lines = [said for line in "".join(self.text).split("\x00") if (said := " ".join(line.split()))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.text += [] if tag in INLINE else ["\x00"]

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


def rendered(source: str, **context: Any) -> Html:
    """`source` is a tag with its arguments, or the name of a component that is included."""
    if " " in source:
        return Html(Template("{% load reading %}{% " + source + " %}").render(Context(context)))
    return Html(render_to_string(f"components/{source}.html", context))


def say(sentence: str, **values: object) -> str:
    """As the active language says it."""
    return gettext(sentence) % values if values else gettext(sentence)


def by(did: str, name: str) -> str:
    return pgettext(did, "by %(name)s") % {"name": name}


def minutes(count: int) -> str:
    return ngettext("%(minutes)s min read", "%(minutes)s min read", count) % {"minutes": count}


def voices(count: int) -> str:
    return ngettext("%(count)d independent source", "%(count)d independent sources", count) % {"count": count}


# --- plain values ------------------------------------------------------------------------------------


def evidence(number: int = 1, **facts: Any) -> Evidence:
    usual = {"voice": f"v{number}", "stance": Stance.SUPPORTS, "tier": 1, "held": 0.0, "failed": 0.0}
    return Evidence(number=number, **{**usual, "first_hand": True, "verified": False, "reachable": True, **facts})


def cited(number: int = 1, **fields: Any) -> Cited:
    usual = {
        "url": f"https://example.org/{number}", "title": f"Document {number}", "title_language": "",
        "source_id": 7,
        "source": "Example", "source_language": "en", "origin": "", "origin_language": "", "stance": "supports",
        "first_hand": True, "quote": "", "locator": "", "accessed": None, "archive_url": "", "tier": 1,
        "verified": None,
    }  # fmt: skip
    return Cited(number=number, **{**usual, **fields})


def reading(*facts: Evidence, **fields: Any) -> Reading:
    usual = {
        "language": "en", "headline": "Headline", "summary": "Summary.", "body": "<p>Body.</p>", "slug": "headline",
        "claim": "The claim.", "kind": Kind.NEWS, "machine": Machine.NONE, "translator": "", "category": "Technology",
        "byline": (Signed(1, "Mai Lan"),), "number": 3,
        "citations": tuple(cited(each.number, tier=each.tier) for each in facts),
        "digest": "ab12", "minutes": 2, "workings": confidence.assess(facts), "review": Review("Binh", WHEN, False, ""),
        "published": WHEN, "updated": WHEN,
    }  # fmt: skip
    return Reading(**{**usual, **fields})


ONE = evidence()
AGAINST = evidence(2, stance=Stance.CONTRADICTS)
DAY = {"vi": "22/11/2026", "en": "22 November 2026"}
MOMENT = {"vi": "14:30, 22/11/2026", "en": "22 November 2026, 14:30 (UTC+7)"}
MEANINGS = {
    1: "authoritative: first-hand or with a long clean record",
    2: "reliable",
    3: "mixed or little known",
    4: "unreliable or unknown",
}

EDITIONS = [
    Edition("vi", "/vi/articles/tieu-de/", "https://desk.example/vi/articles/tieu-de/", current=False, exists=True),
    Edition("en", "/en/articles/tieu-de/", "https://desk.example/en/articles/tieu-de/", current=True, exists=False),
]
NOTICES = tuple(Notice(kind, WHEN - timedelta(days=days), f"Note {days}.") for days, kind in enumerate(CorrectionKind))
HERE = {"path": "/en/corrections/"}
FEEDS = [Feed("Atom", "application/atom+xml", "/en/feed.atom"), Feed("RSS", "application/rss+xml", "/en/feed.rss")]
OVERTAKEN = Overtaken(CorrectionKind.CORRECTION, WHEN, EDITIONS[0])
MEASURED = Calibration(
    outcomes=1234, brier=0.18249, log_loss=0.5, error=0.0625,
    bins=(Bin(0.3, 0.25, 0.125, 0.504, 600, 590.5), Bin(0.828, 0.9, 0.8, 1.0, 634, 634.0)),
)  # fmt: skip
LEAD = Pictured("ab12", 30, 70, "#aabbcc", (480, 960), "A bridge in fog.", "The bridge.", "Lan Vu", "CC0", "")
HIT = Hit(reading(ONE, category_id=7), [Found("Headline", found=True), Found(" here")], [Found("It is so.")], [])
GROUPS = [
    ("Tier", [Choice("Tier 1", "en", "/en/search/?tier=1", chosen=False), Choice("2026", "vi", "/", chosen=True)])
]
PIECES = [Piece(Op.SAME, "It is "), Piece(Op.DELETED, "eleven"), Piece(Op.INSERTED, "seven")]
COMPARED = Comparison(
    Version(language="en"), Version(language="en"),
    [Told("headline", PIECES, []), Told("citations", [], [(Op.INSERTED, 2, [Told("URL", PIECES[2:], [])])])],
    diff.folded(diff.blocks("<p>A.</p><p>B.</p><p>C.</p><p>D.</p>", "<p>A!</p><p>B.</p><p>C.</p><p>D.</p>")),
)  # fmt: skip
STEP = Step(
    2, Status.PUBLISHED, 2, WHEN, "ab12", CorrectionKind.CORRECTION, "Seven, not eleven.",
    Review("Binh", WHEN, False, ""), Glance(State.RATED, 83, 1, 1), False,
)  # fmt: skip
BEFORE = replace(STEP, row=1, number=1, kind=None, note="", shown=Glance(State.RATED, 58, 1, 1))
ENTRY = Entry(Revision(STEP, BEFORE), COMPARED)
SPELLING = Entry(Revision(replace(STEP, kind=CorrectionKind.TYPO, shown=BEFORE.shown), BEFORE), None)
PAST = PastEdition(reading(ONE), ENTRY, WHEN, None, Version(), ReviewStatus())
CITED_SO = {"edition": PAST, "reading": PAST.reading, "site_name": "Newsroom", "canonical": "https://desk.example/3/"}
PLACE = {"versions": "/h/", "language": "en"}
COMPONENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "article-card": ("article-card", {"reading": reading(ONE)}),
    "byline": ("byline reading", {"reading": reading(ONE)}),
    "category-link": ("category-link", {"reading": reading(ONE, category_id=7)}),
    "change": ("change", {"change": Change(4, NOTICES[2], True, "/en/articles/headline/", "Headline", WHEN)}),
    "citing": ("citing", CITED_SO),
    "confidence-badge": ("confidence_badge reading", {"reading": reading(ONE)}),
    "correction-notices": ("correction_notices reading", {"reading": reading(ONE, notices=NOTICES)}),
    "facts": ("facts", {"reading": reading(ONE)}),
    "feed-links": ("feed-links", {"feeds": FEEDS}),
    "marked-text": ("marked-text", {"pieces": HIT.headline}),
    "history": ("history", {"runs": [Run(True, [SPELLING, SPELLING]), Run(False, [ENTRY])], **PLACE}),
    "history-entry": ("history-entry", {"entry": ENTRY, **PLACE}),
    "moment": ("moment at", {"at": WHEN}),
    "outdated-notice": ("outdated_notice overtaken reading", {"reading": reading(ONE), "overtaken": OVERTAKEN}),
    "pager": ("pager", {"request": HERE, "before": "9", "older": 5}),
    "picture": ('picture picture "en" "text"', {"picture": LEAD}),
    "pieces": ("pieces", {"pieces": PIECES}),
    "published-record": ("published-record", {"reading": reading(ONE)}),
    "reliability-diagram": ("reliability_diagram measured", {"measured": MEASURED}),
    "revision": ("revision", {"entry": ENTRY, "language": "en"}),
    "review-badge": ("review_badge review", {"review": None}),
    "search": ("search", {"query": "word"}),
    "search-filters": ("search-filters", {"groups": GROUPS}),
    "search-result": ("search-result", {"hit": HIT}),
    "short-facts": ("short_facts reading", {"reading": reading(ONE)}),
    "site-footer": ("site-footer", {"site_name": "Newsroom"}),
    "site-header": ("site-header", {"site_name": "Newsroom", "editions": EDITIONS}),
    "source-list": ("source-list", {"reading": reading(ONE)}),
    "tier-badge": ("tier_badge reading", {"reading": reading(ONE)}),
    "what-changed": ("what-changed", {"comparison": COMPARED}),
    "ways-on": ("ways-on", {"elsewhere": EDITIONS[:1]}),
    "why": ("why reading", {"reading": reading(ONE, AGAINST)}),
    "workings": ("workings workings", {"workings": confidence.assess([ONE, AGAINST])}),
}


def test_every_component_is_rendered_here() -> None:
    folder = Path(site.BASE_DIR) / "templates" / "components"
    assert {path.stem for path in folder.iterdir()} == COMPONENTS.keys()


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_brings_no_style_script_or_empty_name(name: str, language: str) -> None:
    source, context = COMPONENTS[name]
    page = rendered(source, **context)
    assert page.lines
    assert not any("{" in line or "None" in line for line in page.lines)
    for tag, attrs in page.elements:
        assert tag not in {"script", "style", "iframe"} | ({"img"} if name != "picture" else set())
        assert not any(attribute == "style" or attribute.startswith("on") for attribute in attrs)
        assert attrs.get("class") != ""
        assert attrs.get("lang") != ""


# --- picture -----------------------------------------------------------------------------------------


def test_a_picture_has_its_words_its_ground_and_room_before_it_is_there(language: str) -> None:
    page = rendered('picture picture language "lead"', picture=LEAD, language=language)
    assert page.lines == [f"The bridge. {say('Picture:')} Lan Vu (CC0)"]
    [image] = page.all("img")
    assert (image["alt"], image["width"], image["height"], "loading" in image) == (
        "A bridge in fog.",
        "960",
        "540",
        False,
    )
    assert [each["type"] for each in page.all("source")] == ["image/avif", "image/webp"]
    assert page.all("rect") == [{"width": "16", "height": "9", "fill": "#aabbcc"}]


@pytest.mark.parametrize(
    ("place", "how", "sizes"),
    [
        ("lead", {"fetchpriority": "high"}, "(min-width: 43rem) 38.5rem, 92vw"),
        ("text", {"loading": "lazy"}, "(min-width: 43rem) 38.5rem, 92vw"),
        ("portrait", {}, "18rem"),
    ],
)
def test_the_one_above_the_text_is_fetched_first_and_those_in_it_in_sight(
    place: str, how: dict[str, str], sizes: str, language: str
) -> None:
    page = rendered(f'picture picture language "{place}"', picture=LEAD, language=language)
    [image] = page.all("img")
    assert {name: value for name, value in image.items() if name in ("loading", "fetchpriority")} == how
    assert {each["sizes"] for each in (image, *page.all("source"))} == {sizes}
    [figure] = page.all("figure")
    assert figure == {"class": f"picture {place}-picture"}


def test_a_picture_in_another_language_says_so_but_for_its_credit(language: str) -> None:
    page = rendered('picture picture "fr" "text"', picture=LEAD)
    [figure], [credit] = page.all("figure"), page.all("span")
    assert (figure["lang"], credit["lang"]) == ("fr", language)


def test_a_credit_leads_to_where_the_picture_is_from(language: str) -> None:
    lead = replace(LEAD, source_url="https://example.org/a", caption="", licence="")
    page = rendered('picture picture language "lead"', picture=lead, language=language)
    assert page.lines == [f"{say('Picture:')} Lan Vu"]
    assert page.all("a") == [{"href": "https://example.org/a"}]


# --- tier --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", [1, 2, 3, 4])
def test_a_tier_is_told_with_its_meaning_and_its_voices(tier: int, language: str) -> None:
    page = rendered("tier_badge reading", reading=reading(evidence(tier=tier)))
    assert page.lines == [
        say("Tier %(best)s · sources", best=tier),
        say(MEANINGS[tier]),
        f"{say('first-hand')}, {voices(1)}",
    ]
    assert page.all("div") == [{"class": "ok" if tier == 1 else ""}]


def test_the_best_tier_of_several_voices_is_told(language: str) -> None:
    facts = [evidence(1, tier=3, first_hand=False), evidence(2, tier=2, first_hand=False), evidence(3, tier=None)]
    assert rendered("tier_badge reading", reading=reading(*facts)).lines == [
        say("Tier %(best)s · sources", best=2),
        say("reliable"),
        f"{say('first-hand')}, {voices(3)}",
    ]


def test_who_contradicts_at_first_hand_does_not_make_the_support_first_hand(language: str) -> None:
    facts = [evidence(1, tier=2, first_hand=False), AGAINST]
    assert rendered("tier_badge reading", reading=reading(*facts)).lines[1:] == [
        say("reliable"),
        f"{say('second-hand')}, {voices(1)}",
    ]


def test_sources_nobody_assessed_are_not_rated(language: str) -> None:
    assert rendered("tier_badge reading", reading=reading(evidence(tier=None))).lines == [
        say("Not rated · sources"),
        say("nobody at this desk has assessed it yet"),
        f"{say('first-hand')}, {voices(1)}",
    ]


@pytest.mark.parametrize(
    "facts", [[], [AGAINST], [evidence(stance=Stance.CONTEXT)]], ids=["none", "against", "context"]
)
def test_without_support_there_are_no_sources(facts: list[Evidence], language: str) -> None:
    page = rendered("tier_badge reading", reading=reading(*facts))
    assert page.lines == [say("No sources"), say("nothing cited supports the claim")]
    assert page.all("div") == [{"class": "warn"}]


# --- confidence --------------------------------------------------------------------------------------

SOLID = [evidence(n, verified=True) for n in (1, 2, 3)] + [evidence(4, tier=2, verified=True)]


@pytest.mark.parametrize(
    ("facts", "percent", "basis"),
    [
        ([ONE], 58, "thin evidence"),
        ([evidence(1), evidence(2)], 70, "moderate evidence"),
        (SOLID, 97, "solid evidence"),
        ([AGAINST], 15, "no evidence that moves it"),
        ([ONE, AGAINST], 33, "thin evidence"),
    ],
    ids=["thin", "moderate", "solid", "contradicted", "disputed"],
)
def test_a_number_is_told_with_words_range_and_basis(
    facts: list[Evidence], percent: int, basis: str, language: str
) -> None:
    made = reading(*facts)
    low, high = made.workings.low, made.workings.high
    assert low is not None
    assert high is not None
    page = rendered("confidence_badge reading", reading=made)
    word = str(LIKELIHOODS[confidence.likelihood(percent)])
    assert page.lines == [say("%(percent)s%% confidence", percent=percent), f"{word}, {low}–{high}%", say(basis)]
    assert page.all("a") == [{"href": "#why"}]
    assert page.all("rect")[1:] == [
        {"class": "value", "width": str(percent), "height": "6"},
        {"class": "range", "x": str(low), "y": "2", "width": str(high - low), "height": "2"},
    ]
    assert page.all("div") == [{"class": "tell"}]  # one blue at every value: no traffic light


@pytest.mark.parametrize(
    ("facts", "state", "why"),
    [
        ([], "Unsourced", "no source is cited for or against the claim"),
        ([evidence(tier=None)], "Not rated", "none of its sources has been assessed yet"),
    ],
)
def test_without_a_number_the_badge_says_why(facts: list[Evidence], state: str, why: str, language: str) -> None:
    page = rendered("confidence_badge reading", reading=reading(*facts))
    assert page.lines == [say(state), say(why)]
    assert (page.all("rect"), page.all("div")) == ([], [{"class": "warn"}])


@pytest.mark.parametrize("kind", [Kind.OPINION, Kind.PRESS_RELEASE, Kind.PAGE])
def test_what_makes_no_claim_of_fact_shows_no_number(kind: Kind, language: str) -> None:
    page = rendered("confidence_badge reading", reading=reading(ONE, kind=kind))
    assert page.lines == [
        say("No confidence shown"),
        say("%(kind)s: makes no claim of fact that a number could be of", kind=capfirst(str(kind.label))),
    ]
    assert (page.all("rect"), page.all("a")) == ([], [])


# --- review ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("self_review", [False, True])
@pytest.mark.parametrize("name", ["Binh", ""])
def test_a_review_is_told_with_name_and_day(self_review: bool, name: str, language: str) -> None:
    page = rendered("review_badge review", review=Review(name, WHEN, self_review, ""))
    reviewer = by("reviewed", name) if name else say("by a reviewer of this desk")
    assert page.lines == [
        say("Self-reviewed" if self_review else "Reviewed"),
        f"{reviewer}, {DAY[language]}",
        say("exactly these words"),
    ]
    assert page.all("div") == [{"class": "warn" if self_review else "ok"}]


def test_a_draft_is_not_reviewed(language: str) -> None:
    page = rendered("review_badge review", review=None)
    assert page.lines == [say("Not reviewed"), say("a draft: readers do not see it")]
    assert page.all("div") == [{"class": "warn"}]


def test_the_three_facts_stand_together_in_their_order(language: str) -> None:
    page = rendered("facts", reading=reading(ONE))
    assert page.elements[0] == ("dl", {"class": "facts"})
    assert [page.lines[place] for place in (0, 3, 6)] == [
        say("Tier %(best)s · sources", best=1),
        say("%(percent)s%% confidence", percent=58),
        say("Reviewed"),
    ]


@pytest.mark.parametrize(
    ("made", "facts"),
    [
        (
            reading(ONE),
            [("tier %(tier)d", {"tier": 1}), ("%(percent)d%% confidence", {"percent": 58}), ("Reviewed", {})],
        ),
        (reading(evidence(tier=None)), [("not rated", {}), ("Reviewed", {})]),
        (reading(), [("No sources", {}), ("Unsourced", {}), ("Reviewed", {})]),
        (reading(AGAINST), [("No sources", {}), ("%(percent)d%% confidence", {"percent": 15}), ("Reviewed", {})]),
        (
            reading(ONE, kind=Kind.OPINION, review=Review("", WHEN, True, "")),
            [("tier %(tier)d", {"tier": 1}), ("opinion", {}), ("Self-reviewed", {})],
        ),
    ],
    ids=["rated", "not rated", "unsourced", "contradicted", "opinion"],
)
def test_the_facts_in_short(made: Reading, facts: list[tuple[str, dict[str, Any]]], language: str) -> None:
    wanted = [capfirst(say(sentence, **values)) for sentence, values in facts]
    assert rendered("short_facts reading", reading=made).lines == wanted


# --- why ---------------------------------------------------------------------------------------------


def prospects(*told: tuple[int, str]) -> list[str]:
    return [f"58 → {percent}% {sentence}" for percent, sentence in told]


def test_why_tells_the_claim_the_meaning_the_rows_and_what_would_change_it(language: str) -> None:
    page = rendered("why reading", reading=reading(ONE))
    assert page.lines == [
        say("Why %(percent)s%%?", percent=58),
        f"{say('The claim:')} The claim.",
        " ".join([
            say(
                "We put the chance that this claim will stand, without a substantive correction, at %(percent)d%%.",
                percent=58,
            ),
            say(
                "If its sources are more or less reliable than their records say, it could be anything from %(low)s to "
                "%(high)s%%.",
                low=51,
                high=64,
            ),
            say("It rests on %(basis)s.", basis=say("thin evidence")),
        ]),
        say("How the number comes about"),
        say("Source"),
        say("Points"),
        say("Start: any claim before its sources"),
        "33",
        ", ".join(["[1] " + say("tier %(tier)d", tier=1), say("first-hand"), say("not yet verified by us")]),
        "+25",
        say("Confidence"),
        "58%",
        say("What would change it:"),
        *prospects(
            (83, say("if we verify source %(number)d", number=1)),
            (70, say("if an independent tier 1 source confirms it")),
            (33, say("if an independent tier 1 source contradicts it")),
        ),
        say("Computed from the citations by policy %(policy)s; nobody can type a number.", policy="2026.1"),
    ]  # fmt: skip
    assert page.all("q") == [{"lang": "en"}]
    assert ("div", {"id": "why"}) in page.elements  # where the badge leads


@pytest.mark.parametrize(
    ("facts", "asks", "means"),
    [
        ([], "Why unsourced?", "No source is cited for or against the claim, so there is no number."),
        (
            [evidence(tier=None)],
            "Why not rated?",
            "None of the sources has been assessed by this desk yet, so there is no number.",
        ),
    ],
)
def test_why_there_is_no_number(facts: list[Evidence], asks: str, means: str, language: str) -> None:
    page = rendered("why reading", reading=reading(*facts))
    assert (page.lines[0], page.lines[2]) == (say(asks), say(means))
    assert page.all("tfoot") == []
    assert say("What would change it:") not in page.lines


@pytest.mark.parametrize(("opened", "attributes"), [(False, {"class": "why"}), (True, {"class": "why", "open": None})])
def test_why_is_closed_for_readers_and_open_for_reviewers(opened: bool, attributes: dict[str, Any]) -> None:
    page = rendered(f"why reading opened={opened}", reading=reading(ONE))
    assert page.elements[0] == ("details", attributes)


def points(page: Html) -> list[str]:
    """The second column, from the start to the sum."""
    return [line for line in page.lines if re.fullmatch(r"[+−]?\d+%?|–", line)]


def test_each_citation_is_told_with_its_reasons(language: str) -> None:
    facts = [
        evidence(1, verified=True, held=2.5, failed=1.0),
        evidence(2, tier=2, first_hand=False),
        evidence(3, stance=Stance.CONTRADICTS, tier=None, reachable=False),
        evidence(4, stance=Stance.CONTEXT),
        evidence(5, voice="v1", first_hand=False),
        evidence(6, retracted=True),
    ]
    page = rendered("workings workings", workings=confidence.assess(facts))
    held, of = {"vi": ("2,5", "3,5"), "en": ("2.5", "3.5")}[language]
    record = say("%(held)s of %(all)s checked claims held", held=held, all=of)
    against = [
        "contradicts the claim",
        "not rated",
        "first-hand",
        "not yet verified by us",
        "no longer open to readers",
    ]
    assert [line for line in page.lines if line.startswith("[")] == [
        f"[1] {say('tier %(tier)d', tier=1)}, {say('first-hand')}, {say('verified by us')}, {record}",
        f"[2] {say('tier %(tier)d', tier=2)}, {say('second-hand')}, {say('not yet verified by us')}",
        "[3] " + ", ".join(say(part) for part in against),
        "[4] " + say("gives context and takes no side"),
        "[5] " + say("repeats the same origin: adds nothing to source %(number)d", number=1),
        "[6] " + say("was withdrawn by its source"),
    ]
    assert page.all("a") == [{"href": f"#source-{number}"} for number in (1, 2, 3, 4, 5, 6)]
    assert points(page)[-4:-1] == ["–", "–", "–"]


def test_points_that_take_away_carry_a_minus() -> None:
    with override("en"):
        page = rendered("workings workings", workings=confidence.assess([ONE, AGAINST]))
    assert points(page) == ["33", "+25", "−25", "33%"]


def test_without_a_number_there_are_no_points_and_no_sum(language: str) -> None:
    facts = [evidence(tier=None), evidence(2, stance=Stance.CONTEXT)]
    page = rendered("workings workings", workings=confidence.assess(facts))
    assert page.lines == [
        say("What is cited"),
        "[1] " + ", ".join([say("not rated"), say("first-hand"), say("not yet verified by us")]),
        "[2] " + say("gives context and takes no side"),
    ]
    assert (page.all("td"), page.all("thead"), page.all("tfoot")) == ([], [], [])


@pytest.mark.parametrize(
    ("anchor", "links"),
    [("", []), ("citation", ["#citation-1", "#citation-2"]), ("source", ["#source-1", "#source-2"])],
)
def test_the_rows_point_to_the_citations_of_the_page_they_are_on(anchor: str, links: list[str]) -> None:
    facts = [evidence(1), evidence(2, stance=Stance.CONTEXT)]
    page = rendered("workings workings anchor", workings=confidence.assess(facts), anchor=anchor)
    assert [attrs["href"] for attrs in page.all("a")] == links
    assert [line[:3] for line in page.lines if line.startswith("[")] == ["[1]", "[2]"]


facts_of_any_kind = st.lists(
    st.builds(
        evidence,
        st.just(1),
        voice=st.sampled_from("abcd"),
        stance=st.sampled_from(Stance),
        tier=st.sampled_from([1, 2, 3, 4, None]),
        held=st.integers(0, 9).map(float),
        failed=st.integers(0, 9).map(float),
        first_hand=st.booleans(),
        verified=st.booleans(),
        reachable=st.booleans(),
        retracted=st.booleans(),
    ),
    max_size=6,
).map(lambda found: [replace(each, number=place) for place, each in enumerate(found, 1)])


@settings(deadline=None, max_examples=60)
@given(facts_of_any_kind)
def test_the_points_a_reader_sees_add_up_to_the_number_a_reader_sees(facts: list[Evidence]) -> None:
    workings = confidence.assess(facts)
    with override("en"):
        shown = [int(text.replace("−", "-")) for text in points(rendered("workings workings", workings=workings))
                 if text != "–" and not text.endswith("%")]  # fmt: skip
        page = rendered("confidence_badge reading", reading=reading(*facts))
    if workings.percent is None:
        assert shown == []
    else:
        assert page.lines[0] == f"{sum(shown)}% confidence"


def test_every_word_has_a_sentence(language: str) -> None:
    assert [*LIKELIHOODS] == [*confidence.Likelihood]
    assert [*BASES] == [*confidence.Basis]
    assert len({str(word) for word in LIKELIHOODS.values()}) == len(LIKELIHOODS)


# --- times -------------------------------------------------------------------------------------------


def test_a_moment_is_told_on_the_desks_clock(language: str) -> None:
    page = rendered("moment at", at=WHEN)
    assert page.lines == [MOMENT[language]]
    assert page.elements == [("time", {"datetime": "2026-11-22T14:30:00+07:00"})]
    assert rendered("moment at day=True", at=WHEN).lines == [DAY[language]]


def test_a_day_is_the_desks_and_not_the_databases(language: str) -> None:
    late = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    assert rendered("moment at day=True", at=late).lines == [DAY[language]]
    assert rendered("moment at day=True", at=late - timedelta(minutes=1)).lines != [DAY[language]]


@pytest.mark.parametrize(
    ("zone", "told", "stamp"),
    [
        ("UTC", "22 November 2026, 07:30 (UTC+0)", "2026-11-22T07:30:00+00:00"),
        ("Asia/Kolkata", "22 November 2026, 13:00 (UTC+5:30)", "2026-11-22T13:00:00+05:30"),
        ("America/New_York", "22 November 2026, 02:30 (UTC-5)", "2026-11-22T02:30:00-05:00"),
        ("America/St_Johns", "22 November 2026, 04:00 (UTC-3:30)", "2026-11-22T04:00:00-03:30"),
        ("Pacific/Marquesas", "21 November 2026, 22:00 (UTC-9:30)", "2026-11-21T22:00:00-09:30"),
    ],
)
def test_a_moment_carries_its_offset_in_english(zone: str, told: str, stamp: str) -> None:
    with override("en"), timezone.override(zone):
        page = rendered("moment at", at=WHEN)
    assert (page.lines, page.elements) == ([told], [("time", {"datetime": stamp})])


# --- lists of sources, the record, the card ----------------------------------------------------------


def test_a_citation_is_listed_with_all_that_is_known_of_it(language: str) -> None:
    full = cited(
        1, url="https://báo.example.vn/a", title="Tài liệu", title_language="vi", source="Báo", source_language="vi",
        origin="Agency", stance="contradicts", first_hand=False, quote="Như vậy.", locator="p. 3",
        accessed=date(2026, 11, 22), archive_url="https://archive.example/1", tier=2,
        verified=Verified("Binh", WHEN, "Read it."),
    )  # fmt: skip
    page = rendered("source-list", reading=reading(ONE, citations=(full,)))
    assert page.lines == [
        say("Sources"),
        "Tài liệu · Báo · xn--bo-mia.example.vn",
        "Như vậy.",
        " · ".join([
            "p. 3",
            say("contradicts the claim"),
            f"{say('second-hand')} ({say('from %(origin)s', origin='Agency')})",
            f"{say('tier %(tier)d', tier=2)}: {say('reliable')}",
            f"{say('verified')} {DAY[language]} {by('verified', 'Binh')}",
            f"{say('accessed')} {DAY[language]}",
            say("archived copy"),
            say("about this source"),
        ]),
    ]  # fmt: skip
    mark = {} if language == "vi" else {"lang": "vi"}
    assert page.all("a") == [
        {"href": "https://báo.example.vn/a", **mark},
        {"href": "https://archive.example/1"},
        {"href": f"/{language}/sources/number/7/"},
    ]
    assert [page.all("span")[0], page.all("blockquote")] == [mark, [mark]]
    assert page.all("li") == [{"id": "source-1"}]


def test_a_bare_citation_is_listed_by_its_address(language: str) -> None:
    bare = cited(4, title="", stance="context", tier=None, verified=None)
    page = rendered("source-list", reading=reading(ONE, citations=(bare,)))
    assert page.lines == [
        say("Sources"),
        "https://example.org/4 · Example · example.org "
        + " · ".join([
            say("context only"),
            say("first-hand"),
            f"{say('not rated')}: {say('nobody at this desk has assessed it yet')}",
            say("not yet verified by us"),
            say("about this source"),
        ]),
    ]  # fmt: skip
    assert page.all("li") == [{"id": "source-4"}]


def test_a_preview_leads_to_no_page_that_its_source_may_not_have_yet(language: str) -> None:
    preview = reading(ONE, published=None)
    assert rendered("source-list", reading=preview).all("a") == [{"href": "https://example.org/1"}]
    assert rendered("published-record", reading=preview).all("a") == []


def test_who_verified_may_have_no_public_name(language: str) -> None:
    nameless = cited(verified=Verified("", WHEN, "Read it."))
    told = rendered("source-list", reading=reading(ONE, citations=(nameless,))).lines[-1]
    assert told.endswith(f"· {say('verified')} {DAY[language]} · {say('about this source')}")


def test_names_and_quotes_carry_their_language_where_it_is_not_the_pages(language: str) -> None:
    """Also on the page that shows the other language's words: there the list of sources is not inside them."""
    english = cited(title_language="en", quote="So it was.", source_language="en")
    vietnamese = cited(2, title_language="vi", quote="Như vậy.", source_language="vi")
    page = rendered("source-list", reading=reading(ONE, citations=(english, vietnamese)))
    marks = [{} if language == code else {"lang": code} for code in ("en", "vi")]
    assert page.all("blockquote") == marks
    assert [{k: v for k, v in attrs.items() if k == "lang"} for attrs in page.all("a")[::2]] == marks
    assert [attrs for attrs in page.all("span") if attrs.get("class") != "meta"] == marks


def test_a_list_without_sources_says_so(language: str) -> None:
    assert rendered("source-list", reading=reading()).lines == [say("Sources"), say("No source is cited.")]


@pytest.mark.parametrize("machine", Machine)
@pytest.mark.parametrize("translator", ["", "Hoa"])
def test_the_published_record_names_version_words_and_hands(machine: Machine, translator: str, language: str) -> None:
    page = rendered("published-record", reading=reading(ONE, machine=machine, translator=translator))
    assert page.lines == [
        say("Published record"),
        say("Version"), "3",
        say("Words"), "SHA-256 ab12",
        say("Approved"), MOMENT[language],
        say("Corrections"), say("none so far"),
        say("Machines"), str(machine.label),
        *([say("Translator"), "Hoa"] if translator else []),
    ]  # fmt: skip


def test_the_record_of_a_draft_tells_no_approval(language: str) -> None:
    assert say("Approved") not in rendered("published-record", reading=reading(ONE, review=None)).lines


def test_a_card_tells_category_time_headline_summary_and_facts(language: str) -> None:
    page = rendered("article-card", reading=reading(ONE))
    assert page.lines == [
        f"Technology · {minutes(2)} · {DAY[language]}",
        "Headline",
        "Summary.",
        capfirst(say("tier %(tier)d", tier=1)),
        say("%(percent)d%% confidence", percent=58),
        say("Reviewed"),
    ]
    assert page.all("a") == [{"href": "/en/articles/headline/"}]  # where its words are


# --- calibration -------------------------------------------------------------------------------------


def outcomes(count: int) -> list[Prediction]:
    return [Prediction(0.58, held=number % 2 == 0) for number in range(count)]


def resting(count: int) -> str:
    sentence = ngettext(
        "We do not know yet: this rests on %(outcomes)s outcome so far; nothing is claimed below %(least)s.",
        "We do not know yet: this rests on %(outcomes)s outcomes so far; nothing is claimed below %(least)s.",
        count,
    )
    return sentence % {"outcomes": count, "least": 30}


@pytest.mark.parametrize("count", [0, 1, 2, 29])
def test_below_thirty_outcomes_nothing_is_claimed(count: int, language: str) -> None:
    page = rendered("reliability_diagram measured", measured=calibration.calibrated(outcomes(count)))
    none = say("We do not know yet: there are no outcomes so far, and nothing is claimed.")
    assert page.lines == [resting(count) if count else none]
    assert [tag for tag, _attrs in page.elements] == ["div", "p"]


def test_from_thirty_on_it_is_drawn_and_told(language: str) -> None:
    page = rendered("reliability_diagram measured", measured=calibration.calibrated(outcomes(30)))
    assert len(page.all("circle")) == len(page.all("tr")) - 1 == 1
    assert page.all("svg") == [{"viewbox": "-200 -40 1290 1220", "aria-hidden": "true", "focusable": "false"}]


def test_the_diagram_and_its_table_say_the_same(language: str) -> None:
    page = rendered("reliability_diagram measured", measured=MEASURED)
    assert page.all("circle") == [
        {"class": "point", "cx": "300", "cy": "750", "r": "16"},
        {"class": "point", "cx": "828", "cy": "100", "r": "16"},
    ]
    assert [each["d"] for each in page.all("path") if each["class"] == "interval"] == ["M300 875V496", "M828 200V0"]
    start = page.lines.index(say("We said, on average"))
    assert page.lines[start - 1 : start + 12] == [
        say("What we said and what came of it"),
        say("We said, on average"), say("Of these held"), say("95%% interval").replace("%%", "%"), say("Outcomes"),
        "30%", "25%", "12–50%", "600",
        "83%", "90%", "80–100%", "634",
    ]  # fmt: skip


def test_the_figures_are_written_as_the_language_writes_numbers(language: str) -> None:
    page = rendered("reliability_diagram measured", measured=MEASURED)
    comma = {"vi": ",", "en": "."}[language]
    figures = ["0.182", "0.500", "0.063"]
    assert [line.rpartition(" ")[2] for line in page.lines[-3:]] == [each.replace(".", comma) for each in figures]
    told = ngettext("This rests on %(outcomes)s outcome.", "This rests on %(outcomes)s outcomes.", 1234)
    assert page.lines[0] == told % {"outcomes": {"vi": "1.234", "en": "1,234"}[language]}


# --- the frame of every page -------------------------------------------------------------------------


def site_links() -> list[str]:
    return [say("Sources"), say("How we compute confidence"), say("Search")]


def test_the_header_links_the_home_of_each_language(language: str) -> None:
    page = rendered("site-header", site_name="Newsroom", site_languages=site.LANGUAGES)
    assert page.lines == ["Newsroom", *site_links(), "Tiếng Việt", "English"]
    assert page.all("a") == [
        {"class": "name", "href": f"/{language}/"},
        {"href": f"/{language}/sources/"},
        {"href": f"/{language}/confidence/"},
        {"href": f"/{language}/search/"},
        *(
            {"href": f"/{code}/", "lang": code, "hreflang": code}
            | ({"aria-current": "true"} if code == language else {})
            for code in ("vi", "en")
        ),
    ]
    assert page.all("nav") == [
        {"aria-label": say("This site")},
        {"class": "languages", "aria-label": say("Language")},
    ]


def test_the_header_links_the_same_article_in_each_language_and_says_where_there_is_none(language: str) -> None:
    page = rendered("site-header", site_name="Newsroom", editions=EDITIONS)
    assert page.lines == ["Newsroom", *site_links(), "Tiếng Việt", f"English ({say('not translated yet')})"]
    assert page.all("a")[4:] == [
        {"href": "/vi/articles/tieu-de/", "hreflang": "vi"},
        {"href": "/en/articles/tieu-de/", "hreflang": "en", "aria-current": "true"},
    ]
    assert page.all("span") == [{"lang": "vi"}, {"lang": "en"}]


def test_the_footer_says_what_the_desk_promises(language: str) -> None:
    assert rendered("site-footer", site_name="Newsroom").lines == [
        say(
            "%(site_name)s shows for every article what it stands on, how confident we are and why, and who reviewed "
            "exactly these words.",
            site_name="Newsroom",
        ),
        say("Method"),
        say("Corrections"),
        say("About"),
        say("Archive"),
        say("The record"),
        f"{say('Feeds')} (Atom, RSS, JSON)",
    ]


# --- byline, category, change, pager -----------------------------------------------------------------


def test_names_and_category_lead_on_from_what_is_published_and_nowhere_from_a_draft(language: str) -> None:
    two = (Signed(1, "Mai <Lan>"), Signed(2, "Ân"))
    public, draft = reading(ONE, byline=two, category_id=7), reading(ONE, byline=two, published=None)
    assert rendered("byline reading", reading=public).lines == ["Mai <Lan>, Ân"]
    assert rendered("byline reading", reading=public).all("a") == [
        {"href": f"/{language}/authors/number/1/", "rel": "author"},
        {"href": f"/{language}/authors/number/2/", "rel": "author"},
    ]
    spelt = [("span", {"lang": "vi"})] if language == "en" else []
    assert rendered("byline reading", reading=draft).elements == spelt
    assert rendered("category-link", reading=public).all("a") == [
        {"href": f"/{language}/categories/number/7/"} | ({"lang": "en"} if language == "vi" else {})
    ]
    assert rendered("category-link", reading=draft).all("a") == []


@pytest.mark.parametrize(
    ("tells", "url", "after"),
    [
        (True, "/en/about/headline/", ""),
        (True, "", "The words of this article are shown nowhere on this site any more."),
        (False, "", "Of an article that was withdrawn later; its words are shown nowhere on this site any more."),
    ],
)
def test_a_change_is_told_with_its_day_and_its_note_where_that_is_for_readers(
    tells: bool, url: str, after: str, language: str
) -> None:
    notice = Notice(CorrectionKind.CORRECTION, WHEN, "Seven <b>, not eleven.")
    page = rendered("change", change=Change(4, notice, tells, url, "Headline" if url else "", WHEN))
    kind = str(CorrectionKind.CORRECTION.label)
    note = ": Seven <b>, not eleven." if tells else ""
    assert page.lines == [f"{DAY[language]}, {kind}{note} {say(after) if after else 'Headline'}"]
    assert page.all("a") == ([{"href": url}] if url else [])


@pytest.mark.parametrize(
    ("before", "older", "links"),
    [
        ("", None, []),
        ("", 5, ["/en/corrections/?before=5"]),
        ("9", 5, ["/en/corrections/", "/en/corrections/?before=5"]),
        ("9", None, ["/en/corrections/"]),
    ],
)
def test_a_list_leads_to_what_is_older_and_back_to_the_newest(before: str, older: int | None, links: list[str]) -> None:
    page = rendered("pager", request=HERE, before=before, older=older)
    assert [attrs["href"] for attrs in page.all("a")] == links
    assert len(page.all("nav")) == (1 if links else 0)


@given(
    st.text(st.sampled_from("<>&\"' abđ\u0301"), max_size=40) | st.text(max_size=40),
    st.text(st.sampled_from('ab d"'), max_size=6),
)
@settings(deadline=None)
def test_what_is_marked_reaches_the_page_as_words_alone(text: str, typed: str) -> None:
    pieces = marked(asked(typed), text)
    html = render_to_string("components/marked-text.html", {"pieces": pieces})
    page = Html(html)
    assert [tag for tag, _attrs in page.elements] == ["mark"] * sum(piece.found for piece in pieces)
    bare = html.removesuffix("\n").replace("<mark>", "").replace("</mark>", "")
    assert not set(bare) & set("<>\"'")
    assert unescape(bare) == text


def test_a_result_marks_what_was_asked_for_and_tells_the_facts(language: str) -> None:
    page = rendered("search-result", hit=HIT)
    assert page.lines[:3] == [f"Technology · {DAY[language]}", "Headline here", "It is so."]
    assert [tag for tag, _attrs in page.elements].count("mark") == 1
    assert page.lines[-1] == say("Reviewed")


def test_what_narrows_a_search_is_marked_and_can_be_taken_away(language: str) -> None:
    page = rendered("search-filters", groups=GROUPS)
    assert page.lines == ["Tier", "Tier 1", f"2026 ({pgettext('what a search is narrowed by', 'remove')})"]
    assert page.all("a") == [{"href": "/en/search/?tier=1"}, {"href": "/", "aria-current": "true"}]
    assert page.all("span") == [{"lang": "en"} if language == "vi" else {}, {"lang": "vi"} if language == "en" else {}]
    assert rendered("search-filters", groups=[]).lines == []


def test_the_form_of_search_has_a_label_and_keeps_the_query(language: str) -> None:
    page = rendered("search", query='a "b" <c>')
    assert page.all("form") == [
        {"method": "get", "action": f"/{language}/search/", "class": "search", "role": "search"}
    ]
    assert page.all("label") == [{"for": "q"}]
    assert page.all("input")[0] == {
        "id": "q", "name": "q", "type": "search", "value": 'a "b" <c>', "maxlength": "200",
    }  # fmt: skip
    assert page.lines == [say("Search the articles"), say("Search")]


# --- history -----------------------------------------------------------------------------------------


def test_what_was_taken_out_and_put_in_are_elements_that_say_so(language: str) -> None:
    page = rendered("pieces", pieces=PIECES)
    assert [each for each in page.elements if each[0] != "html"] == [
        ("del", {"data-says": say("deleted")}),
        ("ins", {"data-says": say("inserted")}),
    ]
    assert page.lines == ["It is elevenseven"]


def test_what_changed_is_told_field_by_field_and_the_rest_counted(language: str) -> None:
    page = rendered("what-changed", comparison=COMPARED)
    assert page.lines == [
        "Headline", "It is elevenseven", "Citations", f"[2] {say('added')}", "URL: seven", say("Text"), "A.!", "B.",
        ngettext("%(count)s paragraph unchanged", "%(count)s paragraphs unchanged", 2) % {"count": 2},
    ]  # fmt: skip
    marked = [tag for tag, attrs in page.elements if attrs.get("lang") == "en"]
    assert marked == (["dd", "span", "dd", "dd"] if language == "vi" else [])


@pytest.mark.parametrize(
    ("name", "own", "said"),
    [
        ("Binh", False, "Reviewed by %(name)s, %(on_day)s"),
        ("", False, "Reviewed by a reviewer of this desk, %(on_day)s"),
        ("Binh", True, "Self-reviewed by %(name)s, %(on_day)s"),
        ("", True, "Self-reviewed by a reviewer of this desk, %(on_day)s"),
    ],
)
def test_who_reviewed_a_revision_is_told(name: str, own: bool, said: str, language: str) -> None:
    entry = Entry(Revision(replace(STEP, review=Review(name, WHEN, own, "Not for here.")), BEFORE), None)
    page = rendered("revision", entry=entry, language=language)
    assert page.lines[1] == say(said, name=name, on_day=DAY[language])
    assert "Not for here." not in " ".join(page.lines)


def test_of_what_is_gone_the_digest_is_told_and_no_way_to_it(language: str) -> None:
    entry = Entry(Revision(replace(STEP, gone=True, note="", shown=None), BEFORE), None)
    page = rendered("history-entry", entry=entry, versions="/h/", language=language)
    assert (page.all("a"), page.all("ins")) == ([], [])
    assert page.lines[3:] == [
        "SHA-256 ab12",
        say("These words were withdrawn. They are shown nowhere on this site any more."),
    ]


def test_a_version_is_cited_by_headline_desk_number_day_address_and_digest(language: str) -> None:
    page = rendered("citing", **CITED_SO)
    version = say("version %(number)s", number=3)
    assert page.lines[1] == f"Headline. Newsroom, {version}, {DAY[language]}. https://desk.example/3/. SHA-256 ab12"


# --- pages about ourselves, and what has nothing in it -----------------------------------------------


def test_a_page_about_ourselves_shows_its_review_and_claims_nothing_else(language: str) -> None:
    bare, sourced = reading(kind=Kind.PAGE, category=""), reading(ONE, kind=Kind.PAGE, category="")
    reviewed = [say("Reviewed"), f"{by('reviewed', 'Binh')}, {DAY[language]}", say("exactly these words")]
    assert rendered("facts", reading=bare).lines == reviewed
    assert rendered("facts", reading=sourced).lines[0] == say("Tier %(best)s · sources", best=1)
    assert rendered("facts", reading=sourced).lines[-3:] == reviewed
    for each in (bare, sourced):
        assert rendered("short_facts reading", reading=each).lines == [
            capfirst(str(Kind.PAGE.label)),
            say("Reviewed"),
        ]
    card = rendered("article-card", reading=bare)
    assert card.lines[:2] == [f"{minutes(2)} · {DAY[language]}", "Headline"]
    assert card.all("a") == [{"href": "/en/about/headline/"}]


def test_what_is_empty_leads_to_the_other_language_and_on(language: str) -> None:
    page = rendered("ways-on", elsewhere=EDITIONS[:1])
    vietnamese = say("See what there is in %(language)s", language=say("Vietnamese"))
    assert page.lines == [vietnamese, say("To the latest articles")]
    assert page.all("a") == [{"href": "/vi/articles/tieu-de/", "hreflang": "vi"}, {"href": f"/{language}/"}]
    at_home = rendered("ways-on", elsewhere=[], at_home=True)
    assert [attrs["href"] for attrs in at_home.all("a")] == [f"/{language}/about/", f"/{language}/confidence/"]


def test_a_list_names_its_feeds_and_what_has_none_says_nothing(language: str) -> None:
    page = rendered("feed-links", feeds=FEEDS)
    assert page.lines == [f"{say('Feeds of this list:')} Atom, RSS"]
    assert [attrs["href"] for attrs in page.all("a")] == ["/en/feed.atom", "/en/feed.rss"]
    assert rendered("feed-links", feeds=[]).elements == []


@pytest.mark.parametrize(
    ("text", "spelt"), [("Trần Thanh Bình", "vi"), ("Đoàn", "vi"), ("An & <Co>", ""), ("René", ""), ("", "")]
)
def test_a_name_says_in_which_language_it_is_to_be_read_where_that_is_not_the_pages(
    language: str, text: str, spelt: str
) -> None:
    page = rendered("name text", text=text)
    assert page.all("span") == ([{"lang": spelt}] if spelt and language != spelt else [])
    assert page.lines == ([text] if text else [])
