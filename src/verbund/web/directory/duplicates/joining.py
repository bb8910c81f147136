"""Two rows made one: everything that names the one that goes names the kept one afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import CASCADE, CharField, ForeignKey, Model, Q, TextField, UniqueConstraint

from verbund.web.directory.duplicates.ledger import Ledger
from verbund.web.directory.duplicates.policies import Policy, policy_of, relations_to
from verbund.web.networks.models import Dated, Organisation

_NO_POLICY = Policy()
_Identity = tuple[tuple[str, ...], Q]


def join(kept: Model, gone: Model, ledger: Ledger) -> None:
    """Let all that names `gone` name `kept`, and delete `gone`.

    A row that `kept` has already is joined with it, and so are the rows that name that one. A row
    about the two of them goes: they are one.
    """
    for model, field in relations_to(type(kept)):
        policy = policy_of(field) if isinstance(kept, Organisation) else _NO_POLICY
        for row in model._base_manager.filter(**{field.name: gone.pk}).order_by("pk"):
            _move(row, field, kept, policy, ledger)
    ledger.delete(gone)


def _move(
    row: Model, field: ForeignKey[Any, Any], kept: Model, policy: Policy, ledger: Ledger
) -> None:
    values = {field.attname: kept.pk}
    if row == kept:
        ledger.change(row, {field.attname: None})  # nobody is part of itself
        return
    if _names_twice(row, field, kept):
        drop(row, ledger)
        return
    if policy.in_order:
        values = _in_order(row, policy.in_order, values)
    if twin := same_row(row, values, policy.same):
        if field.one_to_one and field.null:
            ledger.change(row, {field.attname: None})
        else:
            _complete(twin, row, ledger)
            join(twin, row, ledger)
        return
    ledger.change(row, values)


def _names_twice(row: Model, field: ForeignKey[Any, Any], kept: Model) -> bool:
    others = (
        one
        for one in row._meta.concrete_fields
        if isinstance(one, ForeignKey) and one is not field and one.related_model is type(kept)
    )
    return any(getattr(row, one.attname) == kept.pk for one in others)


def _in_order(row: Model, pair: tuple[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    both = sorted(values.get(name, getattr(row, name)) for name in pair)
    return dict(zip(pair, both, strict=True))


def drop(row: Model, ledger: Ledger) -> None:
    """Delete a row and what cannot be without it; the rest forgets it."""
    for model, field in relations_to(type(row)):
        for other in model._base_manager.filter(**{field.name: row.pk}).order_by("pk"):
            if field.remote_field.on_delete is CASCADE:
                drop(other, ledger)
            else:
                ledger.change(other, {field.attname: None})
    ledger.delete(row)


def same_row(row: Model, values: Mapping[str, Any], same: tuple[str, ...]) -> Model | None:
    """Return another row that would be the same once `row` holds these values."""
    model = type(row)
    for names, condition in _identities(model, values, same):
        held = {name: values.get(name, getattr(row, name)) for name in names}
        if None in held.values() and set(names) != {*values, *same}:
            continue  # unknown values are not the same
        both = model._base_manager.filter(condition)
        if both.filter(pk=row.pk).exists():
            twin = both.filter(**held).exclude(pk=row.pk).order_by("pk").first()
            if twin is not None:
                return twin
    return None


def _identities(
    model: type[Model], values: Mapping[str, Any], same: tuple[str, ...]
) -> Iterator[_Identity]:
    """List what makes a row of a model the same as another, as far as it names the values."""
    if same:
        yield (*values, *same), Q()
    for field in model._meta.concrete_fields:
        if field.unique and field.attname in values:
            yield (field.attname,), Q()
    constraints: list[tuple[Sequence[str], Q | None]]
    constraints = [(names, None) for names in model._meta.unique_together]
    for one in model._meta.constraints:
        if isinstance(one, UniqueConstraint) and one.fields:
            constraints.append((one.fields, one.condition))
    columns = {field.name: field.attname for field in model._meta.concrete_fields}
    for fields, condition in constraints:
        names = tuple(columns[name] for name in fields)
        if set(names) & values.keys():
            yield names, condition or Q()


def _complete(twin: Model, row: Model, ledger: Ledger) -> None:
    """Give the row that stays the texts it lacks, and the longer time of the two."""
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        is_text = isinstance(field, (CharField, TextField)) and not field.choices
        if is_text and getattr(twin, field.attname) == "" and getattr(row, field.attname):
            values[field.attname] = getattr(row, field.attname)
    if isinstance(twin, Dated) and isinstance(row, Dated):
        starts, ends = (twin.valid_from, row.valid_from), (twin.valid_until, row.valid_until)
        values["valid_from"] = min((day for day in starts if day), default=None)
        values["valid_until"] = max((day for day in ends if day), default=None)
        values |= {"valid_from": None} if None in starts else {}
        values |= {"valid_until": None} if None in ends else {}
    ledger.change(twin, values)
