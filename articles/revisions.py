"""What readers are told of the life of a public text, revision by revision: the judgement, on plain values. Pure.

A step is a line of the ledger that readers saw the effect of: a version published, its confidence assessed again, the
text withdrawn. A revision is a step beside the one before it. Which rows these are is `history`'s, how they are worded
`wording`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, zip_longest

from .kinds import CorrectionKind
from .reading import Glance, Review
from .states import Status

STEPS = (Status.PUBLISHED, Status.REASSESSED, Status.WITHDRAWN)  # all that readers ever saw the effect of


@dataclass(frozen=True, slots=True)
class Step:
    """`number` and `digest` are the version's; `kind` and `note` are what readers were told, no kind where it was no
    change of a text; `review` is by whoever agreed to it; `shown` is what its badges said from then on. `gone`: the
    text was withdrawn then or later, so that none of its words is served.
    """

    row: int
    status: Status
    number: int
    at: datetime
    digest: str
    kind: CorrectionKind | None
    note: str
    review: Review | None
    shown: Glance | None
    gone: bool


@dataclass(frozen=True, slots=True)
class Revision:
    step: Step
    before: Step | None  # None: nothing was public before

    @property
    def again(self) -> bool:
        """Whether the text came back with it after a withdrawal."""
        return self.before is not None and self.before.status == Status.WITHDRAWN

    @property
    def compares(self) -> bool:
        """Whether there are words before and after that may both be shown."""
        published = self.step.status == Status.PUBLISHED and self.before is not None
        return published and not self.again and not self.step.gone

    @property
    def moved(self) -> bool:
        """Whether the badges said something else before, and both may be told."""
        known = self.before is not None and self.before.shown is not None and self.step.shown is not None
        return known and self.before is not None and self.before.shown != self.step.shown

    @property
    def spelling(self) -> bool:
        """Whether it was of spelling alone: told as one, and no badge says anything else since."""
        return self.step.kind == CorrectionKind.TYPO and not self.again and not self.moved


@dataclass(frozen=True, slots=True)
class Run:
    """Revisions that follow each other; those of spelling alone are told together."""

    spelling: bool
    revisions: list[Revision]


def withheld(step: Step) -> Step:
    """The step without anything that could repeat or judge what was withdrawn; why it was withdrawn stays."""
    if not step.gone:
        return step
    note = step.note if step.status == Status.WITHDRAWN else ""
    review = step.review and replace(step.review, note="")
    return replace(step, note=note, review=review, shown=None)


def revisions(steps: Sequence[Step]) -> list[Revision]:
    """Each of `steps`, the newest first, beside the one before it; the last has none."""
    return [Revision(step, before) for step, before in zip_longest(steps, steps[1:])]


def runs(found: Sequence[Revision]) -> list[Run]:
    """The same revisions in the same order."""
    return [Run(spelling, list(group)) for spelling, group in groupby(found, key=lambda each: each.spelling)]
