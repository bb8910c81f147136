from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scheduling.problems import day, problems
from verbund.scheduling import Participant, Problem, Request, Result, Status, solve, violations
from verbund.scheduling.check import violations as check


def best_weight(problem: Problem) -> float:
    """Return the most weight a valid timetable can have, by trying all of up to 4 requests."""
    slots = [None, *range(problem.slots)]
    best = -1.0
    for choice in itertools.product(slots, repeat=len(problem.requests)):
        meetings = {r: slot for r, slot in enumerate(choice) if slot is not None}
        if not violations(problem, meetings):
            best = max(best, sum(problem.requests[r].weight for r in meetings))
    return best


def served(result: Result) -> set[int]:
    return {m for r in result.meetings for m in result.problem.requests[r].members}


@settings(max_examples=150)
@given(problems(), st.booleans())
def test_every_timetable_keeps_all_rules_and_the_bound(problem: Problem, everyone: bool) -> None:
    result = solve(problem, everyone=everyone)

    assert check(problem, result.meetings, result.locations) == []
    assert result.locations.keys() == result.meetings.keys()
    assert result.weight <= result.plain_bound + 1e-6
    assert result.upper_bound <= result.plain_bound + 1e-6
    wanting = {m for request in problem.requests for m in request.members}
    assert {one.participant for one in result.unserved} == wanting - served(result)


@settings(max_examples=60)
@given(problems().filter(lambda p: len(p.requests) <= 4 and p.slots <= 3))
def test_small_days_are_planned_at_their_best(problem: Problem) -> None:
    result = solve(problem, everyone=False)

    assert result.weight == pytest.approx(best_weight(problem))


@settings(max_examples=60)
@given(problems(mandatory=True).filter(lambda p: len(p.requests) <= 4 and p.slots <= 3))
def test_what_must_take_place_does_or_it_is_refused_with_a_reason(problem: Problem) -> None:
    result = solve(problem)

    if best_weight(problem) < 0:
        assert result.status is Status.INFEASIBLE
        assert result.reasons
        assert not result.meetings
    else:
        assert result.status in (Status.OPTIMAL, Status.FEASIBLE)
        assert violations(problem, result.meetings) == []


@settings(max_examples=20)
@given(problems(), st.integers(0, 3))
def test_same_seed_gives_the_same_timetable(problem: Problem, seed: int) -> None:
    assert solve(problem, seed=seed).meetings == solve(problem, seed=seed).meetings


def test_everybody_meets_somebody_though_it_costs_weight() -> None:
    problem = day(
        slots=1,
        participants=(Participant(1, 1),) * 4,
        requests=(Request((0, 1), 9), Request((0, 2), 1), Request((1, 3), 1)),
    )

    with_all, without = solve(problem), solve(problem, everyone=False)

    assert served(with_all) == {0, 1, 2, 3}
    assert (with_all.weight, with_all.upper_bound, with_all.plain_bound) == (2, 2, 9)
    assert (without.weight, without.status) == (9, Status.OPTIMAL)


def test_three_people_in_two_slots_leave_one_wish_open() -> None:
    result = solve(day((0, 1), (1, 2), (0, 2), slots=2))

    assert len(result.meetings) == 2
    assert served(result) == {0, 1, 2}


@pytest.mark.parametrize(
    ("problem", "limit"),
    [
        (day((0, 1), slots=1, participants=(Participant(0, 1), Participant(1, 1))), "absent"),
        (day((0, 1), slots=1, participants=(Participant(1, 0), Participant(1, 1))), "limit"),
        (day((0, 1), participants=(Participant(1, 2), Participant(2, 2))), "no_slot"),
        (day((0, 1), (2, 3), slots=1, tables=1), "tables"),
        (day((0, 1), (0, 2), slots=1), "partners"),
    ],
)
def test_who_is_left_out_reads_which_limit_binds(problem: Problem, limit: str) -> None:
    result = solve(problem)

    assert limit in {one.why.code.removeprefix("unserved.") for one in result.unserved}
    assert all(one.why.say("de") != one.why.say("en") for one in result.unserved)


def test_staff_of_one_exhibitor_does_one_thing_at_a_time() -> None:
    problem = day((0, 2), (1, 3), slots=1, exclusive=((0, 1),))

    assert len(solve(problem).meetings) == 1
    assert len(solve(dataclasses.replace(problem, exclusive=())).meetings) == 2


def test_who_met_at_a_table_stays_there() -> None:
    result = solve(day((0, 1), (0, 2), (3, 4), (3, 5), slots=2))

    tables = {result.locations[r] for r in (0, 1)}, {result.locations[r] for r in (2, 3)}
    assert [len(used) for used in tables] == [1, 1]
