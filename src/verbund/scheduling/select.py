"""Which requests to hold, slots aside: the bound U1 and the requests that reach it.

A linear program over requests (0 to 1): each participant at most as many meetings as it wishes and
has slots, all shared tables together, each booth, each exclusive group over the whole day. Its
value bounds every timetable from above. For requests between two sides it is a flow, so the
solution is whole; odd circles leave halves, which the colouring tries as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, vstack

from verbund.scheduling.problem import SHARED, Problem

Floats = npt.NDArray[np.float64]
_SURELY = 0.99
_MAYBE = 0.01


@dataclass(frozen=True)
class Selection:
    """What the linear program says.

    Attributes
    ----------
    chosen
        Requests worth holding, in no order.
    maybe
        Requests it holds in part.
    bound
        No timetable that gives everybody of `servable` a meeting is worth more.
    plain_bound
        No timetable at all is worth more.
    servable
        Participants with a request that fits somewhere; all of them are to get a meeting.
    gains
        Per request its weight less the price of what it needs: how much it is missed if not held.
    prices
        Per participant what one more meeting of it would be worth.
    table_price
        What one more shared table, in one slot, would be worth.
    """

    chosen: tuple[int, ...]
    maybe: tuple[int, ...]
    bound: float
    plain_bound: float
    servable: frozenset[int]
    gains: Floats
    prices: Floats
    table_price: float


def select(problem: Problem, *, everyone: bool = True) -> Selection | None:
    """Choose requests; None if no choice holds all mandatory ones (and serves everyone, if asked).

    Parameters
    ----------
    everyone
        Whether each servable participant must get a meeting.
    """
    program = _Program(problem)
    plain = program.solve(frozenset())
    if plain is None:
        return None
    servable = program.servable if everyone else frozenset[int]()
    solved = program.solve(servable) if everyone else plain
    if solved is None:
        servable = program.most_served()
        solved = program.solve(servable)
        if solved is None:
            return None
    return program.selection(solved, plain, servable)


@dataclass(frozen=True)
class _Solved:
    share: Floats  # per request
    value: float
    prices: Floats  # per row


class _Program:
    """Rows of the linear program: what requests need and how much there is of it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        people = len(problem.participants)
        self.usable = np.array([bool(slots) for slots in problem.possible], dtype=bool)
        self.must = np.array([request.mandatory for request in problem.requests], dtype=bool)
        self.weights = np.array([request.weight for request in problem.requests], dtype=float)
        booths = people + len(problem.exclusive) + 1
        self.table_row = booths - 1
        rows: list[int] = []
        columns: list[int] = []
        for number, (needs, place) in enumerate(zip(problem.needs, problem.places, strict=True)):
            used = (*needs, self.table_row if place == SHARED else booths + place)
            rows += used
            columns += [number] * len(used)
        height = booths + len(problem.booth_capacity)
        self.matrix = csr_matrix(
            (np.ones(len(rows)), (rows, columns)), shape=(height, len(problem.requests))
        )
        self.capacity = np.array(
            [
                *problem.limits,
                *(_reach(problem, group) for group in problem.exclusive),
                sum(problem.tables),
                *(capacity * problem.slots for capacity in problem.booth_capacity),
            ],
            dtype=float,
        )

    @property
    def servable(self) -> frozenset[int]:
        """Return who has a request that fits into a slot."""
        fitting = self.matrix[: len(self.problem.participants)] @ self.usable.astype(float)
        return frozenset(np.flatnonzero(fitting > 0).tolist())

    def solve(self, served: frozenset[int]) -> _Solved | None:
        """Maximise the weight with at least one meeting for each of these participants."""
        if (self.must & ~self.usable).any():
            return None
        if not len(self.weights):
            return None if served else _Solved(self.weights, 0.0, np.zeros(len(self.capacity)))
        people = sorted(served)
        matrix = csr_matrix(_stacked(self.matrix, people))
        capacity = np.concatenate([self.capacity, -np.ones(len(people))])
        limits = np.stack([self.must.astype(float), self.usable.astype(float)], axis=1)
        found = _solved(-self.weights, matrix, capacity, limits)
        if found.status == 2:  # infeasible
            return None
        if found.status != 0:
            raise RuntimeError(found.message)
        prices = -np.asarray(found.ineqlin.marginals)
        prices, relief = prices[: len(self.capacity)], prices[len(self.capacity) :]
        prices[people] -= relief
        return _Solved(np.asarray(found.x), float(-found.fun), prices)

    def most_served(self) -> frozenset[int]:
        """Return participants who can be served together: as many as a linear program finds."""
        people = sorted(self.servable)
        number, requests = len(people), len(self.weights)
        lower = csr_matrix(_stacked(self.matrix, people))
        lack = csr_matrix(
            (-np.ones(number), (np.arange(len(self.capacity), lower.shape[0]), np.arange(number))),
            shape=(lower.shape[0], number),
        )
        matrix = csr_matrix(hstack([lower, lack]))
        capacity = np.concatenate([self.capacity, -np.ones(number)])
        limits = np.zeros((requests + number, 2))
        limits[:requests, 0], limits[:requests, 1] = self.must, self.usable
        limits[requests:, 1] = 1
        cost = np.concatenate([np.zeros(requests), np.ones(number)])
        found = _solved(cost, matrix, capacity, limits)
        if found.status != 0:
            return frozenset()
        missing = found.x[requests:] > _MAYBE
        return frozenset(p for p, lacks in zip(people, missing, strict=True) if not lacks)

    def selection(self, solved: _Solved, plain: _Solved, served: frozenset[int]) -> Selection:
        gains = self.weights - self.matrix.T @ solved.prices
        share = solved.share
        return Selection(
            chosen=tuple(np.flatnonzero(share > _SURELY).tolist()),
            maybe=tuple(np.flatnonzero((share >= _MAYBE) & (share <= _SURELY)).tolist()),
            bound=solved.value,
            plain_bound=plain.value,
            servable=served,
            gains=gains,
            prices=solved.prices[: len(self.problem.participants)],
            table_price=float(solved.prices[self.table_row]),
        )


def _solved(cost: Floats, matrix: csr_matrix, capacity: Floats, limits: Floats) -> Any:
    return linprog(  # type: ignore[call-overload]  # a sparse matrix is fine
        cost, A_ub=matrix, b_ub=capacity, bounds=limits, method="highs"
    )


def _stacked(matrix: csr_matrix, people: Sequence[int]) -> csr_matrix:
    """Put rows "at least one meeting" below the capacities."""
    return vstack([matrix, -matrix[list(people)]]) if people else matrix


def _reach(problem: Problem, group: Sequence[int]) -> int:
    slots = 0
    for member in group:
        slots |= problem.participants[member].available
    return slots.bit_count()
