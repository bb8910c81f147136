"""Timetables that are proven to be the best: the fewest breaks, or the most weight.

Breaks: a SAT solver (python-sat) searches from below, see `exact_search`; without it HiGHS solves
the same problem as an integer program, more slowly. Weight: HiGHS selects, the SAT solver finds the
slots, see `exact_programs`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from verbund.scheduling.conflict import explain, windows
from verbund.scheduling.exact_model import breaks_model, requests_of, restricted
from verbund.scheduling.exact_programs import IMPOSSIBLE, best_weight, fewest_breaks
from verbund.scheduling.exact_search import FromBelow, OutOfTime, Search, has_solver
from verbund.scheduling.problem import Problem, breaks_of, slots_of
from verbund.scheduling.result import Status
from verbund.wording import Phrase


@dataclass(frozen=True)
class Outcome:
    """What an exact solver knows.

    Attributes
    ----------
    meetings
        Request -> slot; empty if nothing was found.
    value
        Breaks of these meetings, or their weight.
    bound
        No timetable has fewer breaks, or none has more weight.
    reasons
        Of an infeasible problem: the few meetings and rules that cannot be kept together.
    solver
        Who answered.
    """

    status: Status
    meetings: Mapping[int, int]
    value: float
    bound: float
    reasons: tuple[Phrase, ...] = ()
    solver: str = ""

    @property
    def breaks(self) -> int:
        """The value as breaks."""
        return int(self.value)


def _ignore(meetings: dict[int, int], breaks: int) -> None:
    """Keep quiet about a better timetable."""


def minimise_breaks(
    problem: Problem,
    *,
    deadline: Callable[[], float],
    start: Mapping[int, int] | None = None,
    on_better: Callable[[dict[int, int], int], None] = _ignore,
) -> Outcome:
    """Hold all mandatory requests, fairly, with the fewest breaks.

    Parameters
    ----------
    problem
        The requests that are not mandatory are left out.
    deadline
        Seconds left. When they are over, or at Ctrl-C, the best so far is returned.
    start
        A timetable to begin with.
    on_better
        Called with each better timetable and its breaks.
    """
    held = [number for number, one in enumerate(problem.requests) if one.mandatory]
    smaller = restricted(problem, held)
    attempt = _Breaks(smaller, deadline, lambda found, breaks: on_better(renamed(found), breaks))

    def renamed(found: Mapping[int, int]) -> dict[int, int]:
        return {held[number]: slot for number, slot in found.items()}

    if start and all(number in start for number in held):
        attempt.keep({new: start[old] for new, old in enumerate(held)})
    try:
        outcome = attempt.run()
    except (OutOfTime, KeyboardInterrupt):
        outcome = attempt.so_far()
    if outcome.status is Status.INFEASIBLE:
        return replace(outcome, reasons=conflict(problem, deadline=deadline))
    return replace(outcome, meetings=renamed(outcome.meetings))


def conflict(problem: Problem, *, deadline: Callable[[], float]) -> tuple[Phrase, ...]:
    """Say why the mandatory requests of an infeasible problem cannot all be held."""
    held = [number for number, one in enumerate(problem.requests) if one.mandatory]
    return explain(problem, held, deadline=deadline)


@dataclass
class _Breaks:
    """A search for the fewest breaks, and what it knows so far."""

    problem: Problem
    deadline: Callable[[], float]
    on_better: Callable[[dict[int, int], int], None]
    best: dict[int, int] | None = None
    fewest: int = 0
    bound: int = 0
    solver: str = "counting"

    def keep(self, meetings: dict[int, int]) -> None:
        breaks = count_breaks(self.problem, meetings)
        if self.best is None or breaks < self.fewest:
            self.best, self.fewest = meetings, breaks
            self.on_better(meetings, breaks)

    def so_far(self) -> Outcome:
        if self.best is None:
            return Outcome(Status.UNKNOWN, {}, 0, self.bound, solver=self.solver)
        status = Status.OPTIMAL if self.bound >= self.fewest else Status.FEASIBLE
        return Outcome(status, self.best, self.fewest, self.bound, solver=self.solver)

    def run(self) -> Outcome:
        if has_more_requests_than_slots(self.problem) or windows(self.problem) is None:
            return self._infeasible()
        self.solver = "CaDiCaL" if has_solver() else "HiGHS"
        return self._by_sat() if has_solver() else self._by_program()

    def _infeasible(self) -> Outcome:
        return Outcome(Status.INFEASIBLE, {}, 0, 0, solver=self.solver)

    def _by_sat(self) -> Outcome:
        possible = windows(self.problem) or self.problem.possible
        model = breaks_model(self.problem, possible)
        if self.best is None:
            any_timetable = Search(model, self.deadline)
            if not any_timetable.holds([]):
                return self._infeasible()
            self.keep(any_timetable.meetings())
        search = Search(model, self.deadline)  # anew: it is quicker without what it has learnt
        below = FromBelow(search)
        while self.bound < self.fewest and not below.step():
            self.bound = below.bound
        if self.bound < self.fewest:
            self.keep(search.meetings())
            self.bound = below.bound
        return self.so_far()

    def _by_program(self) -> Outcome:
        possible = windows(self.problem) or self.problem.possible
        found, bound = fewest_breaks(self.problem, possible, self.deadline())
        if found is None and bound is None:
            return self._infeasible()
        self.bound = bound or 0
        if found is not None:
            self.keep(found)
        return self.so_far()


def has_more_requests_than_slots(problem: Problem) -> bool:
    """Whether somebody has more requests than meetings are possible."""
    counts = requests_of(problem)
    return any(len(own) > most for own, most in zip(counts, problem.limits, strict=True))


def count_breaks(problem: Problem, meetings: Mapping[int, int]) -> int:
    """Count the breaks of everybody."""
    own = requests_of(problem)
    return sum(breaks_of(slots_of(meetings[e] for e in those if e in meetings)) for those in own)


def maximise_weight(
    problem: Problem,
    *,
    deadline: Callable[[], float],
    start: Mapping[int, int] | None = None,
    bound: float | None = None,
    serve: Collection[int] = (),
) -> Outcome:
    """Hold the requests worth most.

    Parameters
    ----------
    deadline
        Seconds left.
    start
        A timetable that keeps all rules; the better it is, the quicker the proof.
    bound
        An upper bound on the weight that is already known.
    serve
        Participants who must get a meeting.
    """
    before = dict(start or {})
    weight = _weight(problem, before)
    if bound is not None and start is not None and weight >= bound - 1e-6:
        return Outcome(Status.OPTIMAL, before, weight, weight, solver="bound")
    try:
        found, most = best_weight(problem, start, deadline, serve=serve)
    except KeyboardInterrupt:
        found, most = start, None
    if found is None:
        if most == IMPOSSIBLE:
            return Outcome(Status.INFEASIBLE, {}, 0.0, 0.0, solver="HiGHS")
        limit = min(one for one in (bound, most, float("inf")) if one is not None)
        return Outcome(Status.UNKNOWN, {}, 0.0, limit, solver="HiGHS")
    if start is not None and _weight(problem, found) < weight:
        found = start
    weight = _weight(problem, found)
    known = [one for one in (bound, most) if one is not None]
    limit = max(weight, min(known)) if known else float("inf")
    status = Status.OPTIMAL if weight >= limit - 1e-6 else Status.FEASIBLE
    return Outcome(status, dict(found), weight, limit, solver="HiGHS")


def _weight(problem: Problem, meetings: Mapping[int, int]) -> float:
    return sum(problem.requests[request].weight for request in meetings)
