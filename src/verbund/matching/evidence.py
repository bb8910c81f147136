"""Everything the comparisons look at, prepared once for a pair of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from verbund.language.terms import TermSpace
from verbund.language.vocabulary import Vocabulary, vocabulary
from verbund.matching.acquaintance import Acquaintance, Graph, Past, positions_in
from verbund.matching.problem import MatchProblem
from verbund.matching.side import Side
from verbund.matching.statements import Kind, known_terms, said_by

Found = dict[str, float]  # concept id -> confidence
LATEST_PROJECTS = 8  # of a member, whose titles tell what it works on


class Knowledge:
    """What is the same for all pairs of a match: the rarity of terms, concepts, the history."""

    def __init__(self, problem: MatchProblem, known: Vocabulary | None = None) -> None:
        self.vocabulary = known or vocabulary()
        self.space = TermSpace(
            known_terms(text, self.vocabulary)
            for side in (problem.left, problem.right)
            for member in side
            for _, text in said_by(member)
        )
        self.graph = Graph(problem.history) if problem.history else None
        self._named: dict[str, Found] = {}

    def named_in(self, text: str) -> Found:
        """Find the concepts of a text; remembered, because projects recur."""
        known = self._named.get(text)
        if known is None:
            known = self._named[text] = self.vocabulary.find(text)
        return known


class Evidence:
    """Statements as vectors, and what the history tells, for two lists or parts of them."""

    def __init__(self, problem: MatchProblem, known: Vocabulary | None = None) -> None:
        knowledge = Knowledge(problem, known)
        sides = []
        for members, links in zip((problem.left, problem.right), problem.links, strict=True):
            past = None
            if knowledge.graph:
                positions = positions_in(knowledge.graph.history, members, links)
                past = Past(knowledge.graph, positions)
            sides.append(Side.of(members, knowledge.space, knowledge.vocabulary, past))
        self._set(problem, knowledge, sides[0], sides[1])

    @classmethod
    def between(
        cls, problem: MatchProblem, knowledge: Knowledge, left: Side, right: Side
    ) -> Evidence:
        """Compare sides that stand ready; the members of the problem are theirs."""
        new = cls.__new__(cls)
        new._set(problem, knowledge, left, right)
        return new

    def _set(self, problem: MatchProblem, knowledge: Knowledge, left: Side, right: Side) -> None:
        self.problem = problem
        self.knowledge = knowledge
        self.vocabulary = knowledge.vocabulary
        self.space = knowledge.space
        self.left, self.right = left, right
        self.past = (
            Acquaintance.between(left.past, right.past) if left.past and right.past else None
        )

    @cached_property
    def concepts(self) -> tuple[Sequence[Found], Sequence[Found]]:
        """Concepts each member names, in what it says or in the titles of its latest projects."""
        return self._each(lambda side, member: self._concepts_of(side, member))

    @cached_property
    def abilities(self) -> tuple[Sequence[Found], Sequence[Found]]:
        """The same without what members only look for."""
        return self._each(lambda side, member: self._concepts_of(side, member, but=Kind.REQUEST))

    def _each(self, find: Callable[[Side, int], Found]) -> tuple[Sequence[Found], Sequence[Found]]:
        return (
            _OnDemand(self.shape[0], lambda member: find(self.left, member)),
            _OnDemand(self.shape[1], lambda member: find(self.right, member)),
        )

    def words_of(self, number: int, member: int) -> set[str]:
        """Collect the terms of everything a member offers or says of itself."""
        side = (self.left, self.right)[number]
        own = side.statements_of(member)
        return {term for s in own if s.kind is not Kind.REQUEST for term in s.terms}

    def _concepts_of(self, side: Side, member: int, *, but: Kind | None = None) -> Found:
        found: Found = {}
        for statement in side.statements_of(member):
            if statement.kind is not but:
                _take_over(found, self.named_in(statement.text))
        if side.past:
            for project in side.past.projects_of(member)[-LATEST_PROJECTS:]:
                text = side.past.graph.history.projects[project]
                _take_over(found, self.named_in(f"{text.title}\n{text.keywords}"))
        return found

    def named_in(self, text: str) -> Found:
        """Find the concepts of a text."""
        return self.knowledge.named_in(text)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.left.members), len(self.right.members)

    def zeros(self) -> npt.NDArray[np.float32]:
        return np.zeros(self.shape, dtype=np.float32)


class _OnDemand(Sequence[Found]):
    """One value per member, found when it is asked for."""

    def __init__(self, size: int, find: Callable[[int], Found]) -> None:
        self._size = size
        self._find = find
        self._known: dict[int, Found] = {}

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, member: int) -> Found:  # type: ignore[override]  # nobody slices it
        if not -self._size <= member < self._size:
            raise IndexError(member)
        if member not in self._known:
            self._known[member] = self._find(member)
        return self._known[member]


def _take_over(concepts: Found, more: Found) -> None:
    for concept, confidence in more.items():
        concepts[concept] = max(confidence, concepts.get(concept, 0.0))
