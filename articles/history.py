"""The history of one language of an article for readers: every version that was ever public, and each as it was.

It asks for what readers saw alone: drafts, reviews that came to nothing and notes of the desk are in none of it. Of
what was withdrawn no word is handed out, nor of what was public before that, whatever was published since. Queries
and facts; no markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from articles import comparing, record, revisions
from articles.comparing import Comparison
from articles.kinds import SUBSTANCE, CorrectionKind
from articles.models import Publication, ReviewStatus, Version
from articles.reading import Notice, Reading, Review, reading
from articles.revisions import Revision
from articles.states import Status

LENGTH = 20  # revisions on a page
FIELDS = (
    "headline",
    "summary",
    "claim",
    "kind",
    "category",
    "byline",
    "machine",
    "translator",
    "citations",
    "pictures",
)


class Gone(Exception):
    """A version that was public, and whose words were withdrawn: `notice` tells readers why."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice.note)
        self.notice = notice


@dataclass(frozen=True, slots=True)
class Entry:
    revision: Revision
    comparison: Comparison | None  # of the words before and after, where both may be shown


@dataclass(frozen=True, slots=True)
class Run:
    """Entries that follow each other; those of spelling alone are told together."""

    spelling: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Edition:
    """One version that was public: as it was when `published`, the revision that it was, and since when another is in
    its place (None: it is live).
    """

    reading: Reading
    entry: Entry
    published: datetime
    until: datetime | None
    version: Version
    approval: ReviewStatus

    def record(self) -> dict[str, object]:
        """All that a stranger needs to compute its digest and its number anew."""
        return record.of_version(self.version, self.approval, published=self.published, until=self.until)


def page(publication: Publication, before: int | None = None) -> tuple[list[Run], int | None]:
    """LENGTH revisions, the newest first or those before this row of the ledger; and the row that the next page is to
    go on from, None where there is nothing older. Two queries.
    """
    rows = ReviewStatus.objects.told(publication)
    found = list((rows if before is None else rows.filter(pk__lt=before))[: LENGTH + 1])
    entries = _entries(found)[:LENGTH]
    by_row = {each.revision.step.row: each for each in entries}
    runs = revisions.runs([each.revision for each in entries])
    older = found[LENGTH - 1].pk if len(found) > LENGTH else None
    return [Run(run.spelling, [by_row[each.step.row] for each in run.revisions]) for run in runs], older


def edition(publication: Publication, number: int) -> Edition | None:
    """The version of this number, if it was ever public; None where it was not. Two queries. Raises Gone where its
    words were withdrawn.
    """
    rows = list(ReviewStatus.objects.told(publication))
    numbers = [row.version.number if row.status == Status.PUBLISHED else 0 for row in rows]
    if number not in numbers or number == 0:
        return None
    place = numbers.index(number)
    if rows[place].gone:  # type: ignore[attr-defined]
        raise Gone(next(row.correction.notice() for row in reversed(rows[:place]) if row.status == Status.WITHDRAWN))
    here = rows[place : place + 2]
    rated = _rated(here)
    entry, approval = _entries(here, rated)[0], rated[here[0].pk]
    notices = tuple(_notices(rows[place:]))
    substance = [notice.at for notice in notices if notice.kind in SUBSTANCE]
    version, first = approval.version, publication.first_published
    assert approval.confidence is not None
    shown = reading(
        version.content(),
        approval.confidence,
        number=version.number,
        digest=version.digest,
        review=approval.review(),
        published=first,
        updated=substance[0] if substance else first,
        notices=notices,
        category_id=version.category_id,
    )
    until = next((row.at for row in reversed(rows[:place]) if row.status != Status.REASSESSED), None)
    return Edition(shown, entry, here[0].at, until, version, approval)


def _notices(rows: Sequence[ReviewStatus]) -> "list[Notice]":
    """What readers had been told by the first of these rows."""
    told = ((row, getattr(row, "correction", None)) for row in rows)
    return [
        change.notice()
        for row, change in told
        if change and (not row.gone or row.status == Status.WITHDRAWN)  # type: ignore[attr-defined]
    ]


def _entries(rows: Sequence[ReviewStatus], rated: dict[int, ReviewStatus] | None = None) -> list[Entry]:
    """One for each row, the newest first; the last as if there was none before it."""
    rated = _rated(rows) if rated is None else rated
    steps = [revisions.withheld(_step(row, rated.get(row.pk))) for row in rows]
    return [Entry(each, _compared(each, rated)) for each in revisions.revisions(steps)]


def _rated(rows: Sequence[ReviewStatus]) -> dict[int, ReviewStatus]:
    """For each of these rows that has one, the row with its confidence and its version: of what was published the
    approval, of what was assessed again itself. One query.
    """
    found = list(ReviewStatus.objects.rating(rows))
    approvals = {row.version_id: row for row in found if row.status == Status.APPROVED}
    again = {row.pk: row for row in found if row.status == Status.REASSESSED}
    return again | {row.pk: approvals[row.version_id] for row in rows if row.status == Status.PUBLISHED}


def _step(row: ReviewStatus, rated: ReviewStatus | None) -> revisions.Step:
    change, review = getattr(row, "correction", None), None
    if rated is not None:
        review = rated.review()
        if review.reassessed:
            review = Review(review.reassessed.by, review.reassessed.at, rated.self_review, "")
    return revisions.Step(
        row=row.pk,
        status=Status(row.status),
        number=row.version.number,
        at=row.at,
        digest=row.digest,
        kind=CorrectionKind(change.kind) if change else None,
        note=change.note if change else row.note,
        review=review,
        shown=rated.glance(rated.version.kind) if rated else None,
        gone=row.gone,  # type: ignore[attr-defined]
    )


def _compared(revision: Revision, rated: dict[int, ReviewStatus]) -> Comparison | None:
    if not revision.compares or revision.before is None:
        return None
    old, new = rated[revision.before.row].version, rated[revision.step.row].version
    by_default = old.claim == old.headline and new.claim == new.headline  # then it was no change of its own
    return comparing.compared(old, new, only=[name for name in FIELDS if name != "claim" or not by_default])
