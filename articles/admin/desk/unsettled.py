"""What is live and waits to be reassessed: readers keep what was approved until a reviewer gives it new workings."""

from django.utils.translation import gettext_lazy

from articles import standing
from articles.assessing import at_a_glance
from articles.models import Publication

from .shape import Asked, DeskList, Row, waits, with_version


def _unsettled(found: list[Publication], asked: Asked) -> list[Row]:
    glances = at_a_glance([row.pk for row in found])
    return [
        {
            "publication": row,
            "version": row.live,
            "shown": shown,
            "now": now,
            "age": waits(row.unsettled_since, asked.now),
            "url": standing.reassess_url(row),
        }
        for row in found
        if row.unsettled_since and row.pk in glances and (pair := glances[row.pk])
        for shown, now in [pair]
    ]


UNSETTLED = DeskList(
    "unsettled",
    gettext_lazy("To be reassessed"),
    gettext_lazy("Nothing published waits to be reassessed."),
    lambda asked: with_version(asked.theirs(Publication.objects.unsettled()), "live"),
    _unsettled,
)
