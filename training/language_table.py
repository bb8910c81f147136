"""Train the table of German and English words that Verbund ships (see training/README.md).

    python training/language_table.py all --data DIR --cordis DIR --work DIR

Both languages learn the vectors that an English sentence encoder (the teacher) gives to the English
half of a pair. Each step writes files into the work folder and is skipped when they are there.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from features import LONGEST_TEXT, Features, Ints
from material import SHIPPED, Corpus, Pair, own_pairs, plain
from teacher import DIMENSIONS, Taught, reduced, slices
from tokenizers import Tokenizer, models, trainers
from torch.nn import functional

from verbund.language.spelling import words

log = logging.getLogger("language_table")

SEED = 20240
WORDS, PIECES, LONGEST_PIECE = 76_000, 32_000, 14
STEPS, BATCH, RATE, TEMPERATURE = 9_000, 512, 0.004, 0.05
STRUCTURE, NEIGHBOURS = 2.0, 0.1  # weight and temperature of what the teacher finds alike
START_PAIRS = 300_000
ALIKE = 0.9  # teacher cosine above which another text of the batch is no wrong answer
SAVED_EVERY = 1_000  # steps
LEVELS = 31  # a number of a row is rounded to -31 ... 31: small in a file, as good as finer steps


# Step 1: what the teacher says


def teach(corpus: Corpus, work: Path) -> None:
    """Write the teacher's vectors of all English texts, reduced by PCA, as targets.npy."""
    taught = Taught(work / "taught")
    taught.learn(corpus.english)
    (work / "english.txt").write_text("\n".join(taught.texts()), encoding="utf-8")
    np.save(work / "targets.npy", reduced(taught.vectors()))


# Step 2: words and pieces


def choose_vocabulary(corpus: Corpus, work: Path) -> None:
    """Write the frequent words and the pieces (words.txt, pieces.tsv)."""
    texts = {text for pair in corpus.pairs for text in pair.texts}
    counts = Counter(word for text in sorted(texts) for word in words(text)[:LONGEST_TEXT])
    own = {word for pair in own_pairs() for text in pair.texts for word in words(text)}
    known = [word for word, count in counts.items() if count > 2 or word in own]
    frequent = sorted(known, key=lambda word: (word not in own, -counts[word], word))[:WORDS]
    log.info("%d distinct words, the rarest chosen %d times", len(counts), counts[frequent[-1]])
    model = Tokenizer(models.Unigram())
    model.train_from_iterator(_repeated(counts), _piece_trainer())
    scores = _scores(model)
    lines = [f"{piece}\t{score:.4f}" for piece, score in scores.items()]
    (work / "pieces.tsv").write_text("\n".join(lines), encoding="ascii")
    (work / "words.txt").write_text("\n".join(frequent), encoding="ascii")
    log.info("%d words, %d pieces", len(frequent), len(scores))


def _repeated(counts: Counter[str]) -> Iterator[str]:
    """Repeat word types by the logarithm of their counts, so that rare compounds have a say."""
    for word, count in sorted(counts.items()):
        yield from [word] * (int(math.log2(count)) + 1)


def _piece_trainer() -> Any:
    return trainers.UnigramTrainer(
        vocab_size=PIECES + 1,
        max_piece_length=LONGEST_PIECE,
        unk_token="<unk>",  # noqa: S106  # a name of the trainer's, no secret
        special_tokens=["<unk>"],
        initial_alphabet=list("abcdefghijklmnopqrstuvwxyz0123456789"),
        show_progress=False,
    )


def _scores(model: Tokenizer) -> dict[str, float]:
    vocabulary = json.loads(model.to_str())["model"]["vocab"]
    return {piece: score for piece, score in vocabulary if piece != "<unk>"}


def read_vocabulary(work: Path) -> tuple[list[str], dict[str, float]]:
    lines = (work / "pieces.tsv").read_text(encoding="ascii").splitlines()
    scores = {piece: float(score) for piece, score in (line.split("\t") for line in lines)}
    return (work / "words.txt").read_text(encoding="ascii").splitlines(), scores


# Step 3: training


@dataclass(frozen=True, slots=True)
class Lesson:
    """Pairs as places of texts among the features and of targets; `edges` are summed weights."""

    texts: Ints
    english: Ints
    targets: Ints
    edges: npt.NDArray[np.float64]

    def draw(self, number: int, rng: np.random.Generator) -> Ints:
        drawn = rng.random(number) * self.edges[-1]
        places: Ints = np.searchsorted(self.edges, drawn, side="right")
        return places


