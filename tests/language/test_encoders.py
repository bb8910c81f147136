"""One contract for every encoder: the shipped table, and a model of sentence-transformers."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Sequence
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pytest

import verbund.language
from verbund.errors import InvalidInput
from verbund.language import Encoder, encode, encoder
from verbund.language.spelling import words
from verbund.wording import message


class FakeModel:
    """Stands for a SentenceTransformer: a direction of its own for each word."""

    def __init__(self, name: str) -> None:
        if name == "nowhere/none":
            raise OSError("nowhere/none is no model")

    def get_sentence_embedding_dimension(self) -> int:
        return 64

    def encode(
        self, texts: Sequence[str], *, normalize_embeddings: bool, show_progress_bar: bool
    ) -> npt.NDArray[np.float64]:
        assert normalize_embeddings
        assert not show_progress_bar
        rows = np.array([sum(map(self._direction, words(text))) for text in texts])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))

    def _direction(self, word: str) -> npt.NDArray[np.float64]:
        return np.random.default_rng(zlib.crc32(word.encode())).normal(size=64)


@pytest.fixture
def sentence_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = FakeModel  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)


@pytest.fixture(params=["table", "some/model"])
def any_encoder(request: pytest.FixtureRequest, sentence_transformers: None) -> Encoder:
    return encoder(request.param)


def test_rows_are_of_unit_length_or_zero(any_encoder: Encoder) -> None:
    vectors = any_encoder.encode(["Laser", "", "We need a camera.", "–!?", "12 €", "🔆"])

    assert vectors.shape == (6, any_encoder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1, 0, 1, 0], atol=1e-5)


def test_no_texts_give_no_rows(any_encoder: Encoder) -> None:
    assert any_encoder.encode([]).shape == (0, any_encoder.dimensions)


def test_a_text_is_encoded_alike_alone_and_among_others(any_encoder: Encoder) -> None:
    texts = ["Laserreinigung von Formen", "", "hydrogen tanks for lorries"]

    together = any_encoder.encode(texts)
    alone = np.concatenate([any_encoder.encode([text]) for text in texts])

    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_a_text_is_nearest_to_itself(any_encoder: Encoder) -> None:
    texts = ["Laser", "Lagerhaltung", "tax return"]

    scores = any_encoder.encode(texts) @ any_encoder.encode(texts).T

    assert scores.argmax(axis=1).tolist() == [0, 1, 2]


def test_the_public_encode_is_the_tables() -> None:
    texts = ["Laser", "Lager"]

    assert np.array_equal(encode(texts), encoder("table").encode(texts))


def test_a_model_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    with pytest.raises(InvalidInput) as refused:
        encoder("some/model")

    assert 'pip install "verbund[encoders]"' in str(refused.value)
    assert "some/model" in message(refused.value, "de")


def test_an_unknown_model_is_named(sentence_transformers: None) -> None:
    with pytest.raises(InvalidInput, match="nowhere/none"):
        encoder("nowhere/none")


def test_there_are_no_other_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'decode'"):
        verbund.language.decode  # noqa: B018


def test_importing_the_package_loads_no_numpy() -> None:
    code = "import sys, verbund.language; print('numpy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603  # our own code

    assert done.stdout.split() == ["False"]
