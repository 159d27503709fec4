"""Whatever is due, done: the rows are the truth, this looks at them. For `tick` from cron, and for `worker`.

Any number may run at once: each thing is done under its own lock, and asked there whether it is still to be done.
"""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from articles import refusing, workflow
from articles.models import Publication

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one scheduled version; `error` is "" where it went out."""

    publication: Publication
    error: str


def run() -> list[Outcome]:
    """Send out every scheduled version that is due. A failure is kept on its row and stops none of the others."""
    with override(settings.LANGUAGE_CODE):  # the desk reads what is kept
        return [outcome for publication in Publication.objects.due() if (outcome := _released(publication))]


def _released(publication: Publication) -> Outcome | None:
    """None where somebody else was first."""
    try:
        return Outcome(publication, "") if workflow.release(publication) else None
    except refusing.Refused as refused:
        error = refused.reason
    except Exception:
        log.exception("publication %s could not be released", publication.pk)
        error = _("A fault stopped it; the log of the worker says more.")
    workflow.release_failed(publication, error)
    return Outcome(publication, error)
