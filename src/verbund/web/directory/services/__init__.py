"""Writes to members' data: from a list, or typed by hand."""

from verbund.web.directory.services.claims import answer_claim, claim_member, withdraw_claim
from verbund.web.directory.services.editing import (
    add_member,
    confirm_profile,
    delete_contact,
    delete_entry,
    end_entry,
    save_contact,
    save_entry,
    save_portrait,
)
from verbund.web.directory.services.index import (
    announce_change,
    index_entry,
    index_organisation,
)
from verbund.web.directory.services.lists import (
    TakenOver,
    announce_members,
    prepare_members,
    take_over_member,
    take_over_members,
    write_members,
)
from verbund.web.directory.services.sharing import (
    leave_network,
    return_to_network,
    set_consent,
    set_consent_to_one,
    set_visibility,
)

__all__ = [
    "TakenOver",
    "add_member",
    "announce_change",
    "announce_members",
    "answer_claim",
    "claim_member",
    "confirm_profile",
    "delete_contact",
    "delete_entry",
    "end_entry",
    "index_entry",
    "index_organisation",
    "leave_network",
    "prepare_members",
    "return_to_network",
    "save_contact",
    "save_entry",
    "save_portrait",
    "set_consent",
    "set_consent_to_one",
    "set_visibility",
    "take_over_member",
    "take_over_members",
    "withdraw_claim",
    "write_members",
]
