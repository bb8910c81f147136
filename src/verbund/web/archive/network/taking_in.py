"""An archive read into an installation: what is new is added, what is there is told and kept.

Rows are matched by what they are (`Part.identity`): networks and agreements by their short names,
organisations by the id they carry everywhere, people by their mail addresses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, FileField, ForeignKey, Model

from verbund.web.archive.network.package import Package, Row, opened, wrong_row
from verbund.web.archive.network.parts import (
    BY_KIND,
    BY_MODEL,
    PARTS,
    Part,
    harmless,
    prepare,
    work_out,
)
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import record
from verbund.web.networks.models import Network
from verbund.wording import refuse

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_BATCH = 500


@dataclass(frozen=True)
class Difference:
    """A row that is there and says something else than the archive."""

    part: str
    row: Model
    fields: dict[str, tuple[Any, Any]]  # what it says here, and in the archive


@dataclass
class Preview:
    """What an import does: how many rows of each kind are new or the same, and what differs."""

    network: str
    made_at: str
    new: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    different: list[Difference] = field(default_factory=list)


def take_in(
    path: Path, *, overwrite: bool | None, is_test: bool = False, by: User | None = None
) -> Preview:
    """Read an archive; all of it or nothing.

    Parameters
    ----------
    overwrite
        What becomes of rows that differ: True takes what the archive says, False keeps what is
        here, None refuses to import as long as there are any.
    is_test
        Only tell what would happen.

    Raises
    ------
    InvalidInput
        If the archive cannot be used.
    """
    with opened(path) as package:
        taking = _TakingIn(path, package)
        try:
            with transaction.atomic():
                preview = taking.run(overwrite=bool(overwrite))
                is_refused = overwrite is None and bool(preview.different)
                if is_test or is_refused:
                    transaction.set_rollback(True)
                elif any(preview.new.values()) or (overwrite and preview.different):
                    record(by, "take_in_archive", taking.network)
        except BaseException:
            taking.forget_files()
            raise
        if is_test or is_refused:
            taking.forget_files()
        return preview


class _TakingIn:
    """Goes through the parts in the order of their dependencies; ids of the archive become rows."""

    def __init__(self, path: Path, package: Package) -> None:
        self.path, self.package = path, package
        self.rows: dict[str, dict[int, Model | None]] = defaultdict(dict)
        self.saved: list[tuple[Any, str]] = []
        self.network = Network()
        self.preview = Preview(package.network, package.made_at)

    def run(self, *, overwrite: bool) -> Preview:
        created: list[Model] = []
        for part in PARTS:
            created += self._take(part, overwrite=overwrite)
        work_out(created)
        return self.preview

    def forget_files(self) -> None:
        for storage, name in self.saved:
            storage.delete(name)

    def _take(self, part: Part, *, overwrite: bool) -> list[Model]:
        known = self._known(part)
        new: list[tuple[int, Model]] = []
        later: list[tuple[int, Row]] = []
        for number, said in enumerate(self.package.rows.get(part.name, ()), start=1):
            row = self._read(part, said, number)
            there = known[_identity(part, row)].pop(0) if known.get(_identity(part, row)) else None
            if there is None:
                new.append((number, row))
            elif not said.get("only_named"):
                self._compare(part, there, row, overwrite=overwrite)
            self.rows[part.name][number] = there
            later.append((number, said))
        created = self._create(part, new)
        self._refer_to_itself(part, later, {row.pk for row in created})
        if part.model is Network:
            self._find_network(part)
        self.preview.new[part.name] = len(created)
        return created

    def _find_network(self, part: Part) -> None:
        for row in self.rows[part.name].values():
            if isinstance(row, Network) and row.slug == self.package.network:
                self.network = row
                return
        raise refuse("archive.foreign", file=str(self.path))

    # ------------------------------------------------------------ one row

    def _read(self, part: Part, said: Row, number: int) -> Model:
        names = part.named if said.get("only_named") else part.fields
        if set(said) - {"id", "only_named", *names}:
            raise self._wrong(part, number, ", ".join(sorted(set(said) - {"id", *names})))
        row = part.model()
        for name in names:
            if name in said:
                self._set(part, row, name, said[name], number)
        for name, value in part.given(self.network).items():
            setattr(row, name, value)
        return prepare(row, is_named=bool(said.get("only_named")))

    def _set(self, part: Part, row: Any, name: str, value: Any, number: int) -> None:
        column = row._meta.get_field(name)
        try:
            if column.many_to_many:
                row.archived_links = {name: [self._refer(column, one) for one in value]}
            elif isinstance(column, ForeignKey):
                if column.related_model is not part.model:
                    setattr(row, name, self._refer(column, value))
            elif isinstance(column, FileField):
                row.archived_file = (name, value)
            elif isinstance(row, AuditEntry) and name == "key":
                row.key = self._key(row.kind, value)
            else:
                setattr(row, column.attname, _cleaned(column, value, row))
        except (ValidationError, KeyError, TypeError, ValueError, IndexError) as error:
            why = " ".join(getattr(error, "messages", ())) or name
            raise self._wrong(part, number, f"{name}: {why}") from error

    def _refer(self, column: Any, value: Any) -> Model | None:
        if value is None and column.null:
            return None
        row = self.rows[BY_MODEL[column.related_model].name][value]
        if row is None:
            raise KeyError(value)
        return row

    def _key(self, kind: str, value: Any) -> str:
        part = BY_KIND.get(kind)
        row = self.rows[part.name].get(value) if part and value else None
        return str(row.pk) if row else ""

    def _wrong(self, part: Part, number: int, why: str) -> Exception:
        return wrong_row(self.path, f"rows/{part.name}.jsonl", number, why)

    # ------------------------------------------------------------ what is there

    def _known(self, part: Part) -> dict[tuple[Any, ...], list[Model]]:
        """Return the rows here that the archive may mean, by what they are."""
        first = part.identity[0]
        column: Any = part.model._meta.get_field(first)
        found: dict[tuple[Any, ...], list[Model]] = defaultdict(list)
        if isinstance(column, ForeignKey):
            there = self.rows[BY_MODEL[column.related_model].name].values()
            wanted = [row.pk for row in there if row is not None]
        else:
            wanted = [row.get(first) for row in self.package.rows.get(part.name, ())]
        rows = part.model._base_manager
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            try:
                for row in rows.filter(**{f"{first}__in": batch}).order_by("pk"):
                    found[_identity(part, row)].append(row)
            except (ValidationError, TypeError, ValueError) as error:
                raise self._wrong(part, start + 1, first) from error
        return found

    def _compare(self, part: Part, there: Any, row: Any, *, overwrite: bool) -> None:
        fields = {}
        for name in part.fields:
            column: Any = part.model._meta.get_field(name)
            if not _is_compared(part, column, row.__dict__.get(column.attname)):
                continue
            here, said = getattr(there, name), getattr(row, name)
            if here != said:
                fields[name] = (here, said)
        if not fields:
            self.preview.same[part.name] = self.preview.same.get(part.name, 0) + 1
            return
        self.preview.different.append(Difference(part.name, there, fields))
        if overwrite:
            for name, (_, said) in fields.items():
                setattr(there, name, said)
            there.save()

    # ------------------------------------------------------------ what is new

    def _create(self, part: Part, new: list[tuple[int, Model]]) -> list[Model]:
        rows = harmless(part.model, [row for _, row in new], self.network)
        for row in rows:
            self._save_file(part, row)
        stamps = [
            column.name
            for column in part.model._meta.concrete_fields
            if isinstance(column, DateTimeField) and column.auto_now_add
        ]
        said = [{name: getattr(row, name) for name in stamps} for row in rows]
        try:
            part.model._base_manager.bulk_create(rows, batch_size=_BATCH)
        except (IntegrityError, OverflowError) as error:
            raise self._wrong(part, new[0][0], str(error)) from error
        for row, values in zip(rows, said, strict=True):
            for name, value in values.items():
                setattr(row, name, value)
        if stamps and rows:
            part.model._base_manager.bulk_update(rows, stamps, batch_size=_BATCH)
        kept = {id(row) for row in rows}
        for number, row in new:
            self.rows[part.name][number] = row if id(row) in kept else None
            for name, linked in getattr(row, "archived_links", {}).items():
                getattr(row, name).set(linked)
        return rows

    def _save_file(self, part: Part, row: Any) -> None:
        name, said = getattr(row, "archived_file", ("", None))
        if not said:
            return
        try:
            path, own = str(said["path"]), PurePosixPath(str(said["name"])).name
            with self.package.open(path) as source:
                held = getattr(row, name)
                held.save(own or "file", File(source), save=False)
        except (KeyError, TypeError) as error:
            raise self._wrong(part, 1, name) from error
        self.saved.append((held.storage, held.name))

    def _refer_to_itself(self, part: Part, said: Iterable[tuple[int, Row]], new: set[int]) -> None:
        """Set what rows of a kind say of each other, once all of them are there."""
        columns = [
            column
            for column in part.model._meta.concrete_fields
            if isinstance(column, ForeignKey) and column.related_model is part.model
        ]
        for number, content in said:
            row = self.rows[part.name][number]
            for column in columns:
                other = self.rows[part.name].get(content.get(column.name) or 0)
                if row is not None and row.pk in new and other is not None:
                    type(row)._base_manager.filter(pk=row.pk).update(**{column.name: other})


def _is_compared(part: Part, column: Any, said: Any) -> bool:
    """Tell whether an archive speaks of a column; it does not say who of another office did it."""
    if part.is_final or column.many_to_many or isinstance(column, FileField):
        return False
    if not isinstance(column, ForeignKey):
        return True
    is_told = said is not None or bool(BY_MODEL[column.related_model].named)
    return column.related_model is not part.model and is_told


def _cleaned(column: Any, value: Any, row: Model) -> Any:
    """Check a value as its column does; what must be filled in a form may be empty in old rows."""
    read = column.to_python(value)
    if read is None and not column.null:
        raise ValidationError(column.error_messages["null"])
    return read if read in column.empty_values else column.clean(value, row)


def _identity(part: Part, row: Any) -> tuple[Any, ...]:
    columns: list[Any] = [part.model._meta.get_field(name) for name in part.identity]
    return tuple(getattr(row, column.attname) for column in columns)
