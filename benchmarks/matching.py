r"""Measure the matcher on a task folder of real cooperation.

    python benchmarks/matching.py --task TASKDIR --history CORDISDIR --before YYYY-MM-DD \
        --run OUT.parquet

The task folder holds `queries` and `candidates` (csv or parquet; with `title` or `objective` the
queries are project texts, else organisations). Only history from before the given day is used.
`qrels` and `exclude` are opened after all rankings are made, and only to print figures.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
from scipy import sparse

from verbund.language.terms import terms_of
from verbund.matching.acquaintance import Acquaintance
from verbund.matching.call import Call, CallMatcher
from verbund.matching.evaluate import figures, ordered
from verbund.matching.evidence import Evidence
from verbund.matching.problem import MatchProblem
from verbund.matching.score import score
from verbund.records.history import History, Links, read_history
from verbund.records.organisation import Organisation

Row = dict[str, str]
Scores = npt.NDArray[np.float32]
MOST = 1_000  # candidates kept per query


class Task:
    """Queries and the candidates of each, without the truth."""

    def __init__(self, folder: Path) -> None:
        self.queries = read_table(folder, "queries")
        candidates = read_table(folder, "candidates")
        pooled = "pool" in self.queries[0] and "pool" in candidates[0]
        pools: dict[str, dict[str, None]] = defaultdict(dict)  # ordered sets
        for row in candidates:
            pools[row["pool"] if pooled else ""][row["candidate_id"]] = None
        queries: dict[str, list[Row]] = defaultdict(list)
        for query in self.queries:
            queries[query["pool"] if pooled else ""].append(query)
        self.pools = [(list(pools[pool]), asking) for pool, asking in queries.items()]
        self.is_about_texts = "title" in self.queries[0] or "objective" in self.queries[0]


def read_table(folder: Path, stem: str) -> list[Row]:
    """Read a table of the task as rows of texts."""
    for suffix in (".parquet", ".csv", ".csv.gz", ".csv.zst"):
        path = folder / f"{stem}{suffix}"
        if path.exists():
            reader = (
                "read_parquet(?)" if suffix == ".parquet" else "read_csv(?, all_varchar = true)"
            )
            table = duckdb.execute(f"select * from {reader}", [str(path)])  # noqa: S608  # fixed text
            names = [column[0] for column in table.description or ()]
            return [
                {
                    name: "" if value is None else str(value)
                    for name, value in zip(names, row, strict=True)
                }
                for row in table.fetchall()
            ]
    raise FileNotFoundError(f"{folder}: no table {stem}")


# ---------------------------------------------------------------- methods

Method = Callable[[History, list[Row], list[str]], Scores]


def matcher(history: History, queries: list[Row], candidates: list[str]) -> Scores:
    """The matcher as it is; pairs that worked together before are not candidates for it."""
    asking = list(dict.fromkeys(query["organisation_id"] for query in queries))
    problem = MatchProblem(members(history, asking), members(history, candidates), history)
    evidence = Evidence(problem)
    total = score(evidence).total
    known = evidence.past.known if evidence.past else np.zeros(evidence.shape, dtype=bool)
    scores = np.where(known, np.float32(-1), total)
    return scores[[asking.index(query["organisation_id"]) for query in queries]]


def popularity(history: History, queries: list[Row], candidates: list[str]) -> Scores:
    """The number of earlier projects."""
    counts = np.bincount(
        history.organisation_index[~history.affiliated], minlength=len(history.organisation_ids)
    )
    row = [
        float(counts[history.position_of[c]]) if c in history.position_of else 0.0
        for c in candidates
    ]
    return np.tile(np.array(row, dtype=np.float32), (len(queries), 1))


def bm25(history: History, queries: list[Row], candidates: list[str]) -> Scores:
    """BM25 (Robertson and Walker 1994, k1 = 1.2, b = 0.75) over the texts of past projects."""
    terms = [terms_of(p.text) if p.has_text else {} for p in history.projects]
    index = {term: i for i, term in enumerate(dict.fromkeys(t for found in terms for t in found))}
    projects = counts_of(terms, index)
    profiles = incidence(history, candidates) @ projects
    lengths = np.asarray(profiles.sum(axis=1)).ravel()
    seen = np.asarray((profiles > 0).sum(axis=0)).ravel()
    rarity = np.log(1 + (len(candidates) - seen + 0.5) / (seen + 0.5))
    norm = 1.2 * (0.25 + 0.75 * lengths / max(lengths.mean(), 1e-9))
    weights = profiles.tocoo()
    weights.data = weights.data * 2.2 / (weights.data + norm[weights.row]) * rarity[weights.col]
    if "title" in queries[0] or "objective" in queries[0]:
        asked = counts_of([terms_of(text_of(q)) for q in queries], index)
    else:
        asked = incidence(history, [q["organisation_id"] for q in queries]) @ projects
    asked.data = np.log1p(asked.data)
    return np.asarray((asked @ weights.tocsr().T).toarray(), dtype=np.float32)


def call_matcher(history: History, queries: list[Row], candidates: list[str]) -> Scores:
    """The matcher for project texts, for those of its organisations that are candidates."""
    calls = [Call(text_of(q), q.get("coordinator_id", ""), q.get("topic", "")) for q in queries]
    everyone = CallMatcher(history).scores(calls)
    positions = [history.position_of.get(c, -1) for c in candidates]
    found = everyone[:, positions]
    found[:, [p < 0 for p in positions]] = everyone.min(initial=0.0)
    return found


def text_of(query: Row) -> str:
    return "\n".join(query.get(k, "") for k in ("title", "keywords", "topic_title", "objective"))


def counts_of(terms: list[dict[str, float]], index: dict[str, int]) -> sparse.csr_matrix:
    rows = [
        (r, index[t], w) for r, found in enumerate(terms) for t, w in found.items() if t in index
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    places = (table[:, 0].astype(int), table[:, 1].astype(int))
    return sparse.csr_matrix((table[:, 2], places), shape=(len(terms), len(index)))


def incidence(history: History, ids: list[str]) -> sparse.csr_matrix:
    people = members(history, ids)
    ties = Links({i: i for i in ids if i in history.position_of})
    return Acquaintance(history, people, (), (ties, Links({}))).left.took_part


def members(history: History, ids: list[str]) -> tuple[Organisation, ...]:
    return tuple(history.organisations.get(i) or Organisation(id=i, name=i) for i in ids)


# ---------------------------------------------------------------- rankings and figures


def rank_all(task: Task, history: History, method: Method) -> dict[str, dict[str, float]]:
    """Return per query the best candidates with their scores."""
    found = {}
    for candidates, queries in task.pools:
        scores = method(history, queries, candidates)
        for query, row in zip(queries, scores, strict=True):
            best = np.argsort(-row, kind="stable")[: MOST + 1]
            itself = query.get("organisation_id") or query.get("coordinator_id")
            kept = [k for k in best if candidates[k] != itself][:MOST]
            found[query["query_id"]] = {candidates[k]: float(row[k]) for k in kept}
    return found


def write_run(path: Path, run: dict[str, dict[str, float]]) -> None:
    rows = [(query, c, s) for query, scores in run.items() for c, s in scores.items()]
    columns = {
        "query_id": np.array([r[0] for r in rows], dtype=object),
        "candidate_id": np.array([r[1] for r in rows], dtype=object),
        "score": np.array([r[2] for r in rows], dtype=np.float32),
    }
    kind = "parquet" if path.suffix == ".parquet" else "csv"
    with duckdb.connect() as connection:
        connection.register("run", columns)
        target = str(path).replace("'", "''")
        connection.execute(f"copy (select * from run) to '{target}' (format {kind})")  # noqa: S608  # quoted


def print_figures(folder: Path, runs: dict[str, dict[str, dict[str, float]]]) -> None:
    try:
        qrels = read_table(folder, "qrels")
    except FileNotFoundError:
        print("no truth in this folder (qrels): the run is written, there are no figures")
        return
    truth: dict[str, dict[str, float]] = defaultdict(dict)
    for row in qrels:
        if float(row["relevance"]) > 0:
            truth[row["query_id"]][row["candidate_id"]] = float(row["relevance"])
    out = excluded(folder)
    print(f"{len(truth)} queries\n{'method':<12} ndcg@10  recall@20")
    for name, run in runs.items():
        rankings = {
            query: ordered(query, {c: s for c, s in scores.items() if (query, c) not in out})
            for query, scores in run.items()
        }
        result = figures(rankings, truth)
        print(f"{name:<12} {result.ndcg10:7.4f}  {result.recall20:9.4f}")


def excluded(folder: Path) -> set[tuple[str, str]]:
    try:
        return {(row["query_id"], row["candidate_id"]) for row in read_table(folder, "exclude")}
    except FileNotFoundError:
        return set()


def main(words: Iterable[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--task", type=Path, required=True)
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--before", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--run", type=Path, required=True)
    arguments = parser.parse_args(None if words is None else list(words))
    task = Task(arguments.task)
    history = read_history(arguments.history).before(arguments.before)
    methods: dict[str, Method] = {"popularity": popularity, "bm25": bm25}
    methods["matcher"] = call_matcher if task.is_about_texts else matcher
    runs = {}
    for name, method in methods.items():
        started = time.monotonic()
        runs[name] = rank_all(task, history, method)
        print(f"{name}: {time.monotonic() - started:.1f} s", file=sys.stderr)
    write_run(arguments.run, runs["matcher"])
    print_figures(arguments.task, runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
