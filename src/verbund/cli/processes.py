"""The site and its worker as processes beside the command that started them.

`python -m verbund.cli.processes site HOST PORT` and `... worker NAME` are the two children. Each
ends when the pipe to its parent closes, so that nothing runs on alone.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from verbund.cli.address import Address

_THREADS = 8  # requests that one process answers at a time
_GRACE_SECONDS = 8.0  # to finish what was begun
_LOOK_SECONDS = 0.2
_START_SECONDS = 60.0
_MINUTE = 60.0
_PAUSES = (2.0, 5.0, 15.0, 60.0)  # before a worker that ended is started again


@dataclass
class Child:
    """A process of ours, in a session of its own: Ctrl-C reaches the parent alone."""

    words: Sequence[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "verbund.cli.processes", *self.words],
            stdin=subprocess.PIPE,
            start_new_session=os.name != "nt",
        )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if self.process and not self.has_ended():
            self.process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for the end, then end it; a task that is cut off there waits again."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Worker(Child):
    """The worker; when it ends by itself it is started again, after a growing pause."""

    name: str = ""
    ends: int = 0
    again_at: float | None = None


def new_worker() -> Worker:
    name = f"beside-{secrets.token_hex(8)}"
    return Worker(["worker", name], name=name)


@dataclass
class Company:
    """The site, its worker and the clock; `run` returns when they have stopped."""

    address: Address
    when_ready: Callable[[], None]
    every_minute: Callable[[], None] | None = None
    worker_ended: Callable[[Worker, float], None] = lambda worker, pause: None
    worker: Worker | None = None
    is_stopping: bool = False
    clock_stops: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Start all, keep the worker running, stop all on Ctrl-C or SIGTERM.

        Returns 0 after a wanted stop, 3 if the site did not start or has ended by itself.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        site = Child(["site", self.address.host, str(self.address.port)])
        clock = threading.Thread(target=self._tick)
        try:
            site.start()
            if not self._wait_for_answer(site):
                return 0 if self.is_stopping else 3
            self.when_ready()
            if self.worker:  # not before: two programs that load at once keep people waiting
                self.worker.start()
            if self.every_minute:
                clock.start()
            while not self.is_stopping:
                if site.has_ended():
                    return 3
                self._look_after_worker()
                time.sleep(_LOOK_SECONDS)
            return 0
        finally:
            self.clock_stops.set()
            children = [child for child in (site, self.worker) if child]
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.wait(_GRACE_SECONDS)
            if clock.is_alive():
                clock.join(_GRACE_SECONDS)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _wait_for_answer(self, site: Child) -> bool:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and not self.is_stopping and not site.has_ended():
            if self.address.answers():
                return True
            time.sleep(_LOOK_SECONDS / 2)
        return False

    def _look_after_worker(self) -> None:
        worker = self.worker
        if worker is None or not worker.has_ended():
            return
        if worker.again_at is None:
            pause = _PAUSES[min(worker.ends, len(_PAUSES) - 1)]
            worker.ends += 1
            worker.again_at = time.monotonic() + pause
            self.worker_ended(worker, pause)
        elif time.monotonic() >= worker.again_at:
            worker.again_at = None
            worker.start()

    def _tick(self) -> None:
        while self.every_minute and not self.clock_stops.is_set():
            self.every_minute()
            self.clock_stops.wait(_MINUTE)


# ---------------------------------------------------------------- the children


def run_site(host: str, port: int) -> None:
    from granian import Granian  # noqa: PLC0415  # only the site needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        "verbund.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=_THREADS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve()


def run_worker(name: str) -> None:
    """Do background tasks until told to stop; the platform is loaded already."""
    from django_tasks_db.management.commands.db_worker import (  # noqa: PLC0415  # loads Django
        Worker as Tasks,
    )

    tasks = Tasks(
        queue_names=["*"],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)  # a wanted stop is no warning
    tasks.configure_signals()
    tasks.run()


def _end_with_parent() -> None:
    """Wait until the other end of our input closes; `sys.stdin` itself would block the exit."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main(words: Sequence[str]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if words[0] == "site":
        run_site(words[1], int(words[2]))
        return
    import django  # noqa: PLC0415  # the site child does not need it itself

    django.setup()
    run_worker(words[1])


if __name__ == "__main__":
    main(sys.argv[1:])
