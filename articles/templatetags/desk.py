"""Components of the desk's screens."""

from typing import Any

from django import template

from articles import resembling
from articles.confidence import State, Workings, likelihood
from articles.kinds import RATED_KINDS
from articles.models import Article
from articles.wording import LIKELIHOODS, STATES

register = template.Library()

MOST_ALIKE = 5  # warnings beside one article


@register.inclusion_tag("admin/articles/confidence.html")
def desk_confidence(workings: Workings | list[str], kind: str, anchor: str = "") -> dict[str, Any]:
    """The number and its workings, or the sentences that say why there are none; `anchor` as in `workings`."""
    if not isinstance(workings, Workings):
        return {"faults": workings}
    return {
        "anchor": anchor,
        "workings": workings,
        "rated": workings.state == State.RATED,
        "shows": kind in RATED_KINDS,
        "state": STATES.get(workings.state),
        "likelihood": LIKELIHOODS[likelihood(workings.percent)] if workings.percent is not None else "",
    }


@register.inclusion_tag("admin/articles/desk/alike.html")
def desk_alike(article: Article) -> dict[str, Any]:
    """The warnings that another article has this headline, or cites this page."""
    return {"alike": resembling.of([article]).get(article.pk, [])[:MOST_ALIKE]}
