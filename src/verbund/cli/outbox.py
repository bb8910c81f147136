"""`verbund outbox`: the mails that wait, for whoever runs an installation without a mail server."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from verbund.cli.installation import add_data, enter_existing, say
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language, sentence

if TYPE_CHECKING:
    from verbund.web.core.models import Mail


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    parser = add_command(commands, "outbox", run, language)
    add_data(parser, language)
    parser.add_argument(
        "to", nargs="?", metavar="ADDRESS", help=sentence("cli.help.outbox_to", language)
    )
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Print the waiting mails, the newest last, where it can be read without scrolling."""
    enter_existing(arguments)
    from verbund.web.core.database import refuse_unready  # noqa: PLC0415  # loads Django
    from verbund.web.core.outbox import waiting  # noqa: PLC0415

    refuse_unready()
    mails = waiting(to=arguments.to or "")
    for mail in mails:
        _print(mail, arguments.lang)
    say("outbox.waiting", arguments.lang, count=len(mails))
    return 0


def _print(mail: Mail, language: Language) -> None:
    from django.utils import timezone  # noqa: PLC0415  # loads Django

    written = timezone.localtime(mail.written_at)
    values = {"day": written.date(), "time": f"{written:%H:%M}", "to": mail.to}
    say("outbox.mail", language, subject=mail.subject, text=mail.text.strip(), **values)
