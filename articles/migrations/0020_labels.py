import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0019_lead_pictures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="publication",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="publications",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AlterField(
            model_name="publication",
            name="live_approval",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.reviewstatus",
                verbose_name="live approval",
            ),
        ),
        migrations.AlterField(
            model_name="publication",
            name="stamp",
            field=models.PositiveBigIntegerField(default=0, verbose_name="stamp"),
        ),
        migrations.AlterField(
            model_name="reviewstatus",
            name="hash",
            field=models.CharField(max_length=64, unique=True, verbose_name="hash"),
        ),
        migrations.AlterField(
            model_name="reviewstatus",
            name="previous",
            field=models.CharField(blank=True, max_length=64, unique=True, verbose_name="hash of the row before"),
        ),
        migrations.AlterField(
            model_name="version",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="articles.article",
                verbose_name="article",
            ),
        ),
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
            name="frozen_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="frozen by",
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="last_edit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.edit",
                verbose_name="last edit",
            ),
        ),
    ]
