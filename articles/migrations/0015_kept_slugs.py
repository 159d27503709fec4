from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sources.frozen import Freeze


def fill(apps: Any, editor: Any) -> None:
    """The address of each author, and of each category in each language, that was there before these tables."""
    kept = apps.get_model("articles", "AuthorSlug")
    rows = apps.get_model("articles", "Author").objects.order_by("pk").values_list("pk", "slug")
    kept.objects.bulk_create((kept(of_id=pk, slug=slug) for pk, slug in rows), 500)
    kept, categories = apps.get_model("articles", "CategorySlug"), apps.get_model("articles", "Category").objects
    there = {field.name for field in categories.model._meta.fields}
    for code, _label in settings.LANGUAGES:
        if (field := f"slug_{code}") in there:  # a language of today may be younger than this migration
            rows = categories.exclude(**{field: None}).exclude(**{field: ""}).order_by("pk").values_list("pk", field)
            kept.objects.bulk_create((kept(of_id=pk, language=code, slug=slug) for pk, slug in rows), 500)


class Migration(migrations.Migration):
    dependencies = [("articles", "0014_pages")]

    operations = [
        migrations.AlterField(
            model_name="author",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="Left empty, it is made from the name.",
                max_length=100,
                unique=True,
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="Left empty, it is made from the name.",
                max_length=100,
                null=True,
                unique=True,
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="slug_en",
            field=models.SlugField(
                blank=True,
                help_text="Left empty, it is made from the name.",
                max_length=100,
                null=True,
                unique=True,
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="slug_vi",
            field=models.SlugField(
                blank=True,
                help_text="Left empty, it is made from the name.",
                max_length=100,
                null=True,
                unique=True,
                verbose_name="address",
            ),
        ),
        migrations.CreateModel(
            name="AuthorSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(blank=True, default="", max_length=8, verbose_name="language")),
                ("slug", models.SlugField(max_length=100, verbose_name="address")),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept_slugs", to="articles.author"
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
                "constraints": [models.UniqueConstraint(fields=("language", "slug"), name="authorslug_once")],
            },
        ),
        migrations.CreateModel(
            name="CategorySlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(blank=True, default="", max_length=8, verbose_name="language")),
                ("slug", models.SlugField(max_length=100, verbose_name="address")),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept_slugs", to="articles.category"
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
                "constraints": [models.UniqueConstraint(fields=("language", "slug"), name="categoryslug_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        Freeze("AuthorSlug", "CategorySlug"),
    ]
