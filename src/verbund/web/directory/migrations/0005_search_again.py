"""Write anew what is searched: it now holds word groups and the parts of compounds."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from verbund.language.searching import kept


def write_search(apps: Any, editor: Any) -> None:
    organisations = apps.get_model("networks", "Organisation").objects
    for one in organisations.prefetch_related("aliases").iterator(chunk_size=500):
        names = (one.name, *(alias.name for alias in one.aliases.all()))
        one.search = kept((*names, one.postal_code, one.city))
        organisations.filter(pk=one.pk).update(search=one.search)
    for name in ("Profile", "Offer", "Request"):
        rows = apps.get_model("directory", name).objects
        for row in rows.iterator(chunk_size=500):
            further = [row.segment, *row.topics.split("\n")] if name == "Profile" else []
            rows.filter(pk=row.pk).update(search=kept((row.text_de, row.text_en, *further)))


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_drafts_by_link"),
        ("networks", "0003_search_index"),
    ]

    operations = [migrations.RunPython(write_search, migrations.RunPython.noop)]
