"""Which pairs may be introduced to each other at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verbund.matching.evidence import Evidence
from verbund.matching.score import Scores

Booleans = npt.NDArray[np.bool_]

REQUEST_MET = 0.55  # contribution from which an offer can be said to meet a request
LEAST_SUBJECT = 0.15  # of the score without nearness; below it there is nothing to talk about
_SUBJECTS_ASIDE = ("nearness", "alike_offers")


@dataclass(frozen=True, eq=False)
class Candidates:
    """Masks of shape (left, right): why a pair is out, and which remain.

    `same`: one organisation on both lists. `acquainted`: they did a project together and no
    request is met, so there is nothing to introduce. `no_subject`: nothing in common worth saying.
    `met`: an offer of one meets a request of the other.
    """

    same: Booleans
    acquainted: Booleans
    no_subject: Booleans
    met: Booleans

    @classmethod
    def none(cls, shape: tuple[int, int]) -> Candidates:
        """Return masks to be filled."""
        same, acquainted, no_subject, met = (np.zeros(shape, dtype=bool) for _ in range(4))
        return cls(same, acquainted, no_subject, met)

    def fill(self, rows: slice, columns: slice, found: Candidates) -> None:
        """Enter what was found for some rows and columns."""
        self.same[rows, columns] = found.same
        self.acquainted[rows, columns] = found.acquainted
        self.no_subject[rows, columns] = found.no_subject
        self.met[rows, columns] = found.met

    @property
    def remaining(self) -> Booleans:
        return ~(self.same | self.acquainted | self.no_subject)


def candidates(evidence: Evidence, scores: Scores) -> Candidates:
    same = np.zeros(evidence.shape, dtype=bool)
    for i, j in evidence.problem.in_both:
        same[i, j] = True
    known = evidence.past.known if evidence.past else np.zeros(evidence.shape, dtype=bool)
    met = scores.contributions["request_met"] >= REQUEST_MET
    aside = np.sum([scores.contributions[name] for name in _SUBJECTS_ASIDE], axis=0)
    return Candidates(
        same=same,
        acquainted=known & ~met & ~same,
        no_subject=scores.total - aside < LEAST_SUBJECT,
        met=met,
    )
