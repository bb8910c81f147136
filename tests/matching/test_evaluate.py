import datetime as dt
import math

import pytest

from tests.matching.conftest import Firm, Past
from verbund import match
from verbund.matching.evaluate import figures, look_back, ndcg_at_10, ordered, recall_at_20


def test_ndcg_is_the_hand_computed_value() -> None:
    ideal = 2 + 1 / math.log2(3)

    assert ndcg_at_10(["c", "x", "b"], {"b": 2.0, "c": 1.0}) == pytest.approx(
        (1 + 2 / math.log2(4)) / ideal
    )


def test_recall_is_divided_by_what_is_possible() -> None:
    assert recall_at_20(["a", "b"], {"a": 1.0, "z": 1.0}) == 0.5
    assert recall_at_20([str(n) for n in range(20)], {str(n): 1.0 for n in range(40)}) == 1.0


def test_figures_count_a_missing_query_as_nothing() -> None:
    result = figures({"q": ["a"]}, {"q": {"a": 1.0}, "r": {"b": 1.0}})

    assert (result.queries, result.ndcg10, result.recall20) == (2, 0.5, 0.5)


def test_ordered_breaks_ties_by_hash_whatever_the_order() -> None:
    one = ordered("q", {"a": 1.0, "b": 1.0, "c": 2.0})

    assert one[0] == "c"
    assert one == ordered("q", {"c": 2.0, "b": 1.0, "a": 1.0})


def test_look_back_tells_what_came_true(firm: Firm, past: Past) -> None:
    everything = past(
        (2021, "laser", ["A", "Z"]),
        (2021, "laser", ["X", "Z"]),
        (2022, "bread", ["Y", "Q"]),
        (2024, "laser cell", ["A", "X"]),
    )
    day, end = dt.date(2023, 1, 1), dt.date(2025, 1, 1)
    result = match([firm("A")], [firm("X"), firm("Y")], history=everything.before(day))

    hindsight = look_back(result, everything, day, end)

    assert [(i.right.id, p.label) for i, p in hindsight.came_true] == [("X", "PROJ3")]
    assert (hindsight.introduced, hindsight.possible, hindsight.happened) == (1, 2, 1)
    assert hindsight.by_chance == pytest.approx(0.5)
