"""What an office's decisions change about the weights.

The shipped weights are a prior that decisions move: a logistic regression with a normal prior
around each weight, so a few decisions change little and many change more. It is computed from all
decisions each time: leave one out and it is as if it had never been.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, minimize
from scipy.special import expit

from verbund.matching.weights import Weights
from verbund.wording import Phrase

Floats = npt.NDArray[np.float64]

LEAST, MOST = 0.25, 4.0  # times the prior: no weight leaves this range, so none changes its sign
_STEEPNESS = 4.0  # what a score higher by 1 adds to the log odds of an acceptance
_SPREAD = (
    0.5  # deviation of a weight of 1; of others with the root, so that small ones can move too
)
_SPREAD_OF_STRICTNESS = 10.0  # offices accept more or less of the same list: no weight's merit
_WORTH_SAYING = 0.05  # relative change from which it is told
_DECIMALS = 6

COMPETING = "alike_offers"
_NOT_THE_TOPIC = frozenset((COMPETING, "nearness"))


class Outcome(StrEnum):
    """What became of a suggestion; the latest that is known counts, not each step."""

    REJECTED = "rejected"  # by the office, with a reason
    DECLINED = "declined"  # by a member
    ACCEPTED = "accepted"  # by the office: introduced
    AGREED = "agreed"  # both members want to talk
    MET = "met"
    NOTHING = "nothing"  # they met and nothing came of it
    CONTINUED = "continued"  # they stay in contact, have an idea, meet again
    PROJECT = "project"  # a joint project, an order


class RejectReason(StrEnum):
    """Why an office rejected a suggestion."""

    TOPIC = "topic"
    COMPETITORS = "competitors"
    SIZE = "size"
    KNOWN = "known"
    TIMING = "timing"
    MEMBER = "member"
    OTHER = "other"


# What happened -> was it good, and how many plain acceptances it is worth.
_WORTH: Mapping[Outcome, tuple[bool, float]] = {
    Outcome.DECLINED: (False, 0.0),  # a member who has no time says nothing about the fit
    Outcome.ACCEPTED: (True, 1.0),
    Outcome.AGREED: (True, 1.5),
    Outcome.MET: (True, 2.0),
    Outcome.NOTHING: (False, 2.0),
    Outcome.CONTINUED: (True, 3.0),
    Outcome.PROJECT: (True, 4.0),
}
# What is not about the fit of two profiles says nothing about how to compare them.
_WORTH_OF_REJECTION: Mapping[RejectReason, float] = {
    RejectReason.TOPIC: 1.0,
    RejectReason.COMPETITORS: 1.0,
    RejectReason.OTHER: 0.5,
    RejectReason.SIZE: 0.25,
    RejectReason.KNOWN: 0.0,
    RejectReason.TIMING: 0.0,
    RejectReason.MEMBER: 0.0,
}


@dataclass(frozen=True)
class Decision:
    """A suggestion as it was compared, and what became of it.

    Attributes
    ----------
    features
        Comparison -> its bounded value: what it contributed, divided by the weight of then.
    outcome, reason
        The reason counts for rejections only.
    """

    features: Mapping[str, float]
    outcome: Outcome
    reason: RejectReason = RejectReason.OTHER

    @classmethod
    def of(
        cls,
        contributions: Mapping[str, float],
        weights: Weights,
        outcome: Outcome,
        reason: RejectReason = RejectReason.OTHER,
    ) -> Decision:
        """Take the features from the contributions of an `Explanation` and the weights it had."""
        features = {
            name: amount / weights.of(name)
            for name, amount in contributions.items()
            if weights.of(name)
        }
        return cls(features, outcome, reason)

    @property
    def is_good(self) -> bool:
        return self.outcome is not Outcome.REJECTED and _WORTH[self.outcome][0]

    @property
    def worth(self) -> float:
        """How many acceptances it counts; 0 says nothing about the fit."""
        if self.outcome is Outcome.REJECTED:
            return _WORTH_OF_REJECTION[self.reason]
        return _WORTH[self.outcome][1]

    def is_about(self, comparison: str) -> bool:
        """Tell whether the decision says something about a comparison."""
        if self.outcome is Outcome.REJECTED and self.reason is RejectReason.COMPETITORS:
            return comparison == COMPETING
        if self.outcome is Outcome.REJECTED and self.reason is RejectReason.TOPIC:
            return comparison not in _NOT_THE_TOPIC
        return True

    def key(self) -> str:
        """Write it down, equal for equal decisions whatever the order of its parts."""
        values = {k: round(v, _DECIMALS) for k, v in sorted(self.features.items()) if v}
        reason = self.reason.value if self.outcome is Outcome.REJECTED else ""
        return json.dumps([self.outcome.value, reason, values])


def telling(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that say something about the fit, in an order of their own."""
    return sorted((d for d in decisions if d.worth), key=Decision.key)


