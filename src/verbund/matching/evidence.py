"""Everything the comparisons look at, prepared once for a pair of lists."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from verbund.language.terms import Matrix, TermSpace, unit_rows
from verbund.language.vocabulary import Vocabulary, vocabulary
from verbund.matching.acquaintance import Acquaintance
from verbund.matching.problem import MatchProblem
from verbund.matching.statements import Kind, Spoken, Statement, statements_of

Found = dict[str, float]  # concept id -> confidence
_LATEST_PROJECTS = 8  # of a member, whose titles tell what it works on


class Side:
    """One list, ready to be compared."""

    def __init__(self, statements: Sequence[Statement], space: TermSpace, size: int) -> None:
        self.all = Spoken(statements, tuple(Kind), space, size)
        self.offers = Spoken(statements, (Kind.OFFER,), space, size)
        self.requests = Spoken(statements, (Kind.REQUEST,), space, size)
        self.about = Spoken(statements, (Kind.PROFILE, Kind.TOPIC), space, size)

    @cached_property
    def subject(self) -> Matrix:
        """Mean vector of all statements of each member, unit length."""
        owners = [s.owner for s in self.all.statements]
        ones = np.ones(len(owners), dtype=np.float32)
        shape = (self.all.size, len(owners))
        gather = sparse.csr_matrix((ones, (owners, np.arange(len(owners)))), shape=shape)
        return unit_rows(gather @ self.all.vectors)


class Evidence:
    """Statements as vectors, and what the history tells."""

    def __init__(self, problem: MatchProblem, known: Vocabulary | None = None) -> None:
        self.problem = problem
        self.vocabulary = known or vocabulary()
        self._named: dict[str, Found] = {}
        spoken = [statements_of(side, self.vocabulary) for side in (problem.left, problem.right)]
        self.space = TermSpace(s.terms for side in spoken for s in side)
        self.left = Side(spoken[0], self.space, len(problem.left))
        self.right = Side(spoken[1], self.space, len(problem.right))
        self.past = (
            Acquaintance(problem.history, problem.left, problem.right, problem.links)
            if problem.history
            else None
        )

    @cached_property
    def concepts(self) -> tuple[list[Found], list[Found]]:
        """Concepts each member names, in what it says or in the titles of its latest projects."""
        return self._concepts_of(0, self.left), self._concepts_of(1, self.right)

    @cached_property
    def abilities(self) -> tuple[list[Found], list[Found]]:
        """The same without what members only look for."""
        return (
            self._concepts_of(0, self.left, without=Kind.REQUEST),
            self._concepts_of(1, self.right, without=Kind.REQUEST),
        )

    def words_of(self, number: int, member: int) -> set[str]:
        """Collect the terms of everything a member offers or says of itself."""
        side = (self.left, self.right)[number]
        own = side.all.statements[side.all.rows_of(member)]
        return {term for s in own if s.kind is not Kind.REQUEST for term in s.terms}

    def _concepts_of(self, number: int, side: Side, *, without: Kind | None = None) -> list[Found]:
        found: list[Found] = [{} for _ in range(side.all.size)]
        for statement in side.all.statements:
            if statement.kind is not without:
                _take_over(found[statement.owner], self.named_in(statement.text))
        if self.past:
            for member, concepts in enumerate(found):
                for project in self.past.projects_of(number, member)[-_LATEST_PROJECTS:]:
                    text = self.past.history.projects[project]
                    _take_over(concepts, self.named_in(f"{text.title}\n{text.keywords}"))
        return found

    def named_in(self, text: str) -> Found:
        """Find the concepts of a text; remembered, because projects recur."""
        known = self._named.get(text)
        if known is None:
            known = self._named[text] = self.vocabulary.find(text)
        return known

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.problem.left), len(self.problem.right)

    def zeros(self) -> npt.NDArray[np.float32]:
        return np.zeros(self.shape, dtype=np.float32)


def _take_over(concepts: Found, more: Found) -> None:
    for concept, confidence in more.items():
        concepts[concept] = max(confidence, concepts.get(concept, 0.0))
