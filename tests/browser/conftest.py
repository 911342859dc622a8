"""A real Voilà server, a real Chromium, and a page that fails on what a visitor must not meet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Request, expect

from benchmarks.serving import IDLE, LATE, READY, SECONDS, Server, serving
from hk_metrics.browser import chromium
from hk_metrics.dataset import Dataset
from hk_metrics.store import Store
from tests.machine import needs_browser

# What a page shows comes as soon as it can; how soon is told by benchmarks, not by tests.
expect.set_options(timeout=30_000)
PROJECT = Path(__file__).resolve().parent.parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that it can be chosen or left out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, for this folder's tests alone: its loop would stay in the thread."""
    needs_browser()
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard over the generated sample, with one warm session."""
    with serving(tmp_path_factory.mktemp("dashboard"), "--pool", "1") as started:
        yield started


@pytest.fixture(scope="package")
def sample(server: Server) -> Dataset:
    """The dataset that the server shows; its first session makes it."""
    store = Store(server.store.parent / "sample-store")
    end = time.monotonic() + SECONDS
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
        """Wait until the last change is answered, with what takes long."""
        self.page.wait_for_function(IDLE, timeout=60_000)
        self.page.wait_for_function(LATE, timeout=90_000)

    def show(self, query: str = "") -> Page:
        """Take the open page to a query, as a saved view does, and wait for what takes long."""
        self.page.evaluate("query => hkMetrics.visit(query)", query)
        self.idle()
        return self.page

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


@pytest.fixture(scope="package")
def long_visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """One page that stays open, for tests that need no page of their own."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened = Visit(made.new_page(), server.url)
    watch(opened)
    opened.open()
    yield opened
    made.close()


@pytest.fixture
def tour(long_visit: Visit) -> Iterator[Visit]:
    """The page that stays open, held to the same manners after each test."""
    yield long_visit
    assert long_visit.foreign == []
    assert long_visit.errors == []


def watch(visit: Visit) -> None:
    """Note every request to another host, and every error of the page."""

    def asked(request: Request) -> None:
        if not request.url.startswith((visit.url, "data:", "blob:", "ws://127.0.0.1")):
            visit.foreign.append(request.url)

    def said(kind: str, text: str) -> None:
        if kind == "error":
            visit.errors.append(text)

    def failed(error: Error) -> None:
        visit.errors.append(error.stack or str(error))

    visit.page.on("request", asked)
    visit.page.on("console", lambda message: said(message.type, message.text))
    visit.page.on("pageerror", failed)
