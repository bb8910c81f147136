"""From scores to a list in which nobody is sent to everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Ranking:
    """Pairs best first, and those that were passed over because a member was full."""

    pairs: tuple[tuple[int, int], ...]
    full: frozenset[tuple[int, int]]


def rank(
    scores: npt.NDArray[np.float32],
    allowed: npt.NDArray[np.bool_],
    *,
    top: int,
    per_organisation: int,
) -> Ranking:
    """Take the best pairs greedily; each organisation at most `per_organisation` times.

    Equal scores keep the order of the lists, so equal input gives equal output.
    """
    rows, columns = np.nonzero(allowed)
    order = np.argsort(-scores[rows, columns], kind="stable")
    left_count = np.zeros(scores.shape[0], dtype=int)
    right_count = np.zeros(scores.shape[1], dtype=int)
    pairs: list[tuple[int, int]] = []
    full = set()
    for position in order:
        if len(pairs) == top:
            break
        i, j = int(rows[position]), int(columns[position])
        if left_count[i] >= per_organisation or right_count[j] >= per_organisation:
            full.add((i, j))
            continue
        left_count[i] += 1
        right_count[j] += 1
        pairs.append((i, j))
    return Ranking(tuple(pairs), frozenset(full))
