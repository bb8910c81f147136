"""`verbund doctor`: is the installation well, and if not, what to do."""

from __future__ import annotations

import argparse
import json
import sys

from verbund.cli.installation import (
    add_data,
    enter,
    folder_of,
    is_running,
    is_there,
    make_folder,
    say,
)
from verbund.cli.options import add_command, add_language
from verbund.cli.parser import Parser
from verbund.wording import Language, refuse, sentence

_MARKS = {"well": "+", "notice": "o", "wrong": "!"}


def add_to(commands: argparse._SubParsersAction[Parser], language: Language) -> None:
    def explain(code: str) -> str:
        return sentence(f"cli.help.{code}", language)

    parser = add_command(commands, "doctor", run, language)
    add_data(parser, language)
    parser.add_argument("--json", action="store_true", help=explain("doctor_json"))
    add_language(parser, language)


def run(arguments: argparse.Namespace) -> int:
    """Make every check and say what was found; 1 if something is wrong."""
    folder, language = folder_of(arguments), arguments.lang
    if not is_there(folder):
        raise refuse("install.none", folder=str(folder))
    make_folder(folder)
    enter(folder, language)
    from verbund.web.core.health import Level, examine  # noqa: PLC0415  # loads Django

    findings = list(examine())
    wrong = sum(finding.level is Level.WRONG for finding in findings)
    told = [
        {
            "check": finding.check,
            "title": sentence(f"doctor.{finding.check}", language),
            "level": finding.level.value,
            "text": finding.phrase.say(language),
        }
        for finding in findings
    ]
    if arguments.json:
        running = is_running(folder)
        answer = {"folder": str(folder), "running": running, "wrong": wrong, "findings": told}
        json.dump(answer, sys.stdout, indent=1)
        sys.stdout.write("\n")
        return 1 if wrong else 0
    say("doctor.head", language, folder=str(folder))
    for line in told:
        sys.stdout.write(f" {_MARKS[line['level']]} {line['title']}: {line['text']}\n")
    say("doctor.result_wrong" if wrong else "doctor.result_well", language, count=wrong)
    return 1 if wrong else 0
