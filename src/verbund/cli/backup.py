"""`verbund backup`: the whole installation as one file, while it runs."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from verbund.cli.installation import add_data, enter_existing, say
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language, sentence


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.{code}", language)

    parser = add_command(commands, "backup", run, language)
    add_data(parser, language)
    parser.add_argument("--out", type=Path, metavar="FILE", help=explain("backup_out"))
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Write the backup and name its place."""
    folder = enter_existing(arguments)
    from verbund.web.core.backups import back_up  # noqa: PLC0415  # loads Django

    name = f"verbund-{dt.datetime.now().astimezone():%Y%m%d-%H%M%S}.zip"
    out: Path = (arguments.out or folder / "backups" / name).absolute()
    back_up(out)
    size = max(1, out.stat().st_size // 1_000_000)
    say("backup.written", arguments.lang, file=str(out), size=size)
    return 0
