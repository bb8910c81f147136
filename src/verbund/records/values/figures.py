"""Numbers as written in German and English."""

from __future__ import annotations

import datetime as dt
import re

from verbund.language.spelling import fold
from verbund.records.problems import Severity
from verbund.records.tables import Cell
from verbund.records.values.cells import Finding, Reading, text_of, unread

_ABOUT = re.compile(
    r"^(ca|circa|rd|rund|etwa|approx|approximately|about|ungef|geschaetzt)\b\.?|^[~≈]"
)
_LIMIT = re.compile(
    r"^(ueber|mehr als|over|more than|bis zu|up to|unter|weniger als|less than|[<>]=?|[≥≤])"
)
_SCALES = (
    (r"mrd\.?|milliarden?|billion|bn", 1e9),
    (r"mio\.?|millionen|million|mill\.?|mn|m", 1e6),
    (r"tsd\.?|tausend|thousand|t|k", 1e3),
)
_CURRENCY = r"(?:eur|euro|€)"
_UNIT_WORDS = r"(?:mitarbeiter\w*|beschaeftigte\w*|personen|ma|employees|staff|people|fte|vzae|vzk)"
_NUMBER = r"[+-]?\d[\d.,' ]*"
_LARGEST = 1e15  # no firm has more of anything; this keeps infinity out as well


def read_number(cell: Cell, *, factor: float = 1.0) -> Reading[float]:
    """Read a number as written in German or English; `factor` is the unit of the heading."""
    if isinstance(cell, bool):
        return unread("not_a_number")
    if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
        return unread("date_for_number")
    if isinstance(cell, str):
        reading = _read_written_number(cell, factor)
    else:
        reading = Reading(float(cell) * factor) if abs(cell) <= _LARGEST else unread("not_a_number")
    if reading.value is not None and not abs(reading.value) <= _LARGEST:
        return unread("not_a_number")
    return reading


def _read_written_number(cell: str, factor: float) -> Reading[float]:
    text = " ".join(fold(text_of(cell)).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    approximate = bool(_ABOUT.search(text) or _LIMIT.search(text) or text.endswith("+"))
    text = _LIMIT.sub("", _ABOUT.sub("", text)).strip().rstrip("+").strip()
    text = re.sub(rf"\b{_UNIT_WORDS}\b\.?", "", text).strip()
    text = re.sub(r"(,|\.)(-|--|–)(?=\s|$|€)", "", text)
    text = re.sub(
        rf"^{_CURRENCY}\s*|\s*{_CURRENCY}$|(?<=[a-z0-9.])\s*{_CURRENCY}$", "", text
    ).strip()
    scale = 1.0
    for pattern, size in _SCALES:
        if match := re.fullmatch(
            rf"({_NUMBER}(?:\s*(?:-|–|bis|to)\s*{_NUMBER})?)\s*(?:{pattern})", text
        ):
            text, scale = match[1].strip(), size
            break
    if ends := re.fullmatch(rf"({_NUMBER})\s*(?:-|–|bis|to)\s*({_NUMBER})", text):
        low = _plain_number(ends[1], max(scale, factor))
        if low is not None:
            value = low * (scale if scale > 1 else factor)
            return Reading(value, Finding("range", Severity.NOTE, {"value": value}))
    value_or_none = _plain_number(text, max(scale, factor))
    if value_or_none is None:
        return unread("not_a_number")
    value = value_or_none * (scale if scale > 1 else factor)
    if approximate:
        return Reading(value, Finding("approximate", Severity.NOTE, {"value": value}))
    return Reading(value)


def _plain_number(text: str, scale: float) -> float | None:
    """Read digits with German or English separators.

    One separator with exactly three digits behind it groups thousands ("1.250"), unless nothing
    but a zero stands before it ("0,250") or it is a comma and the unit is millions ("1,250 Mio."):
    of two kinds the last is the decimal one.
    """
    text = re.sub(r"(?<=\d)[ '](?=\d{3}\b)", "", text.strip())
    if not re.fullmatch(r"[+-]?[\d.,]+", text):
        return None
    if "." in text and "," in text:
        decimal = max(".", ",", key=text.rfind)
        grouping = "," if decimal == "." else "."
        text = text.replace(grouping, "").replace(decimal, ".")
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", text):
        text = text.replace(".", "")
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+", text) and (scale < 1e6 or text.count(",") > 1):
        text = text.replace(",", "")
    else:
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None


def read_count(cell: Cell, *, factor: float = 1.0) -> Reading[int]:
    reading = read_number(cell, factor=factor)
    if reading.value is None:
        return Reading(None, reading.finding)
    if reading.value < 0:
        return unread("negative")
    whole = round(reading.value)
    if whole != reading.value and not reading.finding:
        return Reading(whole, Finding("rounded", Severity.NOTE, {"value": whole}))
    return Reading(whole, reading.finding)


def read_amount(cell: Cell, *, factor: float = 1.0) -> Reading[float]:
    reading = read_number(cell, factor=factor)
    if reading.value is not None and reading.value < 0:
        return unread("negative")
    return reading


def read_degrees(cell: Cell, *, largest: float) -> Reading[float]:
    if isinstance(cell, str):
        text = text_of(cell).replace(",", ".").rstrip("°NEOneo ")
        try:
            value = float(text)
        except ValueError:
            return unread("not_a_number")
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = float(cell)
    else:
        return unread("not_a_number")
    return Reading(value) if abs(value) <= largest else unread("off_globe")
