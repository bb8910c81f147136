"""Installations for the commands to work on, and the commands as people type them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Typed = Callable[..., subprocess.CompletedProcess[str]]


def environment(**more: str) -> dict[str, str]:
    """Return an environment without settings of the machine the tests run on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VERBUND_")}
    return kept | {"PYTHONUTF8": "1", "LC_ALL": "en_US.UTF-8", "DISPLAY": ""} | more


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """Type a command and wait for it."""

    def run(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", "verbund", *map(str, words)],
            cwd=tmp_path,
            env=environment(**more),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )

    return run


@pytest.fixture(scope="session")
def _empty_installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation") / "data"
    folder.mkdir()
    code = (
        "import django; django.setup();"
        "from verbund.web.core.database import bring_up_to_date; bring_up_to_date()"
    )
    settings = {"VERBUND_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "verbund.web.settings"}
    command = [sys.executable, "-c", code]
    subprocess.run(command, env=environment(**settings), check=True, timeout=120)  # noqa: S603
    return folder


@pytest.fixture
def installation(_empty_installation: Path, tmp_path: Path) -> Path:
    """Return the data folder of an installation of this version, without a network so far."""
    return shutil.copytree(_empty_installation, tmp_path / "data")
