import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from sources.frozen import Freeze


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_notifications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paragraph", models.PositiveIntegerField(verbose_name="paragraph")),
                ("excerpt", models.TextField(blank=True, verbose_name="excerpt")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("resolves", models.BooleanField(default=False, verbose_name="resolves")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="articles.publication"
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="articles.remark",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="articles.version"
                    ),
                ),
            ],
            options={
                "verbose_name": "note on a text",
                "verbose_name_plural": "notes on texts",
                "abstract": False,
                "default_permissions": (),
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("text", ""), _negated=True), ("resolves", True), _connector="OR"),
                        name="remark_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("thread__isnull", False), ("resolves", False), _connector="OR"),
                        name="remark_opens_first",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("resolves", True)), fields=("thread",), name="remark_resolved_once"
                    ),
                ],
            },
        ),
        Freeze("Remark"),
    ]