class Course:
    """All that the training needs: features, targets, pairs."""

    def __init__(self, corpus: Corpus, work: Path) -> None:
        frequent, scores = read_vocabulary(work)
        taught = (work / "english.txt").read_text(encoding="utf-8").split("\n")
        rows = {text: row for row, text in enumerate(taught)}
        if missing := set(corpus.english) - rows.keys():
            log.warning("%d texts are new since the teacher ran and are left out", len(missing))
        learned = [pair for pair in corpus.pairs if pair.english in rows]
        held_out = [pair for pair in corpus.held_out if pair.english in rows]
        texts = dict.fromkeys(chain.from_iterable(p.texts for p in (*learned, *held_out)))
        places = {text: place for place, text in enumerate(texts)}
        self.features = Features([*texts], frequent, scores)
        self.targets = np.load(work / "targets.npy")

        def lesson(chosen: Sequence[Pair]) -> Lesson:
            return Lesson(
                np.array([places[pair.text] for pair in chosen]),
                np.array([places[pair.english] for pair in chosen]),
                np.array([rows[pair.english] for pair in chosen]),
                np.cumsum([pair.weight for pair in chosen]),
            )

        self.lesson = lesson(learned)
        self.exams = {
            source: lesson(exam(p for p in held_out if p.source == source))
            for source in ("esco_skills_de_en", "esco_de_label_en_description", "ding_de_en")
        }

    def target(self, rows: Ints) -> torch.Tensor:
        return torch.from_numpy(self.targets[rows].astype(np.float32))


def exam(pairs: Iterable[Pair]) -> list[Pair]:
    """Choose pairs of which no two share a text, so that there is one right answer."""
    first: dict[str, Pair] = {plain(pair.text): pair for pair in pairs}
    second: dict[str, Pair] = {plain(pair.english): pair for pair in first.values()}
    return [*second.values()][:1_000]


def train(corpus: Corpus, work: Path) -> None:
    """Write the trained rows as rows.npy; a run that was stopped goes on where it was saved."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    course = Course(corpus, work)
    saved = work / "training.pt"
    if saved.exists():
        rows, rng = torch.load(saved, weights_only=False)
    else:
        rows = Rows(_starting_rows(course, rng))
    started = time.monotonic()
    while rows.steps < STEPS:
        rate = RATE * (1 - rows.steps / STEPS)
        chosen = course.lesson.draw(BATCH, rng)
        loss = _learn(course, rows, chosen, rng, rate)
        if rows.steps % 200 == 0:
            seconds = time.monotonic() - started
            marks = _marks(course, rows.values)
            log.info("step %d: loss %.3f, %.0f s; %s", rows.steps, loss, seconds, marks)
        if rows.steps % SAVED_EVERY == 0:
            partly = saved.with_suffix(".part")
            torch.save((rows, rng), partly)
            partly.replace(saved)
    np.save(work / "rows.npy", rows.values.numpy())
    saved.unlink(missing_ok=True)


class Rows:
    """The rows of the table while they learn; a step of Adam moves only the rows of its texts."""

    def __init__(self, values: torch.Tensor) -> None:
        self.values = values
        self.steps = 0
        self._means = torch.zeros_like(values)
        self._squares = torch.zeros_like(values)

    def move(self, touched: torch.Tensor, gradient: torch.Tensor, rate: float) -> None:
        """Move the touched rows (none twice) against their gradient."""
        self.steps += 1
        means = self._means[touched].lerp_(gradient, 0.1)
        squares = self._squares[touched].lerp_(gradient.square(), 0.001)
        self._means[touched], self._squares[touched] = means, squares
        rate *= math.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        self.values[touched] -= rate * means / squares.sqrt_().add_(1e-8)


def _learn(
    course: Course, rows: Rows, chosen: Ints, rng: np.random.Generator, rate: float
) -> float:
    """Learn from a batch of pairs; returns the loss."""
    lesson = course.lesson
    texts, english = lesson.texts[chosen], lesson.english[chosen]
    found, offsets, weights = course.features.bags(np.concatenate([texts, english]), rng)
    touched, places = torch.unique(found, return_inverse=True)
    few = rows.values[touched].requires_grad_()
    bags = functional.embedding_bag(places, few, offsets, mode="sum", per_sample_weights=weights)
    same = (texts[:, None] == texts) | (english[:, None] == english)
    ours, theirs = functional.normalize(bags, dim=1).split(len(chosen))
    target = course.target(lesson.targets[chosen])
    loss = _loss(ours, theirs, target, torch.from_numpy(same))
    (gradient,) = torch.autograd.grad(loss, few)
    rows.move(touched, gradient, rate)
    return float(loss.item())


def _starting_rows(course: Course, rng: np.random.Generator) -> torch.Tensor:
    """Start each row at the mean target of its texts, less what is common to all, plus noise."""
    lesson = course.lesson
    number = min(START_PAIRS, len(lesson.texts))
    chosen = rng.choice(len(lesson.texts), number, replace=False)
    centre = course.target(lesson.targets[chosen]).mean(0)
    sums = torch.zeros(course.features.rows, DIMENSIONS)
    counts = torch.zeros(course.features.rows)
    for part in slices(number, 20_000):
        pairs = chosen[part]
        target = course.target(lesson.targets[pairs]) - centre
        for texts in (lesson.texts[pairs], lesson.english[pairs]):
            rows, offsets, _ = course.features.bags(texts)
            sizes = torch.diff(offsets, append=torch.tensor([len(rows)]))
            sums.index_add_(0, rows, target.repeat_interleave(sizes, dim=0))
            counts += torch.bincount(rows, minlength=len(counts))
    noise = torch.randn(sums.shape) * 0.3 / math.sqrt(DIMENSIONS)
    return sums / counts.clamp(min=1).unsqueeze(1) + noise


def _loss(
    texts: torch.Tensor, english: torch.Tensor, target: torch.Tensor, same: torch.Tensor
) -> torch.Tensor:
    """Add up what is wrong with the vectors of a batch.

    Each is to find its own target and its partner among those of the batch, to lie close to the
    target, and to find alike what the teacher finds alike.
    """
    alike = target @ target.T
    oneself = torch.eye(len(target), dtype=torch.bool)
    right = (same | (alike > ALIKE)) & ~oneself
    answers = torch.arange(len(target))
    neighbours = (alike / NEIGHBOURS).masked_fill(oneself, -math.inf).softmax(1)

    def contrast(cosines: torch.Tensor) -> torch.Tensor:
        scores = (cosines / TEMPERATURE).masked_fill(right, -math.inf)
        return functional.cross_entropy(scores, answers)

    def distance(these: torch.Tensor) -> torch.Tensor:
        return 1 - (these * target).sum(1).mean()

    def structure(cosines: torch.Tensor) -> torch.Tensor:
        scores = (cosines / NEIGHBOURS).masked_fill(oneself, -1e4)
        return functional.cross_entropy(scores, neighbours)

    across = _products(texts, english)
    return (
        contrast(_products(texts, target))
        + contrast(_products(english, target))
        + 0.5 * (contrast(across) + contrast(across.T))
        + 5.0 * (distance(texts) + distance(english))
        + STRUCTURE * structure(_products(texts, texts))
        + STRUCTURE * structure(_products(english, english))
        + STRUCTURE * structure(across)
    )


def _products(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Multiply with half the digits, in a third of the time."""
    return (left.bfloat16() @ right.bfloat16().T).float()


