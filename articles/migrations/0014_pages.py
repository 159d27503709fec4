import django.db.models.deletion
from django.db import migrations, models

from articles import guards
from sources.frozen import Freeze, Thaw

READING_VERSIONS = [*guards.LEDGER, *guards.PUBLICATION, *guards.CORRECTION, *guards.VERDICT]


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0013_search"),
    ]

    operations = [
        Thaw("Version", guards=READING_VERSIONS),
        migrations.AlterField(
            model_name="version",
            name="category",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.category",
                verbose_name="category",
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="category_name",
            field=models.CharField(blank=True, max_length=100, verbose_name="category"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__isnull", False), ("kind", "page"), _connector="OR"),
                name="only_a_page_has_no_category",
            ),
        ),
        Freeze("Version", guards=READING_VERSIONS),
    ]
