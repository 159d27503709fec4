"""Components of the desk's screens."""

from typing import Any

from django import template

from articles.confidence import State, Workings, likelihood
from articles.kinds import RATED_KINDS
from articles.wording import LIKELIHOODS, STATES

register = template.Library()


@register.inclusion_tag("admin/articles/confidence.html")
def working_copy(workings: Workings | list[str], kind: str) -> dict[str, Any]:
    """The number and its workings, or the sentences that say why there are none."""
    if not isinstance(workings, Workings):
        return {"faults": workings}
    return {
        "workings": workings,
        "rated": workings.state == State.RATED,
        "shows": kind in RATED_KINDS,
        "state": STATES.get(workings.state),
        "likelihood": LIKELIHOODS[likelihood(workings.percent)] if workings.percent is not None else "",
    }
