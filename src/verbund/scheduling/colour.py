"""From chosen requests to slots: the tightest first, each with Kempe chains where needed."""

from __future__ import annotations

import random

from verbund.scheduling.problem import Problem
from verbund.scheduling.select import Selection
from verbund.scheduling.timetable import Timetable


def colour(
    problem: Problem, selection: Selection, rng: random.Random, timetable: Timetable
) -> list[int]:
    """Put the chosen requests into slots; returns those that found none.

    First come those with one slot only, then those of the participants with the least free time
    beside their chosen meetings; `rng` breaks ties, so that another seed is another attempt.
    """
    slack = _free_time(problem, selection)
    order = sorted(
        (*selection.chosen, *selection.maybe),
        key=lambda request: (
            problem.possible[request].bit_count() > 1,
            min(slack[member] for member in problem.requests[request].members),
            problem.possible[request].bit_count(),
            rng.random(),
        ),
    )
    return [request for request in order if not timetable.insert(request)]


def _free_time(problem: Problem, selection: Selection) -> list[int]:
    """Return how many slots each participant has more than chosen meetings."""
    slack = [participant.available.bit_count() for participant in problem.participants]
    for request in selection.chosen:
        for member in problem.requests[request].members:
            slack[member] -= 1
    return slack
