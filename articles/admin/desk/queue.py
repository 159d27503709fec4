"""The review queue: what is in review and asked for, what is said of each, and the filters with their counts."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from articles import languages, refusing, standing
from articles.contributing import wrote
from articles.models import Category, Publication
from articles.models.publication import PublicationQuerySet
from articles.states import Move

from .shape import Asked, Row, name_of, waits

MINE, UNASSIGNED, OVERDUE = "mine", "unassigned", "overdue"


def waiting(asked: Asked, *, but: str = "") -> PublicationQuerySet:
    """What is in review and asked for; the filter `but` left aside."""
    rows = asked.theirs(Publication.objects.in_review())
    if asked.language and but != "language":
        rows = rows.filter(language=asked.language)
    if (category := _number(asked.category)) and but != "category":
        rows = rows.filter(in_review__category=category)
    match asked.who if but != "who" else "":
        case "mine":
            rows = rows.filter(reviewer=asked.user)
        case "unassigned":
            rows = rows.unassigned()
        case "overdue":
            rows = rows.overdue(asked.today)
    return rows


def _number(text: str) -> int:
    return int(text[:18]) if text.isascii() and text.isdigit() else 0


def to_review(found: list[Publication], asked: Asked) -> list[Row]:
    return [_waiting(publication, asked) for publication in found]


def _waiting(publication: Publication, asked: Asked) -> Row:
    version, reviewer, due = publication.in_review, publication.reviewer, publication.review_due
    assert version is not None  # the list is of those
    mine = reviewer == asked.user
    return {
        "publication": publication,
        "version": version,
        "url": standing.review_url(publication),
        "by": name_of(version.frozen_by),
        "age": waits(version.frozen_at, asked.now),
        "reviewer": "" if mine else reviewer and name_of(reviewer),
        "mine": mine,
        "due": due,
        "overdue": due is not None and due < asked.today,
        "contributed": wrote(version, asked.user),
        "may_assign": not refusing.assign_refusal(publication, asked.user),
        "may_take": not mine and not refusing.not_you(publication, Move.APPROVE, asked.user),
    }


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    title: str
    choices: list[Choice]


def facets(asked: Asked) -> list[Facet]:
    """The filters of the review queue, each choice with the number of rows that it would show."""
    who = waiting(asked, but="who").aggregate(
        **{
            "": Count("pk"),
            MINE: Count("pk", filter=Q(reviewer=asked.user)),
            UNASSIGNED: Count("pk", filter=Q(reviewer=None)),
            OVERDUE: Count("pk", filter=Q(review_due__lt=asked.today)),
        }
    )
    people = {"": _("all"), MINE: _("mine"), UNASSIGNED: _("unassigned"), OVERDUE: _("overdue")}
    spoken = {code: languages.name(code) for code, _label in settings.LANGUAGES}
    sections = _counted(asked, "category", "in_review__category")
    shown = {pk for pk in sections if pk} | {_number(asked.category)}
    rows = Category.objects.filter(pk__in=shown)
    names = {str(row.pk): str(row) for row in sorted(rows, key=lambda row: str(row).casefold())}
    return [
        _facet(_("Reviewer"), "who", people, who, asked),
        _facet(_("Language"), "language", {"": _("all"), **spoken}, _counted(asked, "language", "language"), asked),
        _facet(_("Category"), "category", {"": _("all"), **names}, sections, asked),
    ]


def _counted(asked: Asked, name: str, column: str) -> dict[Any, int]:
    rows = waiting(asked, but=name).order_by(column).values_list(column).annotate(Count("pk"))
    counts = dict(rows)
    return counts | {"": sum(counts.values())}


def _facet(title: str, name: str, labels: dict[str, str], counts: dict[Any, int], asked: Asked) -> Facet:
    by_value = {str(value): count for value, count in counts.items()}
    chosen = getattr(asked, name)
    return Facet(
        title,
        [
            Choice(label, by_value.get(value, 0), asked.url(**{name: value}), value == chosen)
            for value, label in labels.items()
        ],
    )
