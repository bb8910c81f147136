"""An uploaded file, read as a member list or refused with one clear sentence."""

from __future__ import annotations

import base64
import hashlib
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from verbund.errors import InvalidInput
from verbund.records.identifiers import PIC_DIGITS
from verbund.records.members import MemberList, read_columns, read_members
from verbund.records.organisation import Detail
from verbund.records.organisation import Organisation as Record
from verbund.records.problems import Problem, Severity
from verbund.records.rows import Column
from verbund.records.tables import WORKBOOKS
from verbund.web.directory.member_lists.content import as_content, engine_language
from verbund.web.directory.models import ContactPerson, Offer, Profile
from verbund.web.networks.models import Membership, Organisation
from verbund.wording import Phrase, message

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_MEMBERS = 20_000
_LARGEST_UNPACKED = 150_000_000  # bytes; a list of 20,000 members unpacks to a third of it
_AT_ONCE = 1 << 20
_LONGEST_NAME = 100
_LONGEST_CAPACITY = getattr(Offer._meta.get_field("capacity"), "max_length", 0)
_ROOM: dict[str, int] = {
    name: getattr(model._meta.get_field(field), "max_length", 0)
    for name, model, field in (
        ("id", Membership, "number"),
        ("name", Organisation, "name"),
        ("legal_form", Organisation, "legal_form"),
        ("street", Organisation, "street"),
        ("city", Organisation, "city"),
        ("postal_code", Organisation, "postal_code"),
        ("website", Organisation, "website"),
        ("segment", Profile, "segment"),
        ("contact_name", ContactPerson, "name"),
        ("contact_function", ContactPerson, "function"),
        ("contact_email", ContactPerson, "email"),
        ("contact_phone", ContactPerson, "phone"),
    )
} | {"pic": PIC_DIGITS}
_MOST = {
    "employees": 2_147_483_647,
    "turnover_eur": 9_999_999_999_999,
    "balance_eur": 9_999_999_999_999,
}


@dataclass(frozen=True)
class Chosen:
    """What an office chose for lists like this one: fields of columns, meanings of terms."""

    mappings: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    terms: Mapping[tuple[str, str], str] = field(default_factory=dict)


def read_upload(upload: UploadedFile[Any], chosen: Chosen) -> dict[str, Any]:
    """Read an uploaded member list; nothing of the file stays on the disk.

    A file in which no column of names is recognised is read as columns without rows, for somebody
    to say which is which.

    Raises
    ------
    ValidationError
        If the file is too large, empty, broken, locked, of another kind, or holds no members.
    """
    limit = settings.UPLOAD_LIMIT_MB
    if (upload.size or 0) > limit * 1024 * 1024:
        raise ValidationError(
            _("The file is larger than %(limit)s MB. Delete pictures and other sheets from it.")
            % {"limit": limit}
        )
    data = b"".join(upload.chunks())
    return _read(plain_name(upload.name or ""), data, chosen)


def read_again(content: Mapping[str, Any], chosen: Chosen) -> dict[str, Any]:
    """Read the file of an import once more, with other choices.

    Raises
    ------
    ValidationError
        If no member is found that way.
    """
    file = content["file"]
    return _read(file["name"], zlib.decompress(base64.b64decode(file["data"])), chosen)


def _read(name: str, data: bytes, chosen: Chosen) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        members = _members(path, chosen)
    packed = base64.b64encode(zlib.compress(data)).decode()
    content = as_content(_fitting(members), hashlib.sha256(data).hexdigest())
    terms = [(field, term, value) for (field, term), value in chosen.terms.items()]
    return content | {"file": {"name": name, "data": packed}, "terms": terms}


def _members(path: Path, chosen: Chosen) -> MemberList:
    _refuse_bomb(path)
    try:
        return read_members(path, mappings=chosen.mappings, terms=chosen.terms, most=MOST_MEMBERS)
    except InvalidInput as error:
        columns = _columns(path) if error.code == "file.no_members" else ()
        if not columns or chosen.mappings.keys() & {column.headings for column in columns}:
            raise ValidationError(message(error, engine_language())) from error
        return MemberList(path.name, (), columns=columns)


def _columns(path: Path) -> tuple[Column, ...]:
    """Return the columns of a file as long as none of them is known to hold the names."""
    columns = read_columns(path)
    is_named = any(column.field in ("name", "short_name") for column in columns)
    return () if is_named else columns


def plain_name(name: str) -> str:
    """Return the last part of a path that a browser sent, short enough for every disk."""
    path = PureWindowsPath(name)
    return f"{path.stem[:_LONGEST_NAME]}{path.suffix[:10]}" or "list"


def _refuse_bomb(path: Path) -> None:
    """Refuse a small file that unpacks to an enormous one, whatever it says about its size."""
    if path.suffix.lower() not in WORKBOOKS or not zipfile.is_zipfile(path):
        return
    size = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist():
                for chunk in _unpacked(archive, part):
                    size += len(chunk)
                    if size > _LARGEST_UNPACKED:
                        raise ValidationError(
                            _(
                                "“%(file)s” unpacks to an enormous size and was not opened. Copy"
                                " the list into a new workbook and save that one."
                            )
                            % {"file": path.name}
                        )
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        return  # locked or broken: the reader has the word for it


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    part.file_size = _LARGEST_UNPACKED + 2 * _AT_ONCE  # what it says of itself may be a lie
    with archive.open(part) as file:
        while chunk := file.read(_AT_ONCE):
            yield chunk


def _fitting(members: MemberList) -> MemberList:
    """Cut names that are too long for the database, leave out other cells; report both."""
    problems = list(members.problems)
    organisations = tuple(_cut(one, problems) for one in members.organisations)
    return replace(members, organisations=organisations, problems=tuple(problems))


def _cut(record: Record, problems: list[Problem]) -> Record:
    changes: dict[str, Any] = {}
    for name, room in _ROOM.items():
        text = getattr(record, name)
        if len(text) > room:
            changes[name] = text[:room] if name in ("id", "name") else ""
            problems.append(_problem("too_long", record, name, text[:80], room))
    for name, most in _MOST.items():
        if (getattr(record, name) or 0) > most:
            changes[name] = None
            problems.append(_problem("too_large", record, name, str(getattr(record, name)), most))
    if record.aliases:
        changes["aliases"] = tuple(alias[: _ROOM["name"]] for alias in record.aliases)
    if record.details:
        changes["details"] = tuple(_fitting_detail(detail) for detail in record.details)
    return replace(record, **changes) if changes else record


def _fitting_detail(detail: Detail) -> Detail:
    text = detail.text[: _ROOM["name"]] if detail.field == "aliases" else detail.text
    return replace(detail, text=text, capacity=detail.capacity[:_LONGEST_CAPACITY])


def _problem(code: str, record: Record, field: str, found: str, most: int) -> Problem:
    origin = record.origins[0]
    values = {"field": Phrase(f"field.{field}"), "most": most}
    return Problem(
        code,
        Severity.WARNING,
        origin.file,
        origin.sheet,
        origin.row,
        found=found,
        values=values,
    )
