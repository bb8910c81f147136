from dataclasses import replace

import numpy as np
import pytest

from tests.matching.conftest import Past
from verbund.matching.call import Call, CallMatcher


def ranked(matcher: CallMatcher, call: Call) -> list[str]:
    order = np.argsort(-matcher.scores([call])[0], kind="stable")
    return [matcher.history.organisation_ids[position] for position in order]


def test_those_of_similar_projects_come_first(past: Past) -> None:
    history = past(
        (2021, "laser welding of copper", ["A", "B"]),
        (2021, "baking bread with sour dough", ["C", "D"]),
    )

    assert set(ranked(CallMatcher(history), Call("welding copper by laser"))[:2]) == {"A", "B"}


def test_partners_of_the_coordinator_are_preferred(past: Past) -> None:
    history = past(
        (2021, "laser welding", ["A", "B"]),
        (2021, "laser welding", ["C", "D"]),
        (2022, "tea", ["Lead", "D"]),
    )

    assert ranked(CallMatcher(history), Call("laser welding", "Lead"))[0] == "D"


def test_newer_joint_projects_count_more(past: Past) -> None:
    history = past((2010, "tea", ["Lead", "Old"]), (2022, "tea", ["Lead", "New"]))

    order = ranked(CallMatcher(history), Call("something else", "Lead"))

    assert order.index("New") < order.index("Old")


def test_unknown_coordinator_and_empty_text_give_no_order(past: Past) -> None:
    history = past((2021, "laser", ["A", "B"]), (2021, "bread", ["C"]))

    scores = CallMatcher(history).scores([Call("", "nobody")])

    assert np.allclose(scores, 0.0)


def test_projects_of_the_same_family_of_topics_count(past: Past) -> None:
    history = past((2021, "tea", ["A", "B"]), (2021, "tea", ["C", "D"]))
    topics = ("HORIZON-CL5-2021-D6-01-01", "HORIZON-CL4-2021-DIGITAL-01-01")
    projects = tuple(replace(p, topic=t) for p, t in zip(history.projects, topics, strict=True))
    matcher = CallMatcher(replace(history, projects=projects))

    order = ranked(matcher, Call("something else", topic="HORIZON-CL4-2023-DIGITAL-02-05"))

    assert set(order[:2]) == {"C", "D"}


def test_joint_projects_like_the_text_count_more(past: Past) -> None:
    history = past((2021, "laser welding", ["Lead", "L"]), (2021, "sour dough", ["Lead", "S"]))
    matcher = CallMatcher(history)

    values = matcher.partners(matcher.asked([Call("laser welding", "Lead")]))[0]

    # Likeness 1 and 0, each 0.02 more, projects of two.
    known = history.position_of
    assert values[known["L"]] == pytest.approx((1.02 / 2**0.5) ** 0.5, rel=1e-4)
    assert values[known["S"]] == pytest.approx((0.02 / 2**0.5) ** 0.5, rel=1e-4)
