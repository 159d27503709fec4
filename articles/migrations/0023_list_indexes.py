from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0022_invalidations"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["state", "-first_published", "-id"], name="publication_newest"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["state", "article", "last_published"], name="publication_in_sitemap"),
        ),
        migrations.AddIndex(
            model_name="reviewstatus",
            index=models.Index(fields=["at"], name="review_by_date"),
        ),
    ]
