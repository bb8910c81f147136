"""Another plan after a disruption: hold on to what was agreed, and fill the gaps.

Everybody has the earlier timetable in the pocket, so a meeting that moves has a price. What is
still possible stays; waiting requests come in where they are free at once, then by short chains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from verbund.scheduling.problem import Problem
from verbund.scheduling.select import Selection
from verbund.scheduling.timetable import NOWHERE, Timetable

FEWEST_CHANGES = 0.015  # share of the meetings still possible that may move, if no price is named
_CHAINS = (1, 2, 3, 4, 6, 8, 12)  # lengths of chains tried, the short ones first


def replan(
    problem: Problem,
    selection: Selection,
    *,
    moved_price: float | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Timetable:
    """Change the previous timetable as little as the price asks for.

    Parameters
    ----------
    moved_price
        What a request must add in weight for each earlier meeting that moves for it. Without one
        the fewest changes are made: at most 1.5 % of the meetings still possible move.
    """
    timetable = Timetable(problem)
    timetable.fill(problem.previous.items())
    kept = dict(timetable.meetings())
    budget = len(kept) if moved_price is not None else int(FEWEST_CHANGES * len(kept))
    waiting = _by_gain(problem, selection, timetable)
    unserved = [r for r in waiting if _serves_somebody(timetable, selection, r)]
    for request in (*unserved, *waiting):
        if timetable.slot_of[request] == NOWHERE:
            timetable.insert_free(request)
    moved = 0
    for longest in _CHAINS:
        for request in waiting:
            if stop() or moved >= budget:
                return timetable
            if timetable.slot_of[request] != NOWHERE:
                continue
            mark = timetable.mark()
            if not timetable.insert(request, longest=longest):
                continue
            more = _moved(timetable, kept) - moved
            dear = moved_price is not None and more * moved_price > _worth(problem, request)
            if moved + more > budget or dear:
                timetable.roll_back(mark)
            else:
                moved += more
    return timetable


def _worth(problem: Problem, request: int) -> float:
    return float(problem.requests[request].weight)


def _by_gain(problem: Problem, selection: Selection, timetable: Timetable) -> list[int]:
    """List the requests not held: those chosen by the program first, the dearest first."""
    chosen = {*selection.chosen, *selection.maybe}
    waiting = (r for r, slot in enumerate(timetable.slot_of) if slot == NOWHERE)
    return sorted(
        (r for r in waiting if problem.possible[r]),
        key=lambda r: (r not in chosen, -selection.gains[r], -_worth(problem, r)),
    )


def _serves_somebody(timetable: Timetable, selection: Selection, request: int) -> bool:
    members = timetable.problem.requests[request].members
    return any(m in selection.servable and not timetable.held[m] for m in members)


def _moved(timetable: Timetable, kept: dict[int, int]) -> int:
    return sum(timetable.slot_of[request] != slot for request, slot in kept.items())


def changes(previous: dict[int, int], meetings: dict[int, int]) -> dict[str, Sequence[int]]:
    """Sort the requests of two timetables into kept, moved, dropped and added."""
    both = previous.keys() & meetings.keys()

    def listed(requests: Iterable[int]) -> list[int]:
        return sorted(requests)

    return {
        "kept": listed(r for r in both if previous[r] == meetings[r]),
        "moved": listed(r for r in both if previous[r] != meetings[r]),
        "dropped": listed(previous.keys() - meetings.keys()),
        "added": listed(meetings.keys() - previous.keys()),
    }
