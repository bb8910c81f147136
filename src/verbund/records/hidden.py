"""What the cells of a workbook do not tell: hidden parts, formula errors, how far it reaches.

Hidden parts are read like all others, but whoever hid a column may not have meant to pass it on.
Calamine reads a formula error as an empty cell; its text is looked up here.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LARGEST_SHEET = 200_000_000  # bytes unpacked; a larger one is not searched for hidden parts


@dataclass(frozen=True, slots=True)
class HiddenParts:
    """Indices from 0 of hidden columns, how many rows are hidden, errors by row and column.

    `extent` is the number of rows and columns up to the last cell.
    """

    columns: frozenset[int] = frozenset()
    rows: int = 0
    errors: tuple[tuple[int, int, str], ...] = ()
    extent: tuple[int, int] = (0, 0)


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
    except (KeyError, ET.ParseError, zipfile.BadZipFile, zlib.error, ValueError, RuntimeError):
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
    return HiddenParts(frozenset(columns), rows, tuple(_errors_of(content)), _extent_of(content))


def _extent_of(content: bytes) -> tuple[int, int]:
    """Find the last row and column by the cells themselves; what a file says of it may be wrong."""
    last_row, columns = 0, {b""}
    for place in re.finditer(rb"""\sr=["']([A-Z]{0,3})(\d{1,7})["']""", content):
        columns.add(place[1])
        last_row = max(last_row, int(place[2]))
    return last_row, max(map(_column_index, columns)) + 1


def _errors_of(content: bytes) -> Iterator[tuple[int, int, str]]:
    if b't="e"' not in content:
        return
    for attributes, inside in re.findall(rb"<(?:\w+:)?c\s([^>]*[^>/])>(.*?)</(?:\w+:)?c>", content):
        place = re.search(rb'r="([A-Z]+)(\d+)"', attributes)
        text = re.search(rb"<(?:\w+:)?v>([^<]*)<", inside)
        if b't="e"' in attributes and place and text:
            yield int(place[2]) - 1, _column_index(place[1]), text[1].decode()


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
