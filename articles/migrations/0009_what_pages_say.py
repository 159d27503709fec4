from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_policies"),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="facts",
            field=models.JSONField(default=dict),
        ),
    ]
