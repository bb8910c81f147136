"""Lists as files: what a page shows, for Excel and other programs."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils.functional import Promise

_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Row = Sequence[object]


def wanted_kind(asked: str | None) -> str:
    """Return the kind of file that `?export=` asks for, or nothing."""
    return asked if asked in _KINDS else ""


def as_file(
    name: str, headings: Sequence[str | Promise], rows: Iterable[Row], *, kind: str
) -> HttpResponse:
    """Write rows as `xlsx` (numbers and dates as such) or `csv` (`;` and BOM, for German Excel)."""
    texts = [str(heading) for heading in headings]
    body = _workbook(name, texts, rows) if kind == "xlsx" else _csv(texts, rows)
    response = HttpResponse(body, content_type=_KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _workbook(name: str, headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    file = io.BytesIO()
    # Text stays text: a cell that begins with "=" must not become a formula.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options | {"remove_timezone": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(name[:31])
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
                    sheet.write_string(number, column, str(value), wrapped)
                longest = max(map(len, str(value).split("\n")), default=0)
                widths[column] = max(widths[column], min(longest, 60))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width + 2)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, number, max(len(headings) - 1, 0))
    return file.getvalue()


def _csv(headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    """Keep Excel from reading a text as a formula."""
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal, dt.date)):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
