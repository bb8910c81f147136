"""`verbund vocabulary`: the vocabulary in use as a file that other programs understand."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from verbund.cli.installation import add_data, enter, folder_of, is_there
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.language.skos import FORMATS, write_skos
from verbund.language.vocabulary import Vocabulary, vocabulary
from verbund.wording import Language, refuse, sentence

_ADDRESS = "https://verbund.example/vocabulary/#"  # begins the address of each concept


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    parser = add_command(commands, "vocabulary", run, language)
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help=sentence("cli.help.vocabulary_file", language)
    )
    parser.add_argument(
        "--base", default=_ADDRESS, metavar="URL", help=sentence("cli.help.base", language)
    )
    add_data(parser, language)
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Write SKOS: RDF/XML or, by the ending .ttl, Turtle; without a file on the screen."""
    known = _in_use(arguments)
    kind = Path(arguments.file or "x.rdf").suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        endings = ", ".join(f".{one}" for one in FORMATS)
        raise refuse("file.unknown_result_kind", file=arguments.file, suffix=kind, known=endings)
    content = write_skos(known.concepts.values(), base=arguments.base, title="Verbund", kind=kind)
    if not arguments.file:
        sys.stdout.write(content)
        return 0
    try:
        Path(arguments.file).write_text(content, encoding="utf-8")
    except OSError as error:
        why = error.strerror or str(error)
        raise refuse("file.not_writable", file=arguments.file, why=why) from error
    return 0


def _in_use(arguments: argparse.Namespace) -> Vocabulary:
    """Return the installation's vocabulary, or what Verbund brings where there is none."""
    folder = folder_of(arguments)
    if not is_there(folder):
        return vocabulary()
    enter(folder, arguments.lang)
    from verbund.web.core.database import refuse_unready  # noqa: PLC0415  # loads Django
    from verbund.web.directory.concepts import vocabulary_in_use  # noqa: PLC0415

    refuse_unready()
    return vocabulary_in_use()
