import django.db.models.functions.datetime
from django.db import migrations, models

from articles import watching
from sources.frozen import Freeze


class Migration(migrations.Migration):
    dependencies = [("articles", "0021_text_pictures"), ("sources", "0004_kept_slugs")]

    operations = [
        migrations.CreateModel(
            name="Invalidation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article_id", models.BigIntegerField(null=True)),
                ("step", models.BigIntegerField()),
                ("told", models.BooleanField(db_default=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("next_try", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("attempts", models.PositiveIntegerField(db_default=0)),
                ("last_error", models.TextField(db_default="")),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(condition=models.Q(("told", False)), fields=["next_try"], name="invalidation_due")
                ],
            },
        ),
        Freeze(guards=[*watching.FRAME, *watching.MOVES, *watching.PICTURES]),
    ]
