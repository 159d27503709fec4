"""Many articles at once, each through all its moves: for a desk that is filled to be measured.

A batch is one transaction: whole, or not at all. Its rows are built by what the moves build theirs by (freezing,
assessing, the ledger, the index), in the order of the moves, and hold what the moves would have written; only the
writing is done together, and the lookups, which the rows themselves answer here. Who is told of a move is not told of
these.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, count
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connections, models, router, transaction
from django.utils.functional import cached_property

from articles import cleaning, searching
from articles.assessing import Grounds, grounds
from articles.contributing import named, wrote
from articles.freezing import frozen
from articles.kinds import CorrectionKind
from articles.models import (
    Address,
    Article,
    Author,
    Citation,
    Correction,
    Edit,
    Link,
    Publication,
    ReviewStatus,
    Verification,
    Version,
)
from articles.models.review import Head
from articles.models.verification import content_hash
from articles.refusing import Refused, note_needed, unfit
from articles.states import LiveState, Move, Status
from articles.workflow import went_live


@dataclass(frozen=True, slots=True)
class People:
    """Whose step each move is. Who edits is in no byline, so that nobody reviews their own words."""

    editor: User
    reviewer: User
    publisher: User


class Step(NamedTuple):
    """A move in one language; or, without one, an edit: `words` by the names of the working copy's fields. `note` of an
    approval is given where one is needed.
    """

    at: datetime
    move: Move | None
    language: str = ""
    words: Mapping[str, str] = {}
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """An unsaved article with its unsaved citations, and what is done with it. `authors` have no account. `checked`:
    what a reviewer says of the citations of these numbers before the first approval.
    """

    article: Article
    authors: Sequence[Author]
    citations: Sequence[Citation]
    checked: Mapping[int, str]
    at: datetime
    steps: Sequence[Step]


@transaction.atomic
def load(stories: Sequence[Story], people: People) -> None:
    """All of these, or none. Raises Refused on words that could not be reviewed; IntegrityError where somebody else
    writes at the same moment.
    """
    batch = _Batch(people, ReviewStatus.objects.head())
    for story in stories:
        batch.write(story)
    latest: dict[int, dict[str, Verification]] = {story.article.pk: {} for story in stories}
    sources = {
        story.article.pk: {pk for each in story.citations for pk in (each.source_id, each.origin_id) if pk}
        for story in stories
    }
    urls = {each.url for each in batch.citations if not each.archive_url}
    found = grounds(sources, urls, latest)
    for story in stories:
        _Told(story, batch, found, latest[story.article.pk]).through()
    batch.save()


def _numbers(model: type[models.Model]) -> Iterator[int]:
    """The keys that the next rows of this table are given."""
    return count((model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1)


@dataclass(slots=True)
class _Batch:
    """The rows to be written, in their order."""

    people: People
    head: Head | ReviewStatus | None
    articles: list[Article] = field(default_factory=list)
    bylines: list[Any] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    ledger: list[ReviewStatus] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    numbers: dict[type[models.Model], Iterator[int]] = field(default_factory=dict)

    def number(self, model: type[models.Model]) -> int:
        if model not in self.numbers:
            self.numbers[model] = _numbers(model)
        return next(self.numbers[model])

    def write(self, story: Story) -> None:
        """The working copy, as an editor would save it for the first time."""
        article = story.article
        article.pk, article.last_key = self.number(Article), len(story.citations)
        article.complete()
        self.articles.append(article)
        byline = Article.authors.through
        self.bylines += [byline(article=article, author=author) for author in story.authors]
        for key, citation in enumerate(story.citations, 1):
            citation.article, citation.key, citation.position = article, key, key
            citation.complete()
            self.citations.append(citation)

    def save(self) -> None:
        """By each model's own door for many rows, what is referred to before what refers to it."""
        doors: list[tuple[Any, list[Any]]] = [
            (Article._base_manager, self.articles),
            (Article.authors.through.objects, self.bylines),
            (Edit.objects, self.edits),
            (Citation._base_manager, self.citations),
            (Version.objects, self.versions),
            (Address.objects, self.addresses),
            (Verification.objects, self.verifications),
            (ReviewStatus.objects, self.ledger),
            (Publication.objects, self.publications),
            (Correction.objects, self.corrections),
        ]
        for door, rows in doors:
            door.bulk_create(rows)
        Link.objects.keep({citation.url for citation in self.citations})
        searching.add([row for row in self.publications if row.state == LiveState.LIVE])
        connection = connections[router.db_for_write(Article)]
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(self.numbers)):
                cursor.execute(sql)


