"""The moves: the one door through which anything is submitted, approved or published. The sole writer of state.

Each move locks the article's publications, asks `refusal` again under the lock, writes, and records itself in the
ledger, in one transaction. A refusal is a sentence, the same for button, error page and test.
"""

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import baking, cleaning, notifications, purging, searching
from articles.assessing import BATCH, Assessment, assess, at_a_glance, screen_hash
from articles.contributing import caught_up, contributors, translated_from, wrote
from articles.kinds import CORRECTIONS, SUBSTANCE, CorrectionKind
from articles.models import (
    Address,
    Article,
    Correction,
    Publication,
    ReviewStatus,
    Schedule,
    Verification,
    Version,
)
from articles.models.notification import Event
from articles.models.verification import content_hash
from articles.reading import glance
from articles.refusing import (
    Refused,
    assign_refusal,
    not_to_go_out,
    not_you,
    note_needed,
    refusal,
    subject_of,
    submittable,
    taken,
    verify_refusal,
)
from articles.states import MOVES, LiveState, Move, ScheduleState, Status

LONGEST_WAIT = timedelta(hours=1)  # between two tries of a schedule that failed


# --- to review and through it ------------------------------------------------------------------------


@transaction.atomic
def submit(article: Article, language: str, *, by: User, beside: int | None = None) -> Version:
    """Freeze `article` in `language` into a version and put it in review. Raises Refused.

    `beside` is the key of the other language's version on the translator's screen; without one, it is taken to be made
    beside the newest that went through review.
    """
    article.hold()  # edits write under this lock, and so do first submissions
    publication = _locked(article.pk, language)
    if reason := not_you(publication, Move.SUBMIT, by):
        raise Refused(reason)
    version = submittable(publication)
    if publication.pk is None:
        publication.save()
    earlier = article.versions.filter(language=language).order_by("-number")
    version.number = (earlier.values_list("number", flat=True).first() or 0) + 1
    version.contributors = contributors(publication, version, by=by)
    version.made_from = translated_from(publication) if beside is None else _shown_beside(publication, beside)
    version.last_edit = article.edits.latest("pk")
    version.frozen_by = by
    version.save()
    address, _made = Address.objects.get_or_create(language=language, slug=version.slug, defaults={"article": article})
    if address.article_id != article.pk:  # two articles at the same moment: the address has the last word
        raise Refused(taken(version.slug))
    _record(Status.SUBMITTED, version, by=by)
    fields: dict[str, Any] = {"in_review": version}
    if publication.reviewer and wrote(version, publication.reviewer):
        fields |= {"reviewer": None, "review_due": None}
    _place(publication, **fields)
    return version


def _shown_beside(publication: Publication, key: int) -> Version:
    """The version of this key, while it is what its language is translated from."""
    others = Publication.objects.of(publication.article_id).exclude(pk=publication.pk)
    if all(other.settled_id != key for other in others):
        raise Refused(
            _("The words that you translated from were replaced meanwhile. Look at what changed, then submit.")
        )
    return Version.objects.get(pk=key)


@transaction.atomic
def recall(publication: Publication, *, by: User, version: int, note: str = "") -> ReviewStatus:
    """Take the version numbered `version` out of review, back to the draft. Raises Refused."""
    publication, subject = _held_at(publication, Move.RECALL, by, version, note)
    _place(publication, in_review=None)
    return _record(Status.RECALLED, subject, by=by, note=note)


@transaction.atomic
def request_changes(publication: Publication, *, by: User, version: int, note: str) -> ReviewStatus:
    """Send the version numbered `version` back to its editors with a note. Raises Refused."""
    publication, subject = _held_at(publication, Move.REQUEST_CHANGES, by, version, note)
    _place(publication, in_review=None)
    row = _record(Status.CHANGES_REQUESTED, subject, by=by, note=note)
    notifications.moved(Event.CHANGES_REQUESTED, publication, row)
    return row


