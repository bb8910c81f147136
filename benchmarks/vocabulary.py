r"""Measure how well texts are assigned to the vocabulary, on probes written for it.

    python benchmarks/vocabulary.py [--fit]

The probes name one to three right concepts of each text, and what might be said as well: that and
wider concepts of right ones count neither as right nor as wrong. A hash of the text puts half of
the probes into `dev`, by which weights, lines and synonyms were chosen, the others into `test`. The
texts of `others` come from member lists of logistics and IT that somebody else has written.
With --fit weights and the sure line of `verbund.language.assignment` are fitted on dev and printed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from verbund.language.assignment import Assignment, assign, signs_of
from verbund.language.vocabulary import Vocabulary, vocabulary

PROBES = Path(__file__).parents[1] / "tests/language/probes"
OWN, OTHERS = "concepts.csv", "concepts_others.csv"
_NAMED = 0.6
_FOLDS, _RIDGE = 5, 1.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Probe:
    """A text, the concepts it is about and those that may be said of it too."""

    kind: str
    language: str
    text: str
    right: frozenset[str]
    allowed: frozenset[str]

    @property
    def part(self) -> str:
        return "dev" if hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0 else "test"


@dataclass(frozen=True)
class Figures:
    """Precision and recall over all pairs of text and concept, and what was left open."""

    texts: int
    precision: float
    recall: float
    f1: float
    not_sure: float  # share of texts with proposals only
    proposed: float  # recall of what is sure or proposed
    strange: float  # share of texts of other fields that get a concept all the same


def read_probes(name: str, known: Vocabulary) -> list[Probe]:
    with (PROBES / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [_probe(row, known) for row in rows]


def _probe(row: Mapping[str, str], known: Vocabulary) -> Probe:
    right = frozenset(row["concepts"].split())
    wider = frozenset(wide for id_ in right for wide in _wider(id_, known))
    allowed = (wider | frozenset(row["also"].split())) - right
    return Probe(row["kind"], row["language"], row["text"], right, allowed)


def _wider(id_: str, known: Vocabulary) -> Iterator[str]:
    while id_ := known.concepts[id_].broader:
        yield id_


# ---------------------------------------------------------------- methods

Method = Callable[[Sequence[str], Vocabulary], list[Assignment]]


def by_names(texts: Sequence[str], known: Vocabulary) -> list[Assignment]:
    """Concepts whose names stand in the text, nothing else."""
    found = (known.find(text) for text in texts)
    return [Assignment({id_: c for id_, c in one.items() if c >= _NAMED}) for one in found]


METHODS: dict[str, Method] = {"names": by_names, "assign": assign}


def measure(probes: Collection[Probe], found: Collection[Assignment]) -> Figures:
    """Compare what was found with what is right."""
    hits = wrong = missed = proposed = unsure = strange = strangers = 0
    for probe, one in zip(probes, found, strict=True):
        sure = set(one.sure)
        hits += len(sure & probe.right)
        wrong += len(sure - probe.right - probe.allowed)
        missed += len(probe.right - sure)
        proposed += len(probe.right & (sure | set(one.unsure)))
        unsure += one.is_unsure
        strangers += not probe.right
        strange += not probe.right and bool(sure)
    precision, recall = hits / max(hits + wrong, 1), hits / max(hits + missed, 1)
    return Figures(
        texts=len(probes),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / max(precision + recall, 1e-9),
        not_sure=unsure / max(len(probes), 1),
        proposed=proposed / max(hits + missed, 1),
        strange=strange / max(strangers, 1),
    )


# ---------------------------------------------------------------- fitting


def fit(probes: Sequence[Probe], known: Vocabulary) -> tuple[Floats, float]:
    """Fit weights and the sure line on probes; the line by predictions for folds not seen."""
    ids = list(known.concepts)
    signs = signs_of([probe.text for probe in probes], known).astype(np.float64)
    signs = np.concatenate([signs, np.ones((*signs.shape[:2], 1))], axis=2)
    right = np.array([[id_ in probe.right for id_ in ids] for probe in probes], dtype=np.float64)
    counts = np.array([[id_ not in probe.allowed for id_ in ids] for probe in probes])
    guessed = np.zeros_like(right)
    folds = np.arange(len(probes)) % _FOLDS
    for fold in range(_FOLDS):
        seen = folds != fold
        weights = logistic(signs[seen][counts[seen]], right[seen][counts[seen]])
        guessed[~seen] = 1 / (1 + np.exp(-signs[~seen] @ weights))
    line = best_line(guessed[counts], right[counts])
    return logistic(signs[counts], right[counts]), line


def best_line(guessed: Floats, right: Floats) -> float:
    """Choose the line of the best F0.5: a wrong count costs more than a missing one."""
    order = np.argsort(-guessed, kind="stable")
    hits = np.cumsum(right[order])
    places = np.arange(1, len(order) + 1)
    return float(guessed[order][np.argmax(1.25 * hits / (places + 0.25 * right.sum()))])


def logistic(signs: Floats, right: Floats) -> Floats:
    """Logistic regression with a little shrinkage, by damped Newton steps."""
    weights = np.zeros(signs.shape[1])
    weights[-1] = np.log(right.mean() / (1 - right.mean()))
    shrink = np.diag([_RIDGE] * (len(weights) - 1) + [0.0])

    def loss(tried: Floats) -> float:
        odds = signs @ tried
        return float(np.logaddexp(0, odds).sum() - right @ odds + tried @ shrink @ tried / 2)

    for _ in range(100):
        chance = 1 / (1 + np.exp(-signs @ weights))
        slope = signs.T @ (right - chance) - shrink @ weights
        curve = (signs * (chance * (1 - chance))[:, None]).T @ signs + shrink
        step = np.linalg.solve(curve, slope)
        while loss(weights + step) > loss(weights) and np.abs(step).max() > 1e-9:
            step /= 2
        weights = weights + step
        if np.abs(step).max() < 1e-6:
            break
    return weights


# ---------------------------------------------------------------- tables


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true", help="fit weights and lines on dev")
    known = vocabulary()
    probes, others = (read_probes(name, known) for name in (OWN, OTHERS))
    if parser.parse_args().fit:
        weights, sure = fit([p for p in probes if p.part == "dev"], known)
        print(f"SURE = {sure:.2f}")
        print(f"WEIGHTS = ({', '.join(f'{weight:.1f}' for weight in weights)})")
        return
    print("| part | texts | method | precision | recall | F1 | not sure | proposed | strangers |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, chosen in (*groups(probes), ("others", others)):
        for method, find in METHODS.items():
            found = measure(chosen, find([probe.text for probe in chosen], known))
            print(
                f"| {name} | {found.texts} | {method} | {found.precision:.2f} | {found.recall:.2f}"
                f" | {found.f1:.2f} | {found.not_sure:.0%} | {found.proposed:.2f}"
                f" | {found.strange:.0%} |"
            )


def groups(probes: Sequence[Probe]) -> Iterator[tuple[str, list[Probe]]]:
    for part in ("dev", "test"):
        of_part = [probe for probe in probes if probe.part == part]
        yield part, of_part
        for language in ("de", "en"):
            yield f"{part}, {language}", [p for p in of_part if p.language == language]
        for kind in sorted({probe.kind for probe in probes}):
            yield f"{part}, {kind}s", [p for p in of_part if p.kind == kind]


if __name__ == "__main__":
    main()
