#!/usr/bin/env python3
"""Prepare the environment of Verbund, then pass every word on to it.

    python3 run.py demo      the site with two networks, members invented
    python3 run.py start     an empty installation of your own
    python3 run.py test      the tests (further words go to pytest)
    python3 run.py check     what CI runs before the tests
    python3 run.py <words>   the same as: verbund <words>

Needs only Python and, the first time, a package index. Uses uv where it is installed, else venv and
pip. The environment is the folder .venv beside this file (VERBUND_VENV names another one).
Pythons from 3.7 on read this file, to be told that they are too old: no newer syntax here.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = (3, 11)
LEVELS = ("core", "test", "check")  # each holds everything of the one before

CHECKS = (
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("types", ["-m", "mypy"]),
    ("import contracts", ["-c", "from importlinter.cli import lint_imports_command as c; c()"]),
    ("templates", ["-m", "djlint", "src", "--lint", "--quiet"]),
    ("migrations", ["-m", "django", "makemigrations", "--check", "--dry-run"]),
    ("German catalogues", ["tools/messages.py", "--check"]),
    ("files of others", ["tools/vendor.py", "--check"]),
    ("generated pages", ["tools/reference.py", "--check"]),
    ("documentation", ["-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", ".site"]),
    ("strangers at every address", ["-m", "pytest", "-m", "thorough", "tests/web"]),
    ("stories in a browser", ["-m", "pytest", "-n", "0", "tests/e2e"]),
)
# What checks of the platform need to know; they read no data and sign nothing.
CHECK_SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "verbund.web.settings",
    "VERBUND_SECRET_KEY": "unused",
}

TEXTS = {
    "old": (
        "Verbund needs Python {} or newer, this is {}. {}",
        "Verbund braucht Python {} oder neuer, dies ist {}. {}",
    ),
    "old_found": ("Start it with: {} run.py", "Starten Sie es mit: {} run.py"),
    "old_none": ("Please install a newer Python.", "Bitte installieren Sie ein neueres Python."),
    "no_venv": (
        "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv",
        "Das Python-Modul venv fehlt. Unter Debian und Ubuntu: apt install python3-venv",
    ),
    "preparing": (
        "Preparing the environment in {} (with {}, first time only) ...",
        "Die Umgebung in {} wird vorbereitet (mit {}, nur beim ersten Mal) ...",
    ),
    "no_index": (
        "No package index is reachable, so the packages cannot be loaded. Connect this machine once"
        " (or name your index by PIP_INDEX_URL or UV_DEFAULT_INDEX) and start again. Details: {}",
        "Kein Paketindex ist erreichbar, deshalb lassen sich die Pakete nicht laden. Verbinden Sie"
        " den Rechner einmal (oder nennen Sie Ihren Index in PIP_INDEX_URL oder UV_DEFAULT_INDEX)"
        " und starten Sie erneut. Einzelheiten: {}",
    ),
    "failed": (
        "The environment could not be prepared; nothing was started. Details: {}",
        "Die Umgebung ließ sich nicht vorbereiten; nichts wurde gestartet. Einzelheiten: {}",
    ),
}
OFFLINE_SIGNS = (
    "connect",
    "resolve host",
    "dns error",
    "name resolution",
    "timed out",
    "no matching distribution",
    "could not find a version",
    "network is unreachable",
)


def told(key: str, *values: object) -> str:
    """Say it in the language of the environment, German unless it is English."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    spoken = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return TEXTS[key][0 if spoken.lower().startswith("en") else 1].format(*values)


def say(key: str, *values: object) -> None:
    print(told(key, *values), file=sys.stderr, flush=True)


def stop(key: str, *values: object) -> None:
    say(key, *values)
    sys.exit(2)


def refuse_old_python() -> None:
    if sys.version_info >= OLDEST:
        return
    newer = (f"python3.{minor}" for minor in range(19, OLDEST[1] - 1, -1))
    found = next((name for name in newer if shutil.which(name)), None)
    advice = told("old_found", found) if found else told("old_none")
    this = f"{sys.version_info[0]}.{sys.version_info[1]}"
    stop("old", f"{OLDEST[0]}.{OLDEST[1]}", this, advice)


