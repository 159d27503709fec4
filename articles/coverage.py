"""How far one language of an article has come: what the desk is told of it at a glance. Pure.

Whether the live version is behind another language is `outdated`'s; where a version stands, `states`'.
"""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .states import Place


class Coverage(TextChoices):
    """What may be said of a language, the nearest to the reader first."""

    LIVE = "live", _("live")
    OUTDATED = "outdated", _("out of date")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a published text", "withdrawn")
    APPROVED = "approved", _("approved")
    IN_REVIEW = "in_review", _("in review")
    DRAFT = "draft", _("draft")
    MISSING = "missing", pgettext_lazy("of a language", "missing")


def coverage(places: Collection[Place], *, worded: bool, newer: bool, behind: bool) -> list[Coverage]:
    """All that holds of a language that stands at `places`, in order; never nothing.

    `worded`: the working copy has words in it; `newer`: it has newer ones than are live or on their way; `behind`: what
    is live is behind a change of substance in another language.
    """
    here = {*places} - {Place.DRAFT}
    holds = {
        Coverage.LIVE: Place.LIVE in here,
        Coverage.OUTDATED: Place.LIVE in here and behind,
        Coverage.WITHDRAWN: Place.WITHDRAWN in here,
        Coverage.APPROVED: bool(here & {Place.APPROVED, Place.SCHEDULED}),
        Coverage.IN_REVIEW: Place.IN_REVIEW in here,
        Coverage.DRAFT: (Place.LIVE in here and newer) if here else worded,
        Coverage.MISSING: not here and not worded,
    }
    return [each for each in Coverage if holds[each]]
