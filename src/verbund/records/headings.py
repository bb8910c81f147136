"""What the columns of a member list are called, in German and English."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from rapidfuzz import fuzz, process

from verbund.language.spelling import fold


def _read_headings() -> dict[str, str]:
    """Read the headings known, folded, and the field each names; "" for one without a use."""
    path = resources.files("verbund.records").joinpath("data/headings.csv")
    with path.open(encoding="utf-8") as file:
        return {
            heading: row["field"]
            for row in csv.DictReader(file)
            for heading in row["headings"].split(" | ")
        }


_ALL = _read_headings()
_KNOWN = {heading: field for heading, field in _ALL.items() if field}
FIELDS = tuple(dict.fromkeys(_KNOWN.values()))
# Columns that office lists often have and that say nothing about who should meet whom.
UNUSED = frozenset(_ALL.keys() - _KNOWN.keys())
_TRAILING_UNIT = re.compile(
    r"\s*(\(.*?\)|\[.*?\]|\bin\b.*|\b(eur|euro|teur|keur|mio|tsd|t)\b.*|€.*|\d{4}|\bstand\b.*)\s*$"
)
_CURRENCY = r"(?:eur\b|euro\b|€)"
_UNITS = tuple(
    (re.compile(pattern), size)
    for pattern, size in (
        (r"\b(?:mrd|milliarden?|billion|bn)\b", 1e9),
        (rf"mio|\b(?:mill|million|millionen)\b|\bm ?{_CURRENCY}|{_CURRENCY} ?m\b", 1e6),
        (rf"\b(?:tsd|tausend)\b|thousand|\b[tk] ?{_CURRENCY}|{_CURRENCY} ?[tk]\b", 1e3),
        (rf"\b1[. ]?000 ?{_CURRENCY}", 1e3),
    )
)
_OTHER_CURRENCY = re.compile(r"\b(?:usd|chf|gbp|sfr|pln|czk)\b|[$£]")
_LONGEST = 300  # letters of a cell that are looked at; it may hold a megabyte
_LEAST_SIMILAR = 86  # rapidfuzz ratio from which a misspelt heading is taken for the known one


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as written and the field it names; `guessed` if only similar to a known one."""

    text: str
    field: str
    guessed: bool = False
    factor: float = 1.0  # of the unit: 1000 for "Umsatz (TEUR)"


def tidy(text: str) -> str:
    """Fold a heading: words only, line breaks and hyphenation undone, units cut off."""
    joined = re.sub(r"(?<=\w)-\s*\n\s*(?=[a-zäöüß])", "", text[:_LONGEST])
    folded = re.sub(r"/(in|innen)\b", " ", fold(joined))
    while (shorter := _TRAILING_UNIT.sub("", folded)) != folded and shorter.strip():
        folded = shorter
    return " ".join(re.findall(r"[a-z0-9#]+", folded))


@lru_cache(maxsize=100_000)
def recognise(text: str) -> Heading | None:
    """Tell which field a heading names; None if it names none."""
    if len(text) > _LONGEST:
        return None
    tidied = tidy(text)
    if not tidied or len(tidied) > 60 or _OTHER_CURRENCY.search(fold(text)):
        return None  # an amount in francs read as euros would be wrong without a sign of it
    factor = factor_of(text)
    if tidied in _KNOWN:
        return Heading(text, _KNOWN[tidied], factor=factor)
    without_digits = tidied.rstrip("0123456789 ")  # "Bietet 2"
    if without_digits in _KNOWN and len(without_digits) > 2:
        return Heading(text, _KNOWN[without_digits], factor=factor)
    parts = {_KNOWN.get(tidy(part), "") for part in re.split(r"[/&]|\bund\b|\band\b", text)}
    if len(parts) == 1 and parts != {""}:  # "Angebot / Kompetenzen"
        return Heading(text, parts.pop(), factor=factor)
    if tidied in UNUSED or without_digits in UNUSED or len(tidied) < 5:
        return None
    nearest = process.extractOne(
        tidied, _KNOWN.keys(), scorer=fuzz.ratio, score_cutoff=_LEAST_SIMILAR
    )
    if nearest and len(nearest[0]) >= 5:
        return Heading(text, _KNOWN[nearest[0]], guessed=True, factor=factor)
    return None


def is_unused(text: str) -> bool:
    tidied = tidy(text)
    return tidied in UNUSED or tidied.rstrip("0123456789 ") in UNUSED


def nearest_heading(text: str) -> str:
    """Name the known heading that is most like this one, for a proposal."""
    if _OTHER_CURRENCY.search(fold(text)):
        return "Umsatz in EUR"
    names = [heading for heading in _KNOWN if len(heading) > 3]
    best = process.extractOne(tidy(text), names, scorer=fuzz.ratio, score_cutoff=65)
    return best[0].title() if best else ""


def factor_of(text: str) -> float:
    """Return the unit a heading names: 1000 for "Umsatz (TEUR)"."""
    folded = fold(text)
    for pattern, size in _UNITS:
        if pattern.search(folded):
            return size
    return 1.0


def header_score(rows: Sequence[Sequence[object]]) -> int:
    """Rate how well rows look like a header above records: recognised headings, then full rows."""
    widths = [sum(1 for cell in row if str(cell).strip()) for row in rows]
    counts = [count_headings(row) for row in rows]
    known = max(counts, default=0)
    header = widths[counts.index(known)] if counts else 0
    # A row wider than its header was cut at a comma inside a cell.
    wide = sum(1 for width in widths if 1 < width <= header)
    return known * 1000 + wide


def count_headings(row: Sequence[object]) -> int:
    fields = {h.field for cell in row if isinstance(cell, str) and (h := recognise(cell))}
    return len(fields)