def python_of(environment: Path) -> Path:
    windows = environment / "Scripts" / "python.exe"
    return windows if os.name == "nt" else environment / "bin" / "python"


def fingerprint(level: str) -> str:
    """Everything that makes an installed environment the right one."""
    digest = hashlib.sha256()
    for part in (sys.version, str(HERE)):
        digest.update(part.encode())
    for path in (HERE / "requirements" / (level + ".txt"), HERE / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_ready(environment: Path, level: str) -> bool:
    """Tell whether this level, or one that contains it, is completely installed."""
    stamp = environment / "verbund-ready"
    if not stamp.exists() or not python_of(environment).exists():
        return False
    installed = stamp.read_text(encoding="ascii").split()
    wide_enough = LEVELS[LEVELS.index(level) :]
    return (
        len(installed) == 2
        and installed[0] in wide_enough
        and installed[1] == fingerprint(installed[0])
    )


def level_of(environment: Path) -> str:
    """Return the level installed, however old: an update takes nothing away."""
    stamp = environment / "verbund-ready"
    installed = stamp.read_text(encoding="ascii").split() if stamp.exists() else []
    return installed[0] if installed and installed[0] in LEVELS else LEVELS[0]


def install_steps(environment: Path, level: str) -> list[list[str]]:
    python = str(python_of(environment))
    pins = str(HERE / "requirements" / (level + ".txt"))
    itself = ["--no-deps", "--no-build-isolation", "-e", str(HERE)]
    uv = shutil.which("uv")
    if uv:
        return [
            [uv, "venv", "--clear", "--python", sys.executable, str(environment)],
            [uv, "pip", "sync", "--python", python, "--require-hashes", pins],
            [uv, "pip", "install", "--python", python, *itself],
        ]
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install"]
    return [
        [sys.executable, "-m", "venv", "--clear", str(environment)],
        [*pip, "--require-hashes", "-r", pins],
        [*pip, *itself],
    ]


def prepare(environment: Path, level: str) -> None:
    """Install the pinned packages and Verbund; the stamp comes last, so a stop is harmless."""
    if is_ready(environment, level):
        return
    level = max(level, level_of(environment), key=LEVELS.index)
    steps = install_steps(environment, level)
    if steps[0][0] == sys.executable:
        missing = subprocess.run(
            [sys.executable, "-c", "import ensurepip, venv"], capture_output=True
        )
        if missing.returncode:
            stop("no_venv")
    say("preparing", environment.name, "uv" if steps[0][1] == "venv" else "pip")
    log = environment.with_name(environment.name + "-install.log")
    with log.open("w", encoding="utf-8", errors="replace") as output:
        for step in steps:
            if subprocess.run(
                step, stdout=output, stderr=subprocess.STDOUT, cwd=str(HERE)
            ).returncode:
                output.flush()
                said = log.read_text(encoding="utf-8", errors="replace").lower()
                offline = any(sign in said for sign in OFFLINE_SIGNS)
                stop("no_index" if offline else "failed", log)
    (environment / "verbund-ready").write_text(level + " " + fingerprint(level), encoding="ascii")
    log.unlink()


def check(python: Path) -> int:
    """Run every check, so that one run shows all there is to mend."""
    failed = []
    settings = {**os.environ, **CHECK_SETTINGS}
    for name, words in CHECKS:
        if not all((HERE / word).exists() for word in words if word.startswith("tests/")):
            continue
        print("== " + name, flush=True)
        if subprocess.run([str(python), *words], cwd=str(HERE), env=settings).returncode:
            failed.append(name)
    print("== failed: " + ", ".join(failed) if failed else "== all checks passed", flush=True)
    return 1 if failed else 0


def main() -> int:
    refuse_old_python()
    words = sys.argv[1:]
    level = words[0] if words and words[0] in ("test", "check") else "core"
    environment = Path(os.environ.get("VERBUND_VENV") or HERE / ".venv").absolute()
    prepare(environment, level)
    python = python_of(environment)
    if level == "check":
        return check(python)
    if level == "test":
        return subprocess.run([str(python), "-m", "pytest", *words[1:]], cwd=str(HERE)).returncode
    command = [str(python), "-m", "verbund", *words]
    if os.name == "nt":  # there, exec would return to the prompt at once
        return subprocess.run(command).returncode
    return os.execv(command[0], command)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
