"""Where a language of an article can stand, who can ask for a move there, and how both come about: by the moves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from articles import refusing, roles, workflow
from articles.assessing import assess, screen_hash
from articles.models import Article, Publication, Version
from articles.states import MOVES, Move, Place, Role
from sources.models import Source, SourceOutcome
from tests import factories
from tests.articles.steps import edit, now


class Stand(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in review"
    SENT_BACK = "sent back"
    APPROVED = "approved"
    APPROVED_AND_NEWER_IN_REVIEW = "approved, newer in review"
    LIVE = "live"
    LIVE_AND_NEWER_IN_REVIEW = "live, newer in review"
    LIVE_AND_NEWER_APPROVED = "live, newer approved"
    LIVE_AND_ONE_OF_EACH = "live, newer approved, newest in review"
    LIVE_AND_REASSESSABLE = "live, a source's record has changed since"
    CORRECTED = "live as a correction"
    SCHEDULED = "scheduled"
    SCHEDULED_AND_NEWER_IN_REVIEW = "scheduled, newer in review"
    SCHEDULED_AND_NEWER_APPROVED = "scheduled, newer approved"
    SCHEDULED_AND_NEWER_TAKEN_BACK = "scheduled, newer approved and taken back"
    LIVE_AND_NEWER_SCHEDULED = "live, newer scheduled"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_AND_NEWER_IN_REVIEW = "withdrawn, newer in review"
    WITHDRAWN_AND_NEWER_APPROVED_BEFORE = "withdrawn, newer approved before that"
    WITHDRAWN_AND_NEWER_APPROVED_SINCE = "withdrawn, newer approved since"
    WITHDRAWN_AND_NEWER_SCHEDULED = "withdrawn, newer approved since and scheduled"


D, R, A, S, L, W = (
    Place.DRAFT, Place.IN_REVIEW, Place.APPROVED, Place.SCHEDULED, Place.LIVE, Place.WITHDRAWN,
)  # fmt: skip
PLACES: dict[Stand, list[Place]] = {
    Stand.DRAFT: [D],
    Stand.IN_REVIEW: [R],
    Stand.SENT_BACK: [D],
    Stand.APPROVED: [A],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [A, R],
    Stand.LIVE: [L],
    Stand.LIVE_AND_NEWER_IN_REVIEW: [L, R],
    Stand.LIVE_AND_NEWER_APPROVED: [L, A],
    Stand.LIVE_AND_ONE_OF_EACH: [L, A, R],
    Stand.LIVE_AND_REASSESSABLE: [L],
    Stand.CORRECTED: [L],
    Stand.SCHEDULED: [S, A],
    Stand.SCHEDULED_AND_NEWER_IN_REVIEW: [S, A, R],
    Stand.SCHEDULED_AND_NEWER_APPROVED: [S, A],
    Stand.SCHEDULED_AND_NEWER_TAKEN_BACK: [S, R],
    Stand.LIVE_AND_NEWER_SCHEDULED: [L, S, A],
    Stand.WITHDRAWN: [W],
    Stand.WITHDRAWN_AND_NEWER_IN_REVIEW: [W, R],
    Stand.WITHDRAWN_AND_NEWER_APPROVED_BEFORE: [W, A],
    Stand.WITHDRAWN_AND_NEWER_APPROVED_SINCE: [W, A],
    Stand.WITHDRAWN_AND_NEWER_SCHEDULED: [W, S, A],
}

EVERY_GROUP = tuple(roles.GROUPS)
WHO: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "editor": (("Editors",), {}),
    "reviewer": (("Reviewers",), {}),
    "publisher": (("Publishers",), {}),
    "librarian": (("Librarians",), {}),
    "contributor with all groups": (EVERY_GROUP, {}),
    "superuser who contributed": ((), {"is_superuser": True}),
    "superuser who did not": ((), {"is_superuser": True}),
    "nobody": ((), {}),
    "inactive": (EVERY_GROUP, {"is_active": False}),
    "inactive superuser": ((), {"is_superuser": True, "is_active": False}),
}
CONTRIBUTED = {"contributor with all groups", "superuser who contributed"}
People = dict[str, User]


def everybody() -> People:
    return {
        who: factories.user(f"person{place}", *groups, **fields)
        for place, (who, (groups, fields)) in enumerate(WHO.items())
    }


def in_an_hour() -> datetime:
    return timezone.now() + timedelta(hours=1)


def number(version: Version | None) -> int:
    return version.number if version else 0


DO: dict[Move, Callable[[Publication, User], object]] = {
    Move.SUBMIT: lambda row, by: workflow.submit(row.article, row.language, by=by),
    Move.RECALL: lambda row, by: workflow.recall(row, by=by, version=number(row.in_review)),
    Move.REQUEST_CHANGES: lambda row, by: workflow.request_changes(
        row, by=by, version=number(row.in_review), note="More."
    ),
    Move.APPROVE: lambda row, by: workflow.approve(
        row, by=by, seen=factories.seen(row) if row.in_review else "", note="Fine."
    ),
    Move.TAKE_BACK: lambda row, by: workflow.take_back(row, by=by, version=number(row.approved), note="Wrong."),
    Move.PUBLISH: lambda row, by: workflow.publish(row, by=by, version=number(row.approved)),
    Move.CORRECT: lambda row, by: workflow.correct(
        row, by=by, version=number(row.approved), kind="correction", note="It said otherwise."
    ),
    Move.SCHEDULE: lambda row, by: workflow.schedule(
        row, by=by, version=number(row.approved), due=in_an_hour(), kind="update", note="More is known."
    ),
    Move.UNSCHEDULE: lambda row, by: workflow.unschedule(
        row, by=by, version=number(row.scheduled.version if row.scheduled else None)
    ),
    Move.REASSESS: lambda row, by: workflow.reassess(
        row, by=by, seen=screen_hash(row.live, assess(row.live)) if row.live else "", note="Its record has changed."
    ),
    Move.WITHDRAW: lambda row, by: workflow.withdraw(row, by=by, version=number(row.live), note="It was not so."),
}
ACTOR = {
    Role.EDITOR: "contributor with all groups",
    Role.REVIEWER: "reviewer",
    Role.PUBLISHER: "publisher",
}
EDIT, OUTCOME = "edit", "outcome"  # what happens beside the moves: to the words, to the record of a source
_APPROVED = [Move.SUBMIT, Move.APPROVE]
_LIVE = [*_APPROVED, Move.PUBLISH]
_SCHEDULED = [*_APPROVED, Move.SCHEDULE]
_WITHDRAWN = [*_LIVE, Move.WITHDRAW]
STEPS: dict[Stand, list[Move | str]] = {
    Stand.DRAFT: [],
    Stand.IN_REVIEW: [Move.SUBMIT],
    Stand.SENT_BACK: [Move.SUBMIT, Move.REQUEST_CHANGES],
    Stand.APPROVED: [*_APPROVED],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [*_APPROVED, EDIT, Move.SUBMIT],
    Stand.LIVE: [*_LIVE],
    Stand.LIVE_AND_NEWER_IN_REVIEW: [*_LIVE, EDIT, Move.SUBMIT],
    Stand.LIVE_AND_NEWER_APPROVED: [*_LIVE, EDIT, *_APPROVED],
    Stand.LIVE_AND_ONE_OF_EACH: [*_LIVE, EDIT, *_APPROVED, EDIT, Move.SUBMIT],
    Stand.LIVE_AND_REASSESSABLE: [*_LIVE, OUTCOME],
    Stand.CORRECTED: [*_LIVE, EDIT, *_APPROVED, Move.CORRECT],
    Stand.SCHEDULED: [*_SCHEDULED],
    Stand.SCHEDULED_AND_NEWER_IN_REVIEW: [*_SCHEDULED, EDIT, Move.SUBMIT],
    Stand.SCHEDULED_AND_NEWER_APPROVED: [*_SCHEDULED, EDIT, *_APPROVED],
    Stand.SCHEDULED_AND_NEWER_TAKEN_BACK: [*_SCHEDULED, EDIT, *_APPROVED, Move.TAKE_BACK],
    Stand.LIVE_AND_NEWER_SCHEDULED: [*_LIVE, EDIT, *_SCHEDULED],
    Stand.WITHDRAWN: [*_WITHDRAWN],
    Stand.WITHDRAWN_AND_NEWER_IN_REVIEW: [*_WITHDRAWN, EDIT, Move.SUBMIT],
    Stand.WITHDRAWN_AND_NEWER_APPROVED_BEFORE: [*_LIVE, EDIT, *_APPROVED, Move.WITHDRAW],
    Stand.WITHDRAWN_AND_NEWER_APPROVED_SINCE: [*_WITHDRAWN, EDIT, *_APPROVED],
    Stand.WITHDRAWN_AND_NEWER_SCHEDULED: [*_WITHDRAWN, EDIT, *_SCHEDULED],
}


def bring(article: Article, language: str, stand: Stand, people: People) -> Publication:
    """Each edit is of both contributors, so that they contributed to whatever is in review."""
    for place, step in enumerate([EDIT, *STEPS[stand]]):
        if step == EDIT:
            for who in sorted(CONTRIBUTED):
                edit(article, people[who], **{f"summary_{language}": f"Round {place}, by {who}."})
        elif step == OUTCOME:
            for source in Source.objects.filter(pk__in=article.citations.values("source")):
                SourceOutcome.objects.create(source=source, held=False, reason="It fell.", by=people["librarian"])
        else:
            move = Move(step)
            DO[move](refusing.publication_of(article, language), people[ACTOR[MOVES[move].role]])
    publication = now(refusing.publication_of(article, language))
    assert publication.places == PLACES[stand]
    return publication
