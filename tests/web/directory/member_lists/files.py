"""Files as browsers send them."""

from __future__ import annotations

import io
import struct
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


def locked() -> SimpleUploadedFile:
    """Return what Excel makes of a workbook with a password: a container around the locked one."""
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    allocation = struct.pack("<128I", 0xFFFFFFFD, _END, *[_FREE] * 126)
    folder = _entry("Root Entry", kind=5, child=1) + _entry("EncryptedPackage", kind=2, child=_FREE)
    return SimpleUploadedFile("geheim.xlsx", header + allocation + folder.ljust(512, b"\0"))


_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF


def _entry(name: str, *, kind: int, child: int) -> bytes:
    text = name.encode("utf-16-le")
    start = text.ljust(64, b"\0") + struct.pack(
        "<HBB3I", len(text) + 2, kind, 1, _FREE, _FREE, child
    )
    return start + bytes(36) + struct.pack("<IQ", _END, 0)
