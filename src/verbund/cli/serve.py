"""`verbund serve`: the site, its worker and its clock, for as long as the command runs."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from verbund.cli.address import Address
from verbund.cli.installation import add_data, enter, folder_of, held, make_folder, say
from verbund.cli.options import add_command, add_language, port
from verbund.cli.parser import Parser
from verbund.wording import Language, sentence

if TYPE_CHECKING:
    from verbund.cli.processes import Worker

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    parser = add_command(commands, "serve", run, language)
    add_data(parser, language)
    add_address(parser, language)
    parser.add_argument(
        "--no-worker", action="store_true", help=sentence("cli.help.no_worker", language)
    )
    add_language(parser, language)


def add_address(parser: argparse.ArgumentParser, language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.{code}", language)

    parser.add_argument("--port", type=port, default=8000, metavar="N", help=explain("port"))
    parser.add_argument("--host", default="127.0.0.1", metavar="NAME", help=explain("host"))
    parser.add_argument("--no-open", action="store_true", help=explain("no_open"))


def run(arguments: argparse.Namespace) -> int:
    """Bring the database up to date and serve."""
    folder, address = folder_of(arguments), Address(arguments.host, arguments.port)
    address.refuse_taken()
    make_folder(folder)
    with nullcontext() if arguments.no_worker else held(folder):
        enter(folder, arguments.lang, **settings_for(address))
        bring_up_to_date(arguments.lang)
        from verbund.web.portal.setup.queries import is_set_up  # noqa: PLC0415  # loads models

        if not is_set_up():
            say("install.not_set_up", arguments.lang)
        return serve(arguments, address, has_worker=not arguments.no_worker)


def settings_for(address: Address) -> dict[str, str]:
    """Return what follows from the address, unless the operator has set it."""
    settings = {}
    url = os.environ.get("VERBUND_URL") or address.url
    if not os.environ.get("VERBUND_URL"):
        settings["URL"] = url
    if not os.environ.get("VERBUND_HOSTS"):
        hosts = (*LOCAL_HOSTS, urlsplit(url).hostname or "", urlsplit(address.url).hostname or "")
        bracketed = (f"[{host}]" if ":" in host.strip("[]") else host for host in hosts)
        settings["HOSTS"] = ",".join(dict.fromkeys(h.replace("[[", "[") for h in bracketed if h))
    return settings


def bring_up_to_date(language: Language) -> None:
    """Make or update the database; before an update it is kept as a backup."""
    from django.conf import settings  # noqa: PLC0415  # loads Django
    from django.utils import timezone  # noqa: PLC0415

    from verbund.web.core import database  # noqa: PLC0415
    from verbund.web.core.backups import back_up  # noqa: PLC0415

    database.refuse_newer()
    if not database.missing_migrations():
        return
    if database.applied_migrations() and database.is_sqlite():
        kept = Path(settings.DATA) / "backups" / f"before-update-{timezone.now():%Y%m%d-%H%M%S}.zip"
        say("install.updating", language, file=str(kept))
        back_up(kept)
    else:
        say("install.making", language, place=database.place())
    database.bring_up_to_date()


def serve(
    arguments: argparse.Namespace,
    address: Address,
    *,
    has_worker: bool = True,
    path: str = "/",
    greet: Callable[[], None] = lambda: None,
) -> int:
    """Serve until stopped; once the site answers, name its address and show the given page."""
    from django.conf import settings  # noqa: PLC0415  # loads Django

    from verbund.cli.processes import Company, new_worker  # noqa: PLC0415
    from verbund.web.core.background import give_back_tasks  # noqa: PLC0415
    from verbund.web.core.database import is_sqlite  # noqa: PLC0415

    language: Language = arguments.lang

    def when_ready() -> None:
        say("install.ready", language, url=address.url)
        if address.url != settings.URL:
            say("install.outside", language, url=settings.URL)
        greet()
        say("install.how_to_stop", language)
        if not arguments.no_open and has_screen():
            webbrowser.open(address.url + path)

    def worker_ended(worker: Worker, pause: float) -> None:
        say("install.worker_ended", language, seconds=int(pause))
        give_back_tasks(worker.name)

    company = Company(address, when_ready)
    if has_worker:
        if is_sqlite():  # whoever worked on this folder before is gone: we hold it
            give_back_tasks()
        company.worker, company.worker_ended = new_worker(), worker_ended
        company.every_minute = partial(_tick, language)
    status = company.run()
    if company.worker:
        give_back_tasks(company.worker.name, was_wanted=True)
    say("install.stopped" if status == 0 else "install.failed", language)
    return status


def _tick(language: Language) -> None:
    """Tick, and say what went wrong; the next minute tries again."""
    from django.db import DatabaseError, connections  # noqa: PLC0415  # loads Django

    from verbund.web.core.background import tick  # noqa: PLC0415

    try:
        done = tick()
        if done.mails.problem:
            say("tick.no_server", language, why=done.mails.problem)
    except DatabaseError as error:
        say("tick.failed", language, why=str(error))
    finally:
        connections.close_all()


def has_screen() -> bool:
    """Tell whether a browser would open a window; a text browser would take over the terminal."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
