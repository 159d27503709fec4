"""Whether a published claim stood: a reviewer's verdict on a version, and what it says of the sources it cites.

The sole writer of Verdict, and of the outcomes that come of articles. No state moves. A correction or a withdrawal
makes no verdict by itself, and silence is none. The publications are locked first, as by the moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from articles import cleaning, verdicts, workflow
from articles.assessing import subject, subject_of
from articles.confidence import Stance
from articles.contributing import wrote
from articles.kinds import SUBSTANCE, Occasion
from articles.models import Audit, Correction, Publication, ReviewStatus, Verdict, Version, VersionSource
from articles.models.review import ASSESSED
from articles.refusing import Refused, without_role
from articles.states import Role, Status
from sources.models import SourceOutcome
from sources.models.outcome import under
from sources.standing import family, heads


@dataclass(frozen=True, slots=True)
class Case:
    """What a verdict on a version would be about: the number that readers had, the change or the draw that asks for
    it, and the verdicts so far, the newest first.
    """

    version: Version
    approval: ReviewStatus
    correction: Correction | None
    audit: Audit | None
    earlier: list[Verdict]

    @property
    def occasion(self) -> Occasion:
        if self.correction:
            return Occasion.CORRECTION if self.correction.to_version_id else Occasion.WITHDRAWAL
        return Occasion.AUDIT if self.audit else Occasion.REVIEW

    @property
    def weight(self) -> Decimal:
        """A version that was drawn stands for those that were not."""
        return (1 / self.audit.chance).quantize(Decimal("0.001")) if self.audit else Decimal(1)

    @property
    def seen(self) -> str:
        """What was on the screen: a verdict that was given meanwhile, or a new number, is another case."""
        rows = (self.approval, self.correction, self.audit, *self.earlier[:1])
        return "-".join(str(row.pk if row else 0) for row in rows)


def case_of(version: Version) -> Case:
    """Of a version that was public. What was changed is judged by that change: the first that nobody judged, or else
    the last; for without the change it would not be asked about.
    """
    [approval] = ReviewStatus.objects.filter(version=version, status__in=ASSESSED).order_by("-pk")[:1]
    changes = Correction.objects.filter(from_version=version, kind__in=SUBSTANCE).order_by("pk")
    correction = changes.filter(verdicts=None).first() or changes.last()
    return Case(
        version=version,
        approval=approval,
        correction=correction,
        audit=None if correction else Audit.objects.filter(version=version).first(),
        earlier=list(Verdict.objects.filter(version=version).select_related("by").order_by("-pk")),
    )


def was_public(version: Version) -> bool:
    return version.statuses.filter(status=Status.PUBLISHED).exists()


def judge_refusal(version: Version, by: User) -> str | None:
    """Why `by` cannot judge the claim of `version`, or None."""
    if reason := without_role(Role.REVIEWER, by, version.language):
        return reason
    if wrote(version, by) and not settings.NEWSROOM_SOLO_DESK:
        return _("You contributed to this version, so somebody else has to judge whether it stood.")
    if not was_public(version):
        return _("This version was never public: there is nothing that could have stood.")
    return None


@transaction.atomic
def judge(
    publication: Publication,
    *,
    by: User,
    version: int,
    held: bool | None,
    citations: Mapping[int, bool | None],
    note: str,
    seen: str,
) -> Verdict:
    """Record whether the claim of the version numbered `version` stood and, for each number in `citations`, whether
    what that citation reports did; the outcomes of their sources follow. `seen` is its `Case.seen`. Raises Refused.
    """
    _lock(publication.article_id)
    found = Version.objects.filter(article=publication.article_id, language=publication.language, number=version)
    if (judged := found.first()) is None:
        raise Refused(_("This language has no version %(number)d.") % {"number": version})
    if reason := judge_refusal(judged, by):
        raise Refused(reason)
    case = case_of(judged)
    if case.seen != seen:
        raise Refused(_("Something changed while you were reading. Look again, then judge."))
    if held is None:
        raise Refused(_("Say whether the claim stood."))
    numbers = [cited["number"] for cited in judged.citations]
    for number in citations.keys() - numbers:
        raise Refused(_("This version has no citation %(number)d.") % {"number": number})
    note = cleaning.plain(note)
    if not note:
        raise Refused(_("Write a note: it says why."))
    verdict = Verdict.objects.create(
        version=judged,
        approval=case.approval,
        held=held,
        occasion=case.occasion,
        correction=case.correction,
        audit=case.audit,
        weight=case.weight,
        note=note,
        citations={str(number): citations.get(number) for number in numbers},
        by=by,
    )
    _tell_of_sources(verdict)
    return verdict


def _lock(article: int) -> None:
    """What is judged and whatever its sources' records reach, in one order, as whoever changes the register does."""
    named = VersionSource.objects.filter(version__article=article).values_list("source", flat=True)
    reached = Publication.objects.relying_on(family(named)).order_by().values("pk")
    rows = Publication.objects.filter(Q(article=article) | Q(pk__in=reached)).order_by("pk")
    list(rows.select_for_update().values_list("pk"))


def _tell_of_sources(verdict: Verdict) -> None:
    """Bring the sources' outcomes that come of this article in line with its standing verdicts, the new one among
    them: of what several versions cite alike, the latest that judged it has the word.
    """
    article = verdict.version.article_id
    due: dict[tuple[int, str], verdicts.Bearing] = {}
    standing = Verdict.objects.standing().filter(version__article=article).select_related("version")
    judged = [(each, cited) for each in standing for cited in each.version.citations]
    kept = heads({cited["source"]["id"] for _each, cited in judged})
    for each, cited in judged:
        said = each.citations[str(cited["number"])]
        if bears := verdicts.bearing(Stance(cited["stance"]), said, each.weight):
            source = kept[cited["source"]["id"]]
            due[source, subject_of(article, cited, source)] = bears
    recorded = SourceOutcome.objects.counting().filter(under(subject(article)), source__in=family(kept))
    now = {(row.source_id, row.subject): verdicts.Bearing(row.held, row.weight) for row in recorded}
    reason = f"{verdict.version}: {verdict.note}"
    told = SourceOutcome.objects.bulk_create(
        SourceOutcome(source_id=source, subject=about, by=verdict.by, reason=reason, **bears._asdict())
        for source, about in sorted(now.keys() | due.keys())
        if (bears := due.get((source, about), verdicts.NOTHING)) != now.get((source, about), verdicts.NOTHING)
    )
    workflow.unsettle(family({row.source_id for row in told}))
