"""`verbund import network FILE`: an archive read into this installation, after a look at it."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from verbund.cli.installation import add_data, enter_existing, say
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language, sentence

if TYPE_CHECKING:
    from verbund.web.archive.network.taking_in import Preview

_SHOWN = 40  # differences on the terminal


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.{code}", language)

    parser = add_command(commands, "import", run, language)
    parser.add_argument("what", choices=("network",), help=explain("import_what"))
    parser.add_argument("archive", metavar="FILE", type=Path, help=explain("import_file"))
    add_data(parser, language)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help=explain("import_check"))
    choice.add_argument("--keep", action="store_true", help=explain("import_keep"))
    choice.add_argument("--overwrite", action="store_true", help=explain("import_overwrite"))
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Tell what is new and what differs, and read it in; 1 if what differs is to be decided."""
    enter_existing(arguments)
    from verbund.web.archive.network.taking_in import take_in  # noqa: PLC0415  # loads Django
    from verbund.web.core.database import refuse_unready  # noqa: PLC0415

    refuse_unready()
    is_decided = arguments.keep or arguments.overwrite
    overwrite = arguments.overwrite if is_decided else None
    preview = take_in(arguments.archive, overwrite=overwrite, is_test=arguments.check)
    _tell(preview, arguments.lang)
    if arguments.check:
        say("archive.checked", arguments.lang)
        return 0
    if preview.different and not is_decided:
        say("archive.refused", arguments.lang)
        return 1
    say("archive.taken", arguments.lang, count=sum(preview.new.values()))
    return 0


def _tell(preview: Preview, language: Language) -> None:
    say("archive.about", language, network=preview.network, made_at=preview.made_at[:10])
    different = Counter(one.part for one in preview.different)
    for part, new in preview.new.items():
        same = preview.same.get(part, 0)
        if new or same or different[part]:
            say(
                "archive.count",
                language,
                part=part,
                new=new,
                same=same,
                different=different[part],
            )
    lines = [(one, name, *both) for one in preview.different for name, both in one.fields.items()]
    for one, name, here, there in lines[:_SHOWN]:
        about = {"part": one.part, "name": str(one.row), "field": name}
        say("archive.difference", language, here=here, there=there, **about)
    if len(lines) > _SHOWN:
        say("archive.more", language, count=len(lines) - _SHOWN)
