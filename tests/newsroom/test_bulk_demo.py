"""A desk filled to be measured: whole, the same by the same seed, and the same whether it was stopped or not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from itertools import islice
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from articles import ledger, searching
from articles.models import Article, Correction, Publication, ReviewStatus, SearchEntry, Version
from articles.states import LiveState
from newsroom.demo import bulk
from sources.models import Source
from tests import factories
from tests.articles.test_loading import undone

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bulk, "SOURCES", 15)
    monkeypatch.setattr(bulk, "AUTHORS", 3)
    monkeypatch.setattr(bulk, "BATCH", 10)
    with time_machine.travel(NOW, tick=False):
        yield


def filled(number: int, seed: int = 1) -> None:
    list(bulk.fill(number, seed=seed))


def chain() -> list[tuple[Any, ...]]:
    return list(ReviewStatus.objects.order_by("pk").values_list("hash", "digest", "at"))


def test_it_stands_as_if_every_move_had_been_made() -> None:
    filled(32)
    assert list(ledger.faults()) == []
    assert Article.objects.count() == 32
    live = Publication.objects.live()
    assert set(SearchEntry.objects.values_list("publication", flat=True)) == set(live.values_list("pk", flat=True))
    assert {row.language: len(row.reading().body.split()) > 350 for row in live.for_readers()} == {
        "vi": True,
        "en": True,
    }
    cited = [len(row.citations) for row in Version.objects.all()]
    assert (min(cited), max(cited)) == (1, 5)
    assert Correction.objects.exists()
    assert Publication.objects.newer_in_draft().exists()
    assert Publication.objects.in_review().exists()
    first = live.earliest("first_published").first_published
    assert first is not None
    assert (NOW - first).days > 5 * 365 - 60


def test_two_runs_make_the_same_and_another_seed_makes_another() -> None:
    made = []
    for seed in (1, 1, 2):
        with undone():
            filled(12, seed)
            made.append(chain())
    assert made[0] == made[1]
    assert {row[1] for row in made[0]}.isdisjoint({row[1] for row in made[2]})


def killed(_rows: object) -> None:
    raise RuntimeError


def test_a_run_that_was_stopped_ends_where_the_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    with undone():
        filled(30)
        whole = chain()
    list(islice(bulk.fill(30, seed=1), 1))
    with monkeypatch.context() as patch:
        patch.setattr(searching, "add", killed)  # when all else of the batch is written
        with pytest.raises(RuntimeError):
            filled(30)
    assert Article.objects.count() == 10
    filled(30)
    assert chain() == whole


def test_it_takes_no_other_seed_or_number_for_its_own() -> None:
    filled(10)
    for number, seed in ((20, 2), (20, 1)):
        with pytest.raises(bulk.NotThisDesk, match="another seed or to another number"):
            filled(number, seed)
    filled(10)
    assert Article.objects.count() == 10


def test_a_desk_with_articles_of_its_own_is_left_alone_unless_asked(settings: Any) -> None:
    settings.DEBUG = True
    desk = factories.desk()
    factories.published(factories.article(desk.an), desk=desk)
    with pytest.raises(CommandError, match="articles of its own"):
        call_command("bulk_demo", articles=10)
    assert not Source.objects.exists()
    settings.DEBUG = True
    call_command("bulk_demo", "--articles=10", "--beside-other-articles", stdout=StringIO())
    assert Article.objects.count() == 11
    assert list(ledger.faults()) == []
    assert Publication.objects.filter(state=LiveState.LIVE).count() == 20


def test_nobody_gets_made_up_articles_outside_debug() -> None:
    with pytest.raises(CommandError, match="DEBUG=1"):
        call_command("bulk_demo", articles=10)
    assert not Article.objects.exists()
