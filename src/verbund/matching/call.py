"""Who would join a new project: organisations for a text and its coordinator.

Each sign is standardised within the query, over all organisations, and weighted; the sum orders
them. The weights were found by coordinate ascent on training calls (docs/benchmarks.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from verbund.language.table import encode
from verbund.language.terms import Matrix, terms_of
from verbund.matching.acquaintance import Graph
from verbund.records.history import History

Floats = npt.NDArray[np.float32]

NEIGHBOURS = 100  # similar projects that vote, with the square of their likeness
_CALLS_AT_ONCE = 50
_JUST_TOGETHER = 0.02  # added to the likeness of a project with the coordinator, less with age


@dataclass(frozen=True, slots=True)
class Call:
    """A project to be: what it is about, who leads it (an organisation id) and its topic, if any.

    The topic is the code of a call such as HORIZON-CL4-2023-DIGITAL-01-02.
    """

    text: str
    coordinator: str = ""
    topic: str = ""


class CallMatcher:
    """Ranks all organisations of a history for calls; prepared once."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._graph = Graph(history)
        self._took_part = self._graph.partners

    def scores(self, calls: Sequence[Call]) -> Floats:
        """Rate every organisation for every call.

        Returns
        -------
        Shape (calls, organisations), in the order of `history.organisation_ids`.
        """
        result = np.zeros((len(calls), len(self.history.organisation_ids)), dtype=np.float32)
        for start in range(0, len(calls), _CALLS_AT_ONCE):
            rows = slice(start, start + _CALLS_AT_ONCE)
            asked = self.asked(calls[rows])
            for sign in SIGNS:
                result[rows] += np.float32(sign.weight) * standardised(sign.measure(self, asked))
        return result

    def asked(self, calls: Sequence[Call]) -> Asked:
        """Compare calls with all past projects."""
        space, projects = self._graph.text_space
        texts = space.vectors([terms_of(call.text) for call in calls])
        likeness = np.asarray((texts @ projects.T).toarray())
        return Asked(calls, texts, likeness, self._coordinators(calls))

    def _coordinators(self, calls: Sequence[Call]) -> Matrix:
        """Projects of each coordinator, shape (calls, projects)."""
        known = self.history.position_of
        rows = [row for row, call in enumerate(calls) if call.coordinator in known]
        positions = [known[calls[row].coordinator] for row in rows]
        ones = np.ones(len(rows), dtype=np.float32)
        choose = sparse.csr_matrix((ones, (rows, positions)), shape=(len(calls), len(known)))
        return sparse.csr_matrix(choose @ self._took_part)

    def votes(self, asked: Asked) -> Floats:
        """Let the most similar past projects vote for those who took part in them."""
        kept = min(NEIGHBOURS, asked.likeness.shape[1])
        best = np.argpartition(-asked.likeness, kept - 1, axis=1)[:, :kept]
        weights = np.take_along_axis(asked.likeness, best, axis=1).ravel() ** 2
        rows = np.repeat(np.arange(len(asked.likeness)), kept)
        votes = sparse.csr_matrix((weights, (rows, best.ravel())), shape=asked.likeness.shape)
        return np.asarray(np.sqrt((votes @ self._took_part.T).toarray()))

    def subjects(self, asked: Asked) -> Floats:
        """Compare the text with the mean of each organisation's projects, by words."""
        return np.asarray((asked.texts @ self._graph.subjects.T).toarray())

    def meanings(self, asked: Asked) -> Floats:
        """Compare the text with the mean of each organisation's projects, by meaning."""
        return encode([call.text for call in asked.calls]) @ self._meanings.T

    def relatives(self, asked: Asked) -> Floats:
        """Count recent projects under topics of the same family."""
        known = self._families
        same = np.array([[known.get(family_of(call.topic), -1)] for call in asked.calls])
        recent = np.where((same == self._family) & (same >= 0), self._graph.recency**2, 0)
        counts = (self._took_part @ sparse.csr_matrix(recent.astype(np.float32)).T).toarray().T
        return np.asarray(np.log1p(counts))

    def partners(self, asked: Asked) -> Floats:
        """Weigh the coordinator's past partners: joint projects like the text count most."""
        own = asked.coordinators.multiply(asked.likeness + _JUST_TOGETHER * self._graph.recency)
        small = sparse.diags(1 / np.sqrt(self._graph.project_sizes))
        return np.asarray(np.sqrt((sparse.csr_matrix(own) @ small @ self._took_part.T).toarray()))

    @cached_property
    def _meanings(self) -> Floats:
        mean = self._took_part @ self._graph.meanings
        return np.asarray(mean / (np.linalg.norm(mean, axis=1, keepdims=True) + 1e-9))

    @cached_property
    def _families(self) -> dict[str, int]:
        families = dict.fromkeys(family_of(p.topic) for p in self.history.projects)
        families.pop("", None)
        return {family: k for k, family in enumerate(families)}

    @cached_property
    def _family(self) -> npt.NDArray[np.int64]:
        known = self._families
        return np.array([known.get(family_of(p.topic), -1) for p in self.history.projects])


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """Calls, their texts as vectors, their likeness to all projects, what coordinators did."""

    calls: Sequence[Call]
    texts: Matrix
    likeness: Floats
    coordinators: Matrix


@dataclass(frozen=True, slots=True)
class Sign:
    """What speaks for an organisation, and how much a deviation above the mean counts."""

    measure: Callable[[CallMatcher, Asked], Floats]
    weight: float


SIGNS = (
    Sign(CallMatcher.votes, 1.5),
    Sign(CallMatcher.subjects, 0.75),
    Sign(CallMatcher.meanings, 0.75),
    Sign(CallMatcher.relatives, 0.2),
    Sign(CallMatcher.partners, 0.75),
)


def family_of(topic: str) -> str:
    """Take the programme and its part from a topic: HORIZON-CL4-DIGITAL, whatever the year."""
    return "-".join([part for part in topic.split("-") if not part.startswith("20")][:3])


def standardised(values: Floats) -> Floats:
    """Bring each row to mean 0 and deviation 1; a row without differences becomes 0."""
    centred = values - values.mean(axis=1, keepdims=True)
    return np.asarray(centred / (values.std(axis=1, keepdims=True) + 1e-9), dtype=np.float32)
