"""Approving: exactly what was on the screen; and what the ledger keeps of it."""

from collections.abc import Callable

import pytest

from articles import workflow
from articles.assessing import assess, public_name
from articles.confidence import Workings
from articles.models import Article, Citation, Publication, ReviewStatus
from articles.states import Status
from sources.models import Source, SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.steps import edit, ledger, now, refused

pytestmark = pytest.mark.django_db

CHANGED = "Something changed while you were reading. Look again, then approve."


# --- what was on the screen --------------------------------------------------------------------------


def other_words(publication: Publication, desk: factories.Desk) -> None:
    workflow.recall(publication, by=desk.an, version=1)
    edit(publication.article, desk.an, summary_en="Not what was on the screen.")
    workflow.submit(publication.article, "en", by=desk.an)


def a_verification(publication: Publication, desk: factories.Desk) -> None:
    workflow.verify(publication, by=desk.binh, version=1, number=2, checked="Read it.")


def an_assessment(publication: Publication, desk: factories.Desk) -> None:
    source = Source.objects.get(slug="two")
    SourceAssessment.objects.create(source=source, tier=3, assessor=desk.chi, review_by="2030-01-01")


def an_outcome(publication: Publication, desk: factories.Desk) -> None:
    SourceOutcome.objects.create(source=Source.objects.get(slug="two"), held=False, reason="Fell.", by=desk.chi)


def an_owner(publication: Publication, desk: factories.Desk) -> None:
    Source.objects.filter(slug="two").update(owner=Source.objects.get(slug="one"))


def an_owner_of_the_only_voice(publication: Publication, desk: factories.Desk) -> None:
    """The number stays; who speaks is another."""
    Source.objects.filter(slug="two").update(owner=factories.source("holding", tier=None))


@pytest.mark.parametrize(
    "change",
    [other_words, a_verification, an_assessment, an_outcome, an_owner, an_owner_of_the_only_voice],
    ids=lambda change: change.__name__,
)
def test_what_changed_since_the_screen_is_refused_and_approved_after_another_look(
    change: Callable[[Publication, factories.Desk], None], publication: Publication, desk: factories.Desk
) -> None:
    seen = factories.seen(publication)
    change(publication, desk)
    with refused(CHANGED):
        workflow.approve(publication, by=desk.binh, seen=seen, note="Fine.")
    again = factories.seen(publication)
    assert again != seen
    row = workflow.approve(publication, by=desk.binh, seen=again)
    assert (row.status, row.version) == (Status.APPROVED, now(publication).approved)


def test_a_verification_taken_back_is_a_change_too(publication: Publication, desk: factories.Desk) -> None:
    a_verification(publication, desk)
    seen = factories.seen(publication)
    workflow.verify(publication, by=desk.binh, version=1, number=2, checked="", withdrawn=True)
    with refused(CHANGED):
        workflow.approve(publication, by=desk.binh, seen=seen)


def test_another_word_of_a_verification_is_a_change_too(publication: Publication, desk: factories.Desk) -> None:
    """The number stays; what readers will be told was checked does not."""
    a_verification(publication, desk)
    seen = factories.seen(publication)
    workflow.verify(publication, by=desk.binh, version=1, number=2, checked="Only looked at it.")
    with refused(CHANGED):
        workflow.approve(publication, by=desk.binh, seen=seen)


def test_the_tier_of_a_source_that_counts_nothing_is_a_change_too(article: Article, desk: factories.Desk) -> None:
    factories.cite(article, desk.an, factories.source("beside"), stance="context")
    publication = factories.in_review(article, desk=desk)
    seen = factories.seen(publication)
    source = Source.objects.get(slug="beside")
    SourceAssessment.objects.create(source=source, tier=4, assessor=desk.chi, review_by="2030-01-01")
    with refused(CHANGED):
        workflow.approve(publication, by=desk.binh, seen=seen)


@pytest.mark.parametrize("seen", ["", "0" * 64], ids=["nothing", "another hash"])
def test_a_hash_that_no_screen_showed_is_refused(seen: str, publication: Publication, desk: factories.Desk) -> None:
    with refused(CHANGED):
        workflow.approve(publication, by=desk.binh, seen=seen, note="Fine.")


