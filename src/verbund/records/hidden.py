"""Columns and rows that a workbook hides.

They are read like all others, but whoever hid a column may not have meant to pass it on.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LARGEST_SHEET = 200_000_000  # bytes unpacked; a larger one is not searched for hidden parts


@dataclass(frozen=True, slots=True)
class HiddenParts:
    """Indices from 0 of hidden columns, and how many rows are hidden."""

    columns: frozenset[int] = frozenset()
    rows: int = 0


NOTHING_HIDDEN = HiddenParts()


def hidden_parts(path: Path) -> dict[str, HiddenParts]:
    """Find what each sheet of an xlsx file hides; other kinds of files tell nothing here."""
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                name: _parts_of(archive, member) for name, member in _sheet_files(archive).items()
            }
    except (KeyError, ET.ParseError, zipfile.BadZipFile, ValueError):
        return {}  # an unusual workbook: its cells are read all the same


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    # Expat refuses entities that grow without bound, and reads nothing from elsewhere.
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # see above
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    workbook = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  # see above
    files = {}
    for sheet in workbook.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        files[sheet.get("name", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return files


def _parts_of(archive: zipfile.ZipFile, member: str) -> HiddenParts:
    if archive.getinfo(member).file_size > _LARGEST_SHEET:
        return NOTHING_HIDDEN
    content = archive.read(member)
    columns: set[int] = set()
    head = content.split(b"<sheetData", 1)[0]
    for column in re.findall(rb"<(?:\w+:)?col\s[^>]*>", head):
        attributes = dict(re.findall(rb'(\w+)="([^"]*)"', column))
        if attributes.get(b"hidden") in (b"1", b"true"):
            first, last = int(attributes[b"min"]), int(attributes[b"max"])
            columns.update(range(first - 1, min(last, first + 255)))
    rows = len(re.findall(rb'<(?:\w+:)?row\s[^>]*hidden="(?:1|true)"', content))
    return HiddenParts(frozenset(columns), rows)
