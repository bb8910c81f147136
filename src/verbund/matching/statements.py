"""What the members of a list say: every offer, request, topic and sentence as a vector of terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from verbund.language.table import encode
from verbund.language.terms import Matrix, Terms, terms_of
from verbund.language.vocabulary import Vocabulary
from verbund.records.organisation import Organisation

Floats = npt.NDArray[np.float32]

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])|\n+")
_LONGEST_STATEMENT = 2_000  # letters; what comes after hardly adds to what a text is about

_TEXTS_KEPT = 20_000  # whose terms are remembered
_GRID = 2048  # steps from 0 to 1 on which vectors of meaning lie

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
    """One thing an organisation says, verbatim; `owner` is its position in the list."""

    owner: int
    kind: Kind
    text: str
    vocabulary: Vocabulary = field(repr=False)

    @property
    def terms(self) -> Terms:
        return known_terms(self.text, self.vocabulary)


Said = tuple[Kind, str]


def said_by(organisation: Organisation) -> Iterator[Said]:
    """Take apart what an organisation says: whole entries, and its profile by sentences."""
    for kind, texts in (
        (Kind.OFFER, organisation.offers),
        (Kind.REQUEST, organisation.requests),
        (Kind.TOPIC, (*organisation.topics, *filter(None, [organisation.segment]))),
        (Kind.PROFILE, map(str.strip, _SENTENCE_END.split(organisation.whole_profile))),
    ):
        yield from ((kind, text) for text in texts if text)


@lru_cache(maxsize=_TEXTS_KEPT)
def known_terms(text: str, vocabulary: Vocabulary) -> Terms:
    """Return the terms of a statement; remembered, because texts recur and are explained."""
    return terms_of(text[:_LONGEST_STATEMENT], vocabulary)


class Spoken:
    """The statements of some kinds of one list, one row per statement, those of a member together.

    Attributes
    ----------
    vectors
        Words as terms, rows of unit length; shape (statements, terms).
    """

    def __init__(
        self, said: Sequence[tuple[int, Said]], vectors: Matrix, vocabulary: Vocabulary, size: int
    ) -> None:
        self._said = said
        self._vocabulary = vocabulary
        self.vectors = vectors
        self.size = size
        owners = np.fromiter((owner for owner, _ in said), dtype=np.int64, count=len(said))
        self.speakers, self._starts = np.unique(owners, return_index=True)
        self._bounds = np.searchsorted(owners, np.arange(size + 1))

    @classmethod
    def joined(cls, parts: Sequence[Spoken]) -> Spoken:
        """Put lists behind each other."""
        starts = np.cumsum([0, *(part.size for part in parts)]).tolist()
        new = cls(
            [
                (start + owner, said)
                for start, part in zip(starts, parts, strict=False)
                for owner, said in part._said
            ],
            sparse.vstack([part.vectors for part in parts], format="csr"),
            parts[0]._vocabulary,
            starts[-1],
        )
        new.meanings = np.concatenate([part.meanings for part in parts])
        return new

    def cut(self, start: int, stop: int) -> Spoken:
        """Take the members from `start` on and before `stop`."""
        rows = slice(int(self._bounds[start]), int(self._bounds[stop]))
        new = Spoken(
            [(owner - start, said) for owner, said in self._said[rows]],
            self.vectors[rows],
            self._vocabulary,
            stop - start,
        )
        new.meanings = self.meanings[rows]
        return new

    @cached_property
    def statements(self) -> list[Statement]:
        return [Statement(owner, *said, self._vocabulary) for owner, said in self._said]

    @cached_property
    def meanings(self) -> Floats:
        """Vectors of the texts, unit length, one row per statement.

        They lie on a grid of 1/2048, on which float32 sums of products are exact: a likeness does
        not depend on what else is computed at the same time.
        """
        places: dict[str, int] = {}
        rows = [
            places.setdefault(text[:_LONGEST_STATEMENT], len(places)) for _, (_, text) in self._said
        ]
        found = encode(list(places))
        return np.asarray(np.rint(found * _GRID) / _GRID, dtype=np.float32)[rows]

    @property
    def by_speaker(self) -> Matrix:
        """Gathers statements by organisation, shape (size, statements)."""
        ones = np.ones(len(self._said), dtype=np.float32)
        rows = np.arange(len(self._said))
        shape = (self.size, len(self._said))
        return sparse.csr_matrix((ones, rows, self._bounds), shape=shape)

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