@transaction.atomic
def approve(publication: Publication, *, by: User, seen: str, note: str = "") -> ReviewStatus:
    """Record that `by` approved exactly what was on the screen, whose hash is `seen`. Raises Refused.

    An approved version that nobody published is superseded, unless it is scheduled.
    """
    publication = _held(publication.article_id, publication.language, Move.APPROVE, by)
    version, before = publication.in_review, publication.approved
    assert version is not None  # _held refused otherwise
    assessment = _as_seen(version, seen)
    note = cleaning.plain(note)
    if not note and (reason := note_needed(version, assessment)):
        raise Refused(reason)
    if before and not (publication.scheduled and publication.scheduled.version_id == before.pk):
        _record(Status.SUPERSEDED, before, by=by)
    row = _assessed(Status.APPROVED, version, assessment, by=by, note=note)
    _place(publication, in_review=None, approved=version, reviewer=None, review_due=None)
    notifications.moved(Event.APPROVED, publication, row)
    return row


@transaction.atomic
def take_back(publication: Publication, *, by: User, version: int, note: str) -> ReviewStatus:
    """Withdraw an approval that is not live; the version is in review again unless a newer one is, and off the
    schedule. Raises Refused.
    """
    publication, subject = _held_at(publication, Move.TAKE_BACK, by, version, note)
    fields: dict[str, Any] = {"approved": None, "in_review": publication.in_review or subject}
    if publication.scheduled and publication.scheduled.version_id == subject.pk:
        _unscheduled(publication.scheduled, by=by)
        fields |= {"scheduled": None}
    _place(publication, **fields)
    return _record(Status.APPROVAL_WITHDRAWN, subject, by=by, note=note)


# --- to the readers ----------------------------------------------------------------------------------


@transaction.atomic
def publish(publication: Publication, *, by: User, version: int) -> ReviewStatus:
    """Make the approved version numbered `version` what readers get. Raises Refused."""
    publication, subject = _held_at(publication, Move.PUBLISH, by, version)
    return _go_live(publication, subject, by=by)


@transaction.atomic
def correct(publication: Publication, *, by: User, version: int, kind: str, note: str) -> ReviewStatus:
    """Put the approved version numbered `version` in the place of what is or was live, and tell readers what changed:
    `kind` is one of kinds.CORRECTIONS, `note` is public. Raises Refused.
    """
    publication, subject = _held_at(publication, Move.CORRECT, by, version, note)
    return _go_live(publication, subject, by=by, kind=_correction_kind(kind), note=cleaning.plain(note))


@transaction.atomic
def approve_and_publish(
    publication: Publication, *, by: User, seen: str, note: str = "", kind: str = "", public_note: str = ""
) -> ReviewStatus:
    """`approve`, then `publish`, or `correct` what was published before: both or neither. Raises Refused."""
    version = approve(publication, by=by, seen=seen, note=note).version
    if Publication.objects.get(pk=publication.pk).state == LiveState.NEVER:
        return publish(publication, by=by, version=version.number)
    return correct(publication, by=by, version=version.number, kind=kind, note=public_note)


@transaction.atomic
def reassess(publication: Publication, *, by: User, seen: str, note: str) -> ReviewStatus:
    """Give the live version new workings, by the sources' records and the verifications of today; the words stay.
    `seen` is the hash of the screen, `note` is public. Raises Refused.
    """
    publication = _held(publication.article_id, publication.language, Move.REASSESS, by)
    version, before = publication.live, publication.live_approval
    assert version is not None  # _held refused otherwise
    assert before is not None
    review = before.review()  # who reviewed the words, and when, stays what it was
    row = _assessed(
        Status.REASSESSED, version, _as_seen(version, seen), by=by, note=_written(note), review=review.as_json()
    )
    _place(publication, live_approval=row, unsettled_since=None)
    searching.refresh([publication.pk])
    return row


