"""Lists of the desk go on as far as one asks, and nothing is counted but a few pages more."""

import pytest
from django.core.paginator import InvalidPage
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from articles.models import Edit
from sources.admin.paging import AHEAD, LongList
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def edits(desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    Edit.objects.bulk_create([Edit(article=article, fields=["kind"], by=desk.an) for _edit in range(40)])


@pytest.mark.parametrize(
    ("asked", "pages"), [("", 1 + AHEAD), ("1", 1 + AHEAD), ("4", 4 + AHEAD), ("9" * 30, 1 + AHEAD), ("-2", 1 + AHEAD)]
)
def test_a_list_counts_some_pages_more_and_no_further(edits: None, asked: str, pages: int) -> None:
    rows = Edit.objects.order_by("-pk")
    found = LongList().get_paginator(RequestFactory().get("/", {"p": asked}), rows, 2)
    with CaptureQueriesContext(connection) as queries:
        assert found.num_pages == pages
    assert len(queries) == 1
    assert f"LIMIT {2 * pages}" in queries[0]["sql"]
    assert "ORDER BY" not in queries[0]["sql"]


def test_every_row_can_be_paged_to(edits: None) -> None:
    rows, seen, page = Edit.objects.order_by("-pk"), [], 1
    while True:
        found = LongList().get_paginator(RequestFactory().get("/", {"p": str(page)}), rows, 2)
        try:
            seen += list(found.page(page))
        except InvalidPage:
            break
        page += 1
    assert seen == list(rows)
