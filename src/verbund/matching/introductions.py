"""What comes of two lists: ranked introductions with reasons, and an answer for any pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from verbund.language.vocabulary import Concept
from verbund.matching.bridge import BridgeMatrix, bridge_matrix
from verbund.matching.candidates import Candidates
from verbund.matching.lists import Lists
from verbund.matching.problem import MatchProblem
from verbund.matching.quotes import called
from verbund.matching.rank import Ranking
from verbund.matching.result import Explanation, Introduction, behind
from verbund.matching.side import Side
from verbund.records.organisation import Organisation
from verbund.wording import Phrase, refuse

TOP = 30
PER_ORGANISATION = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pair stands: its place among all of each side, and why it is not in the list.

    `place_for_left` counts from 1 among the `of_right` organisations of the right list. `because`
    says for each of the two who stands first instead, and what makes the difference.
    """

    place_for_left: int
    of_right: int
    place_for_right: int
    of_left: int
    absent: Phrase | None
    because: tuple[Phrase, ...] = ()


@dataclass(frozen=True, eq=False)
class MatchResult:
    """Introductions, the bridge matrix, and an answer for any pair.

    Attributes
    ----------
    introductions
        Best first.
    """

    problem: MatchProblem
    introductions: tuple[Introduction, ...]
    per_organisation: int
    _lists: Lists
    _total: npt.NDArray[np.float32]
    _candidates: Candidates
    _ranking: Ranking

    @property
    def skipped(self) -> dict[str, int]:
        """Count the pairs that are out.

        "same" organisation on both lists, "acquainted" without an open request.
        """
        out = self._candidates
        return {"same": int(out.same.sum()), "acquainted": int(out.acquainted.sum())}

    @cached_property
    def bridge(self) -> BridgeMatrix:
        """Technologies of one list by applications of the other."""
        strong = self._candidates.remaining & self._candidates.met
        if not strong.any():  # lists without requests: what is in the list of introductions
            for i, j in self._ranking.pairs:
                strong[i, j] = True
        sides = (Side.joined(roster.blocks) for roster in (self._lists.left, self._lists.right))
        return bridge_matrix(self._lists.evidence(*sides), strong)

    @property
    def bridge_concepts(self) -> dict[str, Concept]:
        return self._lists.knowledge.vocabulary.concepts

    def explain(self, left_id: str, right_id: str) -> Explanation:
        """Tell why two should meet, and why not.

        Raises
        ------
        InvalidInput
            If an id is in neither list.
        """
        self._position(left_id, right_id)
        pair = self._lists.left.member(left_id), self._lists.right.member(right_id)
        return self._lists.explain(*pair)[0]

    def standing(self, left_id: str, right_id: str) -> Standing:
        """Tell where a pair stands among all others, and why it is not in the list."""
        i, j = self._position(left_id, right_id)
        total, same = self._total, self._candidates.same
        return Standing(
            place_for_left=1 + int(((total[i] > total[i, j]) & ~same[i]).sum()),
            of_right=total.shape[1],
            place_for_right=1 + int(((total[:, j] > total[i, j]) & ~same[:, j]).sum()),
            of_left=total.shape[0],
            absent=self._why_absent(i, j),
            because=tuple(self._because(i, j)),
        )

    def _because(self, i: int, j: int) -> Iterator[Phrase]:
        """Compare a pair with the best one of each side."""
        total = np.where(self._candidates.same, -np.inf, self._total)
        left, right = self.problem.left, self.problem.right
        here = self.explain(left[i].id, right[j].id)
        for one, best in (
            (left[i], (i, int(total[i].argmax()))),
            (right[j], (int(total[:, j].argmax()), j)),
        ):
            if total[best] > total[i, j]:
                first = right[best[1]] if one is left[i] else left[best[0]]
                there = self.explain(left[best[0]].id, right[best[1]].id)
                yield behind(called(one.name), called(first.name), here, there)

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