@transaction.atomic
def withdraw(publication: Publication, *, by: User, version: int, note: str) -> ReviewStatus:
    """Take the live version numbered `version` from the readers; `note` is the reason they are given instead.
    What was scheduled is off the schedule; the address and the record stay. Raises Refused.
    """
    publication, subject = _held_at(publication, Move.WITHDRAW, by, version, note)
    if publication.scheduled:
        _unscheduled(publication.scheduled, by=by)
    row = _record(Status.WITHDRAWN, subject, by=by, note=note)
    Correction.objects.create(
        publication=publication, from_version=subject, kind=CorrectionKind.WITHDRAWAL, note=row.note, at=row.at, row=row
    )
    _place(publication, state=LiveState.WITHDRAWN, last_published=row.at, scheduled=None, unsettled_since=None)
    searching.refresh([publication.pk])
    notifications.moved(Event.WITHDRAWN, publication, row)
    return row


# --- on a day ----------------------------------------------------------------------------------------


@transaction.atomic
def schedule(
    publication: Publication, *, by: User, version: int, due: datetime, kind: str = "", note: str = ""
) -> ReviewStatus:
    """Let the approved version numbered `version` go out at `due`, as a correction of `kind` with the public `note`
    where the language was published before. Raises Refused.
    """
    publication, subject = _held_at(publication, Move.SCHEDULE, by, version)
    if due <= timezone.now():
        raise Refused(_("This time is past. Choose a later one, or publish now."))
    if publication.state == LiveState.NEVER:
        kind, note = "", ""
    else:
        kind, note = _correction_kind(kind), _written(note)
    row = Schedule.objects.create(version=subject, due=due, next_try=due, kind=kind, note=note, by=by)
    _place(publication, scheduled=row)
    return _record(Status.SCHEDULED, subject, by=by, note=due.isoformat())


@transaction.atomic
def unschedule(publication: Publication, *, by: User, version: int, note: str = "") -> ReviewStatus:
    """Take the version numbered `version` off the schedule; it is approved and waits again, unless a newer one does.
    Raises Refused.
    """
    publication, subject = _held_at(publication, Move.UNSCHEDULE, by, version)
    assert publication.scheduled is not None  # _held_at refused otherwise
    row = _unscheduled(publication.scheduled, by=by, note=note)
    newer = publication.approved
    if newer and newer.pk != subject.pk:
        _record(Status.SUPERSEDED, subject, by=by)
    _place(publication, scheduled=None, approved=newer or subject)
    return row


@transaction.atomic
def release(publication: Publication) -> ReviewStatus | None:
    """Send out what is scheduled here and due, in the name of who scheduled it; None where nothing is, any more.
    Raises Refused, where it may not go out now.
    """
    publication = _locked(publication.article_id, publication.language)
    due = Schedule.objects.due().filter(publication=publication).select_related("by", "version").first()
    if due is None:
        return None
    move = Move.CORRECT if due.kind else Move.PUBLISH
    if reason := not_you(publication, move, due.by) or not_to_go_out(
        publication, due.version, correcting=bool(due.kind)
    ):
        raise Refused(reason)
    return _go_live(publication, due.version, by=due.by, kind=due.kind, note=due.note)


@transaction.atomic
def release_failed(publication: Publication, error: str) -> None:
    """Keep why what was due did not go out, and when it is tried again: after 1, 2, 4 … minutes, at most an hour.

    The publication is locked first, as by every move: the other way round, a release beside it would wait for ever.
    """
    publication = _locked(publication.article_id, publication.language)
    for row in Schedule.objects.due().filter(publication=publication).select_related("by", "version"):
        wait = min(timedelta(minutes=2 ** min(row.attempts, 10)), LONGEST_WAIT)
        kept = (
            Schedule.objects.due()
            .filter(pk=row.pk, attempts=row.attempts)
            .update(state=ScheduleState.FAILED, attempts=row.attempts + 1, last_error=error, next_try=Now() + wait)
        )
        if kept:
            notifications.failed(publication, row, error)


# --- beside the moves --------------------------------------------------------------------------------


