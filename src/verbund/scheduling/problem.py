"""What is to be planned: who wants to meet whom, in which slots, at which tables.

Slots, participants and requests are numbered from 0. A set of slots is an int whose bit t stands
for slot t: "is there a slot in which all of them can" is one `&`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from verbund.wording import refuse

Slots = int  # a set of slots, bit t for slot t
SHARED = -1  # the place of a meeting that needs one of the shared tables


class Objective(StrEnum):
    """What a good timetable is: the most weight, or the fewest breaks with every meeting held."""

    WEIGHT = "weight"
    BREAKS = "breaks"


@dataclass(frozen=True, slots=True)
class Participant:
    """Whom a meeting needs.

    Attributes
    ----------
    available
        The slots in which this participant can meet.
    most
        In how many meetings at most.
    booth
        Number of the own booth, where all its meetings are held; None without one.
    """

    available: Slots
    most: int
    booth: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A meeting somebody wants.

    Attributes
    ----------
    members
        Two participants; three or more for a group meeting.
    weight
        What it is worth if it is held, from 0.
    session, fixed
        The session or the slot it has to be in; None for any.
    after
        Requests that must be in an earlier slot, if they are held.
    mandatory
        No timetable without it.
    """

    members: tuple[int, ...]
    weight: float
    session: int | None = None
    fixed: int | None = None
    after: tuple[int, ...] = ()
    mandatory: bool = False


@dataclass(frozen=True)
class Problem:
    """A meeting day.

    Attributes
    ----------
    sessions
        The session of each slot; their number is the number of slots.
    tables
        Shared tables in each slot.
    booth_capacity
        Simultaneous meetings at each booth.
    exclusive
        Groups of participants of whom no two are in different meetings at once (shared staff).
    fairness
        Allowed difference of breaks between two participants, with the objective of breaks.
    previous
        Request -> slot of the timetable that is to be changed as little as possible.

    Raises
    ------
    InvalidInput
        If numbers do not fit together; the message names the participant or request.
    """

    name: str
    sessions: tuple[int, ...]
    tables: tuple[int, ...]
    participants: tuple[Participant, ...]
    requests: tuple[Request, ...]
    booth_capacity: tuple[int, ...] = ()
    exclusive: tuple[tuple[int, ...], ...] = ()
    objective: Objective = Objective.WEIGHT
    fairness: int | None = None
    previous: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.tables) != self.slots:
            raise refuse("schedule.tables", found=len(self.tables), slots=self.slots)
        for number, participant in enumerate(self.participants):
            booth = participant.booth
            if booth is not None and not 0 <= booth < len(self.booth_capacity):
                raise refuse("schedule.booth", participant=number, booth=booth)
        for number, request in enumerate(self.requests):
            self._refuse_wrong(number, request)
        for group in self.exclusive:
            self._refuse_unknown(group, len(self.participants), "schedule.exclusive")
        self._refuse_unknown(self.previous, len(self.requests), "schedule.previous")
        self._refuse_unknown(self.previous.values(), self.slots, "schedule.previous")

    def _refuse_wrong(self, number: int, request: Request) -> None:
        members = request.members
        known = all(0 <= member < len(self.participants) for member in members)
        if len(set(members)) != len(members) or len(members) < 2 or not known:
            raise refuse("schedule.members", request=number, members=list(members))
        if not request.weight >= 0:  # nan, too
            raise refuse("schedule.weight", request=number, weight=request.weight)
        if request.fixed is not None and not 0 <= request.fixed < self.slots:
            raise refuse("schedule.fixed", request=number, slot=request.fixed)
        if any(not 0 <= first < len(self.requests) or first == number for first in request.after):
            raise refuse("schedule.after", request=number, after=list(request.after))

    @staticmethod
    def _refuse_unknown(numbers: Iterable[int], below: int, code: str) -> None:
        for number in numbers:
            if not 0 <= number < below:
                raise refuse(code, number=number)

    @property
    def slots(self) -> int:
        return len(self.sessions)

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The booth at which each request is held, `SHARED` for a shared table.

        A meeting is held at the booth of its first member that owns one.
        """
        return tuple(map(self._place, self.requests))

    def _place(self, request: Request) -> int:
        booths = (self.participants[member].booth for member in request.members)
        return next((booth for booth in booths if booth is not None), SHARED)

    @cached_property
    def possible(self) -> tuple[Slots, ...]:
        """The slots in which each request could be held, were there no others."""
        everything = (1 << self.slots) - 1
        of_session: dict[int, Slots] = {}
        for slot, session in enumerate(self.sessions):
            of_session[session] = of_session.get(session, 0) | 1 << slot
        open_tables = slots_of(slot for slot, tables in enumerate(self.tables) if tables > 0)
        found = []
        for request, place in zip(self.requests, self.places, strict=True):
            slots = everything if request.fixed is None else 1 << request.fixed
            if request.session is not None:
                slots &= of_session.get(request.session, 0)
            for member in request.members:
                slots &= self.participants[member].available
            if place == SHARED:
                slots &= open_tables
            elif self.booth_capacity[place] < 1:
                slots = 0
            if any(self.participants[member].most < 1 for member in request.members):
                slots = 0
            found.append(slots)
        return tuple(found)

    @cached_property
    def limits(self) -> tuple[int, ...]:
        """How many meetings each participant can have: by wish, and by free slots."""
        return tuple(min(p.most, p.available.bit_count()) for p in self.participants)

    @cached_property
    def needs(self) -> tuple[tuple[int, ...], ...]:
        """What is busy while a request is held: its members, then the groups they belong to.

        A group of `exclusive` is numbered behind the participants and can do one thing at a time,
        like a person.
        """
        groups: dict[int, list[int]] = {}
        for number, group in enumerate(self.exclusive, start=len(self.participants)):
            for member in group:
                groups.setdefault(member, []).append(number)
        return tuple(
            request.members
            + tuple(dict.fromkeys(g for m in request.members for g in groups.get(m, ())))
            for request in self.requests
        )


def slots_of(slots: Iterable[int]) -> Slots:
    """Return the set of the given slots."""
    result = 0
    for slot in slots:
        result |= 1 << slot
    return result


def in_order(slots: Slots) -> list[int]:
    """List the slots of a set, the earliest first."""
    found = []
    while slots:
        lowest = slots & -slots
        found.append(lowest.bit_length() - 1)
        slots ^= lowest
    return found


def breaks_of(busy: Slots) -> int:
    """Count the groups of free slots between two meetings."""
    return max((busy & ~(busy << 1)).bit_count() - 1, 0)


def idle_slots_of(busy: Slots, available: Slots) -> int:
    """Count the free slots between the first and the last meeting that could have been used."""
    if not busy:
        return 0
    between = (1 << busy.bit_length()) - (busy & -busy)
    return (between & available & ~busy).bit_count()
