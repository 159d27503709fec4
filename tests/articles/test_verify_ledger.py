"""The record, computed anew: whole after any history; a rewrite made past the triggers is named; its head is public."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime
from django.utils.translation import override

from articles import ledger, workflow
from articles.models import Publication, ReviewStatus, Version
from sources.frozen import lifted
from tests import factories
from tests.articles.afterwards import corrected, withdrawn
from tests.articles.test_views import LANGUAGES, Page, made_anew, read, say, tables
from tests.factories import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(desk: Desk) -> list[ReviewStatus]:
    """Submitted, approved, published, corrected, withdrawn; and a second article in review."""
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    corrected(article, desk=desk, note="Đã sửa “e\u0301”.")
    withdrawn(article, desk=desk)
    factories.published(factories.article(desk.an, "Beta"), "vi", desk=desk)
    return list(ReviewStatus.objects.order_by("pk"))


def verified() -> tuple[int, list[str], str]:
    """The exit code, the broken rows, and the last line."""
    out, err, code, last = StringIO(), StringIO(), 0, ""
    with override("en"):
        try:
            call_command("verify_ledger", stdout=out, stderr=err)
        except CommandError as error:
            code, last = error.returncode, str(error)
    return code, err.getvalue().splitlines(), last or out.getvalue().splitlines()[-1]


def rewrite(model: type[models.Model], pk: int, **fields: Any) -> None:
    """Past every guard and every constraint, as whoever owns the database could."""
    with lifted(connection):
        columns = {model._meta.get_field(name): value for name, value in fields.items()}
        values = [field.get_db_prep_save(value, connection) for field, value in columns.items()]
        assignments = ", ".join(f'"{field.column}" = %s' for field in columns)
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{model._meta.db_table}" SET {assignments} WHERE id = %s', [*values, pk])


def test_a_true_history_holds_and_its_head_is_told(history: list[ReviewStatus]) -> None:
    head = ledger.head()
    assert head == ledger.Head(len(history), history[-1].hash, history[-1].at)
    assert verified() == (0, [], f"The record holds. Rows: {len(history)}. Last: {history[-1].hash}")


def test_an_empty_record_holds() -> None:
    assert ledger.head() == ledger.Head(0, "", None)
    assert verified() == (0, [], "The record holds. Rows: 0. Last: ")


LOOSE = "it does not follow the row before: one is gone, or was put in"
ROW = {"status": "recalled", "actor_name": "Somebody", "note": "Đã sửa", "self_review": True}


@pytest.mark.parametrize("field", ROW)
def test_a_row_whose_words_were_changed_is_named(field: str, history: list[ReviewStatus]) -> None:
    row = history[0]
    rewrite(ReviewStatus, row.pk, **{field: ROW[field]})
    assert verified() == (
        1,
        [f"row {row.pk}: what it says is not what its hash is of"],
        "The record does not hold: 1 faults.",
    )


def test_a_row_whose_hash_was_made_to_fit_breaks_the_next(history: list[ReviewStatus]) -> None:
    row = history[2]
    row.note = "Another note."
    rewrite(ReviewStatus, row.pk, note=row.note, hash=row.computed_hash())
    assert verified()[:2] == (
        1,
        [f"row {history[3].pk}: {LOOSE}"],
    )


def test_workings_that_were_changed_are_named(history: list[ReviewStatus]) -> None:
    approval = next(row for row in history if row.confidence)
    assert approval.confidence is not None
    approval.confidence["workings"]["percent"] = 99
    rewrite(ReviewStatus, approval.pk, confidence=approval.confidence)
    assert verified()[1] == [f"row {approval.pk}: what it says is not what its hash is of"]


def test_what_cannot_even_be_hashed_is_named(history: list[ReviewStatus]) -> None:
    approval = next(row for row in history if row.confidence)
    rewrite(ReviewStatus, approval.pk, confidence={"é": 0.5})
    assert verified()[1] == [f"row {approval.pk}: what it says is not what its hash is of"]


def test_a_row_that_is_gone_is_missed_and_one_cut_from_the_end_changes_the_head(history: list[ReviewStatus]) -> None:
    before = ledger.head()
    loose = [row for row in history if not Publication.objects.filter(live_approval=row).exists()]
    middle = next(row for row in loose[2:] if row.status == "corrected")
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_reviewstatus WHERE id = %s", [middle.pk])
    after = history[history.index(middle) + 1]
    assert verified()[1] == [f"row {after.pk}: {LOOSE}"]
    assert ledger.head().count == before.count - 1


def test_rows_of_other_words_are_named(history: list[ReviewStatus]) -> None:
    row, other = history[0], history[-1]
    rewrite(ReviewStatus, row.pk, digest=other.digest)
    assert verified()[1] == [
        f"row {row.pk}: what it says is not what its hash is of",
        f"row {row.pk}: its digest is not that of its version",
    ]


def test_a_row_dated_before_the_one_before_is_named(history: list[ReviewStatus]) -> None:
    row = history[-1]
    row.at = history[-2].at - timedelta(seconds=1)
    rewrite(ReviewStatus, row.pk, at=row.at, hash=row.computed_hash())
    assert verified()[1] == [f"row {row.pk}: it is dated before the row before it"]


VERSION: dict[str, Any] = {
    "headline": "Another headline",
    "body": "<p>Other words.</p>",
    "citations": [],
    "byline": [{"id": 1, "name": 0.5}],
    "category_name": "Else",
}


@pytest.mark.parametrize("field", VERSION)
def test_a_version_whose_words_were_changed_is_named(field: str, history: list[ReviewStatus]) -> None:
    version = Version.objects.earliest("pk")
    rewrite(Version, version.pk, **{field: VERSION[field]})
    assert verified()[1] == [f"version {version.pk}: its words are not those of its digest"]


def test_a_version_made_to_fit_breaks_every_row_that_names_it(history: list[ReviewStatus]) -> None:
    version = Version.objects.earliest("pk")
    version.headline = "Another headline"
    rewrite(Version, version.pk, headline=version.headline, digest=version.computed_digest())
    rows = [row.pk for row in history if row.version_id == version.pk]
    assert len(rows) > 2
    assert verified()[1] == [f"row {pk}: its digest is not that of its version" for pk in rows]


def test_live_words_under_the_approval_of_others_are_named(history: list[ReviewStatus]) -> None:
    live = Publication.objects.get(language="vi")
    others = next(row for row in history if row.status == "approved" and row.version_id != live.live_id)
    rewrite(Publication, live.pk, live_approval=others.pk)
    assert verified()[1] == [f"publication {live.pk}: what is live is not what its approval is of"]
    submitted = next(row for row in history if row.status == "submitted" and row.version_id == live.live_id)
    rewrite(Publication, live.pk, live_approval=submitted.pk)
    assert verified()[1] == [f"publication {live.pk}: what is live is not what its approval is of"]


def test_every_fault_is_named_not_the_first_alone(history: list[ReviewStatus]) -> None:
    for row in history[:3]:
        rewrite(ReviewStatus, row.pk, note="Rewritten.")
    assert verified()[1] == [f"row {row.pk}: what it says is not what its hash is of" for row in history[:3]]


def test_it_asks_as_often_however_many_rows_there_are_and_writes_nothing(
    desk: Desk, history: list[ReviewStatus]
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert list(ledger.faults()) == []
        asked_ = [q["sql"] for q in queries if re.search(r"\bFROM\b", q["sql"])]
        assert not any(sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) for sql in asked_)
        return len(asked_)

    few = cost()
    for number in range(10):
        factories.published(factories.article(desk.an, f"More {number}"), desk=desk)
    assert (few, cost()) == (3, 3)


def test_rows_come_in_a_stream_and_are_never_all_in_memory(history: list[ReviewStatus]) -> None:
    for rows in (ledger._versions(), ledger._rows(), ledger._publications()):
        assert iter(rows) is rows  # a queryset would keep what it has read


def test_progress_is_told_while_it_goes(history: list[ReviewStatus], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "CHUNK", 5)
    told: list[int] = []
    assert list(ledger.faults(told.append)) == []
    total = Version.objects.count() + len(history) + Publication.objects.count()
    assert told == [*range(5, total + 1, 5), total]


# --- the public page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_is_public_in_both_languages(client: Client, history: list[ReviewStatus], language: str) -> None:
    last = history[-1]
    page = read(client, f"/{language}/ledger/")
    assert page.all("html") == [{"lang": language}]
    with override(language):
        assert page.said("h1") == [say("The record")]
        [count, _at, fingerprint] = page.said("dd")
    assert (count, fingerprint) == (str(len(history)), last.hash)
    assert [attrs["datetime"] for attrs in page.all("time")] == [localtime(last.at).isoformat(timespec="seconds")]
    assert page.all("a", href=f"/{language}/ledger/")  # from the foot of every page


def test_a_fingerprint_noted_earlier_is_found_as_long_as_nothing_before_it_changed(
    client: Client, history: list[ReviewStatus], desk: Desk
) -> None:
    noted = read(client, "/en/ledger/").said("dd")[2]
    factories.in_review(factories.article(desk.an, "Gamma"), desk=desk)
    for typed in (noted, noted.upper(), f"  {noted} "):
        page = read(client, f"/en/ledger/?fingerprint={typed}")
        assert page.said(".notice")[0].startswith("The record holds this fingerprint, on a line of ")
    assert page.all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]
    # Rewritten from the middle on, as somebody would who makes every hash fit again.
    previous = history[1].hash
    for row in ReviewStatus.objects.filter(pk__gt=history[1].pk).order_by("pk"):
        row.previous, row.note = previous, "Rewritten."
        previous = row.computed_hash()
        rewrite(ReviewStatus, row.pk, previous=row.previous, note=row.note, hash=previous)
    assert verified()[0] == 0  # nothing inside tells …
    page = read(client, f"/en/ledger/?fingerprint={noted}")
    assert page.said(".notice")[0].startswith("The record holds no such fingerprint.")  # … but the note does


@pytest.mark.parametrize("typed", ["x", "0" * 64, "a" * 5000, "x\x00y", "é🎉", "<script>x</script>", "' OR 1=1 --"])
def test_any_other_fingerprint_is_not_found_and_shown_as_typed(
    client: Client, history: list[ReviewStatus], typed: str
) -> None:
    response = client.get("/en/ledger/", {"fingerprint": typed})
    assert response.status_code == 200
    page = Page(response)
    assert page.said(".notice")[0].startswith("The record holds no such fingerprint.")
    assert page.all("script") == []
    assert page.all("input", id="fingerprint")[0]["value"] == typed.lower()[:64].replace("\x00", "")


def test_it_costs_one_query_and_two_to_look_up(client: Client, history: list[ReviewStatus]) -> None:
    for path, cost in (("/en/ledger/", 1), (f"/vi/ledger/?fingerprint={history[0].hash}", 2)):
        statements = made_anew(client, path)
        assert (len(statements), tables(statements)) == (cost, {"articles_reviewstatus"})


def test_an_empty_record_says_so(client: Client) -> None:
    assert "Nothing is written down yet." in read(client, "/en/ledger/").said("main")


def test_the_page_names_nothing_of_what_is_recorded(client: Client, desk: Desk) -> None:
    factories.in_review(factories.article(desk.an, "Vega"), desk=desk)
    html = client.get("/en/ledger/").content.decode()
    assert not re.search(r"vega|Binh|\bAn\b", html)
    assert ledger.head().hash in html
    workflow.recall(Publication.objects.get(), by=desk.an, version=1)
    assert ledger.head().hash in client.get("/en/ledger/").content.decode()
