import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from articles import guards, roles
from sources.frozen import Freeze, Thaw


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Thaw("ReviewStatus", guards=[*guards.LEDGER, guards.PUBLIC_WORDS.name, guards.OWN_VERSIONS.name]),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("typo", "typo"),
                            ("clarification", "clarification"),
                            ("correction", "correction"),
                            ("update", "update"),
                            ("withdrawal", "withdrawal"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("note", models.TextField(verbose_name="public note")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due", models.DateTimeField(verbose_name="due")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("typo", "typo"),
                            ("clarification", "clarification"),
                            ("correction", "correction"),
                            ("update", "update"),
                        ],
                        max_length=20,
                        verbose_name="kind of correction",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="public note")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="scheduled on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("failed", "failed"),
                            ("done", "done"),
                            ("cancelled", "cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("next_try", models.DateTimeField(verbose_name="next try")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
            ],
            options={
                "verbose_name": "schedule",
                "verbose_name_plural": "schedules",
                "default_permissions": ("view",),
            },
        ),
        migrations.RemoveConstraint(
            model_name="reviewstatus",
            name="approval_has_workings",
        ),
        migrations.AddField(
            model_name="publication",
            name="review_due",
            field=models.DateField(null=True, verbose_name="review due"),
        ),
        migrations.AddField(
            model_name="publication",
            name="reviewer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assigned",
                to=settings.AUTH_USER_MODEL,
                verbose_name="named reviewer",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("approved", "reassessed")), _negated=True),
                    ("confidence__isnull", False),
                    _connector="OR",
                ),
                name="approval_has_workings",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="from_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.version",
                verbose_name="from version",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="publication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="articles.publication",
                verbose_name="publication",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="follows",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.correction",
                verbose_name="catches up with",
                help_text="The change in another language that this one brings here; it is no news to that language.",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="row",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="correction", to="articles.reviewstatus"
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="to_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.version",
                verbose_name="to version",
            ),
        ),
        migrations.AddField(
            model_name="schedule",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name="by"
            ),
        ),
        migrations.AddField(
            model_name="schedule",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="schedules",
                to="articles.version",
                verbose_name="version",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="scheduled",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publication",
                to="articles.schedule",
                verbose_name="scheduled",
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["publication", "-at"], name="correction_of_publication"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["typo", "clarification", "correction", "update", "withdrawal"])),
                name="correction_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "withdrawal"), ("to_version", None)),
                    models.Q(models.Q(("kind", "withdrawal"), _negated=True), ("to_version__isnull", False)),
                    _connector="OR",
                ),
                name="correction_leads_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True), name="correction_says_what"
            ),
        ),
        migrations.AddIndex(
            model_name="schedule",
            index=models.Index(fields=["state", "next_try"], name="schedule_due"),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "failed", "done", "cancelled"])),
                name="schedule_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("next_try__gte", models.F("due"))), name="schedule_never_early"
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "failed"))), fields=("version",), name="schedule_open_once"
            ),
        ),
        Freeze("ReviewStatus", "Correction", guards=[*guards.LEDGER, *guards.PUBLICATION, *guards.CORRECTION]),
        migrations.RunPython(lambda apps, editor: roles.install(apps), migrations.RunPython.noop),
    ]
