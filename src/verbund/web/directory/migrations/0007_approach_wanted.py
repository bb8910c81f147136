"""The owner of an anonymous request may ask who asks."""

from __future__ import annotations

from django.db import migrations, models

_STATES = [
    ("asked", "asked without names"),
    ("wanted", "the owner would like to know who asks"),
    ("named", "the asking organisation gave its name"),
    ("revealed", "both know each other"),
    ("refused", "refused"),
    ("withdrawn", "withdrawn"),
]


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_merges")]

    operations = [
        migrations.AlterField(
            "approach",
            "state",
            models.CharField(choices=_STATES, default="asked", max_length=10),
        ),
        migrations.AlterField(
            "approachstep", "state", models.CharField(choices=_STATES, max_length=10)
        ),
    ]
