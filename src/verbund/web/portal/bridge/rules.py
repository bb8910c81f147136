"""Who may do what on the bridge."""

from __future__ import annotations

from verbund.web.networks.models import Network
from verbund.web.networks.rules import Viewer, can_edit


def can_plan_workshop(viewer: Viewer, one: Network, other: Network) -> bool:
    """Either office may plan what both networks hold together."""
    return one != other and (can_edit(viewer, one) or can_edit(viewer, other))
