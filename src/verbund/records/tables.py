"""Files as grids of cells: Excel and OpenDocument sheets, csv of any kind, json lines.

Nothing is interpreted here; what the columns mean is the business of `members`.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)

from verbund.records.hidden import NOTHING_HIDDEN, HiddenParts, hidden_parts
from verbund.records.problems import Problem, Severity
from verbund.wording import refuse

Cell = str | float | bool | dt.date | dt.time | dt.timedelta
Row = list[Cell]

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
JSON = (".jsonl", ".ndjson", ".json")
_DELIMITERS = ";,\t|"
_DELIMITER_SAMPLE = 60
_MOST_CELLS = 20_000_000  # of a sheet
_STRAY = 100  # control characters that a text may hold by accident
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF")  # and what else is no text
_LOOKED_AT = 4000  # letters by which a text file is told from others
_WIDEST = 16_384  # columns that Excel knows
_LONGEST_RECORD = 50  # lines of one csv record when the quotation marks of the file are broken


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range; rows and columns count from 0, both ends belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet; `rows[0]` is row number `first_row` of the file."""

    file: str
    sheet: str
    rows: list[Row]
    first_row: int = 1
    merged: tuple[Merged, ...] = ()
    hidden: HiddenParts = NOTHING_HIDDEN
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """All grids of a file, and what was odd about the file itself."""

    grids: tuple[Grid, ...]
    problems: tuple[Problem, ...] = ()


HeaderScore = Callable[[Sequence[Row]], int]
JsonItem = Callable[[str, object], str]


def read_tables(
    path: Path, *, header_score: HeaderScore, json_item: JsonItem | None = None
) -> Tables:
    """Read every sheet of a file.

    Parameters
    ----------
    path
        xlsx, xlsm, xlsb, xls, ods, csv, tsv, txt, jsonl, ndjson or json.
    header_score
        Tells how much the first rows of a csv look like a header and records; the separator with
        the highest score is taken.
    json_item
        Writes an item of a list in JSON, the value of a key, as a line of a cell.

    Raises
    ------
    InvalidInput
        For a file that is missing, empty, locked by a password, broken or of another kind.
    """
    suffix = path.suffix.lower()
    if not path.exists():
        raise refuse("file.missing", file=str(path))
    if path.is_dir():
        raise refuse("file.folder", file=str(path))
    if suffix not in (*WORKBOOKS, *TEXTS, *JSON):
        known = " ".join((*WORKBOOKS, *TEXTS, *JSON))
        raise refuse("file.unknown_kind", file=path.name, suffix=suffix or path.name, known=known)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise refuse("file.unreadable", file=str(path), why=error.strerror or str(error)) from error
    if not content.strip():
        raise refuse("file.empty", file=path.name)
    if suffix in WORKBOOKS:
        return _read_workbook(path)
    if content.startswith(b"PK\x03\x04"):
        raise refuse("file.workbook_named_text", file=path.name)
    if content.startswith(_PICTURES):
        raise refuse("file.not_text", file=path.name)
    if suffix in JSON:
        return _read_json(path.name, content, json_item or _line_of)
    return _read_text(path.name, content, header_score)


# ---------------------------------------------------------------- workbooks


def _read_workbook(path: Path) -> Tables:
    try:
        hidden = hidden_parts(path)
        _refuse_huge(path.name, hidden)
        workbook = CalamineWorkbook.from_path(str(path))
        grids = [
            _grid(path.name, workbook.get_sheet_by_name(metadata.name), metadata.visible, hidden)
            for metadata in workbook.sheets_metadata
        ]
    except PasswordError as error:
        raise refuse("file.password", file=path.name) from error
    except (CalamineError, OSError) as error:
        raise refuse("file.broken", file=path.name, why=str(error).strip() or "?") from error
    return Tables(tuple(grids))


def _refuse_huge(file: str, sheets: dict[str, HiddenParts]) -> None:
    """Keep a stray cell at the far end of a sheet from filling the memory."""
    for name, parts in sheets.items():
        rows, columns = parts.extent
        if rows * columns > _MOST_CELLS:
            raise refuse("file.too_large", file=file, sheet=name, size=f"{rows} x {columns}")


