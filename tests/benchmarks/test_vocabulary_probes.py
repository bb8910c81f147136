"""The shipped table and vocabulary, held to what was measured (see docs/benchmarks.md)."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from tests.benchmarks.test_matching import ROOT, load

from verbund.language.assignment import Assignment
from verbund.language.vocabulary import vocabulary


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    return load(ROOT / "benchmarks/vocabulary.py", "benchmark_vocabulary")


@pytest.fixture(scope="module")
def measured(benchmark: ModuleType) -> dict[str, dict[str, Any]]:
    known = vocabulary()
    own = benchmark.read_probes(benchmark.OWN, known)
    parts = {name: [p for p in own if p.part == name] for name in ("dev", "test")}
    parts["others"] = benchmark.read_probes(benchmark.OTHERS, known)
    return {
        name: {
            method: benchmark.measure(part, find([probe.text for probe in part], known))
            for method, find in benchmark.METHODS.items()
        }
        for name, part in parts.items()
    }


@pytest.mark.parametrize(
    ("part", "precision", "recall", "proposed"),
    [("dev", 0.74, 0.50, 0.61), ("test", 0.74, 0.42, 0.57), ("others", 0.68, 0.21, 0.41)],
)  # measured: 0.78 0.54 0.66, 0.79 0.46 0.62, 0.76 0.25 0.47
def test_texts_find_their_concepts(
    measured: dict[str, dict[str, Any]],
    part: str,
    precision: float,
    recall: float,
    proposed: float,
) -> None:
    found = measured[part]["assign"]

    assert found.precision >= precision
    assert found.recall >= recall
    assert found.proposed >= proposed


def test_meaning_is_worth_its_place_beside_names(measured: dict[str, dict[str, Any]]) -> None:
    for part in ("dev", "test", "others"):
        names, both = measured[part]["names"], measured[part]["assign"]
        assert both.precision > names.precision + 0.08
        assert both.proposed > names.recall + 0.05


def test_texts_of_other_fields_are_left_alone(measured: dict[str, dict[str, Any]]) -> None:
    assert measured["dev"]["assign"].strange <= 0.08
    assert measured["test"]["assign"].strange <= 0.08


def test_figures_count_right_wrong_and_open(benchmark: ModuleType) -> None:
    known = vocabulary()
    row = {"kind": "offer", "language": "en", "text": "x", "also": "cameras"}
    probes = [
        benchmark._probe({**row, "concepts": "laser-welding lidar"}, known),
        benchmark._probe({**row, "concepts": ""}, known),
    ]
    found = [
        Assignment(
            {"laser-welding": 0.9, "cameras": 0.8, "welding": 0.7, "oct": 0.6}, {"lidar": 0.2}
        ),
        Assignment({}, {"oct": 0.2}),
    ]

    figures = benchmark.measure(probes, found)

    # "welding" is wider than a right one, "cameras" allowed: neither right nor wrong
    assert (figures.precision, figures.recall, figures.proposed) == (0.5, 0.5, 1.0)
    assert (figures.not_sure, figures.strange) == (0.5, 0.0)


def test_fitting_finds_what_speaks(benchmark: ModuleType) -> None:
    rng = np.random.default_rng(1)
    signs = np.column_stack([rng.normal(size=(4000, 2)), np.ones(4000)])
    chance = 1 / (1 + np.exp(-(2 * signs[:, 0] - 1)))

    weights = benchmark.logistic(signs, (rng.random(4000) < chance).astype(float))

    assert weights == pytest.approx([2, 0, -1], abs=0.2)


def test_the_line_is_where_wrong_ones_begin(benchmark: ModuleType) -> None:
    guessed = np.array([0.9, 0.8, 0.7, 0.2, 0.1])

    assert benchmark.best_line(guessed, np.array([1.0, 1.0, 1.0, 0.0, 0.0])) == 0.7
