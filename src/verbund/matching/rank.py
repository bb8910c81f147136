"""From scores to a list in which nobody is sent to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_SORTED_FIRST = 2**16  # pairs

_BEST = 10  # partners of an organisation whose mean score says how far it suits everybody


def without_hubs(scores: npt.NDArray[np.float32], hubs: float) -> npt.NDArray[np.float32]:
    """Take from each pair what its two sides reach with anybody; for ordering only.

    An organisation that reaches high scores with its ten best partners is a hub. What it reaches
    above the mean of its list is taken off, half of it wholly at `hubs` = 0, nothing at 1.

    Raises
    ------
    ValueError
        If `hubs` is not between 0 and 1.
    """
    if not 0 <= hubs <= 1:
        raise ValueError(f"hubs must be between 0 and 1, not {hubs}")
    if hubs == 1 or not scores.size:
        return scores
    above = _reached(scores)[:, None] + _reached(scores.T)
    return np.asarray(scores - np.float32((1 - hubs) / 2) * above, dtype=np.float32)


def _reached(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Mean of the best scores of each row, less the mean of that over all rows."""
    kept = min(_BEST, scores.shape[1])
    best = np.partition(scores, scores.shape[1] - kept, axis=1)[:, -kept:].mean(axis=1)
    return np.asarray(best - best.mean())


@dataclass(frozen=True, slots=True)
class Ranking:
    """Pairs best first, and how often each member of either list appears in them."""

    pairs: tuple[tuple[int, int], ...]
    left_counts: tuple[int, ...]
    right_counts: tuple[int, ...]
    per_organisation: int

    def is_full(self, i: int, j: int) -> bool:
        """Tell whether one of the two already has as many introductions as it may have."""
        return max(self.left_counts[i], self.right_counts[j]) >= self.per_organisation


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
    left_counts, right_counts = [0] * scores.shape[0], [0] * scores.shape[1]
    possible = min(top, per_organisation * min(scores.shape))
    pairs: list[tuple[int, int]] = []
    for place in _best_first(scores, allowed):
        i, j = divmod(place, scores.shape[1])
        if len(pairs) == possible:
            break
        if left_counts[i] < per_organisation and right_counts[j] < per_organisation:
            left_counts[i] += 1
            right_counts[j] += 1
            pairs.append((i, j))
    return Ranking(tuple(pairs), tuple(left_counts), tuple(right_counts), per_organisation)


def _best_first(scores: npt.NDArray[np.float32], allowed: npt.NDArray[np.bool_]) -> Iterator[int]:
    """Yield the places of allowed pairs in the flat matrix, equal scores in their order.

    Few are needed of millions, so they are sorted in parts, each a multiple of the one before.
    """
    flat = np.where(allowed, scores, np.float32(-np.inf)).ravel()
    number, done, size = int(np.count_nonzero(allowed)), 0, _SORTED_FIRST
    while done < number:
        rank_of_last = len(flat) - min(size, number)
        least = np.partition(flat, rank_of_last)[rank_of_last]
        chosen = np.flatnonzero(flat >= least)
        order = chosen[np.argsort(-flat[chosen], kind="stable")]
        yield from order[done:].tolist()
        done, size = len(order), size * 8