def test_the_digest_alone_is_not_what_was_on_the_screen(publication: Publication, desk: factories.Desk) -> None:
    assert publication.in_review is not None
    with refused(CHANGED):
        workflow.approve(publication, by=desk.binh, seen=publication.in_review.digest, note="Fine.")


def test_the_screen_of_the_other_language_is_another(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    other = factories.in_review(article, "vi", desk=desk)
    with refused(CHANGED):
        workflow.approve(publication, by=desk.binh, seen=factories.seen(other), note="Fine.")


def test_what_does_not_show_on_the_screen_does_not_refuse(publication: Publication, desk: factories.Desk) -> None:
    """The working copy, an outcome that came from this very article, a source that nothing cites."""
    seen = factories.seen(publication)
    edit(publication.article, desk.an, headline_en="Next week's headline")
    factories.source("uncited")
    two = Source.objects.get(slug="two")
    subject = f"article:{publication.article_id}"
    SourceOutcome.objects.create(source=two, held=False, reason="Fell.", by=desk.chi, subject=subject)
    row = workflow.approve(publication, by=desk.binh, seen=seen)
    assert row.version.headline == "Headline Alpha"


# --- what is recorded --------------------------------------------------------------------------------


def test_the_approval_carries_the_workings_the_digest_and_the_public_name(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    factories.author("Public Binh", user=desk.binh)
    desk.binh.refresh_from_db()
    check = workflow.verify(publication, by=desk.binh, version=1, number=2, checked=" Read\x07 it. ")
    version = now(publication).in_review
    assert version is not None
    assessment = assess(version)
    row = workflow.approve(publication, by=desk.binh, seen=factories.seen(publication))
    stored = ReviewStatus.objects.get(pk=row.pk)
    assert stored.confidence == {
        "workings": assessment.workings.as_json(),
        "evidence": [each.as_json() for each in assessment.evidence],
        "citations": [
            {"number": 1, "tier": 1, "verified": None},
            {
                "number": 2,
                "tier": 1,
                "verified": {"by": "Public Binh", "at": check.at.isoformat(), "checked": "Read it."},
            },
            {"number": 3, "tier": 1, "verified": None},
        ],
        "reviewer": "Public Binh",
    }
    assert Workings.from_json(stored.confidence["workings"]) == assessment.workings
    assert assessment.workings.percent is not None
    assert (stored.digest, stored.actor, stored.self_review) == (version.digest, desk.binh, False)
    assert (now(publication).approved, now(publication).in_review) == (version, None)


def test_a_user_name_is_never_the_public_name(publication: Publication, desk: factories.Desk) -> None:
    assert public_name(desk.binh) == ""
    row = factories.approve(publication, desk=desk)
    assert row.confidence is not None
    assert row.confidence["reviewer"] == ""


def test_later_changes_of_the_register_do_not_reach_the_approval(
    publication: Publication, desk: factories.Desk
) -> None:
    row = factories.approve(publication, desk=desk)
    before = ReviewStatus.objects.values().get(pk=row.pk)
    for change in (an_assessment, an_outcome, an_owner):
        change(publication, desk)
    Citation.objects.get(key=1).delete(by=desk.an)
    assert ReviewStatus.objects.values().get(pk=row.pk) == before


def test_each_approval_carries_the_digest_of_its_own_version(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    factories.approve(publication, desk=desk)
    edit(article, desk.an, summary_en="Second.")
    factories.approved(article, desk=desk)
    factories.approved(article, "vi", desk=desk)
    rows = ReviewStatus.objects.filter(status=Status.APPROVED).order_by("pk").select_related("version")
    assert [(row.version.language, row.version.number) for row in rows] == [("en", 1), ("en", 2), ("vi", 1)]
    assert [row.digest for row in rows] == [row.version.computed_digest() for row in rows]
    assert len({row.digest for row in rows}) == 3


def test_approving_a_newer_version_takes_the_place_of_the_approved_one(
    article: Article, publication: Publication, desk: factories.Desk
) -> None:
    factories.approve(publication, desk=desk)
    edit(article, desk.an, summary_en="Second.")
    second = factories.approved(article, desk=desk)
    assert second.approved is not None
    assert (second.approved.number, second.in_review) == (2, None)
    assert ledger("version__number", "status") == [
        (1, Status.SUBMITTED),
        (1, Status.APPROVED),
        (2, Status.SUBMITTED),
        (1, Status.SUPERSEDED),
        (2, Status.APPROVED),
    ]
