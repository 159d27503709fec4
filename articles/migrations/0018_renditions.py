import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import articles.models.photo


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0017_photos"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rendition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("focal_x", models.PositiveSmallIntegerField()),
                ("focal_y", models.PositiveSmallIntegerField()),
                ("width", models.PositiveSmallIntegerField(verbose_name="width")),
                (
                    "file_format",
                    models.CharField(
                        choices=[("jpeg", "JPEG"), ("webp", "WEBP"), ("avif", "AVIF")],
                        max_length=5,
                        verbose_name="format",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("done", "done"), ("failed", "failed")],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("due", models.DateTimeField(default=django.utils.timezone.now, verbose_name="due")),
                ("last_error", models.CharField(blank=True, max_length=200, verbose_name="why it failed")),
                ("stored", models.FileField(blank=True, upload_to=articles.models.photo.random_name)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="renditions", to="articles.photofile"
                    ),
                ),
            ],
            options={
                "verbose_name": "size of a picture",
                "verbose_name_plural": "sizes of pictures",
                "default_permissions": (),
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["due", "id"], name="rendition_due")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file", "focal_x", "focal_y", "width", "file_format"), name="rendition_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "done", "failed"])), name="rendition_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "done"), ("stored", ""), _connector="XOR"),
                        name="rendition_done_is_stored",
                    ),
                ],
            },
        ),
    ]
