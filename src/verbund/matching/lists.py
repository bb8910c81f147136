"""Two lists that stand ready: scores block by block, explanations pair by pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from verbund.matching.evidence import Evidence, Knowledge
from verbund.matching.explain import Explainer
from verbund.matching.problem import Known, MatchProblem
from verbund.matching.result import Explanation, Introduction
from verbund.matching.roster import Positions
from verbund.matching.score import score
from verbund.matching.side import Side
from verbund.matching.weights import Weights
from verbund.wording import refuse

Pair = tuple[int, int]
SideName = Literal["left", "right"]


@dataclass(frozen=True)
class Lists:
    """Both lists in blocks, as they are now; positions count through the blocks of a list."""

    problem: MatchProblem
    knowledge: Knowledge
    left: tuple[Side, ...]
    right: tuple[Side, ...]
    weights: Weights

    @cached_property
    def starts(self) -> tuple[list[int], list[int]]:
        return self._places[0].starts, self._places[1].starts

    def tiles(self) -> Iterator[tuple[slice, slice, Evidence]]:
        """Compare each block of the left list with each of the right one."""
        for one, left in enumerate(self.left):
            rows = slice(*self.starts[0][one : one + 2])
            for other, right in enumerate(self.right):
                columns = slice(*self.starts[1][other : other + 2])
                yield rows, columns, self._evidence(left, right, rows.start, columns.start)

    @property
    def whole(self) -> Evidence:
        """Both lists in one piece."""
        sides = Side.joined(self.left), Side.joined(self.right)
        return Evidence.between(self.problem, self.knowledge, *sides)

    def explain(self, pairs: Sequence[Pair]) -> list[Explanation]:
        """Tell of each pair (left, right) why it should meet, and why not."""
        found: dict[Pair, Explanation] = {}
        by_left: dict[int, list[int]] = defaultdict(list)
        for i, j in pairs:
            by_left[i].append(j)
        for i, partners in by_left.items():
            explainer = self._explainer(i, partners)
            for number, j in enumerate(partners):
                found[i, j] = explainer.explain(0, number)
        return [found[pair] for pair in pairs]

    def introductions(self, pairs: Sequence[Pair]) -> tuple[Introduction, ...]:
        """Explain pairs, ranked as they stand."""
        explained = zip(pairs, self.explain(pairs), strict=True)
        return tuple(
            Introduction(rank, self.problem.left[i], self.problem.right[j], explanation)
            for rank, ((i, j), explanation) in enumerate(explained, start=1)
        )

    def position(self, side: SideName, id_: str) -> int:
        """Return where a member stands in its list.

        Raises
        ------
        InvalidInput
            If the list has no such member.
        """
        position = self._positions[side].get(id_)
        if position is None:
            raise refuse("match.unknown_id", id=id_)
        return position

    @cached_property
    def _positions(self) -> dict[SideName, dict[str, int]]:
        problem = self.problem
        return {
            "left": {member.id: place for place, member in enumerate(problem.left)},
            "right": {member.id: place for place, member in enumerate(problem.right)},
        }

    def row(self, i: int) -> Iterator[tuple[slice, Evidence]]:
        """Compare one member of the left list with each block of the right one."""
        side = self._places[0].take([i])
        for other, right in enumerate(self.right):
            columns = slice(*self.starts[1][other : other + 2])
            yield columns, self._evidence(side, right, i, columns.start)

    def column(self, j: int) -> Iterator[tuple[slice, Evidence]]:
        """Compare each block of the left list with one member of the right one."""
        side = self._places[1].take([j])
        for one, left in enumerate(self.left):
            rows = slice(*self.starts[0][one : one + 2])
            yield rows, self._evidence(left, side, rows.start, j)

    @cached_property
    def _places(self) -> tuple[Positions, Positions]:
        return Positions(self.left), Positions(self.right)

    def _evidence(self, left: Side, right: Side, row: int, column: int) -> Evidence:
        """Compare two sides whose first members stand at `row` and `column`."""
        in_both = tuple(
            (i - row, j - column)
            for i, j in self.problem.in_both
            if 0 <= i - row < len(left.members) and 0 <= j - column < len(right.members)
        )
        return self._between(left, right, in_both)

    def _between(self, left: Side, right: Side, in_both: tuple[Pair, ...]) -> Evidence:
        known = Known(in_both, self.problem.name_contacts, self.problem.have_requests)
        problem = MatchProblem(left.members, right.members, self.problem.history, known)
        return Evidence.between(problem, self.knowledge, left, right)

    def _explainer(self, i: int, partners: Sequence[int]) -> Explainer:
        """Prepare the pairs of one left member, those on both lists with their twins."""
        twins = [(a, b) for a, b in self.problem.in_both if a == i or b in partners]
        lefts = list(dict.fromkeys([i, *(a for a, _ in twins)]))
        rights = list(dict.fromkeys([*partners, *(b for _, b in twins)]))
        evidence = self._between(
            self._places[0].take(lefts),
            self._places[1].take(rights),
            tuple((lefts.index(a), rights.index(b)) for a, b in twins),
        )
        return Explainer(evidence, score(evidence, weights=self.weights))
