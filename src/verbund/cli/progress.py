"""A progress bar that appears only when the work takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_PATIENCE_SECONDS = 2.0


class Progress:
    """Call it with the share done, 0 to 1; it draws on standard error of a terminal.

    `patience` is how many seconds the work may take without a bar.
    """

    def __init__(self, title: str, *, patience: float = _PATIENCE_SECONDS) -> None:
        self._title = title
        self._patience = patience
        self._started = time.monotonic()
        self._bar: object = None
        self._task: object = None

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: float) -> None:
        if not sys.stderr.isatty() or time.monotonic() - self._started < self._patience:
            return
        from rich.console import Console  # noqa: PLC0415  # only when a bar is drawn
        from rich.progress import Progress as Bar  # noqa: PLC0415

        if not isinstance(self._bar, Bar):
            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._title, total=1.0)
        self._bar.update(self._task, completed=done)  # type: ignore[arg-type]  # made by add_task

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stop = getattr(self._bar, "stop", None)
        if stop:
            stop()
