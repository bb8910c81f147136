"""The fewest breaks by a SAT solver, from below.

The search assumes that nobody has a break. Each contradiction names people of whom one must have a
break more (a core): the lower bound rises by one, and the next assumption allows that break to one
of them. The first timetable that keeps all assumptions has the fewest breaks (the algorithm OLL:
Andres, Kaufmann, Matheis, Schaub, ICLP 2012; Morgado, Dodaro, Marques-Silva, CP 2014; with the core
exhaustion of RC2: Ignatiev, Morgado, Marques-Silva, JSAT 11, 2019).

The solver runs in slices of conflicts, so that a time limit and Ctrl-C are kept and the answer
depends on nothing but the problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from verbund.scheduling.exact_model import Literal, Model

SLICE = 20_000  # conflicts; the solver loses its stride if it is stopped more often
_SMALLEST = 200  # conflicts, with little time left
_FASTEST = 0.001  # seconds; a clock may stand still
_PACE = 0.002  # seconds per conflict, until it is known
_SHRINK = 300  # conflicts to leave one literal out of a core
_EXHAUST = 2000  # conflicts to raise the bound of a core once more


class OutOfTime(Exception):  # noqa: N818  # not an error
    """The time for a search is over."""


def has_solver() -> bool:
    """Whether python-sat is installed."""
    return find_spec("pysat") is not None


@dataclass
class Search:
    """A SAT solver at work on one model, asked under assumptions.

    Attributes
    ----------
    deadline
        Seconds left.
    pace
        Seconds that a conflict takes, to stop in time.
    """

    model: Model
    deadline: Callable[[], float]
    solver: Any = field(init=False)
    variables: int = field(init=False)
    pace: float = _PACE

    def __post_init__(self) -> None:
        cadical = import_module("pysat.solvers").Cadical195  # an optional dependency without types

        self.solver = cadical(bootstrap_with=self.model.clauses.rows)
        self.variables = self.model.clauses.variables

    def holds(self, assumptions: list[Literal], *, conflicts: int | None = None) -> bool | None:
        """Whether the assumptions can be kept; None if `conflicts` were not enough to know.

        Raises
        ------
        OutOfTime
            If the deadline came first.
        """
        spent = 0
        while conflicts is None or spent < conflicts:
            left = self.deadline()
            if left <= 0:
                raise OutOfTime
            budget = SLICE if conflicts is None else min(SLICE, conflicts - spent)
            budget = min(budget, int(left / self.pace) + _SMALLEST)
            self.solver.conf_budget(budget)
            answer: bool | None = self.solver.solve_limited(assumptions=assumptions)
            if answer is not None:
                return answer
            spent += budget
            self.pace = max(left - self.deadline(), _FASTEST) / budget
        return None

    def core(self) -> list[Literal]:
        """Return assumptions of which not all can be kept."""
        return list(self.solver.get_core() or ())

    def smaller(self, core: list[Literal]) -> list[Literal]:
        """Leave out of a core what is easily seen to be superfluous."""
        for left_out in list(core):
            rest = [one for one in core if one != left_out]
            if left_out in core and self.holds(rest, conflicts=_SHRINK) is False:
                needed = set(self.core())
                core = [one for one in rest if one in needed]
        return core

    def meetings(self) -> dict[int, int]:
        """Return the timetable just found."""
        return self.model.meetings({one for one in self.solver.get_model() if one > 0})

    def counted(self, literals: list[Literal]) -> list[Literal]:
        """Add a counter of literals and return "at least one", "at least two", ..."""
        totalizer_of = import_module("pysat.card").ITotalizer

        with totalizer_of(literals, ubound=len(literals), top_id=self.variables) as totalizer:
            self.variables = max(self.variables, totalizer.top_id)
            for clause in totalizer.cnf.clauses:
                self.solver.add_clause(clause)
            return list(totalizer.rhs)


@dataclass
class FromBelow:
    """The assumptions of the search, and what to allow next if one is given up.

    Attributes
    ----------
    bound
        At least so many breaks.
    """

    search: Search
    bound: int = 0
    _next: dict[Literal, Iterator[Literal]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.search.model.breaks:
            self._assume(iter(row))

    def _assume(self, levels: Iterator[Literal]) -> None:
        level = next(levels, None)
        if level is not None:
            self._next[-level] = levels

    def step(self) -> bool:
        """Prove one more break, or return True: the timetable just found has `bound` breaks."""
        if self.search.holds(list(self._next)):
            return True
        core = self.search.smaller(self.search.core())
        if not core:
            raise ValueError("no timetable holds all requests, so the start cannot be one")
        self.bound += 1
        for assumption in core:
            self._assume(self._next.pop(assumption))
        if len(core) > 1:
            self._allow_one_of(core)
        return False

    def _allow_one_of(self, core: list[Literal]) -> None:
        levels = iter(self.search.counted([-one for one in core])[1:])
        for level in levels:
            if self.search.holds([-level], conflicts=_EXHAUST) is not False:
                self._next[-level] = levels
                return
            self.bound += 1
