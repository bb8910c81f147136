"""`verbund bounces`: mails that came back, from a folder, a file or a mail server's pipe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from verbund.cli.installation import add_data, enter_existing, say
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language, refuse, sentence


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    parser = add_command(commands, "bounces", run, language)
    add_data(parser, language)
    parser.add_argument(
        "path", nargs="?", metavar="PATH", help=sentence("cli.help.bounces_path", language)
    )
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Mark what came back; 2 if there is nothing to read from."""
    enter_existing(arguments)
    from verbund.web.core.bounces import take  # noqa: PLC0415  # loads Django
    from verbund.web.core.database import refuse_unready  # noqa: PLC0415

    refuse_unready()
    taken = take(_messages(arguments.path))
    say("bounces.done", arguments.lang, marked=taken.marked, others=taken.others)
    return 0


def _messages(path: str | None) -> Iterable[bytes]:
    from django.conf import settings  # noqa: PLC0415  # loads Django

    from verbund.web.core.bounces import messages_of  # noqa: PLC0415

    if path == "-":
        return [sys.stdin.buffer.read()]
    source = path or settings.MAIL_BOUNCES
    if not source or not Path(source).exists():
        raise refuse("file.missing", file=source or "VERBUND_MAIL_BOUNCES")
    return messages_of(Path(source))
