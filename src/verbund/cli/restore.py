"""`verbund restore FILE`: a backup becomes an installation again."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
from pathlib import Path

from verbund.cli.installation import (
    add_data,
    enter,
    folder_of,
    has_database_server,
    is_running,
    say,
)
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language, refuse, sentence


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.{code}", language)

    parser = add_command(commands, "restore", run, language)
    parser.add_argument("backup", metavar="FILE", type=Path, help=explain("restore_file"))
    add_data(parser, language)
    parser.add_argument("--replace", action="store_true", help=explain("replace"))
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Unpack beside the folder, check everything, and only then change places."""
    folder, language = folder_of(arguments), arguments.lang
    _refuse_impossible(arguments, folder)
    now = f"{dt.datetime.now().astimezone():%Y%m%d-%H%M%S}"
    new = folder.with_name(f".{folder.name}.restoring-{now}")
    # Only to know which versions fit; with a key given, the settings touch nothing in the folder.
    enter(folder, language, SECRET_KEY="unused")  # noqa: S106  # nothing is signed
    from verbund.web.core.backups import DUMP, unpack  # noqa: PLC0415  # loads Django
    from verbund.web.core.database import unknown_migrations  # noqa: PLC0415

    contents = unpack(arguments.backup, new)
    try:
        if unknown_migrations(contents.migrations):
            file = str(arguments.backup)
            raise refuse("restore.newer", file=file, version=contents.version)
        old = _swap(folder, new, now)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    made_at = dt.datetime.fromisoformat(contents.made_at).astimezone()
    told = {"folder": str(folder), "day": made_at.date(), "time": f"{made_at:%H:%M}"}
    say("restore.done", language, **told)
    if old:
        say("restore.kept", language, folder=str(old))
    if DUMP in contents.hashes:
        say("restore.dump", language, file=str(folder / DUMP))
    elif has_database_server():
        say("restore.other_database", language)
    return 0


def _refuse_impossible(arguments: argparse.Namespace, folder: Path) -> None:
    if not arguments.backup.is_file():
        raise refuse("file.missing", file=str(arguments.backup))
    if is_running(folder):
        raise refuse("install.running", folder=str(folder))
    if folder.exists() and not folder.is_dir():
        raise refuse("restore.failed", folder=str(folder), why="no folder")
    if folder.is_dir() and any(folder.iterdir()) and not arguments.replace:
        raise refuse("restore.not_empty", folder=str(folder))


def _swap(folder: Path, new: Path, now: str) -> Path | None:
    """Put the new folder in place; an old one that holds something is kept aside."""
    kept = None
    try:
        if folder.exists() and any(folder.iterdir()):
            kept = folder.with_name(f"{folder.name}.before-{now}")
            folder.rename(kept)
        elif folder.exists():
            folder.rmdir()
        new.rename(folder)
    except OSError as error:
        if kept and kept.exists() and not folder.exists():
            kept.rename(folder)
        why = error.strerror or "?"
        raise refuse("restore.failed", folder=str(folder), why=why) from error
    return kept
