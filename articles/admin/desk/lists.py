"""The lists of the desk, in their order: whose rows each has, and what is said of a row. The sets are the models'."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy, ngettext

from articles import languages, outdated, refusing, resembling, standing
from articles.kinds import SUBSTANCE
from articles.models import Article, Citation, Correction, Link, Publication
from articles.states import LiveState, Move, ScheduleState

from . import matrix, queue
from .judged import TO_JUDGE
from .queue import to_review, waiting
from .shape import Asked, DeskList, Row, with_version
from .unsettled import UNSETTLED

MOST_RESEMBLING = 3
LONG = [f"body_{code}" for code, _label in settings.LANGUAGES]
LATE = timedelta(minutes=1)  # what is due goes out within this time

# --- to the readers ----------------------------------------------------------------------------------


def _ready(found: list[Publication], asked: Asked) -> list[Row]:
    """What was published before goes out as a correction, on a page of its own: it needs a kind and a note."""
    return [
        {
            "publication": row,
            "version": row.approved,
            "new": row.state == LiveState.NEVER,
            "may_publish": row.state == LiveState.NEVER and not refusing.not_you(row, Move.PUBLISH, asked.user),
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
    rows, may = _live(found, asked), asked.user.has_perm("articles.change_article")
    for row, publication in zip(rows, found, strict=True):
        newest = next(filter(_behind(publication), changes.get(publication.article_id, [])), None)
        row["change"] = newest
        if newest is None:
            continue
        source = newest.publication.language
        row["other"] = languages.name(source)
        if may and newest.to_version_id:
            row["translate_url"] = standing.translate_url(publication.article_id, source, publication.language)
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
        lambda asked: with_version(waiting(asked), "in_review", "in_review__frozen_by", "reviewer"),
        to_review,
    ),
    DeskList(
        "ready",
        gettext_lazy("Ready to publish"),
        gettext_lazy("Nothing is approved and unpublished."),
        lambda asked: with_version(asked.theirs(Publication.objects.ready()), "approved"),
        _ready,
    ),
    DeskList(
        "scheduled",
        gettext_lazy("Scheduled"),
        gettext_lazy("Nothing is scheduled."),
        lambda asked: with_version(Publication.objects.on_schedule(), "scheduled__version", "scheduled__by"),
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
        lambda asked: with_version(Publication.objects.newer_in_draft(), "live"),
        _live,
    ),
    DeskList(
        "outdated",
        gettext_lazy("Translations out of date"),
        gettext_lazy("No translation is behind a correction."),
        lambda asked: with_version(
            with_version(asked.theirs(Publication.objects.out_of_date()), "live"), "live__made_from"
        ),
        _out_of_date,
    ),
    matrix.NEXT,
    UNSETTLED,
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
    TO_JUDGE,
    DeskList(
        "recent",
        gettext_lazy("Recently published"),
        gettext_lazy("Nothing is published yet."),
        lambda asked: with_version(Publication.objects.live(), "live"),
        _live,
    ),
)
WHOLE = LISTS | _listed(matrix.MATRIX)  # it has no end on the front page
FACETS = {"waiting": queue.facets, matrix.MATRIX.name: matrix.facets}
