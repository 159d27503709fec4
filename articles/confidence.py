"""How likely an article's claim is to stand: arithmetic on its citations that anyone can redo with a pencil.

Here: the constants, as one versioned `Policy`, and `assess`, which turns citations into a number and its
workings. Not here: the record of one source (`sources.reliability`); which citations an article has and who
verified them (models); which kinds of article show no number, and what one below the floor forbids
(`workflow`); the sentences people read (templates). Pure: no query, no clock, no settings, no language.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import EnumType, StrEnum, auto
from functools import cache
from itertools import pairwise
from math import floor, fsum, inf, log, tanh
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self, get_args, get_origin, get_type_hints

from sources.reliability import Beta, posterior

PLACES: Final = 12  # of log-odds: more than a pencil's, too few for the logarithms of two machines to differ in


class Stance(StrEnum):
    """Where a citation stands towards the claim."""

    SUPPORTS, CONTRADICTS, CONTEXT = auto(), auto(), auto()


class State(StrEnum):
    """Whether there is a number: none where nothing counts, none where nothing that counts has a tier."""

    RATED, UNSOURCED, NOT_RATED = auto(), auto(), auto()


class Basis(StrEnum):
    """How much evidence there is; stands beside the number, never mixed into it."""

    NONE, THIN, MODERATE, SOLID = auto(), auto(), auto(), auto()


class Reason(StrEnum):
    """Why a citation counts nothing; REPEATS: its voice counts on that side already, by a stronger one."""

    REPEATS, CONTEXT, RETRACTED = auto(), auto(), auto()


class Change(StrEnum):
    """What would move the number: a citation verified; one more tier 1 voice, first-hand, for or against."""

    VERIFY, CONFIRM, CONTRADICT = auto(), auto(), auto()


class Likelihood(StrEnum):
    """The words for a per cent, from the most likely down (after ICD 203)."""

    ALMOST_CERTAIN, VERY_LIKELY, LIKELY, ABOUT_EVEN = auto(), auto(), auto(), auto()
    UNLIKELY, VERY_UNLIKELY, ALMOST_CERTAINLY_WRONG = auto(), auto(), auto()


def likelihood(percent: int) -> Likelihood:
    """The word for a shown per cent; ValueError outside 1 … 99."""
    if not 1 <= percent <= 99:
        raise ValueError(f"a shown per cent lies within 1 … 99, not {percent}")
    least = (95, 80, 55, 45, 20, 5, 1)
    return next(word for word, bound in zip(Likelihood, least, strict=True) if percent >= bound)


@dataclass(frozen=True, slots=True)
class Policy:
    """Every constant of the method; ValueError on any that would break what the method promises."""

    version: str = "2026.1"
    start: float = 1 / 3  # the chance of a claim before any source
    means: tuple[float, ...] = (5 / 6, 4 / 6, 3 / 6, 2 / 6)  # of tiers 1, 2, 3, 4 before any outcome
    worth: float = 12.0  # of each of these priors, in outcomes
    unverified: float = 1 / 2  # the part of the way kept if no reviewer has verified the citation,
    second_hand: float = 1 / 2  # if its source is second-hand,
    unreachable: float = 1 / 2  # and if readers can no longer open it
    successive: float = 1 / 2  # what each further voice counts of the one before
    unrated_tier: int = 4  # as which a source without a tier counts
    tail: float = 0.10  # the range lies between this percentile and its mirror image
    floor: int = 45  # per cent; below it approval needs a public note
    lowest: int = 1  # per cent ever shown
    highest: int = 99
    log_odds: float = field(init=False, repr=False)  # of the start

    def __post_init__(self) -> None:
        parts = (self.unverified, self.second_hand, self.unreachable, self.successive)
        sound = {
            "a start within 1 … 99 %": 0.01 <= self.start <= 0.99,
            "no tier above a better one": all(upper >= lower for upper, lower in pairwise(self.means)),
            # With the next: whatever the outcomes, a record's mean lies between its percentiles, and those below 1.
            "an outcome each way in a prior": all(1 <= m * self.worth <= self.worth - 1 < inf for m in self.means),
            "a tail within 0.01 … 0.25": 0.01 <= self.tail <= 0.25,
            "parts within 0 … 1": all(0 <= part <= 1 for part in parts),
            "the unrated as one of its tiers": 1 <= self.unrated_tier <= len(self.means),
            "a floor and bounds within 1 … 99": 1 <= self.lowest <= self.floor <= self.highest <= 99,
        }
        if missing := [rule for rule, holds in sound.items() if not holds]:
            raise ValueError(f"policy {self.version} needs {', '.join(missing)}")
        object.__setattr__(self, "log_odds", round(log(self.start / (1 - self.start)), PLACES))

    def as_json(self) -> dict[str, Any]:
        """Every constant, fractions as their shortest exact text."""
        plain: dict[str, Any] = _plain(type(self), self)
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        """The policy that `as_json` wrote down; KeyError, TypeError or ValueError if it did not."""
        hints, given = _hints(Policy), [each.name for each in fields(cls) if each.init]
        return cls(**{name: _restored(hints[name], plain[name]) for name in given})

    def record(self, tier: int | None, held: float, failed: float) -> Beta:
        """How often such a source's reports stand; ValueError on an unknown tier or a negative count."""
        rank = self.unrated_tier if tier is None else tier
        if not 1 <= rank <= len(self.means):
            raise ValueError(f"policy {self.version} has tiers 1 … {len(self.means)}, not {tier}")
        return posterior(self.means[rank - 1], self.worth, held, failed)

    def kept(self, *, first_hand: bool, verified: bool, reachable: bool) -> float:
        """The part of the way towards its source's record that a citation moves the number, 0 … 1."""
        part = 1.0 if verified else self.unverified
        part *= 1.0 if first_hand else self.second_hand
        return part * (1.0 if reachable else self.unreachable)

    def reach(self, reliability: float, kept: float) -> float:
        """The probability that a citation reaches by itself."""
        return self.start + max(0.0, reliability - self.start) * kept

    def weight(self, reach: float) -> float:
        """What a citation of this reach is worth by itself, in log-odds, 0 or more."""
        return max(0.0, round(log(reach / (1 - reach) * (1 - self.start) / self.start), PLACES))

    def shown(self, log_odds: float) -> int:
        """The whole per cent, half up as on paper (nine decimals decide what is a half), held in bounds."""
        percent = floor(round(50 * (1 + tanh(log_odds / 2)), 9) + 0.5)
        return min(max(percent, self.lowest), self.highest)


