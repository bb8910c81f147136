"""The PIC becomes one identifier among others; nothing is lost."""

from django.db import migrations


def to_identifiers(apps, schema_editor):
    organisations = apps.get_model("networks", "Organisation")
    identifiers = apps.get_model("networks", "Identifier")
    rows = organisations.objects.exclude(pic="").values_list("pk", "pic")
    identifiers.objects.bulk_create(
        (identifiers(organisation_id=pk, scheme="pic", value=pic) for pk, pic in rows),
        batch_size=1000,
        ignore_conflicts=True,
    )


def to_field(apps, schema_editor):
    organisations = apps.get_model("networks", "Organisation")
    rows = apps.get_model("networks", "Identifier").objects.filter(scheme="pic")
    for pk, pic in rows.values_list("organisation_id", "value"):
        organisations.objects.filter(pk=pk).update(pic=pic[:12])


class Migration(migrations.Migration):
    dependencies = [("networks", "0004_organisation_uid")]

    operations = [migrations.RunPython(to_identifiers, to_field)]
