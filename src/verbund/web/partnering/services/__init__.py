"""Writes: computing suggestions, deciding about them, and what follows from an introduction."""

from verbund.web.partnering.services.computing import recompute
from verbund.web.partnering.services.deciding import (
    note_wish,
    postpone,
    reject,
    reopen,
    reopen_expired,
)
from verbund.web.partnering.services.hindsight import store_hindsight
from verbund.web.partnering.services.introducing import (
    answer,
    introduce,
    note_talk,
    remind,
    withdraw,
)
from verbund.web.partnering.services.refusals import AlreadyDecided, Refused

__all__ = [
    "AlreadyDecided",
    "Refused",
    "answer",
    "introduce",
    "note_talk",
    "note_wish",
    "postpone",
    "recompute",
    "reject",
    "remind",
    "reopen",
    "reopen_expired",
    "store_hindsight",
    "withdraw",
]
