import uuid
from typing import Any

from django.db import migrations, models


def give_uids(apps: Any, schema_editor: Any) -> None:
    organisations = apps.get_model("networks", "Organisation").objects.all()
    for organisation in organisations.only("pk").iterator():
        organisations.filter(pk=organisation.pk).update(uid=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0003_search_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.RunPython(give_uids, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="organisation",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
