from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from articles import likeness


def fill(apps: Any, editor: Any) -> None:
    """What stands in the working copies before this migration."""
    for article in apps.get_model("articles", "Article").objects.only("pk", "headline_vi", "headline_en").iterator():
        kept = {
            f"likeness_{code}": likeness.of_headline(getattr(article, f"headline_{code}") or "")
            for code in ("vi", "en")
        }
        type(article)._base_manager.filter(pk=article.pk).update(**kept)
    for citation in apps.get_model("articles", "Citation").objects.only("pk", "url").iterator():
        type(citation)._base_manager.filter(pk=citation.pk).update(likeness=likeness.of_url(citation.url))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_previews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="likeness",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="article",
            name="likeness_en",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="likeness_vi",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="citation",
            name="likeness",
            field=models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
        ),
        migrations.CreateModel(
            name="NotificationChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(default="vi", max_length=8, verbose_name="language of mail")),
                ("events", models.JSONField(default=dict, verbose_name="events")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notification_choice",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "choice of notifications",
                "verbose_name_plural": "choices of notifications",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("assigned", "somebody asks me to review"),
                            ("changes_requested", "changes are requested of what I wrote"),
                            ("approved", "what I wrote is approved"),
                            ("published", "what I wrote is published"),
                            ("corrected", "what I wrote is published as a correction"),
                            ("withdrawn", "what I wrote is withdrawn"),
                            ("failed", "something did not go out as scheduled"),
                        ],
                        max_length=20,
                        verbose_name="event",
                    ),
                ),
                ("occasion", models.CharField(max_length=60, verbose_name="occasion")),
                ("by_name", models.CharField(max_length=300, verbose_name="by")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("due", models.DateField(null=True, verbose_name="due")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("inbox", models.BooleanField(verbose_name="in the inbox")),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                (
                    "mail",
                    models.CharField(
                        choices=[("none", "none"), ("due", "due"), ("sent", "sent"), ("failed", "failed")],
                        max_length=10,
                        verbose_name="mail",
                    ),
                ),
                ("mail_error", models.TextField(blank=True, verbose_name="why the mail failed")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.publication"
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="articles.reviewstatus",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="articles.version"
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("inbox", True)), fields=["user", "-id"], name="notification_inbox"
                    ),
                    models.Index(condition=models.Q(("mail", "due")), fields=["id"], name="notification_to_mail"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "occasion"), name="notified_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "event__in",
                                [
                                    "assigned",
                                    "changes_requested",
                                    "approved",
                                    "published",
                                    "corrected",
                                    "withdrawn",
                                    "failed",
                                ],
                            )
                        ),
                        name="notification_event_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mail__in", ["none", "due", "sent", "failed"])),
                        name="notification_mail_known",
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
