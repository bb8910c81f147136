"""Two lists that stand ready: scores block by block, explanations of the pairs that matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from verbund.matching.evidence import Evidence, Knowledge
from verbund.matching.explain import Explainer
from verbund.matching.problem import Known, MatchProblem
from verbund.matching.result import Explanation, Introduction
from verbund.matching.roster import Roster
from verbund.matching.score import Scores, score
from verbund.matching.side import Side
from verbund.matching.weights import Weights
from verbund.records.history import History

SideName = Literal["left", "right"]
SIDES: tuple[SideName, SideName] = ("left", "right")
_ROWS_AT_ONCE = 512  # members of the left list scored in one step

Pair = tuple[int, int]
Ids = tuple[str, str]


@dataclass(frozen=True)
class Lists:
    """Both lists; `in_both` holds the ids (left, right) of organisations that are on both."""

    left: Roster
    right: Roster
    in_both: set[Ids]
    knowledge: Knowledge
    history: History | None
    weights: Weights

    def copy(self) -> Lists:
        """Return the lists as they are now, for whoever must not see later changes."""
        return Lists(
            self.left.copy(),
            self.right.copy(),
            self.in_both.copy(),
            self.knowledge,
            self.history,
            self.weights,
        )

    def roster(self, side: SideName) -> Roster:
        return self.left if side == "left" else self.right

    def problem(self) -> MatchProblem:
        """Describe the whole lists.

        Raises
        ------
        InvalidInput
            If one is empty.
        """
        members = tuple(self.left.members), tuple(self.right.members)
        places = [{member.id: place for place, member in enumerate(side)} for side in members]
        in_both = sorted((places[0][one], places[1][other]) for one, other in self.in_both)
        return MatchProblem(*members, self.history, self._known(in_both))

    def tiles(self) -> Iterator[tuple[slice, slice, Evidence]]:
        """Compare some members of the left list with a block of the right one, until all are."""
        row = 0
        for block in self.left.blocks:
            if block.past:
                block.past.prepare()
            size = len(block.members)
            bounds = [*range(0, size, _ROWS_AT_ONCE), size]
            for start, stop in pairwise(bounds):
                left = block.cut(start, stop)
                column = 0
                for right in self.right.blocks:
                    columns = slice(column, column + len(right.members))
                    yield slice(row + start, row + stop), columns, self.evidence(left, right)
                    column = columns.stop
            row += size

    def evidence(self, left: Side, right: Side) -> Evidence:
        """Compare two sides made of members of the lists."""
        ours, theirs = left.position_of, right.position_of
        in_both = sorted(
            (ours[one], theirs[other])
            for one, other in self.in_both
            if one in ours and other in theirs
        )
        problem = MatchProblem(left.members, right.members, self.history, self._known(in_both))
        return Evidence.between(problem, self.knowledge, left, right)

    def score(self, evidence: Evidence) -> Scores:
        return score(evidence, weights=self.weights)

    def explain(self, left: Side, right: Side) -> list[Explanation]:
        """Tell of each pair, row by row, why it should meet, and why not."""
        ours, theirs = left.position_of, right.position_of
        more_left, more_right = left, right
        for one, other in sorted(self.in_both):  # who is on both lists is told so
            if other in theirs and one not in more_left.position_of:
                more_left = Side.joined([more_left, self.left.member(one)])
            if one in ours and other not in more_right.position_of:
                more_right = Side.joined([more_right, self.right.member(other)])
        evidence = self.evidence(more_left, more_right)
        explainer = Explainer(evidence, self.score(evidence))
        return [explainer.explain(i, j) for i in range(len(ours)) for j in range(len(theirs))]

    def introductions(self, pairs: Sequence[Pair]) -> tuple[Introduction, ...]:
        """Explain pairs of positions in the lists, ranked as they stand."""
        partners: dict[int, list[int]] = defaultdict(list)
        for i, j in pairs:
            partners[i].append(j)
        found: dict[Pair, Introduction] = {}
        ranks = {pair: rank for rank, pair in enumerate(pairs, start=1)}
        for i, columns in partners.items():
            left, right = self.left.take([i]), self.right.take(columns)
            explanations = self.explain(left, right)
            for j, member, why in zip(columns, right.members, explanations, strict=True):
                found[i, j] = Introduction(ranks[i, j], left.members[0], member, why)
        return tuple(found[pair] for pair in pairs)

    def _known(self, in_both: Sequence[Pair]) -> Known:
        return Known(
            in_both=tuple(in_both),
            name_contacts=(
                any(block.names_contacts for block in self.left.blocks),
                any(block.names_contacts for block in self.right.blocks),
            ),
            have_requests=any(
                block.has_requests for side in SIDES for block in self.roster(side).blocks
            ),
        )
