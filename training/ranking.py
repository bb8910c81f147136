r"""Choose how much each comparison of past projects counts.

    python training/ranking.py --train BENCHMARK/train 2023-04-01 --dev BENCHMARK/dev 2024-01-01 \
        --history CORDISDIR

Draws weights and half points at random and ranks `partner` and `partner_companies` of the training
part with each draw. The best draws are printed with their figures on train and on dev; one of them
is then chosen by dev, scaled to the other comparisons and written into
`verbund/matching/comparisons.py` by hand. The same data and seed print the same lines.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from matching import Task, members, read_table
from verbund.matching.comparisons import COMPARISONS, Comparison
from verbund.matching.evidence import Evidence
from verbund.matching.problem import MatchProblem
from verbund.records.history import History, read_history

# Comparison -> the half points tried.
FITTED = {
    "project_subjects": (0.1, 0.18, 0.35),
    "project_meanings": (0.3, 0.45),
    "project_fields": (0.2, 0.5),
    "paths": (0.01, 0.017, 0.03),
    "alike_partners": (0.25, 0.45, 0.9),
}
BESIDE = "nearness"  # counts as it stands
RECALL = 0.4  # what recall@20 counts beside nDCG@10
SPREAD = 0.8  # of the logarithm of drawn weights around the present ones
DRAWS, SHOWN, SEED = 1_500, 10, 1
TASKS = ("partner", "partner_companies")

Floats = npt.NDArray[np.float32]
Figures = tuple[float, float]
Draw = dict[str, tuple[float, int]]  # comparison -> weight, number of its half point
_DISCOUNTS = 1 / np.log2(np.arange(10) + 2)


@dataclass(frozen=True, eq=False)
class Pool:
    """One list of candidates and who asks for partners in it.

    Attributes
    ----------
    bounded
        Comparison and number of its half point -> values, shape (asking, candidates).
    never
        Pairs that know each other or are one, same shape.
    wanted
        Of each query: its row, the positions of its true partners, their grades.
    """

    bounded: dict[tuple[str, int], Floats]
    never: npt.NDArray[np.bool_]
    wanted: list[tuple[int, npt.NDArray[np.int64], Floats]]

    def figures(self, draw: Draw) -> Iterator[Figures]:
        """Return nDCG@10 and recall@20 of each query."""
        scores = np.where(self.never, np.float32(-9), self.bounded[BESIDE, 0])
        for name, (weight, half) in draw.items():
            scores += np.float32(weight) * self.bounded[name, half]
        for row, right, grades in self.wanted:
            best = np.argpartition(-scores[row], 20)[:20]
            best = best[np.argsort(-scores[row][best], kind="stable")]
            gains = (best[:10, None] == right) @ grades
            ideal = np.sort(grades)[::-1][:10]
            ndcg = gains @ _DISCOUNTS / (ideal @ _DISCOUNTS[: len(ideal)])
            yield float(ndcg), np.isin(best, right).sum() / min(len(right), 20)


def pools(history: History, folder: Path) -> Iterator[Pool]:
    truth: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read_table(folder, "qrels"):
        if float(row["relevance"]) > 0:
            truth[row["query_id"]][row["candidate_id"]] = float(row["relevance"])
    for candidates, queries in Task(folder).pools:
        asking = list(dict.fromkeys(query["organisation_id"] for query in queries))
        problem = MatchProblem(members(history, asking), members(history, candidates), history)
        evidence = Evidence(problem)
        if evidence.past is None:
            raise SystemExit("There is no project before this day.")
        same = np.array(asking)[:, None] == np.array(candidates)
        place = {candidate: position for position, candidate in enumerate(candidates)}
        wanted = []
        for query in queries:
            found = {place[c]: g for c, g in truth[query["query_id"]].items() if c in place}
            if found:
                right, grades = np.array([*found]), np.array([*found.values()], dtype=np.float32)
                wanted.append((asking.index(query["organisation_id"]), right, grades))
        yield Pool(_bounded(evidence), evidence.past.known | same, wanted)


def _bounded(evidence: Evidence) -> dict[tuple[str, int], Floats]:
    found = {}
    for comparison in COMPARISONS:
        if comparison.name == BESIDE:
            found[BESIDE, 0] = comparison.weight * comparison.bounded(evidence)
        for number, half in enumerate(FITTED.get(comparison.name, ())):
            found[comparison.name, number] = replace(comparison, half=half).bounded(evidence)
    return found


def present() -> dict[str, Comparison]:
    return {c.name: c for c in COMPARISONS if c.name in FITTED}


def draws() -> Iterator[Draw]:
    rng = np.random.default_rng(SEED)
    for _ in range(DRAWS):
        yield {
            name: (
                float(comparison.weight * rng.lognormal(0, SPREAD)),
                int(rng.integers(len(FITTED[name]))),
            )
            for name, comparison in present().items()
        }


def measure(parts: dict[str, list[Pool]], draw: Draw) -> dict[str, Figures]:
    return {
        task: (float(found[:, 0].mean()), float(found[:, 1].mean()))
        for task, lists in parts.items()
        for found in [np.array([one for pool in lists for one in pool.figures(draw)])]
    }


def worth(figures: dict[str, Figures]) -> float:
    return sum(ndcg + RECALL * recall for ndcg, recall in figures.values())


def say(draw: Draw, *measured: dict[str, Figures]) -> None:
    figures = "  ".join(
        f"{ndcg:.4f}/{recall:.4f}" for part in measured for ndcg, recall in part.values()
    )
    weights = "  ".join(
        f"{name} {weight:.3f} half {FITTED[name][half]}" for name, (weight, half) in draw.items()
    )
    sys.stdout.write(f"{figures}  {weights}\n")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--train", nargs=2, required=True, metavar=("DIR", "DAY"))
    parser.add_argument("--dev", nargs=2, required=True, metavar=("DIR", "DAY"))
    parser.add_argument("--history", type=Path, required=True)
    options = parser.parse_args()
    everything = read_history(options.history)
    parts = []
    for folder, day in (options.train, options.dev):
        history = everything.before(dt.date.fromisoformat(day))
        parts.append({task: [*pools(history, Path(folder) / task)] for task in TASKS})
    train, dev = parts
    tried = [(worth(measure(train, draw)), draw) for draw in draws()]
    tried.sort(key=lambda one: -one[0])
    sys.stdout.write("nDCG@10/recall@20 of partner and partner_companies, train then dev\n")
    for _, draw in tried[:SHOWN]:
        say(draw, measure(train, draw), measure(dev, draw))
    return 0


if __name__ == "__main__":
    sys.exit(main())
