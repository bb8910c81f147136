"""German and English: spelling, words, concepts, and texts as vectors.

    from verbund.language import encode
    encode(["Schweißnahtprüfung", "weld inspection"])  # float32, one row of unit length each

The names below are resolved on first use: importing the package loads nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verbund.language.encoders import Encoder, encoder
    from verbund.language.table import encode

__all__ = ["Encoder", "encode", "encoder"]

_HOMES = {
    "Encoder": "verbund.language.encoders",
    "encode": "verbund.language.table",
    "encoder": "verbund.language.encoders",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
