"""A real Voilà server, a real Chromium, and a page that fails on what a visitor must not meet."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Request, sync_playwright

from hk_metrics.dataset import Dataset
from hk_metrics.store import Store

PROJECT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
START_SECONDS = 180
RUN = "from hk_metrics.cli import main; main()"
READY = "performance.getEntriesByName('hk-ready').length > 0"
IDLE = "!document.documentElement.dataset.hkBusy"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that it can be chosen or left out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The machine's Chromium; skips where there is none."""
    named = os.environ.get("HK_METRICS_CHROMIUM")
    found = named or next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser on this machine: looked for {', '.join(CHROMIUM)}")
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield opened
        opened.close()


@dataclass(frozen=True)
class Server:
    """A dashboard that is being served: its address, process and store."""

    url: str
    process: subprocess.Popen[bytes]
    store: Path


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    """Serve the dashboard over a store in a folder, until the block ends."""
    port = free_port()
    environment = {**os.environ, "HK_METRICS_STORE": str(folder / "store")}
    command = [sys.executable, "-c", RUN, "serve", "--port", str(port), *options]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/hk/health", process, folder / "server.log")
        yield Server(f"http://127.0.0.1:{port}/", process, folder / "store")
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; show its log if it does not."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard over the generated sample, with one warm session."""
    with serving(tmp_path_factory.mktemp("dashboard"), "--pool", "1") as started:
        yield started


@pytest.fixture(scope="session")
def sample(server: Server) -> Dataset:
    """The dataset that the server shows; its first session makes it."""
    store = Store(server.store.parent / "sample-store")
    end = time.monotonic() + START_SECONDS
    while store.current() is None and time.monotonic() < end:
        time.sleep(0.5)
    data = store.current()
    assert data is not None
    return data


@dataclass
class Visit:
    """A page, what it asked the network for, and what went wrong in it."""

    page: Page
    url: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> Page:
        """Open the dashboard at a query and wait until it is drawn."""
        self.page.goto(f"{self.url}?{query}", wait_until="commit")
        self.page.wait_for_function(READY, timeout=120_000)
        self.idle()
        return self.page

    def idle(self) -> None:
        """Wait until the last change is answered."""
        self.page.wait_for_function(IDLE, timeout=60_000)

    def go(self, page: str) -> None:
        """Open another page by its tab."""
        self.page.click(f".hk-nav a[data-page={page}]")
        self.idle()

    def filter(self, dimension: str, value: str) -> None:
        """Tick a value in the rail."""
        facet = self.page.locator(f"details[data-facet={dimension}]")
        if facet.get_attribute("open") is None:
            facet.locator("summary").click()
        facet.get_by_label(value, exact=True).click()
        self.idle()

    def card(self, name: str) -> str:
        """Return the exact value that a card tells."""
        label = self.page.locator(f"[data-card={name}]:visible").first.get_attribute("aria-label")
        return str(label).rpartition(": ")[2]


Opener = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Opener]:
    """Open pages that must ask no other host for anything and log no error."""
    visits: list[Visit] = []

    def start(url: str = server.url, *, strict: bool = True, **context: object) -> Visit:
        made = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **context})  # type: ignore[arg-type]
        opened = Visit(made.new_page(), url)
        watch(opened)
        if strict:
            visits.append(opened)
        return opened

    yield start
    for opened in visits:
        assert opened.foreign == []
        assert opened.errors == []
        opened.page.close(run_before_unload=True)


def watch(visit: Visit) -> None:
    """Note every request to another host, and every error of the page."""

    def asked(request: Request) -> None:
        if not request.url.startswith((visit.url, "data:", "blob:", "ws://127.0.0.1")):
            visit.foreign.append(request.url)

    def said(kind: str, text: str) -> None:
        if kind == "error":
            visit.errors.append(text)

    def failed(error: Error) -> None:
        visit.errors.append(str(error))

    visit.page.on("request", asked)
    visit.page.on("console", lambda message: said(message.type, message.text))
    visit.page.on("pageerror", failed)
