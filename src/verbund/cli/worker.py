"""`verbund worker`: background tasks, in a process of its own."""

from __future__ import annotations

import argparse
import secrets

from verbund.cli.installation import add_data, enter_existing, say
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    parser = add_command(commands, "worker", run, language)
    add_data(parser, language)
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Do tasks until Ctrl-C or SIGTERM."""
    enter_existing(arguments)
    from verbund.cli.processes import run_worker  # noqa: PLC0415  # beside Django
    from verbund.web.core.database import refuse_unready  # noqa: PLC0415

    refuse_unready()
    say("install.worker_ready", arguments.lang)
    run_worker(f"alone-{secrets.token_hex(8)}")
    return 0
