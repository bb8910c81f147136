"""A network, with everything it answers for, as rows of an archive."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import FileField, ForeignKey, JSONField, Model
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from verbund.web.archive.network import package
from verbund.web.archive.network.parts import BY_KIND, BY_MODEL, PARTS, Part
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import record
from verbund.web.networks.models import Network
from verbund.wording import refuse

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_Found = dict[str, dict[int, Any]]


class _Writing:
    """The rows found of each part, and the numbers they get: in the order of what they are."""

    def __init__(self, network: Network) -> None:
        self.found: _Found = {
            part.name: {row.pk: row for row in part.rows(network).order_by("pk")} for part in PARTS
        }
        self.named: _Found = defaultdict(dict)
        self.files: dict[str, FieldFile] = {}
        self.numbers: dict[str, dict[int, int]] = {}
        for part in PARTS:
            self._find_named(part)
        for part in PARTS:
            self._number(part)

    def rows(self) -> dict[str, list[package.Row]]:
        written: dict[str, list[package.Row]] = {}
        for part in PARTS:
            own = self.found[part.name] | self.named[part.name]
            order = sorted(self.numbers[part.name].items(), key=lambda item: item[1])
            written[part.name] = [self._row(part, own[pk], number) for pk, number in order]
        return written

    def _find_named(self, part: Part) -> None:
        """Note the rows of others that rows of this part name; rows that cannot be without go."""
        for field in _references(part):
            other = BY_MODEL.get(field.related_model)
            wanted = {getattr(row, field.attname) for row in self.found[part.name].values()}
            known = self.found[other.name].keys() if other else set()
            missing = wanted - known - {None}
            if other and other.named and missing:
                rows = field.related_model._base_manager.in_bulk(missing)
                self.named[other.name] |= rows
            elif missing and not field.null:
                self.found[part.name] = {
                    pk: row
                    for pk, row in self.found[part.name].items()
                    if getattr(row, field.attname) in known
                }

    def _number(self, part: Part) -> None:
        own = self.found[part.name] | self.named[part.name]
        order = sorted(own, key=lambda pk: (self._identity(part, own[pk]), pk))
        self.numbers[part.name] = {pk: number for number, pk in enumerate(order, start=1)}

    def _identity(self, part: Part, row: Model) -> str:
        return json.dumps([self._value(part, row, name) for name in part.identity])

    def _row(self, part: Part, row: Model, number: int) -> package.Row:
        is_named = row.pk in self.named[part.name]
        written: package.Row = {"id": number} | ({"only_named": True} if is_named else {})
        for name in part.named if is_named else part.fields:
            written[name] = self._value(part, row, name)
        return written

    def _value(self, part: Part, row: Any, name: str) -> Any:
        field = row._meta.get_field(name)
        if field.many_to_many:
            numbers = self.numbers[BY_MODEL[field.related_model].name]
            keys = getattr(row, name).values_list("pk", flat=True)
            return sorted(numbers[key] for key in keys if key in numbers)
        if isinstance(field, ForeignKey):
            other = BY_MODEL.get(field.related_model)
            numbers = self.numbers.get(other.name, {}) if other else {}
            return numbers.get(getattr(row, field.attname))
        if isinstance(field, FileField):
            return self._file(getattr(row, name))
        if isinstance(row, AuditEntry) and name == "key":
            return self._key(row)
        value = getattr(row, name)
        if isinstance(field, JSONField):
            return value
        return (
            value
            if value is None or isinstance(value, (bool, int, float))
            else (field.value_to_string(row))
        )

    def _key(self, entry: AuditEntry) -> int | None:
        """Return the number of the row an audit entry is about, if the archive holds it."""
        part = BY_KIND.get(entry.kind)
        return self.numbers[part.name].get(int(entry.key)) if part and entry.key.isdigit() else None

    def _file(self, file: FieldFile) -> dict[str, str] | None:
        """Note a file under a name of its own; one that is gone from the disk is left out."""
        if not file.name or not file.storage.exists(file.name):
            return None
        own = PurePosixPath(file.name)
        known = {held.name: path for path, held in self.files.items()}
        path = known.get(file.name) or f"files/{len(self.files) + 1}{own.suffix[:11]}"
        self.files[path] = file
        return {"path": path, "name": own.name}


def _references(part: Part) -> list[Any]:
    fields = (part.model._meta.get_field(name) for name in part.fields)
    return [field for field in fields if isinstance(field, ForeignKey)]


@transaction.atomic
def write_archive(network: Network, out: Path, *, by: User | None) -> None:
    """Write the archive of a network; nothing is left behind if that fails.

    Raises
    ------
    InvalidInput
        If the file exists already or cannot be written.
    """
    if out.exists():
        raise refuse("backup.exists", file=str(out))
    made_at = timezone.now().isoformat(timespec="seconds")
    writing = _Writing(network)
    try:
        with tempfile.TemporaryDirectory(prefix=".verbund-archive-", dir=out.parent) as folder:
            half = Path(folder) / "archive.zip"
            package.write(
                half, writing.rows(), writing.files, network=network.slug, made_at=made_at
            )
            half.chmod(0o600)
            half.rename(out)
    except OSError as error:
        why = error.strerror or str(error)
        raise refuse("file.not_writable", file=str(out), why=why) from error
    record(by, "archive", network)
