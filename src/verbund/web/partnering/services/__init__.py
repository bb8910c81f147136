"""Writes: computing and weighing suggestions, deciding about them, and what follows."""

from verbund.web.partnering.services.computing import recompute, recompute_member
from verbund.web.partnering.services.deciding import (
    note_shown,
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
from verbund.web.partnering.services.weighing import (
    propose,
    propose_if_due,
    use_shipped_weights,
    use_weights,
)

__all__ = [
    "AlreadyDecided",
    "Refused",
    "answer",
    "introduce",
    "note_shown",
    "note_talk",
    "note_wish",
    "postpone",
    "propose",
    "propose_if_due",
    "recompute",
    "recompute_member",
    "reject",
    "remind",
    "reopen",
    "reopen_expired",
    "store_hindsight",
    "use_shipped_weights",
    "use_weights",
    "withdraw",
]
