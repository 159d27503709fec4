"""Approving and publishing in one step: both or neither, by who may do both, under every rule of either."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from articles import workflow
from articles.models import Article, Correction, Publication, ReviewStatus
from articles.states import LiveState, Status
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db

PUBLIC = {"kind": "update", "public_note": "More is known."}


@pytest.fixture
def both(desk: factories.Desk) -> User:
    return factories.user("both", "Reviewers", "Publishers")


def at_once(publication: Publication, by: User, **said: Any) -> ReviewStatus:
    return workflow.approve_and_publish(publication, by=by, **{"seen": factories.seen(publication), **said})


@pytest.fixture
def second(article: Article, live: Publication, desk: factories.Desk) -> Publication:
    """Version 1 live, version 2 in review."""
    edit(article, desk.an, summary_en="Second.")
    return factories.in_review(article, desk=desk)


def test_a_first_version_is_approved_and_live(publication: Publication, both: User) -> None:
    row = at_once(publication, both, note="Read.", **PUBLIC)
    after = now(publication)
    assert (after.state, after.live, after.in_review, after.approved) == (
        LiveState.LIVE, publication.in_review, None, None,
    )  # fmt: skip
    assert ledger("version__number", "status", "actor", "note")[1:] == [
        (1, Status.APPROVED, both.pk, "Read."), (1, Status.PUBLISHED, both.pk, ""),
    ]  # fmt: skip
    assert (after.live_approval and after.live_approval.status, ReviewStatus.objects.latest("pk")) == ("approved", row)
    assert Correction.objects.count() == 0


def test_what_follows_a_published_text_is_a_correction(second: Publication, both: User) -> None:
    at_once(second, both, **PUBLIC)
    told = Correction.objects.values_list("from_version__number", "to_version__number", "kind", "note")
    assert list(told) == [(1, 2, "update", "More is known.")]
    assert [status for (status,) in ledger("status")][-3:] == [Status.APPROVED, Status.CORRECTED, Status.PUBLISHED]


def test_after_a_withdrawal_this_is_an_approval_made_since(
    second: Publication, both: User, desk: factories.Desk
) -> None:
    workflow.withdraw(second, by=desk.chi, version=1, note="It was not so.")
    at_once(second, both, **PUBLIC)
    assert now(second).state == LiveState.LIVE


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"kind": ""}, "Say what kind of change it is."),
        ({"kind": "withdrawal"}, "Say what kind of change it is."),
        ({"public_note": " \u200b"}, "Write a note: it says why."),
        ({"seen": "0" * 64}, "Something changed while you were reading. Look again, then approve."),
    ],
    ids=str,
)
def test_what_refuses_either_undoes_both(said: dict[str, Any], reason: str, second: Publication, both: User) -> None:
    with refused(reason):
        at_once(second, both, **{**PUBLIC, **said})


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        (("Reviewers",), "Only Publishers may do this."),
        (("Publishers",), "Only Reviewers may do this."),
        (("Editors", "Librarians"), "Only Reviewers may do this."),
    ],
    ids=str,
)
def test_who_may_do_one_of_them_does_neither(groups: tuple[str, ...], reason: str, second: Publication) -> None:
    by = factories.user("by", *groups)
    with refused(reason):
        at_once(second, by, **PUBLIC)


def test_nobody_approves_their_own_work_by_this_way_either(article: Article, desk: factories.Desk) -> None:
    by = factories.user("root", is_superuser=True)
    edit(article, by, summary_en="By root.")
    publication = factories.in_review(article, desk=desk)
    with refused("You contributed to this version, so somebody else has to approve it."):
        at_once(publication, by)


def test_a_note_is_needed_where_approving_needs_one(desk: factories.Desk, both: User) -> None:
    publication = factories.in_review(factories.article(desk.an, "Unsourced"), desk=desk)
    with refused("Nothing supports the claim with a source: say in a note why it may be published."):
        at_once(publication, both)
    assert at_once(publication, both, note="It is well known.").status == Status.PUBLISHED