POLICY: Final = Policy()
POLICIES: Final[Mapping[str, Policy]] = MappingProxyType({POLICY.version: POLICY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One citation as the arithmetic sees it. Raises ValueError if it has no number, voice or stance."""

    number: int  # its place in the article, from 1
    voice: str  # who really speaks: the top owner of its origin if it names one, else of its source
    stance: Stance
    tier: int | None  # of its source; None: not rated
    held: float  # weighted outcomes of its source
    failed: float
    first_hand: bool
    verified: bool
    reachable: bool  # False: readers can no longer open it and no archived copy exists
    retracted: bool = False  # its source withdrew it

    def __post_init__(self) -> None:
        if self.number < 1 or not self.voice or not isinstance(self.stance, Stance):
            raise ValueError(f"no citation: number {self.number}, voice {self.voice!r}, stance {self.stance!r}")

    def as_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = _plain(type(self), self)
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        """What `as_json` wrote down; KeyError or ValueError if it did not."""
        evidence: Self = _restored(cls, plain)
        return evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Evidence):
    """A counted citation and what it did. Still evidence: the rows alone, assessed, give the same rows."""

    record: float  # the mean of its source's record
    kept: float  # the part of the way it moves
    reach: float  # the probability it reaches by itself
    weight: float  # log-odds by itself, 0 or more
    share: float  # of its weight, by its place on its side: 1, 1/2, 1/4 and so on
    log_odds: float  # what it adds: its share of its weight, negative if it contradicts
    points: int  # what it adds to the shown per cent in its turn; 0 where none is shown


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A citation that counts nothing; `repeats` is the number of the one that counts in its stead."""

    number: int
    reason: Reason
    repeats: int | None


@dataclass(frozen=True, slots=True)
class Prospect:
    """A change and the per cent it would lead to; `number` is of the citation to verify."""

    change: Change
    number: int | None
    percent: int


@dataclass(frozen=True, slots=True)
class Workings:
    """The number and all that led to it, as an approval stores it.

    `start_log_odds` and the rows' log-odds add up (`math.fsum`) to `log_odds`; if rated, `start_percent` and the
    rows' points to `percent`. If not, there is no per cent, range or prospect.
    """

    policy: str  # its version
    state: State
    percent: int | None
    low: int | None  # the range, in shown per cent
    high: int | None
    basis: Basis
    log_odds: float
    start_log_odds: float
    start_percent: int
    rows: tuple[Row, ...]  # supporting, strongest first; then contradicting, strongest first
    uncounted: tuple[Uncounted, ...]  # by number
    prospects: tuple[Prospect, ...]  # those that change it: verify, in the rows' order; confirm; contradict
    voices: int  # independent ones that count in support
    best_tier: int | None  # of a supporting row; None if none has a tier

    def as_json(self) -> dict[str, Any]:
        """Plain values, floats as their shortest exact text: can be hashed, and comes back whole from jsonb."""
        plain: dict[str, Any] = _plain(type(self), self)
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        """The workings that `as_json` wrote down; KeyError or ValueError if it did not."""
        workings: Self = _restored(cls, plain)
        return workings


def assess(evidence: Iterable[Evidence], policy: Policy = POLICY) -> Workings:
    """The workings of one article's citations, in whatever order they come.

    Raises ValueError if two share a number, on a tier the policy does not have, and on a negative count.
    """
    counted, uncounted = _counted(list(evidence), policy)
    rated = any(each.evidence.tier is not None for each in counted)
    rows = _rows(counted, policy, rated=rated)
    log_odds = fsum([policy.log_odds, *(row.log_odds for row in rows)])
    percent = policy.shown(log_odds) if rated else None
    supporting = [row for row in rows if row.stance is Stance.SUPPORTS]
    return Workings(
        policy=policy.version,
        state=State.RATED if rated else State.NOT_RATED if rows else State.UNSOURCED,
        percent=percent,
        low=_percent_at(policy.tail, 1 - policy.tail, counted, policy) if rated else None,
        high=_percent_at(1 - policy.tail, policy.tail, counted, policy) if rated else None,
        basis=_basis([row for row in supporting if row.weight > 0]),
        log_odds=log_odds,
        start_log_odds=policy.log_odds,
        start_percent=policy.shown(policy.log_odds),
        rows=rows,
        uncounted=uncounted,
        prospects=tuple(each for each in _prospects(counted, policy) if each.percent != percent) if rated else (),
        voices=len(supporting),
        best_tier=min((row.tier for row in supporting if row.tier is not None), default=None),
    )


class _Weighed(NamedTuple):
    """A citation and what it would do by itself."""

    evidence: Evidence
    record: Beta
    kept: float
    reach: float
    weight: float

    def order(self) -> tuple[object, ...]:
        """Supports first, strongest first; equals by what they are (rated first), at the very last by number."""
        e = self.evidence
        merits = (e.tier is None, e.tier, not e.first_hand, not e.verified, not e.reachable, -e.held, e.failed)
        return e.stance is Stance.CONTRADICTS, -self.weight, *merits, e.voice, e.number

    def signed(self, weight: float) -> float:
        """A weight with the sign of this citation's side."""
        return weight if self.evidence.stance is Stance.SUPPORTS else 0.0 - weight


def _weighed(e: Evidence, policy: Policy) -> _Weighed:
    """The citation `e` under this policy."""
    record = policy.record(e.tier, e.held, e.failed)
    kept = policy.kept(first_hand=e.first_hand, verified=e.verified, reachable=e.reachable)
    reach = policy.reach(record.mean, kept)
    return _Weighed(e, record, kept, reach, policy.weight(reach))


def _counted(evidence: list[Evidence], policy: Policy) -> tuple[list[_Weighed], tuple[Uncounted, ...]]:
    """The strongest citation of each voice on each side, in the order of the rows; the others, by number."""
    if len({e.number for e in evidence}) < len(evidence):
        raise ValueError("two citations have the same number")
    counted: dict[tuple[Stance, str], _Weighed] = {}
    uncounted = []
    for each in sorted((_weighed(e, policy) for e in evidence), key=_Weighed.order):
        e = each.evidence
        if e.retracted:
            uncounted.append(Uncounted(e.number, Reason.RETRACTED, None))
        elif e.stance is Stance.CONTEXT:
            uncounted.append(Uncounted(e.number, Reason.CONTEXT, None))
        elif (strongest := counted.setdefault((e.stance, e.voice), each)) is not each:
            uncounted.append(Uncounted(e.number, Reason.REPEATS, strongest.evidence.number))
    return list(counted.values()), tuple(sorted(uncounted, key=lambda left: left.number))


def _rows(counted: list[_Weighed], policy: Policy, *, rated: bool) -> tuple[Row, ...]:
    """What each did, its points being the difference of the per cents shown before it and after it."""
    rows = []
    shares = dict.fromkeys(Stance, 1.0)
    terms, after = [policy.log_odds], policy.shown(policy.log_odds)
    for each in counted:
        share = shares[each.evidence.stance]
        shares[each.evidence.stance] *= policy.successive
        terms.append(each.signed(each.weight * share))
        before, after = after, policy.shown(fsum(terms))
        row = Row(
            **{fact: getattr(each.evidence, fact) for fact in Evidence.__slots__},
            record=each.record.mean,
            kept=each.kept,
            reach=each.reach,
            weight=each.weight,
            share=share,
            log_odds=terms[-1],
            points=after - before if rated else 0,
        )
        rows.append(row)
    return tuple(rows)


def _percent(signed: list[float], policy: Policy) -> int:
    """The shown per cent of voices of these weights, in any order; a weight below 0 contradicts."""
    shares = {True: 1.0, False: 1.0}
    terms = [policy.log_odds]
    for weight in sorted(signed, key=abs, reverse=True):
        supports = weight > 0
        terms.append(weight * shares[supports])
        shares[supports] *= policy.successive
    return policy.shown(fsum(terms))


def _percent_at(supporting: float, contradicting: float, counted: list[_Weighed], policy: Policy) -> int:
    """The per cent were the sources' true reliability at these quantiles of their records."""
    at = {Stance.SUPPORTS: supporting, Stance.CONTRADICTS: contradicting}
    signed = []
    for each in counted:
        reach = policy.reach(each.record.quantile(at[each.evidence.stance]), each.kept)
        signed.append(each.signed(policy.weight(reach)))
    return _percent(signed, policy)


def _prospects(counted: list[_Weighed], policy: Policy) -> Iterator[Prospect]:
    """What each change that could come next would make of the per cent."""
    signed = [each.signed(each.weight) for each in counted]
    for place, each in enumerate(counted):
        e = each.evidence
        if not e.verified:
            kept = policy.kept(first_hand=e.first_hand, verified=True, reachable=e.reachable)
            verified = each.signed(policy.weight(policy.reach(each.record.mean, kept)))
            percent = _percent([*signed[:place], verified, *signed[place + 1 :]], policy)
            yield Prospect(Change.VERIFY, e.number, percent)
    kept = policy.kept(first_hand=True, verified=False, reachable=True)
    newcomer = policy.weight(policy.reach(policy.record(1, 0.0, 0.0).mean, kept))
    yield Prospect(Change.CONFIRM, None, _percent([*signed, newcomer], policy))
    yield Prospect(Change.CONTRADICT, None, _percent([*signed, -newcomer], policy))


def _basis(voices: list[Row]) -> Basis:
    """How much evidence these supporting voices are, each of a weight above 0."""
    if len(voices) < 2:
        return Basis.THIN if voices else Basis.NONE
    solid = len(voices) > 2 and any(voice.first_hand and voice.verified for voice in voices)
    return Basis.SOLID if solid else Basis.MODERATE


_hints = cache(get_type_hints)  # of a data class: its fields and their types, in order


def _plain(kind: Any, value: Any) -> Any:
    """A value of this type for JSON: data classes as objects, tuples as lists, members and floats as text."""
    return _writer(kind)(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """How values of this type are written, found once for each type."""
    if kind is float:
        return lambda value: repr(value + 0.0)  # a whole number is written as a float, and zero without a sign
    if get_origin(kind) is tuple:
        each = _writer(get_args(kind)[0])
        return lambda value: [each(item) for item in value]
    if hasattr(kind, "__dataclass_fields__"):
        writers = [(name, _writer(hint)) for name, hint in _hints(kind).items()]
        return lambda value: {name: write(getattr(value, name)) for name, write in writers}
    return str if isinstance(kind, EnumType) else lambda value: value


def _restored(kind: Any, plain: Any) -> Any:
    """The value of this type that `_plain` was given."""
    if isinstance(plain, list):
        return tuple(_restored(get_args(kind)[0], each) for each in plain)
    if isinstance(plain, dict):
        return kind(**{name: _restored(hint, plain[name]) for name, hint in _hints(kind).items()})
    return kind(plain) if kind is float or isinstance(kind, EnumType) else plain
