"""Components of the readers' pages: facts from a `Reading` into the templates of the same names."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.defaultfilters import cut
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles import calibration, cleaning, languages, wording
from articles.addressing import article_url, picture_url
from articles.calibration import Calibration
from articles.confidence import Stance, Workings
from articles.reading import Pictured, Reading, Review

register = template.Library()

MOST_NOTICES = 3

for words in (
    wording.tier,
    wording.tier_meaning,
    wording.hand,
    wording.why_counted,
    wording.why_uncounted,
    wording.what_would_change,
    wording.meaning,
    wording.voices,
    wording.count,
    wording.likelihood_words,
    wording.what_happened,
    wording.confidence_then,
):
    register.filter(words.__name__, words)


@register.filter
def address(reading: Reading) -> str:
    return article_url(reading.language, reading.slug, reading.kind)


@register.filter
def body(reading: Reading) -> SafeString:
    """The frozen text, sanitised when it was frozen, with its pictures, and its citation marks as links to the list of
    sources.
    """
    drawn = {
        number: render_to_string("components/picture.html", picture(each, reading.language, "text"))
        for number, each in reading.pictures.items()
    }
    return SafeString(cleaning.pictured(cleaning.linked(reading.body), drawn))


@register.inclusion_tag("components/tier-badge.html")
def tier_badge(reading: Reading) -> dict[str, Any]:
    return {
        "best": reading.workings.best_tier,
        "sourced": reading.workings.voices > 0,
        "first_hand": any(row.first_hand for row in reading.workings.rows if row.stance == Stance.SUPPORTS),
        "voices": reading.workings.voices,
    }


@register.inclusion_tag("components/confidence-badge.html")
def confidence_badge(reading: Reading) -> dict[str, Any]:
    workings = reading.workings
    return {
        "workings": workings,
        "span": workings.high - workings.low if workings.high is not None and workings.low is not None else 0,
        "rated": reading.rated,
        "shows": reading.shows_number,
        "kind": capfirst(str(reading.kind.label)),
        "state": wording.STATES.get(workings.state),
        "likelihood": likelihood(reading),
        "basis": wording.BASES[workings.basis],
    }


@register.inclusion_tag("components/short-facts.html")
def short_facts(reading: Reading) -> dict[str, Any]:
    """The three facts in a few words, for lists; of a page about ourselves, what it is and that it was reviewed."""
    workings = reading.workings
    tier = capfirst(wording.tier(workings.best_tier)) if workings.voices else _("No sources")
    if reading.rated:
        number = _("%(percent)d%% confidence") % {"percent": workings.percent}
    else:
        number = str(wording.STATES[workings.state]) if reading.shows_number else capfirst(str(reading.kind.label))
    reviewed = _("Self-reviewed") if reading.review and reading.review.self_review else _("Reviewed")
    facts = [number, reviewed] if reading.is_page else [tier, number, reviewed]
    return {"facts": list(dict.fromkeys(facts))}  # "Not rated" once, where both facts say so


@register.inclusion_tag("components/review-badge.html")
def review_badge(review: Review | None) -> dict[str, Any]:
    return {"review": review}


@register.inclusion_tag("components/why.html")
def why(reading: Reading, opened: bool = False) -> dict[str, Any]:
    workings = reading.workings
    return {"reading": reading, "workings": workings, "opened": opened, "basis": wording.BASES[workings.basis]}


@register.inclusion_tag("components/workings.html")
def workings(workings: Workings, anchor: str = "source") -> dict[str, Any]:
    """The arithmetic as a table; `anchor` is what the ids of the citations on the page start with, or ""."""
    return {"workings": workings, "anchor": anchor}


@register.inclusion_tag("components/reliability-diagram.html")
def reliability_diagram(measured: Calibration) -> dict[str, Any]:
    """What was said against what held: drawn on a square of 1,000 units, and as a table of whole per cents."""
    shares = ("predicted", "held", "low", "high")
    return {
        "calibration": measured,
        "least": calibration.LEAST,
        "points": [
            {
                "x": round(1000 * each.predicted),
                "y": round(1000 * (1 - each.held)),
                "low": round(1000 * (1 - each.low)),
                "high": round(1000 * (1 - each.high)),
            }
            for each in measured.bins
        ],
        "rows": [
            {"outcomes": each.outcomes} | {share: round(100 * getattr(each, share)) for share in shares}
            for each in measured.bins
        ],
    }


@register.inclusion_tag("components/picture.html")
def picture(picture: Pictured, language: str, place: str) -> dict[str, Any]:
    """A picture with words in `language`, as the "lead", in the "text" or as the "portrait" of an author: the browser
    takes the best of what it knows, in the size it needs; one in the text not before it comes into sight.
    """

    def sizes(file_format: str) -> str:
        return ", ".join(f"{picture_url(picture, each, file_format)} {each}w" for each in picture.widths)

    return {
        "picture": picture,
        "language": language,
        "place": place,
        "sources": [(f"image/{name}", sizes(name)) for name in ("avif", "webp")],
        "srcset": sizes("jpeg"),
        "src": picture_url(picture, picture.usual, "jpeg"),
        "sizes": "18rem" if place == "portrait" else "(min-width: 43rem) 38.5rem, 92vw",
    }


@register.inclusion_tag("components/moment.html")
def moment(at: datetime, day: bool = False) -> dict[str, Any]:
    """A time on the desk's clock, with its offset; for people the day alone with `day`."""
    local = localtime(at)
    offset = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, minutes = divmod(abs(offset), 60)
    zone = f"UTC{'-' if offset < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")
    return {
        "at": local,
        "machine": local.isoformat(timespec="seconds"),
        "day": day,
        "zone": "" if get_language() == "vi" else zone,
    }


