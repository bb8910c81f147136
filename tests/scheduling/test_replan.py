from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scheduling.problems import day, problems
from verbund.scheduling import Participant, Problem, Request, solve, violations
from verbund.scheduling.replan import changes


@settings(max_examples=60)
@given(problems(), st.data())
def test_a_changed_day_keeps_all_rules(problem: Problem, data: st.DataObject) -> None:
    before = solve(problem).meetings
    ill = data.draw(st.sets(st.integers(0, len(problem.participants) - 1), max_size=2))
    participants = tuple(
        dataclasses.replace(p, available=0) if number in ill else p
        for number, p in enumerate(problem.participants)
    )
    after = solve(dataclasses.replace(problem, participants=participants, previous=before))

    assert violations(after.problem, after.meetings, after.locations) == []
    untouched = {
        r: slot for r, slot in before.items() if not ill & set(problem.requests[r].members)
    }
    assert untouched.keys() <= after.meetings.keys()


def test_nothing_changes_where_nothing_happened() -> None:
    problem = day((0, 1), (2, 3), (0, 2), slots=3)
    before = {0: 2, 1: 0, 2: 1}

    after = solve(dataclasses.replace(problem, previous=before))

    assert after.meetings == before


def test_a_dear_request_moves_a_meeting_only_if_it_is_worth_its_price() -> None:
    # Participant 2 can only in slot 0, where 0 meets 1; both could meet in slot 1 as well.
    problem = day(
        participants=(Participant(3, 2), Participant(3, 2), Participant(1, 2)),
        requests=(Request((0, 1), 5), Request((0, 2), 10)),
        previous={0: 0},
    )

    assert solve(problem, moved_price=9).meetings == {0: 1, 1: 0}
    assert solve(problem, moved_price=11).meetings == {0: 0}


def test_changes_are_told_apart() -> None:
    assert changes({0: 1, 1: 2, 2: 0}, {0: 1, 1: 3, 4: 0}) == {
        "kept": [0],
        "moved": [1],
        "dropped": [2],
        "added": [4],
    }


@pytest.mark.parametrize("price", [None, 0.0, 3.0])
def test_no_price_of_a_move_loses_what_was_agreed(price: float | None) -> None:
    problem = day((0, 1), (1, 2), (2, 3), (3, 0), slots=4, previous={0: 3, 1: 1})

    after = solve(problem, moved_price=price)

    assert len(after.meetings) == 4
