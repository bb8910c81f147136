"""The commands that run an installation, typed as people type them."""

from __future__ import annotations

import errno
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.cli.conftest import Typed, environment

from verbund.cli.main import main


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "verbund.sqlite3")) as database:
        return database.execute(query).fetchall()


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "verbund.sqlite3")) as database, database:
        database.execute(statement)


def make_newer(folder: Path) -> None:
    change(
        folder,
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('core', '0999_later', '2030-01-01')",
    )


class Site:
    """A command that serves, its output read as it comes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.told = ""

    def read_until(self, words: str) -> str:
        assert self.process.stdout
        end = time.monotonic() + 90
        while words not in self.told and time.monotonic() < end:
            line = self.process.stdout.readline()
            if not line:
                break
            self.told += line
        assert words in self.told, self.told
        return self.told

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=60)
        self.told += rest
        return self.process.returncode


@contextmanager
def serving(folder: Path, *words: object) -> Iterator[Site]:
    process = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-m", "verbund", *map(str, words)],
        cwd=folder.parent,
        env=environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        yield Site(process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        if process.stdout:
            process.stdout.close()


def page_of(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310  # our own address
        return str(answer.read().decode())


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310  # our own address
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_start_makes_an_installation_and_a_link_that_works(tmp_path: Path, typed: Typed) -> None:
    folder, port = tmp_path / "new", free_port()
    with serving(folder, "start", "--data", folder, "--port", port) as site:
        told = site.read_until("Stop with Ctrl-C.")
        link = re.search(rf"http://127\.0\.0\.1:{port}/start/\S+/", told)
        assert link
        assert status_of(link[0]) == 200

        again = typed("start", "--data", folder, "--port", port)  # the link got lost
        newer = re.search(r"http://\S+", again.stdout)
        assert newer
        assert (again.returncode, again.stderr) == (0, "")
        assert (status_of(link[0]), status_of(newer[0])) == (410, 200)
        assert site.stop() == 0
    assert site.told.endswith("Verbund has stopped.\n")
    assert folder.stat().st_mode & 0o077 == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_serve_keeps_its_worker_and_lets_nobody_else_in(installation: Path, typed: Typed) -> None:
    words = ("serve", "--data", installation, "--port", free_port())
    with serving(installation, *words) as site:
        site.read_until("Stop with Ctrl-C.")
        children = worker_of(site.process.pid)
        assert len(children) == 1
        subprocess.run(["kill", "-9", str(children[0])], check=True)  # noqa: S603, S607
        site.read_until("begins again in 2 seconds")

        second = typed("serve", "--data", installation, "--port", free_port())
        backup = typed("restore", installation / "x.zip", "--data", installation, "--replace")
        assert second.returncode == 2
        assert "is running already" in second.stderr
        assert backup.returncode == 2
        assert site.stop() == 0


def worker_of(parent: int) -> list[int]:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        listed = subprocess.run(  # noqa: S603
            ["ps", "-o", "pid=,args=", "--ppid", str(parent)],  # noqa: S607
            capture_output=True,
            text=True,
        ).stdout
        found = [int(line.split()[0]) for line in listed.splitlines() if " worker " in line]
        if found:
            return found
        time.sleep(0.1)
    return []


def test_taken_port_is_named_before_anything_is_started(tmp_path: Path, typed: Typed) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for command in ("serve", "start", "demo"):
            done = typed(command, "--data", tmp_path / "new", "--port", port)

            assert done.returncode == 2
            assert done.stderr == (
                f"verbund: Port {port} on 127.0.0.1 is taken. Stop the program there, or name"
                " another one: --port 8001\n"
            )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--port", "0"), "1 ... 65535"),
        (("--port", "web"), "1 ... 65535"),
        (("--host", "203.0.113.7"), "“203.0.113.7”"),
        (("--host", "nowhere.invalid"), "“nowhere.invalid”"),
    ],
)
def test_impossible_address_is_refused(
    words: tuple[str, ...], said: str, tmp_path: Path, typed: Typed
) -> None:
    done = typed("serve", "--data", tmp_path / "new", *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", ["start", "tick"])
def test_newer_database_is_refused_and_stays_as_it_is(
    command: str, installation: Path, typed: Typed
) -> None:
    make_newer(installation)
    before = rows(installation, "SELECT app, name FROM django_migrations")
    port = ("--port", free_port()) if command == "start" else ()

    done = typed(command, "--data", installation, *port)

    assert done.returncode == 2
    assert "A newer version has worked on the database" in done.stderr
    assert "core.0999_later" in done.stderr
    assert rows(installation, "SELECT app, name FROM django_migrations") == before
    assert rows(installation, "SELECT * FROM accounts_setuplink") == []


@pytest.mark.parametrize("command", ["worker", "tick", "backup", "doctor"])
def test_command_without_an_installation_says_how_to_begin(
    command: str, tmp_path: Path, typed: Typed
) -> None:
    done = typed(command, "--data", tmp_path / "nothing")

    assert done.returncode == 2
    assert "“verbund start” makes one" in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_broken_database_is_one_clear_message(installation: Path, typed: Typed) -> None:
    (installation / "verbund.sqlite3").write_text("not a database " * 100, encoding="utf-8")

    done = typed("tick", "--data", installation)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "file is not a database" in done.stderr


def test_tick_does_what_is_due_and_only_once(installation: Path, typed: Typed) -> None:
    first = typed("tick", "--data", installation)
    query = "SELECT key, state, started_at FROM core_backgroundrun WHERE kind = 'job'"
    ran = rows(installation, query)
    second = typed("tick", "--data", installation)

    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr
    assert ("tidy", "done") in [(key, state) for key, state, _ in ran]
    assert [row for row in rows(installation, query) if row[0] == "tidy"] == [
        row for row in ran if row[0] == "tidy"
    ]
    assert "0\N{NO-BREAK SPACE}mails sent" in second.stdout


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "full"), sqlite3.OperationalError("database or disk is full")]
)
def test_full_disk_is_one_sentence(
    error: Exception,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError("wrapped") from error

    monkeypatch.setattr("verbund.cli.tick.run", fail)

    status = main(["tick", "--data", str(tmp_path), "--lang", "en"])

    assert status == 2
    assert capsys.readouterr().err == (
        "verbund: The disk is full. Make room and type the same command again;"
        " it goes on from there.\n"
    )


def test_outbox_prints_what_waits_for_a_mail_server(installation: Path, typed: Typed) -> None:
    columns = (
        "INSERT INTO core_mail (written_at, state, attempts, reply_to, language, subject, text,"
        " html, about, network_key, problem, sender, 'to')"
        " VALUES ('2026-11-22 10:00', 'waiting', 0, '', 'en', 'Your code', 'ABCD',"
        " '', 'account', '', '', '',"
    )
    change(installation, f"{columns} 'a@example.org')")
    change(installation, f"{columns} 'b@example.org')")

    everything = typed("outbox", "--data", installation)
    one = typed("outbox", "B@example.org", "--data", installation)

    assert (everything.returncode, one.returncode) == (0, 0)
    assert everything.stdout.splitlines()[-1] == "2\N{NO-BREAK SPACE}mails wait."
    assert ("a@example.org" in one.stdout, "b@example.org" in one.stdout) == (False, True)
    assert "ABCD" in one.stdout


def test_backup_and_restore_bring_everything_back(installation: Path, typed: Typed) -> None:
    (installation / "files").mkdir()
    (installation / "files" / "liste.csv").write_text("Name\n", encoding="utf-8")
    change(
        installation,
        "INSERT INTO accounts_setuplink (digest, made_at) VALUES ('abc', '2026-11-22')",
    )
    out, new = installation.parent / "b.zip", installation.parent / "new"

    backup = typed("backup", "--data", installation, "--out", out)
    change(installation, "DELETE FROM accounts_setuplink")
    restore = typed("restore", out, "--data", new)

    assert (backup.returncode, restore.returncode) == (0, 0), backup.stderr + restore.stderr
    assert "confidential" in backup.stdout
    assert rows(new, "SELECT digest FROM accounts_setuplink") == [("abc",)]
    assert (new / "files" / "liste.csv").read_text(encoding="utf-8") == "Name\n"
    assert (new / "secret-key").read_bytes() == (installation / "secret-key").read_bytes()
    assert typed("tick", "--data", new).returncode == 0


def test_restore_keeps_what_it_replaces(installation: Path, typed: Typed) -> None:
    out = installation.parent / "b.zip"
    assert typed("backup", "--data", installation, "--out", out).returncode == 0
    (installation / "note.txt").write_text("mine", encoding="utf-8")

    refused = typed("restore", out, "--data", installation)
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert (installation / "note.txt").exists()

    done = typed("restore", out, "--data", installation, "--replace")
    (kept,) = installation.parent.glob("data.before-*")
    assert done.returncode == 0
    assert str(kept) in done.stdout
    assert (kept / "note.txt").read_text(encoding="utf-8") == "mine"
    assert not (installation / "note.txt").exists()
    assert [path.name for path in installation.parent.glob(".data*")] == []


def test_backup_of_a_newer_version_is_refused(installation: Path, typed: Typed) -> None:
    make_newer(installation)
    out = installation.parent / "b.zip"
    assert typed("backup", "--data", installation, "--out", out).returncode == 0

    done = typed("restore", out, "--data", installation.parent / "new")

    assert done.returncode == 2
    assert "is of a newer version" in done.stderr
    assert sorted(path.name for path in installation.parent.iterdir()) == ["b.zip", "data"]


def test_doctor_tells_programs_and_people_what_is_wrong(installation: Path, typed: Typed) -> None:
    well = typed("doctor", "--data", installation, "--json")
    findings = json.loads(well.stdout)
    (installation / "secret-key").chmod(0o644)
    ill = typed("doctor", "--data", installation, "--lang", "de")

    assert (well.returncode, findings["wrong"], findings["running"]) == (0, 0, False), well.stdout
    assert {"check", "title", "level", "text"} == set(findings["findings"][0])
    assert ill.returncode == 1
    assert " ! Schlüssel: Andere Benutzer dürfen" in ill.stdout
    assert "1\N{NO-BREAK SPACE}Punkt stimmt nicht" in ill.stdout


def test_doctor_looks_at_an_unreadable_database(installation: Path, typed: Typed) -> None:
    (installation / "verbund.sqlite3").write_text("not a database " * 100, encoding="utf-8")

    done = typed("doctor", "--data", installation)

    assert (done.returncode, done.stderr) == (1, "")
    assert "! Database:" in done.stdout
    assert "+ Language table:" in done.stdout


def test_wrong_setting_is_named(installation: Path, typed: Typed) -> None:
    done = typed("tick", "--data", installation, VERBUND_DEBUG="perhaps")

    assert done.returncode == 2
    assert done.stderr == ("verbund: VERBUND_DEBUG is “perhaps”; it must be one of: yes / no.\n")


def test_unlock_says_so_where_there_is_nobody(installation: Path, typed: Typed) -> None:
    told = typed("unlock", "nobody@example.org", "--data", installation)

    assert told.returncode == 2
    assert "There is no account of nobody@example.org. Check the address." in told.stderr
