"""Days as people write them, in German and English."""

from __future__ import annotations

import datetime as dt
import re

from verbund.records.problems import Severity
from verbund.records.tables import Cell
from verbund.records.values.cells import Finding, Reading, text_of, unread

_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{2}|\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d.*)?")
_MONTH = re.compile(r"(\d{1,2})[./](\d{4})")
_YEAR = re.compile(r"\d{4}")


def read_day(cell: Cell) -> Reading[str]:
    """Read a day as ISO 8601; of a year or a month alone the first day counts, and is reported."""
    if isinstance(cell, dt.datetime):
        return Reading(cell.date().isoformat())
    if isinstance(cell, dt.date):
        return Reading(cell.isoformat())
    text = text_of(cell)
    if match := _ISO.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if match := _GERMAN.fullmatch(text):
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        return _day(year, match[2], match[1])
    if match := _MONTH.fullmatch(text):
        return _first_day(match[2], match[1])
    return _first_day(text, "1") if _YEAR.fullmatch(text) else unread("not_a_day")


def _day(year: str, month: str, day: str) -> Reading[str]:
    try:
        return Reading(dt.date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return unread("not_a_day")


def _first_day(year: str, month: str) -> Reading[str]:
    reading = _day(year, month, "1")
    if reading.value is None or not 1800 <= int(year) <= 2200:
        return unread("not_a_day")
    return Reading(reading.value, Finding("first_day", Severity.NOTE, {"read_as": reading.value}))
