"""What the members of a list say: every offer, request, topic and sentence as a vector of terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np
import numpy.typing as npt
from scipy import sparse

from verbund.language.table import encode
from verbund.language.terms import Matrix, Terms, TermSpace, terms_of
from verbund.language.vocabulary import Vocabulary
from verbund.matching.languages import third_language
from verbund.records.organisation import Organisation

Floats = npt.NDArray[np.float32]

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])|\n+")
_LONGEST_STATEMENT = 2_000  # letters; what comes after hardly adds to what a text is about
_LONGEST_PROFILE = 50_000  # letters
MOST_STATEMENTS = 200  # of one kind and one organisation
_TEXTS_KEPT = 20_000  # whose terms are remembered
_FEW = 6  # rows up to which the products of vectors are not worth a matrix product
_DENSE_ROWS = 512  # of a sparse matrix, made dense in one step
_GRID = 2048  # steps from 0 to 1 on which vectors of meaning lie

_UNRELATED = 0.13  # cosine of meanings up to which two texts have nothing in common
_MEANING = 1.471  # weight of the meaning beside the words
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
    """Take apart what an organisation says: whole entries, and its profile by sentences.

    Who writes neither German nor English says nothing that could be compared. Of each kind the
    first 200 count, of a profile the first 50,000 letters (see `is_cut_short`).
    """
    if third_language(organisation):
        return
    for kind, texts in (
        (Kind.OFFER, organisation.offers),
        (Kind.REQUEST, organisation.requests),
        (Kind.TOPIC, (*organisation.topics, *filter(None, [organisation.segment]))),
        (Kind.PROFILE, _sentences(organisation)),
    ):
        yield from ((kind, text) for text in islice(filter(None, texts), MOST_STATEMENTS))


def _sentences(organisation: Organisation) -> Iterator[str]:
    return map(str.strip, _SENTENCE_END.split(organisation.whole_profile[:_LONGEST_PROFILE]))


def is_cut_short(organisation: Organisation) -> bool:
    """Tell whether an organisation says more than is compared."""
    return (
        max(map(len, (organisation.offers, organisation.requests, organisation.topics)))
        > MOST_STATEMENTS
        or len(organisation.whole_profile) > _LONGEST_PROFILE
        or sum(1 for sentence in _sentences(organisation) if sentence) > MOST_STATEMENTS
    )


@lru_cache(maxsize=_TEXTS_KEPT)
def known_terms(text: str, vocabulary: Vocabulary) -> Terms:
    """Return the terms of a statement; remembered, because texts recur and are explained."""
    return terms_of(text[:_LONGEST_STATEMENT], vocabulary)


class Spoken:
    """The statements of some kinds of one list, one row per statement, those of a member together.

    Parameters
    ----------
    said
        Per member of the list.

    Attributes
    ----------
    vectors
        Words as terms, rows of unit length; shape (statements, terms).
    speakers
        Positions of the members that say something.
    """

    def __init__(
        self, said: Sequence[Sequence[Said]], vectors: Matrix, vocabulary: Vocabulary
    ) -> None:
        self._said = said
        self._vocabulary = vocabulary
        self.vectors = vectors
        self.vectors.sort_indices()  # so that sums of products have one order
        self._bounds = np.zeros(len(said) + 1, dtype=np.int64)
        np.cumsum([len(own) for own in said], out=self._bounds[1:])
        self.speakers = np.flatnonzero(np.diff(self._bounds))

    @classmethod
    def of(cls, said: Sequence[Sequence[Said]], space: TermSpace, vocabulary: Vocabulary) -> Spoken:
        """Prepare what each member of a list says."""
        terms = [known_terms(text, vocabulary) for own in said for _, text in own]
        return cls(said, space.vectors(terms), vocabulary)

    @classmethod
    def joined(cls, parts: Sequence[Spoken]) -> Spoken:
        """Put lists behind each other."""
        said = [own for part in parts for own in part._said]
        vectors = sparse.vstack([part.vectors for part in parts], format="csr")
        new = cls(said, vectors, parts[0]._vocabulary)
        new.meanings = np.concatenate([part.meanings for part in parts])
        return new

    def cut(self, start: int, stop: int) -> Spoken:
        """Take the members from `start` on and before `stop`."""
        rows = slice(int(self._bounds[start]), int(self._bounds[stop]))
        new = Spoken(self._said[start:stop], self.vectors[rows], self._vocabulary)
        new.meanings = self.meanings[rows]
        return new

    @property
    def size(self) -> int:
        return len(self._said)

    @cached_property
    def statements(self) -> list[Statement]:
        return [
            Statement(owner, kind, text, self._vocabulary)
            for owner, own in enumerate(self._said)
            for kind, text in own
        ]

    @cached_property
    def meanings(self) -> Floats:
        """Vectors of the texts, unit length, one row per statement.

        They lie on a grid of 1/2048, on which float32 sums of products are exact: a likeness does
        not depend on what else is computed at the same time.
        """
        places: dict[str, int] = {}
        rows = [
            places.setdefault(text[:_LONGEST_STATEMENT], len(places))
            for own in self._said
            for _, text in own
        ]
        found = encode(list(places))
        return np.asarray(np.rint(found * _GRID) / _GRID, dtype=np.float32)[rows]

    def sums(self) -> Matrix:
        """Add up the vectors of each member, shape (size, terms)."""
        ones = np.ones(self._bounds[-1], dtype=np.float32)
        rows = np.arange(len(ones))
        gather = sparse.csr_matrix((ones, rows, self._bounds), shape=(self.size, len(ones)))
        found = sparse.csr_matrix(gather @ self.vectors)
        found.sort_indices()  # so that a row comes out the same, whatever stands around it
        return found

    def rows_of(self, owner: int) -> slice:
        """Return the rows of the statements of one organisation."""
        return slice(int(self._bounds[owner]), int(self._bounds[owner + 1]))

    def starts_of(self, speakers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the first row of each of these members."""
        return self._bounds[speakers]

    def in_blocks(self, rows: int) -> Iterator[npt.NDArray[np.int64]]:
        """Group the members that say something into blocks of about so many rows."""
        starts = self.starts_of(self.speakers)
        first = 0
        while first < len(self.speakers):
            end = max(int(np.searchsorted(starts, starts[first] + rows)), first + 1)
            yield self.speakers[first:end]
            first = end


