"""The command `verbund`: picks the command, speaks its errors, returns its exit status.

0 done, 1 refused or infeasible, 2 wrong use or unreadable input, 3 internal error, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import sqlite3
import sys
import traceback
from collections.abc import Sequence
from typing import cast

from verbund import __version__
from verbund.cli import (
    backup,
    bounces,
    demo,
    doctor,
    export,
    match,
    outbox,
    restore,
    schedule,
    serve,
    start,
    take_in,
    tick,
    unlock,
    vocabulary,
    worker,
)
from verbund.cli.parser import Parser
from verbund.errors import VerbundError
from verbund.wording import Language, language_of_environment, message, sentence

COMMANDS = (
    demo,
    start,
    serve,
    worker,
    tick,
    outbox,
    bounces,
    backup,
    restore,
    export,
    take_in,
    doctor,
    unlock,
    match,
    schedule,
    vocabulary,
)


def build_parser(language: Language) -> argparse.ArgumentParser:
    """Build the parser of all commands, its help in the given language."""
    parser = Parser(prog="verbund", description=sentence("cli.about", language), spoken=language)
    parser.add_argument(
        "--version",
        action="version",
        version=f"verbund {__version__}",
        help=sentence("cli.help.version", language),
    )
    commands = parser.add_subparsers(metavar=sentence("cli.command", language), required=True)
    for command in COMMANDS:
        command.add_to(commands, language)
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    words = sys.argv[1:] if words is None else words
    for stream in (sys.stdout, sys.stderr):  # a narrow code page must not stop a name from abroad
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = build_parser(language_of_environment())
    if not words:
        parser.print_help()
        return 0
    arguments = parser.parse_args(words)
    language = cast("Language", arguments.lang)
    try:
        return int(arguments.run(arguments))
    except VerbundError as error:
        print(f"verbund: {message(error, language)}", file=sys.stderr)  # noqa: T201  # the way to tell
        return 2
    except KeyboardInterrupt:
        print(f"\nverbund: {sentence('cli.interrupted', language)}", file=sys.stderr)  # noqa: T201
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last resort: say how to report it
        if _is_disk_full(error):
            print(f"verbund: {sentence('cli.disk_full', language)}", file=sys.stderr)  # noqa: T201
            return 2
        traceback.print_exc()
        print(f"verbund: {sentence('cli.internal', language)}", file=sys.stderr)  # noqa: T201
        return 3


def _is_disk_full(error: BaseException | None) -> bool:
    """Look through what caused an error: the database wraps what the system said."""
    while error is not None:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return True
        if isinstance(error, sqlite3.Error) and "disk is full" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
