"""Texts as vectors: German and English texts of one meaning point the same way.

A table holds one row per frequent word and per piece of a word, learned from pairs of German and
English texts (`training/language_table.py`). A text is the sum of its words; nothing but numpy runs
here. It knows neither order nor negation: "we buy" and "we sell" look the same, so direction must
come from the fields of an offer or a request.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import ascii_lowercase, digits

import numpy as np
import numpy.typing as npt

from verbund.language.spelling import words

Vectors = npt.NDArray[np.float32]

PIECES_OF_KNOWN = 0.5  # weight of a known word's pieces beside its own row
_ALPHABET = frozenset(ascii_lowercase + digits)
_LONGEST_WORD = 60
_MOST_WORDS = 100_000
_TEXTS_AT_ONCE = 256  # keeps the vectors of their words in the processor's cache


class Pieces:
    """Splits words into known pieces, the likeliest way (a unigram model of pieces).

    Compounds fall apart at their seams, an unknown word still says something:
    "druckluftanlage" becomes "druckluft" and "anlage".
    """

    def __init__(self, scores: Mapping[str, float]) -> None:
        if missing := _ALPHABET - scores.keys():
            raise ValueError(f"Pieces must include every letter and digit: {sorted(missing)}")
        self._scores = dict(scores)
        self._longest = max(map(len, scores))

    def split(self, folded: str) -> list[str]:
        """Split a folded word (see `spelling.words`); its pieces joined are the word again."""
        size = len(folded)
        best = [0.0] + [-math.inf] * size
        starts = [0] * (size + 1)
        scores = self._scores
        for start in range(size):
            here = best[start]
            for end in range(start + 1, min(size, start + self._longest) + 1):
                score = scores.get(folded[start:end])
                if score is not None and here + score > best[end]:
                    best[end] = here + score
                    starts[end] = start
        pieces: list[str] = []
        while size:
            pieces.append(folded[starts[size] : size])
            size = starts[size]
        return pieces[::-1]


class Table:
    """Rows for words, then for pieces; one instance serves all texts (see `table()`).

    Parameters
    ----------
    rows, scales
        A row's numbers are int8 times its scale; shapes (words + pieces, d) and (words + pieces,).
    words, pieces
        What the rows stand for, in order; pieces with their log-probabilities.
    """

    def __init__(
        self,
        rows: npt.NDArray[np.int8],
        scales: npt.NDArray[np.float16],
        *,
        words: Sequence[str],
        pieces: Mapping[str, float],
    ) -> None:
        if not len(rows) == len(scales) == len(words) + len(pieces):
            raise ValueError("A table needs one row and one scale for each word and each piece.")
        self._rows = rows
        self._scales = scales.astype(np.float32)
        self._word_rows = {word: row for row, word in enumerate(words)}
        self._piece_rows = {piece: row for row, piece in enumerate(pieces, start=len(words))}
        self._pieces = Pieces(pieces)
        self._features: dict[str, tuple[list[int], list[float]]] = {}

    @classmethod
    def load(cls, path: Path | Traversable) -> Table:
        """Read a table that `training/language_table.py export` has written."""
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            words, pieces = (
                stored[name].tobytes().decode("ascii").split() for name in ("words", "pieces")
            )
            scores = dict(zip(pieces, stored["piece_scores"].tolist(), strict=True))
            return cls(stored["rows"], stored["scales"], words=words, pieces=scores)

    @property
    def dimensions(self) -> int:
        return int(self._rows.shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Turn texts into vectors, so that their dot products are cosines.

        Parameters
        ----------
        texts
            German or English, best a title, a tag or a sentence: in a long text rare terms drown.

        Returns
        -------
        Shape (texts, d), rows of unit length; a text without words is a row of zeros. A text's
        vector does not depend on the other texts.
        """
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            end = start + _TEXTS_AT_ONCE
            self._encode_into(vectors[start:end], texts[start:end])
        return vectors

    def _encode_into(self, vectors: Vectors, texts: Sequence[str]) -> None:
        places: dict[str, int] = {}
        occurrences: list[int] = []
        starts: list[int] = []
        filled: list[int] = []
        for row, text in enumerate(texts):
            if found := words(text):
                filled.append(row)
                starts.append(len(occurrences))
                occurrences += [places.setdefault(word, len(places)) for word in found]
        if not filled:
            return
        sums = np.add.reduceat(self._word_vectors(places)[occurrences], starts, axis=0)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors[filled] = np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)

    def _word_vectors(self, folded: Mapping[str, int]) -> Vectors:
        rows: list[int] = []
        weights: list[float] = []
        starts: list[int] = []
        for word in folded:
            starts.append(len(rows))
            word_rows, word_weights = self._features_of(word)
            rows += word_rows
            weights += word_weights
        factors = self._scales[rows] * np.array(weights, dtype=np.float32)
        return np.add.reduceat(self._rows[rows] * factors[:, None], starts, axis=0)

    def _features_of(self, word: str) -> tuple[list[int], list[float]]:
        """Return the rows a word is made of and their weights."""
        known = self._features.get(word)
        if known is None:
            if len(self._features) >= _MOST_WORDS:
                self._features.clear()
            known = self._features[word] = self._find_features(word)
        return known

    def _find_features(self, word: str) -> tuple[list[int], list[float]]:
        rows = [self._piece_rows[piece] for piece in self._pieces.split(word[:_LONGEST_WORD])]
        weight = 1.0 / math.sqrt(len(rows))
        if word not in self._word_rows:
            return rows, [weight] * len(rows)
        return [self._word_rows[word], *rows], [1.0] + [PIECES_OF_KNOWN * weight] * len(rows)


@cache
def table() -> Table:
    """Return the shipped table, read on first use."""
    return Table.load(resources.files("verbund.language").joinpath("data/table.npz"))


def encode(texts: Sequence[str]) -> Vectors:
    """Turn texts into vectors with the shipped table (see `Table.encode`)."""
    return table().encode(texts)