def _marks(course: Course, values: torch.Tensor) -> str:
    """Say how often a held-out German text finds its English one, and how near is the teacher."""
    marks = []

    def encode(texts: Ints) -> torch.Tensor:
        found, offsets, weights = course.features.bags(texts)
        bags = functional.embedding_bag(
            found, values, offsets, mode="sum", per_sample_weights=weights
        )
        return functional.normalize(bags, dim=1)

    for source, held_out in course.exams.items():
        texts, english = encode(held_out.texts), encode(held_out.english)
        first = (texts @ english.T).argmax(1) == torch.arange(len(texts))
        near = (english * course.target(held_out.targets)).sum(1).mean().item()
        share = 100 * first.float().mean().item()
        marks.append(f"{source} {share:.1f} % of {len(texts)}, teacher {near:.3f}")
    return "; ".join(marks)


# Step 4: the file that is shipped


def export(work: Path, target: Path) -> None:
    """Write the table: small integers and a float16 scale for each row, words and pieces."""
    frequent, scores = read_vocabulary(work)
    rows = np.load(work / "rows.npy")
    scales = (np.abs(rows).max(axis=1) / LEVELS).clip(min=1e-6).astype(np.float16)
    steps = np.rint(rows / scales[:, None].astype(np.float32))
    np.savez_compressed(
        target,
        rows=steps.clip(-LEVELS, LEVELS).astype(np.int8),
        scales=scales,
        words=_as_bytes(frequent),
        pieces=_as_bytes(scores),
        piece_scores=np.array(list(scores.values()), dtype=np.float32),
    )
    log.info("%s: %d bytes", target.name, target.stat().st_size)


def _as_bytes(names: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode("ascii"), dtype=np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("teacher", "vocabulary", "train", "export", "all"))
    parser.add_argument("--data", type=Path, required=True, help="folder of the lexicon files")
    parser.add_argument("--cordis", type=Path, help="folder of projects.parquet; none: without")
    parser.add_argument("--work", type=Path, required=True, help="folder for intermediate files")
    parser.add_argument("--target", type=Path, default=SHIPPED / "table.npz")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    run(options.step, options)


def run(step: str, options: argparse.Namespace) -> None:
    """Run one step, or all whose result is not there yet."""
    work = options.work
    results: dict[str, tuple[Path, Callable[[Corpus, Path], None]]] = {
        "teacher": (work / "targets.npy", teach),
        "vocabulary": (work / "pieces.tsv", choose_vocabulary),
        "train": (work / "rows.npy", train),
    }
    todo = {
        name: do
        for name, (path, do) in results.items()
        if step == name or (step == "all" and not path.exists())
    }
    if todo:
        corpus = Corpus(options.data, options.cordis)
        for name, do in todo.items():
            started = time.monotonic()
            do(corpus, work)
            log.info("%s took %.0f s", name, time.monotonic() - started)
    if step in ("export", "all"):
        export(work, options.target)


if __name__ == "__main__":
    main()