@transaction.atomic
def verify(
    publication: Publication, *, by: User, version: int, number: int, checked: str, withdrawn: bool = False
) -> Verification:
    """Record that `by` checked the citation `number` of the version in review, or of the live one, which a reassessment
    then counts; or takes that back. Raises Refused.
    """
    publication = _locked(publication.article_id, publication.language)
    live = subject_of(publication, Move.REASSESS)
    move = Move.REASSESS if live and live.number == version else Move.APPROVE
    if reason := verify_refusal(publication, by, move):
        raise Refused(reason)
    subject = _at(publication, move, version)
    cited = next((cited for cited in subject.citations if cited["number"] == number), None)
    checked = cleaning.line(checked)
    if cited is None:
        raise Refused(_("This version has no citation %(number)d.") % {"number": number})
    if not checked and not withdrawn:
        raise Refused(_("Say what you checked."))
    return Verification.objects.create(
        article=publication.article, content=content_hash(cited), checked=checked, withdrawn=withdrawn, by=by
    )


@transaction.atomic
def assign(publication: Publication, *, by: User, reviewer: User | None, due: date | None = None) -> Publication:
    """Name who is to review what is in review, and by when; or nobody. Raises Refused."""
    publication = _locked(publication.article_id, publication.language)
    if reason := assign_refusal(publication, by):
        raise Refused(reason)
    if reviewer and (reason := not_you(publication, Move.APPROVE, reviewer)):
        text = _("%(name)s cannot review this: they are no reviewer of this language, or they contributed to it.")
        raise Refused(text % {"name": reviewer.get_full_name() or reviewer.get_username()}) from Refused(reason)
    before = publication.reviewer_id
    _place(publication, reviewer=reviewer, review_due=due if reviewer else None)
    publication.reviewer, publication.review_due = reviewer, due if reviewer else None
    if reviewer and reviewer.pk != before:
        notifications.assigned(publication, by=by, reviewer=reviewer, due=due)
    return publication


@transaction.atomic
def unsettle(sources: Collection[int] | None = None) -> None:
    """Let what is live and relies on these sources, of which something changed, wait to be reassessed, or whatever is
    live (None): where an assessment of now says something else than readers are shown. Where it says the same again,
    it waits no more.
    """
    rows = Publication.objects.live() if sources is None else Publication.objects.relying_on(sources)
    keys = rows.order_by("pk").select_for_update().values_list("pk", flat=True)
    stale: dict[bool, list[int]] = {True: [], False: []}
    for pk, (shown, now) in at_a_glance(keys).items():
        stale[shown != now].append(pk)
    for differs, found in stale.items():
        for start in range(0, len(found), BATCH):
            part = Publication.objects.filter(pk__in=found[start : start + BATCH], unsettled_since__isnull=differs)
            part.update(unsettled_since=Now() if differs else None)


# --- holding and recording ---------------------------------------------------------------------------


def _locked(article_id: int, language: str) -> Publication:
    """The publication as it is, locked with its siblings until the transaction ends.

    Locked by itself, what it points to read afterwards: PostgreSQL reads a row anew after waiting for it, but not what
    is joined to it.
    """
    rows = {row.language: row for row in Publication.objects.of(article_id).select_for_update()}
    return (
        rows[language].with_its_versions()
        if language in rows
        else Publication(article_id=article_id, language=language)
    )


def _held(article_id: int, language: str, move: Move, by: User) -> Publication:
    """The publication, locked, once `refusal` has nothing against the move. Raises Refused."""
    publication = _locked(article_id, language)
    if reason := refusal(publication, move, by):
        raise Refused(reason)
    return publication


def _held_at(
    publication: Publication, move: Move, by: User, version: int, note: str | None = None
) -> tuple[Publication, Version]:
    """As `_held`, and the version the move is about is the one numbered `version`; a required note is there."""
    held = _held(publication.article_id, publication.language, move, by)
    subject = _at(held, move, version)
    if MOVES[move].note_required:
        _written(note or "")
    return held, subject


def _at(publication: Publication, move: Move, version: int) -> Version:
    """The version that `move` is about, once it is the one numbered `version`. Raises Refused."""
    subject = subject_of(publication, move)
    assert subject is not None  # refused otherwise
    if subject.number != version:
        raise Refused(_("Version %(number)d took its place meanwhile. Look again.") % {"number": subject.number})
    return subject


def _written(note: str) -> str:
    if clean := cleaning.plain(note):
        return clean
    raise Refused(_("Write a note: it says why."))


