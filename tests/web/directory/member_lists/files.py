"""Files as browsers send them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

HEADER = "Nr.;Firma;Mitarbeiter;Ort;Bietet;Sucht"


def as_csv(*lines: str, header: str = HEADER, name: str = "liste.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join((header, *lines, "")).encode())


def as_workbook(rows: Sequence[Sequence[object]], name: str = "liste.xlsx") -> SimpleUploadedFile:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Mitglieder")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile(name, file.getvalue())


def bomb(size: int) -> SimpleUploadedFile:
    """Return a small workbook whose sheet unpacks to `size` bytes, and says it is tiny."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * size)
    content = file.getvalue().replace(size.to_bytes(4, "little"), (9).to_bytes(4, "little"))
    return SimpleUploadedFile("bombe.xlsx", content)
