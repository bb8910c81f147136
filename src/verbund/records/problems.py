"""What a list says that could not be used as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from verbund.wording import Language, sentence


class Severity(StrEnum):
    """How much attention a problem needs."""

    ERROR = "error"  # something was left out
    WARNING = "warning"  # something was read in a way that may be wrong
    NOTE = "note"  # something worth knowing


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in a list: where, what was found, why, and what to do.

    `code` names two sentences in `verbund.wording`: `problem.<code>` says what happened and
    `problem.<code>.do` proposes what to do. `row` counts from 1 as Excel counts; None means the
    whole sheet. `column` is the letter and the heading as the list writes it.
    """

    code: str
    severity: Severity
    file: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    found: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def reason(self, language: Language) -> str:
        return sentence(f"problem.{self.code}", language, found=self.found, **self.values)

    def proposal(self, language: Language) -> str:
        return sentence(f"problem.{self.code}.do", language, found=self.found, **self.values)
