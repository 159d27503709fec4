from django.db import migrations, models

from sources.frozen import Freeze, Thaw


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0002_merged"),
    ]

    operations = [
        Thaw("SourceOutcome"),
        migrations.AddIndex(
            model_name="sourceoutcome",
            index=models.Index(fields=["source", "subject", "id"], name="outcome_latest_of_subject"),
        ),
        Freeze("SourceOutcome"),
    ]
