"""`verbund tick`: what is due now; for a timer of the operating system, once a minute."""

from __future__ import annotations

import argparse

from verbund.cli.installation import add_data, enter_existing, say
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    parser = add_command(commands, "tick", run, language)
    add_data(parser, language)
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Run due jobs, send waiting mails, and tell it; 1 if something failed."""
    enter_existing(arguments)
    from verbund.web.core.background import tick  # noqa: PLC0415  # loads Django
    from verbund.web.core.database import refuse_unready  # noqa: PLC0415

    refuse_unready()
    done = tick()
    language: Language = arguments.lang
    mails = done.mails
    say("tick.done", language, jobs=len(done.ran), sent=mails.sent)
    for key, why in done.failed.items():
        say("tick.job_failed", language, key=key, why=why)
    if mails.problem:
        say("tick.no_server", language, why=mails.problem)
    if mails.refused:
        say("tick.refused", language, count=mails.refused)
    return 1 if done.failed or mails.problem or mails.refused else 0
