"""What is loaded in bulk is what the moves would have written, row for row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from articles import loading, workflow
from articles.assessing import assess, screen_hash
from articles.loading import Step, Story
from articles.models import Article, Publication
from articles.refusing import Refused, note_needed
from articles.states import Move
from newsroom.demo import bulk
from tests.newsroom.test_demo import everything

pytestmark = pytest.mark.django_db

START = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
NUMBER = 440  # places of every kind are among them
CHOSEN = (1, 3, 7, 23, 25, 110)  # published, corrected in each language, in review for the first and second time, gone


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> bulk.Desk:
    monkeypatch.setattr(bulk, "SOURCES", 12)
    monkeypatch.setattr(bulk, "AUTHORS", 3)
    with time_machine.travel(START + bulk.YEARS, tick=False):
        return bulk._desk(bulk.Words())


def stories(desk: bulk.Desk) -> list[Story]:
    return [bulk.story(bulk.Words(), desk, 1, place, NUMBER) for place in CHOSEN]


def one_by_one(story: Story, people: loading.People) -> None:
    """The same story through the doors that people go through."""
    article, editor = story.article, people.editor
    with time_machine.travel(story.at, tick=False):
        article.save(by=editor)
        article.set_authors(story.authors, by=editor)
        for citation in story.citations:
            citation.article = article
            citation.save(by=editor)
    for step in story.steps:
        with time_machine.travel(step.at, tick=False):
            _step(story, step, people)


def _step(story: Story, step: Step, people: loading.People) -> None:
    if step.move is None:
        for name, text in step.words.items():
            setattr(story.article, name, text)
        story.article.save(by=people.editor)
        return
    if step.move == Move.SUBMIT:
        workflow.submit(story.article, step.language, by=people.editor)
        return
    publication = Publication.objects.get(article=story.article, language=step.language)
    if step.move == Move.APPROVE:
        version = publication.in_review
        assert version is not None
        for number, checked in story.checked.items():
            if not assess(version).citations[number - 1]["verified"]:
                told = {"version": version.number, "number": number, "checked": checked}
                workflow.verify(publication, by=people.reviewer, **told)
        note = step.note if note_needed(version, assess(version)) else ""
        workflow.approve(publication, by=people.reviewer, seen=screen_hash(version, assess(version)), note=note)
        return
    subject = publication.live if step.move == Move.WITHDRAW else publication.approved
    assert subject is not None
    move = {Move.PUBLISH: workflow.publish, Move.CORRECT: workflow.correct, Move.WITHDRAW: workflow.withdraw}[step.move]
    told = {"note": step.note} if step.move != Move.PUBLISH else {}
    told |= {"kind": step.kind} if step.move == Move.CORRECT else {}
    move(publication, by=people.publisher, version=subject.number, **told)


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that there is but for what is drawn by lot, when links are looked at, and the numbers of rows that nothing
    points to.
    """
    found = everything()
    del found["articles.Invalidation"]
    for row in found["articles.Publication"]:
        del row["stamp"]
    for row in found["articles.Link"]:
        del row["next_check"]
    for name in ("articles.Link", "articles.Address", "articles.VersionSource", "articles.VersionAuthor"):
        for row in found[name]:
            del row["id"]
        found[name].sort(key=repr)
    return found


def renumber() -> None:
    """Let the next rows be numbered from the last there is: PostgreSQL gives no number back that was undone."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(sql)


@contextmanager
def undone() -> Iterator[None]:
    renumber()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    renumber()


def test_a_load_writes_what_the_moves_write(desk: bulk.Desk, django_capture_on_commit_callbacks: Any) -> None:
    with undone():
        with django_capture_on_commit_callbacks(execute=True):
            for story in stories(desk):
                one_by_one(story, desk.people)
        expected = rows()
    assert not Article.objects.exists()
    loading.load(stories(desk), desk.people)
    loaded = rows()
    assert loaded.keys() == expected.keys()
    for name, told in expected.items():
        assert loaded[name] == told, name
    assert {row["status"] for row in loaded["articles.ReviewStatus"]} == {
        "submitted", "approved", "published", "corrected", "withdrawn",
    }  # fmt: skip


def test_a_load_of_words_that_could_not_be_reviewed_writes_nothing(desk: bulk.Desk, english: None) -> None:
    good, bad = stories(desk)[:2]
    bad.article.summary_en = ""
    before = rows()
    with pytest.raises(Refused, match="English is incomplete"):
        loading.load([good, bad], desk.people)
    assert rows() == before
