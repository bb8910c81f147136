r"""Plan every meeting day of a folder and say how near each comes to what is possible.

    python benchmarks/scheduling.py FOLDER [FOLDER ...] [--only m1000] [--checker CHECK.py]

A folder holds days in the format verbund-schedule/1 and, if known, `bounds.json`. First come, first
served is planned beside, in the same run. With `--checker`, an outside program looks at each
timetable: it is called with the day and the timetable and must end with status 0.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from verbund.scheduling import Problem, Result, read_problem, solve, violations
from verbund.scheduling.io import write_json
from verbund.scheduling.problem import Objective
from verbund.scheduling.replan import changes
from verbund.scheduling.timetable import Timetable

_HEAD = (
    f"{'day':<26} {'status':<10} {'share':>8} {'plain':>8} {'fcfs':>6} {'idle':>6} {'fcfs':>6}"
    f" {'seconds':>8} {'cpu':>7} {'MB':>5}  valid"
)


def first_come(problem: Problem) -> Timetable:
    """Book each request, in its order, into the first slot that is free for it."""
    timetable = Timetable(problem)
    for request in range(len(problem.requests)):
        free = timetable.free_slots(request) if timetable.has_room(request) else 0
        if free:
            timetable.fill([(request, (free & -free).bit_length() - 1)])
    return timetable


def figures(result: Result, known: dict[str, float], cpu: float, checker: Path | None) -> str:
    problem = result.problem
    if problem.objective is Objective.BREAKS:
        wanted = "infeasible" if known.get("infeasible") else known.get("optimal_breaks", "?")
        share = f"{result.breaks:>8} {wanted!s:>8} {'':>6} {'':>6} {'':>6}"
    else:
        booked = first_come(problem)
        plain = known.get("upper_bound") or result.plain_bound
        early = Result(problem, result.status, booked.meetings(), plain, plain, 0, 0)
        people = max(1, len(problem.participants))
        share = (
            f"{100 * result.share:>8.3f} {100 * result.weight / plain:>8.3f}"
            f" {100 * early.share:>6.1f} {result.idle_slots / people:>6.2f}"
            f" {early.idle_slots / people:>6.2f}"
        )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    line = (
        f"{problem.name:<26} {result.status:<10} {share} {result.seconds:>8.2f} {cpu:>7.2f}"
        f" {memory:>5}  {is_valid(result, checker)}"
    )
    return line + (f"\n  {told_changes(result)}" if problem.previous else "")


def told_changes(result: Result) -> str:
    possible = Timetable(result.problem)
    possible.fill(result.problem.previous.items())
    still = len(possible.meetings())
    told = changes(dict(result.problem.previous), dict(result.meetings))
    counts = ", ".join(f"{len(requests)} {what}" for what, requests in told.items())
    return f"{still} still possible, {100 * len(told['kept']) / max(1, still):.2f} % kept; {counts}"


def is_valid(result: Result, checker: Path | None) -> str:
    if found := violations(result.problem, result.meetings, result.locations):
        return "" if result.status == "infeasible" else found[0].say("en")
    if checker is None:
        return "yes"
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        write_json(plan, result.as_json())
        done = subprocess.run(  # noqa: S603  # named by who calls
            [sys.executable, checker, _paths[result.problem.name], plan],
            check=False,
            capture_output=True,
            text=True,
        )
    return "yes, twice" if done.returncode == 0 else done.stdout[-200:]


_paths: dict[str, Path] = {}


def days_of(folders: Iterable[Path], only: str) -> Iterable[tuple[Path, dict[str, float]]]:
    for folder in folders:
        bounds = folder / "bounds.json"
        known = json.loads(bounds.read_text(encoding="utf-8")) if bounds.exists() else {}
        for path in sorted((*folder.glob("*.json"), *folder.glob("*.json.gz"))):
            name = path.name.removesuffix(".gz").removesuffix(".json")
            if path != bounds and only in name:
                yield path, known.get(name, {})


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--only", default="", help="part of the names of days to plan")
    parser.add_argument("--checker", type=Path, help="an outside program that checks timetables")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="S")
    parser.add_argument("--everyone", choices=("on", "off"), default="on")
    options = parser.parse_args()
    print(_HEAD)
    for path, known in days_of(options.folders, options.only):
        problem = read_problem(path)
        _paths[problem.name] = path
        begun = time.process_time()
        result = solve(problem, everyone=options.everyone == "on", time_limit=options.time_limit)
        cpu = time.process_time() - begun
        print(figures(result, known, cpu, options.checker), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
