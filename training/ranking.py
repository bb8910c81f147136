r"""Fit how much each comparison of past projects counts.

    python training/ranking.py --tasks BENCHMARK/train --history CORDISDIR --before 2023-04-01

Reads the training tasks `partner` and `partner_companies`. The weights, none below 0, are those
under which the partners that really came are likeliest to be chosen from their list (a softmax over
the candidates of each query), a little drawn to 0. They are printed so scaled that of a million
pairs a thousand score more than `STRONG`. The same data give the same weights.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from matching import Row, Task, members, read_table
from verbund.matching.comparisons import COMPARISONS
from verbund.matching.evidence import Evidence
from verbund.matching.problem import MatchProblem
from verbund.records.history import History, read_history

FITTED = (
    "project_subjects",
    "project_meanings",
    "project_fields",
    "paths",
    "alike_partners",
    "country_ties",
)
STRONG = 0.78  # "good", as history alone should be at most
_DRAWN_TO_ZERO = 1e-4
_MOST_PARTNERS = 10  # beyond which a query counts no more

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Examples:
    """All candidates of all queries behind each other.

    Attributes
    ----------
    values
        Bounded comparisons, shape (candidates, comparisons).
    wanted
        What share of its query each candidate deserves, times the weight of the query.
    starts
        Where each query begins.
    """

    values: Floats
    wanted: npt.NDArray[np.float64]
    starts: npt.NDArray[np.int64]


def examples(history: History, folder: Path) -> list[tuple[Floats, Floats]]:
    """Return the comparisons and grades of each query, pairs that know each other left out."""
    truth = {(r["query_id"], r["candidate_id"]): float(r["relevance"]) for r in _truth(folder)}
    found = []
    for candidates, queries in Task(folder).pools:
        asking = [query["organisation_id"] for query in queries]
        evidence = Evidence(
            MatchProblem(members(history, asking), members(history, candidates), history)
        )
        values = np.stack([c.bounded(evidence) for c in COMPARISONS if c.name in FITTED], axis=2)
        if evidence.past is None:
            raise SystemExit("There is no project before this day.")
        for query, row, known in zip(queries, values, evidence.past.known, strict=True):
            grades = np.array(
                [truth.get((query["query_id"], c), 0.0) for c in candidates], dtype=np.float32
            )
            found.append((row[~known], grades[~known]))
    return [(values, grades) for values, grades in found if grades.any()]


def _truth(folder: Path) -> list[Row]:
    return read_table(folder, "qrels")


def together(found: list[tuple[Floats, Floats]]) -> Examples:
    sizes = [len(grades) for _, grades in found]
    wanted = [
        grades / grades.sum() * min(np.count_nonzero(grades), _MOST_PARTNERS) ** 0.5
        for _, grades in found
    ]
    return Examples(
        np.concatenate([values for values, _ in found]),
        np.concatenate(wanted).astype(np.float64),
        np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
    )


def fit(data: Examples) -> npt.NDArray[np.float64]:
    """Find the likeliest weights that are not below 0."""
    sizes = np.diff([*data.starts, len(data.wanted)])
    per_query = np.add.reduceat(data.wanted, data.starts)
    total = per_query.sum()

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scores = data.values @ weights
        highest = np.maximum.reduceat(scores, data.starts)
        odds = np.exp(scores - np.repeat(highest, sizes))
        sums = np.add.reduceat(odds, data.starts)
        likelihood = data.wanted @ scores - per_query @ (np.log(sums) + highest)
        slope = data.values.T @ (data.wanted - np.repeat(per_query / sums, sizes) * odds)
        drawn = _DRAWN_TO_ZERO * weights
        return -likelihood / total + drawn @ weights, -slope / total + 2 * drawn

    start = np.ones(data.values.shape[1])
    bounds = [(0.0, None)] * len(start)
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--tasks", type=Path, required=True)
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--before", type=dt.date.fromisoformat, required=True)
    arguments = parser.parse_args()
    history = read_history(arguments.history).before(arguments.before)
    found = [
        example
        for task in ("partner", "partner_companies")
        for example in examples(history, arguments.tasks / task)
    ]
    data = together(found)
    weights = fit(data)
    scale = STRONG / np.quantile(data.values @ weights, 0.999)
    names = [c.name for c in COMPARISONS if c.name in FITTED]
    scores = data.values @ weights * scale
    lines = [
        f"{name:<18} {weight:7.3f} {weight * scale:7.3f}"
        for name, weight in zip(names, weights, strict=True)
    ]
    lines.append(
        f"{len(found)} queries, scores: half {np.median(scores):.3f}, most {scores.max():.3f}"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
