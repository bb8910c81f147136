"""The one entry of the matching engine: two lists in, ranked introductions with reasons out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from verbund.language.vocabulary import Concept, Vocabulary
from verbund.matching.bridge import BridgeMatrix, bridge_matrix
from verbund.matching.candidates import REQUEST_MET, Candidates, candidates
from verbund.matching.comparisons import COMPARISONS
from verbund.matching.evidence import Evidence
from verbund.matching.explain import Explainer
from verbund.matching.problem import MatchProblem
from verbund.matching.rank import Ranking, rank
from verbund.matching.result import Explanation, Introduction
from verbund.matching.score import Scores, score
from verbund.records.history import History
from verbund.records.organisation import Organisation
from verbund.wording import Phrase, refuse

TOP = 30
PER_ORGANISATION = 5

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pair stands: its place among all of each side, and why it is not in the list.

    `place_for_left` counts from 1 among the `of_right` organisations of the right list.
    """

    place_for_left: int
    of_right: int
    place_for_right: int
    of_left: int
    absent: Phrase | None


@dataclass(frozen=True, eq=False)
class MatchResult:
    """Introductions, the bridge matrix, and an answer for any pair.

    Attributes
    ----------
    introductions
        Best first.
    skipped
        How many pairs are out: "same" organisation on both lists, "acquainted" without an open
        request.
    """

    problem: MatchProblem
    introductions: tuple[Introduction, ...]
    skipped: dict[str, int]
    per_organisation: int
    _evidence: Evidence
    _scores: Scores
    _candidates: Candidates
    _ranking: Ranking

    @cached_property
    def bridge(self) -> BridgeMatrix:
        """Technologies of one list by applications of the other."""
        met = self._scores.contributions["request_met"] >= REQUEST_MET
        strong = self._candidates.remaining & met
        if not strong.any():  # lists without requests: what is in the list of introductions
            strong = strong.copy()
            for i, j in self._ranking.pairs:
                strong[i, j] = True
        return bridge_matrix(self._evidence, strong)

    @property
    def bridge_concepts(self) -> dict[str, Concept]:
        return self._evidence.vocabulary.concepts

    def explain(self, left_id: str, right_id: str) -> Explanation:
        """Tell why two should meet, and why not.

        Raises
        ------
        InvalidInput
            If an id is in neither list.
        """
        return Explainer(self._evidence, self._scores).explain(*self._position(left_id, right_id))

    def standing(self, left_id: str, right_id: str) -> Standing:
        """Tell where a pair stands among all others, and why it is not in the list."""
        i, j = self._position(left_id, right_id)
        total = self._scores.total
        better = (total > total[i, j]) & ~self._candidates.same
        return Standing(
            place_for_left=1 + int(better[i].sum()),
            of_right=total.shape[1],
            place_for_right=1 + int(better[:, j].sum()),
            of_left=total.shape[0],
            absent=self._why_absent(i, j),
        )

    def _why_absent(self, i: int, j: int) -> Phrase | None:
        left, right = self.problem.left[i], self.problem.right[j]
        names = {"left": left.name, "right": right.name}
        if self._candidates.same[i, j]:
            return Phrase("absent.same", names)
        if self._candidates.acquainted[i, j]:
            return Phrase("absent.acquainted", names)
        if self._candidates.no_subject[i, j]:
            return Phrase("absent.no_subject", names)
        if (i, j) in self._ranking.pairs:
            return None
        if self._ranking.is_full(i, j):
            return Phrase("absent.full", names)
        return Phrase("absent.lower", {"count": len(self.introductions)})

    def _position(self, left_id: str, right_id: str) -> tuple[int, int]:
        return _find(self.problem.left, left_id), _find(self.problem.right, right_id)


def _find(organisations: Sequence[Organisation], id_: str) -> int:
    for position, organisation in enumerate(organisations):
        if organisation.id == id_:
            return position
    raise refuse("match.unknown_id", id=id_)


def match(
    left: Sequence[Organisation],
    right: Sequence[Organisation],
    *,
    history: History | None = None,
    top: int = TOP,
    per_organisation: int = PER_ORGANISATION,
    vocabulary: Vocabulary | None = None,
    progress: Progress = lambda done: None,
) -> MatchResult:
    """Rank who should meet across two networks, with reasons.

    Parameters
    ----------
    left, right
        The members of each network.
    history
        Past joint projects; cut it with `History.before` to look from an earlier date.
    top
        How many introductions at most.
    per_organisation
        In how many of them one organisation may appear, so that nobody is sent to everybody.
    vocabulary
        Whose concepts topics and reasons name; without it the one that Verbund brings.
    progress
        Called with the share done, 0 to 1.

    Raises
    ------
    InvalidInput
        If a list is empty or holds an id twice, or a number is not positive.
    """
    if top < 1 or per_organisation < 1:
        raise refuse("match.not_positive", found=min(top, per_organisation))
    problem = MatchProblem(tuple(left), tuple(right), history)
    evidence = Evidence(problem, vocabulary)
    progress(0.3)
    steps = count(1)
    scores = score(evidence, step=lambda: progress(0.3 + 0.6 * next(steps) / len(COMPARISONS)))
    allowed = candidates(evidence, scores)
    ranking = rank(scores.total, allowed.remaining, top=top, per_organisation=per_organisation)
    explainer = Explainer(evidence, scores)
    introductions = tuple(
        Introduction(place, problem.left[i], problem.right[j], explainer.explain(i, j))
        for place, (i, j) in enumerate(ranking.pairs, start=1)
    )
    progress(1.0)
    skipped = {
        "same": int(allowed.same.sum()),
        "acquainted": int(allowed.acquainted.sum()),
    }
    return MatchResult(
        problem, introductions, skipped, per_organisation, evidence, scores, allowed, ranking
    )
