import csv
import datetime as dt
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
Task = Callable[..., Path]


def load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    return load(ROOT / "benchmarks/matching.py", "benchmark_matching")


@pytest.fixture
def history(tmp_path: Path) -> Path:
    folder = tmp_path / "history"
    folder.mkdir()
    write(folder / "projects.csv", "project_id,title,objective,start_date".split(","), [
        ["1", "Laser welding", "laser welding of copper", "2021-01-01"],
        ["2", "Laser cells", "laser welding of battery cells", "2021-06-01"],
        ["3", "Bread", "baking bread", "2022-01-01"],
        ["4", "Later", "laser battery", "2024-01-01"],
    ])  # fmt: skip
    write(folder / "participations.csv", "project_id,organisation_id,role".split(","), [
        ["1", "A", "coordinator"], ["1", "Z", "participant"],
        ["2", "X", "coordinator"], ["2", "Z", "participant"],
        ["3", "Y", "coordinator"], ["4", "A", "coordinator"], ["4", "Y", "participant"],
    ])  # fmt: skip
    return folder


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def ranking(path: Path) -> list[tuple[str, str]]:
    rows = duckdb.execute(
        "select query_id, candidate_id from read_parquet(?) order by query_id, score desc",
        [str(path)],
    )
    return [(str(q), str(c)) for q, c in rows.fetchall()]


def run(bench: ModuleType, task: Path, history: Path, out: Path) -> int:
    words = ["--task", str(task), "--history", str(history), "--before", "2023-01-01"]
    return int(bench.main([*words, "--run", str(out)]))


def test_benchmark_ranks_organisations_without_any_truth(
    bench: ModuleType, history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "queries.csv", ["query_id", "organisation_id", "pool"], [["q1", "A", "b"]])
    write(
        tmp_path / "candidates.csv", ["candidate_id", "pool"], [["Y", "b"], ["X", "b"], ["A", "b"]]
    )

    assert run(bench, tmp_path, history, tmp_path / "run.parquet") == 0

    # The joint project of A and Y begins later and must not count.
    assert ranking(tmp_path / "run.parquet") == [("q1", "X"), ("q1", "Y")]
    assert "no truth in this folder" in capsys.readouterr().out


def test_benchmark_ranks_for_project_texts(
    bench: ModuleType, history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        tmp_path / "queries.csv",
        ["query_id", "coordinator_id", "title", "objective"],
        [["q1", "A", "Welding", "laser welding of battery packs"]],
    )
    write(tmp_path / "candidates.csv", ["candidate_id"], [["Y"], ["Z"], ["A"], ["X"]])
    write(tmp_path / "qrels.csv", ["query_id", "candidate_id", "relevance"], [["q1", "Z", "1"]])

    assert run(bench, tmp_path, history, tmp_path / "run.parquet") == 0

    assert ranking(tmp_path / "run.parquet")[0] == ("q1", "Z")
    assert "matcher       1.0000     1.0000" in capsys.readouterr().out


def test_benchmark_knows_nothing_of_later_projects(
    bench: ModuleType, history: Path, tmp_path: Path
) -> None:
    header = ["query_id", "coordinator_id", "title", "objective"]
    write(tmp_path / "queries.csv", header, [["q1", "A", "Welding", "laser welding of batteries"]])
    write(tmp_path / "candidates.csv", ["candidate_id"], [["Y"], ["Z"], ["X"], ["New"]])
    run(bench, tmp_path, history, tmp_path / "with.csv")
    with (history / "projects.csv").open("a", encoding="utf-8") as file:
        file.write("5,Later still,laser welding of batteries,2024-06-01\n")
    with (history / "participations.csv").open("a", encoding="utf-8") as file:
        file.write("5,New,coordinator\n5,Z,participant\n")

    run(bench, tmp_path, history, tmp_path / "without.csv")

    assert (tmp_path / "with.csv").read_bytes() == (tmp_path / "without.csv").read_bytes()


@pytest.mark.parametrize("pooled", ["", "queries", "candidates"])
def test_benchmark_reads_any_layout_of_pools(
    pooled: str, bench: ModuleType, history: Path, tmp_path: Path
) -> None:
    queries = [["q1", "A", "b"], ["q2", "A", "b"]]
    candidates = [["X", "b"], ["Y", "b"], ["X", "c"]]
    asked = (
        ["query_id", "organisation_id", "pool"]
        if pooled == "queries"
        else ["query_id", "organisation_id"]
    )
    listed = ["candidate_id", "pool"] if pooled == "candidates" else ["candidate_id"]
    write(tmp_path / "queries.csv", asked, [row[: len(asked)] for row in queries])
    write(tmp_path / "candidates.csv", listed, [row[: len(listed)] for row in candidates])

    run(bench, tmp_path, history, tmp_path / "run.parquet")

    expected = [("q1", "X"), ("q1", "Y"), ("q2", "X"), ("q2", "Y")]
    assert ranking(tmp_path / "run.parquet") == expected


@pytest.mark.shared
def test_benchmark_figures_agree_with_the_evaluator(
    bench: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas", reason="the evaluator needs pandas and pyarrow")
    pytest.importorskip("pyarrow", reason="the evaluator needs pandas and pyarrow")
    evaluator = SHARED / "benchmarks/matching/eval_matching.py"
    if not evaluator.exists():
        pytest.skip("needs ../shared/benchmarks/matching")
    judge = load(evaluator, "eval_matching")
    task = SHARED / "benchmarks/matching/train/partner_companies"
    words = ["--task", str(task), "--history", str(SHARED / "cordis"), "--before", "2023-04-01"]

    bench.main([*words, "--run", str(tmp_path / "run.parquet")])

    printed = capsys.readouterr().out.splitlines()[-1].split()
    table = judge.evaluate(judge.Task.load(task), judge.read_table(tmp_path / "run.parquet"))
    assert printed == [
        "matcher",
        f"{table['ndcg@10'].mean():.4f}",
        f"{table['recall@20'].mean():.4f}",
    ]


def test_history_is_cut_before_the_day(bench: ModuleType, history: Path) -> None:
    cut = bench.read_history(history).before(dt.date(2023, 1, 1))

    assert [p.id for p in cut.projects] == ["1", "2", "3"]
