from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("directory", "0001_initial"),
        ("partnering", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField("suggestion", "offers"),
        migrations.RemoveField("suggestion", "requests"),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                (
                    "offer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.offer",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.profile",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.request",
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quotes",
                        to="partnering.suggestion",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "suggestion",
            "offers",
            models.ManyToManyField(
                related_name="+", through="partnering.Quote", to="directory.offer"
            ),
        ),
        migrations.AddField(
            "suggestion",
            "requests",
            models.ManyToManyField(
                related_name="+", through="partnering.Quote", to="directory.request"
            ),
        ),
    ]
