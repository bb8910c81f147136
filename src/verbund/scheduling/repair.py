"""Requests that found no slot: make room by ejecting up to two meetings and placing them anew.

What is gained must not be less than what is lost. Serving somebody who has no meeting yet is worth
more than any weight; a mandatory meeting is never lost.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable

from verbund.scheduling.problem import Problem
from verbund.scheduling.timetable import NOWHERE, Timetable

_MOST_EJECTED = 2
_LEVEL = 0.3  # how often a change that neither wins nor loses is taken, to get elsewhere


class Worth:
    """What a timetable is worth: weights, and first meetings of those who are to be served."""

    def __init__(self, problem: Problem, served: Collection[int]) -> None:
        self.weights = [float(request.weight) for request in problem.requests]
        everything = sum(self.weights) + 1.0
        self.first_meeting = [
            everything if p in served else 0.0 for p in range(len(problem.participants))
        ]
        beyond = everything * (len(problem.participants) + 1)
        self.of_request = [
            weight + (beyond if request.mandatory else 0.0)
            for weight, request in zip(self.weights, problem.requests, strict=True)
        ]
        self._members = [request.members for request in problem.requests]

    def of(self, timetable: Timetable) -> float:
        held = sum(self.of_request[request] for request in timetable.meetings())
        served = zip(self.first_meeting, timetable.held, strict=True)
        return held + sum(bonus for bonus, meetings in served if meetings)

    def goal(self, bound: float) -> float:
        """Return what a timetable of this weight is worth that serves and holds all it should."""
        extra = zip(self.of_request, self.weights, strict=True)
        return bound + sum(self.first_meeting) + sum(worth - weight for worth, weight in extra)

    def gained(self, timetable: Timetable, won: Iterable[int], lost: Iterable[int]) -> float:
        """Return what a change has won, looking at the timetable after it."""
        delta = 0.0
        change: dict[int, int] = {}
        for requests, sign in ((won, 1), (lost, -1)):
            for request in requests:
                delta += sign * self.of_request[request]
                for member in self._members[request]:
                    change[member] = change.get(member, 0) + sign
        for member, more in change.items():
            after = timetable.held[member]
            delta += self.first_meeting[member] * ((after > 0) - (after - more > 0))
        return delta


def repair(
    timetable: Timetable,
    waiting: Iterable[int],
    worth: Worth,
    rng: random.Random,
    *,
    rounds: int = 8,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Place waiting requests in the order given, ejecting others, round after round.

    Ends when nothing waits, after `rounds` rounds without gain, or when `stop` says so.
    """
    queue = [request for request in dict.fromkeys(waiting) if timetable.slot_of[request] == NOWHERE]
    idle = 0
    while queue and idle < rounds:
        gained = False
        for request in list(queue):
            if stop():
                return
            if timetable.slot_of[request] == NOWHERE:
                won, lost = _place(timetable, request, worth, rng)
                gained |= won > 0
                queue += lost
        timetable.forget_changes()
        queue = [r for r in dict.fromkeys(queue) if timetable.slot_of[r] == NOWHERE]
        rng.shuffle(queue)
        idle = 0 if gained else idle + 1


def _place(
    timetable: Timetable, request: int, worth: Worth, rng: random.Random
) -> tuple[float, list[int]]:
    """Place one request; returns what was won and which requests were ejected for good."""
    mark = timetable.mark()
    if timetable.insert(request):
        return worth.gained(timetable, [request], []), []
    slots = [s for s in range(timetable.slots) if timetable.possible[request] >> s & 1]
    rng.shuffle(slots)
    for slot in slots:
        ejected = _in_the_way(timetable, request, slot, worth)
        if ejected is None:
            continue
        for other in ejected:
            timetable.take(other)
        if timetable.free_slots(request) >> slot & 1 and timetable.has_room(request):
            timetable.put(request, slot)
            lost = [other for other in ejected if not timetable.insert(other)]
            won = worth.gained(timetable, [request], lost)
            if won > 0 or (won == 0 and rng.random() < _LEVEL):
                return won, lost
        timetable.roll_back(mark)
    return 0.0, []


def _in_the_way(timetable: Timetable, request: int, slot: int, worth: Worth) -> list[int] | None:
    """List what must go for a request to be in a slot, dearest first; None if it is too much."""
    at, slots = timetable.at, timetable.slots
    found = {at[need * slots + slot] for need in timetable.needs[request]} - {NOWHERE}
    if len(found) > _MOST_EJECTED:
        return None
    room = timetable.room[request]
    if timetable.left[room][slot] <= 0 and not any(timetable.room[r] == room for r in found):
        cheapest = min(timetable.meetings_in(slot, room), key=worth.of_request.__getitem__)
        found.add(cheapest)
    members = timetable.problem.requests
    for member in members[request].members:
        freed = sum(member in members[r].members for r in found)
        if timetable.held[member] - freed >= timetable.limits[member]:
            own = {at[member * slots + s] for s in range(slots)} - {NOWHERE} - found
            if not own:
                return None
            found.add(min(own, key=lambda r: (worth.of_request[r], r)))
    if len(found) > _MOST_EJECTED:
        return None
    return sorted(found, key=lambda r: (-worth.of_request[r], r))
