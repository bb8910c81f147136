"""`verbund demo`: the main job on lists that come with the program, or on real organisations."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import webbrowser
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from verbund.cli.options import add_before, add_language, positive, today
from verbund.cli.parser import Parser
from verbund.cli.progress import Progress
from verbund.wording import Language, refuse, sentence

if TYPE_CHECKING:
    from verbund.matching.evaluate import Hindsight
    from verbund.matching.report import Report
    from verbund.records.history import History
    from verbund.records.organisation import Organisation

TOP = 40
TOP_REAL = 100
_LEAST_MEMBERS = 10


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.{code}", language)

    parser = commands.add_parser(
        "demo", help=explain("demo"), description=explain("demo_long"), spoken=language
    )
    parser.add_argument("--no-open", action="store_true", help=explain("no_open"))
    parser.add_argument(
        "--data", type=Path, default=Path("var") / "demo", metavar="DIR", help=explain("data")
    )
    parser.add_argument("--cordis", type=Path, metavar="DIR", help=explain("cordis"))
    add_before(parser, language)
    parser.add_argument("--top", type=positive, metavar="N", help=explain("demo_top"))
    add_language(parser, language)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Match the demo lists, write the report as page and workbook, and open the page."""
    from verbund.cli import terminal  # noqa: PLC0415  # loads rich and the engine
    from verbund.matching.report import write_report  # noqa: PLC0415

    language: Language = arguments.lang
    folder: Path = arguments.data
    _make_folder(folder)
    with Progress(sentence("cli.working", language)) as progress:
        report, hindsight = (_real if arguments.cordis else _invented)(arguments, progress)
    terminal.print_introductions(report)
    if hindsight:
        terminal.print_hindsight(hindsight, language)
    for name in ("report.html", "report.xlsx"):
        write_report(folder / name, report)
        terminal.print_written((folder / name).absolute(), language)
    notice = "demo.real" if arguments.cordis else "demo.invented"
    terminal.console(stderr=True).print(sentence(notice, language))
    if not arguments.no_open and _has_screen():
        webbrowser.open((folder / "report.html").absolute().as_uri())
    return 0


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refuse("file.not_writable", file=str(folder), why=error.strerror or "?") from error


def _has_screen() -> bool:
    """Tell whether a browser would open a window; a text browser would take over the terminal."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _invented(arguments: argparse.Namespace, progress: Progress) -> tuple[Report, None]:
    from verbund.cli.match import make_report  # noqa: PLC0415  # loads the engine

    with resources.as_file(resources.files("verbund.records") / "demo") as lists:
        report = make_report(
            (lists / "photonics.csv", lists / "automotive.csv"),
            history=lists / "history",
            before=arguments.before,
            top=arguments.top or TOP,
            per_organisation=None,
            language=arguments.lang,
            progress=progress,
        )
        return report, None


def _real(arguments: argparse.Namespace, progress: Progress) -> tuple[Report, Hindsight]:
    """Draw two networks from CORDIS, match them as of a day, and look at what happened later."""
    from verbund.matching import match  # noqa: PLC0415  # loads the engine
    from verbund.matching.evaluate import look_back  # noqa: PLC0415
    from verbund.matching.report import Report  # noqa: PLC0415
    from verbund.records.history import read_history  # noqa: PLC0415
    from verbund.records.members import MemberList  # noqa: PLC0415
    from verbund.records.sectors import networks_of  # noqa: PLC0415

    everything = read_history(arguments.cordis)
    progress(0.1)
    before, end = _window(everything, arguments.before)
    history = everything.before(before)
    members = networks_of(history)
    for name in ("photonics", "mobility"):
        if len(members[name]) < _LEAST_MEMBERS:
            raise refuse("demo.sectors_empty", day=before)
        _write_members(arguments.data / f"{name}.jsonl", members[name])
    result = match(
        members["photonics"],
        members["mobility"],
        history=history,
        top=arguments.top or TOP_REAL,
        progress=lambda done: progress(0.2 + 0.7 * done),
    )
    hindsight = look_back(result, everything, before, end)
    left = MemberList("photonics.jsonl", members["photonics"])
    right = MemberList("mobility.jsonl", members["mobility"])
    return Report(result, left, right, arguments.lang, today(), hindsight), hindsight


def _window(history: History, before: dt.date | None) -> tuple[dt.date, dt.date]:
    """Return the day to look from and the end of what is known; without a day, a year back."""
    starts = [project.start for project in history.projects if project.start]
    if not starts:
        raise refuse("history.no_dates")
    first, last = min(starts), max(starts)
    day = before or dt.date(last.year, 1, 1)
    if not first < day <= last:
        raise refuse("demo.before_needed", first=first, last=last)
    return day, last + dt.timedelta(days=1)


def _write_members(path: Path, members: Iterable[Organisation]) -> None:
    """Write a member list that `verbund match` reads; visibility is public, as CORDIS is."""
    with path.open("w", encoding="utf-8") as file:
        for member in members:
            row = {
                "id": member.id,
                "name": member.name,
                "type": member.type.value if member.type else None,
                "city": member.city,
                "country": member.country,
                "lat": member.lat,
                "lon": member.lon,
                "pic": member.id,
                "visibility": "public",
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
