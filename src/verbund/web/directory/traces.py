"""What a step wrote into members' data, kept so that it can be undone, also after other edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from verbund.web.networks.models import Organisation

Values = dict[str, Any]  # by the name of the field, as JSON keeps them


@dataclass
class Trace:
    """What one row did to one organisation.

    `made` lists what was written new, `changed` what stood there before and what was written: each
    with the model, the key and the values by field.
    """

    organisation: int
    name: str
    is_new: bool
    made: list[tuple[str, int, Values]] = field(default_factory=list)
    changed: list[tuple[str, int, dict[str, tuple[Any, Any]]]] = field(default_factory=list)


def values_of(thing: Model) -> Values:
    """Return what people write into a thing; not its key, and nothing that is worked out."""
    return {
        one.attname: _storable(one.value_from_object(thing))
        for one in thing._meta.concrete_fields
        if one.editable and not one.primary_key and not one.is_relation
    }


def _storable(value: Any) -> Any:
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def restored(field_of_model: Field[Any, Any], value: Any) -> Any:
    """Return a kept value as the model has it."""
    return field_of_model.to_python(value)


def snapshot(things: Iterable[Model]) -> dict[int, Values]:
    """Keep how things stand, by their identity in memory."""
    return {id(thing): values_of(thing) for thing in things if thing.pk}


def trace_of(
    organisation: Organisation,
    written: Iterable[Model],
    before: Mapping[int, Values],
    *,
    is_new: bool,
) -> Trace:
    trace = Trace(organisation.pk, organisation.name, is_new)
    for thing in written:
        label, now, was = thing._meta.label_lower, values_of(thing), before.get(id(thing))
        if was is None:
            trace.made.append((label, thing.pk, now))
            continue
        changed = {name: (was[name], value) for name, value in now.items() if was[name] != value}
        if changed:
            trace.changed.append((label, thing.pk, changed))
    return trace


def model_of(label: str) -> type[Model]:
    return apps.get_model(label)
