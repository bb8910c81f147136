"""An argument parser that speaks German and English; argparse itself knows only English."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from verbund.wording import Language, language_of_environment, sentence


class Parser(argparse.ArgumentParser):
    """Parses words; headings, usage and refusals are in the language of the environment."""

    def __init__(self, **options: Any) -> None:
        self.spoken: Language = options.pop("spoken", None) or language_of_environment()
        super().__init__(**options, add_help=False, allow_abbrev=False)
        self._positionals.title = sentence("cli.positionals", self.spoken)
        self._optionals.title = sentence("cli.optionals", self.spoken)
        self.add_argument(
            "-h", "--help", action="help", help=sentence("cli.help.help", self.spoken)
        )

    def format_help(self) -> str:
        return self._in_words(super().format_help())

    def format_usage(self) -> str:
        return self._in_words(super().format_usage())

    def _in_words(self, text: str) -> str:
        return text.replace("usage:", sentence("cli.usage", self.spoken), 1)

    def error(self, message: str) -> NoReturn:
        refusal = sentence("cli.wrong_use", self.spoken, why=message, command=self.prog)
        self.exit(2, f"{self.format_usage()}verbund: {refusal}\n")
