"""The moves: the one door through which anything is submitted, approved or published. The sole writer of state.

Each move locks the article's publications, asks `refusal` again under the lock, writes, and records itself in the
ledger, in one transaction. A refusal is a sentence, the same for button, error page and test.
"""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from articles import cleaning, completeness, languages
from articles.assessing import Assessment, assess, public_name, screen_hash
from articles.confidence import POLICY, State
from articles.freezing import Frozen, freeze
from articles.kinds import RATED_KINDS
from articles.models import Address, Article, Edit, Publication, ReviewStatus, Verification, Version
from articles.models.verification import content_hash
from articles.states import MOVES, LiveState, Move, Place, Status


class Refused(Exception):
    """A move that may not happen now, or not by this person; `reason` is shown as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# --- asking ------------------------------------------------------------------------------------------


def publication_of(article: Article, language: str) -> Publication:
    """The row of `article` in `language`, or an unsaved one where nothing was ever submitted."""
    return Publication.objects.filter(article=article, language=language).first() or Publication(
        article=article, language=language
    )


def subject_of(publication: Publication, move: Move) -> Version | None:
    """The version that `move` is about; None for a submission and where there is none."""
    return {Place.IN_REVIEW: publication.in_review, Place.APPROVED: publication.approved}.get(MOVES[move].start)


def not_you(publication: Publication, move: Move, by: User) -> str | None:
    """Why `by` may not make this move, whatever the time; None if they may."""
    role = MOVES[move].role
    if not (by.is_active and by.has_perm(f"articles.{role.value}")):
        return _("Only %(role)s may do this.") % {"role": role.label}
    version = subject_of(publication, move)
    if move == Move.APPROVE and version and _wrote(version, by):
        return _("You contributed to this version, so somebody else has to approve it.")
    return None


def not_now(publication: Publication, move: Move) -> str | None:
    """Why nobody may make this move as things stand; None if it is open."""
    if move == Move.SUBMIT:
        return _not_submittable(publication)
    if subject_of(publication, move) is None:
        return {
            Place.IN_REVIEW: _("No version of this language is in review."),
            Place.APPROVED: _("No version of this language is approved and waiting."),
        }[MOVES[move].start]
    if move == Move.PUBLISH and publication.state != LiveState.NEVER:
        return _("This language is published already. A published text is changed by a correction.")
    return None


def refusal(publication: Publication, move: Move, by: User) -> str | None:
    """The reason why `by` cannot make `move` now, or None. "Not you" comes before "not now"."""
    return not_you(publication, move, by) or not_now(publication, move)


def not_your_check(publication: Publication, by: User) -> str | None:
    """Why `by` may not verify this article's citations, or None: stricter than approving, for all time."""
    if by.pk in _ever_contributed(publication.article_id):
        return _("You contributed to this article, so somebody else has to verify its citations.")
    return None


def verify_refusal(publication: Publication, by: User) -> str | None:
    """Why `by` cannot verify citations of the version in review now, or None."""
    return not_your_check(publication, by) or refusal(publication, Move.APPROVE, by)


def note_needed(version: Version, assessment: Assessment) -> str | None:
    """Why approving `version` needs a note to the reader, or None."""
    workings = assessment.workings
    if version.kind not in RATED_KINDS:
        return None
    if workings.state == State.UNSOURCED:
        return _("Nothing supports the claim with a source: say in a note why it may be published.")
    if workings.state == State.NOT_RATED:
        return _("None of its sources is rated: say in a note why it may be published.")
    if workings.percent is not None and workings.percent < POLICY.floor:
        return _("The confidence is below %(floor)d%%: say in a note why it may be published.") % {
            "floor": POLICY.floor
        }
    return None


def _not_submittable(publication: Publication) -> str | None:
    if publication.in_review:
        return _("Version %(number)d is in review already. Recall it first.") % {"number": publication.in_review.number}
    try:
        frozen = freeze(publication.article, publication.language)
    except ValidationError as error:
        return " ".join(error.messages)
    return _not_freezable(publication, frozen)


