"""One spelling for German and English words: the first step of every comparison of texts."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "ł": "l"}
)
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Lower case, ä/ö/ü/ß written out, other accents dropped.

    Umlauts are folded before words are split, so that "Schweißnaht" stays one word.

    Examples
    --------
    >>> fold("Müller Präzisions-Gießerei")
    'mueller praezisions-giesserei'
    """
    lowered = unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in plain if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Split a text into folded words and numbers.

    Examples
    --------
    >>> words("Schweißnaht-Prüfung (3D)")
    ['schweissnaht', 'pruefung', '3d']
    """
    return _WORD.findall(fold(text))
