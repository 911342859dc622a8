"""A dashboard that is being served, and pages of it: for tests, benchmarks and pictures."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psutil
from playwright.sync_api import Browser, Page

RUN = "from hk_metrics.cli import main; main()"
READY = "performance.getEntriesByName('hk-ready').length > 0"
IDLE = "!document.documentElement.dataset.hkBusy"
# What takes long is drawn, of the page in sight: on others it may wait until they are opened.
LATE = "![...document.querySelectorAll('.hk-pending, .hk-unseen')].some((p) => p.checkVisibility())"
SECONDS = 180
_PORTS = range(20_000, 32_000)
WINDOW = {"width": 1440, "height": 900}


@dataclass(frozen=True)
class Server:
    """A dashboard that is being served: its address, process and store."""

    url: str
    process: subprocess.Popen[bytes]
    store: Path

    def session(self, kernel: str) -> psutil.Process:
        """Return the process of a session by its kernel's id."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):  # one that has ended just now
                if any(kernel in part for part in child.cmdline()):
                    return child
        raise LookupError(f"no process of kernel {kernel}")


@contextmanager
def serving(folder: Path, *options: str, python: Path | None = None) -> Iterator[Server]:
    """Serve the dashboard over the store in a folder, until the block ends.

    With the ``python`` of another environment, what is installed there is served from the folder.
    """
    port, store = free_port(), folder / "store"
    environment = {**os.environ, "HK_METRICS_STORE": str(store)}
    if python:
        environment.pop("PYTHONPATH", None)
    command = [python or sys.executable, "-c", RUN, "serve", "--port", str(port), *options]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, cwd=folder if python else None
        )
    try:
        _wait(f"http://127.0.0.1:{port}/hk/health", process, folder / "server.log")
        yield Server(f"http://127.0.0.1:{port}/", process, store)
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    """Return a port of this machine on which nothing listens.

    Below those that the system hands to whoever asks for any: until the server listens, one of
    these may be somebody's.
    """
    for port in Random().sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def open_page(browser: Browser, url: str, **context: Any) -> Page:
    """Open the dashboard in a window of its own and wait until it is drawn."""
    page = browser.new_context(**{"viewport": WINDOW, **context}).new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_function(READY, timeout=1000 * SECONDS)
    idle(page)
    return page


def idle(page: Page) -> None:
    """Wait until the last change is answered."""
    page.wait_for_function(IDLE, timeout=1000 * SECONDS)
