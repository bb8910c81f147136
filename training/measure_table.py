"""Measure a language table on what it was not trained on (see training/README.md).

python training/measure_table.py --data DIR --cordis DIR --work DIR [--table FILE ...]
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from features import with_typo
from language_table import exam
from material import PROBES, SHIPPED, SOURCES, Corpus, in_order, read_table
from teacher import Taught

from verbund.language.table import Table

Floats = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]
SEED = 7
MOST_SENTENCES = 1_200


def ranks(encode: Encode, questions: Sequence[str], answers: Sequence[str]) -> Floats:
    """Return at which place each question finds the answer of the same position, from 1.

    More answers than questions may be given: the rest are only in the way.
    """
    scores = encode(questions) @ encode(answers).T
    return np.asarray((scores >= scores.diagonal()[:, None]).sum(axis=1), dtype=np.float32)


def first(encode: Encode, left: Sequence[str], right: Sequence[str]) -> float:
    """Return how often the right text comes first, in per cent, mean of both directions."""
    return 50 * float(
        (ranks(encode, left, right) == 1).mean() + (ranks(encode, right, left) == 1).mean()
    )


def reciprocal(found: Floats, depth: int = 10) -> float:
    return 100 * float(np.where(found <= depth, 1 / found, 0).mean())


def needs(encode: Encode) -> Iterator[tuple[str, float]]:
    """Yield the mean reciprocal rank of offers by the languages of need and offer."""
    rows = read_csv("needs.csv")
    for wanted in ("de en", "en de", "de de", "en en"):
        asks, answers = wanted.split()
        pairs = [row for row in rows if (row["need_in"], row["offer_in"]) == (asks, answers)]
        others = [r["offer"] for r in rows if r["offer_in"] == answers and r["need_in"] != asks]
        found = ranks(encode, [p["need"] for p in pairs], [p["offer"] for p in pairs] + others)
        yield (
            f"needs {asks}-{answers} MRR@10 ({len(pairs)} in {len(pairs) + len(others)})",
            (reciprocal(found)),
        )


def labels(encode: Encode) -> Iterator[tuple[str, float]]:
    """Yield how labels find their translations, also when the longest word is misspelt."""
    rows = read_csv("labels.csv")
    german, english = ([row[language] for row in rows] for language in ("de", "en"))
    yield f"labels first ({len(rows)})", first(encode, german, english)
    rng = np.random.default_rng(SEED)
    wrong = [
        text.replace(word := max(text.split(), key=len), with_typo(word, rng)) for text in german
    ]
    yield "misspelt labels first", 100 * float((ranks(encode, wrong, english) == 1).mean())


def abbreviations(encode: Encode) -> Iterator[tuple[str, float]]:
    with (SHIPPED / "abbreviations.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = ranks(encode, [r["short"] for r in rows], [r["en"].split(" | ")[0] for r in rows])
    yield f"abbreviations first ({len(rows)})", 100 * float((found == 1).mean())


def read_csv(name: str) -> list[dict[str, str]]:
    with (PROBES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def held_out(encode: Encode, corpus: Corpus) -> Iterator[tuple[str, float]]:
    """Yield how held-out pairs of each source find each other."""
    shares = []
    for source in SOURCES:
        pairs = exam(pair for pair in corpus.held_out if pair.source == source)
        if len(pairs) >= 20:
            texts, english = [p.text for p in pairs], [p.english for p in pairs]
            shares.append(first(encode, texts, english))
            yield f"held out {source} ({len(pairs)})", shares[-1]
    yield "held out, mean", float(np.mean(shares))


def likeness(encode: Encode, corpus: Corpus, data: Path, work: Path) -> Iterator[tuple[str, float]]:
    """Yield the rank correlation of cosines with the teacher's of the English texts."""
    xquad = [pair.texts for pair in read_table(data / "xquad_de_en.tsv.gz")]
    by_source = {
        source: [p.texts for p in exam(p for p in corpus.held_out if p.source == source)]
        for source in ("libreoffice_help_de_en", "ding_de_en")
    }
    sentences = [(s, s) for p in corpus.held_out_projects for s in p.sentences]
    sets = {"xquad": xquad, **by_source, "cordis": sentences}
    sets = {name: pairs[:MOST_SENTENCES] for name, pairs in sets.items()}
    taught = Taught(work / "taught")
    taught.learn(in_order(english for pairs in sets.values() for _, english in pairs))
    rows = {text: row for row, text in enumerate(taught.texts())}
    vectors = taught.vectors()
    for name, pairs in sets.items():
        english = [pair[1] for pair in pairs]
        teacher = vectors[[rows[text] for text in english]].astype(np.float32)
        left, right = chosen_pairs(teacher)
        truth = cosines(teacher[left], teacher[right])
        ours = {"en": encode(english), "de": encode([pair[0] for pair in pairs])}
        for one, other in (("en", "en"), ("de", "de"), ("de", "en")):
            if name != "cordis" or one == "en":
                found = spearman(cosines(ours[one][left], ours[other][right]), truth)
                yield f"likeness {name} {one}-{other}", 100 * found


def chosen_pairs(teacher: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pair each text with two of its nearest, three of its nearer ones and two of any."""
    rng = np.random.default_rng(SEED)
    size = len(teacher)
    order = np.argsort(-(teacher @ teacher.T), axis=1, kind="stable")
    places = [
        np.concatenate(
            [rng.integers(1, 6, 2), rng.integers(6, size // 6, 3), rng.integers(1, size, 2)]
        )
        for _ in range(size)
    ]
    left = np.repeat(np.arange(size), 7)
    return left, order[left, np.concatenate(places)]


def cosines(left: Floats, right: Floats) -> Floats:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray((left * right).sum(axis=1) / np.maximum(lengths, 1e-9), dtype=np.float32)


def spearman(one: Floats, other: Floats) -> float:
    return float(np.corrcoef(_places(one), _places(other))[0, 1].item())


def _places(values: Floats) -> npt.NDArray[np.float64]:
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return order.astype(np.float64)


def thresholds(encode: Encode) -> Iterator[tuple[str, float]]:
    """Yield median cosines, for those who draw lines: strangers and pairs of need and offer."""
    rows = read_csv("needs.csv")
    asked, offered = encode([r["need"] for r in rows]), encode([r["offer"] for r in rows])
    scores = asked @ offered.T
    strangers = scores[~np.eye(len(rows), dtype=bool)]
    yield "cosine of strangers, median", 100 * float(np.median(strangers))
    yield "cosine of strangers, 95 %", 100 * float(np.quantile(strangers, 0.95))
    yield "cosine of need and offer, median", 100 * float(np.median(scores.diagonal()))
    yield "cosine of need and offer, 10 %", 100 * float(np.quantile(scores.diagonal(), 0.1))


def measures(encode: Encode, corpus: Corpus, data: Path, work: Path) -> Iterator[tuple[str, float]]:
    yield from held_out(encode, corpus)
    yield from labels(encode)
    yield from needs(encode)
    yield from abbreviations(encode)
    yield from likeness(encode, corpus, data, work)
    yield from thresholds(encode)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cordis", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--table", type=Path, nargs="+", default=[SHIPPED / "table.npz"])
    options = parser.parse_args()
    corpus = Corpus(options.data, options.cordis)
    columns = [
        dict(measures(Table.load(path).encode, corpus, options.data, options.work))
        for path in options.table
    ]
    for name in columns[0]:
        sys.stdout.write(name.ljust(55) + "".join(f" {c[name]:6.1f}" for c in columns) + "\n")


if __name__ == "__main__":
    main()
