"""Whom a source belongs to, and with whom it speaks with one voice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.joining import join
from sources.models import Source
from sources.owning import Group, group
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_owners_stand_in_their_order_and_the_rest_of_the_family_by_name() -> None:
    top = factories.source("top")
    house, other = factories.source("house", owner=top), factories.source("another", owner=top)
    paper, sister = factories.source("paper", owner=house), factories.source("sister", owner=house)
    factories.source("stranger", owner=factories.source("alone"))
    assert group(paper) == Group([house, top], [other, sister])
    assert group(top) == Group([], [other, house, paper, sister])


def test_who_belongs_to_nobody_has_no_group() -> None:
    assert group(factories.source("alone")) == Group([], [])


def test_what_was_merged_is_no_voice_of_its_own() -> None:
    top = factories.source("top")
    one, two = factories.source("one", owner=top), factories.source("two", owner=top)
    join(one, two)
    assert group(two) == Group([top], [])
    assert group(top) == Group([], [two])


def test_owners_in_a_circle_come_to_an_end() -> None:
    one, two = factories.source("one"), factories.source("two")
    Source.objects.filter(pk=one.pk).update(owner=two)
    Source.objects.filter(pk=two.pk).update(owner=one)
    assert group(Source.objects.get(pk=one.pk)).owners == [two]


def test_it_asks_by_the_generation_not_by_the_source() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            group(paper)
        return len(queries)

    top = factories.source("top")
    paper = factories.source("paper", owner=top)
    one = asked()
    for number in range(30):
        factories.source(f"more{number}", owner=top)
    assert asked() == one
