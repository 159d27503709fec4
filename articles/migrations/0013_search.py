from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from articles.searching import entry_of

BATCH = 200
FTS5 = """
CREATE VIRTUAL TABLE articles_searchwords USING fts5(headline, summary, body, tokenize = 'ascii', prefix = '2 3')
"""
# The q ends the headline and the summary: no term is one, so that no phrase goes on from one text into the next.
TSVECTOR = """
CREATE TABLE articles_searchwords (
    rowid bigint PRIMARY KEY,
    headline text NOT NULL,
    summary text NOT NULL,
    body text NOT NULL,
    vector tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', headline || 'q'), 'A')
        || setweight(to_tsvector('simple', summary || 'q'), 'B')
        || setweight(to_tsvector('simple', body), 'D')
    ) STORED
);
CREATE INDEX articles_searchwords_vector ON articles_searchwords USING gin (vector);
"""


def make(apps: Any, editor: Any) -> None:
    """The table of words, of the engine's own kind."""
    editor.execute(FTS5 if editor.connection.vendor == "sqlite" else TSVECTOR, params=None)


def drop(apps: Any, editor: Any) -> None:
    editor.execute("DROP TABLE articles_searchwords", params=None)


def fill(apps: Any, editor: Any) -> None:
    """What was live before there was an index."""
    publications, entries, words = (
        apps.get_model("articles", name) for name in ("Publication", "SearchEntry", "SearchWords")
    )
    rows = publications.objects.filter(state="live").order_by("pk").select_related("live", "live_approval")
    batch: list[Any] = []
    for row in rows.iterator(BATCH):
        batch.append(entry_of(row))
        if len(batch) == BATCH:
            keep(entries, words, batch)
            batch = []
    keep(entries, words, batch)


def keep(entries: Any, words: Any, batch: list[Any]) -> None:
    entries.objects.bulk_create([entries(**entry) for entry, _line in batch])
    words.objects.bulk_create([words(**line) for _entry, line in batch])


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_version_authors"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="articles.publication",
                    ),
                ),
                ("language", models.CharField(max_length=8)),
                ("tier", models.PositiveSmallIntegerField(null=True)),
                ("first_published", models.DateTimeField()),
                ("crowded", models.BooleanField(default=False)),
                (
                    "category",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.category",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="SearchWords",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_column="rowid",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="articles.searchentry",
                    ),
                ),
                ("headline", models.TextField()),
                ("summary", models.TextField()),
                ("body", models.TextField()),
            ],
            options={"db_table": "articles_searchwords", "managed": False, "default_permissions": ()},
        ),
        migrations.RunPython(make, drop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