def _correction_kind(kind: str) -> str:
    if kind in dict(CORRECTIONS):
        return kind
    raise Refused(_("Say what kind of change it is."))


def _as_seen(version: Version, seen: str) -> Assessment:
    assessment = assess(version)
    if seen != screen_hash(version, assessment):
        raise Refused(_("Something changed while you were reading. Look again, then approve."))
    return assessment


def _assessed(
    status: Status, version: Version, assessment: Assessment, *, by: User, note: str, **told: Any
) -> ReviewStatus:
    """The row of an approval or a reassessment; it says so where somebody agrees with themselves."""
    workings = {**assessment.kept(by), **told}
    return _record(status, version, by=by, note=note, confidence=workings, self_review=wrote(version, by))


def _go_live(publication: Publication, version: Version, *, by: User, kind: str = "", note: str = "") -> ReviewStatus:
    """Publish `version`; with a `kind`, as a correction of what was published before."""
    before, scheduled = publication.live, publication.scheduled
    if kind and before:  # there is one: not_to_go_out refused otherwise
        _record(Status.CORRECTED, before, by=by, note=note)
    row = _record(Status.PUBLISHED, version, by=by, note=note)
    if kind and before:
        Correction.objects.create(
            publication=publication,
            from_version=before,
            to_version=version,
            kind=kind,
            note=note,
            at=row.at,
            follows=caught_up(publication, before, version),
            row=row,
        )
    approval = version.statuses.filter(status=Status.APPROVED).latest("pk")
    stale = approval.glance(version.kind) != glance(version.kind, assess(version).workings)
    fields = went_live(version, approval, row, kind) | {"unsettled_since": row.at if stale else None}
    if publication.approved_id == version.pk:
        fields |= {"approved": None}
    if scheduled and scheduled.version_id == version.pk:
        Schedule.objects.filter(pk=scheduled.pk).update(state=ScheduleState.DONE, last_error="")
        fields |= {"scheduled": None}
    elif scheduled and scheduled.version.number < version.number:
        _unscheduled(scheduled, by=by)
        fields |= {"scheduled": None}
    _place(publication, **fields)
    searching.refresh([publication.pk])
    notifications.moved(Event.CORRECTED if kind else Event.PUBLISHED, publication, row)
    return row


def went_live(version: Version, approval: ReviewStatus, row: ReviewStatus, kind: str) -> dict[str, Any]:
    """What a publication says once `version` is published by `row`, or by a correction of this `kind`."""
    fields = {"live": version, "live_approval": approval, "state": LiveState.LIVE}
    if not kind:
        fields |= {"first_published": row.at}
    if not kind or kind in SUBSTANCE:
        fields |= {"last_published": row.at}
    return fields


def _unscheduled(scheduled: Schedule, *, by: User, note: str = "") -> ReviewStatus:
    Schedule.objects.filter(pk=scheduled.pk).update(state=ScheduleState.CANCELLED)
    return _record(Status.UNSCHEDULED, scheduled.version, by=by, note=note)


def _record(
    status: Status,
    version: Version,
    *,
    by: User,
    note: str = "",
    confidence: dict[str, Any] | None = None,
    self_review: bool = False,
) -> ReviewStatus:
    return ReviewStatus.objects.append(
        version,
        status,
        by=by,
        at=timezone.now(),
        note=cleaning.plain(note),
        confidence=confidence,
        self_review=self_review,
    )


def _place(publication: Publication, **fields: Any) -> None:
    """Write these fields of a locked publication; its own stamp guards it where rows cannot be locked."""
    rows = Publication.objects.of(publication.article_id)
    if not rows.filter(pk=publication.pk, stamp=publication.stamp).update(**fields):
        raise Refused(_("Somebody else moved this article at the same moment. Look again."))
    step = 1 + secrets.randbelow(2**32)  # no number twice, not even in a database that was restored: caches go by it
    rows.update(stamp=models.F("stamp") + step)
    publication.stamp += step
    baking.after_a_move(publication.article_id)
    purging.tell_at_once(publication.article_id)
