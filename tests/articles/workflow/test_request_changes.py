"""Sending back: with a note that says why; not a contribution."""

import pytest

from articles import standing, workflow
from articles.models import Article, Publication
from articles.states import Status
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("note", ["", " \n\t ", "\u200b\u202e\x07"])
def test_without_a_note_nothing_is_sent_back(note: str, publication: Publication, desk: factories.Desk) -> None:
    with refused("Write a note: it says why."):
        workflow.request_changes(publication, by=desk.binh, version=1, note=note)


def test_sending_back_records_the_note_and_leaves_the_draft(publication: Publication, desk: factories.Desk) -> None:
    version = publication.in_review
    row = workflow.request_changes(publication, by=desk.binh, version=1, note=" Who\x07\nsaid so? ")
    assert now(publication).in_review is None
    assert ledger("pk", "version", "status", "actor", "note")[1:] == [
        (row.pk, version and version.pk, Status.CHANGES_REQUESTED, desk.binh.pk, "Who\nsaid so?")
    ]


@pytest.mark.parametrize("version", [0, 2])
def test_a_number_that_is_not_in_review_is_refused(
    version: int, publication: Publication, desk: factories.Desk
) -> None:
    with refused("Version 1 took its place meanwhile. Look again."):
        workflow.request_changes(publication, by=desk.binh, version=version, note="More.")


def test_a_page_that_showed_an_earlier_version_sends_back_nothing(
    publication: Publication, desk: factories.Desk
) -> None:
    workflow.recall(publication, by=desk.an, version=1)
    workflow.submit(publication.article, "en", by=desk.an)
    with refused("Version 2 took its place meanwhile. Look again."):
        workflow.request_changes(publication, by=desk.binh, version=1, note="More.")


def test_a_contributor_who_reviews_may_send_back_their_own(article: Article, desk: factories.Desk) -> None:
    workflow.submit(article, "en", by=desk.dung)
    row = workflow.request_changes(Publication.objects.get(), by=desk.dung, version=1, note="I was wrong.")
    assert row.actor == desk.dung


def test_what_is_live_stays_live(article: Article, desk: factories.Desk) -> None:
    live = factories.published(article, desk=desk)
    edit(article, desk.an, summary_en="Second.")
    publication = factories.in_review(article, desk=desk)
    workflow.request_changes(publication, by=desk.binh, version=2, note="More.")
    assert (now(publication).live, now(publication).live_approval) == (live.live, live.live_approval)


def test_the_request_is_the_last_word_until_it_is_answered(publication: Publication, desk: factories.Desk) -> None:
    def said() -> dict[str, str | None]:
        rows = standing.of(publication.article, by=desk.an)
        return {row.language: row.sent_back and row.sent_back.note for row in rows}

    workflow.request_changes(publication, by=desk.binh, version=1, note="More.")
    assert said() == {"vi": None, "en": "More."}
    workflow.submit(publication.article, "en", by=desk.an)
    assert said() == {"vi": None, "en": None}
    workflow.recall(publication, by=desk.an, version=2)
    assert said() == {"vi": None, "en": None}
