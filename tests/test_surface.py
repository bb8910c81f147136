"""What `import verbund` offers, and what it does not load."""

from __future__ import annotations

import subprocess
import sys

import pytest

import verbund

NAMES = [
    "History",
    "InvalidInput",
    "MatchResult",
    "MemberList",
    "Organisation",
    "VerbundError",
    "match",
    "read_history",
    "read_members",
]


def loaded_by(code: str) -> set[str]:
    """Run code in a fresh Python and return the names of the packages it loads."""
    script = f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-c", script]
    done = subprocess.run(  # noqa: S603  # our own code
        command, capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stdout.split())


def test_exported_names() -> None:
    assert verbund.__all__ == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_name_resolves(name: str) -> None:
    assert getattr(verbund, name).__name__ == name
    assert name in dir(verbund)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'nothing'"):
        _ = verbund.nothing


def test_import_loads_no_heavy_package() -> None:
    heavy = {"numpy", "scipy", "duckdb", "rich", "django"}
    loaded = loaded_by("import verbund")
    assert "verbund" in loaded
    assert loaded & heavy == set()


def test_help_does_not_wait_for_numpy() -> None:
    loaded = loaded_by("from verbund.cli.main import build_parser; build_parser('en')")
    assert loaded & {"numpy", "scipy", "duckdb", "django"} == set()


def test_engine_loads_no_web_framework() -> None:
    loaded = loaded_by("from verbund import match, read_history, read_members")
    assert "numpy" in loaded
    assert loaded & {"django", "ninja"} == set()
