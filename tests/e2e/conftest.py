"""The demo as a user starts it, and a real browser; without chromium these tests skip."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_PATIENCE = 120  # seconds until the demo answers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(_PATIENCE * 4):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  # our own server
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"The demo does not answer:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start `verbund demo` on a free port, with data of its own."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    log = folder / "log.txt"
    environment = {key: value for key, value in os.environ.items() if "VERBUND" not in key}
    environment |= {"VERBUND_URL": f"http://127.0.0.1:{port}", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "verbund", "demo", "--no-open", "--lang", "en"]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own command
            [*command, "--data", str(folder / "data"), "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium found")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(site: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a new browser window as somebody of the demo (None stays outside), in English."""
    contexts = []

    def open_as(person: str | None = None, *, width: int = 1280, **options: object) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            locale="en",
            **options,  # type: ignore[arg-type]  # passed on as they are
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        if person:
            page.goto("/demo/")
            page.get_by_role("button", name=re.compile(rf"person\s*: {person}")).click()
            page.wait_for_url("**/")
        return page

    yield open_as
    for context in contexts:
        context.close()
