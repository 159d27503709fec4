"""How the databases answer what readers and the desk ask most: by an index, whatever there is. The statements are those
of the real pages; PostgreSQL is told to avoid what it need not do, as a few rows are read fastest without any index.
"""

import re
from collections.abc import Callable

import pytest
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Publication
from tests import factories
from tests.articles.test_views import made_anew

pytestmark = pytest.mark.django_db

GROWING = (
    "articles_article", "articles_publication", "articles_version", "articles_reviewstatus", "articles_correction",
    "articles_edit", "articles_versionsource", "articles_versionauthor", "articles_address", "articles_searchentry",
)  # fmt: skip
AVOIDED = ("seqscan", "sort", "incremental_sort", "hashjoin", "mergejoin", "bitmapscan", "hashagg", "material")


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for each in AVOIDED:
                cursor.execute(f"SET LOCAL enable_{each} = off")
            cursor.execute(f"EXPLAIN {sql}", None)
            told = "\n".join(row[0] for row in cursor.fetchall())
            for each in AVOIDED:
                cursor.execute(f"SET LOCAL enable_{each} = on")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", None)
            told = "\n".join(row[3] for row in cursor.fetchall())
    return told


def faults(sql: str) -> list[str]:
    """What would take longer the more rows there are: a growing table read whole, or sorted for its first rows."""
    told = plan(sql)
    sorts = re.search(
        r"TEMP B-TREE FOR (LAST TERM OF |LAST \d+ TERMS OF )?ORDER BY|^ *(->  )?Sort\b", told, re.MULTILINE
    )
    first_rows = re.search(r" LIMIT \d+( OFFSET \d+)?$", sql)
    found = ["sorted for its first rows"] if sorts and first_rows else []
    for line in told.splitlines():
        table = re.search(r"\bSCAN (\w+)(?! .*COVERING)|Seq Scan on (\w+)", line)
        name = (table[1] or table[2]) if table else ""
        if name in GROWING and not (first_rows and not sorts and connection.vendor == "sqlite"):
            found.append(f"{name} is read whole")
    return [f"{each}: {sql}\n{told}" for each in found]


def asked(client: Client, path: str) -> list[str]:
    client.get(path)
    with CaptureQueriesContext(connection) as context:
        assert client.get(path).status_code == 200, path
    return [row["sql"] for row in context.captured_queries if row["sql"].startswith("SELECT")]


@pytest.fixture
def two(desk: factories.Desk) -> list[Publication]:
    made = []
    for marker in ("Alpha", "Beta"):
        article = factories.article(desk.an, marker)
        factories.cite(article, desk.an)
        made.append(factories.published(article, desk=desk))
    return made


@pytest.mark.parametrize(
    "path",
    [
        "/en/", "/en/?before={0}", "/en/categories/technology/", "/en/categories/technology/?before={0}",
        "/en/archive/{1:%Y/%m}/", "/en/articles/headline-alpha/",
        "/en/corrections/", "/en/feed.atom", "/en/categories/technology/feed.atom", "/sitemap.xml",
        "/sitemap-1.xml", "/news-sitemap.xml", "/en/ledger/",
    ],
)  # fmt: skip
def test_a_page_for_readers_takes_no_longer_on_a_large_desk(two: list[Publication], path: str) -> None:
    path = path.format(two[1].pk, two[0].first_published)
    told = made_anew(Client(), path)
    assert told
    assert [fault for sql in told for fault in faults(sql)] == []


@pytest.mark.parametrize("name", ["article", "publication", "version", "reviewstatus"])
def test_a_list_of_the_desk_takes_no_longer_on_a_large_desk(
    two: list[Publication], signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(ModelAdmin, "list_per_page", 1)  # so that there is a further page
    chief = User.objects.create_superuser("chief")
    asked_there = [sql for sql in asked(signed_in(chief), f"/admin/articles/{name}/") if "articles_" in sql]
    assert asked_there
    assert [fault for sql in asked_there for fault in faults(sql)] == []


def test_a_scan_and_a_sort_are_seen(two: list[Publication]) -> None:
    unindexed = Publication.objects.order_by("review_due")[:20]
    assert any("sorted for its first rows" in fault for fault in faults(str(unindexed.query)))
    assert any("is read whole" in fault for fault in faults(str(Publication.objects.filter(stamp=3).query)))
