import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sources.naming import folded


def fold(apps, schema_editor):
    for source in apps.get_model("sources", "Source").objects.all():
        names = [folded(getattr(source, f"name_{code}") or "") for code, _label in settings.LANGUAGES]
        source.folded = "\n{}\n".format("\n".join(names))
        source.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="folded",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="source",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="sources.source",
                verbose_name="merged into",
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                help_text="Who owns it. Sources of one owner count as one voice.",
                limit_choices_to={"merged_into": None},
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owned",
                to="sources.source",
                verbose_name="owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into", models.F("pk")), _negated=True), ("merged_into", None), _connector="OR"
                ),
                name="source_not_merged_into_itself",
            ),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop, elidable=True),
    ]
