"""The whole installation as one file, taken while it runs, and back again.

The file is a zip archive: the database, uploaded files, the secret key, and `manifest.json` with
the SHA-256 of each. Whoever holds it holds all members' data.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.utils import timezone

import verbund
from verbund.web.core.database import applied_migrations, is_sqlite, sqlite_path
from verbund.wording import refuse

MANIFEST = "manifest.json"
SQLITE, DUMP, SECRET = "verbund.sqlite3", "verbund.dump", "secret-key"
FILES = "files/"
_FORMAT = 1
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Contents:
    """What a backup says about itself, checked for shape."""

    version: str
    made_at: str
    migrations: list[str]
    hashes: dict[str, str]


def back_up(out: Path) -> None:
    """Write the installation as it is at this moment; nothing is left behind if that fails.

    Raises
    ------
    InvalidInput
        If the file exists already, cannot be written, or the database cannot be copied.
    """
    if out.exists():
        raise refuse("backup.exists", file=str(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".verbund-backup-", dir=out.parent) as folder:
            half = Path(folder) / "backup.zip"
            _write(half, _copy_database(Path(folder)))
            half.chmod(0o600)
            half.rename(out)
    except (OSError, sqlite3.Error) as error:
        raise refuse("backup.failed", file=str(out), why=_why(error)) from error


def _copy_database(folder: Path) -> Path:
    return _copy_sqlite(folder / SQLITE) if is_sqlite() else _dump_postgres(folder / DUMP)


def _copy_sqlite(copy: Path) -> Path:
    """Copy through a connection of its own: one moment of the database, writers go on."""
    source = sqlite3.connect(sqlite_path(), timeout=20)
    try:
        source.execute("VACUUM INTO ?", (str(copy),))
    finally:
        source.close()
    return copy


def _dump_postgres(copy: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise refuse("backup.no_pg_dump")
    command = [program, "--format=custom", "--file", str(copy), settings.DATABASE_URL]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603  # the operator's own
    if done.returncode:
        raise refuse("backup.failed", file="pg_dump", why=done.stderr.strip())
    return copy


def _write(path: Path, database: Path) -> None:
    hashes = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        hashes[database.name] = _add(archive, database.name, database)
        secret = settings.DATA / SECRET
        if secret.exists():
            hashes[SECRET] = _add(archive, SECRET, secret)
        for name, file in _uploaded():
            try:
                hashes[name] = _add(archive, name, file)
            except FileNotFoundError:  # deleted while the backup was being written
                continue
        manifest = {
            "format": _FORMAT,
            "version": verbund.__version__,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "migrations": applied_migrations(),
            "sha256": hashes,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))


def _uploaded() -> Iterator[tuple[str, Path]]:
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield FILES + file.relative_to(root).as_posix(), file


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as target:
            while piece := source.read(_PIECE):
                digest.update(piece)
                target.write(piece)
    return digest.hexdigest()


# ---------------------------------------------------------------- back again


def unpack(backup: Path, folder: Path) -> Contents:
    """Unpack a backup into a new folder, every file checked against its SHA-256.

    Raises
    ------
    InvalidInput
        If it is no backup, damaged, changed, or does not fit on the disk; the folder is gone then.
    """
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise refuse("restore.failed", folder=str(folder), why=_why(error)) from error
    try:
        with zipfile.ZipFile(backup) as archive:
            contents = _contents(backup, archive)
            for name, wanted in contents.hashes.items():
                if _extract(archive, name, folder / name) != wanted:
                    raise refuse("restore.changed", file=str(backup), name=name)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise refuse("restore.failed", folder=str(folder), why=_why(error)) from error
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise refuse("restore.no_backup", file=str(backup), why=str(error)) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return contents


def _contents(backup: Path, archive: zipfile.ZipFile) -> Contents:
    def is_wrong(why: str) -> Exception:
        return refuse("restore.no_backup", file=str(backup), why=why)

    if MANIFEST not in archive.namelist():
        raise is_wrong(MANIFEST)
    try:
        said: dict[str, Any] = json.loads(archive.read(MANIFEST))
        contents = Contents(
            str(said["version"]),
            str(said["made_at"]),
            [str(name) for name in said["migrations"]],
            {str(name): str(digest) for name, digest in said["sha256"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise is_wrong(MANIFEST) from error
    if said.get("format") != _FORMAT:
        raise refuse("restore.newer", file=str(backup), version=contents.version)
    if sorted(archive.namelist()) != sorted([MANIFEST, *contents.hashes]):
        raise refuse("restore.changed", file=str(backup), name=MANIFEST)
    for name in contents.hashes:
        if not _is_ours(name):
            raise refuse("restore.changed", file=str(backup), name=name)
    if not {SQLITE, DUMP} & set(contents.hashes):
        raise is_wrong(SQLITE)
    return contents


def _is_ours(name: str) -> bool:
    """Only the files a backup can hold, and never a way out of the folder."""
    if name in (SQLITE, DUMP, SECRET):
        return True
    parts = PurePosixPath(name).parts
    is_plain = ".." not in parts and "\\" not in name and ":" not in name and "\0" not in name
    return name.startswith(FILES) and is_plain and len(parts) > 1


def _extract(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with archive.open(name) as source, path.open("xb") as target:
        path.chmod(0o600)
        while piece := source.read(_PIECE):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
