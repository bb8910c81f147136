"""A meeting day as clauses: every request held, rules kept, breaks counted.

The variables say "request e is held in slot t". From them follow "participant p is busy in t" and,
with a sequential counter over the slots of each participant (Sinz, CP 2005), "p has had at least k
meetings before slot t". The counter is exact in both directions: all meetings are held, so p is
busy exactly as often as it has requests. This and the bound on the people at the tables of a slot
follow from the other rules, but a solver that only propagates does not see them: they are the
implied constraints of Bofill et al., JAIR 74 (2022), and make the difference between seconds and
hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from verbund.scheduling.problem import SHARED, Problem, Slots, in_order

Literal = int  # a variable, or minus a variable: not
TRUE: Literal = 1


@dataclass
class Clauses:
    """Clauses over numbered variables; the first variable is true."""

    rows: list[list[Literal]] = field(default_factory=lambda: [[TRUE]])
    variables: int = TRUE

    def new(self) -> Literal:
        self.variables += 1
        return self.variables

    def add(self, *literals: Literal) -> None:
        """Demand one of the literals."""
        if TRUE not in literals:
            self.rows.append([one for one in literals if one != -TRUE])

    def at_most_one(self, literals: Sequence[Literal]) -> None:
        for place, one in enumerate(literals):
            for other in literals[:place]:
                self.add(-one, -other)

    def count(self, literals: Sequence[Literal], *, least: int, most: int) -> list[list[Literal]]:
        """Demand `least` to `most` of the literals.

        Returns
        -------
        list of list
            `[i][k]` is true if and only if at least k of the first i literals are.
        """
        rows = [[TRUE] + [-TRUE] * (most + 1)]
        for done, literal in enumerate(literals, start=1):
            before, row = rows[-1], [TRUE]
            for k in range(1, most + 2):
                row.append(self._counted(k, done, least - (len(literals) - done), most))
                self.add(-before[k], row[k])
                self.add(-before[k - 1], -literal, row[k])
                self.add(-row[k], before[k], literal)
                self.add(-row[k], before[k - 1])
            rows.append(row)
        for k in range(1, least + 1):
            self.add(rows[-1][k])
        return rows

    def _counted(self, k: int, done: int, needed: int, most: int) -> Literal:
        if k > min(done, most):
            return -TRUE
        return TRUE if k <= needed else self.new()

    def at_most(self, literals: Sequence[Literal], most: int) -> None:
        """Forbid more than `most` of the literals."""
        able = [one for one in literals if one != -TRUE]
        if most < len(able):
            self.count(able, least=0, most=most)


@dataclass
class Model:
    """The clauses of a problem, and what their variables mean.

    Attributes
    ----------
    held
        Per request: slot -> "held in this slot".
    breaks
        Per participant: "at least one break", "at least two", ...
    """

    clauses: Clauses
    held: list[dict[int, Literal]]
    breaks: list[list[Literal]]

    def meetings(self, true: set[Literal]) -> dict[int, int]:
        """Read the timetable out of what is true."""
        return {
            request: slot
            for request, slots in enumerate(self.held)
            for slot, literal in slots.items()
            if literal in true
        }


def breaks_model(problem: Problem, possible: Sequence[Slots]) -> Model:
    """Return clauses that are true of exactly the timetables that hold every request.

    Parameters
    ----------
    problem
        What to plan.
    possible
        The slots of each request, perhaps fewer than in the problem.
    """
    clauses = Clauses()
    held = [{slot: clauses.new() for slot in in_order(slots)} for slots in possible]
    for slots in held:
        clauses.add(*slots.values())
        clauses.at_most_one(list(slots.values()))
    requests = requests_of(problem)
    busy = [_busy(clauses, problem, [held[e] for e in those]) for those in requests]
    people = len(problem.participants)
    counters = [
        clauses.count(busy[p], least=len(requests[p]), most=min(len(requests[p]), problem.slots))
        for p in range(people)
    ]
    _limit_groups(clauses, problem, held)
    _limit_places(clauses, problem, held)
    _limit_people(clauses, problem, busy)
    for later, request in enumerate(problem.requests):
        for first in request.after:
            _order(clauses, held[first], held[later])
    breaks = [
        _count_breaks(clauses, busy[p], counters[p]) if len(requests[p]) > 1 else []
        for p in range(people)
    ]
    if problem.fairness is not None:
        _be_fair(clauses, breaks, problem.fairness)
    return Model(clauses, held, breaks)


def optional_model(problem: Problem) -> tuple[Model, dict[Literal, int]]:
    """Return clauses in which a request is held if its selector is assumed; selector -> request.

    How many meetings somebody wants at most is left to who selects.
    """
    clauses = Clauses()
    held = [{slot: clauses.new() for slot in in_order(slots)} for slots in problem.possible]
    selectors = [clauses.new() for _ in held]
    crowds: dict[int, list[dict[int, Literal]]] = {}
    for number, (slots, selector) in enumerate(zip(held, selectors, strict=True)):
        clauses.add(-selector, *slots.values())
        clauses.at_most_one(list(slots.values()))
        for literal in slots.values():
            clauses.add(-literal, selector)
        for need in problem.needs[number]:
            crowds.setdefault(need, []).append(slots)
    for crowd in crowds.values():
        for slot in range(problem.slots):
            clauses.at_most_one([slots[slot] for slots in crowd if slot in slots])
    _limit_places(clauses, problem, held, implied=False)
    for later, request in enumerate(problem.requests):
        for first in request.after:
            _order(clauses, held[first], held[later], unless=(-selectors[first], -selectors[later]))
    return Model(clauses, held, []), {one: number for number, one in enumerate(selectors)}


def requests_of(problem: Problem) -> list[list[int]]:
    """List the requests of each participant."""
    found: list[list[int]] = [[] for _ in problem.participants]
    for number, request in enumerate(problem.requests):
        for member in request.members:
            found[member].append(number)
    return found


def _busy(clauses: Clauses, problem: Problem, held: Sequence[dict[int, Literal]]) -> list[Literal]:
    """Return, per slot, "has a meeting", and forbid two at once."""
    busy = []
    for slot in range(problem.slots):
        here = [slots[slot] for slots in held if slot in slots]
        clauses.at_most_one(here)
        busy.append(clauses.new() if here else -TRUE)
        for one in here:
            clauses.add(-one, busy[slot])
        if here:
            clauses.add(-busy[slot], *here)
    return busy


def _limit_groups(clauses: Clauses, problem: Problem, held: Sequence[dict[int, Literal]]) -> None:
    people = len(problem.participants)
    for group in range(people, people + len(problem.exclusive)):
        those = [held[e] for e, needs in enumerate(problem.needs) if group in needs]
        for slot in range(problem.slots):
            clauses.at_most_one([slots[slot] for slots in those if slot in slots])


def _limit_places(
    clauses: Clauses, problem: Problem, held: Sequence[dict[int, Literal]], *, implied: bool = True
) -> None:
    for place in sorted(set(problem.places)):
        those = [held[e] for e, one in enumerate(problem.places) if one == place]
        paired = implied and place == SHARED and _only_pairs(problem)
        for slot in range(problem.slots) if not paired else ():
            room = problem.tables[slot] if place == SHARED else problem.booth_capacity[place]
            clauses.at_most([slots[slot] for slots in those if slot in slots], room)


def _limit_people(clauses: Clauses, problem: Problem, busy: Sequence[Sequence[Literal]]) -> None:
    """At a table sit no more people than the largest meeting has."""
    elsewhere = {
        member
        for request, place in zip(problem.requests, problem.places, strict=True)
        if place != SHARED
        for member in request.members
    }
    largest = max((len(request.members) for request in problem.requests), default=2)
    for slot, tables in enumerate(problem.tables):
        here = [row[slot] for p, row in enumerate(busy) if p not in elsewhere]
        clauses.at_most(here, tables * largest)


def _only_pairs(problem: Problem) -> bool:
    """Whether counting people is counting tables."""
    return set(problem.places) <= {SHARED} and all(len(r.members) == 2 for r in problem.requests)


def _order(
    clauses: Clauses,
    first: Mapping[int, Literal],
    later: Mapping[int, Literal],
    *,
    unless: tuple[Literal, ...] = (),
) -> None:
    for slot, literal in later.items():
        before = (one for at, one in first.items() if at < slot)
        clauses.add(-literal, *unless, *before)
    for slot, literal in first.items():
        after = (one for at, one in later.items() if at > slot)
        clauses.add(-literal, *unless, *after)


def _count_breaks(
    clauses: Clauses, busy: Sequence[Literal], counter: Sequence[Sequence[Literal]]
) -> list[Literal]:
    """Return "at least k breaks" for k = 1, 2, ..., and what it means to have none."""
    meetings = len(counter[-1]) - 2
    ends = []  # per slot: a break ends here
    for slot in range(2, len(busy)):
        if busy[slot] != -TRUE:
            end, began = clauses.new(), counter[slot - 1][1]
            clauses.add(-busy[slot], busy[slot - 1], -began, end)
            for one in (busy[slot], -busy[slot - 1], began):
                clauses.add(-end, one)
            ends.append(end)
    most = min(len(ends), meetings - 1)
    if most < 1:
        return []
    breaks = clauses.count(ends, least=0, most=most)[-1][1 : most + 1]
    for slot in range(1, len(busy)):
        inside = (-counter[slot][1], counter[slot][meetings])
        clauses.add(breaks[0], *inside, busy[slot])
        clauses.add(breaks[0], *inside, busy[slot - 1])
    return breaks


def _be_fair(clauses: Clauses, breaks: Sequence[Sequence[Literal]], fairness: int) -> None:
    """Nobody has more than `fairness` breaks more than anybody else."""
    least = min(map(len, breaks), default=0)
    everyone = [TRUE] + [clauses.new() for _ in range(least)]  # has at least so many breaks
    for k in range(1, least + 1):
        for row in breaks:
            clauses.add(-everyone[k], row[k - 1])
    for row in breaks:
        for k in range(fairness + 1, len(row) + 1):
            needed = k - fairness
            clauses.add(-row[k - 1], everyone[needed] if needed <= least else -TRUE)


def restricted(problem: Problem, requests: Sequence[int]) -> Problem:
    """Return the problem with these requests only, numbered anew in the order given."""
    new = {old: number for number, old in enumerate(requests)}
    kept = (problem.requests[old] for old in requests)
    return replace(
        problem,
        requests=tuple(
            replace(one, after=tuple(new[first] for first in one.after if first in new))
            for one in kept
        ),
        previous={new[old]: slot for old, slot in problem.previous.items() if old in new},
    )