def _grid(
    file: str, sheet: CalamineSheet, visible: SheetVisibleEnum, hidden: dict[str, HiddenParts]
) -> Grid:
    merged = tuple(
        Merged(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    rows: list[Row] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    parts = hidden.get(sheet.name, NOTHING_HIDDEN)
    for row, column, text in parts.errors:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    return Grid(
        file=file,
        sheet=sheet.name,
        rows=rows,
        merged=merged,
        hidden=parts,
        is_hidden=visible != SheetVisibleEnum.Visible,
    )


# ---------------------------------------------------------------- separated text


def _read_text(file: str, content: bytes, header_score: HeaderScore) -> Tables:
    text = decode(content)
    if not _is_text(text):
        raise refuse("file.not_text", file=file)
    first_line, _, rest = text.partition("\n")
    named = re.fullmatch(r"sep=(.)\s*", first_line)  # Excel's own hint
    if named:
        rows, problems = _split(file, rest, named[1])
        below = tuple(replace(problem, row=(problem.row or 0) + 1) for problem in problems)
        return Tables((Grid(file, "", rows, first_row=2),), below)
    attempts = [_split(file, text, delimiter) for delimiter in _DELIMITERS]
    rows, problems = max(attempts, key=lambda attempt: header_score(attempt[0][:_DELIMITER_SAMPLE]))
    if (width := max(map(len, rows), default=0)) > _WIDEST:
        raise refuse("file.too_large", file=file, sheet="1", size=f"{len(rows)} x {width}")
    return Tables((Grid(file, "", rows),), problems)


def decode(content: bytes) -> str:
    """Turn the bytes of an office file into text.

    A byte order mark or zero bytes tell UTF-16; else each line is UTF-8 if it can be, else
    Windows-1252, so a file glued together from two sources is read as well.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    start = content[:400]
    for encoding, empty in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if 4 * empty.count(0) > len(start):  # every other byte of Latin letters
            return content.decode(encoding, errors="replace")
    lines = content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    return "".join(_decode_line(line) for line in lines)


def _is_text(text: str) -> bool:
    """Tell a list from a program or a picture under the name of one."""
    start = text[:_LOOKED_AT]
    control = sum(1 for letter in start if letter < " " and letter not in "\t\n\r\v\f")
    return control < _STRAY or control * 20 < len(start)


def _decode_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _split(file: str, text: str, delimiter: str) -> tuple[list[Row], tuple[Problem, ...]]:
    # Not splitlines: it would also cut at vertical tabs and other breaks inside a cell.
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = re.findall(r"[^\n]*\n|[^\n]+", plain)
    csv.field_size_limit(max(len(text), 131_072))
    try:
        return [list(row) for row in csv.reader(lines, delimiter=delimiter, strict=True)], ()
    except csv.Error:
        pass
    return _split_record_by_record(file, lines, delimiter)


def _split_record_by_record(
    file: str, lines: list[str], delimiter: str
) -> tuple[list[Row], tuple[Problem, ...]]:
    """Read around quotation marks that are never closed; one would swallow the rest of the file."""
    rows: list[Row] = []
    problems = []
    start = 0
    while start < len(lines):
        end = _end_of_record(lines, start, delimiter)
        if end:
            rows.append(list(next(csv.reader(lines[start:end], delimiter=delimiter), [])))
        else:
            line = lines[start].strip()
            rows.append([cell.strip().strip('"') for cell in line.split(delimiter)])
            number = len(rows)
            problems.append(
                Problem("open_quote", Severity.WARNING, file, row=number, found=line[:80])
            )
            end = start + 1
        start = end
    return rows, tuple(problems)


def _end_of_record(lines: list[str], start: int, delimiter: str) -> int | None:
    """Find the line after a record whose quotation marks are balanced, if there is one nearby."""
    quotes = 0
    for end in range(start + 1, min(start + _LONGEST_RECORD, len(lines)) + 1):
        quotes += lines[end - 1].count('"')
        if quotes % 2:
            continue
        if end == start + 1:
            return end
        try:
            parsed = list(csv.reader(lines[start:end], delimiter=delimiter, strict=True))
        except csv.Error:
            return None
        return end if len(parsed) == 1 else None
    return None


# ---------------------------------------------------------------- json


def _read_json(file: str, content: bytes, item: JsonItem) -> Tables:
    text = decode(content)
    try:
        whole = list(enumerate(_json_list(json.loads(text)), start=1))
        return _json_grid(file, whole, [], item)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("["):
            raise refuse("file.broken", file=file, why=str(error)) from error
    entries: list[tuple[int, object]] = []
    problems: list[Problem] = []
    for index, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entries.append((index, json.loads(line)))
        except (ValueError, RecursionError) as error:
            problems.append(_json_problem(file, index, line, why=str(error)))
    return _json_grid(file, entries, problems, item)


def _json_list(whole: object) -> list[object]:
    """Find the members of a file that is one JSON text: a list, or the only list in an object."""
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict) and "name" not in {str(key).lower() for key in whole}:
        lists = [
            value
            for value in whole.values()
            if isinstance(value, list) and any(isinstance(item, dict) for item in value)
        ]
        if len(lists) == 1:
            return lists[0]
    return [whole]


def _json_problem(file: str, row: int, found: object, *, why: str) -> Problem:
    text = str(found).strip()[:80]
    return Problem("not_json", Severity.ERROR, file, row=row, found=text, values={"why": why})


def _json_grid(
    file: str, entries: list[tuple[int, object]], problems: list[Problem], item: JsonItem
) -> Tables:
    """Lay objects out as a sheet: row 0 holds the keys, row n the object of line n."""
    objects: dict[int, dict[str, object]] = {}
    for row, entry in entries:
        if isinstance(entry, dict):
            objects[row] = entry
        else:
            problems.append(_json_problem(file, row, entry, why="not an object"))
    keys = list(dict.fromkeys(key for entry in objects.values() for key in entry))
    rows: list[Row] = [list(keys)]
    for row in range(1, max(objects, default=0) + 1):
        entry = objects.get(row, {})
        rows.append([_json_cell(key, entry.get(key), item) for key in keys])
    return Tables((Grid(file, "", rows, first_row=0),), tuple(problems))


def _line_of(key: str, value: object) -> str:
    return " ".join(str(value).split())


def _json_cell(key: str, value: object, item: JsonItem) -> Cell:
    if value is None:
        return ""
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, list):
        return "\n".join(item(key, one) for one in value if one is not None)
    return json.dumps(value, ensure_ascii=False)
