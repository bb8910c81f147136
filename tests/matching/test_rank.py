from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from verbund.matching import rank as module
from verbund.matching.rank import rank, without_hubs

SCORES = np.array([[0.9, 0.8, 0.1], [0.7, 0.6, 0.5]], dtype=np.float32)
ALL = np.ones_like(SCORES, dtype=bool)


def test_rank_takes_the_best_first() -> None:
    assert rank(SCORES, ALL, top=3, per_organisation=9).pairs == ((0, 0), (0, 1), (1, 0))


def test_rank_passes_over_full_members_and_knows_them() -> None:
    ranking = rank(SCORES, ALL, top=9, per_organisation=1)

    assert ranking.pairs == ((0, 0), (1, 1))
    assert [[ranking.is_full(i, j) for j in range(3)] for i in range(2)] == [[True] * 3] * 2
    assert (ranking.left_counts, ranking.right_counts) == ((1, 1), (1, 1, 0))


def test_rank_keeps_to_what_is_allowed() -> None:
    allowed = np.array([[False, True, False], [False, False, True]])

    assert rank(SCORES, allowed, top=9, per_organisation=9).pairs == ((0, 1), (1, 2))


def test_rank_orders_equal_scores_by_place() -> None:
    assert rank(
        np.zeros((2, 2), np.float32), np.ones((2, 2), bool), top=9, per_organisation=9
    ).pairs == (
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    )


@given(
    arrays(np.float32, (5, 6), elements=st.sampled_from([0.1, 0.25, 0.5, 0.75])),
    arrays(np.bool_, (5, 6)),
)
def test_rank_in_parts_is_rank_in_one(scores: np.ndarray, allowed: np.ndarray) -> None:
    whole = rank(scores, allowed, top=20, per_organisation=3)
    with patch.object(module, "_SORTED_FIRST", 1):
        assert rank(scores, allowed, top=20, per_organisation=3) == whole


def test_hubs_lose_what_they_reach_with_everybody() -> None:
    scores = np.array([[0.8, 0.5], [0.8, 0.3]], dtype=np.float32)

    # Means of rows are 0.65 and 0.55, of columns 0.8 and 0.4: 0.05 and 0.2 from those of all.
    taken = np.array([[0.25, -0.15], [0.15, -0.25]]) / 2
    assert without_hubs(scores, 0.0) == pytest.approx(scores - taken)
    assert without_hubs(scores, 0.5) == pytest.approx(scores - taken / 2)
    assert without_hubs(scores, 1.0) is scores


def test_hubs_outside_of_0_to_1_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        without_hubs(SCORES, 1.5)
