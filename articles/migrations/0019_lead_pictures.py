import django.db.models.deletion
from django.db import migrations, models

from articles import guards
from sources.frozen import Freeze, Thaw

READING_VERSIONS = [*guards.LEDGER, *guards.PUBLICATION, *guards.CORRECTION, *guards.VERDICT]


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0018_renditions"),
    ]

    operations = [
        Thaw("Version", guards=READING_VERSIONS),
        migrations.AddField(
            model_name="article",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leading",
                to="articles.photo",
                verbose_name="lead picture",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="pictures",
            field=models.JSONField(default=list, verbose_name="pictures"),
        ),
        migrations.CreateModel(
            name="VersionPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.photofile"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.photo"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="articles.version"
                    ),
                ),
            ],
            options={
                "verbose_name": "picture of a version",
                "verbose_name_plural": "pictures of versions",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("version", "photo"), name="version_photo_once")],
            },
        ),
        Freeze("Version", "VersionPhoto", guards=READING_VERSIONS),
    ]