def _not_freezable(publication: Publication, frozen: Frozen) -> str | None:
    version = frozen.version
    if lacking := completeness.missing(version.content()):
        return _("%(language)s is incomplete. Missing: %(fields)s.") % {
            "language": languages.name(publication.language),
            "fields": get_text_list([str(label) for label in lacking], _("and")),
        }
    if frozen.lost_marks:
        return _("The text has marks whose citation is gone: %(marks)s. Remove the marks or add the citations.") % {
            "marks": ", ".join(f"[{key}]" for key in frozen.lost_marks)
        }
    taken = Address.objects.filter(language=version.language, slug=version.slug).exclude(article=version.article)
    if taken.exists():
        return _taken(version.slug)
    for place, other in [(Place.APPROVED, publication.approved), (Place.LIVE, publication.live)]:
        if other and other.digest == version.digest:
            return _("These words equal version %(number)d, which is %(place)s.") % {
                "number": other.number,
                "place": place.label,
            }
    return None


def _taken(slug: str) -> str:
    return _("The address “%(slug)s” belongs to another article. Choose another one.") % {"slug": slug}


# --- moving ------------------------------------------------------------------------------------------


@transaction.atomic
def submit(article: Article, language: str, *, by: User) -> Version:
    """Freeze `article` in `language` into a version and put it in review. Raises Refused."""
    article.hold()  # edits write under this lock
    Publication.objects.get_or_create(article=article, language=language)
    publication = _held(article.pk, language, Move.SUBMIT, by)
    version = freeze(publication.article, language).version
    earlier = article.versions.filter(language=language).order_by("-number")
    version.number = (earlier.values_list("number", flat=True).first() or 0) + 1
    version.contributors = contributors(publication, by=by)
    version.made_from = _translated_from(publication)
    version.last_edit = article.edits.latest("pk")
    version.frozen_by = by
    version.save()
    address, _made = Address.objects.get_or_create(language=language, slug=version.slug, defaults={"article": article})
    if address.article_id != article.pk:  # two articles at the same moment: the address has the last word
        raise Refused(_taken(version.slug))
    _record(publication, Move.SUBMIT, version, by=by, in_review=version)
    return version


@transaction.atomic
def recall(publication: Publication, *, by: User, version: int, note: str = "") -> ReviewStatus:
    """Take the version numbered `version` out of review, back to the draft. Raises Refused."""
    publication, subject = _held_at(publication, Move.RECALL, by, version, note)
    return _record(publication, Move.RECALL, subject, by=by, note=note, in_review=None)


@transaction.atomic
def request_changes(publication: Publication, *, by: User, version: int, note: str) -> ReviewStatus:
    """Send the version numbered `version` back to its editors with a note. Raises Refused."""
    publication, subject = _held_at(publication, Move.REQUEST_CHANGES, by, version, note)
    return _record(publication, Move.REQUEST_CHANGES, subject, by=by, note=note, in_review=None)


@transaction.atomic
def approve(publication: Publication, *, by: User, seen: str, note: str = "") -> ReviewStatus:
    """Record that `by` approved exactly what was on the screen, whose hash is `seen`. Raises Refused."""
    publication = _held(publication.article_id, publication.language, Move.APPROVE, by)
    version = publication.in_review
    assert version is not None  # _held refused otherwise
    assessment = assess(version)
    if seen != screen_hash(version, assessment):
        raise Refused(_("Something changed while you were reading. Look again, then approve."))
    note = cleaning.plain(note)
    if not note and (reason := note_needed(version, assessment)):
        raise Refused(reason)
    workings = {**assessment.as_json(), "reviewer": public_name(by)}
    return _record(
        publication, Move.APPROVE, version, by=by, note=note, confidence=workings, in_review=None, approved=version
    )


@transaction.atomic
def take_back(publication: Publication, *, by: User, version: int, note: str) -> ReviewStatus:
    """Withdraw an approval that is not live; the version is in review again unless a newer one is. Raises Refused."""
    publication, subject = _held_at(publication, Move.TAKE_BACK, by, version, note)
    in_review = publication.in_review or subject
    return _record(publication, Move.TAKE_BACK, subject, by=by, note=note, approved=None, in_review=in_review)


@transaction.atomic
def publish(publication: Publication, *, by: User, version: int) -> ReviewStatus:
    """Make the approved version numbered `version` what readers get. Raises Refused."""
    publication, subject = _held_at(publication, Move.PUBLISH, by, version)
    now = timezone.now()
    return _record(
        publication,
        Move.PUBLISH,
        subject,
        by=by,
        approved=None,
        live=subject,
        live_approval=subject.statuses.filter(status=Status.APPROVED).latest("pk"),
        state=LiveState.LIVE,
        first_published=now,
        last_published=now,
    )


