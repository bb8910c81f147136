"""Templates filled with values, by the habits of each language."""

from __future__ import annotations

import datetime as dt
import os
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, cast

from verbund.errors import InvalidInput, VerbundError
from verbund.wording.english import ENGLISH
from verbund.wording.german import GERMAN

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")

_CATALOGUES: dict[Language, Mapping[str, str]] = {"de": GERMAN, "en": ENGLISH}
_MONTHS: dict[Language, list[str]] = {
    "de": (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    ).split(),
    "en": (
        "January February March April May June July August September October November December"
    ).split(),
}
_QUOTES: dict[Language, str] = {"de": "„{}“", "en": "“{}”"}
_AND: dict[Language, str] = {"de": " und ", "en": " and "}
_DOUBLE_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")
_NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Phrase:
    """A sentence that is not yet said: its code and its values."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        return sentence(self.code, language, **self.values)


def number(value: float, language: Language, decimals: int = 0) -> str:
    text = f"{value:,.{decimals}f}"
    if language == "en":
        return text
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")


class Sayable(Protocol):
    """Something that has a text in each language: a `Phrase`, a concept."""

    def say(self, language: Language) -> str: ...


def _listed(names: Iterable[str | Sayable], language: Language) -> str:
    parts = [name if isinstance(name, str) else name.say(language) for name in names]
    if len(parts) < 2:
        return "".join(parts)
    if any("," in part or _AND[language] in part for part in parts):
        return "; ".join(parts)
    return ", ".join(parts[:-1]) + _AND[language] + parts[-1]


def _date(day: dt.date, language: Language) -> str:
    month = _MONTHS[language][day.month - 1]
    return f"{day.day}. {month} {day.year}" if language == "de" else f"{day.day} {month} {day.year}"


class _Formatter(string.Formatter):
    def __init__(self, language: Language) -> None:
        self.language = language

    def format_field(self, value: object, format_spec: str) -> str:
        if "|" in format_spec:
            one, many = format_spec.split("|")
            count = cast("int", value)
            noun = one if count == 1 else many
            return f"{number(count, self.language)}{_NO_BREAK}{noun}"
        match format_spec:
            case "quote":
                return _QUOTES[self.language].format(value)
            case "quotes":
                quoted = (
                    _QUOTES[self.language].format(item) for item in cast("Iterable[str]", value)
                )
                return _listed(quoted, self.language)
            case "and":
                return _listed(cast("Iterable[str | Sayable]", value), self.language)
            case "n" | "n1" | "n2":
                return number(cast("float", value), self.language, int(format_spec[1:] or 0))
            case "km":
                return f"{number(cast('float', value), self.language)}{_NO_BREAK}km"
            case "date":
                return _date(cast("dt.date", value), self.language)
            case "say":
                return cast("Sayable", value).say(self.language)
            case _:
                return str(super().format_field(value, format_spec))


_FORMATTERS = {language: _Formatter(language) for language in LANGUAGES}


def sentence(code: str, language: Language, /, **values: object) -> str:
    """Say what the code stands for.

    Raises
    ------
    KeyError
        For a code or a value that is missing: a mistake in the program.
    """
    said = _FORMATTERS[language].vformat(_CATALOGUES[language][code], (), values)
    return _DOUBLE_STOP.sub(".", said)  # "Licht e.V.." at the end of a sentence


def refuse(code: str, /, **values: object) -> InvalidInput:
    """Build the error for input that cannot be used; its text is the English sentence."""
    return InvalidInput(sentence(code, "en", **values), code=code, values=values)


def message(error: VerbundError, language: Language) -> str:
    return sentence(error.code, language, **error.values)


def language_of_environment() -> Language:
    """English if the environment speaks English, else German."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    spoken = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "en" if spoken.casefold().startswith("en") else "de"
