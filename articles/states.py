"""Statuses, places and the table of moves: what may follow what, and who may do it. Nothing is done here."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """What the ledger may record of a version: the whole closed set, which the database knows too."""

    SUBMITTED = "submitted", _("submitted for review")
    RECALLED = "recalled", _("recalled")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    APPROVED = "approved", _("approved")
    APPROVAL_WITHDRAWN = "approval_withdrawn", _("approval taken back")
    SCHEDULED = "scheduled", _("scheduled")
    UNSCHEDULED = "unscheduled", _("taken off the schedule")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")
    CORRECTED = "corrected", _("corrected")
    REASSESSED = "reassessed", _("reassessed")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a published text", "withdrawn")


class Place(TextChoices):
    """Where a language of an article can stand; more than one at a time: live, with a newer version in review."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    SCHEDULED = "scheduled", _("scheduled")
    LIVE = "live", _("live")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a published text", "withdrawn")


class LiveState(TextChoices):
    """What readers have of it."""

    NEVER = "never", _("never published")
    LIVE = "live", _("live")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a published text", "withdrawn")


class Role(TextChoices):
    """Who does it: the group of that name holds the permission of that codename."""

    EDITOR = "submit_version", _("Editors")
    REVIEWER = "review_version", _("Reviewers")
    PUBLISHER = "publish_version", _("Publishers")


class Move(TextChoices):
    SUBMIT = "submit", _("Submit for review")
    RECALL = "recall", _("Recall")
    REQUEST_CHANGES = "request_changes", _("Request changes")
    APPROVE = "approve", _("Approve")
    TAKE_BACK = "take_back", _("Take back approval")
    PUBLISH = "publish", _("Publish")
    CORRECT = "correct", _("Publish as a correction")
    SCHEDULE = "schedule", _("Schedule")
    UNSCHEDULE = "unschedule", _("Take off the schedule")
    REASSESS = "reassess", _("Reassess")
    WITHDRAW = "withdraw", _("Withdraw")


class ScheduleState(TextChoices):
    """What became of a schedule. A failed one is tried again; the two last are ends."""

    WAITING = "waiting", _("waiting")
    FAILED = "failed", pgettext_lazy("of a schedule", "failed")
    DONE = "done", pgettext_lazy("of a schedule", "done")
    CANCELLED = "cancelled", _("cancelled")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. `start` and `end` are where the version stands; `refused` names the further refusals."""

    start: Place
    end: Place
    status: Status
    role: Role
    note_required: bool
    refused: Promise | str


MOVES: dict[Move, Rule] = {
    Move.SUBMIT: Rule(
        Place.DRAFT, Place.IN_REVIEW, Status.SUBMITTED, Role.EDITOR, False,
        _("the language is incomplete (each field is named); a citation mark has lost its citation; "
          "the words equal those in review, approved or live; a version is in review already; the address is taken; "
          "the words it was translated from were replaced meanwhile"),
    ),
    Move.RECALL: Rule(Place.IN_REVIEW, Place.DRAFT, Status.RECALLED, Role.EDITOR, False, ""),
    Move.REQUEST_CHANGES: Rule(
        Place.IN_REVIEW, Place.DRAFT, Status.CHANGES_REQUESTED, Role.REVIEWER, True, ""
    ),
    Move.APPROVE: Rule(
        Place.IN_REVIEW, Place.APPROVED, Status.APPROVED, Role.REVIEWER, False,
        _("something on the screen has changed since; a note on the text is open; the reviewer contributed; "
          "the number is below the floor, unsourced or not rated, and there is no note"),
    ),
    Move.TAKE_BACK: Rule(
        Place.APPROVED, Place.IN_REVIEW, Status.APPROVAL_WITHDRAWN, Role.REVIEWER, True, ""
    ),
    Move.PUBLISH: Rule(
        Place.APPROVED, Place.LIVE, Status.PUBLISHED, Role.PUBLISHER, False,
        _("this language was published before (then: correct); the version is older than the live one"),
    ),
    Move.CORRECT: Rule(
        Place.APPROVED, Place.LIVE, Status.CORRECTED, Role.PUBLISHER, True,
        _("this language was never published; the kind of the correction is missing; the version is older than the "
          "live one, or was approved before a withdrawal"),
    ),
    Move.SCHEDULE: Rule(
        Place.APPROVED, Place.SCHEDULED, Status.SCHEDULED, Role.PUBLISHER, False,
        _("as publish or correct; a version is scheduled already; the time is past"),
    ),
    Move.UNSCHEDULE: Rule(Place.SCHEDULED, Place.APPROVED, Status.UNSCHEDULED, Role.PUBLISHER, False, ""),
    Move.REASSESS: Rule(
        Place.LIVE, Place.LIVE, Status.REASSESSED, Role.REVIEWER, True,
        _("nothing has changed since; something on the screen has changed since; the reviewer contributed"),
    ),
    Move.WITHDRAW: Rule(Place.LIVE, Place.WITHDRAWN, Status.WITHDRAWN, Role.PUBLISHER, True, ""),
}  # fmt: skip
