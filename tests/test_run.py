import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_environment(folder: Path, run: ModuleType, stamp: str) -> Path:
    python = run.python_of(folder)
    python.parent.mkdir(parents=True)
    python.touch()
    (folder / "verbund-ready").write_text(stamp, encoding="ascii")
    return folder


def test_wider_environment_serves_a_narrower_need(run: ModuleType, tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "v", run, f"check {run.fingerprint('check')}")

    assert [run.is_ready(environment, level) for level in run.LEVELS] == [True, True, True]


def test_narrower_environment_does_not_serve_a_wider_need(run: ModuleType, tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "v", run, f"core {run.fingerprint('core')}")

    assert [run.is_ready(environment, level) for level in run.LEVELS] == [True, False, False]


@pytest.mark.parametrize("stamp", ["", "core", "core 123", "nonsense 123", "core 1 2"])
def test_unfinished_or_outdated_environment_is_not_ready(
    stamp: str, run: ModuleType, tmp_path: Path
) -> None:
    environment = make_environment(tmp_path / "v", run, stamp)

    assert run.is_ready(environment, "core") is False


@pytest.mark.parametrize("uv", [None, "/opt/uv"])
def test_install_uses_hashes_with_uv_and_with_pip(
    uv: str | None, run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda name: uv if name == "uv" else None)

    steps = run.install_steps(tmp_path / "v", "core")

    assert steps[0][0] == (uv or sys.executable)
    assert "--require-hashes" in steps[1]
    assert steps[1][-1].endswith("core.txt")
    assert steps[2][-2:] == ["-e", str(ROOT)]


def test_old_python_is_told_what_to_do(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 1))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setattr(run.shutil, "which", lambda name: name if name == "python3.12" else None)

    with pytest.raises(SystemExit) as stop:
        run.refuse_old_python()

    assert stop.value.code == 2
    assert capsys.readouterr().err == (
        "Verbund needs Python 3.11 or newer, this is 3.9. Start it with: python3.12 run.py\n"
    )


def test_failed_install_says_one_line_and_starts_nothing(
    run: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    broken = [sys.executable, "-c", "import sys; sys.exit('error: could not connect to index')"]
    monkeypatch.setattr(run, "install_steps", lambda *_: [broken])
    environment = tmp_path / "v"

    with pytest.raises(SystemExit) as stop:
        run.prepare(environment, "core")

    lines = capsys.readouterr().err.splitlines()
    assert stop.value.code == 2
    assert lines[-1].startswith("No package index is reachable")
    assert run.is_ready(environment, "core") is False


@pytest.mark.parametrize(
    ("stamp", "level"), [("check 123", "check"), ("core 123", "test"), ("", "test")]
)
def test_update_takes_no_packages_away(
    stamp: str, level: str, run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = make_environment(tmp_path / "v", run, stamp)
    asked = []

    def steps(_: Path, level: str) -> list[list[str]]:
        asked.append(level)
        return [[sys.executable, "-c", ""]]

    monkeypatch.setattr(run, "install_steps", steps)

    run.prepare(environment, "test")

    assert asked == [level]
    assert run.is_ready(environment, level) is True


def test_requirements_are_hashed_and_name_no_index() -> None:
    for level in ("core", "test", "check"):
        text = (ROOT / "requirements" / f"{level}.txt").read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if "==" in line]

        assert len(pins) > 10
        assert all(line.endswith("\\") for line in pins)
        assert "://" not in text
        assert "--index" not in text
