"""A dashboard that is being served, and a browser to look at it, for benchmarks and pictures."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from hk_metrics.export.browser import executable

RUN = "from hk_metrics.cli import main; main()"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
READY = "performance.getEntriesByName('hk-ready').length > 0"
IDLE = "!document.documentElement.dataset.hkBusy"
SECONDS = 120


@contextmanager
def serving(store: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Serve the dashboard; yield its address and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "HK_METRICS_STORE": str(store)}
    command = [sys.executable, "-c", RUN, "serve", "--port", str(port), *options]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
    try:
        _wait(f"http://127.0.0.1:{port}/hk/health", process)
        yield f"http://127.0.0.1:{port}/", process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the dashboard did not start; run hk-metrics serve to see why")


@contextmanager
def browsing() -> Iterator[Browser]:
    """Open the machine's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(QUIET))
        yield browser
        browser.close()


def open_page(browser: Browser, url: str, width: int = 1440, theme: str = "light") -> Page:
    """Open the dashboard and wait until it is drawn."""
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_function(READY, timeout=1000 * SECONDS)
    idle(page)
    return page


def idle(page: Page) -> None:
    """Wait until the last change is answered."""
    page.wait_for_function(IDLE, timeout=1000 * SECONDS)
