from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.AddField("mail", "attempts", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("mail", "tried_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "mail",
            "state",
            models.CharField(
                choices=[
                    ("waiting", "waiting to be sent"),
                    ("sending", "being sent"),
                    ("sent", "sent"),
                    ("failed", "could not be sent"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
