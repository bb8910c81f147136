"""One spelling for German and English words: the first step of every comparison of texts."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = (
    0x00AD,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x206A),
    0xFEFF,
)
_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "ł": "l", "ı": "i"}
_FOLDED = str.maketrans(_LETTERS) | dict.fromkeys(_INVISIBLE)
_WORD = re.compile(r"[a-z0-9]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def fold(text: str) -> str:
    """Lower case, ä/ö/ü/ß written out, other accents and invisible signs dropped.

    Umlauts are folded before words are split, so that "Schweißnaht" stays one word.

    Examples
    --------
    >>> fold("Müller Präzisions-Gießerei")
    'mueller praezisions-giesserei'
    """
    lowered = unicodedata.normalize("NFC", text).lower().translate(_FOLDED)
    plain = unicodedata.normalize("NFKD", lowered)
    return plain if plain.isascii() else _BEYOND_ASCII.sub(_without_accent, plain)


def _without_accent(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found[0]) else found[0]


def words(text: str) -> list[str]:
    """Split a text into folded words and numbers.

    Examples
    --------
    >>> words("Schweißnaht-Prüfung (3D)")
    ['schweissnaht', 'pruefung', '3d']
    """
    return _WORD.findall(fold(text))
