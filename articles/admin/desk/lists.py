"""The lists of the desk: whose rows each has, in which order, and what is said of a row. The sets are the models'."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import languages, outdated, refusing, resembling, standing
from articles.contributing import wrote
from articles.kinds import SUBSTANCE
from articles.models import Article, Category, Citation, Correction, Link, Publication
from articles.models.publication import PublicationQuerySet
from articles.states import MOVES, LiveState, Move, ScheduleState

LENGTH = 15  # of each list on the front page
WHOLE_LENGTH = 50  # of a page of a list of its own
MOST_RESEMBLING = 3
LONG = [f"body_{code}" for code, _label in settings.LANGUAGES]
LATE = timedelta(minutes=1)  # what is due goes out within this time

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks, when, and what of the review queue they want to see."""

    user: User
    language: str = ""
    who: str = ""
    category: str = ""
    now: datetime = field(default_factory=timezone.now)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def url(self, **other: str) -> str:
        """The address of the review queue with these filters, but for the `other` ones."""
        chosen = {"language": self.language, "who": self.who, "category": self.category} | other
        query = urlencode({name: value for name, value in chosen.items() if value})
        return list_url("waiting") + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class DeskList:
    """`dressed` says of all rows of a page at once what its template shows: no query for each row."""

    name: str
    title: Promise | str
    empty: Promise | str
    rows: Callable[[Asked], QuerySet[Any]]
    dressed: Callable[[list[Any], Asked], list[Row]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A stretch of a list, from row `start`, of `total` rows."""

    name: str
    title: Promise | str
    empty: Promise | str
    rows: list[Row]
    start: int
    total: int

    @property
    def template(self) -> str:
        return f"admin/articles/desk/{self.name}.html"

    @property
    def url(self) -> str:
        return list_url(self.name)

    @property
    def more(self) -> bool:
        return self.total > len(self.rows)

    @property
    def bulk(self) -> bool:
        return any(row.get("may_publish") for row in self.rows)


def list_url(name: str) -> str:
    return reverse("admin:articles_publication_list", args=[name])


def shown(each: DeskList, asked: Asked, start: int = 0, length: int = LENGTH) -> Shown:
    """Which rows, and how many there are in all, is asked of bare rows; what is shown of them then of these alone."""
    rows = each.rows(asked)
    keys = dict(rows.annotate(total=Window(Count("*"))).values_list("pk", "total")[start : start + length])
    total = next(iter(keys.values())) if keys else start and rows.count()
    by_key = rows.in_bulk(list(keys))
    return Shown(each.name, each.title, each.empty, each.dressed([by_key[key] for key in keys], asked), start, total)


def _with(rows: PublicationQuerySet, name: str, *more: str) -> PublicationQuerySet:
    """With the version of that name, but for its long texts, in the same query."""
    return rows.select_related(name, *more).defer(f"{name}__body", f"{name}__citations")


# --- waiting for review ------------------------------------------------------------------------------

MINE, UNASSIGNED, OVERDUE = "mine", "unassigned", "overdue"


def _queue(asked: Asked, *, but: str = "") -> PublicationQuerySet:
    """What is in review and asked for; the filter `but` left aside."""
    rows = Publication.objects.in_review()
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


def _to_review(found: list[Publication], asked: Asked) -> list[Row]:
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


def name_of(person: User) -> str:
    return person.get_full_name() or person.get_username()


def waits(since: datetime, now: datetime) -> str:
    """As in "waits 3 h"."""
    minutes = max(0, (now - since) // timedelta(minutes=1))
    if minutes < 60:
        return _("waits %(count)d min") % {"count": minutes}
    if minutes < 48 * 60:
        return _("waits %(count)d h") % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("waits %(count)d day", "waits %(count)d days", days) % {"count": days}


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
    who = _queue(asked, but="who").aggregate(
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
    rows = _queue(asked, but=name).order_by(column).values_list(column).annotate(Count("pk"))
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


# --- to the readers ----------------------------------------------------------------------------------


def _ready(found: list[Publication], asked: Asked) -> list[Row]:
    """What was published before goes out as a correction, on a page of its own: it needs a kind and a note."""
    may = asked.user.has_perm(f"articles.{MOVES[Move.PUBLISH].role.value}")
    return [
        {
            "publication": row,
            "version": row.approved,
            "new": row.state == LiveState.NEVER,
            "may_publish": may and row.state == LiveState.NEVER,
            "url": standing.move_url(row, Move.PUBLISH if row.state == LiveState.NEVER else Move.CORRECT),
        }
        for row in found
    ]


def _on_schedule(found: list[Publication], asked: Asked) -> list[Row]:
    return [
        {
            "publication": row,
            "version": scheduled.version,
            "scheduled": scheduled,
            "url": standing.article_url(row.article_id),
            "failed": scheduled.state == ScheduleState.FAILED,
            "late": scheduled.state == ScheduleState.WAITING and scheduled.due < asked.now - LATE,
            "failures": ngettext("failed %(count)d time", "failed %(count)d times", scheduled.attempts)
            % {"count": scheduled.attempts},
        }
        for row in found
        if (scheduled := row.scheduled)
    ]


# --- my articles -------------------------------------------------------------------------------------


def _drafts(found: list[Article], asked: Asked) -> list[Row]:
    alike = resembling.of(found)
    return [
        {
            "article": article,
            "places": standing.in_words(article.publications.all()),
            "alike": alike.get(article.pk, [])[:MOST_RESEMBLING],
        }
        for article in found
    ]


# --- what is live ------------------------------------------------------------------------------------


def _live(found: list[Publication], asked: Asked) -> list[Row]:
    return [
        {
            "publication": row,
            "version": row.live,
            "public_url": standing.public_url(row),
            "url": standing.article_url(row.article_id),
        }
        for row in found
    ]


def _out_of_date(found: list[Publication], asked: Asked) -> list[Row]:
    """With the newest change that each is behind."""
    changes: dict[int, list[Correction]] = {}
    of_these = Correction.objects.filter(
        publication__article__in={row.article_id for row in found}, kind__in=SUBSTANCE
    ).select_related("publication")
    for change in of_these.order_by("-pk"):
        changes.setdefault(change.publication.article_id, []).append(change)
    rows = _live(found, asked)
    for row, publication in zip(rows, found, strict=True):
        row["change"] = next(filter(_behind(publication), changes.get(publication.article_id, [])), None)
        row["other"] = row["change"] and languages.name(row["change"].publication.language)
    return rows


def _behind(publication: Publication) -> Callable[[Correction], bool]:
    live = publication.live
    assert live is not None  # the list is of what is live

    def behind(change: Correction) -> bool:
        other = change.publication
        made_from = live.made_from if live.made_from and live.made_from.language == other.language else None
        base = made_from.pk if made_from else None
        return other.pk != publication.pk and outdated.behind(
            live.pk, base, change.from_version_id, change.to_version_id
        )

    return behind


def _dead(found: list[Citation], asked: Asked) -> list[Row]:
    """Each with its article, where it is to be repaired."""
    links = Link.objects.by_url(citation.url for citation in found)
    return [
        {
            "citation": citation,
            "article": citation.article,
            "places": standing.in_words(citation.article.publications.all()),
            "url": f"{standing.article_url(citation.article_id)}#citations-group",
            "link": link,
            "host": link.host,
        }
        for citation in found
        if (link := links.get(citation.url))
    ]


def _listed(*lists: DeskList) -> dict[str, DeskList]:
    return {each.name: each for each in lists}


LISTS = _listed(
    DeskList(
        "waiting",
        gettext_lazy("Waiting for review"),
        gettext_lazy("Nothing waits."),
        lambda asked: _with(_queue(asked), "in_review", "in_review__frozen_by", "reviewer"),
        _to_review,
    ),
    DeskList(
        "ready",
        gettext_lazy("Ready to publish"),
        gettext_lazy("Nothing is approved and unpublished."),
        lambda asked: _with(Publication.objects.ready(), "approved"),
        _ready,
    ),
    DeskList(
        "scheduled",
        gettext_lazy("Scheduled"),
        gettext_lazy("Nothing is scheduled."),
        lambda asked: _with(Publication.objects.on_schedule(), "scheduled__version", "scheduled__by"),
        _on_schedule,
    ),
    DeskList(
        "drafts",
        gettext_lazy("My articles"),
        gettext_lazy("You have no unfinished article."),
        lambda asked: Article.objects.edited_by(asked.user).drafts().defer(*LONG).prefetch_related("publications"),
        _drafts,
    ),
    DeskList(
        "edited",
        gettext_lazy("Published, but newer in draft"),
        gettext_lazy("Every published text is as its draft."),
        lambda asked: _with(Publication.objects.newer_in_draft(), "live"),
        _live,
    ),
    DeskList(
        "outdated",
        gettext_lazy("Translations out of date"),
        gettext_lazy("No translation is behind a correction."),
        lambda asked: _with(_with(Publication.objects.out_of_date(), "live"), "live__made_from"),
        _out_of_date,
    ),
    DeskList(
        "dead",
        gettext_lazy("Dead links"),
        gettext_lazy("Every cited page that was checked is open to readers, or has an archived copy."),
        lambda asked: (
            Citation.objects.dead()
            .select_related("article")
            .defer(*(f"article__{name}" for name in LONG))
            .prefetch_related("article__publications")
        ),
        _dead,
    ),
    DeskList(
        "recent",
        gettext_lazy("Recently published"),
        gettext_lazy("Nothing is published yet."),
        lambda asked: _with(Publication.objects.live(), "live"),
        _live,
    ),
)
