import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_remarks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("url", models.CharField(max_length=2000, verbose_name="URL")),
                ("host", models.CharField(max_length=253, verbose_name="host")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unknown", "not known"),
                            ("live", "open to readers"),
                            ("moved", "leads to another address"),
                            ("changed", "its words have changed"),
                            ("dead", "no longer open to readers"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="answer")),
                ("final_url", models.CharField(blank=True, max_length=2000, verbose_name="leads to")),
                ("first_hash", models.CharField(blank=True, max_length=64)),
                ("text_hash", models.CharField(blank=True, max_length=64)),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("failing_since", models.DateTimeField(null=True, verbose_name="fails since")),
                (
                    "last_error",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "The address is not one that is fetched."),
                            ("name", "The name of the host is not known."),
                            ("inside", "The host is not on the public internet."),
                            ("connect", "The host does not answer."),
                            ("tls", "The host could not prove who it is."),
                            ("time", "The answer took too long."),
                            ("broken", "The answer broke off or could not be understood."),
                            ("redirects", "The address leads on and on."),
                            ("downgrade", "The address leads from a protected connection to an open one."),
                            ("compressed", "The answer is compressed, though it was asked not to be."),
                            ("not-text", "The answer is not text."),
                        ],
                        max_length=20,
                        verbose_name="why it failed",
                    ),
                ),
                ("checked_at", models.DateTimeField(null=True, verbose_name="checked")),
                ("next_check", models.DateTimeField(default=django.utils.timezone.now, verbose_name="next check")),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["next_check", "id"], name="link_due"),
                    models.Index(fields=["taken_at"], name="link_taken"),
                    models.Index(condition=models.Q(("state", "dead")), fields=["failing_since"], name="link_dead"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["unknown", "live", "moved", "changed", "dead"])),
                        name="link_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dead"), _negated=True),
                            ("failing_since__isnull", False),
                            _connector="OR",
                        ),
                        name="link_dead_since",
                    ),
                ],
            },
        ),
    ]
