"""Components of the desk's screens."""

from typing import Any

from django import template
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from articles import pixels, resembling, wording
from articles.assessing import Assessment
from articles.confidence import Row, State, Uncounted, Workings, likelihood
from articles.kinds import RATED_KINDS
from articles.linkhealth import LinkState
from articles.models import Article, Link, Photo
from articles.reading import Glance, Reading
from articles.wording import BASES, LIKELIHOODS, STATES

register = template.Library()

MOST_ALIKE = 5  # warnings beside one article


@register.inclusion_tag("admin/articles/confidence.html")
def desk_confidence(found: Assessment | Workings | list[str], kind: str, anchor: str = "") -> dict[str, Any]:
    """The number and its workings, with what is weak about an assessment of today; or the sentences that say why there
    are none. `anchor` as in `workings`.
    """
    if isinstance(found, list):
        return {"faults": found}
    cautions = found.cautions(localdate()) if isinstance(found, Assessment) else {}
    workings = found.workings if isinstance(found, Assessment) else found
    return {
        "anchor": anchor,
        "workings": workings,
        "cautions": [wording.caution(*each) for each in cautions.items()],
        "basis": BASES[workings.basis],
        "rated": workings.state == State.RATED,
        "shows": kind in RATED_KINDS,
        "state": STATES.get(workings.state),
        "likelihood": LIKELIHOODS[likelihood(workings.percent)] if workings.percent is not None else "",
    }


@register.inclusion_tag("admin/articles/desk/alike.html")
def desk_alike(article: Article) -> dict[str, Any]:
    """The warnings that another article has this headline, or cites this page."""
    return {"alike": resembling.of([article]).get(article.pk, [])[:MOST_ALIKE]}


@register.simple_tag
def desk_sentences(sentences: dict[int, list[str]], number: int) -> list[str]:
    return sentences.get(number, [])


@register.inclusion_tag("admin/articles/link.html")
def desk_link(link: Link | None) -> dict[str, Any]:
    """What was found at a cited address, and when; nothing where it was not looked at yet."""
    return {"link": link, "dead": link is not None and link.state == LinkState.DEAD}


@register.simple_tag
def desk_link_of(links: dict[str, Link], url: str) -> Link | None:
    return links.get(url)


@register.simple_tag
def desk_tier(reading: Reading) -> str:
    """ "tier 1: official documents …", as the badge has it."""
    best = reading.workings.best_tier
    if not reading.workings.voices:
        return _("No sources")
    return f"{wording.tier(best)}: {wording.tier_meaning(best)}, {wording.voices(reading.workings.voices)}"


@register.simple_tag
def desk_badge(reading: Reading) -> str:
    """ "58%, likely to hold, 40–70%, thin evidence", or why there is no number."""
    workings = reading.workings
    if not reading.shows_number:
        return _("This kind of article shows no number.")
    if not reading.likelihood:
        return str(STATES[workings.state])
    words = LIKELIHOODS[reading.likelihood]
    return f"{workings.percent}%, {words}, {workings.low}–{workings.high}%, {BASES[workings.basis]}"


@register.simple_tag
def desk_glance(glance: Glance) -> str:
    """ "58%, likely to hold, tier 1, 2 independent sources", as far as there are such facts."""
    facts = [wording.shown(glance)] if glance.state else []
    tier = [wording.tier(glance.tier), wording.voices(glance.voices)] if glance.voices else [_("No sources")]
    return ", ".join([*facts, *tier])


@register.simple_tag
def desk_counted(row: Row | Uncounted | None) -> str:
    """ "+25: tier 1, first-hand, not yet verified by us"."""
    match row:
        case Row():
            points = f"{row.points:+d}".replace("-", "−")
            return f"{points}: {wording.why_counted(row)}"
        case Uncounted():
            return wording.why_uncounted(row)
    return _("not cited")


@register.inclusion_tag("admin/articles/photo/crop.html")
def desk_crop(photo: Photo) -> dict[str, Any]:
    """The frame of what readers see, and the focal point, over the whole picture; in pixels of what is kept."""
    width, height = photo.file.width, photo.file.height
    left, top, right, bottom = (round(each) for each in pixels.crop(width, height, photo.focal_x, photo.focal_y))
    return {
        "width": width,
        "height": height,
        "left": left,
        "top": top,
        "across": right - left,
        "down": bottom - top,
        "x": width * photo.focal_x // 100,
        "y": height * photo.focal_y // 100,
        "radius": max(width, height) // 60,
    }
