"""Why somebody sees what of an organisation: every row of every class of data, with every way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.sharing import Why, owner_of, whys
from verbund.web.core.texts import text_of
from verbund.web.directory.audiences import LABELS
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.models import Competence, Entry, Figures, PastFigures, Profile
from verbund.web.directory.queries import label_of
from verbund.web.networks.models import Alias, DataClass, Organisation, Site
from verbund.web.networks.rules import Viewer


@dataclass(frozen=True)
class Reason:
    """The fields of one class of data that are seen by the same ways."""

    data_class: DataClass
    names: list[str | Promise]
    ways: list[Why]

    @property
    def label(self) -> Promise:
        return LABELS[self.data_class]


def reasons_of(organisation: Organisation, viewer: Viewer, on: dt.date) -> list[Reason]:
    """List all that a viewer sees of an organisation; models that join the rule come by themselves.

    Rows of one class that are seen alike stand together.
    """
    owner = owner_of(organisation, on)
    groups: dict[tuple[DataClass, str], Reason] = {}
    for thing in _things(organisation):
        ways = whys(thing, to=viewer, on=on, owner=owner)
        data_class = DataClass(thing.data_class)
        if ways:
            key = (data_class, repr([_key(way) for way in ways]))
            group = groups.setdefault(key, Reason(data_class, [], ways))
            group.names.append(_name(thing))
    return sorted(groups.values(), key=lambda group: list(LABELS).index(group.data_class))


def _key(way: Why) -> tuple[Any, ...]:
    return way.code, way.rule and way.rule.pk, way.consent and way.consent.pk


def _things(organisation: Organisation) -> Iterator[Any]:
    for model in apps.get_models():
        way = getattr(model, "way_to_organisation", None)
        if way is not None:
            rows = model._default_manager.filter(**{way or "pk": organisation.pk})
            yield from rows.order_by("pk")


def _name(thing: Model) -> str | Promise:
    """Say what a field is to its readers."""
    if isinstance(thing, Entry):
        return str(text_of(thing, "text"))
    if isinstance(thing, Competence):
        concept = vocabulary_in_use().concepts.get(thing.concept)
        return label_of(concept) if concept else thing.concept
    if isinstance(thing, PastFigures):
        return _("Figures of %(year)s") % {"year": thing.as_of.year}
    found = _FIXED.get(type(thing))
    if found:
        return found
    return f"{_PREFIXES[type(thing)]}: {thing}" if type(thing) in _PREFIXES else str(thing)


_FIXED: dict[type[Model], Promise] = {
    Organisation: _("Name, place and website"),
    Profile: _("Texts, topics and field of business"),
    Figures: _("Employees and turnover"),
}
_PREFIXES: dict[type[Model], Promise] = {Alias: _("Another name"), Site: _("Site")}
