"""Where a language of an article can stand, who can ask for a move there, and how both come about: by the moves."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User

from articles import refusing, roles, workflow
from articles.models import Article, Publication, Version
from articles.states import Move, Place
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


D, R, A, L = Place.DRAFT, Place.IN_REVIEW, Place.APPROVED, Place.LIVE
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
}
ACTOR = {
    Move.SUBMIT: "contributor with all groups",
    Move.REQUEST_CHANGES: "reviewer",
    Move.APPROVE: "reviewer",
    Move.PUBLISH: "publisher",
}
EDIT = None
_APPROVED = [Move.SUBMIT, Move.APPROVE]
_LIVE = [*_APPROVED, Move.PUBLISH]
STEPS: dict[Stand, list[Move | None]] = {
    Stand.DRAFT: [],
    Stand.IN_REVIEW: [Move.SUBMIT],
    Stand.SENT_BACK: [Move.SUBMIT, Move.REQUEST_CHANGES],
    Stand.APPROVED: [*_APPROVED],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [*_APPROVED, EDIT, Move.SUBMIT],
    Stand.LIVE: [*_LIVE],
    Stand.LIVE_AND_NEWER_IN_REVIEW: [*_LIVE, EDIT, Move.SUBMIT],
    Stand.LIVE_AND_NEWER_APPROVED: [*_LIVE, EDIT, *_APPROVED],
    Stand.LIVE_AND_ONE_OF_EACH: [*_LIVE, EDIT, *_APPROVED, EDIT, Move.SUBMIT],
}


def bring(article: Article, language: str, stand: Stand, people: People) -> Publication:
    """Each edit is of both contributors, so that they contributed to whatever is in review."""
    for place, step in enumerate([EDIT, *STEPS[stand]]):
        if step is EDIT:
            for who in sorted(CONTRIBUTED):
                edit(article, people[who], **{f"summary_{language}": f"Round {place}, by {who}."})
        else:
            DO[step](refusing.publication_of(article, language), people[ACTOR[step]])
    publication = now(refusing.publication_of(article, language))
    assert publication.places == PLACES[stand]
    return publication
