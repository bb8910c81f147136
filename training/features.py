"""Texts as the rows of the table they are made of, for the training, with noise on demand."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import torch

from verbund.language.spelling import words
from verbund.language.table import PIECES_OF_KNOWN, Pieces

Ints = npt.NDArray[np.int64]
log = logging.getLogger(__name__)

SEED = 20240
LONGEST_TEXT = 80  # words
WORD_DROPOUT = 0.3
TYPO_RATE, TYPO_SHORTEST = 0.08, 6


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of different lengths behind each other: list i is values[starts[i]:starts[i + 1]]."""

    values: Ints
    starts: Ints

    @classmethod
    def of(cls, lists: Iterable[Sequence[int]]) -> Ragged:
        rows = list(lists)
        starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        return cls(np.fromiter(chain.from_iterable(rows), np.int64, int(starts[-1])), starts)

    def take(self, chosen: Ints) -> tuple[Ints, Ints]:
        """Return the chosen lists' values, and for each value the place of its list in `chosen`."""
        lengths = self.starts[chosen + 1] - self.starts[chosen]
        owners = np.repeat(np.arange(len(chosen)), lengths)
        ends = np.cumsum(lengths)
        within = np.arange(len(owners)) - np.repeat(ends - lengths, lengths)
        return self.values[self.starts[chosen][owners] + within], owners


class Features:
    """The table's rows for texts, as `verbund.language.table` finds them, with noise on demand."""

    def __init__(self, texts: Sequence[str], frequent: Sequence[str], scores: dict[str, float]):
        self.rows = len(frequent) + len(scores)
        self._word_rows = {word: row for row, word in enumerate(frequent)}
        self._piece_rows = {piece: row for row, piece in enumerate(scores, start=len(frequent))}
        self._pieces = Pieces(scores)
        types: dict[str, int] = {}
        self._texts = Ragged.of(
            [types.setdefault(word, len(types)) for word in words(text)[:LONGEST_TEXT]]
            for text in texts
        )
        known = [*types]
        self._typos, misspelt = self._misspell(known)
        every = [*known, *misspelt]
        self._split = Ragged.of([self._piece_rows[p] for p in self._pieces.split(w)] for w in every)
        self._known = np.array([self._word_rows.get(word, -1) for word in every])
        log.info("%d texts, %d distinct words, %d misspelt", len(texts), len(known), len(misspelt))

    def _misspell(self, known: Sequence[str]) -> tuple[Ints, list[str]]:
        """Give each longer word a misspelt one; returns its place (or its own) by word."""
        rng = np.random.default_rng(SEED)
        places = np.arange(len(known))
        misspelt: list[str] = []
        for place, word in enumerate(known):
            if len(word) >= TYPO_SHORTEST and word.isalpha():
                wrong = with_typo(word, rng)
                if wrong not in self._word_rows:
                    places[place] = len(known) + len(misspelt)
                    misspelt.append(wrong)
        return places, misspelt

    def bags(
        self, texts: Ints, rng: np.random.Generator | None = None
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return rows, offsets and weights of texts; with `rng`, some words misspelt or dropped."""
        types, owners = self._texts.take(texts)
        hidden = np.zeros(len(types), dtype=bool)
        if rng:
            types = np.where(rng.random(len(types)) < TYPO_RATE, self._typos[types], types)
            hidden = rng.random(len(types)) < WORD_DROPOUT
        word_rows = np.where(hidden, -1, self._known[types])
        known = word_rows >= 0
        pieces, of_word = self._split.take(types)
        numbers = np.bincount(of_word, minlength=len(types))
        factors = np.where(known, PIECES_OF_KNOWN, 1.0) / np.sqrt(np.maximum(numbers, 1))
        rows = np.concatenate([word_rows[known], pieces])
        weights = np.concatenate([np.ones(int(known.sum())), factors[of_word]])
        text_of_row = np.concatenate([owners[known], owners[of_word]])
        order = np.argsort(text_of_row, kind="stable")
        sizes = np.bincount(text_of_row, minlength=len(texts))
        offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        return (
            torch.from_numpy(rows[order]),
            torch.from_numpy(offsets),
            torch.from_numpy(weights[order].astype(np.float32)),
        )


def with_typo(word: str, rng: np.random.Generator) -> str:
    """Drop, double or swap a letter behind the first."""
    place = int(rng.integers(1, len(word) - 1))
    before, here, after, rest = word[:place], word[place], word[place + 1], word[place + 2 :]
    return before + (after, here + here + after, after + here)[int(rng.integers(3))] + rest
