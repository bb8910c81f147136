import io

import pytest

from verbund.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_short_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)

    with Progress("Vergleichen") as progress:
        progress(0.5)

    assert terminal.getvalue() == ""


def test_long_work_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    with Progress("Vergleichen", patience=0) as progress:
        progress(0.5)

    assert "Vergleichen" in terminal.getvalue()


def test_long_work_without_a_terminal_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with Progress("Vergleichen", patience=0) as progress:
        progress(0.5)

    assert stream.getvalue() == ""
