"""What is compared between two organisations, declared as data.

Each comparison measures all pairs of two lists at once, shape (left, right), values from 0. To add
one: write a measure and name it in `COMPARISONS`; `explain` needs a sentence for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verbund.matching.acquaintance import Acquaintance
from verbund.matching.aggregate import cubes, highest, mean, of_best
from verbund.matching.evidence import Evidence
from verbund.matching.statements import Spoken, products
from verbund.records.places import EARTH_RADIUS_KM

Floats = npt.NDArray[np.float32]

_NEAR_KM = 60.0  # distance at which nearness has fallen to 1/e


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measure and how much it says.

    A measured value counts from `low` on; `half` above that it has half of its full effect:
    contribution = weight * x / (x + half) with x = max(0, value - low). So contributions stay
    bounded, and a hundredth common partner adds less than the first. `weight` is that of the prior.
    """

    name: str
    measure: Callable[[Evidence], Floats]
    weight: float
    low: float
    half: float

    def bounded(self, evidence: Evidence) -> Floats:
        """Measure all pairs, from 0 to 1: what a weight is multiplied with."""
        above = np.maximum(self.measure(evidence) - np.float32(self.low), 0)
        return np.asarray(above / (above + self.half), dtype=np.float32)


def request_met(evidence: Evidence) -> Floats:
    """A request of one side and an offer of the other, both directions."""
    return _both_ways(evidence, lambda side: (side.requests, side.offers))


def request_in_profile(evidence: Evidence) -> Floats:
    """A request of one side and what the other says of itself elsewhere."""
    return _both_ways(evidence, lambda side: (side.requests, side.about))


def shared_subject(evidence: Evidence) -> Floats:
    """Cosine of the mean statement vectors: alike profiles."""
    return products(evidence.left.subject, evidence.right.subject)


def same_request(evidence: Evidence) -> Floats:
    """Both look for the same thing: the two requests most alike."""
    return of_best(evidence.left.requests, evidence.right.requests, highest)


def alike_offers(evidence: Evidence) -> Floats:
    """How much of what one company offers the other offers too; companies only."""
    left, right = evidence.left, evidence.right
    there = of_best(left.offers, right.offers, mean)
    back = of_best(right.offers, left.offers, mean).T
    return np.maximum(there, back) * np.outer(left.companies, right.companies)


def project_subjects(evidence: Evidence) -> Floats:
    """Cosine of the mean vectors of past projects."""
    return _of_past(evidence, lambda past: products(past.left.subjects, past.right.subjects))


def project_meanings(evidence: Evidence) -> Floats:
    """Cosine of the mean meanings of past projects: their titles, keywords and topics."""
    return _of_past(evidence, lambda past: past.meanings)


def project_fields(evidence: Evidence) -> Floats:
    """Cosine of the fields of science of past projects."""
    return _of_past(evidence, lambda past: past.fields)


def paths(evidence: Evidence) -> Floats:
    """Walks of two and three steps on the graph of past projects."""
    return _of_past(evidence, lambda past: past.paths)


def alike_partners(evidence: Evidence) -> Floats:
    """Organisations with projects like those of one have worked with the other."""
    return _of_past(evidence, lambda past: past.alike_partners)


def _of_past(evidence: Evidence, measure: Callable[[Acquaintance], Floats]) -> Floats:
    if evidence.past is None:
        return evidence.zeros()
    return _unless_acquainted(evidence, measure(evidence.past))


def _unless_acquainted(evidence: Evidence, values: Floats) -> Floats:
    """Give no credit for a past that has already brought two together."""
    return values if evidence.past is None else np.where(evidence.past.known, np.float32(0), values)


def nearness(evidence: Evidence) -> Floats:
    """Fall with distance, exp(-km / 60); 0 where a place is unknown."""
    near = np.exp(-distances_km(evidence) / _NEAR_KM)
    return np.asarray(np.nan_to_num(near, nan=0.0), dtype=np.float32)


def distances_km(evidence: Evidence) -> npt.NDArray[np.float64]:
    """Great-circle distances (haversine), shape (left, right); nan where a place is unknown."""
    ours, theirs = evidence.left.places, evidence.right.places
    lat1, lon1 = ours[:, :1], ours[:, 1:]
    lat2, lon2 = theirs[:, 0], theirs[:, 1]
    half = np.sin((lat2 - lat1) / 2) ** 2
    half = half + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))


COMPARISONS: tuple[Comparison, ...] = (
    Comparison("request_met", request_met, weight=1.5, low=0.15, half=0.6),
    Comparison("request_in_profile", request_in_profile, weight=0.3, low=0.45, half=0.6),
    Comparison("shared_subject", shared_subject, weight=0.3, low=0.05, half=0.3),
    Comparison("same_request", same_request, weight=0.15, low=0.65, half=0.6),
    Comparison("alike_offers", alike_offers, weight=-0.5, low=0.75, half=0.5),
    Comparison("project_subjects", project_subjects, weight=0.055, low=0.0, half=0.18),
    Comparison("project_meanings", project_meanings, weight=0.055, low=0.45, half=0.45),
    Comparison("project_fields", project_fields, weight=0.02, low=0.0, half=0.5),
    Comparison("paths", paths, weight=0.2, low=0.0, half=0.03),
    Comparison("alike_partners", alike_partners, weight=0.3, low=0.0, half=0.45),
    Comparison("nearness", nearness, weight=0.06, low=0.0, half=0.5),
)


def _both_ways(evidence: Evidence, pick: Callable[..., tuple[Spoken, Spoken]]) -> Floats:
    """Combine how well left requests are met on the right with the reverse.

    Of several requests the root of the third powers counts: near the best one, a little more for a
    second.
    """
    ours, our_answers = pick(evidence.left)
    theirs, their_answers = pick(evidence.right)
    there = of_best(ours, their_answers, cubes)
    back = of_best(theirs, our_answers, cubes).T
    return np.asarray(np.cbrt(there + back), dtype=np.float32)
