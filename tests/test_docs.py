"""The documentation says what the program does."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def run(*words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run Python with these words, always with the same width and encoding."""
    return subprocess.run(  # noqa: S603  # our own programs
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def fields_of_headings() -> list[str]:
    path = resources.files("verbund.records").joinpath("data/headings.csv")
    with path.open(encoding="utf-8") as file:
        return [row["field"] for row in csv.DictReader(file) if row["field"]]


def test_generated_pages_are_up_to_date() -> None:
    done = run("tools/reference.py", "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_outdated_page_is_named(tmp_path: Path) -> None:
    for folder in ("docs", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    commands = tmp_path / "docs/reference/commands.md"
    commands.write_text("# Commands\n", encoding="utf-8")
    done = run("tools/reference.py", "--check", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "docs/reference/commands.md is out of date: run tools/reference.py\n"


@pytest.mark.parametrize("command", [[], ["match"], ["demo"]])
def test_every_option_of_the_help_is_documented(command: list[str]) -> None:
    help_text = run("-m", "verbund", *command, "--help").stdout
    name = " ".join(["verbund", *command])
    section = re.search(
        rf"^## {name}\n(.*?)(?=^## |\Z)", page("reference/commands.md"), re.M | re.S
    )
    assert section
    options = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", help_text))
    assert options
    assert options - set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", section[1])) == set()


def test_every_command_is_documented() -> None:
    help_text = run("-m", "verbund", "--help").stdout
    commands = re.findall(r"^    ([a-z]+)(?: |$)", help_text, re.M)
    documented = re.findall(r"^## verbund ([a-z]+)$", page("reference/commands.md"), re.M)
    assert commands
    assert documented == commands


def test_every_field_of_the_headings_is_explained() -> None:
    fields = page("reference/member-list.md").partition("## Fields")[2].partition("## Headings")[0]
    assert [name for name in fields_of_headings() if f"`{name}`" not in fields] == []


def test_library_example_runs(tmp_path: Path) -> None:
    example = re.search(r"```python\n(.*?)```", page("how-to/use-as-a-library.md"), re.S)
    assert example
    assert len(example[1].split("\n")) - example[1].count("\n\n") - 1 == 10
    with resources.as_file(resources.files("verbund.records") / "demo") as lists:
        for name in ("photonics.csv", "automotive.csv"):
            shutil.copy(lists / name, tmp_path)
    done = run("-W", "error", "-c", example[1], folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"1\. .+ and .+: \d\.\d\d\n  why: ", done.stdout)


def test_demo_lists_named_in_the_pages_exist() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    named = set(re.findall(r"\bsrc/verbund/[\w./-]*\w", text))
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_commands_in_the_pages_are_understood() -> None:
    documented = page("reference/commands.md")
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"^python3 run\.py (?:match|demo)\b.*$", text, re.M):
            options = re.findall(r"(?<!\S)--[a-z-]+", line)
            assert [o for o in options if f"`{o}" not in documented] == [], (path.name, line)
