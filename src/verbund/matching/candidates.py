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
    """

    same: Booleans
    acquainted: Booleans
    no_subject: Booleans

    @property
    def remaining(self) -> Booleans:
        return ~(self.same | self.acquainted | self.no_subject)


def candidates(evidence: Evidence, scores: Scores) -> Candidates:
    same = np.zeros(evidence.shape, dtype=bool)
    for i, j in evidence.problem.in_both:
        same[i, j] = True
    known = evidence.past.known if evidence.past else np.zeros(evidence.shape, dtype=bool)
    request_met = scores.contributions["request_met"] >= REQUEST_MET
    aside = np.sum([scores.contributions[name] for name in _SUBJECTS_ASIDE], axis=0)
    return Candidates(
        same=same,
        acquainted=known & ~request_met & ~same,
        no_subject=scores.total - aside < LEAST_SUBJECT,
    )