def learn(prior: Weights, decisions: Sequence[Decision]) -> Weights:
    """Move the prior by what was decided.

    The chance of an acceptance grows with the score; found are the weights most probable after all
    decisions (MAP), each from 0.25 to 4 times its prior. The order of decisions does not matter.

    Returns
    -------
    The prior itself if no decision says anything about the fit; else weights whose version names
    the prior and the decisions.
    """
    told = telling(decisions)
    names = sorted(name for name, weight in prior.values.items() if weight)
    if not told or not names:
        return prior
    found = _most_probable(np.array([prior.of(name) for name in names]), told, names)
    learned = dict(zip(names, (round(float(w), _DECIMALS) for w in found), strict=True))
    return Weights(_version(prior, told), {**prior.values, **learned})


def _version(prior: Weights, told: Sequence[Decision]) -> str:
    text = "\n".join(decision.key() for decision in told)
    return f"{prior.version}+{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _most_probable(start: Floats, told: Sequence[Decision], names: Sequence[str]) -> Floats:
    features = np.array([[round(d.features.get(n, 0.0), _DECIMALS) for n in names] for d in told])
    movable = features * [[d.is_about(name) for name in names] for d in told]
    good = np.array([d.is_good for d in told], dtype=float)
    worth = np.array([d.worth for d in told])
    by_prior = features @ start
    by_prior -= by_prior.mean()  # where an office draws the line is its own affair
    spread = np.append(_SPREAD * np.sqrt(np.abs(start)), _SPREAD_OF_STRICTNESS)

    def loss(change: Floats) -> tuple[float, Floats]:
        """Return the negative log posterior and its gradient; the last number is strictness."""
        odds = _STEEPNESS * (by_prior + movable @ change[:-1]) - change[-1]
        missed = worth * (expit(odds) - good)
        unlikely = worth * (np.logaddexp(0, odds) - good * odds)
        slope = np.append(_STEEPNESS * (movable.T @ missed), -missed.sum())
        scaled = change / spread
        return float(unlikely.sum() + 0.5 * scaled @ scaled), slope + scaled / spread

    edges = np.sort(np.stack([(LEAST - 1) * start, (MOST - 1) * start]), axis=0)
    bounds = Bounds(np.append(edges[0], -np.inf), np.append(edges[1], np.inf))
    best = minimize(
        loss,
        np.zeros(len(start) + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-8},
    )
    return np.asarray(start + best.x[:-1])


def moved(prior: Weights, learned: Weights, decisions: Sequence[Decision]) -> tuple[Phrase, ...]:
    """Say in words which weights moved by at least 5 %, the largest step first.

    "More counts now: offer meets request (1.50 -> 1.80), after 23 decisions."
    """
    told = len(telling(decisions))
    steps = {
        name: (before, learned.of(name))
        for name, before in prior.values.items()
        if before and abs(learned.of(name) / before - 1) >= _WORTH_SAYING
    }
    order = sorted(steps, key=lambda name: (-abs(np.log(steps[name][1] / steps[name][0])), name))
    return tuple(_step(name, *steps[name], told) for name in order)


def _step(name: str, before: float, after: float, decisions: int) -> Phrase:
    kind = "for" if before > 0 else "against"
    direction = "more" if abs(after) > abs(before) else "less"
    values = {
        "what": Phrase(f"comparison.{name}"),
        "before": abs(before),
        "after": abs(after),
        "count": decisions,
    }
    return Phrase(f"learning.{kind}_{direction}", values)
