"""Settings as `VERBUND_...` environment values: typed, with a default, and loud when wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from verbund.wording import refuse

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as the reference page lists it."""

    name: str
    default: str
    meaning: str


SETTINGS: list[Setting] = []


def read(name: str, meaning: str, *, default: T, parse: Callable[[str], T], shown: str = "") -> T:
    """Read one value; NAME_FILE names a file that holds it, for secrets.

    Raises
    ------
    InvalidInput
        If the value cannot be parsed, or the file it should come from cannot be read.
    """
    variable = f"VERBUND_{name}"
    SETTINGS.append(Setting(variable, shown or _as_text(default), meaning))
    text = os.environ.get(variable)
    if text is None and (path := os.environ.get(f"{variable}_FILE")):
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            why = error.strerror or "?"
            raise refuse("setting.file", name=f"{variable}_FILE", found=path, why=why) from error
    if text is None or text == "":
        return default
    try:
        return parse(text)
    except ValueError as error:
        raise refuse("setting.wrong", name=variable, found=text, wanted=str(error)) from error


def yes_or_no(text: str) -> bool:
    known = {"1": True, "yes": True, "true": True, "on": True}
    known |= {"0": False, "no": False, "false": False, "off": False}
    if text.lower() not in known:
        raise ValueError("yes / no")
    return known[text.lower()]


def whole_number(text: str) -> int:
    if not text.isdigit():
        raise ValueError("0, 1, 2 ...")
    return int(text)


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def one_of(*known: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in known:
            raise ValueError(" / ".join(known))
        return text

    return parse


def _as_text(default: object) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, list):
        return ", ".join(map(str, default))
    return str(default)
