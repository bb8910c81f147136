"""Timetables as integer programs for HiGHS, which scipy brings along.

One variable per request and possible slot. The linear program over them is the bound U2: per
request, per participant and slot, and per place and slot.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from verbund.scheduling.exact_model import breaks_model, optional_model, requests_of, restricted
from verbund.scheduling.exact_search import OutOfTime, Search, has_solver
from verbund.scheduling.problem import SHARED, Problem, Slots, in_order

_LOOK = 20_000  # conflicts, to place what the master has chosen
_NOISE = 1e-5  # share of the weights, to choose among equals
_IMPOSSIBLE = 2  # scipy's status
IMPOSSIBLE = -np.inf  # the bound on the weight of what does not exist


@dataclass
class _Rows:
    """Sparse rows `low <= sum <= high` over numbered variables."""

    variables: int = 0
    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    factor: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def new(self) -> int:
        self.variables += 1
        return self.variables - 1

    def add(
        self, terms: Iterable[tuple[int, float]], *, low: float = -np.inf, high: float = np.inf
    ) -> None:
        number = len(self.low)
        for column, factor in terms:
            self.row.append(number)
            self.column.append(column)
            self.factor.append(factor)
        self.low.append(low)
        self.high.append(high)

    @property
    def matrix(self) -> Any:
        shape = (len(self.low), self.variables)
        return csr_array((self.factor, (self.row, self.column)), shape=shape)


Held = list[dict[int, int]]  # per request: slot -> variable


def _rules(problem: Problem, possible: Sequence[Slots]) -> tuple[_Rows, Held]:
    rows = _Rows()
    held = [{slot: rows.new() for slot in in_order(slots)} for slots in possible]
    for request, slots in zip(problem.requests, held, strict=True):
        rows.add(_once(slots.values()), low=float(request.mandatory), high=1)
    _limit_crowds(rows, problem, held)
    for person, those in enumerate(requests_of(problem)):
        if problem.limits[person] < min(len(those), problem.slots):
            everything = (variable for number in those for variable in held[number].values())
            rows.add(_once(everything), high=problem.limits[person])
    for later, request in enumerate(problem.requests):
        for first in request.after:
            _put_in_order(rows, held[first], held[later])
    return rows, held


def _limit_crowds(rows: _Rows, problem: Problem, held: Held) -> None:
    """Limit who or what is needed at once: people, staff groups, tables, booths."""
    crowds: dict[tuple[bool, int, int], list[int]] = {}
    for number, slots in enumerate(held):
        for slot, variable in slots.items():
            crowds.setdefault((True, problem.places[number], slot), []).append(variable)
            for need in problem.needs[number]:
                crowds.setdefault((False, need, slot), []).append(variable)
    for (is_place, number, slot), variables in crowds.items():
        most = 1
        if is_place:
            most = problem.tables[slot] if number == SHARED else problem.booth_capacity[number]
        if len(variables) > most:
            rows.add(_once(variables), high=most)


def _once(variables: Iterable[int]) -> list[tuple[int, float]]:
    return [(variable, 1.0) for variable in variables]


def _put_in_order(rows: _Rows, first: Mapping[int, int], later: Mapping[int, int]) -> None:
    for slot in later:
        early = [variable for at, variable in later.items() if at <= slot]
        late = [variable for at, variable in first.items() if at >= slot]
        if late:
            rows.add(_once(early + late), high=1)


def _meetings(held: Held, values: Any) -> dict[int, int]:
    return {
        request: slot
        for request, slots in enumerate(held)
        for slot, variable in slots.items()
        if values[variable] > 0.5
    }


def best_weight(
    problem: Problem,
    start: Mapping[int, int] | None,
    deadline: Callable[[], float],
    *,
    serve: Collection[int] = (),
) -> tuple[Mapping[int, int] | None, float | None]:
    """Return the timetable of most weight and a bound on the weight.

    A master program decides which requests are held; for it a meeting may be spread over several
    slots, so it is easy and its value is a bound. A SAT solver then looks for one slot for each;
    the requests it cannot place together become a row of the master (Hooker and Ottosson 2003,
    logic-based Benders decomposition). Without a SAT solver all is one program.

    Parameters
    ----------
    serve
        Participants who must get a meeting.

    Returns
    -------
    meetings and bound
        Without a timetable in time no meetings; the bound is `IMPOSSIBLE` if there is none at all.
    """
    rows, held = _rules(problem, problem.possible)
    chosen = [rows.new() for _ in held]
    for slots, variable in zip(held, chosen, strict=True):
        rows.add([*_once(slots.values()), (variable, -1.0)], low=0, high=0)
    own = requests_of(problem)
    for person in serve:
        rows.add(_once(chosen[request] for request in own[person]), low=1)
    cost = np.zeros(rows.variables)
    cost[chosen] = [-request.weight for request in problem.requests]
    if has_solver():
        return _with_cuts(problem, rows, cost, chosen, start, deadline)
    answer = _program(rows, cost, np.arange(rows.variables), deadline())
    found = start if answer.x is None else _meetings(held, answer.x)
    return (None, IMPOSSIBLE) if answer.status == _IMPOSSIBLE else (found, _bound(answer))


def _with_cuts(
    problem: Problem,
    rows: _Rows,
    cost: Any,
    chosen: Sequence[int],
    start: Mapping[int, int] | None,
    deadline: Callable[[], float],
) -> tuple[Mapping[int, int] | None, float | None]:
    model, selectors = optional_model(problem)
    search = Search(model, deadline)
    selector = {request: literal for literal, request in selectors.items()}
    rng, bound, tried = np.random.default_rng(0), None, cost
    while deadline() > 0:
        answer = _program(rows, tried, chosen, deadline())
        if answer.status == _IMPOSSIBLE:
            return None, IMPOSSIBLE
        if tried is cost:
            bound = _bound(answer)
        if answer.x is None or answer.status != 0:
            break
        wanted = [request for request, one in enumerate(chosen) if answer.x[one] > 0.5]
        try:
            meetings = _placed(problem, wanted, deadline)
            if meetings is not None:
                return meetings, bound
            fits = search.holds([selector[request] for request in wanted], conflicts=_LOOK)
            core = search.smaller(search.core()) if fits is False else []
        except OutOfTime:
            break
        if core:
            rows.add(_once(chosen[selectors[one]] for one in core), high=len(core) - 1)
        else:  # look for others that are worth as much
            tried = cost * (1 + _NOISE * rng.random(len(cost)))
    return start, bound


def _placed(
    problem: Problem, wanted: Sequence[int], deadline: Callable[[], float]
) -> dict[int, int] | None:
    """Return a slot for each of these requests; None if that takes long."""
    exactly = replace(restricted(problem, wanted), fairness=None)
    search = Search(breaks_model(exactly, exactly.possible), deadline)
    if not search.holds([], conflicts=_LOOK):
        return None
    return {wanted[request]: slot for request, slot in search.meetings().items()}


def _bound(answer: Any) -> float | None:
    bound = getattr(answer, "mip_dual_bound", None)
    return None if bound is None or not np.isfinite(bound) else float(-bound)


def _program(rows: _Rows, cost: Any, whole: Any, seconds: float) -> Any:
    integrality = np.zeros(rows.variables, dtype=int)
    integrality[whole] = 1
    return milp(
        cost,
        integrality=integrality,
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows.matrix, rows.low, rows.high),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0},
    )


def fewest_breaks(
    problem: Problem, possible: Sequence[Slots], seconds: float
) -> tuple[dict[int, int] | None, int | None]:
    """Return the timetable of the fewest breaks found, and a bound on them.

    Both are None if there is no timetable.
    """
    rows, held = _rules(problem, possible)
    everyone = requests_of(problem)
    decided = rows.variables
    ends = [_breaks(rows, problem, [held[e] for e in those]) for those in everyone]
    if problem.fairness is not None:
        least = rows.new()
        for row in ends:
            rows.add([*_once(row), (least, -1.0)], low=0, high=problem.fairness)
    whole = np.zeros(rows.variables, dtype=int)
    whole[:decided] = 1
    cost = np.zeros(rows.variables)
    cost[[end for row in ends for end in row]] = 1
    upper = np.ones(rows.variables)
    if problem.fairness is not None:
        upper[least] = problem.slots
        whole[least] = 1
    answer = milp(
        cost,
        integrality=whole,
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(rows.matrix, rows.low, rows.high),
        options={"time_limit": max(seconds, 0.01)},
    )
    if answer.status == _IMPOSSIBLE:
        return None, None
    found = None if answer.x is None else _meetings(held, answer.x)
    bound = _bound(answer)
    return found, 0 if bound is None else max(0, int(np.ceil(-bound - 1e-4)))


def _breaks(rows: _Rows, problem: Problem, held: Held) -> list[int]:
    """Return a variable per slot: a break of this participant ends here."""
    if len(held) < 2:
        return []
    busy = [_once(slots[slot] for slots in held if slot in slots) for slot in range(problem.slots)]
    began: list[list[tuple[int, float]]] = [busy[0]]  # per slot: there was a meeting up to here
    ends = []
    for slot in range(1, problem.slots):
        if busy[slot] and slot > 1:
            ends.append(_end(rows, busy[slot], busy[slot - 1], began[slot - 1]))
        now = rows.new()
        rows.add([(now, 1.0), *_minus(began[-1])], low=0)
        rows.add([(now, 1.0), *_minus(busy[slot])], low=0)
        rows.add([(now, 1.0), *_minus(began[-1]), *_minus(busy[slot])], high=0)
        began.append([(now, 1.0)])
    return ends


def _end(
    rows: _Rows,
    busy: list[tuple[int, float]],
    before: list[tuple[int, float]],
    began: list[tuple[int, float]],
) -> int:
    end = rows.new()
    rows.add([(end, 1.0), *_minus(busy), *before, *_minus(began)], low=-1)
    rows.add([(end, 1.0), *_minus(busy)], high=0)
    rows.add([(end, 1.0), *before], high=1)
    rows.add([(end, 1.0), *_minus(began)], high=0)
    return end


def _minus(terms: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
    return [(variable, -factor) for variable, factor in terms]
