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
from django.utils.translation import gettext_lazy as _

from verbund.web.archive.privacy.people import own_members
from verbund.web.core.models import Mail
from verbund.web.core.personal import Person, Personal, personal, rows_about
from verbund.web.core.registries import Text
from verbund.web.core.texts import current_language
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.models import Network
from verbund.web.networks.rules import Viewer

Row = Mapping[str, object]
# What fields are called that no form shows.
LABELS: Mapping[str, Text] = {
    "added_at": _("added at"),
    "address": _("mail address"),
    "agreement": _("agreement"),
    "allows": _("allowed"),
    "answered_at": _("answered at"),
    "asked_at": _("asked at"),
    "at": _("when"),
    "bounced_at": _("mail came back at"),
    "content": _("content"),
    "created_at": _("since"),
    "data_class": _("data"),
    "date_joined": _("since"),
    "decided_at": _("decided at"),
    "email": _("mail address"),
    "file_name": _("file"),
    "given_on": _("given on"),
    "id": _("record number"),
    "ip": _("network address"),
    "is_active": _("may sign in"),
    "is_granted": _("granted"),
    "is_refusal": _("refused"),
    "is_superuser": _("runs the installation"),
    "joined_at": _("since"),
    "key": _("what"),
    "kind": _("kind"),
    "last_login": _("last sign-in"),
    "last_seen_at": _("last seen at"),
    "last_used_at": _("last used at"),
    "made_at": _("made at"),
    "network": _("network"),
    "number": _("list number"),
    "occasion": _("occasion"),
    "on": _("on"),
    "organisation": _("organisation"),
    "page": _("page"),
    "place": _("where"),
    "primary": _("main address"),
    "provider": _("service"),
    "saved_at": _("saved at"),
    "sent_at": _("sent at"),
    "state": _("state"),
    "subject": _("subject line"),
    "text": _("text"),
    "title": _("title"),
    "to": _("to"),
    "to_network": _("to which network"),
    "to_organisation": _("to which organisation"),
    "type": _("kind"),
    "uid": _("number there"),
    "unwanted": _("mails not wanted"),
    "user_agent": _("browser"),
    "verified": _("verified"),
    "version": _("text of the agreement"),
    "what_happened": _("what happened"),
    "withdrawn_on": _("withdrawn on"),
    "written_at": _("written at"),
}


@dataclass(frozen=True)
class Part:
    """One kind of rows about a person, by the names of their fields."""

    kind: Personal
    rows: list[Row]

    @property
    def title(self) -> str:
        return capfirst(str(self.kind.label))

    @property
    def readable(self) -> list[list[tuple[str, object]]]:
        """The rows with labels for people."""
        fields = {field.name: field.verbose_name for field in self.kind.model._meta.concrete_fields}
        return [
            [(capfirst(str(LABELS.get(name) or fields[name])), said) for name, said in row.items()]
            for row in self.rows
        ]


def parts_about(person: Person, *, office: Viewer | None = None, on: dt.date) -> list[Part]:
    """Return what is kept about a person: all of it to themself, to an office what is its own."""
    found = []
    for kind in personal:
        rows = rows_about(kind, person)
        if office:
            rows = _of_office(kind, rows, office, on)
        told = [
            _told(kind, row, to_self=office is None and _goes_to(kind, row, person)) for row in rows
        ]
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


def _goes_to(kind: Personal, row: Model, person: Person) -> bool:
    """Tell a mail to somebody from one to others whose answers come to them."""
    first = kind.by_email[0] if kind.by_email else ""
    return not first or str(getattr(row, first)).lower() == person.email.lower()


def _told(kind: Personal, row: Model, *, to_self: bool) -> Row:
    if callable(kind.told):
        return kind.told(row)
    names = (*kind.told, *(kind.told_to_self if to_self else ()))
    return {name: _said(row, name) for name in names}


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
