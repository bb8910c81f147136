"""A pleasant day at the same weight: fewer idle slots between a participant's meetings.

Simulated annealing (Kirkpatrick et al. 1983) over Kempe chains: the meetings of two slots that hang
together swap slots. Only those at the ends of a chain get another day, so a step is cheap.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from verbund.scheduling.problem import Slots, idle_slots_of
from verbund.scheduling.timetable import NOWHERE, Timetable

_WARMEST, _COLDEST = 1.0, 0.1  # idle slots that a step may add, falling


def ease(
    timetable: Timetable,
    rng: random.Random,
    *,
    steps: int,
    cost: Callable[[Slots, Slots], float] = idle_slots_of,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Lower the sum of `cost` over all participants; what is held stays held.

    Parameters
    ----------
    steps
        How many chains are tried; the search cools down towards the last.
    cost
        Of a participant's busy and available slots.
    """
    held = [request for request, slot in enumerate(timetable.slot_of) if slot != NOWHERE]
    movable = [request for request in held if timetable.possible[request].bit_count() > 1]
    if not movable:
        return
    people = timetable.problem.participants
    choices = {
        request: [s for s in range(timetable.slots) if timetable.possible[request] >> s & 1]
        for request in movable
    }
    for step in range(steps):
        if step % 256 == 0 and stop():
            return
        warmth = _WARMEST * (_COLDEST / _WARMEST) ** (step / steps)
        request = movable[int(rng.random() * len(movable))]
        here = timetable.slot_of[request]
        slots = choices[request]
        target = slots[int(rng.random() * len(slots))]
        if target == here:
            continue
        chain = timetable.chain(request, target)
        if chain is None:
            continue
        flip = 1 << here | 1 << target
        change = 0.0
        for member in _ends(timetable, chain):
            busy, available = timetable.busy[member], people[member].available
            change += cost(busy ^ flip, available) - cost(busy, available)
        if change <= 0 or rng.random() < math.exp(-change / warmth):
            timetable.swap_chain(chain, here, target)
            timetable.forget_changes()


def _ends(timetable: Timetable, chain: list[int]) -> set[int]:
    """Return who has one meeting in the chain; who has two swaps them and stays as busy."""
    ends: set[int] = set()
    requests = timetable.problem.requests
    for request in chain:
        ends.symmetric_difference_update(requests[request].members)
    return ends
