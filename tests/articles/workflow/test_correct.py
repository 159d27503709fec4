"""Correcting: what takes the place of published words, and what readers are told of it, for ever."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from articles import workflow
from articles.kinds import CORRECTIONS, SUBSTANCE
from articles.models import Article, Correction, Publication, ReviewStatus
from articles.states import LiveState, Status
from sources.frozen import FrozenError
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db

NOTE = "The headline named the wrong river."
KINDS = [kind for kind, _label in CORRECTIONS]
each_kind = pytest.mark.parametrize("kind", KINDS)


def correct(publication: Publication, desk: factories.Desk, **said: Any) -> ReviewStatus:
    return workflow.correct(publication, by=desk.chi, **{"version": 2, "kind": "correction", "note": NOTE, **said})


def corrections() -> list[tuple[Any, ...]]:
    return list(
        Correction.objects.order_by("pk").values_list(
            "publication", "from_version__number", "to_version__number", "kind", "note", "at", "row"
        )
    )


def test_the_newer_version_takes_the_place_of_the_live_one_by_its_own_approval(
    newer: Publication, desk: factories.Desk
) -> None:
    version, before = newer.approved, len(ledger("pk"))
    row = correct(newer, desk)
    after = now(newer)
    assert (after.live, after.state, after.approved, after.in_review) == (version, LiveState.LIVE, None, None)
    assert after.live_approval == ReviewStatus.objects.get(version=version, status=Status.APPROVED)
    assert ledger("version__number", "status", "actor", "note", "confidence")[before:] == [
        (1, Status.CORRECTED, desk.chi.pk, NOTE, None),
        (2, Status.PUBLISHED, desk.chi.pk, NOTE, None),
    ]
    assert ReviewStatus.objects.latest("pk") == row
    assert after.reading().headline == "Headline, put right"


@each_kind
def test_the_correction_says_from_what_to_what_of_which_kind_and_when_the_ledger_says(
    kind: str, newer: Publication, desk: factories.Desk
) -> None:
    row = correct(newer, desk, kind=kind, note=" The headline\x07 named the wrong river. ")
    assert corrections() == [(newer.pk, 1, 2, kind, NOTE, row.at, row.pk)]
    assert Correction.objects.get().is_news == (kind in SUBSTANCE)


@each_kind
def test_substance_alone_moves_the_date_of_the_update_and_nothing_the_first(
    kind: str, newer: Publication, desk: factories.Desk
) -> None:
    row = correct(newer, desk, kind=kind)
    after = now(newer)
    assert newer.last_published is not None
    assert row.at > newer.last_published
    assert after.first_published == newer.first_published
    assert after.last_published == (row.at if kind in {"correction", "update"} else newer.last_published)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"kind": ""}, "Say what kind of change it is."),
        ({"kind": "withdrawal"}, "Say what kind of change it is."),
        ({"kind": "blessing"}, "Say what kind of change it is."),
        ({"note": ""}, "Write a note: it says why."),
        ({"note": " \n\u200b\x07"}, "Write a note: it says why."),
        ({"version": 1}, "Version 2 took its place meanwhile. Look again."),
        ({"version": 3}, "Version 2 took its place meanwhile. Look again."),
    ],
    ids=str,
)
def test_what_a_correction_does_not_say_refuses_it(
    said: dict[str, Any], reason: str, newer: Publication, desk: factories.Desk
) -> None:
    with refused(reason):
        correct(newer, desk, **said)


def test_corrections_follow_one_another_and_each_keeps_its_versions(
    article: Article, newer: Publication, desk: factories.Desk
) -> None:
    correct(newer, desk, kind="typo", note="First.")
    edit(article, desk.an, headline_en="Headline, put right again")
    factories.approved(article, desk=desk)
    correct(newer, desk, version=3, kind="update", note="Second.")
    assert [row[1:5] for row in corrections()] == [(1, 2, "typo", "First."), (2, 3, "update", "Second.")]
    published = ReviewStatus.objects.filter(status=Status.PUBLISHED).order_by("pk")
    assert [row.version.number for row in published.select_related("version")] == [1, 2, 3]


def test_a_correction_can_be_neither_changed_nor_deleted(newer: Publication, desk: factories.Desk) -> None:
    correct(newer, desk)
    row = Correction.objects.get()
    row.note = "As if it had been so."
    for attempt in (
        row.save,
        row.delete,
        lambda: Correction.objects.update(kind="typo"),
        Correction.objects.all().delete,
    ):
        with pytest.raises(FrozenError):
            attempt()
    assert Correction.objects.get().note == NOTE


def test_a_clock_set_back_dates_nothing_back(newer: Publication, desk: factories.Desk) -> None:
    assert newer.last_published is not None
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        row = correct(newer, desk)
    assert row.at >= newer.last_published
    times = [at for (at,) in ledger("at")]
    assert times == sorted(times)
    assert (now(newer).last_published, Correction.objects.get().at) == (row.at, row.at)


def test_what_is_in_review_and_the_other_language_stay_where_they_are(
    article: Article, newer: Publication, desk: factories.Desk
) -> None:
    edit(article, desk.an, summary_en="Third.", summary_vi="Ba.")
    third = factories.in_review(article, desk=desk).in_review
    other = factories.published(article, "vi", desk=desk)
    correct(newer, desk)
    assert now(newer).in_review == third
    after = now(other)
    assert (after.live, after.first_published, after.last_published) == (
        other.live, other.first_published, other.last_published,
    )  # fmt: skip


def test_a_version_made_from_what_was_corrected_still_says_what_it_was_made_from(
    article: Article, live: Publication, desk: factories.Desk
) -> None:
    """So that "out of date" is a fact: the translation names version 1, the original stands at version 2."""
    translated = factories.published(article, "vi", desk=desk)
    edit(article, desk.an, headline_en="Headline, put right")
    factories.approved(article, desk=desk)
    correct(live, desk)
    assert translated.live is not None
    assert translated.live.made_from == live.live
    assert now(live).live != live.live


def test_after_a_withdrawal_words_come_back_by_an_approval_made_since(newer: Publication, desk: factories.Desk) -> None:
    workflow.withdraw(newer, by=desk.chi, version=1, note="It was not so.")
    with refused("Version 2 was approved before the withdrawal. Take the approval back and review it again."):
        correct(newer, desk)
    workflow.take_back(newer, by=desk.binh, version=2, note="Look again.")
    approval = factories.approve(newer, desk=desk)
    row = correct(newer, desk)
    after = now(newer)
    assert (after.state, after.live_approval, after.first_published) == (
        LiveState.LIVE, approval, newer.first_published,
    )  # fmt: skip
    assert [one[1:4] for one in corrections()] == [(1, None, "withdrawal"), (1, 2, "correction")]
    assert after.last_published == row.at


def test_withdrawn_words_themselves_may_come_back_after_another_review(
    article: Article, live: Publication, desk: factories.Desk
) -> None:
    workflow.withdraw(live, by=desk.chi, version=1, note="Taken down by mistake.")
    again = factories.approved(article, desk=desk)
    assert again.approved is not None
    assert live.live is not None
    assert again.approved.digest == live.live.digest
    correct(live, desk, note="It was so after all.")
    assert now(live).live == again.approved


def test_nothing_was_published_nothing_is_corrected(publication: Publication, desk: factories.Desk) -> None:
    factories.approve(publication, desk=desk)
    with refused("This language was never published: there is nothing to correct. Publish it."):
        correct(publication, desk, version=1)
