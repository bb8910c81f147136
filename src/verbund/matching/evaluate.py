"""How good a ranking is, measured against what really happened.

nDCG@10 (Järvelin and Kekäläinen 2002, linear gain) and recall@20; equal scores are ordered by a
hash, so that neither file order nor identifiers can help.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from verbund.matching.acquaintance import Acquaintance
from verbund.matching.introductions import MatchResult
from verbund.matching.rank import rank
from verbund.matching.result import Introduction
from verbund.records.history import History, JointProject
from verbund.wording import Phrase

LARGEST_PROJECT = 40  # partners; in a larger one two members need not ever have talked


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over queries, each in [0, 1]."""

    queries: int
    ndcg10: float
    recall20: float


def tie_key(query: str, candidate: str) -> bytes:
    return hashlib.blake2b(f"{query}\t{candidate}".encode(), digest_size=8).digest()


def ordered(query: str, scores: Mapping[str, float]) -> list[str]:
    """Return candidates by falling score; ties by hash."""
    return sorted(scores, key=lambda candidate: (-scores[candidate], tie_key(query, candidate)))


def ndcg_at_10(ranked: Sequence[str], relevance: Mapping[str, float]) -> float:
    discounts = [1 / math.log2(position + 2) for position in range(10)]
    gain = sum(relevance.get(c, 0.0) * d for c, d in zip(ranked[:10], discounts, strict=False))
    best = sorted(relevance.values(), reverse=True)[:10]
    return gain / sum(g * d for g, d in zip(best, discounts, strict=False))


def recall_at_20(ranked: Sequence[str], relevance: Mapping[str, float]) -> float:
    hits = sum(1 for candidate in ranked[:20] if candidate in relevance)
    return hits / min(len(relevance), 20)


def figures(
    rankings: Mapping[str, Sequence[str]], truth: Mapping[str, Mapping[str, float]]
) -> Figures:
    """Average over all queries of the truth; a query without a ranking scores 0.

    Parameters
    ----------
    rankings
        Query -> eligible candidates, best first.
    truth
        Query -> relevant candidates with their grade > 0.
    """
    ndcg = [ndcg_at_10(rankings.get(query, ()), relevant) for query, relevant in truth.items()]
    recall = [recall_at_20(rankings.get(query, ()), relevant) for query, relevant in truth.items()]
    return Figures(len(truth), _mean(ndcg), _mean(recall))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What became of introductions that were made from an earlier date.

    Attributes
    ----------
    came_true
        Introductions whose two sides later began their first joint project, with that project.
    introduced
        How many introductions there were.
    by_popularity
        How many of the same number come true if the busiest organisations are paired.
    possible, happened
        How many pairs did not know each other, and how many of them later began to work together:
        their ratio is what chance would find.
    """

    came_true: tuple[tuple[Introduction, JointProject], ...]
    introduced: int
    by_popularity: int
    possible: int
    happened: int
    first: dt.date
    end: dt.date

    @property
    def by_chance(self) -> float:
        return self.introduced * self.happened / self.possible if self.possible else 0.0

    def phrases(self) -> list[Phrase]:
        """Say the figures, and the introductions that came true."""
        figures = {
            "count": len(self.came_true),
            "introduced": self.introduced,
            "popularity": self.by_popularity,
            "chance": self.by_chance,
            "first": self.first,
            "last": self.end - dt.timedelta(days=1),
            "possible": self.possible,
            "happened": self.happened,
        }
        return [
            Phrase("hindsight.figures", figures),
            *(
                Phrase(
                    "hindsight.case",
                    {
                        "rank": introduction.rank,
                        "left": introduction.left.name,
                        "right": introduction.right.name,
                        "project": project.label,
                        "title": project.title,
                        "start": project.start,
                    },
                )
                for introduction, project in self.came_true
            ),
        ]


def look_back(result: MatchResult, everything: History, first: dt.date, end: dt.date) -> Hindsight:
    """Compare introductions with the projects that began from `first` on and before `end`.

    The result must have been made from history before `first`. Only pairs without any earlier joint
    project count, and only projects of at most 40 partners, as in the benchmark.
    """
    problem = result.problem
    if problem.history is None:
        raise ValueError("the result was made without history")
    before = Acquaintance(everything.before(first), problem.left, problem.right, problem.links)
    later = everything.between(first, end).of_at_most(LARGEST_PROJECT)
    after = Acquaintance(later, problem.left, problem.right, problem.links)
    new = ~before.known
    for i, j in problem.in_both:
        new[i, j] = False
    met = new & np.asarray((after.left.took_part @ after.right.took_part.T).toarray() > 0)
    busy = np.outer(
        *(np.asarray(p.took_part.sum(axis=1)).ravel() for p in (before.left, before.right))
    )
    popular = rank(
        busy.astype(np.float32),
        new,
        top=len(result.introductions),
        per_organisation=result.per_organisation,
    )
    positions = [{o.id: k for k, o in enumerate(side)} for side in (problem.left, problem.right)]
    came_true = []
    for introduction in result.introductions:
        i, j = positions[0][introduction.left.id], positions[1][introduction.right.id]
        if met[i, j]:
            came_true.append((introduction, after.joint_projects(i, j)[-1]))
    return Hindsight(
        came_true=tuple(came_true),
        introduced=len(result.introductions),
        by_popularity=sum(1 for i, j in popular.pairs if met[i, j]),
        possible=int(new.sum()),
        happened=int(met.sum()),
        first=first,
        end=end,
    )
