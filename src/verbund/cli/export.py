"""`verbund export network SLUG`: a network with everything it answers for, as one file."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from verbund.cli.installation import add_data, enter_existing, make_folder, say
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language, refuse, sentence


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.{code}", language)

    parser = add_command(commands, "export", run, language)
    parser.add_argument("what", choices=("network",), help=explain("export_what"))
    parser.add_argument("slug", metavar="SLUG", help=explain("export_slug"))
    add_data(parser, language)
    parser.add_argument("--out", type=Path, metavar="FILE", help=explain("export_out"))
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Write the archive and name its place."""
    folder = enter_existing(arguments)
    from verbund.web.archive.network.writing import write_archive  # noqa: PLC0415  # loads Django
    from verbund.web.core.database import refuse_unready  # noqa: PLC0415
    from verbund.web.networks.models import Network  # noqa: PLC0415

    refuse_unready()
    network = Network.objects.filter(slug=arguments.slug).first()
    if network is None:
        known = list(Network.objects.values_list("slug", flat=True)) or ["–"]
        raise refuse("archive.no_network", slug=arguments.slug, known=known)
    name = f"{network.slug}-{dt.datetime.now().astimezone():%Y%m%d-%H%M%S}.zip"
    out: Path = (arguments.out or folder / "archives" / name).absolute()
    make_folder(out.parent)
    write_archive(network, out, by=None)
    size = max(1, out.stat().st_size // 1_000_000)
    say("archive.written", arguments.lang, file=str(out), size=size)
    return 0
