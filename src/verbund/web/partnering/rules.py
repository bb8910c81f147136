"""Who may decide, ask, answer and note outcomes."""

from __future__ import annotations

from verbund.web.networks.rules import Viewer, can_edit, is_in_office
from verbund.web.partnering.models import Introduction, Suggestion
from verbund.web.partnering.queries import Bond


def can_decide(viewer: Viewer, thing: Suggestion | Introduction) -> bool:
    """Managers and editors of either network decide about a pair and look after its talk."""
    return can_edit(viewer, thing.left_network_id) or can_edit(viewer, thing.right_network_id)


def can_follow(viewer: Viewer, thing: Suggestion | Introduction) -> bool:
    """Everybody in either office sees how both sides answered."""
    return is_in_office(viewer, thing.left_network_id) or is_in_office(
        viewer, thing.right_network_id
    )


def sides_of(viewer: Viewer, thing: Suggestion | Introduction) -> list[str]:
    """Return the sides whose organisation this person represents."""
    ends = {"left": thing.left_id, "right": thing.right_id}
    return [side for side, organisation in ends.items() if organisation in viewer.organisations]


def may_read_reason(viewer: Viewer, introduction: Introduction, side: str) -> bool:
    """Why a side said no is for that side and its own office; the other one learns only the no."""
    network = getattr(introduction, f"{side}_network_id")
    return side in sides_of(viewer, introduction) or is_in_office(viewer, network)


def can_weigh(viewer: Viewer, bond: Bond) -> bool:
    """Managers and editors of either network say what counts in the suggestions of both."""
    return can_edit(viewer, bond.left) or can_edit(viewer, bond.right)
