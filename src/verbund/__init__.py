"""Verbund makes cooperation agreements between industry networks live.

    from verbund import match, read_members

The names below are resolved on first use: importing the package loads nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verbund.errors import InvalidInput, VerbundError
    from verbund.matching import MatchResult, match
    from verbund.records.history import History, read_history
    from verbund.records.members import MemberList, read_members
    from verbund.records.organisation import Organisation

__version__ = "0.1.0"

__all__ = [
    "History",
    "InvalidInput",
    "MatchResult",
    "MemberList",
    "Organisation",
    "VerbundError",
    "match",
    "read_history",
    "read_members",
]

_HOMES = {
    "History": "verbund.records.history",
    "InvalidInput": "verbund.errors",
    "MatchResult": "verbund.matching",
    "MemberList": "verbund.records.members",
    "Organisation": "verbund.records.organisation",
    "VerbundError": "verbund.errors",
    "match": "verbund.matching",
    "read_history": "verbund.records.history",
    "read_members": "verbund.records.members",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
