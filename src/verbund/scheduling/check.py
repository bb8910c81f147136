"""Whether a timetable keeps all rules, looked at afresh: no code is shared with the solvers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from verbund.scheduling.problem import Problem
from verbund.wording import Phrase


def violations(
    problem: Problem, meetings: Mapping[int, int], locations: Mapping[int, int] | None = None
) -> list[Phrase]:
    """List what a timetable does wrong; empty if it keeps every rule.

    Parameters
    ----------
    meetings
        Request -> slot.
    locations
        Request -> table from 0, or -1 - booth; without them only the number of tables counts.
    """
    known = {r: s for r, s in meetings.items() if _exists(problem, r, s)}
    found = [
        Phrase("check.unknown", {"request": r, "slot": s})
        for r, s in meetings.items()
        if r not in known
    ]
    for rule in (_wrong_slots, _double_bookings, _places, _order, _missing, _fairness):
        found += rule(problem, known)
    return found + list(_wrong_locations(problem, known, locations or {}))


def _exists(problem: Problem, request: int, slot: int) -> bool:
    return 0 <= request < len(problem.requests) and 0 <= slot < len(problem.sessions)


def _wrong_slots(problem: Problem, meetings: Mapping[int, int]) -> Iterator[Phrase]:
    for number, slot in meetings.items():
        request = problem.requests[number]
        for member in request.members:
            if not problem.participants[member].available & 2**slot:
                values = {"request": number, "participant": member, "slot": slot}
                yield Phrase("check.absent", values)
        if request.session is not None and problem.sessions[slot] != request.session:
            yield Phrase("check.session", {"request": number, "slot": slot})
        if request.fixed is not None and slot != request.fixed:
            values = {"request": number, "slot": slot, "fixed": request.fixed}
            yield Phrase("check.fixed", values)


def _double_bookings(problem: Problem, meetings: Mapping[int, int]) -> Iterator[Phrase]:
    taken: dict[tuple[int, int], int] = {}
    number: Counter[int] = Counter()
    for request, slot in meetings.items():
        for member in problem.requests[request].members:
            number[member] += 1
            if (member, slot) in taken:
                values = {
                    "participant": member,
                    "slot": slot,
                    "requests": [str(taken[member, slot]), str(request)],
                }
                yield Phrase("check.twice", values)
            taken[member, slot] = request
    for member, count in number.items():
        if count > problem.participants[member].most:
            values = {
                "participant": member,
                "count": count,
                "most": problem.participants[member].most,
            }
            yield Phrase("check.too_many", values)
    for group in problem.exclusive:
        for slot in range(len(problem.sessions)):
            at_once = {taken[member, slot] for member in group if (member, slot) in taken}
            if len(at_once) > 1:
                yield Phrase("check.exclusive", {"slot": slot, "count": len(at_once)})


def _booth_of(problem: Problem, request: int) -> int | None:
    for member in problem.requests[request].members:
        booth = problem.participants[member].booth
        if booth is not None:
            return booth
    return None


def _places(problem: Problem, meetings: Mapping[int, int]) -> Iterator[Phrase]:
    used = Counter((_booth_of(problem, request), slot) for request, slot in meetings.items())
    for (booth, slot), count in used.items():
        room = problem.tables[slot] if booth is None else problem.booth_capacity[booth]
        if count > room:
            code = "check.tables" if booth is None else "check.booth"
            yield Phrase(code, {"slot": slot, "count": count, "room": room, "booth": booth})


def _order(problem: Problem, meetings: Mapping[int, int]) -> Iterator[Phrase]:
    for request, slot in meetings.items():
        for first in problem.requests[request].after:
            if first in meetings and meetings[first] >= slot:
                yield Phrase("check.order", {"request": request, "first": first})


def _missing(problem: Problem, meetings: Mapping[int, int]) -> Iterator[Phrase]:
    for number, request in enumerate(problem.requests):
        if request.mandatory and number not in meetings:
            yield Phrase("check.missing", {"request": number})


def _fairness(problem: Problem, meetings: Mapping[int, int]) -> Iterator[Phrase]:
    if problem.fairness is None or not problem.participants:
        return
    days: dict[int, set[int]] = {number: set() for number in range(len(problem.participants))}
    for request, slot in meetings.items():
        for member in problem.requests[request].members:
            days[member].add(slot)
    breaks = [max(sum(slot - 1 not in day for slot in day) - 1, 0) for day in days.values()]
    if max(breaks) - min(breaks) > problem.fairness:
        values = {"least": min(breaks), "most": max(breaks), "allowed": problem.fairness}
        yield Phrase("check.fairness", values)


def _wrong_locations(
    problem: Problem, meetings: Mapping[int, int], locations: Mapping[int, int]
) -> Iterator[Phrase]:
    seats: dict[tuple[int, int], int] = {}
    for request, location in locations.items():
        if request not in meetings:
            continue
        slot, booth = meetings[request], _booth_of(problem, request)
        right = 0 <= location < problem.tables[slot] if booth is None else location == -1 - booth
        if not right:
            yield Phrase("check.location", {"request": request, "location": location})
        if booth is None and (location, slot) in seats:
            values = {
                "slot": slot,
                "location": location,
                "requests": [str(seats[location, slot]), str(request)],
            }
            yield Phrase("check.seat", values)
        seats[location, slot] = request
