"""The audit log as an office reads it: in words, by who, what, which thing and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from verbund.web.accounts.models import User
from verbund.web.core.auditing import (
    INSTALLATION,
    Named,
    audited,
    entries_for,
    known,
    names_of,
    sentence,
)
from verbund.web.core.models import AuditEntry
from verbund.web.networks.models import Network
from verbund.web.networks.queries import people_known_to
from verbund.web.networks.rules import Viewer


@dataclass(frozen=True)
class Line:
    """An entry as a reader may know it; `words` hold `%(who)s` and `%(what)s`."""

    entry: AuditEntry
    words: str
    who: str
    what: Named
    fields: str

    @property
    def text(self) -> str:
        return self.words % {"who": self.who, "what": self.what.name}

    @property
    def html(self) -> SafeString:
        what = format_html("<b>{}</b>", self.what.name)
        if self.what.url:
            what = format_html('<a href="{}">{}</a>', self.what.url, self.what.name)
        words = self.words.replace("%(who)s", "{who}").replace("%(what)s", "{what}")
        return format_html(words, who=self.who, what=what)

    @property
    def kind(self) -> str:
        about = known(self.entry.kind)
        return str(about.label) if about else self.entry.kind


@dataclass(frozen=True)
class Wanted:
    """What is asked of the log; what was not understood is left out."""

    q: str = ""
    who: int | None = None
    kind: str = ""
    key: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Wanted:
        who, key, kind = asked.get("who", ""), asked.get("key", ""), asked.get("kind", "")
        return cls(
            q=asked.get("q", "").replace("\x00", "").strip()[:200],
            who=int(who) if who.isdecimal() and len(who) < 10 else None,
            kind=kind if known(kind) else "",
            key=key if key.isdecimal() and len(key) < 19 else "",
            since=_day(asked.get("since", "")),
            until=_day(asked.get("until", "")),
        )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def offices_of(viewer: Viewer) -> list[int]:
    """Return whose entries somebody reads: of the networks they manage, and of the installation."""
    return [*sorted(viewer.managed), *([INSTALLATION] if viewer.is_operator else [])]


def can_read_audit(viewer: Viewer) -> bool:
    """Managers read what concerns their network, the operator what concerns the installation."""
    return bool(offices_of(viewer))


def entries(viewer: Viewer, wanted: Wanted, on: dt.date) -> QuerySet[AuditEntry]:
    """Return what a reader may know and asks for, newest first."""
    found = entries_for(offices_of(viewer))
    people = people_known_to(viewer, on)
    if wanted.who:
        found = found.filter(actor__in=people.filter(pk=wanted.who))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.kind and wanted.key:
        found = found.filter(key=wanted.key)
    if wanted.since:
        found = found.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=_midnight(wanted.until) + dt.timedelta(days=1))
    if wanted.q:
        by_name = Q(name__icontains=wanted.q)
        by_person = Q(actor__in=people.filter(name__icontains=wanted.q))
        found = found.filter(by_name | by_person)
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def actors(viewer: Viewer, on: dt.date) -> QuerySet[User]:
    """Return who did something that a reader may know of, and may be named to them."""
    acting = entries_for(offices_of(viewer)).order_by().values("actor")
    return people_known_to(viewer, on).filter(pk__in=acting).order_by("name", "pk")


def kinds() -> list[tuple[str, str]]:
    labels = [(key, capfirst(str(about.label))) for key, about in audited.items()]
    return sorted(labels, key=lambda pair: pair[1])


def lines(found: Iterable[AuditEntry], viewer: Viewer, on: dt.date) -> list[Line]:
    """Put entries into words; whoever and whatever a reader may not know has no name."""
    rows = list(found)
    names = names_of(rows, viewer, on)
    acting = {row.actor_id for row in rows if row.actor_id}
    people = {person.pk: person for person in people_known_to(viewer, on).filter(pk__in=acting)}
    slugs = dict(Network.objects.filter(pk__in=viewer.managed).values_list("slug", "name"))
    return [
        Line(
            row,
            sentence(row.kind, row.verb, row.changes),
            _who(row, people),
            names.get((row.kind, row.key)) or Named(_nameless(row)),
            _said(row, slugs),
        )
        for row in rows
    ]


def _who(entry: AuditEntry, people: Mapping[int, User]) -> str:
    if entry.actor_id is None:
        about = known(entry.kind)
        is_link = about is not None and entry.verb in about.by_link
        return _("Somebody by a link in a mail") if is_link else _("Verbund")
    person = people.get(entry.actor_id)
    return str(person) if person else _("Somebody outside your network")


def _nameless(entry: AuditEntry) -> str:
    about = known(entry.kind)
    label = str(about.label) if about else entry.kind
    return _("%(kind)s no. %(key)s") % {"kind": capfirst(label), "key": entry.key}


def _said(entry: AuditEntry, own: Mapping[str, str]) -> str:
    """Say which fields changed and, to its own office, in which network."""
    parts = []
    fields = entry.changes.get("fields")
    if fields:
        labels = _labels(entry.kind)
        parts.append(", ".join(capfirst(str(labels.get(name, name))) for name in fields))
    if network := own.get(str(entry.changes.get("network", ""))):
        parts.append(network)
    return " · ".join(parts)


def _labels(kind: str) -> dict[str, str]:
    """Return how fields are called on pages: of the kind itself, and of what stands beside it."""
    models = [model for model in apps.get_models() if model._meta.model_name == kind]
    if kind == "organisation":
        beside = ("directory.Profile", "directory.Figures")
        models += [apps.get_model(label) for label in beside]
    return {f.name: str(f.verbose_name) for model in models for f in model._meta.concrete_fields}
