"""An uploaded file, read as a member list or refused with one clear sentence."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from verbund.errors import InvalidInput
from verbund.records.identifiers import PIC_DIGITS
from verbund.records.members import MemberList, read_members
from verbund.records.organisation import Organisation as Record
from verbund.records.problems import Problem, Severity
from verbund.records.tables import WORKBOOKS
from verbund.web.directory.member_lists.content import as_content, engine_language
from verbund.web.directory.models import ContactPerson, Profile
from verbund.web.networks.models import Membership, Organisation
from verbund.wording import Phrase, message

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_MEMBERS = 20_000
_LARGEST_UNPACKED = 150_000_000  # bytes; a list of 20,000 members unpacks to a third of it
_AT_ONCE = 1 << 20
_LONGEST_NAME = 100
_ROOM: dict[str, int] = {
    name: getattr(model._meta.get_field(field), "max_length", 0)
    for name, model, field in (
        ("id", Membership, "number"),
        ("name", Organisation, "name"),
        ("city", Organisation, "city"),
        ("postal_code", Organisation, "postal_code"),
        ("website", Organisation, "website"),
        ("segment", Profile, "segment"),
        ("contact_name", ContactPerson, "name"),
        ("contact_email", ContactPerson, "email"),
    )
} | {"pic": PIC_DIGITS}
_MOST = {"employees": 2_147_483_647, "turnover_eur": 9_999_999_999_999}


def read_upload(upload: UploadedFile[Any]) -> dict[str, Any]:
    """Read an uploaded member list; nothing of the file stays on the disk.

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
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / plain_name(upload.name or "")
        with path.open("wb") as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
        members = _read(path)
    if len(members.organisations) > MOST_MEMBERS:
        raise ValidationError(
            _("The file holds more than %(most)s members. Split it into several files.")
            % {"most": MOST_MEMBERS}
        )
    return as_content(_fitting(members), digest.hexdigest())


def plain_name(name: str) -> str:
    """Return the last part of a path that a browser sent, short enough for every disk."""
    path = PureWindowsPath(name)
    return f"{path.stem[:_LONGEST_NAME]}{path.suffix[:10]}" or "list"


def _read(path: Path) -> MemberList:
    try:
        _refuse_bomb(path)
        return read_members(path)
    except InvalidInput as error:
        raise ValidationError(message(error, engine_language())) from error


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
    for field in fields(Record):
        text, room = getattr(record, field.name), _ROOM.get(field.name)
        if room is None or len(text) <= room:
            continue
        changes[field.name] = text[:room] if field.name in ("id", "name") else ""
        problems.append(_problem("too_long", record, field.name, text[:80], room))
    for name, most in _MOST.items():
        if (getattr(record, name) or 0) > most:
            changes[name] = None
            problems.append(_problem("too_large", record, name, str(getattr(record, name)), most))
    if record.aliases:
        changes["aliases"] = tuple(alias[: _ROOM["name"]] for alias in record.aliases)
    return replace(record, **changes) if changes else record


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
