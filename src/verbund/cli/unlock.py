"""`verbund unlock`: for somebody whose phone, passkey and recovery codes are all lost."""

from __future__ import annotations

import argparse

from verbund.cli.installation import add_data, enter_existing, say
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language, refuse, sentence


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    parser = add_command(commands, "unlock", run, language)
    parser.add_argument(
        "email", metavar="ADDRESS", help=sentence("cli.help.unlock_email", language)
    )
    add_data(parser, language)
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Take away the second factors of a person, who is told by mail."""
    enter_existing(arguments)
    from verbund.web.accounts.services import remove_second_factors  # noqa: PLC0415  # Django
    from verbund.web.core.database import refuse_unready  # noqa: PLC0415

    refuse_unready()
    count = remove_second_factors(arguments.email)
    if count is None:
        raise refuse("unlock.unknown", email=arguments.email)
    say("unlock.done" if count else "unlock.nothing", arguments.lang, email=arguments.email)
    return 0
