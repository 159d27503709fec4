"""Past the workflow, by the models' own base and by SQL: what the database itself refuses, on both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.utils import timezone

from articles import guards, workflow
from articles.models import Address, Article, Publication, ReviewStatus, Version
from articles.models.review import ASSESSED
from articles.states import Status
from sources import frozen
from tests import factories
from tests.articles.steps import edit, ledger, refused_by_the_database

pytestmark = pytest.mark.django_db

CHAIN = "a row of the ledger continues its chain"
SAME_WORDS = "a row of the ledger carries the digest of its version"
FOUR_EYES = "nobody approves what they contributed to, unless the approval says so"


def test_the_guards_stand_and_say_what_these_tests_expect() -> None:
    said = {name: frozen.GUARDS[name].says for name in (*guards.LEDGER, *guards.PUBLICATION, *guards.CORRECTION)}
    assert said == {
        "ledger_continues": CHAIN,
        "ledger_names_the_words": SAME_WORDS,
        "approval_by_another": FOUR_EYES,
        "public_words_are_approved": "only an approved version of this very article and language goes live",
        "versions_of_this_language": "only versions of this very article and language are in review or approved",
        "scheduled_words_are_approved": "only an approved version of this very article and language is scheduled",
        "correction_as_recorded": "a correction is of its own publication, and dated as the ledger has it",
    }
    assert frozen.missing(connection) == []


# --- the ledger --------------------------------------------------------------------------------------


@pytest.fixture
def version(desk: factories.Desk) -> Version:
    """In review, by An; two rows stand in the ledger before whatever is tried."""
    factories.in_review(factories.article(desk.an, "Before"), desk=desk)
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    found = factories.in_review(article, desk=desk).in_review
    assert found is not None
    return found


def row(version: Version, desk: factories.Desk, **fields: Any) -> ReviewStatus:
    """An approval by Binh that would continue the ledger, but for `fields`; its hash is right whatever they are."""
    values = {
        "version": version,
        "status": Status.APPROVED,
        "actor": desk.binh,
        "actor_name": "Binh",
        "at": timezone.now(),
        "digest": version.digest,
        "confidence": {"workings": {}, "citations": [], "reviewer": ""},
        "previous": ReviewStatus.objects.latest("pk").hash,
    }
    made = ReviewStatus(**{**values, **fields})
    made.hash = made.computed_hash()
    return made


def test_the_row_that_the_others_differ_from_is_accepted(version: Version, desk: factories.Desk) -> None:
    row(version, desk).save()
    assert ledger("status") == [("submitted",), ("submitted",), ("approved",)]


def first_hash() -> str:
    return ReviewStatus.objects.earliest("pk").hash


WRONG: dict[str, tuple[Callable[[factories.Desk], dict[str, Any]], str]] = {
    "digest of nothing": (lambda desk: {"digest": "0" * 64}, SAME_WORDS),
    "no digest": (lambda desk: {"digest": ""}, SAME_WORDS),
    "digest of another version": (lambda desk: {"digest": Version.objects.earliest("pk").digest}, SAME_WORDS),
    "fork": (lambda desk: {"previous": first_hash()}, CHAIN),
    "gap": (lambda desk: {"previous": "f" * 64}, CHAIN),
    "second beginning": (lambda desk: {"previous": ""}, CHAIN),
    "unknown status": (lambda desk: {"status": "blessed"}, "review_status_known"),
    "no status": (lambda desk: {"status": ""}, "review_status_known"),
    "no workings": (lambda desk: {"confidence": None}, "approval_has_workings"),
    "by a contributor": (lambda desk: {"actor": desk.an}, FOUR_EYES),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_row_is_refused(wrong: str, version: Version, desk: factories.Desk) -> None:
    fields, says = WRONG[wrong]
    bad = row(version, desk, **fields(desk))
    with refused_by_the_database(says):
        bad.save()
    bad = row(version, desk, **fields(desk))
    with refused_by_the_database(says):
        ReviewStatus.objects.bulk_create([bad])
    bad = row(version, desk, **fields(desk))
    with refused_by_the_database(says):
        bad.save_base(raw=True)


def test_a_wrong_row_is_refused_beside_right_ones(version: Version, desk: factories.Desk) -> None:
    """One statement, two rows: the second continues what the first was not."""
    first = row(version, desk)
    second = row(version, desk, previous=first.previous)
    with refused_by_the_database(CHAIN):
        ReviewStatus.objects.bulk_create([first, second])


def test_the_first_row_of_all_begins_the_chain(desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    factories.in_review(article, desk=desk)
    assert ledger("previous") == [("",)]


def test_a_contributor_approves_only_under_the_mark(version: Version, desk: factories.Desk) -> None:
    with refused_by_the_database(FOUR_EYES):
        row(version, desk, actor=desk.an, self_review=False).save()
    row(version, desk, actor=desk.an, self_review=True).save()
    assert ledger("actor", "status", "self_review")[2:] == [(desk.an.pk, "approved", True)]


def test_a_contributor_reassesses_only_under_the_mark(version: Version, desk: factories.Desk) -> None:
    with refused_by_the_database(FOUR_EYES):
        row(version, desk, actor=desk.an, status=Status.REASSESSED).save()
    with refused_by_the_database("approval_has_workings"):
        row(version, desk, status=Status.REASSESSED, confidence=None).save()
    row(version, desk, actor=desk.an, status=Status.REASSESSED, self_review=True).save()
    assert ledger("actor", "status", "self_review")[2:] == [(desk.an.pk, "reassessed", True)]


@pytest.mark.parametrize("status", [status for status in Status if status not in ASSESSED], ids=str)
def test_whatever_is_no_approval_a_contributor_may_record(
    status: Status, version: Version, desk: factories.Desk
) -> None:
    row(version, desk, status=status, actor=desk.an, confidence=None).save()
    assert ledger("status", "actor")[2:] == [(status, desk.an.pk)]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_of_several_contributors_is_one(place: int, desk: factories.Desk) -> None:
    people = [factories.user(name, "Editors") for name in ("one", "two", "three")]
    article = factories.article(people[0])
    for person in people:
        edit(article, person, summary_en=f"By {person}.")
    version = workflow.submit(article, "en", by=people[0])
    assert [person["id"] for person in version.contributors] == [person.pk for person in people]
    with refused_by_the_database(FOUR_EYES):
        row(version, desk, actor=people[place]).save()


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    return factories.article(desk.an)


@pytest.fixture
def publication(article: Article, desk: factories.Desk) -> Publication:
    """English, version 1 in review."""
    return factories.in_review(article, desk=desk)


# --- what is unique ----------------------------------------------------------------------------------


def copy(model: type[models.Model], **fields: Any) -> models.Model:
    """The first row of `model` as a new one, with `fields` changed."""
    values = {
        field.attname: getattr(model._default_manager.earliest("pk"), field.attname) for field in model._meta.fields
    }
    return model(**{**values, "id": None, **fields})


def test_a_number_is_given_once_in_a_language(publication: Publication) -> None:
    with refused_by_the_database("append-only|version_number_once"):
        copy(Version).save()
    copy(Version, number=2).save()


def test_an_address_is_given_once_in_a_language_whatever_the_article(
    publication: Publication, desk: factories.Desk
) -> None:
    other = factories.article(desk.an, "Beta")
    with refused_by_the_database("append-only|address_once"):
        Address.objects.create(language="en", slug="headline-alpha", article=other)
    Address.objects.create(language="vi", slug="headline-alpha", article=other)


@pytest.mark.parametrize("table", ["articles_article", "articles_version", "articles_reviewstatus", "auth_user"])
def test_what_the_record_names_cannot_be_deleted(table: str, publication: Publication, desk: factories.Desk) -> None:
    factories.approve(publication, desk=desk)

    def deleted() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{table}" WHERE id = (SELECT MIN(id) FROM "{table}")')
        connection.check_constraints()

    with refused_by_the_database("append-only|FOREIGN KEY|foreign key"):
        deleted()
