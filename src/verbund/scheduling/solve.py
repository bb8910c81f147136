"""The one entry: a problem in, a timetable with its bound out.

Selection (which requests are worth holding, and the bound) -> colouring (which slot) -> repair
(those left over) -> comfort (fewer idle slots at the same weight). Several attempts with other
orders; small events are finished by an exact solver.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from verbund.scheduling import exact
from verbund.scheduling.colour import colour
from verbund.scheduling.comfort import ease
from verbund.scheduling.problem import Objective, Problem
from verbund.scheduling.repair import Worth, repair
from verbund.scheduling.replan import replan
from verbund.scheduling.result import Result, Status, Unserved, seat
from verbund.scheduling.select import Selection, select
from verbund.scheduling.timetable import NOWHERE, Timetable
from verbund.wording import Phrase

_NOTHING = 1e-6  # what two weights may differ by and count as equal
_NEAR = 0.9998  # share of the bound from which a large event needs no further attempt
_FEW = 5_000  # chosen requests beyond which an attempt is dear
_SMALL = 100  # participants up to which an exact solver is asked
_MOST_ATTEMPTS, _PLACEMENTS = 100, 60_000  # attempts, and insertions in all of them together
_STEPS, _LEAST_STEPS = 32, 40_000  # chains tried for comfort: per meeting, in all


@dataclass
class Clock:
    """How much time is left; `interrupted` ends the search with the best so far."""

    limit: float | None
    started: float = field(default_factory=time.monotonic)
    interrupted: bool = False

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def left(self) -> float:
        return 0.0 if self.interrupted else (self.limit or 3_600.0) - self.seconds

    def is_over(self) -> bool:
        return self.left() <= 0


def solve(
    problem: Problem,
    *,
    everyone: bool = True,
    time_limit: float | None = None,
    seed: int = 0,
    moved_price: float | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> Result:
    """Plan a meeting day.

    Parameters
    ----------
    everyone
        Whether whoever has a request that fits somewhere gets a meeting, if at all possible.
    time_limit
        Seconds after which the best timetable so far is returned.
    seed
        Same problem, seed and enough time: same timetable.
    moved_price
        With a previous timetable: the weight a change must add per earlier meeting that it moves;
        None for the fewest changes.
    progress
        Called with the share done, 0 to 1.
    """
    clock = Clock(time_limit)
    if problem.objective is Objective.BREAKS:
        return _with_fewest_breaks(problem, clock, seed)
    selection = select(problem, everyone=everyone)
    progress(0.2)
    if selection is None:
        return _infeasible(problem, clock, seed)
    bound = selection.bound
    if problem.previous:
        timetable = replan(problem, selection, moved_price=moved_price, stop=clock.is_over)
    else:
        timetable, bound = _plan(problem, selection, clock, seed, progress)
    return _result(problem, selection, timetable, bound, clock, seed)


def _plan(
    problem: Problem,
    selection: Selection,
    clock: Clock,
    seed: int,
    progress: Callable[[float], None],
) -> tuple[Timetable, float]:
    """Return the timetable and what no timetable is worth more than."""
    search = Search(problem, selection, seed, clock)
    try:
        timetable = search.run()
        progress(0.7)
        rng = random.Random(seed)  # noqa: S311  # no secret
        steps = max(_STEPS * len(timetable.meetings()), _LEAST_STEPS)
        ease(timetable, rng, steps=steps, stop=clock.is_over)
    except KeyboardInterrupt:
        clock.interrupted = True
        timetable = search.best
    progress(1.0)
    return timetable, search.proven


class Search:
    """Attempts with other orders, until the bound is met or attempts or time are over.

    Attributes
    ----------
    best
        The best timetable so far, whenever the search is interrupted.
    proven
        No timetable is worth more.
    """

    def __init__(self, problem: Problem, selection: Selection, seed: int, clock: Clock) -> None:
        self.problem, self.selection, self.seed, self.clock = problem, selection, seed, clock
        self.worth = Worth(problem, selection.servable)
        self.goal = self.worth.goal(selection.bound)
        self.best = Timetable(problem)
        self.proven = selection.bound
        self._most = self.worth.of(self.best)

    @property
    def gap(self) -> float:
        return self.goal - self._most

    def run(self) -> Timetable:
        chosen = max(1, len(self.selection.chosen))
        for attempt in range(max(3, min(_MOST_ATTEMPTS, _PLACEMENTS // chosen))):
            self._attempt(random.Random(self.seed * 1_000 + attempt))  # noqa: S311  # no secret
            if self.gap <= _NOTHING or self.clock.is_over():
                return self.best
            if chosen > _FEW and self.gap < (1 - _NEAR) * self.selection.bound:
                return self.best
        if len(self.problem.participants) <= _SMALL:
            self._ask_exactly()
        else:
            self._improve(random.Random(self.seed))  # noqa: S311  # no secret
        return self.best

    def _attempt(self, rng: random.Random) -> None:
        timetable = Timetable(self.problem)
        left_over = colour(self.problem, self.selection, rng, timetable)
        repair(timetable, left_over, self.worth, rng, stop=self.clock.is_over)
        self._keep(timetable)

    def _keep(self, timetable: Timetable) -> None:
        value = self.worth.of(timetable)
        if value > self._most:
            self.best, self._most = timetable, value

    def _improve(self, rng: random.Random) -> None:
        """Try what could still be part of something better: its loss is within the gap."""
        gains = self.selection.gains
        waiting = [
            request
            for request in sorted(range(len(gains)), key=lambda r: -gains[r])
            if self.best.slot_of[request] == NOWHERE
            and self.problem.possible[request]
            and gains[request] > -self.gap
        ]
        repair(self.best, waiting, self.worth, rng, rounds=2, stop=self.clock.is_over)
        self._most = self.worth.of(self.best)

    def _ask_exactly(self) -> None:
        outcome = exact.maximise_weight(
            self.problem,
            deadline=self.clock.left,
            start=self.best.meetings(),
            bound=self.selection.bound,
            serve=sorted(self.selection.servable),
        )
        self.proven = min(self.proven, outcome.bound)
        timetable = Timetable(self.problem)
        timetable.fill(sorted(outcome.meetings.items()))
        self._keep(timetable)


def _with_fewest_breaks(problem: Problem, clock: Clock, seed: int) -> Result:
    outcome = exact.minimise_breaks(problem, deadline=clock.left)
    return Result(
        problem,
        outcome.status,
        outcome.meetings,
        upper_bound=sum(request.weight for request in problem.requests),
        plain_bound=sum(request.weight for request in problem.requests),
        seconds=clock.seconds,
        seed=seed,
        reasons=outcome.reasons,
        least_breaks=outcome.bound,
        locations=seat(problem, outcome.meetings),
    )


def _infeasible(problem: Problem, clock: Clock, seed: int) -> Result:
    reasons = exact.conflict(problem, deadline=clock.left)
    return Result(problem, Status.INFEASIBLE, {}, 0.0, 0.0, clock.seconds, seed, reasons=reasons)


def _result(
    problem: Problem,
    selection: Selection,
    timetable: Timetable,
    bound: float,
    clock: Clock,
    seed: int,
) -> Result:
    meetings = timetable.meetings()
    missing = any(
        request.mandatory and number not in meetings
        for number, request in enumerate(problem.requests)
    )
    worth = Worth(problem, selection.servable)
    if missing:
        status = Status.UNKNOWN
    elif worth.goal(bound) - worth.of(timetable) <= _NOTHING:
        status = Status.OPTIMAL
    else:
        status = Status.FEASIBLE
    return Result(
        problem,
        status,
        meetings,
        upper_bound=bound,
        plain_bound=selection.plain_bound,
        seconds=clock.seconds,
        seed=seed,
        unserved=tuple(_unserved(problem, timetable)),
        locations=seat(problem, meetings),
    )


def _unserved(problem: Problem, timetable: Timetable) -> Iterator[Unserved]:
    """Say for everybody with requests but without a meeting what stands in the way."""
    own: dict[int, list[int]] = {}
    for number, request in enumerate(problem.requests):
        for member in request.members:
            own.setdefault(member, []).append(number)
    for person in sorted(own):
        if not timetable.held[person]:
            yield Unserved(person, _limit_of(problem, timetable, person, own[person]))


def _limit_of(
    problem: Problem, timetable: Timetable, person: int, requests: Sequence[int]
) -> Phrase:
    values = {"participant": person, "count": len(requests)}
    if not timetable.limits[person]:
        own = problem.participants[person]
        return Phrase("unserved.limit" if own.available else "unserved.absent", values)
    fitting = [request for request in requests if problem.possible[request]]
    if not fitting:
        return Phrase("unserved.no_slot", values)
    if not any(timetable.has_room(request) for request in fitting):
        return Phrase("unserved.partners", values)
    if not any(
        problem.possible[request] & timetable.open[timetable.room[request]] for request in fitting
    ):
        return Phrase("unserved.tables", values)
    return Phrase("unserved.together", values)
