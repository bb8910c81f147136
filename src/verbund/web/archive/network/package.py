"""The file of an archive: a zip with one JSON Lines file for each kind, written and checked.

Nothing of a file is used before all of it is known to be whole: its names, its sizes, the SHA-256
of each part, and the shape of every row.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.db.models.fields.files import FieldFile

import verbund
from verbund.web.archive.network.parts import PARTS
from verbund.wording import refuse

FORMAT = 1
MANIFEST, README = "manifest.json", "README.txt"
Row = dict[str, Any]
Rows = dict[str, list[Row]]
_KIND = "verbund network archive"
_ROWS = re.compile(r"rows/([a-z-]+)\.jsonl")
_FILE = re.compile(r"files/[0-9]{1,9}(\.[A-Za-z0-9]{1,10})?")
_MOST_BYTES = 4_000_000_000  # unpacked, all together
_MOST_OF_A_LINE = 10_000_000
_MOST_FILES = 100_000
_TIMES_PACKED = 500  # text packs to a hundredth; a bomb to a thousandth
_SMALL = 10_000_000
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Package:
    """A checked archive: whose it is, its rows, and where its files are read."""

    network: str
    made_at: str
    rows: Rows
    _zip: zipfile.ZipFile

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(name)


def write(
    target: Path, rows: Mapping[str, Sequence[Row]], files: Mapping[str, FieldFile], **about: str
) -> None:
    """Write an archive; `about` says whose and of when it is."""
    hashes = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, own in rows.items():
            lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in own)
            name = f"rows/{part}.jsonl"
            hashes[name] = _add(archive, name, (line.encode() for line in lines))
        for name, file in files.items():
            with file.open("rb") as source:
                hashes[name] = _add(archive, name, iter(lambda: source.read(_PIECE), b""))
        hashes[README] = _add(archive, README, [_readme(rows, about).encode()])
        manifest = {"kind": _KIND, "format": FORMAT, "version": verbund.__version__, **about}
        archive.writestr(MANIFEST, json.dumps(manifest | {"sha256": hashes}, indent=1))


def _add(archive: zipfile.ZipFile, name: str, pieces: Any) -> str:
    digest = hashlib.sha256()
    info = zipfile.ZipInfo(name)  # of no day, so that equal networks make equal files
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as target:
        for piece in pieces:
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _readme(rows: Mapping[str, Sequence[Row]], about: Mapping[str, str]) -> str:
    counted = "\n".join(f"  rows/{name}.jsonl  {len(own)}" for name, own in rows.items())
    return _README.format(counted=counted, **about)


_README = """\
Archiv des Netzwerks „{network}“, {made_at}
===========================================

Alles, was das Netzwerk in Verbund selbst verantwortet: es selbst, seine heutigen Mitglieder mit
Profilen, Angeboten, Gesuchen, Ansprechpersonen und Kennzahlen, Einwilligungen, seine Vereinbarungen
mit Fassungen, Unterschriften und Dokumenten, Aktivitäten mit Dateien, Einführungen, Kennzahlen des
Netzwerks, Rollen und das Protokoll. Von Partnern stehen nur Namen darin ("only_named").

rows/*.jsonl  je Zeile ein Objekt (JSON, UTF-8). "id" gilt nur in diesem Archiv; ein Feld, das eine
              andere Zeile meint, nennt deren "id" in der Datei dieser Art. Tage: JJJJ-MM-TT.
files/        Dokumente und Dateien; die Zeile nennt den Namen im Archiv ("path") und den eigenen.
manifest.json Format, Tag und SHA-256 jeder Datei.

Einlesen: verbund import network DATEI (zeigt zuerst, was neu und was anders ist).
Diese Datei enthält personenbezogene Daten: bewahren Sie sie so auf.

Archive of the network “{network}”, {made_at}
===========================================

Everything that the network answers for in Verbund: itself, its members of today with profiles,
offers, requests, contact persons and figures, consents, its agreements with versions, signatures
and documents, activities with files, introductions, indicators, roles and the audit log. Of
partners it holds names alone ("only_named").

rows/*.jsonl  one object a line (JSON, UTF-8). "id" holds in this archive only; a field that means
              another row names its "id" in the file of that kind. Days: YYYY-MM-DD.
files/        documents and files; a row tells the name in the archive ("path") and its own.
manifest.json format, day and the SHA-256 of each file.

To read it: verbund import network FILE (first tells what is new and what differs).
This file holds personal data: keep it accordingly.

{counted}
"""


# ---------------------------------------------------------------- back again


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """Open an archive and check all of it.

    Raises
    ------
    InvalidInput
        If it is no archive of a network, newer than this version, damaged, or larger than any.
    """
    if not path.is_file():
        raise refuse("file.missing", file=str(path))
    try:
        with zipfile.ZipFile(path) as archive:
            yield _checked(path, archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise refuse("archive.broken", file=str(path)) from error


def _checked(path: Path, archive: zipfile.ZipFile) -> Package:
    _refuse_bombs(path, archive)
    said = _manifest(path, archive)
    if said.get("kind") != _KIND:
        raise refuse("archive.foreign", file=str(path))
    if not isinstance(said.get("format"), int) or said["format"] > FORMAT:
        raise refuse("archive.newer", file=str(path), version=str(said.get("version", "?")))
    hashes = said.get("sha256")
    names = sorted(name for name in archive.namelist() if name != MANIFEST)
    if not isinstance(hashes, dict) or names != sorted(hashes):
        raise refuse("archive.changed", file=str(path), name=MANIFEST)
    known = {part.name for part in PARTS}
    rows: Rows = {}
    for name, digest in hashes.items():
        found = _ROWS.fullmatch(name)
        if name != README and not found and not _FILE.fullmatch(name):
            raise refuse("archive.changed", file=str(path), name=name)
        if found and found[1] not in known:
            raise refuse("archive.newer", file=str(path), version=str(said.get("version", "?")))
        if _digest(archive, name) != digest:
            raise refuse("archive.changed", file=str(path), name=name)
        if found:
            rows[found[1]] = list(_rows_of(path, archive, name))
    return Package(str(said.get("network")), str(said.get("made_at")), rows, archive)


def _refuse_bombs(path: Path, archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    size = sum(info.file_size for info in infos)
    packed = max(path.stat().st_size, 1)
    names = {info.filename for info in infos}
    if (
        len(infos) > _MOST_FILES
        or size > _MOST_BYTES
        or size > max(_SMALL, packed * _TIMES_PACKED)
        or len(names) < len(infos)
    ):
        raise refuse("archive.too_large", file=str(path))


def _manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        said = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError, RecursionError) as error:
        raise refuse("archive.foreign", file=str(path)) from error
    return said if isinstance(said, dict) else {}


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as source:
        while piece := source.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _rows_of(path: Path, archive: zipfile.ZipFile, name: str) -> Iterator[Row]:
    with archive.open(name) as source:
        number = 0
        while line := source.readline(_MOST_OF_A_LINE):
            number += 1
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise wrong_row(path, name, number) from error
            if not isinstance(row, dict) or row.get("id") != number:
                raise wrong_row(path, name, number)
            yield row


def wrong_row(path: Path, name: str, number: int, why: str = "") -> Exception:
    return refuse("archive.row", file=str(path), name=name, row=number, why=why or "JSON")
