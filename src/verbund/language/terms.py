"""Texts as weighted terms, the form in which they are compared."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from verbund.language.lexicon import lexicon
from verbund.language.spelling import words
from verbund.language.vocabulary import Vocabulary

Terms = Mapping[str, float]
Matrix = sparse.csr_matrix

CONCEPT = "c:"  # prefix of a term that stands for a concept
_CONCEPT_WEIGHT = 0.5
_BROADER_WEIGHT = 0.3
_PRIOR_TEXTS = 100
_WHOLE_WEIGHT = 0.3  # of a compound as a whole, beside its parts


def terms_of(text: str, vocabulary: Vocabulary | None = None) -> dict[str, float]:
    """Weigh the terms of a text: atoms, compounds as a whole, and the concepts named.

    Parameters
    ----------
    text
        German or English.
    vocabulary
        Where concepts are looked up; without one only words count, which is faster on long texts.

    Returns
    -------
    Term -> weight > 0; repeated words count with the logarithm of their number.
    """
    known = lexicon()
    counts: Counter[str] = Counter()
    wholes: Counter[str] = Counter()
    for word, number in Counter(words(text)).items():
        analysed = known.word(word)
        for atom in analysed.atoms:
            counts[atom] += number
        if analysed.whole:
            wholes[analysed.whole] += number
    found = {term: 1.0 + math.log(count) for term, count in counts.items()}
    found |= {term: _WHOLE_WEIGHT * (1.0 + math.log(count)) for term, count in wholes.items()}
    if vocabulary:
        for concept_id, confidence in vocabulary.find(text).items():
            found[CONCEPT + concept_id] = _CONCEPT_WEIGHT * confidence
            if broader := vocabulary.concepts[concept_id].broader:
                found.setdefault(CONCEPT + broader, _BROADER_WEIGHT * confidence)
    return found


class TermSpace:
    """Terms with their rarity; turns texts into vectors of unit length.

    The weight of a term is its weight in the text times log((N + 100) / (n + 0.5)), n the number of
    the N texts that contain it (Spärck Jones 1972). The 100 stand for texts not seen: in two short
    lists a word that occurs twice is not yet a common one.
    """

    def __init__(self, texts: Iterable[Terms]) -> None:
        counts: Counter[str] = Counter()
        number = 0
        for terms in texts:
            counts.update(terms.keys())
            number += 1
        self.index = {term: position for position, term in enumerate(counts)}
        seen = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
        self.rarity: npt.NDArray[np.float64] = np.log((number + _PRIOR_TEXTS) / (seen + 0.5)).clip(
            0.05
        )

    def vectors(self, texts: Sequence[Terms]) -> Matrix:
        """Return one row of unit length per text, shape (texts, terms); an empty text is all 0."""
        starts = np.zeros(len(texts) + 1, dtype=np.int64)
        columns: list[int] = []
        weights: list[float] = []
        for row, terms in enumerate(texts):
            for term, weight in terms.items():
                position = self.index.get(term)
                if position is not None:
                    columns.append(position)
                    weights.append(weight)
            starts[row + 1] = len(columns)
        indices = np.array(columns, dtype=np.int64)
        data = np.array(weights, dtype=np.float32) * self.rarity[indices].astype(np.float32)
        matrix = sparse.csr_matrix((data, indices, starts), shape=(len(texts), len(self.index)))
        matrix.sort_indices()  # so that a text comes out the same, whatever else is in the list
        return unit_rows(matrix)

    def names(self) -> list[str]:
        return list(self.index)


def unit_rows(matrix: Matrix) -> Matrix:
    """Scale each row to length 1; rows of zeros stay."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.csr_matrix(sparse.diags(scale) @ matrix).astype(np.float32)