@register.simple_tag
def day(at: datetime) -> str:
    """The day of a moment, to stand within a sentence."""
    return cut(render_to_string("components/moment.html", moment(at, day=True)), "\n")


@register.simple_tag
def when(at: datetime) -> str:
    """A moment, to stand within a sentence."""
    return cut(render_to_string("components/moment.html", moment(at)), "\n")


@register.simple_tag
def in_language(text: str, language: str) -> str:
    """Words to stand within a sentence, marked where they are known to be in another language."""
    return format_html('<span lang="{}">{}</span>', language, text) if language not in ("", get_language()) else text


@register.simple_tag
def name(text: str) -> str:
    """A name, with the language that it is spelt in where that is not the page's, to stand within a sentence."""
    return in_language(text, languages.of_name(text))


@register.filter
def spelt_in(name: str) -> str:
    """The language of a name; empty where it may be any."""
    return languages.of_name(name)


@register.simple_tag
def byline(reading: Reading) -> str:
    """The names, to stand within a sentence; of what is published, each leads to its author's page."""
    return cut(render_to_string("components/byline.html", {"reading": reading}), "\n")


@register.inclusion_tag("components/correction-notices.html")
def correction_notices(reading: Reading, history: str = "") -> dict[str, Any]:
    """The newest in sight; the earlier ones, with every other change, at the address of its `history`."""
    newest = reading.notices[:MOST_NOTICES]
    return {
        "language": reading.language,
        "notices": [(capfirst(str(notice.kind.label)), notice) for notice in newest],
        "earlier": len(reading.notices) - len(newest),
        "history": history,
    }


@register.inclusion_tag("components/outdated-notice.html")
def outdated_notice(overtaken: Any, reading: Reading) -> dict[str, Any]:
    """`overtaken`: the change in another language that this one has not caught up with."""
    return {"overtaken": overtaken, "reading": reading, "own": languages.name(reading.language)}


def likelihood(reading: Reading) -> Promise | str:
    return wording.LIKELIHOODS[reading.likelihood] if reading.likelihood else ""