def likeness(ours: Spoken, rows: slice, theirs: Spoken, columns: slice = EVERYTHING) -> Floats:
    """Compare statements by their words and by their meaning.

    The cosine of the terms counts as it is; that of the meanings from 0.13 on, which two unrelated
    texts of one field easily reach.

    Returns
    -------
    Shape (rows, columns), from 0 to about 2.
    """
    found = _products(ours.meanings[rows], theirs.meanings[columns])
    found -= _UNRELATED
    np.maximum(found, 0, out=found)
    found *= _MEANING
    found += products(_chosen(ours.vectors, rows), _chosen(theirs.vectors, columns))
    return found


def products(ours: Matrix, theirs: Matrix) -> Floats:
    """Multiply each row with each other, shape (rows of ours, rows of theirs).

    With sorted columns the result does not depend on which of the two is made dense: the smaller
    one, some rows at a time.
    """
    if ours.shape[0] < theirs.shape[0]:
        return products(theirs, ours).T
    result = np.empty((ours.shape[0], theirs.shape[0]), dtype=np.float32)
    for start in range(0, theirs.shape[0], _DENSE_ROWS):
        rows = slice(start, start + _DENSE_ROWS)
        result[:, rows] = ours @ theirs[rows].T.toarray()
    return result


def _products(ours: Floats, theirs: Floats) -> Floats:
    """Multiply each row with each other; exact either way, a few rows are faster one by one."""
    if len(ours) < len(theirs):
        return _products(theirs, ours).T
    many = len(theirs) > _FEW
    found: Floats = ours @ theirs.T if many else np.einsum("ij,kj->ik", ours, theirs)
    return found


def _chosen(matrix: Matrix, rows: slice) -> Matrix:
    return matrix if rows == EVERYTHING else matrix[rows]
