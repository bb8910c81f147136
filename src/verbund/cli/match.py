"""`verbund match LEFT RIGHT`: two member lists in, ranked introductions with reasons out."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from verbund.cli.options import add_before, add_command, add_language, positive, share, today
from verbund.cli.parser import Parser
from verbund.cli.progress import Progress
from verbund.wording import Language, refuse, sentence

if TYPE_CHECKING:
    from verbund.matching.report import Report


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.{code}", language)

    parser = add_command(commands, "match", run, language)
    parser.add_argument("left", metavar="LEFT", type=Path, help=explain("left"))
    parser.add_argument("right", metavar="RIGHT", type=Path, help=explain("right"))
    parser.add_argument("--top", type=positive, metavar="N", help=explain("top"))
    parser.add_argument(
        "--per-organisation",
        type=positive,
        metavar="N",
        help=explain("per"),
    )
    parser.add_argument("--hubs", type=share, default=1.0, metavar="X", help=explain("hubs"))
    parser.add_argument("--history", type=Path, metavar="DIR", help=explain("history"))
    add_before(parser, language)
    parser.add_argument(
        "--out", type=Path, action="append", default=[], metavar="FILE", help=explain("out")
    )
    parser.add_argument("--explain", nargs=2, metavar=("A", "B"), help=explain("explain"))
    parser.add_argument("--json", action="store_true", help=explain("json"))
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Match two lists and tell the result on the terminal and in files."""
    if arguments.before and not arguments.history:
        raise refuse("cli.before_alone")
    _refuse_useless_results(arguments)  # before any work is done
    with Progress(sentence("cli.working", arguments.lang)) as progress:
        report = make_report(
            (arguments.left, arguments.right),
            history=arguments.history,
            before=arguments.before,
            top=arguments.top,
            per_organisation=arguments.per_organisation,
            hubs=arguments.hubs,
            language=arguments.lang,
            progress=progress,
        )
    return tell(arguments, report)


def _refuse_useless_results(arguments: argparse.Namespace) -> None:
    from verbund.matching.report import KINDS  # noqa: PLC0415  # loads the engine

    for path in arguments.out:
        if path.suffix.lower() not in KINDS:
            known = " ".join(KINDS)
            raise refuse(
                "file.unknown_result_kind", file=path.name, suffix=path.suffix, known=known
            )
        if path.exists() and any(path.samefile(p) for p in _inputs(arguments) if p.exists()):
            raise refuse("file.would_overwrite_input", file=str(path))
        if not path.absolute().parent.is_dir():
            raise refuse("file.no_folder", file=str(path))


def _inputs(arguments: argparse.Namespace) -> list[Path]:
    """List the files a result must not overwrite."""
    past = arguments.history.rglob("*") if arguments.history else ()
    return [arguments.left, arguments.right, *past]


def make_report(
    lists: tuple[Path, Path],
    *,
    history: Path | None,
    before: dt.date | None,
    top: int | None,
    per_organisation: int | None,
    hubs: float = 1.0,
    language: Language,
    progress: Progress,
) -> Report:
    """Read two lists and, if there is one, their history, and match them."""
    # Imported here, so that --help and --version do not wait for numpy.
    from verbund.matching import PER_ORGANISATION, TOP, match  # noqa: PLC0415
    from verbund.matching.report import Report  # noqa: PLC0415
    from verbund.records.history import read_history  # noqa: PLC0415
    from verbund.records.members import read_members  # noqa: PLC0415

    left = read_members(lists[0])
    progress(0.05)
    right = read_members(lists[1])
    progress(0.1)
    past = read_history(history) if history else None
    if past and before:
        past = past.before(before)
    progress(0.2)
    result = match(
        left.organisations,
        right.organisations,
        history=past,
        top=top or TOP,
        per_organisation=per_organisation or PER_ORGANISATION,
        hubs=hubs,
        progress=lambda done: progress(0.2 + 0.8 * done),
    )
    return Report(result, left, right, language, today())


def tell(arguments: argparse.Namespace, report: Report) -> int:
    from verbund.cli import terminal  # noqa: PLC0415  # loads rich
    from verbund.matching.report import write_report  # noqa: PLC0415

    for path in arguments.out:
        write_report(path, report)
    if arguments.explain and arguments.json:
        _print_json(terminal.explanation_of(report, *arguments.explain))
    elif arguments.explain:
        terminal.print_explanation(report, *arguments.explain)
    elif arguments.json:
        _print_json(list(report.introductions()))
    else:
        terminal.print_introductions(report)
    if not arguments.explain:
        terminal.print_problems(report)
    for path in arguments.out:
        terminal.print_written(path, report.language)
    return 0


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=not _speaks_unicode(), indent=1)
    sys.stdout.write("\n")


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")
