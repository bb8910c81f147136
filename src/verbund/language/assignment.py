"""What texts are about: concepts of a vocabulary with a confidence, and an honest "not sure".

A concept's names and the phrases that describe it are examples of what is said about it. What
speaks for a concept is a name that stands in the text, how near the nearest of its examples is to
the text in meaning (see `table`), and how far behind the nearest of all concepts that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import unescape

import numpy as np
import numpy.typing as npt

from verbund.language.table import Vectors, encode
from verbund.language.vocabulary import Concept, Vocabulary, vocabulary

SURE = 0.35  # confidence from which a text is said to be about a concept
NOT_SURE = 0.1  # from which a concept is worth a question to a person

# One word of a name, several words of it, nearness of meaning, distance behind the nearest concept,
# and the weight of nothing at all: fitted by `benchmarks/vocabulary.py --fit`.
WEIGHTS = (2.2, 3.4, 9.1, 5.3, -6.2)

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_TELLING = re.compile(r"[^\W\d_]{3}")  # units and single letters are near to anything
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_LONGEST_PIECE = 600  # letters; in a longer one everything is near to everything
_MOST_PIECES = 100
_READ = _LONGEST_PIECE * _MOST_PIECES
_AT_ONCE = 256
_NAMED = 0.6  # confidence of a mention that counts


@dataclass(frozen=True, slots=True)
class Assignment:
    """Concept id -> confidence in (0, 1], of what a text is about.

    `sure` is what may be counted and filtered by; `unsure` is proposed, for a person to decide.
    """

    sure: Mapping[str, float] = field(default_factory=dict)
    unsure: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_unsure(self) -> bool:
        """Something is proposed, nothing is sure."""
        return bool(self.unsure) and not self.sure


def assign(texts: Sequence[str], known: Vocabulary) -> list[Assignment]:
    """Tell what texts are about, named or not; where words count as written see `Vocabulary.find`.

    A wider concept is left out beside a narrower one that is as sure. A long text counts sentence
    by sentence, and only its beginning is read.

    Parameters
    ----------
    texts
        German or English; many at once are faster than one after the other.

    Examples
    --------
    >>> from verbund.language.vocabulary import vocabulary
    >>> [found] = assign(["Wir prüfen Schweißnähte mit Kameras."], vocabulary())
    >>> sorted(found.sure, key=found.sure.get)[-1]
    'weld-inspection'
    """
    pieces: dict[str, int] = {}
    places = [[pieces.setdefault(p, len(pieces)) for p in _pieces(text)] for text in texts]
    found = list(_confidences(list(pieces), known))
    return [_merged((found[place] for place in own), known) for own in places]


def _pieces(text: str) -> list[str]:
    plain = _MARKUP.sub(" ", unescape(text[:_READ]))
    sentences = (piece.strip() for piece in _SENTENCE_END.split(plain))
    return [piece[:_LONGEST_PIECE] for piece in sentences if piece][:_MOST_PIECES]


def _confidences(pieces: Sequence[str], known: Vocabulary) -> Iterator[dict[str, float]]:
    ids = list(known.concepts)
    *weights, bias = WEIGHTS
    for start in range(0, len(pieces), _AT_ONCE):
        signs = signs_of(pieces[start : start + _AT_ONCE], known)
        odds = signs @ np.array(weights, dtype=np.float32) + bias
        for row in 1 / (1 + np.exp(-odds)):
            yield {ids[at]: round(float(row[at]), 3) for at in np.flatnonzero(row >= NOT_SURE)}


def signs_of(pieces: Sequence[str], known: Vocabulary) -> npt.NDArray[np.float32]:
    """Measure what speaks for each concept, in the order of `WEIGHTS`.

    Returns
    -------
    Shape (pieces, concepts, 4).
    """
    place = {id_: at for at, id_ in enumerate(known.concepts)}
    signs = np.zeros((len(pieces), len(place), 4), dtype=np.float32)
    if not place:
        return signs
    signs[..., 2] = _examples(known).nearness(encode(pieces))
    for row, piece in enumerate(pieces):
        for id_, mention in known.mentions(piece).items():
            if mention.confidence >= _NAMED:
                signs[row, place[id_], int(mention.words > 1)] = 1.0
        if not _TELLING.search(piece) and not signs[row, :, :2].any():
            signs[row, :, 2] = -1.0
    signs[..., 3] = signs[..., 2] - signs[..., 2].max(axis=1, keepdims=True)
    return signs


def _merged(found: Iterable[Mapping[str, float]], known: Vocabulary) -> Assignment:
    best: dict[str, float] = {}
    for one in found:
        for id_, confidence in one.items():
            best[id_] = max(confidence, best.get(id_, 0.0))
    kept = {id_: best[id_] for id_ in best.keys() - _wider(best, known)}
    ranked = sorted(kept.items(), key=lambda pair: (-pair[1], pair[0]))
    return Assignment(
        {id_: confidence for id_, confidence in ranked if confidence >= SURE},
        {id_: confidence for id_, confidence in ranked if confidence < SURE},
    )


def _wider(best: Mapping[str, float], known: Vocabulary) -> set[str]:
    """Collect concepts of which a narrower one is as sure."""
    wider = set()
    for id_, confidence in best.items():
        at = known.concepts[id_].broader
        while at:
            if best.get(at, 2.0) <= confidence:
                wider.add(at)
            at = known.concepts[at].broader
    return wider


class _Examples:
    """Vectors of all names and phrases of a vocabulary, without what texts have in common."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        said = [_said_about(concept) for concept in concepts]
        self._vectors = _without_common(encode([example for own in said for example in own]))
        self._starts = np.cumsum([0, *map(len, said)])[:-1]

    def nearness(self, texts: Vectors) -> Vectors:
        """Return the cosine with the nearest example of each concept, shape (texts, concepts)."""
        cosines = _without_common(texts) @ self._vectors.T
        return np.asarray(np.maximum.reduceat(cosines, self._starts, axis=1), dtype=np.float32)


def _without_common(vectors: Vectors) -> Vectors:
    rest = vectors - _common()
    lengths = np.linalg.norm(rest, axis=1, keepdims=True)
    centred = np.divide(rest, lengths, out=np.zeros_like(rest), where=lengths > 0)
    return np.asarray(centred, dtype=np.float32)


@cache
def _common() -> Vectors:
    """Return what texts of both fields have in common, whatever vocabulary is in use."""
    names = [name for concept in vocabulary().concepts.values() for name in concept.names]
    return np.asarray(encode(names).mean(axis=0), dtype=np.float32)


def _said_about(concept: Concept) -> list[str]:
    abouts = [about for about in (concept.about_de, concept.about_en) if about]
    phrases = [phrase for about in abouts for phrase in about.split("; ")]
    return list(dict.fromkeys((*concept.names, *abouts, *phrases)))


@lru_cache(maxsize=2)
def _examples(known: Vocabulary) -> _Examples:
    return _Examples(known.concepts.values())
