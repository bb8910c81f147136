"""`verbund schedule PROBLEM`: wishes for meetings in, a timetable with its bound out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.cli.progress import Progress
from verbund.wording import Language, refuse, sentence

if TYPE_CHECKING:
    from verbund.scheduling import Result


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.schedule_{code}", language)

    parser = add_command(commands, "schedule", run, language)
    parser.add_argument("problem", metavar="PROBLEM", type=Path, help=explain("problem"))
    parser.add_argument("--out", type=Path, metavar="FILE", help=explain("out"))
    parser.add_argument("--time-limit", type=seconds, metavar="S", help=explain("time_limit"))
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=explain("seed"))
    parser.add_argument("--everyone", choices=("on", "off"), default="on", help=explain("everyone"))
    parser.add_argument("--moved-price", type=seconds, metavar="W", help=explain("moved_price"))
    parser.add_argument("--json", action="store_true", help=sentence("cli.help.json", language))
    add_language(parser, language)


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r}: 0, 0.5, 1 ...")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Plan, write the timetable and tell how good it is; 1 if there can be none."""
    out: Path | None = arguments.out
    if out and out.exists() and arguments.problem.exists() and out.samefile(arguments.problem):
        raise refuse("file.would_overwrite_input", file=str(out))
    # Imported here, so that --help and --version do not wait for numpy.
    from verbund.scheduling import Status, read_problem, solve  # noqa: PLC0415
    from verbund.scheduling.io import write_json  # noqa: PLC0415

    with Progress(sentence("cli.planning", arguments.lang)) as progress:
        result = solve(
            read_problem(arguments.problem),
            everyone=arguments.everyone == "on",
            time_limit=arguments.time_limit,
            seed=arguments.seed,
            moved_price=arguments.moved_price,
            progress=progress,
        )
    if out:
        write_json(out, result.as_json())
    if arguments.json:
        json.dump(result.as_json(), sys.stdout)
        sys.stdout.write("\n")
    else:
        _tell(result, out, arguments.lang)
    return 0 if result.status in (Status.OPTIMAL, Status.FEASIBLE) else 1


def _tell(result: Result, out: Path | None, language: Language) -> None:
    problem = result.problem
    lines = [
        sentence(f"schedule.{result.status}", language),
        *(reason.say(language) for reason in result.reasons),
    ]
    if result.meetings:
        values = {
            "meetings": len(result.meetings),
            "requests": len(problem.requests),
            "weight": result.weight,
            "share": 100 * result.share,
            "breaks": result.breaks,
            "idle": result.idle_slots,
            "seconds": result.seconds,
        }
        lines.append(sentence(f"schedule.told_{problem.objective}", language, **values))
        price = result.plain_bound - result.upper_bound
        if price > 0:
            lines.append(sentence("schedule.price_of_everyone", language, price=price))
        lines += [one.why.say(language) for one in result.unserved]
    if out:
        lines.append(sentence("schedule.written", language, file=str(out)))
    sys.stdout.write("\n".join(lines) + "\n")
