"""Small meeting days, by hand and at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from verbund.scheduling.problem import Participant, Problem, Request


def day(
    *members: tuple[int, ...],
    slots: int = 2,
    tables: int = 9,
    people: int | None = None,
    **more: Any,
) -> Problem:
    """Make a day on which everybody is there all the time and every request weighs 1."""
    number = people or 1 + max((member for group in members for member in group), default=0)
    everything = (1 << slots) - 1
    given: dict[str, Any] = {
        "name": "day",
        "sessions": (0,) * slots,
        "tables": (tables,) * slots,
        "participants": (Participant(everything, slots),) * number,
        "requests": tuple(Request(group, 1) for group in members),
    }
    return Problem(**given | more)


@st.composite
def problems(draw: st.DrawFn, *, mandatory: bool = False) -> Problem:
    """Draw a day with everything the format knows, at most 8 participants and 5 slots."""
    slots = draw(st.integers(1, 5))
    people = draw(st.integers(2, 8))
    booths = draw(st.lists(st.integers(0, 2), max_size=2))
    participant = st.builds(
        Participant,
        st.integers(0, (1 << slots) - 1),
        st.integers(0, slots),
        st.none() | st.integers(0, len(booths) - 1) if booths else st.none(),
    )
    group = st.lists(st.integers(0, people - 1), min_size=2, max_size=3, unique=True).map(tuple)
    groups = draw(st.lists(group, max_size=14))
    requests = [
        Request(
            members,
            draw(st.integers(0, 50)),
            session=draw(st.sampled_from([None, None, 0, 1])),
            fixed=draw(st.sampled_from([None, None, None, *range(slots)])),
            after=tuple(draw(st.sets(st.integers(0, number - 1), max_size=1))) if number else (),
            mandatory=mandatory and draw(st.integers(0, 5)) == 0,
        )
        for number, members in enumerate(groups)
    ]
    return Problem(
        name="random",
        sessions=tuple(draw(st.lists(st.integers(0, 1), min_size=slots, max_size=slots))),
        tables=tuple(draw(st.lists(st.integers(0, 3), min_size=slots, max_size=slots))),
        participants=tuple(draw(st.lists(participant, min_size=people, max_size=people))),
        requests=tuple(requests),
        booth_capacity=tuple(booths),
        exclusive=tuple(draw(st.lists(group, max_size=1))),
    )
