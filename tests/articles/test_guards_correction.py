"""By SQL, past the workflow: corrections that the ledger does not tell of, and changes of any record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from articles import workflow
from articles.models import Article, Correction, Publication, ReviewStatus
from articles.states import Status
from tests import factories
from tests.articles.steps import edit, everything, refused_by_the_database

pytestmark = pytest.mark.django_db

AS_RECORDED = "a correction is of its own publication, and dated as the ledger has it"
Fields = dict[str, Any]


@pytest.fixture
def article(desk: factories.Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


@pytest.fixture
def publication(article: Article, desk: factories.Desk) -> Publication:
    """Version 1 and its correction, version 2, published as the desk does; of both nothing is told to readers yet."""
    live = factories.published(article, desk=desk)
    edit(article, desk.an, summary_en="Second.")
    newer = factories.approved(article, desk=desk)
    by = desk.chi
    ReviewStatus.objects.append(live.live, Status.CORRECTED, by=by, at=timezone.now())
    ReviewStatus.objects.append(newer.approved, Status.PUBLISHED, by=by, at=timezone.now())
    return newer


def told(publication: Publication) -> Fields:
    """What the correction says that the ledger tells of."""
    row = ReviewStatus.objects.latest("pk")
    first, second = publication.article.versions.filter(language="en").order_by("number")
    return {
        "publication": publication, "from_version": first, "to_version": second, "kind": "typo", "note": "Spelling.",
        "at": row.at, "row": row,
    }  # fmt: skip


def test_the_correction_that_the_others_differ_from_is_accepted(publication: Publication) -> None:
    Correction(**told(publication)).save()
    assert Correction.objects.count() == 1


def recorded(status: Status) -> ReviewStatus:
    return ReviewStatus.objects.filter(status=status).earliest("pk")


def other_language(publication: Publication, desk: factories.Desk) -> Publication:
    return factories.published(publication.article, "vi", desk=desk)


WRONG: dict[str, tuple[Callable[[Publication, factories.Desk], Fields], str]] = {
    "dated back": (lambda row, desk: {"at": ReviewStatus.objects.latest("pk").at - timedelta(days=1)}, AS_RECORDED),
    "dated ahead": (
        lambda row, desk: {"at": ReviewStatus.objects.latest("pk").at + timedelta(microseconds=1)},
        AS_RECORDED,
    ),
    "by the row of an approval": (
        lambda row, desk: {"row": recorded(Status.APPROVED), "at": recorded(Status.APPROVED).at},
        AS_RECORDED,
    ),
    "by the row of another version": (
        lambda row, desk: {"row": recorded(Status.PUBLISHED), "at": recorded(Status.PUBLISHED).at},
        AS_RECORDED,
    ),
    "to the version it comes from": (lambda row, desk: {"to_version": row.article.versions.get(number=1)}, AS_RECORDED),
    "of another publication": (lambda row, desk: {"publication": other_language(row, desk)}, AS_RECORDED),
    "from words of another language": (
        lambda row, desk: {"from_version": other_language(row, desk).live},
        AS_RECORDED,
    ),
    "to nowhere": (lambda row, desk: {"to_version": None}, f"{AS_RECORDED}|correction_leads_somewhere"),
    "a withdrawal that was none": (lambda row, desk: {"to_version": None, "kind": "withdrawal"}, AS_RECORDED),
    "a withdrawal that leads somewhere": (lambda row, desk: {"kind": "withdrawal"}, "correction_leads_somewhere"),
    "of no known kind": (lambda row, desk: {"kind": "blessing"}, "correction_kind_known"),
    "without a word": (lambda row, desk: {"note": ""}, "correction_says_what"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_correction_is_refused(wrong: str, publication: Publication, desk: factories.Desk) -> None:
    fields, says = WRONG[wrong]
    said = told(publication)
    said |= fields(publication, desk)
    bad = Correction(**said)
    with refused_by_the_database(says):
        bad.save()
    with refused_by_the_database(says):
        Correction.objects.bulk_create([bad])


def test_a_row_of_the_ledger_is_told_of_once(publication: Publication) -> None:
    said = told(publication)
    Correction(**said).save()
    with refused_by_the_database("append-only|row_id"):
        Correction(**said | {"kind": "update"}).save()


SQL = {
    "UPDATE": "UPDATE {table} SET {column} = {column}",
    "DELETE": "DELETE FROM {table}",
    "INSERT OR REPLACE": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "REPLACE": "REPLACE INTO {table} SELECT * FROM {table}",
    "UPDATE OR REPLACE": "UPDATE OR REPLACE {table} SET {column} = {column}",
    "INSERT ON CONFLICT": "INSERT INTO {table} SELECT * FROM {table} WHERE true"
    " ON CONFLICT (id) DO UPDATE SET {column} = {table}.{column}",
    "TRUNCATE": "TRUNCATE {table} CASCADE",
}  # fmt: skip
ONLY = {"INSERT OR REPLACE": "sqlite", "REPLACE": "sqlite", "UPDATE OR REPLACE": "sqlite", "TRUNCATE": "postgresql"}


@pytest.mark.parametrize("statement", SQL)
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("articles_version", "body"),
        ("articles_reviewstatus", "note"),
        ("articles_correction", "note"),
        ("articles_address", "slug"),
        ("articles_edit", "at"),
    ],
)
def test_the_record_of_a_whole_life_withstands_every_statement(
    table: str, column: str, statement: str, article: Article, desk: factories.Desk
) -> None:
    """Submitted, approved, published, corrected, withdrawn: not one of its rows is changed, replaced or cut."""
    if ONLY.get(statement, connection.vendor) != connection.vendor:
        pytest.skip(f"a statement of {ONLY[statement]}")
    live = factories.published(article, desk=desk)
    edit(article, desk.an, summary_en="Second.")
    factories.approved(article, desk=desk)
    workflow.correct(live, by=desk.chi, version=2, kind="update", note="New.")
    workflow.withdraw(live, by=desk.chi, version=2, note="It was not so.")
    connection.check_constraints()  # what a commit would do: TRUNCATE does not wait for it
    before = everything()
    with (
        pytest.raises(DatabaseError, match=r"append-only|continues its chain"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(SQL[statement].format(table=table, column=column))
    assert everything() == before
