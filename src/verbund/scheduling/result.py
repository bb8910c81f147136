"""What planning gives back: a timetable, how good it is, and who is left without a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from verbund.scheduling.problem import (
    SHARED,
    Problem,
    Slots,
    breaks_of,
    idle_slots_of,
    slots_of,
)
from verbund.wording import Phrase


class Status(StrEnum):
    """What is known of a timetable."""

    OPTIMAL = "optimal"  # none is better
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"  # proven: no timetable keeps all that is mandatory
    UNKNOWN = "unknown"  # none was found, none is excluded


@dataclass(frozen=True, slots=True)
class Unserved:
    """A participant without a meeting, and the limit that stands in the way."""

    participant: int
    why: Phrase


@dataclass(frozen=True)
class Result:
    """A timetable.

    Attributes
    ----------
    meetings
        Request -> slot.
    upper_bound
        No timetable is worth more under the same wish to serve everyone; with the objective of
        breaks none has fewer breaks than `least_breaks`.
    plain_bound
        The bound without serving everyone: the difference is the price of it.
    reasons
        Of an infeasible problem: what cannot be kept together.
    """

    problem: Problem
    status: Status
    meetings: Mapping[int, int]
    upper_bound: float
    plain_bound: float
    seconds: float
    seed: int
    unserved: tuple[Unserved, ...] = ()
    reasons: tuple[Phrase, ...] = ()
    least_breaks: float = 0
    locations: Mapping[int, int] = field(default_factory=dict)

    @property
    def weight(self) -> float:
        return sum(self.problem.requests[request].weight for request in self.meetings)

    @property
    def share(self) -> float:
        """How much of what is possible at all is reached, 0 to 1."""
        return self.weight / self.upper_bound if self.upper_bound else 1.0

    @property
    def breaks(self) -> int:
        return sum(map(breaks_of, self._days().values()))

    @property
    def idle_slots(self) -> int:
        people = self.problem.participants
        return sum(idle_slots_of(day, people[p].available) for p, day in self._days().items())

    def _days(self) -> dict[int, Slots]:
        slots: dict[int, list[int]] = {}
        for request, slot in self.meetings.items():
            for member in self.problem.requests[request].members:
                slots.setdefault(member, []).append(slot)
        return {member: slots_of(taken) for member, taken in slots.items()}

    def as_json(self) -> dict[str, object]:
        """Return the timetable as the format `verbund-schedule/1` writes it, with its figures."""
        return {
            "instance": self.problem.name,
            "meetings": [
                [request, slot, self.locations[request]]
                for request, slot in sorted(self.meetings.items(), key=lambda m: (m[1], m[0]))
            ],
            "status": self.status.value,
            "weight": self.weight,
            "breaks": self.breaks,
            "upper_bound": self.upper_bound,
            "plain_upper_bound": self.plain_bound,
            "share": round(self.share, 6),
            "idle_slots": self.idle_slots,
            "seconds": round(self.seconds, 3),
            "seed": self.seed,
            "unserved": [
                {"participant": one.participant, "limit": one.why.code.rpartition(".")[2]}
                | {language: one.why.say(language) for language in ("de", "en")}
                for one in self.unserved
            ],
            "reasons": [
                {language: reason.say(language) for language in ("de", "en")}
                for reason in self.reasons
            ],
        }


def seat(problem: Problem, meetings: Mapping[int, int]) -> dict[int, int]:
    """Give each meeting a place: a table from 0, or -1 - booth.

    Who met at a table in the slot before stays there if that is free.
    """
    locations: dict[int, int] = {}
    by_slot: dict[int, list[int]] = {}
    for request, slot in sorted(meetings.items()):
        if problem.places[request] == SHARED:
            by_slot.setdefault(slot, []).append(request)
        else:
            locations[request] = -1 - problem.places[request]
    last: dict[int, int] = {}  # participant -> table of the meeting before
    for slot in sorted(by_slot):
        free = set(range(problem.tables[slot]))
        waiting = []
        for request in by_slot[slot]:
            known = (last.get(member, -1) for member in problem.requests[request].members)
            table = next((table for table in known if table in free), None)
            if table is None:
                waiting.append(request)
            else:
                free.discard(table)
                locations[request] = table
        for request, table in zip(waiting, sorted(free), strict=False):
            locations[request] = table
        for request in by_slot[slot]:
            last |= dict.fromkeys(problem.requests[request].members, locations[request])
    return locations
