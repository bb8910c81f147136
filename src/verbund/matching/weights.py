"""How much each comparison counts: a named version of weights.

The prior is what the project ships. Weights that have learned from decisions are new versions of
the same shape; the same input with the same version gives the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from verbund.matching.comparisons import COMPARISONS

PRIOR_VERSION = "2026-11"


@dataclass(frozen=True)
class Weights:
    """What a pair gets per unit of each bounded comparison; one not named counts nothing.

    Attributes
    ----------
    version
        Names these values; two weights with the same version are the same.
    values
        Comparison name -> weight. Its sign never changes: what speaks against stays against.
    """

    version: str
    values: Mapping[str, float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def of(self, name: str) -> float:
        """Return the weight of a comparison."""
        return self.values.get(name, 0.0)


PRIOR = Weights(PRIOR_VERSION, {c.name: c.weight for c in COMPARISONS})
