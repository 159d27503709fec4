"""What may not happen now, or not by this person, and why: one sentence for button, error and test."""

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import completeness, languages
from articles.assessing import Assessment, assess
from articles.confidence import State
from articles.contributing import ever_contributed, wrote
from articles.freezing import Frozen, freeze
from articles.kinds import RATED_KINDS
from articles.models import Address, Article, Publication, Remark, ReviewStatus, Version
from articles.models.working_language import working_languages, works_in
from articles.states import MOVES, LiveState, Move, Place, Role, Status

OWN_WORK: dict[Move, Promise | str] = {
    Move.APPROVE: gettext_lazy("You contributed to this version, so somebody else has to approve it."),
    Move.REASSESS: gettext_lazy("You contributed to this version, so somebody else has to reassess it."),
}


class Refused(Exception):
    """A move that may not happen now, or not by this person; `reason` is shown as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def publication_of(article: Article, language: str) -> Publication:
    """The row of `article` in `language`, or an unsaved one where nothing was ever submitted."""
    return Publication.objects.filter(article=article, language=language).first() or Publication(
        article=article, language=language
    )


def subject_of(publication: Publication, move: Move) -> Version | None:
    """The version that `move` is about; None for a submission and where there is none."""
    return subject_at(publication, MOVES[move].start)


def subject_at(publication: Publication, place: Place) -> Version | None:
    """The version that stands at `place`; withdrawn words stand nowhere."""
    match place:
        case Place.IN_REVIEW:
            return publication.in_review
        case Place.APPROVED:
            return publication.approved
        case Place.SCHEDULED:
            return publication.scheduled.version if publication.scheduled else None
        case Place.LIVE:
            return publication.live if publication.state == LiveState.LIVE else None
    return None


def without_role(role: Role, by: User, language: str | None = None) -> str | None:
    """Why `by` cannot act as `role` in `language`, or in any (None); None if they can."""
    if not (by.is_active and by.has_perm(f"articles.{role.value}")):
        return _("Only %(role)s may do this.") % {"role": role.label}
    return not_your_language(language, by) if language else None


def not_your_language(language: str, by: User) -> str | None:
    """Why `by` cannot act in `language`, whatever their role; None if they can."""
    if works_in(by, language):
        return None
    own = get_text_list([languages.name(code) for code in working_languages(by)], _("and"))
    return _("You work in %(own)s: in %(language)s somebody else has to do this.") % {
        "own": own,
        "language": languages.name(language),
    }


def not_you(publication: Publication, move: Move, by: User) -> str | None:
    """Why `by` may not make this move, whatever the time; None if they may."""
    if reason := without_role(MOVES[move].role, by, publication.language):
        return reason
    version = subject_of(publication, move)
    if move in OWN_WORK and version and wrote(version, by) and not settings.NEWSROOM_SOLO_DESK:
        return str(OWN_WORK[move])
    return None


def assign_refusal(publication: Publication | None, by: User) -> str | None:
    """Why `by` cannot name who is to review this now, or anything (None) at any time; None if they can."""
    if not any(by.has_perm(f"articles.{role.value}") for role in (Role.REVIEWER, Role.PUBLISHER)):
        return without_role(Role.REVIEWER, by)
    if publication is None:
        return None
    absent = None if publication.in_review_id else _absent(Move.APPROVE)
    return not_your_language(publication.language, by) or absent


def reviewers(version: Version | None) -> list[User]:
    """Who may approve `version`, or any (None): `not_you`, asked of everybody at once."""
    people = User.objects.with_perm(
        f"articles.{MOVES[Move.APPROVE].role.value}", backend="django.contrib.auth.backends.ModelBackend"
    )
    return [
        person
        for person in people.select_related("author")
        .prefetch_related("working_languages")
        .order_by("last_name", "first_name", "username")
        if version is None
        or (works_in(person, version.language) and (settings.NEWSROOM_SOLO_DESK or not wrote(version, person)))
    ]


def not_now(publication: Publication, move: Move) -> str | None:
    """Why nobody may make this move as things stand; None if it is open."""
    if move == Move.SUBMIT:
        return _not_submittable(publication)
    version = subject_of(publication, move)
    if version is None:
        return _absent(move)
    if move == Move.APPROVE:
        return notes_open(publication)
    if move == Move.REASSESS and not assessed_anew(version, publication.live_approval):
        return _(
            "Nothing has changed since: the sources' records and the verifications are those of the last assessment."
        )
    if move == Move.SCHEDULE and publication.scheduled:
        return _("Version %(number)d is scheduled already. Take it off the schedule first.") % {
            "number": publication.scheduled.version.number
        }
    if move == Move.SCHEDULE:
        return not_to_go_out(publication, version, correcting=publication.state != LiveState.NEVER)
    if move in (Move.PUBLISH, Move.CORRECT):
        return not_to_go_out(publication, version, correcting=move == Move.CORRECT)
    return None


def _absent(move: Move) -> str:
    return {
        Place.IN_REVIEW: _("No version of this language is in review."),
        Place.APPROVED: _("No version of this language is approved and waiting."),
        Place.SCHEDULED: _("No version of this language is scheduled."),
        Place.LIVE: _("Nothing of this language is live."),
    }[MOVES[move].start]


def notes_open(publication: Publication) -> str | None:
    """What stands between this language and an approval: notes on its text that nobody resolved; None without."""
    if count := Remark.objects.open().filter(publication=publication).count():
        return ngettext(
            "%(count)d note is open: resolve it first.", "%(count)d notes are open: resolve them first.", count
        ) % {"count": count}
    return None


def not_to_go_out(publication: Publication, version: Version, *, correcting: bool) -> str | None:
    """Why an approved `version` cannot be published, or published as a correction, now; None if it can."""
    if not correcting and publication.state != LiveState.NEVER:
        return _("This language is published already. A published text is changed by a correction.")
    if correcting and publication.state == LiveState.NEVER:
        return _("This language was never published: there is nothing to correct. Publish it.")
    if publication.live and version.number <= publication.live.number:
        return _("Version %(number)d, which is newer, was published meanwhile.") % {"number": publication.live.number}
    if publication.state == LiveState.WITHDRAWN and not _approved_since(version, publication.live):
        return _(
            "Version %(number)d was approved before the withdrawal. Take the approval back and review it again."
        ) % {"number": version.number}
    return None


def _approved_since(version: Version, withdrawn: Version | None) -> bool:
    """Whether the last approval of `version` came after the withdrawal of `withdrawn`."""
    rows = ReviewStatus.objects.order_by("-pk").values_list("pk", flat=True)
    approval = rows.filter(version=version, status=Status.APPROVED).first()
    withdrawal = rows.filter(version=withdrawn, status=Status.WITHDRAWN).first()
    return approval is not None and withdrawal is not None and approval > withdrawal


def assessed_anew(version: Version, approval: ReviewStatus | None) -> bool:
    """Whether assessing `version` today would say anything else than `approval` did."""
    told = approval.confidence if approval else None
    return told is None or assess(version).as_json() != {name: told[name] for name in ("workings", "citations")}


def refusal(publication: Publication, move: Move, by: User) -> str | None:
    """The reason why `by` cannot make `move` now, or None. "Not you" comes before "not now"."""
    return not_you(publication, move, by) or not_now(publication, move)


def not_your_check(publication: Publication, by: User) -> str | None:
    """Why `by` may not verify this article's citations, or None: stricter than approving, for all time."""
    if by.pk in ever_contributed(publication.article_id):
        return _("You contributed to this article, so somebody else has to verify its citations.")
    return None


