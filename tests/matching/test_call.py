import numpy as np

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
