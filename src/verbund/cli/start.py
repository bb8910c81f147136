"""`verbund start`: an installation of one's own, and the link that sets it up."""

from __future__ import annotations

import argparse

from verbund.cli.address import Address
from verbund.cli.installation import (
    add_data,
    enter,
    folder_of,
    held,
    is_running,
    make_folder,
    say,
)
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.cli.serve import add_address, bring_up_to_date, serve, settings_for
from verbund.wording import Language


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    parser = add_command(commands, "start", run, language)
    add_data(parser, language)
    add_address(parser, language)
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Make the database, print a new set-up link while there is no manager, and serve."""
    folder, address = folder_of(arguments), Address(arguments.host, arguments.port)
    if is_running(folder):  # only the link got lost
        enter(folder, arguments.lang, **settings_for(address))
        path = _new_link()
        _tell(arguments.lang, path)
        return 0
    address.refuse_taken()
    make_folder(folder)
    with held(folder):
        enter(folder, arguments.lang, **settings_for(address))
        bring_up_to_date(arguments.lang)
        path = _new_link()
        return serve(
            arguments, address, path=path or "/", greet=lambda: _tell(arguments.lang, path)
        )


def _new_link() -> str:
    """Return the path of a new set-up link; empty if the installation is set up."""
    from django.urls import reverse  # noqa: PLC0415  # loads Django

    from verbund.web.portal.setup.queries import is_set_up  # noqa: PLC0415
    from verbund.web.portal.setup.services import make_link  # noqa: PLC0415

    return "" if is_set_up() else reverse("setup_network", args=[make_link()])


def _tell(language: Language, path: str) -> None:
    from django.conf import settings  # noqa: PLC0415  # loads Django

    if path:
        say("install.link", language, url=f"{settings.URL}{path}\n")
    else:
        say("install.set_up_already", language)
