import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import articles.models.citation
import articles.models.photo
from articles import roles


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0016_working_languages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PhotoFile",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kept", models.FileField(upload_to=articles.models.photo.random_name)),
                ("preview", models.FileField(upload_to=articles.models.photo.random_name)),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                ("colour", models.CharField(max_length=7)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="added on")),
            ],
            options={
                "verbose_name": "file of a picture",
                "verbose_name_plural": "files of pictures",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "alt",
                    models.CharField(
                        blank=True,
                        help_text="What it shows, for those who cannot see it. No need to start with “picture of”.",
                        max_length=300,
                        verbose_name="text in place of the picture",
                    ),
                ),
                (
                    "alt_vi",
                    models.CharField(
                        blank=True,
                        help_text="What it shows, for those who cannot see it. No need to start with “picture of”.",
                        max_length=300,
                        null=True,
                        verbose_name="text in place of the picture",
                    ),
                ),
                (
                    "alt_en",
                    models.CharField(
                        blank=True,
                        help_text="What it shows, for those who cannot see it. No need to start with “picture of”.",
                        max_length=300,
                        null=True,
                        verbose_name="text in place of the picture",
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=500, verbose_name="caption")),
                ("caption_vi", models.CharField(blank=True, max_length=500, null=True, verbose_name="caption")),
                ("caption_en", models.CharField(blank=True, max_length=500, null=True, verbose_name="caption")),
                (
                    "decorative",
                    models.BooleanField(
                        default=False,
                        help_text="It says nothing that the words do not: read aloud, it is left out.",
                        verbose_name="decorative",
                    ),
                ),
                (
                    "credit",
                    models.CharField(
                        help_text="Who made it, as readers are to see it.", max_length=150, verbose_name="credit"
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        help_text="By what right it is shown: CC BY 4.0, bought, our own.",
                        max_length=100,
                        verbose_name="licence",
                    ),
                ),
                (
                    "source_url",
                    models.CharField(
                        blank=True,
                        max_length=2000,
                        validators=[articles.models.citation.web_address],
                        verbose_name="where it is from",
                    ),
                ),
                ("taken_on", models.DateField(blank=True, null=True, verbose_name="taken on")),
                ("people", models.CharField(blank=True, max_length=300, verbose_name="who is in it")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="where it was taken")),
                (
                    "focal_x",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="focal point from the left, in %",
                    ),
                ),
                (
                    "focal_y",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="focal point from the top, in %",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="added on"),
                ),
                ("hands", models.ManyToManyField(editable=False, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="articles.photofile",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("focal_x__lte", 100), ("focal_y__lte", 100)),
                        name="photo_focal_point_within",
                    )
                ],
            },
        ),
        migrations.RunPython(lambda apps, editor: roles.install(apps), migrations.RunPython.noop),
    ]
