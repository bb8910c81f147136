"""Where an organisation is found: postal code, town, position, mail, website."""

from __future__ import annotations

import re

from verbund.records.problems import Severity
from verbund.records.tables import Cell
from verbund.records.values.cells import Finding, Reading, text_of, unread

_WEBSITE = re.compile(r"https?://[^\s/,()<>\[\]]+\.[^\s/.?#]{2,}([/?#]\S*)?", re.I)
_ONE_WEBSITE = re.compile(
    r"https?://[^\s/,;|()<>\[\]]+\.[^\s/.?#;|]{2,}([/?#](?:(?!://)\S)*)?", re.I
)
_ONE_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[a-zA-Z]{2,}")
_CITY_LINE = re.compile(r"(?:([A-Z]{1,2})[- ])?(\d{4,5})\s*,?\s+([^\d,;\n]{2,})")


def read_postal_code(cell: Cell, *, country: str) -> Reading[str]:
    """Read a postal code; Excel drops the leading zero of German ones."""
    text = text_of(cell).upper()
    german = country in ("", "DE")
    if re.fullmatch(r"(D|DE)[- ]?\d{5}", text):
        return Reading(text[-5:])
    if german and re.fullmatch(r"\d{4}", text):
        return Reading("0" + text, Finding("zero_lost", Severity.NOTE, {"read_as": "0" + text}))
    if german and not re.fullmatch(r"\d{5}", text):
        return unread("not_a_postal_code")
    return Reading(text)


def read_city_line(cell: Cell) -> Reading[tuple[str, str]]:
    """Find postal code and town in "07743 Jena" or in a whole address."""
    text = text_of(cell)
    for line in reversed(re.split(r"[\n;]", text)):
        if match := list(_CITY_LINE.finditer(line)):
            return Reading((match[-1][2], match[-1][3].strip(" ,")))
    return Reading(("", text)) if re.fullmatch(r"[^\d,;\n]{2,40}", text) else unread("no_city")


def read_email(cell: Cell) -> Reading[str]:
    text = re.sub(r"mailto:", "", text_of(cell), flags=re.I)
    if _ONE_EMAIL.fullmatch(text):
        return Reading(text)
    candidates = [part for part in re.split(r"[;,\s|<>()]+", text) if "@" in part]
    good = [part for part in candidates if re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}", part)]
    if not good:
        return unread("not_an_email")
    if len(candidates) > 1:
        return Reading(good[0], Finding("first_of_several", Severity.NOTE, {"read_as": good[0]}))
    return Reading(good[0])


def read_website(cell: Cell) -> Reading[str]:
    if _ONE_WEBSITE.fullmatch(text_of(cell)):
        return Reading(text_of(cell))
    parts = re.split(r"\s*[;|]\s*|,?\s+", text_of(cell))
    bare = (part.strip("<>()[]") if part[:1] in tuple("<([") else part for part in parts)
    candidates = [part for part in bare if "." in part]
    addresses = [
        part if re.match(r"https?://", part, re.I) else f"https://{part}" for part in candidates
    ]
    good = [address for address in addresses if _WEBSITE.fullmatch(address)]
    if not good:
        return unread("not_a_website")
    if len(set(good)) > 1:
        return Reading(good[0], Finding("first_of_several", Severity.NOTE, {"read_as": good[0]}))
    return Reading(good[0])


def read_position(cell: Cell) -> Reading[tuple[float, float]]:
    numbers = re.findall(r"-?\d+[.,]?\d*", text_of(cell).strip("()[] "))
    if len(numbers) != 2:
        return unread("not_a_position")
    lat, lon = (float(number.replace(",", ".")) for number in numbers)
    return Reading((lat, lon)) if abs(lat) <= 90 and abs(lon) <= 180 else unread("off_globe")
