from django.db import migrations, models

from articles import pixels


def want(apps, schema_editor):
    """What machines are told of, of each picture as it is or was to be cut: a worker makes it."""
    renditions = apps.get_model("articles", "Rendition").objects
    cuts = renditions.order_by().values_list("file", "focal_x", "focal_y", "file__width", "file__height").distinct()
    for file, x, y, width, height in list(cuts):
        rows = [
            renditions.model(file_id=file, focal_x=x, focal_y=y, ratio=ratio, width=each, file_format="jpeg")
            for ratio, each in pixels.told(width, height).items()
        ]
        renditions.bulk_create(rows, ignore_conflicts=True)


def unwant(apps, schema_editor):
    """Their files are nobody's then, and are pruned."""
    renditions = apps.get_model("articles", "Rendition").objects
    renditions.exclude(ratio="16x9").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0019_lead_pictures"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="rendition", name="rendition_once"),
        migrations.AddField(
            model_name="rendition",
            name="ratio",
            field=models.CharField(
                choices=[("16x9", "16x9"), ("4x3", "4x3"), ("1x1", "1x1")], default="16x9", max_length=5
            ),
        ),
        migrations.AddConstraint(
            model_name="rendition",
            constraint=models.UniqueConstraint(
                fields=("file", "focal_x", "focal_y", "ratio", "width", "file_format"), name="rendition_once"
            ),
        ),
        migrations.RunPython(want, unwant),
    ]
