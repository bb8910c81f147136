"""Options that several commands share."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable

from verbund.cli.parser import Parser
from verbund.wording import LANGUAGES, Language, sentence


def add_command(
    commands: argparse._SubParsersAction[Parser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    language: Language,
) -> Parser:
    """Add a command, explained by the catalogue's sentences of its name."""
    parser = commands.add_parser(
        name,
        help=sentence(f"cli.help.{name}", language),
        description=sentence(f"cli.help.{name}_long", language),
        spoken=language,
    )
    parser.set_defaults(run=run)
    return parser


def add_language(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=language, help=sentence("cli.help.lang", language)
    )


def add_before(parser: argparse.ArgumentParser, language: Language) -> None:
    parser.add_argument(
        "--before", type=day, metavar="YYYY-MM-DD", help=sentence("cli.help.before", language)
    )


def day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: YYYY-MM-DD") from None


def positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: 1, 2, 3 ...")
    return int(text)


def share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r}: 0 ... 1")
    return value


def today() -> dt.date:
    """Return the day on the user's wall; engines are told it."""
    return dt.datetime.now().astimezone().date()


def port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r}: 1 ... 65535")
    return int(text)
