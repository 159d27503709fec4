from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from articles import guards
from articles.models.version_source import named
from sources.frozen import Freeze, Thaw

BATCH = 500


def fill(apps: Any, editor: Any) -> None:
    """A row for each source that a version names which was there before this table."""
    rows: list[Any] = []
    table = apps.get_model("articles", "VersionSource")
    versions = apps.get_model("articles", "Version").objects.order_by("pk").values_list("pk", "citations")
    for pk, citations in versions.iterator(BATCH):
        rows += [table(**row) for row in named(pk, citations)]
        if len(rows) >= BATCH:
            table.objects.bulk_create(rows)
            rows = []
    table.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_verdicts"),
        ("sources", "0001_initial"),
    ]

    operations = [
        Thaw(guards=[*guards.PUBLICATION, *guards.CORRECTION]),
        migrations.AddField(
            model_name="publication",
            name="unsettled_since",
            field=models.DateTimeField(
                help_text="Since then, an assessment says something else than readers are shown.",
                null=True,
                verbose_name="to be reassessed since",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("unsettled_since__isnull", False)),
                fields=["unsettled_since", "id"],
                name="publication_unsettled",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("unsettled_since", None), ("state", "live"), _connector="OR"),
                name="only_what_is_live_is_unsettled",
            ),
        ),
        migrations.CreateModel(
            name="VersionSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("role", models.CharField(choices=[("source", "source"), ("origin", "has it from")], max_length=10)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sources.source"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sources", to="articles.version"
                    ),
                ),
            ],
            options={
                "verbose_name": "source of a version",
                "verbose_name_plural": "sources of versions",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["source", "role", "version"], name="version_source_naming")],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "number", "role"), name="version_source_once"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["source", "origin"])), name="version_source_role_known"
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        Freeze("VersionSource", guards=[*guards.PUBLICATION, *guards.CORRECTION]),
    ]
