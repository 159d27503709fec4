from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from articles.models.version_author import signed
from sources.frozen import Freeze

BATCH = 500


def fill(apps: Any, editor: Any) -> None:
    """A row for each author of a version that was there before this table."""
    rows: list[Any] = []
    table = apps.get_model("articles", "VersionAuthor")
    versions = apps.get_model("articles", "Version").objects.order_by("pk").values_list("pk", "byline")
    for pk, byline in versions.iterator(BATCH):
        rows += [table(**row) for row in signed(pk, byline)]
        if len(rows) >= BATCH:
            table.objects.bulk_create(rows)
            rows = []
    table.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0011_version_sources"),
    ]

    operations = [
        migrations.CreateModel(
            name="VersionAuthor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.author"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="authors", to="articles.version"
                    ),
                ),
            ],
            options={
                "verbose_name": "author of a version",
                "verbose_name_plural": "authors of versions",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["author", "version"], name="version_author_signing")],
                "constraints": [models.UniqueConstraint(fields=("version", "author"), name="version_author_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        Freeze("VersionAuthor"),
    ]
