from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from sources.frozen import Freeze


def fill(apps: Any, editor: Any) -> None:
    """The address of each source that was there before this table."""
    kept = apps.get_model("sources", "SourceSlug")
    rows = apps.get_model("sources", "Source").objects.order_by("pk").values_list("pk", "slug")
    kept.objects.bulk_create((kept(of_id=pk, slug=slug) for pk, slug in rows), 500)


class Migration(migrations.Migration):
    dependencies = [("sources", "0003_counting_outcomes")]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="Left empty, it is made from the name.",
                max_length=100,
                unique=True,
                verbose_name="address",
            ),
        ),
        migrations.CreateModel(
            name="SourceSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(blank=True, default="", max_length=8, verbose_name="language")),
                ("slug", models.SlugField(max_length=100, verbose_name="address")),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept_slugs", to="sources.source"
                    ),
                ),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("language", "slug"), name="sourceslug_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        Freeze("SourceSlug"),
    ]
