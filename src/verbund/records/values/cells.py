"""What a cell says: its text, whether it says anything, and how a reading of it is given back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Never, TypeVar

from verbund.records.problems import Severity
from verbund.records.tables import Cell

T_co = TypeVar("T_co", covariant=True)

# What makes a spreadsheet compute: the last four are wide letters, taken for the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf„–œŸžš¤¶¼]|â€[œ\u009d“”ž™˜¦]|Â[§°²³]")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\ufeff\u00ad\u2060]")
_BREAKS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_EXCEL_ERROR = re.compile(
    r"#(REF|BEZUG|N/A|NV|VALUE|WERT|DIV/0|NAME|NULL|NUM|ZAHL|SPILL|ÜBERLAUF|CALC|KALK|FIELD|FELD"
    r"|GETTING_DATA)[!?]?|#{3,}|(Err|Fehler):5\d\d",
    re.I,
)
_NOTHING = frozenset(
    (
        "-", "–", "—", "--", "---", "?", ".", "/", "k.a.", "k. a.", "k.a", "ka", "n/a", "n.a.",
        "n. a.", "na", "nn", "n.n.", "n. n.", "keine angabe", "keine angaben", "unbekannt",
        "entfällt",
        "none", "null", "nan", "nil", "unknown", "not stated", "not available", "tbd", "keine",
        "kein",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What to tell about a cell; `code` as in `Problem`."""

    code: str
    severity: Severity = Severity.WARNING
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """What a cell says, if it could be read, and what there is to tell about it."""

    value: T_co | None = None
    finding: Finding | None = None


def unread(code: str, severity: Severity = Severity.WARNING, **values: object) -> Reading[Never]:
    return Reading(None, Finding(code, severity, values))


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that there is nothing to say: empty, "-", "k. A.", "n/a"."""
    return not text or text.casefold() in _NOTHING


def text_of(cell: Cell) -> str:
    """Write a cell as text, line breaks kept, invisible characters and stray blanks gone."""
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
        return str(cell).removesuffix(" 00:00:00")
    text = _without_guard(str(cell))
    while _MOJIBAKE.search(text) and (sound := repaired(text)) != text:
        text = sound
    text = _BREAKS.sub("\n", _INVISIBLE.sub("", text))
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip()


def guarded(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula; `text_of` undoes it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _without_guard(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def repaired(text: str) -> str:
    """Undo UTF-8 that was once read as Windows-1252 ("MÃ¼ller"), sound letters beside it kept."""
    return _NOT_ASCII.sub(lambda letters: _repaired(letters[0]), text)


def _repaired(letters: str) -> str:
    try:
        return letters.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return letters


def is_excel_error(text: str) -> bool:
    return bool(_EXCEL_ERROR.fullmatch(text))
