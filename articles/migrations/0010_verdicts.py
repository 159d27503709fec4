from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from articles.guards import VERDICT
from sources.frozen import Freeze

PROTECT = django.db.models.deletion.PROTECT
OPTIONS = {
    "abstract": False,
    "default_permissions": (),
    "base_manager_name": "objects",
    "default_manager_name": "objects",
}


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0009_what_pages_say"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chance", models.DecimalField(decimal_places=6, max_digits=7, verbose_name="chance of being drawn")),
                ("seed", models.BigIntegerField(verbose_name="seed")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="drawn on")),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="by"
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=PROTECT, related_name="audit", to="articles.version", verbose_name="version"
                    ),
                ),
            ],
            options={
                **OPTIONS,
                "verbose_name": "audit",
                "verbose_name_plural": "audits",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("chance__gt", 0), ("chance__lte", 1)), name="audit_chance_within_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held", models.BooleanField(verbose_name="the claim stood")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("review", "a later look"),
                            ("correction", "correction"),
                            ("withdrawal", "withdrawal"),
                            ("audit", "audit sample"),
                        ],
                        max_length=10,
                        verbose_name="occasion",
                    ),
                ),
                (
                    "weight",
                    models.DecimalField(decimal_places=3, default=Decimal(1), max_digits=6, verbose_name="weight"),
                ),
                ("note", models.TextField(verbose_name="why")),
                ("citations", models.JSONField(verbose_name="citations")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("approval", models.ForeignKey(on_delete=PROTECT, related_name="+", to="articles.reviewstatus")),
                (
                    "audit",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="verdicts", to="articles.audit"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="by"
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="verdicts", to="articles.correction"),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="verdicts", to="articles.version", verbose_name="version"
                    ),
                ),
            ],
            options={
                **OPTIONS,
                "verbose_name": "verdict",
                "verbose_name_plural": "verdicts",
                "indexes": [models.Index(fields=["version", "id"], name="verdict_latest_of_version")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("note", ""), _negated=True), name="verdict_says_why"),
                    models.CheckConstraint(condition=models.Q(("weight__gt", 0)), name="verdict_weighs_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audit", None), ("correction", None), ("occasion", "review")),
                            models.Q(
                                ("audit", None),
                                ("correction__isnull", False),
                                ("occasion__in", ("correction", "withdrawal")),
                            ),
                            models.Q(("audit__isnull", False), ("correction", None), ("occasion", "audit")),
                            _connector="OR",
                        ),
                        name="verdict_occasion_known",
                    ),
                ],
            },
        ),
        Freeze("Audit", "Verdict", guards=VERDICT),
    ]
