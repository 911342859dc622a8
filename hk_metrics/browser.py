"""A Chromium without a window: prints pages and takes pictures of figures, with no network."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hk_metrics.errors import MissingToolError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

VARIABLE = "HK_METRICS_CHROMIUM"
_NODE = "PLAYWRIGHT_NODEJS_PATH"  # Playwright's own variable
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--no-default-browser-check",
)
_SECONDS = 120


def executable() -> str | None:
    """Return the path of the machine's Chromium; None if there is none in the usual places."""
    named = os.environ.get(VARIABLE)
    return named or next((path for n in _NAMES if (path := shutil.which(n))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a Chromium for as long as the block lasts.

    Raises
    ------
    MissingToolError
        Playwright or a Chromium is not installed; says how to get them.
    """
    with _driver() as playwright:
        from playwright.sync_api import Error

        try:
            browser = playwright.chromium.launch(
                executable_path=executable(), args=_arguments(), timeout=1000 * _SECONDS
            )
        except Error as failure:
            raise MissingToolError(_no_browser(failure)) from None
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _driver() -> Iterator[Playwright]:
    """Start Playwright's driver, a Node of its own; say what is missing where it does not start."""
    try:
        import playwright
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise MissingToolError(
            "PDF and pictures need Playwright: install it with pip install 'hk-metrics[pdf]', "
            "or leave 'pdf' out of the formats"
        ) from None
    node = Path(os.environ.get(_NODE) or Path(playwright.__file__).parent / "driver" / "node")
    if why := _refusal(node):
        raise MissingToolError(
            f"PDF and pictures need Playwright's driver, which does not start: {why}. Install what "
            "it lacks (libatomic.so.1: apt install libatomic1), or leave 'pdf' out of the formats"
        )
    with sync_playwright() as started:
        yield started


def _refusal(node: Path) -> str:
    """Return why a Node does not start; empty if it does."""
    try:
        tried = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except OSError as failure:
        return f"{node}: {failure.strerror}"
    if tried.returncode == 0:
        return ""
    output = tried.stderr.strip().splitlines()
    return output[0] if output else f"{node} ended with {tried.returncode}"


def _arguments() -> list[str]:
    # Chromium's own sandbox cannot start as root, which is how containers run; what it opens here
    # is our own page, with the network off.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_QUIET, *(["--no-sandbox"] if root else [])]


def _no_browser(failure: Exception) -> str:
    path = executable()
    found = f"{path} did not start" if path else "there is no Chromium on this machine"
    why = str(failure).strip().splitlines()[0]
    return (
        f"PDF and pictures need a Chromium: {found} ({why}). Install one (apt install chromium, "
        f"or playwright install chromium), or name it in {VARIABLE}, or leave 'pdf' out of the "
        "formats"
    )
