"""`verbund demo`: the site, filled with two networks, on this machine alone."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import verbund
from verbund.cli import demo_report
from verbund.cli.address import Address
from verbund.cli.installation import enter, held, make_folder, say
from verbund.cli.options import add_before, add_command, add_language, positive, today
from verbund.cli.parser import Parser
from verbund.cli.progress import Progress
from verbund.cli.serve import add_address, serve, settings_for
from verbund.wording import Language, refuse, sentence

_MARK = "demo.json"
_DATABASE = "verbund.sqlite3"
# What decides how a filled demo looks; a change there fills it anew.
_SOURCES = (
    ("verbund.web.archive", "demo"),
    ("verbund.web.archive", "data"),
    ("verbund.records", "demo"),
)


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.{code}", language)

    parser = add_command(commands, "demo", run, language)
    parser.add_argument(
        "--data", type=Path, default=Path("var") / "demo", metavar="DIR", help=explain("data")
    )
    add_address(parser, language)
    parser.add_argument("--fresh", action="store_true", help=explain("fresh"))
    parser.add_argument("--cordis", type=Path, metavar="DIR", help=explain("cordis"))
    add_before(parser, language)
    parser.add_argument("--report", action="store_true", help=explain("report"))
    parser.add_argument("--top", type=positive, metavar="N", help=explain("demo_top"))
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Fill the demo unless it is there and of this version, then serve it."""
    if arguments.report:
        return demo_report.run(arguments)
    if arguments.top:
        raise refuse("demo.top_without_report")
    if arguments.before and not arguments.cordis:
        raise refuse("demo.before_alone")
    folder, address = arguments.data.absolute(), Address(arguments.host, arguments.port)
    address.refuse_taken()
    make_folder(folder)
    if (folder / _DATABASE).exists() and not (folder / _MARK).exists():
        raise refuse("demo.not_a_demo", folder=str(folder))
    with held(folder):
        real = "yes" if arguments.cordis else "no"
        # The demo never meets the database or the mail server of an installation.
        apart = {"DATABASE_URL": "", "MAIL_HOST": "", "DEMO": "yes", "DEMO_REAL": real}
        enter(folder, arguments.lang, **settings_for(address), **apart)
        mark = _fingerprint(arguments)
        made_on = None if arguments.fresh else _made_on(folder, mark)
        if made_on is None:
            _fill(arguments, folder, mark)
        elif made_on != today():
            say("demo.kept", arguments.lang, day=made_on)
        return serve(arguments, address)


def _made_on(folder: Path, mark: str) -> dt.date | None:
    """Return the day the demo was filled; None if it is of another version, unfinished or ill."""
    from django.db import DatabaseError  # noqa: PLC0415  # loads Django

    from verbund.web.core import database  # noqa: PLC0415

    try:
        said = json.loads((folder / _MARK).read_text(encoding="utf-8"))
        if said["fingerprint"] != mark or database.missing_migrations() or database.damage():
            return None
        return dt.date.fromisoformat(said["made_on"])
    except (OSError, ValueError, KeyError, TypeError, DatabaseError):
        return None


def _fill(arguments: argparse.Namespace, folder: Path, mark: str) -> None:
    """Fill the demo anew; its mark is written last, so a stop is harmless."""
    from django.db import connections  # noqa: PLC0415  # loads Django

    from verbund.web.core import database  # noqa: PLC0415

    language: Language = arguments.lang
    say("demo.building", language)
    connections.close_all()
    (folder / _MARK).write_text("{}", encoding="utf-8")
    for path in folder.glob(f"{_DATABASE}*"):
        path.unlink()
    shutil.rmtree(folder / "files", ignore_errors=True)
    with Progress(sentence("demo.filling", language)) as progress:
        database.bring_up_to_date()
        progress(0.05)
        _seed(arguments, progress)
    said = {"fingerprint": mark, "made_on": today().isoformat()}
    (folder / _MARK).write_text(json.dumps(said), encoding="utf-8")
    say("demo.built", language)


def _seed(arguments: argparse.Namespace, progress: Progress) -> None:
    def follow(done: float) -> None:
        progress(0.05 + 0.95 * done)

    if arguments.cordis:
        from verbund.web.archive.demo_cordis import seed_cordis  # noqa: PLC0415  # loads models

        seed_cordis(arguments.cordis, today(), before=arguments.before, progress=follow)
        return
    from verbund.web.archive.demo import seed  # noqa: PLC0415

    seed(on=today(), progress=follow)


def _fingerprint(arguments: argparse.Namespace) -> str:
    digest = hashlib.sha256(verbund.__version__.encode())
    for package, start in _SOURCES:
        for entry in sorted(resources.files(package).iterdir(), key=lambda e: e.name):
            if entry.name.startswith(start):
                for file in _files(entry):
                    digest.update(file.read_bytes())
    if arguments.cordis:
        digest.update(f"{arguments.before} {arguments.cordis.absolute()}".encode())
        for path in sorted(arguments.cordis.glob("*")):
            digest.update(f"{path.name} {path.stat().st_size}".encode())
    return digest.hexdigest()


def _files(entry: Traversable) -> Iterator[Traversable]:
    if entry.is_file():
        yield entry
    elif entry.name != "__pycache__":
        for inner in sorted(entry.iterdir(), key=lambda e: e.name):
            yield from _files(inner)
