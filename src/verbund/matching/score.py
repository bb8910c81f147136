"""The score of every pair: the sum of what its comparisons contribute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verbund.matching.comparisons import COMPARISONS, Comparison
from verbund.matching.evidence import Evidence
from verbund.matching.weights import PRIOR, Weights

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Scores:
    """Contributions by comparison and their sum, each of shape (left, right)."""

    contributions: dict[str, Floats]
    total: Floats

    def of(self, i: int, j: int) -> dict[str, float]:
        """Return what each comparison contributes to one pair, the largest first."""
        named = {name: float(values[i, j]) for name, values in self.contributions.items()}
        return dict(sorted(named.items(), key=lambda item: -abs(item[1])))


def score(
    evidence: Evidence,
    comparisons: Sequence[Comparison] = COMPARISONS,
    *,
    weights: Weights | None = None,
    step: Callable[[], None] = lambda: None,
) -> Scores:
    """Compare all pairs; without `weights` the prior counts, `step` is called per comparison."""
    weights = weights or PRIOR
    contributions = {}
    for comparison in comparisons:
        weight = np.float32(weights.of(comparison.name))
        contributions[comparison.name] = weight * comparison.bounded(evidence)
        step()
    total = np.asarray(np.sum(list(contributions.values()), axis=0), dtype=np.float32)
    return Scores(contributions, total)
