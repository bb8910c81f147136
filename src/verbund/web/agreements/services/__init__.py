"""Writes: agreements from draft to end, and what comes of every clause."""

from verbund.web.agreements.services.activities import (
    cancel_activity,
    change_activity,
    hold_activity,
    plan_activity,
    record_activity,
    reopen_activity,
)
from verbund.web.agreements.services.amending import (
    begin_amendment,
    keep_first_text,
    stop_giving,
    take_effect,
)
from verbund.web.agreements.services.documents import add_document, remove_document
from verbund.web.agreements.services.drafting import (
    discard_draft,
    propose,
    save_draft,
    start_draft,
    withdraw_proposal,
)
from verbund.web.agreements.services.ending import (
    end_agreement,
    go_on,
    note_review,
    take_back_end,
)
from verbund.web.agreements.services.recording import (
    confirm_agreement,
    fingerprint_of,
    record_agreement,
)
from verbund.web.agreements.services.refusals import Refused
from verbund.web.agreements.services.signing import foresee, refuse_to_sign, sign

__all__ = [
    "Refused",
    "add_document",
    "begin_amendment",
    "cancel_activity",
    "change_activity",
    "confirm_agreement",
    "discard_draft",
    "end_agreement",
    "fingerprint_of",
    "foresee",
    "go_on",
    "hold_activity",
    "keep_first_text",
    "note_review",
    "plan_activity",
    "propose",
    "record_activity",
    "record_agreement",
    "refuse_to_sign",
    "remove_document",
    "reopen_activity",
    "save_draft",
    "sign",
    "start_draft",
    "stop_giving",
    "take_back_end",
    "take_effect",
    "withdraw_proposal",
]
