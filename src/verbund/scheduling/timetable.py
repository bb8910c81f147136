"""A timetable in the making: meetings in slots, who is busy when, and moves that can be taken back.

Putting a meeting into a slot is list edge colouring: participants are the vertices of a graph,
meetings its edges, slots the colours. Where no slot is free for all, a Kempe chain makes room: the
meetings of two slots that hang together swap slots (Kempe 1879; Vizing 1964).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from verbund.scheduling.problem import Problem, Slots

NOWHERE = -1
LONGEST_CHAIN = 400  # meetings


class Timetable:
    """Which meeting is where; every change is written down and can be rolled back.

    Attributes
    ----------
    slot_of
        Slot per request, `NOWHERE` if it is not held.
    busy
        Per participant, then per exclusive group, the slots taken.
    held
        How many meetings each participant has.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.possible = problem.possible
        self.needs = problem.needs
        slots = self.slots = problem.slots
        people = len(problem.participants)
        size = people + len(problem.exclusive)
        self.slot_of = [NOWHERE] * len(problem.requests)
        self.busy: list[Slots] = [0] * size
        self.at = [NOWHERE] * (size * slots)
        self.held = [0] * people
        self.limits = problem.limits
        # Rooms: the shared tables are room 0, booths follow.
        self.room = [place + 1 for place in problem.places]
        self.left = [list(problem.tables)]
        self.left += [[capacity] * slots for capacity in problem.booth_capacity]
        self.open: list[Slots] = [
            sum(1 << slot for slot, free in enumerate(row) if free > 0) for row in self.left
        ]
        self._earlier = {
            number: request.after
            for number, request in enumerate(problem.requests)
            if request.after
        }
        self._later: dict[int, list[int]] = {}
        for number, first in self._earlier.items():
            for other in first:
                self._later.setdefault(other, []).append(number)
        self._journal: list[tuple[int, int]] = []
        self._longest = LONGEST_CHAIN

    # ------------------------------------------------------------ changes and taking them back

    def put(self, request: int, slot: int) -> None:
        """Hold a request in a slot that is free for it."""
        self._journal.append((request, NOWHERE))
        self._put(request, slot)

    def take(self, request: int) -> None:
        """Hold a request no longer."""
        self._journal.append((request, self.slot_of[request]))
        self._take(request)

    def _put(self, request: int, slot: int) -> None:
        bit, slots = 1 << slot, self.slots
        self.slot_of[request] = slot
        for need in self.needs[request]:
            self.busy[need] |= bit
            self.at[need * slots + slot] = request
        for member in self.problem.requests[request].members:
            self.held[member] += 1
        room = self.room[request]
        self.left[room][slot] -= 1
        if self.left[room][slot] == 0:
            self.open[room] &= ~bit

    def _take(self, request: int) -> None:
        slot, slots = self.slot_of[request], self.slots
        bit = 1 << slot
        self.slot_of[request] = NOWHERE
        for need in self.needs[request]:
            self.busy[need] &= ~bit
            self.at[need * slots + slot] = NOWHERE
        for member in self.problem.requests[request].members:
            self.held[member] -= 1
        room = self.room[request]
        self.left[room][slot] += 1
        self.open[room] |= bit

    def mark(self) -> int:
        """Return a place in the list of changes to roll back to."""
        return len(self._journal)

    def roll_back(self, mark: int) -> None:
        journal = self._journal
        while len(journal) > mark:
            request, before = journal.pop()
            if self.slot_of[request] != NOWHERE:
                self._take(request)
            if before != NOWHERE:
                self._put(request, before)

    def forget_changes(self) -> None:
        """Keep everything as it is; nothing before this can be rolled back."""
        self._journal.clear()

    # ------------------------------------------------------------ finding a slot

    def free_slots(self, request: int) -> Slots:
        """Return the slots in which all it needs is free, tables included."""
        slots = self.possible[request] & self.open[self.room[request]]
        for need in self.needs[request]:
            slots &= ~self.busy[need]
        return slots

    def has_room(self, request: int) -> bool:
        """Tell whether all members may have one more meeting."""
        held, limits = self.held, self.limits
        return all(held[m] < limits[m] for m in self.problem.requests[request].members)

    def insert(self, request: int, *, longest: int = LONGEST_CHAIN) -> bool:
        """Find a slot, swapping others about if need be; False leaves everything as it was.

        Parameters
        ----------
        longest
            How many meetings may swap slots for it.
        """
        if self.insert_free(request):
            return True
        if not self.has_room(request):
            return False
        self._longest = longest
        return self._insert_by_swap(request) or self._insert_by_clearing(request)

    def insert_free(self, request: int) -> bool:
        """Hold a request in a slot that is free for it, if there is one."""
        if not self.has_room(request):
            return False
        free = self.free_slots(request)
        slot = self._best(request, free) if free else NOWHERE
        if slot != NOWHERE:
            self.put(request, slot)
        return slot != NOWHERE

    def _best(self, request: int, free: Slots) -> int:
        """Choose the free slot with most tables left; NOWHERE if the order of meetings forbids."""
        left = self.left[self.room[request]]
        best, most = NOWHERE, -1
        ordered = request in self._earlier or request in self._later
        while free:
            lowest = free & -free
            free ^= lowest
            slot = lowest.bit_length() - 1
            if left[slot] > most and not (ordered and self._breaks_order(request, slot)):
                best, most = slot, left[slot]
        return best

    def _breaks_order(self, request: int, slot: int) -> bool:
        slot_of = self.slot_of
        return any(slot <= slot_of[first] for first in self._earlier.get(request, ())) or any(
            NOWHERE < slot_of[other] <= slot for other in self._later.get(request, ())
        )

    def _insert_by_swap(self, request: int) -> bool:
        """Free one member in a slot where all others are free, by a chain with another slot."""
        slots, at, busy = self.slots, self.at, self.busy
        wanted = self.possible[request]
        room = self.room[request]
        needs = self.needs[request]
        rest = wanted
        while rest:
            lowest = rest & -rest
            rest ^= lowest
            blocked = [need for need in needs if busy[need] & lowest]
            if len(blocked) != 1:
                continue
            slot, need = lowest.bit_length() - 1, blocked[0]
            first = at[need * slots + slot]
            others = ~busy[need] & self.possible[first]
            while others:
                bit = others & -others
                others ^= bit
                mark = len(self._journal)
                if self.swap(first, bit.bit_length() - 1):
                    if (
                        self.open[room] & lowest
                        and not any(busy[n] & lowest for n in needs)
                        and not self._breaks_order(request, slot)
                    ):
                        self.put(request, slot)
                        return True
                    self.roll_back(mark)
        return False

    def _insert_by_clearing(self, request: int) -> bool:
        """Move a meeting out of a slot that lacks nothing but a table."""
        room = self.room[request]
        spare = self.open[room]
        rest = self.possible[request] & ~spare
        for need in self.needs[request]:
            rest &= ~self.busy[need]
        if not spare:
            return False
        while rest:
            lowest = rest & -rest
            rest ^= lowest
            slot = lowest.bit_length() - 1
            for other in self.meetings_in(slot, room):
                targets = self.possible[other] & spare
                while targets:
                    bit = targets & -targets
                    targets ^= bit
                    mark = len(self._journal)
                    if self.swap(other, bit.bit_length() - 1):
                        if self.free_slots(request) & lowest and not self._breaks_order(
                            request, slot
                        ):
                            self.put(request, slot)
                            return True
                        self.roll_back(mark)
        return False

    def meetings_in(self, slot: int, room: int) -> list[int]:
        """List the meetings in a slot at the shared tables (room 0) or a booth."""
        found = dict.fromkeys(
            self.at[member * self.slots + slot] for member in range(len(self.held))
        )
        return [r for r in found if r != NOWHERE and self.room[r] == room]

    def swap(self, first: int, target: int) -> bool:
        """Move a meeting to another slot, and along the chain what stands in its way.

        Returns False, changing nothing, if a meeting of the chain cannot be in its new slot or
        tables do not suffice.
        """
        chain = self.chain(first, target)
        return chain is not None and self.swap_chain(chain, self.slot_of[first], target)

    def swap_chain(self, chain: Sequence[int], here: int, target: int) -> bool:
        """Let the meetings of a chain swap these two slots; False changes nothing."""
        change: dict[int, int] = {}  # per room: how many more meetings `target` gets
        for request in chain:
            step = 1 if self.slot_of[request] == here else -1
            change[self.room[request]] = change.get(self.room[request], 0) + step
        for room, more in change.items():
            if self.left[room][target] < more or self.left[room][here] < -more:
                return False
        mark = len(self._journal)
        moved = [(request, self.slot_of[request]) for request in chain]
        for request, _ in moved:
            self.take(request)
        for request, slot in moved:
            self.put(request, target if slot == here else here)
        if (self._earlier or self._later) and any(
            self._breaks_order(request, self.slot_of[request]) for request in chain
        ):
            self.roll_back(mark)
            return False
        return True

    def chain(self, first: int, target: int) -> list[int] | None:
        """Return the meetings that swap slots if `first` goes to `target`; None if one cannot."""
        slot_of, at, slots, needs, possible = (
            self.slot_of, self.at, self.slots, self.needs, self.possible,
        )  # fmt: skip
        here = slot_of[first]
        found = [first]
        seen = {first}
        for request in found:
            other = target if slot_of[request] == here else here
            if not possible[request] >> other & 1 or len(found) > self._longest:
                return None
            for need in needs[request]:
                next_one = at[need * slots + other]
                if next_one != NOWHERE and next_one not in seen:
                    seen.add(next_one)
                    found.append(next_one)
        return found

    # ------------------------------------------------------------ reading

    def meetings(self) -> dict[int, int]:
        """Return request -> slot of what is held."""
        return {r: slot for r, slot in enumerate(self.slot_of) if slot != NOWHERE}

    def fill(self, meetings: Iterable[tuple[int, int]]) -> None:
        """Hold what is given, as far as it is free; the rest is left out."""
        for request, slot in meetings:
            if (
                self.slot_of[request] == NOWHERE
                and self.has_room(request)
                and self.free_slots(request) >> slot & 1
                and not self._breaks_order(request, slot)
            ):
                self.put(request, slot)
