"""Lists as files: what a page shows, for Excel and other programs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

import xlsxwriter
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.functional import Promise
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from verbund.records.values import guarded

_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
_LONGEST = 32_767  # letters that Excel keeps in a cell; a longer text would be left out whole
Row = Sequence[object]


def wanted_kind(asked: str | None, kinds: Collection[str] = frozenset(_KINDS)) -> str:
    """Return the kind of file that `?export=` asks for, or nothing."""
    return asked if asked and asked in kinds else ""


def as_file(
    name: str, headings: Sequence[str | Promise], rows: Iterable[Row], *, kind: str
) -> HttpResponse:
    """Write rows as one of the known kinds.

    `xlsx` has numbers and dates as such, `csv` has `;` and a byte order mark for German Excel,
    `jsonl` an object a line with the headings as keys.
    """
    texts = [str(heading) for heading in headings]
    is_book = kind == "xlsx"
    body = _workbook([(name, texts, rows)]) if is_book else _WRITERS[kind](texts, rows)
    return as_download(f"{name}.{kind}", body, content_type=_KINDS[kind])


def as_download(name: str, body: bytes, *, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


Sheet = tuple[str, Sequence[str | Promise], Iterable[Row]]  # name, headings, rows


def as_workbook(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """Write several tables as the sheets of one xlsx file."""
    body = _workbook((title, [str(h) for h in headings], rows) for title, headings, rows in sheets)
    return as_download(f"{name}.xlsx", body, content_type=_KINDS["xlsx"])


def _workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Row]]]) -> bytes:
    file = io.BytesIO()
    # Text stays text: a cell that begins with "=" must not become a formula.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options | {"remove_timezone": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for title, headings, rows in sheets:
            _write_sheet(book.add_worksheet(title[:31]), headings, rows, (bold, day, wrapped))
    return file.getvalue()


def _write_sheet(
    sheet: Worksheet, headings: Sequence[str], rows: Iterable[Row], formats: tuple[Format, ...]
) -> None:
    bold, day, wrapped = formats
    sheet.write_row(0, 0, headings, bold)
    widths = [len(heading) for heading in headings]
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value is None:
                continue
            is_plain = isinstance(value, (str, int, float, bool))
            if hasattr(value, "isoformat"):
                sheet.write_datetime(number, column, value, day)
            elif is_plain and not isinstance(value, str):
                sheet.write(number, column, value)
            else:
                sheet.write_string(number, column, _fitting(str(value)), wrapped)
            longest = max(map(len, str(value).split("\n")), default=0)
            widths[column] = max(widths[column], min(longest, 60))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, number, max(len(headings) - 1, 0))


def _csv(headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _lines(headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    objects = (dict(zip(headings, row, strict=True)) for row in rows)
    lines = (json.dumps(one, ensure_ascii=False, cls=DjangoJSONEncoder) for one in objects)
    return "".join(f"{line}\n" for line in lines).encode()


_WRITERS = {"csv": _csv, "jsonl": _lines}


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _harmless(value: object) -> object:
    """Keep Excel from reading a text as a formula."""
    if value is None:
        return ""
    is_text = not isinstance(value, (int, float, Decimal, dt.date))
    return guarded(str(value)) if is_text else value
