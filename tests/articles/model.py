"""The workflow once more, as small as it can be said: what may be done by whom, and where things stand after it."""

from dataclasses import dataclass, field

from articles.states import Move, Status

EDITORS, REVIEWERS, PUBLISHERS = {"an", "dung", "root"}, {"binh", "dung", "root", "both"}, {"chi", "root", "both"}
Rows = list[tuple[int, Status]]


@dataclass
class Version:
    words: int
    contributors: set[str]
    last_edit: int
    approved: int = 0  # the moment, by the ledger's length, and the state of the sources' records
    assessed: int = 0


@dataclass
class Language:
    """Numbers of versions; 0 is none."""

    words: int = 0
    versions: dict[int, Version] = field(default_factory=dict)
    published: list[int] = field(default_factory=list)
    in_review: int = 0
    approved: int = 0
    scheduled: int = 0
    live: int = 0
    state: str = "never"
    withdrawn: int = 0


class Model:
    def __init__(self) -> None:
        self.languages = {"vi": Language(), "en": Language()}
        self.edits: list[tuple[str, str]] = [("an", "vi"), ("an", "en")]
        self.moment = self.records = 0

    def may(self, move: Move, code: str, who: str) -> bool:
        of = self.languages[code]
        reviewed, shown = of.versions.get(of.in_review), of.versions.get(of.live)
        standing = [of.approved, of.scheduled, of.live if of.state == "live" else 0]
        since = of.state != "withdrawn" or (of.approved and of.versions[of.approved].approved > of.withdrawn)
        return bool({
            Move.SUBMIT: lambda: who in EDITORS and not of.in_review
            and of.words not in [of.versions[number].words for number in standing if number],
            Move.RECALL: lambda: who in EDITORS and of.in_review,
            Move.REQUEST_CHANGES: lambda: who in REVIEWERS and of.in_review,
            Move.APPROVE: lambda: who in REVIEWERS and reviewed and who not in reviewed.contributors,
            Move.TAKE_BACK: lambda: who in REVIEWERS and of.approved,
            Move.PUBLISH: lambda: who in PUBLISHERS and of.approved and of.state == "never",
            Move.CORRECT: lambda: who in PUBLISHERS and of.approved and of.state != "never" and since,
            Move.SCHEDULE: lambda: who in PUBLISHERS and of.approved and not of.scheduled and since,
            Move.UNSCHEDULE: lambda: who in PUBLISHERS and of.scheduled,
            Move.WITHDRAW: lambda: who in PUBLISHERS and of.state == "live",
            Move.REASSESS: lambda: who in REVIEWERS and of.state == "live" and shown
            and who not in shown.contributors and shown.assessed < self.records,
        }[move]())  # fmt: skip

    def make(self, move: Move, code: str, who: str) -> Rows:
        """Make it; what the ledger is to say."""
        of, subject = self.languages[code], 0
        self.moment += 1
        if move == Move.SUBMIT:
            base = of.versions.get(of.approved or of.live)
            edits = self.edits[base.last_edit if base else 0 :]
            people = {who} | {person for person, language in edits if language == code}
            of.in_review = len(of.versions) + 1
            of.versions[of.in_review] = Version(of.words, people, len(self.edits))
            return [(of.in_review, Status.SUBMITTED)]
        if move in (Move.RECALL, Move.REQUEST_CHANGES):
            subject, of.in_review = of.in_review, 0
            return [(subject, Status.RECALLED if move == Move.RECALL else Status.CHANGES_REQUESTED)]
        if move == Move.APPROVE:
            over = [(of.approved, Status.SUPERSEDED)] if of.approved not in (0, of.scheduled) else []
            subject, of.approved, of.in_review = of.in_review, of.in_review, 0
            of.versions[subject].approved, of.versions[subject].assessed = self.moment, self.records
            return [*over, (subject, Status.APPROVED)]
        if move == Move.TAKE_BACK:
            subject, of.approved = of.approved, 0
            of.in_review = of.in_review or subject
            return [*self._off(of, of.scheduled == subject), (subject, Status.APPROVAL_WITHDRAWN)]
        if move == Move.SCHEDULE:
            of.scheduled = of.approved
            return [(of.approved, Status.SCHEDULED)]
        if move == Move.UNSCHEDULE:
            subject = of.scheduled
            over = [(subject, Status.SUPERSEDED)] if of.approved not in (0, subject) else []
            of.approved = of.approved or subject
            return [*self._off(of, True), *over]
        if move == Move.WITHDRAW:
            of.state, of.withdrawn = "withdrawn", self.moment
            return [*self._off(of, bool(of.scheduled)), (of.live, Status.WITHDRAWN)]
        if move == Move.REASSESS:
            of.versions[of.live].assessed = self.records
            return [(of.live, Status.REASSESSED)]
        return self.goes_out(code, of.approved)

    def goes_out(self, code: str, number: int) -> Rows:
        of = self.languages[code]
        rows = [(of.live, Status.CORRECTED)] if of.live else []
        of.live, of.state, of.published = number, "live", [*of.published, number]
        of.approved = 0 if of.approved == number else of.approved
        of.scheduled = 0 if of.scheduled == number else of.scheduled
        return [*rows, (number, Status.PUBLISHED), *self._off(of, 0 < of.scheduled < number)]

    def _off(self, of: Language, gone: bool) -> Rows:
        subject = of.scheduled
        of.scheduled = 0 if gone else of.scheduled
        return [(subject, Status.UNSCHEDULED)] if gone else []
