"""Weights: the shipped prior, and that a version changes what counts and nothing else."""

import numpy as np
import pytest

from verbund.matching.comparisons import COMPARISONS
from verbund.matching.evidence import Evidence
from verbund.matching.problem import MatchProblem
from verbund.matching.score import score
from verbund.matching.weights import PRIOR, Weights
from verbund.records.organisation import Organisation


@pytest.fixture
def evidence() -> Evidence:
    left = Organisation(id="A", name="A GmbH", requests=("Laserschweißen von Batteriegehäusen",))
    right = Organisation(id="B", name="B GmbH", offers=("Laserschweißen von Batteriegehäusen",))
    return Evidence(MatchProblem((left,), (right,)))


def test_the_prior_names_every_comparison_once() -> None:
    assert dict(PRIOR.values) == {c.name: c.weight for c in COMPARISONS}


def test_without_weights_the_prior_counts(evidence: Evidence) -> None:
    assert score(evidence).of(0, 0) == score(evidence, weights=PRIOR).of(0, 0)


def test_twice_the_weight_is_twice_the_contribution(evidence: Evidence) -> None:
    doubled = Weights("doubled", {**PRIOR.values, "request_met": 2 * PRIOR.of("request_met")})
    before, after = score(evidence).of(0, 0), score(evidence, weights=doubled).of(0, 0)
    assert after == pytest.approx({**before, "request_met": 2 * before["request_met"]})
    assert before["request_met"] > 0


def test_a_comparison_not_named_counts_nothing(evidence: Evidence) -> None:
    scores = score(evidence, weights=Weights("only", {"shared_subject": 1.0}))
    assert scores.of(0, 0).keys() == {c.name for c in COMPARISONS}
    np.testing.assert_array_equal(scores.total, scores.contributions["shared_subject"])


def test_values_cannot_be_changed_afterwards() -> None:
    values = {"request_met": 1.0}
    weights = Weights("mine", values)
    values["request_met"] = 5.0
    assert weights.of("request_met") == 1.0
    with pytest.raises(TypeError):
        weights.values["request_met"] = 5.0  # type: ignore[index]
