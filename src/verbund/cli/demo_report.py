"""`verbund demo --report`: the matching alone, without the site, as tables and as a report."""

from __future__ import annotations

import argparse
import json
import webbrowser
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from verbund.cli.installation import make_folder
from verbund.cli.options import today
from verbund.cli.progress import Progress
from verbund.cli.serve import has_screen
from verbund.wording import Language, sentence

if TYPE_CHECKING:
    from verbund.matching.evaluate import Hindsight
    from verbund.matching.report import Report
    from verbund.records.organisation import Organisation

TOP = 40
TOP_REAL = 100


def run(arguments: argparse.Namespace) -> int:
    """Match the demo lists, write the report as page and workbook, and open the page."""
    from verbund.cli import terminal  # noqa: PLC0415  # loads rich and the engine
    from verbund.matching.report import write_report  # noqa: PLC0415

    language: Language = arguments.lang
    folder: Path = arguments.data
    make_folder(folder)
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
    if not arguments.no_open and has_screen():
        webbrowser.open((folder / "report.html").absolute().as_uri())
    return 0


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
    from verbund.records.sectors import draw_networks  # noqa: PLC0415

    everything = read_history(arguments.cordis)
    progress(0.1)
    drawn = draw_networks(everything, arguments.before)
    members = drawn.members
    for name, own in members.items():
        _write_members(arguments.data / f"{name}.jsonl", own)
    result = match(
        members["photonics"],
        members["mobility"],
        history=drawn.history,
        top=arguments.top or TOP_REAL,
        progress=lambda done: progress(0.2 + 0.7 * done),
    )
    hindsight = look_back(result, everything, drawn.day, drawn.end)
    left = MemberList("photonics.jsonl", members["photonics"])
    right = MemberList("mobility.jsonl", members["mobility"])
    return Report(result, left, right, arguments.lang, today(), hindsight), hindsight


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
