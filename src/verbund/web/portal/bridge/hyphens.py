"""Soft hyphens for the narrow heads of the matrix; browsers know too few German words."""

from __future__ import annotations

import re

_SOFT = "\u00ad"
_LONG = re.compile(r"\w{9,}")
# Beginnings of the parts at which long technical words may break.
_JOINT = re.compile(
    r"(?<=\w{3})(?=antrieb|assistenz|ausbildung|bearbeitung|behandlung|beleuchtung|cation|dienste"
    r"|elektronik|entwicklung|fahrzeuge|fertigung|forschung|förderung|gewinnung|haltung|industrie"
    r"|interieur|kation|kommuni|komponent|kreislauf|kunststoff|leitung|logistik|management|material"
    r"|messtechnik|mobilität|motor|nung|nologie|nology|produktion|prüfung|nenten|schaft|scher|schutz|sicherheit"
    r"|software|stelle|struktur|technik|teile|transfer|tung|turing|überwachung|umwelt|verarbeitung|werk|wirtschaft"
    r"|zellen|zertifi)",
    re.IGNORECASE,
)


def soft(text: str) -> str:
    """Let long words break at the joints of their parts."""
    return _LONG.sub(lambda word: _JOINT.sub(_SOFT, word[0]), text)
