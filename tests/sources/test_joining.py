"""Two rows of one source: which may become one, and what the one that is left stands for."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from sources.joining import join, refusal
from sources.models import Source, SourceAddress
from sources.standing import heads, standings, top_owners
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def fresh(source: Source) -> Source:
    return Source.objects.get(pk=source.pk)


def test_a_source_is_not_merged_into_itself() -> None:
    one = factories.source("one")
    assert refusal(one, one) == "A source cannot be merged into itself."
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=one.pk).update(merged_into=one)


def test_what_was_merged_neither_goes_further_nor_takes_anything_in() -> None:
    one, two, three = (factories.source(slug) for slug in ("one", "two", "three"))
    join(one, two)
    assert refusal(fresh(one), three) == "“One” was merged into “Two” already."
    assert refusal(three, fresh(one)) == "“One” was merged into “Two” already."
    assert refusal(fresh(two), fresh(one)) == "“One” was merged into “Two” already."
    assert refusal(fresh(two), three) is None


def test_an_owner_is_not_merged_into_what_it_owns_but_the_other_way() -> None:
    top = factories.source("top")
    house = factories.source("house", owner=top)
    paper = factories.source("paper", owner=house)
    assert refusal(top, paper) == "“Top” owns “Paper”: an owner is not merged into what it owns."
    assert refusal(house, paper) == "“House” owns “Paper”: an owner is not merged into what it owns."
    assert refusal(paper, top) is None
    join(paper, top)
    assert top_owners([paper.pk, house.pk]) == {paper.pk: top.pk, house.pk: top.pk}


def test_sisters_may_be_merged() -> None:
    top = factories.source("top")
    one, two = factories.source("one", owner=top), factories.source("two", owner=top)
    assert refusal(one, two) is None


def test_the_voice_is_the_top_owner_of_what_stays() -> None:
    his, hers = factories.source("his"), factories.source("hers")
    one, two = factories.source("one", owner=his), factories.source("two", owner=hers)
    child = factories.source("child", owner=one)
    join(one, two)
    assert top_owners([one.pk, two.pk, child.pk]) == dict.fromkeys((one.pk, two.pk, child.pk), hers.pk)
    assert heads([one.pk, two.pk, child.pk]) == {one.pk: two.pk, two.pk: two.pk, child.pk: child.pk}


def test_what_stays_unrated_is_not_rated_by_what_was_merged() -> None:
    one, two = factories.source("one", tier=1), factories.source("two", tier=None)
    join(one, two)
    assert {each.tier for each in standings([one.pk, two.pk]).values()} == {None}
    assert {each.tier for each in Source.objects.with_tier()} == {None}  # type: ignore[attr-defined]


def test_either_name_finds_the_one_that_stays() -> None:
    one = factories.source("one", name_vi="Báo Đời", name_en="The Life")
    two = factories.source("two", name_vi="Nhật báo Đời", name_en="Daily Life")
    three = factories.source("three")
    join(one, two)
    for text in ("bao doi", "NHẬT BÁO", "the life", "one.org", "https://one.org/a/b", "two.or"):
        assert list(Source.objects.matching(text)) == [two], text
    assert list(Source.objects.matching("three")) == [three]
    assert list(Source.objects.kept()) == [three, two]
    assert list(SourceAddress.objects.filter(source=one)) == []
