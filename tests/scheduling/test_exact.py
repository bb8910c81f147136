"""Exact solving against enumeration on problems of a hand's size."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from verbund.scheduling import exact, exact_programs, exact_search
from verbund.scheduling.problem import (
    SHARED,
    Objective,
    Participant,
    Problem,
    Request,
    breaks_of,
    slots_of,
)
from verbund.scheduling.result import Status

SAT_MISSING = "python-sat is not installed: only the integer programs are tested"


def _a_minute() -> float:
    return 60.0


@pytest.fixture(params=["sat", "program"])
def solver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test once with python-sat and once without."""
    if request.param == "sat" and not exact_search.has_solver():
        pytest.skip(SAT_MISSING)
    if request.param == "program":
        for module in (exact, exact_programs):
            monkeypatch.setattr(module, "has_solver", lambda: False)
    return str(request.param)


def day(
    pairs: list[tuple[int, ...]], *, slots: int, tables: int = 9, people: int | None = None
) -> Problem:
    number = people or 1 + max(max(pair) for pair in pairs)
    return Problem(
        name="day",
        sessions=(0,) * slots,
        tables=(tables,) * slots,
        participants=tuple(Participant((1 << slots) - 1, slots) for _ in range(number)),
        requests=tuple(Request(pair, 1, mandatory=True) for pair in pairs),
        objective=Objective.BREAKS,
    )


def with_request(problem: Problem, number: int, **values: object) -> Problem:
    requests = list(problem.requests)
    requests[number] = replace(requests[number], **values)  # type: ignore[arg-type]  # a test's own
    return replace(problem, requests=tuple(requests))


def random_day(seed: int, *, mandatory: bool = True) -> Problem:
    rng = random.Random(seed)  # noqa: S311  # no secret
    slots, people = 4, 5
    pairs = list(itertools.combinations(range(people), 2))
    requests = [
        Request(
            pair,
            rng.randint(1, 9),
            fixed=rng.choice([None, None, None, None, 1, 2]),
            mandatory=mandatory,
        )
        for pair in rng.sample(pairs, rng.randint(3, 5))
    ]
    requests[2] = replace(requests[2], after=rng.choice([(), (0,)]))
    return Problem(
        name=f"random {seed}",
        sessions=(0, 0, 1, 1),
        tables=tuple(rng.choice([1, 2]) for _ in range(slots)),
        participants=tuple(
            Participant(15 & ~rng.choice([0, 0, 1, 2, 4]), rng.choice([2, 4, 4]))
            for _ in range(people)
        ),
        requests=tuple(requests),
        exclusive=rng.choice([(), ((0, 1),)]),
        fairness=rng.choice([None, 0, 1]),
        objective=Objective.BREAKS if mandatory else Objective.WEIGHT,
    )


def timetables(problem: Problem) -> Iterator[dict[int, int]]:
    """Every timetable there is, by enumeration."""
    choices = [
        [*([] if request.mandatory else [None]), *range(problem.slots)]
        for request in problem.requests
    ]
    for slots in itertools.product(*choices):
        meetings = {number: slot for number, slot in enumerate(slots) if slot is not None}
        if is_allowed(problem, meetings):
            yield meetings


def is_allowed(problem: Problem, meetings: Mapping[int, int]) -> bool:
    seen: list[tuple[str, int, int]] = []
    for number, slot in meetings.items():
        request = problem.requests[number]
        if not problem.possible[number] >> slot & 1:
            return False
        if any(meetings.get(first, -1) >= slot for first in request.after):
            return False
        seen += [("need", need, slot) for need in problem.needs[number]]
        if problem.places[number] == SHARED:
            seen.append(("table", -1, slot))
    if any(
        seen.count(one) > (problem.tables[one[2]] if one[0] == "table" else 1) for one in set(seen)
    ):
        return False
    days = days_of(problem, meetings)
    if any(d.bit_count() > p.most for d, p in zip(days, problem.participants, strict=True)):
        return False
    breaks = [breaks_of(one) for one in days]
    if problem.objective is Objective.WEIGHT or problem.fairness is None:
        return True
    return max(breaks) - min(breaks) <= problem.fairness


def days_of(problem: Problem, meetings: Mapping[int, int]) -> list[int]:
    return [
        slots_of(slot for e, slot in meetings.items() if person in problem.requests[e].members)
        for person in range(len(problem.participants))
    ]


def breaks(problem: Problem, meetings: Mapping[int, int]) -> int:
    return sum(map(breaks_of, days_of(problem, meetings)))


def test_nobody_waits_if_nobody_has_to(solver: str) -> None:
    outcome = exact.minimise_breaks(day([(0, 1), (1, 2), (2, 3)], slots=5), deadline=_a_minute)

    assert (outcome.status, outcome.breaks, outcome.bound) == (Status.OPTIMAL, 0, 0)


def test_fixed_meetings_force_a_break(solver: str) -> None:
    problem = with_request(day([(0, 1), (0, 2)], slots=3), 0, fixed=0)
    problem = with_request(problem, 1, fixed=2)

    outcome = exact.minimise_breaks(problem, deadline=_a_minute)

    assert (outcome.status, outcome.meetings) == (Status.OPTIMAL, {0: 0, 1: 2})
    assert (outcome.breaks, outcome.bound) == (1, 1)


def test_requests_that_are_not_mandatory_are_left_out(solver: str) -> None:
    problem = with_request(day([(0, 1), (0, 2)], slots=1), 0, mandatory=False)

    assert exact.minimise_breaks(problem, deadline=_a_minute).meetings == {1: 0}


