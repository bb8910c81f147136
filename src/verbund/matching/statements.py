"""What the members of a list say: every offer, request, topic and sentence as a vector of terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from verbund.language.table import encode
from verbund.language.terms import Matrix, Terms, TermSpace, terms_of
from verbund.language.vocabulary import Vocabulary
from verbund.records.organisation import Organisation

Floats = npt.NDArray[np.float32]

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])|\n+")
_LONGEST_STATEMENT = 2_000  # letters; what comes after hardly adds to what a text is about

_UNRELATED = 0.2  # cosine of meanings up to which two texts have nothing in common
_MEANING = 1.6  # weight of the meaning beside the words
EVERYTHING = slice(None)


class Kind(StrEnum):
    OFFER = "offer"
    REQUEST = "request"
    PROFILE = "profile"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing an organisation says, verbatim, and its terms."""

    owner: int
    kind: Kind
    text: str
    terms: Terms


def statements_of(organisations: Sequence[Organisation], vocabulary: Vocabulary) -> list[Statement]:
    """Take the lists apart; `owner` is the position of the organisation in its list."""
    found = []
    for owner, organisation in enumerate(organisations):
        sentences = [
            s.strip() for s in _SENTENCE_END.split(organisation.whole_profile) if s.strip()
        ]
        for kind, texts in (
            (Kind.OFFER, organisation.offers),
            (Kind.REQUEST, organisation.requests),
            (Kind.TOPIC, (*organisation.topics, *filter(None, [organisation.segment]))),
            (Kind.PROFILE, sentences),
        ):
            found += [
                Statement(owner, kind, text, terms_of(text[:_LONGEST_STATEMENT], vocabulary))
                for text in texts
            ]
    return found


class Spoken:
    """The statements of some kinds of one list, as a matrix with one row per statement."""

    def __init__(
        self, statements: Sequence[Statement], kinds: Sequence[Kind], space: TermSpace, size: int
    ) -> None:
        self.statements = [s for s in statements if s.kind in kinds]
        self.size = size
        self.vectors: Matrix = space.vectors([s.terms for s in self.statements])
        owners = np.array([s.owner for s in self.statements], dtype=np.int64)
        self.speakers, self._starts = np.unique(owners, return_index=True)
        self._bounds = np.searchsorted(owners, np.arange(size + 1))

    @cached_property
    def meanings(self) -> Floats:
        """Vectors of the texts, unit length, one row per statement."""
        return encode([s.text[:_LONGEST_STATEMENT] for s in self.statements])

    def rows_of(self, owner: int) -> slice:
        """Return the rows of the statements of one organisation."""
        return slice(int(self._bounds[owner]), int(self._bounds[owner + 1]))

    def in_blocks(self, rows: int) -> Iterator[list[int]]:
        """Group the organisations that say something into blocks of about so many rows."""
        block: list[int] = []
        for owner in self.speakers.tolist():
            block.append(owner)
            if self.rows_of(owner).stop - self.rows_of(block[0]).start >= rows:
                yield block
                block = []
        if block:
            yield block

    def best_by_speaker(self, similarity: Floats) -> Floats:
        """Reduce columns (statements) to organisations: the best of each, 0 for the silent.

        Parameters
        ----------
        similarity
            Shape (rows, statements).

        Returns
        -------
        Shape (rows, size).
        """
        result = np.zeros((similarity.shape[0], self.size), dtype=np.float32)
        if len(self.speakers):
            result[:, self.speakers] = np.maximum.reduceat(similarity, self._starts, axis=1)
        return result


def likeness(ours: Spoken, rows: slice, theirs: Spoken, columns: slice = EVERYTHING) -> Floats:
    """Compare statements by their words and by their meaning.

    The cosine of the terms counts as it is; that of the meanings from 0.2 on, which two unrelated
    texts of one field easily reach.

    Returns
    -------
    Shape (rows, columns), from 0 to about 2.
    """
    words = np.asarray((ours.vectors[rows] @ theirs.vectors[columns].T).toarray())
    meaning = ours.meanings[rows] @ theirs.meanings[columns].T
    return np.asarray(words + _MEANING * np.maximum(meaning - _UNRELATED, 0), dtype=np.float32)