class _Told:
    """A story while it is told: where its languages stand after each step."""

    def __init__(self, story: Story, batch: _Batch, found: Grounds, latest: dict[str, Verification]) -> None:
        self.story, self.batch, self.grounds, self.latest = story, batch, found, latest
        self.article, self.people = story.article, batch.people
        self.languages: dict[str, Publication] = {}
        self.numbers: dict[str, int] = {}
        self.approvals: dict[int, ReviewStatus] = {}

    @cached_property
    def contributors(self) -> list[dict[str, Any]]:
        return named([self.people.editor])

    def through(self) -> None:
        edits = self.article.changes(None)
        shared = [
            ["authors"] if self.story.authors else [],
            *([f"citation {each.key}"] for each in self.story.citations),
        ]
        self.edited(chain(edits, ((Edit.SHARED, fields) for fields in shared)), self.story.at)
        for step in self.story.steps:
            match step.move:
                case None:
                    self.edit(step)
                case Move.SUBMIT:
                    self.submit(step)
                case Move.APPROVE:
                    self.approve(step)
                case Move.PUBLISH | Move.CORRECT:
                    self.go_live(step)
                case Move.WITHDRAW:
                    self.withdraw(step)
                case _:
                    raise NotImplementedError(step.move)

    def edited(self, changes: Iterable[tuple[str, list[str]]], at: datetime) -> None:
        for language, fields in changes:
            if fields:
                self.last_edit = Edit(
                    pk=self.batch.number(Edit),
                    article=self.article,
                    language=language,
                    fields=fields,
                    by=self.people.editor,
                    at=at,
                )
                self.batch.edits.append(self.last_edit)

    def edit(self, step: Step) -> None:
        before = copy(self.article)
        for name, text in step.words.items():
            setattr(self.article, name, text)
        self.article.complete()
        self.edited(self.article.changes(before), step.at)

    def submit(self, step: Step) -> None:
        found = frozen(self.article, step.language, self.story.citations, self.story.authors)
        if reason := unfit(found):
            raise Refused(reason)
        version = found.version
        version.pk, version.number = self.batch.number(Version), self.numbers.get(step.language, 0) + 1
        self.numbers[step.language] = version.number
        version.contributors = self.contributors
        others = [row for code, row in self.languages.items() if code != step.language]
        settled = [row.live or row.approved for row in others if row.state != LiveState.WITHDRAWN]
        version.made_from = max(filter(None, settled), key=lambda each: each.pk, default=None)
        version.last_edit, version.frozen_by, version.frozen_at = self.last_edit, self.people.editor, step.at
        self.batch.versions.append(version)
        if step.language not in self.languages:
            row = Publication(pk=self.batch.number(Publication), article=self.article, language=step.language)
            self.languages[step.language] = row
            self.batch.publications.append(row)
        if version.number == 1:
            self.batch.addresses.append(Address(language=version.language, slug=version.slug, article=self.article))
        self.record(Status.SUBMITTED, version, step, by=self.people.editor)
        self.place(step, in_review=version)

    def approve(self, step: Step) -> None:
        version = self.languages[step.language].in_review
        assert version is not None
        reviewer = self.people.reviewer
        for cited in version.citations:
            content = content_hash(cited)
            if cited["number"] in self.story.checked and content not in self.latest:
                self.latest[content] = Verification(
                    pk=self.batch.number(Verification),
                    article=self.article,
                    content=content,
                    checked=cleaning.line(self.story.checked[cited["number"]]),
                    by=reviewer,
                    at=step.at,
                )
                self.batch.verifications.append(self.latest[content])
        assessment = self.grounds.assess(version)
        self.approvals[version.pk] = self.record(
            Status.APPROVED,
            version,
            step if note_needed(version, assessment) else step._replace(note=""),
            by=reviewer,
            confidence=assessment.kept(reviewer),
            self_review=wrote(version, reviewer),
        )
        self.place(step, in_review=None, approved=version)

    def go_live(self, step: Step) -> None:
        publication = self.languages[step.language]
        version, before = publication.approved, publication.live
        assert version is not None
        by, kind = self.people.publisher, step.kind
        if kind and before:
            self.record(Status.CORRECTED, before, step, by=by)
        row = self.record(Status.PUBLISHED, version, step, by=by)
        if kind and before:
            self.batch.corrections.append(
                Correction(
                    publication=publication,
                    from_version=before,
                    to_version=version,
                    kind=kind,
                    note=row.note,
                    at=row.at,
                    row=row,
                )
            )
        self.place(step, approved=None, **went_live(version, self.approvals[version.pk], row, kind))

    def withdraw(self, step: Step) -> None:
        publication = self.languages[step.language]
        version = publication.live
        assert version is not None
        row = self.record(Status.WITHDRAWN, version, step, by=self.people.publisher)
        self.batch.corrections.append(
            Correction(
                publication=publication,
                from_version=version,
                kind=CorrectionKind.WITHDRAWAL,
                note=row.note,
                at=row.at,
                row=row,
            )
        )
        self.place(step, state=LiveState.WITHDRAWN, last_published=row.at)

    def record(self, status: Status, version: Version, step: Step, *, by: User, **told: Any) -> ReviewStatus:
        note = "" if status == Status.SUBMITTED else cleaning.plain(step.note)
        row = ReviewStatus.after(self.batch.head, version, status, by=by, at=step.at, note=note, **told)
        row.pk = self.batch.number(ReviewStatus)
        self.batch.head = row
        self.batch.ledger.append(row)
        return row

    def place(self, step: Step, **fields: Any) -> None:
        """As every move does: in its own row, and by the stamp in those of all languages."""
        for name, value in fields.items():
            setattr(self.languages[step.language], name, value)
        for row in self.languages.values():
            row.stamp += 1
