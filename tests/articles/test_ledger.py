"""The one chain: whatever happened, each row can be recomputed from what the database gives back; a rewrite shows."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import translation

from articles import refusing, workflow
from articles.models import Article, Publication, ReviewStatus, Version
from articles.models.review import ASSESSED
from articles.states import MOVES, Move, Status
from sources.frozen import lifted
from sources.models import Source, SourceOutcome
from tests import factories
from tests.articles.stands import DO
from tests.articles.steps import edit, ledger

pytestmark = pytest.mark.django_db

STEPS = 80
OF_ONE_MOVE = set(Status) - {Status.SUPERSEDED, Status.UNSCHEDULED, Status.PUBLISHED}  # the rest come by the way too


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def broken() -> list[int]:
    """The rows, read anew, that do not continue the one before, do not hash to what they say, or name other words."""
    found, previous = [], ""
    for row in ReviewStatus.objects.order_by("pk").select_related("version"):
        whole = (row.previous, row.hash, row.digest) == (previous, row.computed_hash(), row.version.computed_digest())
        if not whole:
            found.append(row.pk)
        previous = row.hash
    return found


def wander(seed: int, desk: factories.Desk) -> list[Move]:
    """A mixed history of three articles in both languages, each time by the rarest move that is open; what was done."""
    chance, done = random.Random(seed), []  # noqa: S311
    articles = [factories.article(desk.an, marker) for marker in ("Alpha", "Bêta", "Gamma 🎉")]
    people = list(vars(desk).values())
    for count in range(STEPS):
        article, language = chance.choice(articles), chance.choice(["vi", "en"])
        if chance.random() < 0.3:
            source = factories.source(chance.choice(["one", "two", "three"]))
            factories.cite(article, desk.an, source, quote="“Đã kiểm chứng” e\u0301", first_hand=chance.random() < 0.5)
        edit(article, desk.an, **{f"summary_{language}": f"Lần {count}: “ký tự” \u2028 e\u0301 😀."})
        publication = refusing.publication_of(Article.objects.get(pk=article.pk), language)
        if publication.in_review and publication.in_review.citations and chance.random() < 0.5:
            about = {"version": publication.in_review.number, "number": 1, "checked": f"Read {count}."}
            workflow.verify(publication, by=desk.binh, **about, withdrawn=chance.random() < 0.2)
        open_ = [(move, by) for move in MOVES for by in people if not refusing.refusal(publication, move, by)]
        if open_:
            rarest = min(done.count(move) for move, _by in open_)
            move, by = chance.choice([(move, by) for move, by in open_ if done.count(move) == rarest])
            DO[move](publication, by)
            done.append(move)
        for source in Source.objects.order_by("pk")[:1]:
            SourceOutcome.objects.create(source=source, held=True, reason="Stood.", by=desk.chi)
    return done


@pytest.mark.parametrize("seed", range(3))
def test_every_row_of_a_mixed_history_recomputes_after_reloading(seed: int, desk: factories.Desk) -> None:
    done = wander(seed, desk)
    assert set(done) == set(MOVES)
    assert [status for (status,) in ledger("status") if status in OF_ONE_MOVE] == [
        MOVES[move].status for move in done if MOVES[move].status in OF_ONE_MOVE
    ]
    assert broken() == []
    for approval in ReviewStatus.objects.filter(status__in=ASSESSED).select_related("version"):
        assert approval.actor_id not in {person["id"] for person in approval.version.contributors}
    for row in Publication.objects.filter(live__isnull=False).select_related("live_approval"):
        assert row.live_approval is not None
        assert (row.live_approval.version_id, row.live_approval.status in ASSESSED) == (row.live_id, True)


@pytest.fixture
def history(desk: factories.Desk) -> list[ReviewStatus]:
    """Submitted, approved with workings and a verification, published; then another article submitted."""
    article = factories.article(desk.an)
    for slug in ("one", "two"):
        factories.cite(article, desk.an, factories.source(slug))
    publication = factories.in_review(article, desk=desk)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read.")
    factories.approve(publication, desk=desk, note="Đã đọc.")
    workflow.publish(publication, by=desk.chi, version=1)
    factories.in_review(factories.article(desk.an, "Beta"), desk=desk)
    assert broken() == []
    return list(ReviewStatus.objects.order_by("pk"))


def rewrite(row: ReviewStatus, **fields: Any) -> None:
    """Past every guard, as whoever owns the database could."""
    with lifted(connection):
        row_fields = {ReviewStatus._meta.get_field(name): value for name, value in fields.items()}
        assignments = ", ".join(f'"{field.column}" = %s' for field in row_fields)
        values = [field.get_db_prep_save(value, connection) for field, value in row_fields.items()]
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE "articles_reviewstatus" SET {assignments} WHERE id = %s', [*values, row.pk])


LATER = timedelta(microseconds=1)


@pytest.mark.parametrize(
    "field", ["version", "status", "actor", "actor_name", "at", "note", "digest", "self_review", "previous", "hash"]
)
def test_a_row_that_was_rewritten_shows(field: str, history: list[ReviewStatus], desk: factories.Desk) -> None:
    row = history[1]
    other = {
        "version": history[3].version_id,
        "status": "published",
        "actor": desk.an.pk,
        "actor_name": "Somebody",
        "at": row.at + LATER,
        "note": "Đã đọc",
        "digest": history[3].digest,
        "self_review": True,
        "previous": "0" * 64,
        "hash": "0" * 64,
    }[field]
    rewrite(row, **{field: other})
    after = ReviewStatus.objects.get(pk=row.pk)
    assert after.computed_hash() != after.hash
    assert row.pk in broken()


def rewritten(confidence: dict[str, Any], *path: Any, value: Any) -> dict[str, Any]:
    *way, last = path
    place: Any = confidence
    for step in way:
        place = place[step]
    assert place[last] != value
    place[last] = value
    return confidence


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("workings", "percent"), 99),
        (("workings", "policy"), "2025.1"),
        (("workings", "rows", 0, "points"), 1),
        (("workings", "log_odds"), "9.0"),
        (("citations", 0, "tier"), 4),
        (("citations", 0, "verified"), None),
        (("citations", 0, "verified", "checked"), "Read"),
        (("reviewer",), "Somebody"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_workings_that_were_rewritten_show(path: tuple[Any, ...], value: Any, history: list[ReviewStatus]) -> None:
    row = history[1]
    assert row.confidence is not None
    rewrite(row, confidence=rewritten(row.confidence, *path, value=value))
    assert broken() == [row.pk]


def test_a_rewrite_with_a_hash_to_match_breaks_the_row_after_it(history: list[ReviewStatus]) -> None:
    row = history[1]
    row.note = "As if it had been so."
    rewrite(row, note=row.note, hash=row.computed_hash())
    assert ReviewStatus.objects.get(pk=row.pk).computed_hash() == row.computed_hash()
    assert broken() == [history[2].pk]


def test_a_row_that_was_cut_out_breaks_the_row_after_it(history: list[ReviewStatus]) -> None:
    with transaction.atomic():
        with lifted(connection), connection.cursor() as cursor:
            cursor.execute("DELETE FROM articles_reviewstatus WHERE id = %s", [history[2].pk])
        assert broken() == [history[3].pk]
        transaction.set_rollback(True)  # other rows point at it


def test_words_that_were_rewritten_show(history: list[ReviewStatus]) -> None:
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_version SET summary = 'Else.' WHERE id = %s", [history[0].version_id])
    assert broken() == [row.pk for row in history[:3]]


def test_the_chain_is_of_all_articles_together(history: list[ReviewStatus]) -> None:
    assert [row.previous for row in history] == ["", *(row.hash for row in history[:-1])]
    assert len({row.version.article_id for row in history}) == 2


def test_what_a_refusal_began_leaves_no_gap(history: list[ReviewStatus], desk: factories.Desk) -> None:
    publication = Publication.objects.get(in_review__isnull=False)
    stale = Publication.objects.get(pk=publication.pk)
    rows = Publication.objects.filter(pk=publication.pk)

    with pytest.raises(workflow.Refused, match="Somebody else moved this article at the same moment"):
        meanwhile(publication, rows, desk)
    assert ReviewStatus.objects.count() == len(history)
    workflow.recall(stale, by=desk.an, version=1)
    assert broken() == []


def meanwhile(publication: Publication, rows: Any, desk: factories.Desk) -> None:
    """A move whose publication was moved by another between its check and its writing."""
    held = workflow._held

    def held_and_overtaken(*args: Any, **kwargs: Any) -> Publication:
        row = held(*args, **kwargs)
        rows.update(stamp=row.stamp + 1)
        return row

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflow, "_held", held_and_overtaken)
        workflow.recall(publication, by=desk.an, version=1)


def test_a_row_hashes_alike_in_whatever_zone_its_time_is_told(history: list[ReviewStatus]) -> None:
    row = history[0]
    before = row.computed_hash()
    row.at = row.at.astimezone(timezone(timedelta(hours=7)))
    assert row.computed_hash() == before == row.hash


@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_every_part_of_a_second_comes_back(microsecond: int, desk: factories.Desk) -> None:
    with time_machine.travel(datetime(2026, 11, 1, 1, 30, 0, microsecond, tzinfo=UTC), tick=False):
        factories.approved(factories.article(desk.an), desk=desk)
    assert broken() == []
    assert {at.microsecond for (at,) in ledger("at")} == {microsecond}


def test_names_are_those_of_the_moment(history: list[ReviewStatus], desk: factories.Desk) -> None:
    User.objects.filter(pk=desk.binh.pk).update(last_name="Renamed")
    assert ledger("actor_name") == [("An",), ("Binh",), ("Chi",), ("An",)]
    assert broken() == []


def test_the_note_and_the_name_hash_alike_composed_or_not(desk: factories.Desk) -> None:
    """A database may be moved to another that keeps text otherwise: the hash is of its composed form."""
    version = Version(pk=1, digest="0" * 64)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        ReviewStatus(version=version, actor=desk.an, at=at, note=note, actor_name=note) for note in ("é", "e\u0301")
    ]
    assert rows[0].computed_hash() == rows[1].computed_hash()
