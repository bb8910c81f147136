"""Everything the installation keeps about a person, as a file (Art. 15 and 20 GDPR)."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils.text import capfirst

from verbund.web.archive.privacy.people import own_members
from verbund.web.core.models import Mail
from verbund.web.core.personal import Person, Personal, personal, rows_about
from verbund.web.core.texts import current_language
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.models import Network
from verbund.web.networks.rules import Viewer

Row = Mapping[str, object]


@dataclass(frozen=True)
class Part:
    """One kind of rows about a person."""

    kind: Personal
    rows: list[Row]

    @property
    def title(self) -> str:
        return capfirst(str(self.kind.label))


def parts_about(person: Person, *, office: Viewer | None = None, on: dt.date) -> list[Part]:
    """Return what is kept about a person: all of it to themself, to an office what is its own."""
    found = []
    for kind in personal:
        rows = rows_about(kind, person)
        if office:
            rows = _of_office(kind, rows, office, on)
        told = [_told(kind, row, to_self=office is None) for row in rows]
        if told:
            found.append(Part(kind, told))
    return found


def _of_office(kind: Personal, rows: QuerySet[Any], office: Viewer, on: dt.date) -> QuerySet[Any]:
    """Keep what lies with an office: what other networks and the account hold is not for it."""
    if kind.model is ContactPerson:
        return rows.filter(organisation__in=own_members(office, on))
    if kind.model is Mail:
        own = Network.objects.filter(pk__in=office.managed).values("slug")
        return rows.filter(network_key__in=own)
    return rows.none()


def _told(kind: Personal, row: Model, *, to_self: bool) -> Row:
    if callable(kind.told):
        return kind.told(row)
    names = (*kind.told, *(kind.told_to_self if to_self else ()))
    labels = {field.name: str(field.verbose_name) for field in row._meta.concrete_fields}
    return {labels[name]: _said(row, name) for name in names}


def _said(row: Model, name: str) -> Any:
    choice = getattr(row, f"get_{name}_display", None)
    value = choice() if choice else getattr(row, name)
    if isinstance(value, (dt.date, dt.datetime, bool, int, list, dict, type(None))):
        return value
    return str(value)


def data_file(person: Person, parts: list[Part], *, now: dt.datetime) -> bytes:
    """Return a zip with the same twice: for programs (JSON) and for people (HTML)."""
    plain = {
        "person": {"name": person.name, "email": person.email},
        "made_at": now,
        "parts": [
            {
                "title": part.title,
                "purpose": str(part.kind.why),
                "when_erased": str(part.kind.fate.label),
                "rows": part.rows,
            }
            for part in parts
        ],
    }
    page = render_to_string(
        "privacy/data_file.html",
        {"person": person, "parts": parts, "now": now, "language": current_language()},
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(plain, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
        archive.writestr("data.json", text)
        archive.writestr("data.html", page)
    return file.getvalue()
