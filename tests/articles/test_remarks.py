"""Notes on a text: by whom they are written, answered, resolved; that none slips past an approval; where they stand."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import translation

from articles import refusing, remarks, workflow
from articles.models import Article, Publication, Remark, ReviewStatus
from articles.states import Move
from tests import factories
from tests.articles.steps import edit, now, refused, refused_by_the_database

pytestmark = pytest.mark.django_db

YOURS = "You contributed to this version, so somebody else has to resolve its notes."
ONE_OPEN = "1 note is open: resolve it first."
NONE_IN_REVIEW = "No version of this language is in review."


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def publication(desk: factories.Desk) -> Publication:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    return factories.in_review(article, desk=desk)


def note(publication: Publication, by: User, **about: Any) -> Remark:
    return remarks.write(publication, by=by, **{"version": 1, "paragraph": 1, "text": "Who says so?", **about})


def resubmitted(publication: Publication, desk: factories.Desk, **fields: str) -> Publication:
    version = now(publication).in_review
    assert version is not None
    workflow.request_changes(publication, by=desk.binh, version=version.number, note="See the notes.")
    edit(publication.article, desk.an, **fields)
    return factories.in_review(Article.objects.get(pk=publication.article_id), publication.language, desk=desk)


def places(publication: Publication) -> list[int | None]:
    return [thread.paragraph for thread in remarks.threads([now(publication)])]


# --- writing -----------------------------------------------------------------------------------------


def test_a_note_keeps_the_words_it_is_about(publication: Publication, desk: factories.Desk) -> None:
    row = note(publication, desk.binh, paragraph=2, text=" Who\x07 says\nso? ")
    assert (row.publication, row.version, row.paragraph, row.excerpt, row.text, row.by, row.thread, row.resolves) == (
        publication, publication.in_review, 2, "Section Alpha", "Who says\nso?", desk.binh, None, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"text": ""}, "Write what you have to say."),
        ({"text": " \n\u200b"}, "Write what you have to say."),
        ({"text": "x" * 4001}, "This is 4001 characters long; at most 4000 can be kept."),
        ({"paragraph": 4}, "This version has no paragraph 4."),
        ({"paragraph": -1}, "This version has no paragraph -1."),
        ({"version": 2}, "Version 1 took its place meanwhile. Look again."),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused(
    about: dict[str, Any], sentence: str, publication: Publication, desk: factories.Desk
) -> None:
    with refused(sentence):
        note(publication, desk.binh, **about)


@pytest.mark.parametrize("who", ["an", "chi", "em"])
def test_only_reviewers_write_notes(who: str, publication: Publication, desk: factories.Desk) -> None:
    with refused("Only Reviewers may do this."):
        note(publication, getattr(desk, who))


def test_what_is_not_in_review_gets_no_note(publication: Publication, desk: factories.Desk) -> None:
    factories.approve(publication, desk=desk)
    with refused(NONE_IN_REVIEW):
        note(publication, desk.binh)


# --- answering and resolving -------------------------------------------------------------------------


def test_editors_and_reviewers_answer_and_nobody_else(publication: Publication, desk: factories.Desk) -> None:
    first = note(publication, desk.binh)
    for by in (desk.an, desk.dung, desk.binh):
        assert remarks.answer(first, by=by, text="So.").thread == first
    for by in (desk.chi, desk.em):
        with refused("Only Editors or Reviewers may do this."):
            remarks.answer(first, by=by, text="So.")
    assert [thread.resolved for thread in remarks.threads([publication])] == [False]


def test_an_answer_says_something_and_a_resolution_need_not(publication: Publication, desk: factories.Desk) -> None:
    first = note(publication, desk.binh)
    with refused("Write what you have to say."):
        remarks.answer(first, by=desk.an, text=" ")
    assert remarks.answer(first, by=desk.binh, text="\u200b", resolves=True).text == ""


@pytest.mark.parametrize("who", ["an", "chi", "em"])
def test_only_reviewers_resolve(who: str, publication: Publication, desk: factories.Desk) -> None:
    first = note(publication, desk.binh)
    with refused("Only Reviewers may do this."):
        remarks.answer(first, by=getattr(desk, who), text="Done.", resolves=True)


def test_another_reviewer_may_resolve_and_that_ends_it(publication: Publication, desk: factories.Desk) -> None:
    first = note(publication, desk.binh)
    remarks.answer(first, by=desk.dung, text="Seen.", resolves=True)
    for resolves in (False, True):
        with refused("This note is resolved already. Write a new one."):
            remarks.answer(first, by=desk.binh, text="But.", resolves=resolves)


@pytest.mark.parametrize("superuser", [False, True])
def test_who_contributed_resolves_no_note_on_their_text_not_even_their_own(
    superuser: bool, publication: Publication, desk: factories.Desk, settings: Any
) -> None:
    by = factories.user("root", is_superuser=True) if superuser else desk.dung
    first = note(publication, by)
    again = resubmitted(publication, desk, summary_en="By An.")
    edit(publication.article, by, headline_en="By another")
    again = resubmitted(again, desk)
    with refused(YOURS):
        remarks.answer(first, by=by, text="", resolves=True)
    settings.NEWSROOM_SOLO_DESK = True
    assert remarks.answer(first, by=by, text="", resolves=True).resolves


def test_a_text_that_was_sent_back_is_answered_but_not_resolved(publication: Publication, desk: factories.Desk) -> None:
    first = note(publication, desk.binh)
    workflow.request_changes(publication, by=desk.binh, version=1, note="See the note.")
    remarks.answer(first, by=desk.an, text="It is in the minutes.")
    with refused(NONE_IN_REVIEW):
        remarks.answer(first, by=desk.binh, text="", resolves=True)


# --- before an approval ------------------------------------------------------------------------------


def test_an_open_note_refuses_the_approval_until_it_is_resolved(publication: Publication, desk: factories.Desk) -> None:
    first, second = note(publication, desk.binh), note(publication, desk.dung, paragraph=0)
    seen = factories.seen(publication)
    for row, sentence in ((first, "2 notes are open: resolve them first."), (second, ONE_OPEN)):
        assert refusing.refusal(publication, Move.APPROVE, desk.binh) == sentence
        with refused(sentence):
            workflow.approve(publication, by=desk.binh, seen=seen)
        with refused(sentence):
            workflow.approve_and_publish(
                publication, by=factories.user(f"all{row.pk}", "Reviewers", "Publishers"), seen=seen
            )
        remarks.answer(row, by=desk.binh, text="", resolves=True)
    workflow.approve(publication, by=desk.binh, seen=seen)


def test_a_note_of_the_other_language_refuses_nothing_here(publication: Publication, desk: factories.Desk) -> None:
    note(factories.in_review(publication.article, "vi", desk=desk), desk.binh)
    assert refusing.refusal(publication, Move.APPROVE, desk.binh) is None


def test_an_open_note_refuses_neither_a_verification_nor_a_request_for_changes(
    publication: Publication, desk: factories.Desk
) -> None:
    note(publication, desk.binh)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read.")
    row = workflow.request_changes(publication, by=desk.binh, version=1, note="See the note.")
    assert (row.status, row.version.number, publication.article.verifications.count()) == ("changes_requested", 1, 1)


def test_an_open_note_carries_over_to_a_later_version(publication: Publication, desk: factories.Desk) -> None:
    note(publication, desk.binh)
    again = resubmitted(publication, desk, summary_en="Other.")
    assert refusing.refusal(again, Move.APPROVE, desk.binh) == ONE_OPEN


@pytest.mark.django_db(transaction=True)
def test_of_a_note_and_an_approval_at_the_same_moment_one_wins(publication: Publication, desk: factories.Desk) -> None:
    seen, barrier = factories.seen(publication), threading.Barrier(2)
    said: list[str] = []

    def run(act: Any) -> None:
        try:
            barrier.wait()
            with translation.override("en"):
                act()
        except refusing.Refused as error:
            said.append(error.reason)
        finally:
            connection.close()

    acts = [
        lambda: workflow.approve(publication, by=desk.binh, seen=seen),
        lambda: note(publication, desk.dung),
    ]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    approved = ReviewStatus.objects.filter(status="approved").count()
    assert (approved, Remark.objects.count(), said) in [(1, 0, [NONE_IN_REVIEW]), (0, 1, [ONE_OPEN])]


# --- where it stands ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("<p>New.</p><p>Opening Alpha.</p>", 2),
        ('<h2>Opening Alpha.</h2><p>B</p><p>Opening Alpha.<sup data-cite="1"></sup></p>', 1),
        ("<p>Opening Beta.</p>", None),
        ("<p>Another.</p>" * 3, None),
    ],
)
def test_a_note_is_found_again_by_the_words_it_was_about(
    body: str, place: int | None, publication: Publication, desk: factories.Desk
) -> None:
    note(publication, desk.binh)
    note(publication, desk.binh, paragraph=0)
    assert places(resubmitted(publication, desk, body_en=body)) == [place, 0]


def test_in_a_text_that_was_sent_back_it_stands_where_it_was_noted(
    publication: Publication, desk: factories.Desk
) -> None:
    note(publication, desk.binh, paragraph=2)
    workflow.request_changes(publication, by=desk.binh, version=1, note="See the note.")
    assert places(publication) == [2]


def test_of_equal_paragraphs_the_nearest_is_meant(publication: Publication, desk: factories.Desk) -> None:
    note(publication, desk.binh, paragraph=3)
    assert places(resubmitted(publication, desk, body_en="<p>Body.</p><p>A</p><p>B</p><p>Body.</p>")) == [4]


# --- the database's last word ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": ""}, "remark_says_something"),
        ({"resolves": True}, "remark_opens_first"),
    ],
)
def test_the_database_refuses_what_no_note_can_be(
    fields: dict[str, Any], says: str, publication: Publication, desk: factories.Desk
) -> None:
    row = {"publication": publication, "version": publication.in_review, "paragraph": 0, "text": "So.", "by": desk.binh}
    with refused_by_the_database(says):
        Remark.objects.create(**row | fields)


def test_the_database_lets_a_note_be_resolved_once(publication: Publication, desk: factories.Desk) -> None:
    first = note(publication, desk.binh)
    remarks.answer(first, by=desk.binh, text="", resolves=True)
    row = {"publication": publication, "version": first.version, "paragraph": 0, "by": desk.binh, "thread": first}
    with refused_by_the_database("remark_resolved_once|thread_id"):
        Remark.objects.create(**row, resolves=True)
