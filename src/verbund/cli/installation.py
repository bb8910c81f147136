"""The data folder of an installation: named by an option, entered before Django is loaded."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verbund.wording import Language, refuse, sentence

DEFAULT = Path("var")
_DATABASE, _LOCK = "verbund.sqlite3", "running.lock"


def add_data(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help=sentence("cli.help.data_folder", language)
    )


def folder_of(arguments: argparse.Namespace) -> Path:
    """Return the data folder: the option, else the setting, else `var`."""
    named = arguments.data or os.environ.get("VERBUND_DATA") or DEFAULT
    return Path(named).absolute()


def is_there(folder: Path) -> bool:
    """Tell whether there is an installation, however well it may be."""
    return (folder / _DATABASE).exists() or has_database_server()


def has_database_server() -> bool:
    return any(os.environ.get(f"VERBUND_DATABASE_URL{end}") for end in ("", "_FILE"))


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise refuse("file.not_writable", file=str(folder), why=error.strerror or "?") from error
    if not os.access(folder, os.W_OK):
        raise refuse("install.not_writable", folder=str(folder))


def enter(folder: Path, language: Language, **settings: str) -> None:
    """Load the platform on this folder; `settings` are VERBUND_ values of this run."""
    os.umask(0o077)  # what is written here holds members' data
    os.environ["VERBUND_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "verbund.web.settings"
    os.environ.update({f"VERBUND_{name}": value for name, value in settings.items()})
    import django  # noqa: PLC0415  # loaded only by commands that need it
    from django.utils import translation  # noqa: PLC0415

    django.setup()
    translation.activate(language)


def enter_existing(arguments: argparse.Namespace) -> Path:
    """Load the platform on a folder that holds an installation.

    Raises
    ------
    InvalidInput
        If there is none.
    """
    folder = folder_of(arguments)
    if not is_there(folder):
        raise refuse("install.none", folder=str(folder))
    make_folder(folder)  # with a database server it may be empty so far
    enter(folder, arguments.lang)
    return folder


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder while its site runs; the operating system lets go if this process dies.

    Raises
    ------
    InvalidInput
        If another process holds it.
    """
    lock = sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        raise refuse("install.running", folder=str(folder)) from error
    else:
        yield
    finally:
        lock.close()


def is_running(folder: Path) -> bool:
    if not (folder / _LOCK).exists():
        return False
    try:
        with held(folder):
            return False
    except ValueError:
        return True


def say(code: str, language: Language, **values: object) -> None:
    sys.stdout.write(sentence(code, language, **values) + "\n")
    sys.stdout.flush()
