"""A backup is one whole moment; nothing else is ever unpacked."""

from __future__ import annotations

import json
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from verbund.errors import InvalidInput
from verbund.web.core import backups
from verbund.web.core.backups import MANIFEST, SECRET, SQLITE, back_up, unpack

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the file that is backed up is SQLite's"
)


@pytest.fixture
def installation(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a data folder with a database of two tables whose sums always agree."""
    folder = tmp_path / "data"
    (folder / "files" / "imports").mkdir(parents=True)
    (folder / "files" / "imports" / "liste ä.csv").write_text("Name\nA\n", encoding="utf-8")
    (folder / SECRET).write_text("geheim", encoding="utf-8")
    settings.DATA, settings.MEDIA_ROOT = folder, folder / "files"
    database = sqlite3.connect(folder / SQLITE)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE one (n INTEGER)")
    database.execute("CREATE TABLE two (n INTEGER)")
    database.commit()
    database.close()
    monkeypatch.setattr(backups, "sqlite_path", lambda: folder / SQLITE)
    monkeypatch.setattr(backups, "applied_migrations", lambda: ["core.0001_initial"])
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != SQLITE
    }


def test_backup_comes_back_as_it_was(installation: Path, tmp_path: Path) -> None:
    back_up(tmp_path / "out" / "b.zip")
    told = unpack(tmp_path / "out" / "b.zip", tmp_path / "new")

    assert contents(tmp_path / "new") == contents(installation)
    assert told.migrations == ["core.0001_initial"]
    assert sorted(told.hashes) == ["files/imports/liste ä.csv", SECRET, SQLITE]
    assert (tmp_path / "out" / "b.zip").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / SECRET).stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.zip"]


def test_backup_while_rows_are_written_is_one_moment(installation: Path, tmp_path: Path) -> None:
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        database = sqlite3.connect(installation / SQLITE, timeout=20)
        number = 0
        while not stop.is_set():
            number += 1
            with database:
                database.execute("INSERT INTO one VALUES (?)", (number,))
                database.execute("INSERT INTO two VALUES (?)", (number,))
            if number > 20:
                written.set()
        database.close()

    writer = threading.Thread(target=write)
    writer.start()
    written.wait(20)
    try:
        for number in range(3):
            back_up(tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()

    for number in range(3):
        unpack(tmp_path / f"{number}.zip", tmp_path / str(number))
        copy = sqlite3.connect(tmp_path / str(number) / SQLITE)
        sums = [copy.execute(f"SELECT count(*) FROM {t}").fetchone() for t in ("one", "two")]  # noqa: S608
        copy.close()
        assert sums[0] == sums[1]
        assert sums[0][0] > 20


def test_existing_backup_is_not_overwritten(installation: Path, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("old", encoding="utf-8")

    with pytest.raises(InvalidInput) as refusal:
        back_up(tmp_path / "b.zip")

    assert refusal.value.code == "backup.exists"
    assert (tmp_path / "b.zip").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), sqlite3.OperationalError("disk is full")]
)
def test_full_disk_leaves_nothing_behind(
    error: Exception, installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise error

    monkeypatch.setattr(backups, "_add", fail)

    with pytest.raises(InvalidInput) as refusal:
        back_up(tmp_path / "out" / "b.zip")

    assert refusal.value.code == "backup.failed"
    assert list((tmp_path / "out").iterdir()) == []


def rewritten(backup: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write the backup again with changed members; the manifest is a member like the others."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(backup, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return backup


def with_manifest(members: dict[str, bytes], **fields: object) -> None:
    members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | fields).encode()


def smuggle(members: dict[str, bytes], name: str) -> None:
    """Add a file and list it properly, as somebody would who wants out of the folder."""
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    hashes = json.loads(members[MANIFEST])["sha256"] | {name: empty}
    members[name] = b""
    with_manifest(members, sha256=hashes)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: m.update({SECRET: b"other"}), "restore.changed"),
        (lambda m: m.pop(SECRET), "restore.changed"),
        (lambda m: m.update({"files/more.txt": b"x"}), "restore.changed"),
        (lambda m: m.pop(MANIFEST), "restore.no_backup"),
        (lambda m: m.update({MANIFEST: b"{}"}), "restore.no_backup"),
        (lambda m: m.update({MANIFEST: b"[1]"}), "restore.no_backup"),
        (lambda m: with_manifest(m, format=2), "restore.newer"),
        (lambda m: smuggle(m, "../evil"), "restore.changed"),
        (lambda m: smuggle(m, "files/../../evil"), "restore.changed"),
        (lambda m: smuggle(m, "/tmp/evil"), "restore.changed"),  # noqa: S108
        (lambda m: smuggle(m, "files/..\\evil"), "restore.changed"),
        (lambda m: smuggle(m, "C:evil"), "restore.changed"),
        (lambda m: smuggle(m, "running.lock"), "restore.changed"),
    ],
)
def test_changed_backup_is_refused_and_leaves_nothing(
    change: Callable[[dict[str, bytes]], None], code: str, installation: Path, tmp_path: Path
) -> None:
    back_up(tmp_path / "b.zip")
    backup = rewritten(tmp_path / "b.zip", change)

    with pytest.raises(InvalidInput) as refusal:
        unpack(backup, tmp_path / "new")

    assert refusal.value.code == code
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("cut", [0, 100, -30])
def test_broken_file_is_no_backup(cut: int, installation: Path, tmp_path: Path) -> None:
    back_up(tmp_path / "b.zip")
    data = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(data[:cut])

    with pytest.raises(InvalidInput) as refusal:
        unpack(tmp_path / "b.zip", tmp_path / "new")

    assert refusal.value.code == "restore.no_backup"
    assert not (tmp_path / "new").exists()
