"""Who would join a new project: organisations for a text and its coordinator.

Three signs are added, each standardised within the query: the vote of the most similar past
projects, the likeness of an organisation's mean project to the text, and how often and how recently
it worked with the coordinator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from verbund.language.terms import Matrix, terms_of, unit_rows
from verbund.matching.acquaintance import Acquaintance
from verbund.records.history import History, Links

Floats = npt.NDArray[np.float32]

NEIGHBOURS = 100  # similar projects that vote, with the square of their likeness


@dataclass(frozen=True, slots=True)
class Call:
    """A project to be: what it is about, and who leads it (an organisation id or empty)."""

    text: str
    coordinator: str = ""


class CallMatcher:
    """Ranks all organisations of a history for calls; prepared once."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._past = Acquaintance(history, (), (), (Links({}), Links({})))
        space, self._projects = self._past.text_space
        self._space = space
        self._took_part = self._past.partners
        self._subjects = unit_rows(self._took_part @ self._projects)

    def scores(self, calls: Sequence[Call]) -> Floats:
        """Rate every organisation for every call.

        Returns
        -------
        Shape (calls, organisations), in the order of `history.organisation_ids`.
        """
        texts = self._space.vectors([terms_of(call.text) for call in calls])
        total = _standardised(self._votes(texts))
        total += _standardised(np.asarray((texts @ self._subjects.T).toarray()))
        total += _standardised(np.sqrt(self._partners_of(calls)))
        return total

    def _votes(self, texts: Matrix) -> Floats:
        """Let the most similar past projects vote for those who took part in them."""
        likeness = np.asarray((texts @ self._projects.T).toarray())
        kept = min(NEIGHBOURS, likeness.shape[1])
        best = np.argpartition(-likeness, kept - 1, axis=1)[:, :kept]
        weights = np.take_along_axis(likeness, best, axis=1).ravel() ** 2
        rows = np.repeat(np.arange(len(likeness)), kept)
        votes = sparse.csr_matrix((weights, (rows, best.ravel())), shape=likeness.shape)
        return np.asarray((votes @ self._took_part.T).toarray())

    def _partners_of(self, calls: Sequence[Call]) -> Floats:
        """Weigh past partners of each coordinator by number, age and size of joint projects."""
        known = self.history.position_of
        rows = [row for row, call in enumerate(calls) if call.coordinator in known]
        positions = [known[calls[row].coordinator] for row in rows]
        ones = np.ones(len(rows), dtype=np.float32)
        shape = (len(calls), len(known))
        choose = sparse.csr_matrix((ones, (rows, positions)), shape=shape)
        weight = sparse.diags(self._past.recency / np.sqrt(self._past.project_sizes))
        return np.asarray((choose @ self._took_part @ weight @ self._took_part.T).toarray())


def _standardised(values: Floats) -> Floats:
    """Bring each row to mean 0 and deviation 1; a row without differences becomes 0."""
    centred = values - values.mean(axis=1, keepdims=True)
    return np.asarray(centred / (values.std(axis=1, keepdims=True) + 1e-9), dtype=np.float32)