def verify_refusal(publication: Publication, by: User, move: Move = Move.APPROVE) -> str | None:
    """Why `by` cannot verify citations now of the version that `move` is about, in review or live; or None."""
    absent = None if subject_of(publication, move) else _absent(move)
    return not_your_check(publication, by) or not_you(publication, move, by) or absent


def note_needed(version: Version, assessment: Assessment) -> str | None:
    """Why approving `version` needs a note to the reader, or None."""
    workings = assessment.workings
    if version.kind not in RATED_KINDS:
        return None
    if workings.state == State.UNSOURCED:
        return _("Nothing supports the claim with a source: say in a note why it may be published.")
    if workings.state == State.NOT_RATED:
        return _("None of its sources is rated: say in a note why it may be published.")
    if workings.percent is not None and workings.percent < assessment.policy.floor:
        return _("The confidence is below %(floor)d%%: say in a note why it may be published.") % {
            "floor": assessment.policy.floor
        }
    return None


def submittable(publication: Publication) -> Version:
    """The version, unsaved, that submitting would freeze now. Raises Refused, where it may not be submitted."""
    if publication.in_review:
        text = _("Version %(number)d is in review already. Recall it first.")
        raise Refused(text % {"number": publication.in_review.number})
    try:
        frozen = freeze(publication.article, publication.language)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    if reason := _not_freezable(publication, frozen):
        raise Refused(reason)
    return frozen.version


def _not_submittable(publication: Publication) -> str | None:
    try:
        submittable(publication)
    except Refused as refused:
        return refused.reason
    return None


def unfit(frozen: Frozen) -> str | None:
    """Why these words cannot be reviewed as they are, whatever else there is; None if they can."""
    version = frozen.version
    if lacking := completeness.missing(version.content()):
        return _("%(language)s is incomplete. Missing: %(fields)s.") % {
            "language": languages.name(version.language),
            "fields": get_text_list([str(label) for label in lacking], _("and")),
        }
    if frozen.lost_marks:
        return _("The text has marks whose citation is gone: %(marks)s. Remove the marks or add the citations.") % {
            "marks": ", ".join(f"[{key}]" for key in frozen.lost_marks)
        }
    if frozen.lost_pictures:
        return _("The text shows pictures that are not there: %(pictures)s. Take them out, or choose others.") % {
            "pictures": _numbered(frozen.lost_pictures)
        }
    if frozen.repeated:
        return _("A picture stands here more than once: %(pictures)s. Leave it in one place.") % {
            "pictures": _numbered(frozen.repeated)
        }
    return None


def _not_freezable(publication: Publication, frozen: Frozen) -> str | None:
    if reason := unfit(frozen):
        return reason
    version = frozen.version
    owned = Address.objects.filter(language=version.language, slug=version.slug).exclude(article=version.article)
    if owned.exists():
        return taken(version.slug)
    here = {place: subject_at(publication, place) for place in (Place.APPROVED, Place.SCHEDULED, Place.LIVE)}
    for place, other in here.items():
        if other and other.digest == version.digest:
            return _("These words equal version %(number)d, which is %(place)s.") % {
                "number": other.number,
                "place": place.label,
            }
    return None


def _numbered(pictures: list[int]) -> str:
    return ", ".join(f"#{pk}" for pk in pictures)


def taken(slug: str) -> str:
    return _("The address “%(slug)s” belongs to another article. Choose another one.") % {"slug": slug}
