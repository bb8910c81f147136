"""Changes that can be taken back: each is written down with what was there before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, transaction
from django.db.models import Field, ForeignKey, Model

Line = dict[str, Any]
_PLAIN = (str, int, float, bool, type(None), list, dict)


@dataclass
class Ledger:
    """Writes rows and keeps, in order, how to undo it; `lines` are plain JSON."""

    lines: list[Line] = field(default_factory=list)

    def change(self, row: Model, values: Mapping[str, Any]) -> None:
        """Set columns of a row (foreign keys by `_id`); what stays the same is not noted."""
        new = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not new:
            return
        before = {name: plain(getattr(row, name)) for name in new}
        for name, value in new.items():
            setattr(row, name, value)
        _rows(type(row)).filter(pk=row.pk).update(**new)
        after = {name: plain(value) for name, value in new.items()}
        self.lines.append({"did": "change", **_address(row), "before": before, "after": after})

    def delete(self, row: Model) -> None:
        content = serializers.serialize("python", [row])[0]
        content["fields"] = {name: plain(value) for name, value in content["fields"].items()}
        self.lines.append({"did": "delete", **_address(row), "content": content})
        _rows(type(row)).filter(pk=row.pk).delete()

    def add(self, row: Model) -> None:
        row.save()
        self.lines.append({"did": "add", **_address(row)})


def plain(value: Any) -> Any:
    return value if isinstance(value, _PLAIN) else str(value)


def _address(row: Model) -> Line:
    return {"model": row._meta.label_lower, "pk": row.pk}


def _rows(model: type[Model]) -> Any:
    return model._base_manager


def row_of(line: Line) -> Model | None:
    found: Model | None = _rows(apps.get_model(line["model"])).filter(pk=line["pk"]).first()
    return found


def edited_since(line: Line) -> dict[str, Any]:
    """Return the columns of a changed row that hold something else by now."""
    row = row_of(line)
    if row is None:
        return {}
    now = {name: plain(getattr(row, name)) for name in line["after"]}
    return {name: value for name, value in now.items() if value != line["after"][name]}


def take_back(lines: Iterable[Line]) -> int:
    """Undo lines, the last first; return how many rows could not be given back.

    What was edited since stays as it is, what was deleted since stays away.
    """
    lost = 0
    for line in reversed(list(lines)):
        match line["did"]:
            case "change":
                _change_back(line)
            case "delete":
                lost += not _put_back(line)
            case "add":
                _rows(apps.get_model(line["model"])).filter(pk=line["pk"]).delete()
    return lost


def _change_back(line: Line) -> None:
    row, edited = row_of(line), edited_since(line)
    values = {name: value for name, value in line["before"].items() if name not in edited}
    if row is not None and values:
        read = {name: column_of(row, name).to_python(value) for name, value in values.items()}
        _rows(type(row)).filter(pk=row.pk).update(**read)


def column_of(row: Model, name: str) -> Field[Any, Any]:
    return next(field for field in row._meta.concrete_fields if field.attname == name)


def _put_back(line: Line) -> bool:
    """Write a deleted row again; not if what it names is gone, or somebody made the same anew."""
    (restored,) = serializers.deserialize("python", [line["content"]])
    row = restored.object
    for one in row._meta.concrete_fields:
        if isinstance(one, ForeignKey) and getattr(row, one.attname) is not None:
            target = {one.target_field.attname: getattr(row, one.attname)}
            if not _rows(one.related_model).filter(**target).exists():
                if not one.null:
                    return False
                setattr(row, one.attname, None)
    try:
        with transaction.atomic():
            restored.save()
    except IntegrityError:
        return False
    return True