@pytest.mark.parametrize("seed", range(12))
def test_breaks_are_the_fewest_of_all_timetables(seed: int, solver: str) -> None:
    problem = random_day(seed)
    known = [breaks(problem, one) for one in timetables(problem)]

    outcome = exact.minimise_breaks(problem, deadline=_a_minute)

    if known:
        assert is_allowed(problem, outcome.meetings)
        assert (outcome.status, outcome.breaks) == (Status.OPTIMAL, min(known))
        assert breaks(problem, outcome.meetings) == outcome.breaks
    else:
        assert outcome.status is Status.INFEASIBLE
        assert outcome.reasons


@pytest.mark.parametrize("seed", range(12))
def test_weight_is_the_most_of_all_timetables(seed: int, solver: str) -> None:
    problem = random_day(seed, mandatory=False)
    most = max(sum(problem.requests[e].weight for e in one) for one in timetables(problem))

    outcome = exact.maximise_weight(problem, deadline=_a_minute)

    assert is_allowed(problem, outcome.meetings)
    assert outcome.status is Status.OPTIMAL
    assert outcome.value == pytest.approx(most)


def test_mandatory_requests_without_room_have_no_weight(solver: str) -> None:
    problem = replace(day([(0, 1), (0, 2)], slots=1), objective=Objective.WEIGHT)

    assert exact.maximise_weight(problem, deadline=_a_minute).status is Status.INFEASIBLE


def test_who_must_be_served_is_served_before_weight(solver: str) -> None:
    problem = replace(day([(0, 1), (0, 2)], slots=1), objective=Objective.WEIGHT)
    for number, weight in enumerate((9, 1)):
        problem = with_request(problem, number, weight=weight, mandatory=False)

    outcome = exact.maximise_weight(problem, deadline=_a_minute, serve=[2])

    assert (outcome.status, outcome.meetings) == (Status.OPTIMAL, {1: 0})


def test_every_better_timetable_is_told(solver: str) -> None:
    told: list[int] = []
    problem = day([(0, 1), (0, 2), (1, 2), (2, 3), (0, 3)], slots=5)

    outcome = exact.minimise_breaks(
        problem, deadline=_a_minute, on_better=lambda meetings, breaks: told.append(breaks)
    )

    assert told == sorted(set(told), reverse=True)
    assert told[-1] == outcome.breaks


def test_no_time_returns_the_start(solver: str) -> None:
    start = {0: 0, 1: 2}

    outcome = exact.minimise_breaks(
        day([(0, 1), (0, 2)], slots=3), deadline=lambda: 0.0, start=start
    )

    assert outcome.status in {Status.FEASIBLE, Status.OPTIMAL}
    assert outcome.breaks <= 1


def test_ctrl_c_returns_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(exact, "windows", interrupt)
    problem = day([(0, 1), (0, 2)], slots=3)

    outcome = exact.minimise_breaks(problem, deadline=_a_minute, start={0: 0, 1: 2})

    assert (outcome.status, outcome.meetings) == (Status.FEASIBLE, {0: 0, 1: 2})


def test_same_problem_same_timetable(solver: str) -> None:
    problem = day([(0, 1), (0, 2), (1, 2), (2, 3), (0, 3)], slots=4)

    first, second = (exact.minimise_breaks(problem, deadline=_a_minute) for _ in range(2))

    assert first == second


def test_conflict_names_two_meetings_in_one_slot() -> None:
    problem = day([(3, 4), (0, 1), (0, 2)], slots=3)
    for number in (1, 2):
        problem = with_request(problem, number, fixed=1)

    reasons = exact.conflict(problem, deadline=_a_minute)

    assert [(one.code, dict(one.values)) for one in reasons] == [
        ("conflict.meetings", {"requests": ["1", "2"], "participants": ["0"]}),
        ("conflict.fixed", {"request": 1, "slot": 1}),
        ("conflict.fixed", {"request": 2, "slot": 1}),
    ]


def test_conflict_names_who_is_away() -> None:
    problem = day([(0, 1), (0, 2), (3, 4)], slots=2)
    people = (Participant(1, 2), *problem.participants[1:])

    reasons = exact.conflict(replace(problem, participants=people), deadline=_a_minute)

    assert [(one.code, dict(one.values)) for one in reasons] == [
        ("conflict.meetings", {"requests": ["0", "1"], "participants": ["0"]}),
        ("conflict.absent", {"participant": 0, "slots": ["1"]}),
    ]


def test_conflict_names_an_order_that_turns_in_a_circle() -> None:
    problem = with_request(day([(0, 1), (2, 3)], slots=3), 0, after=(1,))
    problem = with_request(problem, 1, after=(0,))

    reasons = exact.conflict(problem, deadline=_a_minute)

    assert [one.code for one in reasons[1:]] == ["conflict.order", "conflict.order"]


def test_conflict_that_only_a_proof_shows() -> None:
    """Three people in a triangle need three slots, though each has only two meetings."""
    if not exact_search.has_solver():
        pytest.skip(SAT_MISSING)
    problem = day([(0, 1), (1, 2), (0, 2), (3, 4)], slots=2)

    outcome = exact.minimise_breaks(problem, deadline=_a_minute)

    assert outcome.status is Status.INFEASIBLE
    assert dict(outcome.reasons[0].values) == {
        "requests": ["0", "1", "2"],
        "participants": ["0", "1", "2"],
    }
