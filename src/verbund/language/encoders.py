"""Encoders: what turns texts into vectors, by name.

The shipped table serves everywhere. Any model of sentence-transformers takes its place by its name
where the extra "encoders" is installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from verbund.language.spelling import words
from verbund.language.table import Vectors, table
from verbund.wording import refuse

TABLE = "table"


class Encoder(Protocol):
    """Turns texts into vectors.

    A row is of unit length, so that dot products are cosines, or of zeros for a text without
    letters or digits. It does not depend on the other texts.
    """

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class SentenceModel:
    """A model of sentence-transformers.

    Parameters
    ----------
    name
        A folder, or the name of a model that sentence-transformers finds or fetches.

    Raises
    ------
    InvalidInput
        The extra is not installed, or there is no such model.
    """

    def __init__(self, name: str) -> None:
        try:
            library = import_module("sentence_transformers")
        except ImportError as why:
            raise refuse("encoder.no_extra", name=name) from why
        try:
            self._model: Any = library.SentenceTransformer(name)
        except (OSError, ValueError) as why:
            raise refuse("encoder.unknown", name=name, why=str(why)) from why

    @property
    def dimensions(self) -> int:
        return int(self._model.get_sentence_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        filled = [row for row, text in enumerate(texts) if words(text)]
        if filled:
            found = self._model.encode(
                [texts[row] for row in filled], normalize_embeddings=True, show_progress_bar=False
            )
            vectors[filled] = np.asarray(found, dtype=np.float32)
        return vectors


def encoder(name: str = TABLE) -> Encoder:
    """Return the encoder of a name: "table", or a model of sentence-transformers.

    Examples
    --------
    >>> encoder("table").dimensions
    256
    """
    return table() if name == TABLE else SentenceModel(name)
