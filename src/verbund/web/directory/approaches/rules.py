"""The steps of an approach to an anonymous request, and who takes which."""

from __future__ import annotations

from dataclasses import dataclass

from verbund.web.directory.models import Approach
from verbund.web.networks.rules import Viewer

State = Approach.State
OWNER, ASKING = "owner", "asking"


@dataclass(frozen=True, slots=True)
class Step:
    """One side's move: from which states it is taken, and what the approach becomes."""

    side: str
    before: frozenset[str]
    becomes: State


_OPEN = frozenset((State.ASKED, State.WANTED, State.NAMED, State.REVEALED))
STEPS = {
    "want": Step(OWNER, frozenset((State.ASKED,)), State.WANTED),
    "name": Step(ASKING, frozenset((State.WANTED,)), State.NAMED),
    "reveal": Step(OWNER, frozenset((State.NAMED,)), State.REVEALED),
    "refuse": Step(OWNER, _OPEN, State.REFUSED),
    "withdraw": Step(ASKING, _OPEN, State.WITHDRAWN),
}
SIDE_OF = {State.ASKED: ASKING} | {step.becomes: step.side for step in STEPS.values()}


def steps_open_to(side: str, state: str) -> list[str]:
    return [key for key, step in STEPS.items() if step.side == side and state in step.before]


def can_act(viewer: Viewer, approach: Approach, side: str) -> bool:
    """A name is given by those who represent the organisation; offices look on."""
    organisation = approach.request.organisation_id if side == OWNER else approach.organisation_id
    return organisation in viewer.organisations
