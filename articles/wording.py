"""The sentences about confidence, from its facts, in the language of whoever reads. Words only, no rule."""

from collections.abc import Collection

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.cautions import Caution
from articles.confidence import Basis, Change, Likelihood, Prospect, Reason, Row, Stance, State, Uncounted, Workings
from articles.reading import Glance
from articles.revisions import Revision
from articles.states import Status
from sources.tiers import Tier

LIKELIHOODS: dict[Likelihood, Promise | str] = {
    Likelihood.ALMOST_CERTAIN: gettext_lazy("almost certain to hold"),
    Likelihood.VERY_LIKELY: gettext_lazy("very likely to hold"),
    Likelihood.LIKELY: gettext_lazy("likely to hold"),
    Likelihood.ABOUT_EVEN: gettext_lazy("about even"),
    Likelihood.UNLIKELY: gettext_lazy("unlikely to hold"),
    Likelihood.VERY_UNLIKELY: gettext_lazy("very unlikely to hold"),
    Likelihood.ALMOST_CERTAINLY_WRONG: gettext_lazy("almost certainly wrong"),
}

BASES: dict[Basis, Promise | str] = {
    Basis.NONE: gettext_lazy("no evidence that moves it"),
    Basis.THIN: gettext_lazy("thin evidence"),
    Basis.MODERATE: gettext_lazy("moderate evidence"),
    Basis.SOLID: gettext_lazy("solid evidence"),
}

STATES: dict[State, Promise | str] = {
    State.UNSOURCED: gettext_lazy("Unsourced"),
    State.NOT_RATED: gettext_lazy("Not rated"),
}


CAUTIONS: dict[Caution, Promise | str] = {
    Caution.SINGLE: gettext_lazy("A single source: no independent one confirms %(which)s."),
    Caution.ONE_ORIGIN: gettext_lazy("One origin behind several outlets: %(which)s."),
    Caution.NO_FIRST_HAND: gettext_lazy("Nothing at first hand supports the claim."),
    Caution.CONTRADICTED: gettext_lazy("The claim is contradicted: %(which)s."),
    Caution.DEAD: gettext_lazy("Link dead, and no archived copy: %(which)s."),
    Caution.OVERDUE: gettext_lazy("The source should have been assessed again by now: %(which)s."),
}


def likelihood_words(word: Likelihood) -> str:
    return str(LIKELIHOODS[word])


def tier(value: int | None) -> str:
    """ "Tier 1", or "not rated"."""
    return _("not rated") if value is None else _("tier %(tier)d") % {"tier": value}


def tier_meaning(value: int | None) -> str:
    return _("nobody at this desk has assessed it yet") if value is None else str(Tier(value).label)


def hand(first_hand: bool) -> str:
    return _("first-hand") if first_hand else _("second-hand")


def why_counted(row: Row) -> str:
    """ "tier 1, first-hand, not yet verified by us"."""
    facts = [tier(row.tier), hand(row.first_hand), _("verified by us") if row.verified else _("not yet verified by us")]
    if not row.reachable:
        facts.append(_("no longer open to readers"))
    if row.held or row.failed:
        facts.append(
            _("%(held)s of %(all)s checked claims held")
            % {"held": count(row.held), "all": count(row.held + row.failed)}
        )
    if row.stance == Stance.CONTRADICTS:
        facts.insert(0, _("contradicts the claim"))
    return ", ".join(facts)


def why_uncounted(left: Uncounted) -> str:
    match left.reason:
        case Reason.REPEATS:
            return _("repeats the same origin: adds nothing to source %(number)d") % {"number": left.repeats}
        case Reason.CONTEXT:
            return _("gives context and takes no side")
        case Reason.RETRACTED:
            return _("was withdrawn by its source")


def caution(kind: Caution, numbers: Collection[int]) -> str:
    """ "Contradicted: [2], [3]."."""
    return str(CAUTIONS[kind]) % {"which": ", ".join(f"[{number}]" for number in numbers)}


def moved(was: int | None, now: int | None) -> str:
    """ "Confidence 58 → 70%"; nothing where it is the same."""
    if was == now:
        return ""
    if now is None:
        return _("Confidence: no number any more")
    if was is None:
        return _("Confidence %(now)d%%") % {"now": now}
    return _("Confidence %(was)d → %(now)d%%") % {"was": was, "now": now}


def shown(glance: Glance) -> str:
    """ "58%, likely to hold", "Unsourced", or that there is no number."""
    if glance.percent is not None and glance.likelihood:
        return f"{glance.percent}%, {LIKELIHOODS[glance.likelihood]}"
    return str(STATES[glance.state]) if glance.state in STATES else _("no number for this kind of article")


def what_happened(revision: Revision) -> str:
    """What readers are told of a revision, before its note: "First publication.", "Correction."."""
    match revision.step.status:
        case Status.REASSESSED:
            return _("Confidence assessed again, the words unchanged.")
        case Status.WITHDRAWN:
            return _("Withdrawn.")
    if revision.before is None or revision.step.kind is None:
        return _("First publication.")
    kind = capfirst(str(revision.step.kind.label))
    return _("Published again after the withdrawal. %(kind)s.") % {"kind": kind} if revision.again else f"{kind}."


def confidence_then(revision: Revision) -> str:
    """ "Confidence: 58%, likely to hold → 83%, very likely to hold"; nothing where none of it is told."""
    if revision.step.shown is None:
        return ""
    before = revision.before.shown if revision.before else None
    now, was = shown(revision.step.shown), before and shown(before)
    if was is None:
        return _("Confidence: %(now)s") % {"now": now}
    if was == now:
        return _("Confidence as before: %(now)s") % {"now": now}
    return _("Confidence: %(was)s → %(now)s") % {"was": was, "now": now}


def what_would_change(prospect: Prospect) -> str:
    """A half sentence that follows the per cent: "… if we verify source 1"."""
    match prospect.change:
        case Change.VERIFY:
            return _("if we verify source %(number)d") % {"number": prospect.number}
        case Change.CONFIRM:
            return _("if an independent tier 1 source confirms it")
        case Change.CONTRADICT:
            return _("if an independent tier 1 source contradicts it")


def meaning(workings: Workings) -> str:
    """What the badge says, in one sentence."""
    match workings.state:
        case State.UNSOURCED:
            return _("No source is cited for or against the claim, so there is no number.")
        case State.NOT_RATED:
            return _("None of the sources has been assessed by this desk yet, so there is no number.")
        case State.RATED:
            return _(
                "We put the chance that this claim will stand, without a substantive correction, at %(percent)d%%."
            ) % {"percent": workings.percent}


def voices(count: int) -> str:
    return ngettext("%(count)d independent source", "%(count)d independent sources", count) % {"count": count}


def count(weight: float) -> str:
    """A count, weighted or not, as the language writes numbers: 3, 1.5 or 1,5, 1,234 or 1.234."""
    return number_format(f"{weight:.4f}".rstrip("0").rstrip("."), force_grouping=True)