@transaction.atomic
def verify(
    publication: Publication, *, by: User, version: int, number: int, checked: str, withdrawn: bool = False
) -> Verification:
    """Record that `by` checked the citation `number` of the version in review, or takes that back. Raises Refused."""
    if reason := not_your_check(publication, by):
        raise Refused(reason)
    publication, subject = _held_at(publication, Move.APPROVE, by, version)
    cited = next((cited for cited in subject.citations if cited["number"] == number), None)
    checked = cleaning.line(checked)
    if cited is None:
        raise Refused(_("This version has no citation %(number)d.") % {"number": number})
    if not checked and not withdrawn:
        raise Refused(_("Say what you checked."))
    return Verification.objects.create(
        article=publication.article, content=content_hash(cited), checked=checked, withdrawn=withdrawn, by=by
    )


# --- who contributed ---------------------------------------------------------------------------------


def contributors(publication: Publication, *, by: User) -> list[dict[str, Any]]:
    """Who made the words that `by` submits: editors of this language or of what is shared since the version that was
    last approved was frozen, the people of the byline, and the submitter.

    Edits made while that version was in review are not in it and count for the next: hence its last edit, not a time.
    """
    base = publication.approved or publication.live
    edits = publication.article.edits.filter(language__in=(publication.language, Edit.SHARED))
    if base:
        edits = edits.filter(pk__gt=base.last_edit_id)
    people = (
        User.objects.filter(models.Q(pk=by.pk) | models.Q(author__articles=publication.article_id))
        | User.objects.filter(pk__in=edits.values("by"))
    ).distinct()
    return [{"id": user.pk, "name": user.get_full_name() or user.get_username()} for user in people.order_by("pk")]


def _wrote(version: Version, by: User) -> bool:
    """Whether `by` contributed to it or stands in its byline: an account may be given to an author later."""
    author = getattr(by, "author", None)
    named = author is not None and author.pk in {person["id"] for person in version.byline}
    return named or by.pk in {person["id"] for person in version.contributors}


def _ever_contributed(article_id: int) -> set[int]:
    return set(Edit.objects.filter(article=article_id).values_list("by", flat=True)) | set(
        User.objects.filter(author__articles=article_id).values_list("pk", flat=True)
    )


def _translated_from(publication: Publication) -> Version | None:
    """The other language's version that this one was made beside: the newest that went through review."""
    others = Publication.objects.of(publication.article_id).exclude(pk=publication.pk)
    return next((version for other in others.with_versions() if (version := other.live or other.approved)), None)


# --- holding and recording ---------------------------------------------------------------------------


def _held(article_id: int, language: str, move: Move, by: User) -> Publication:
    """The publication, locked with its siblings, once `refusal` has nothing against the move. Raises Refused."""
    rows = Publication.objects.of(article_id).select_for_update(of=("self",)).select_related("article")
    publication = {row.language: row for row in rows}.get(language) or Publication(
        article_id=article_id, language=language
    )
    if reason := refusal(publication, move, by):
        raise Refused(reason)
    return publication


def _held_at(
    publication: Publication, move: Move, by: User, version: int, note: str | None = None
) -> tuple[Publication, Version]:
    """As `_held`, and the version the move is about is the one numbered `version`; a required note is there."""
    held = _held(publication.article_id, publication.language, move, by)
    subject = subject_of(held, move)
    assert subject is not None  # not_now refused otherwise
    if subject.number != version:
        raise Refused(_("Version %(number)d took its place meanwhile. Look again.") % {"number": subject.number})
    if MOVES[move].note_required and not cleaning.plain(note or ""):
        raise Refused(_("Write a note: it says why."))
    return held, subject


def _record(
    publication: Publication,
    move: Move,
    version: Version,
    *,
    by: User,
    note: str = "",
    confidence: dict[str, Any] | None = None,
    **fields: Any,
) -> ReviewStatus:
    """Append to the ledger, then place the publication; its own stamp guards it where rows cannot be locked."""
    row = ReviewStatus.objects.append(
        version, MOVES[move].status, by=by, at=timezone.now(), note=cleaning.plain(note), confidence=confidence
    )
    rows = Publication.objects.of(publication.article_id)
    if not rows.filter(pk=publication.pk, stamp=publication.stamp).update(**fields):
        raise Refused(_("Somebody else moved this article at the same moment. Look again."))
    rows.update(stamp=models.F("stamp") + 1)
    return row
