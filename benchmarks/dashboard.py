"""The dashboard in a real browser: opening, changing a filter or page, memory, many viewers."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.serving import idle, open_page, serving
from benchmarks.table import Row
from hk_metrics.browser import chromium

CHANGES = 30
GROWTH = 204  # each of three brands on and off: the same view after as before
VIEWERS = 20
# An act, then the time of the last figure drawn, or of the answer where none is drawn anew, before
# a quarter of a second without another.
_ANSWERED = """async (asked) => {
  const since = performance.now();
  ACT;
  const busy = () => document.documentElement.dataset.hkBusy;
  const drawn = () => performance.getEntriesByName("hk-figure").map((m) => m.startTime).at(-1) ?? 0;
  let last = 0;
  for (let now = since; now - since < 15000; now = performance.now()) {
    if (busy()) last = 0;
    else if (drawn() > Math.max(last, since)) last = drawn();
    else last ||= now;
    if (last && now - last > 250) return last - since;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  return 15000;
}"""
CHANGE = _ANSWERED.replace("ACT", "document.querySelector(asked).click()")
CREDIT = _ANSWERED.replace(
    "ACT",
    """const picker = document.querySelector(".hk-app select[aria-label='Credit orders by']");
  picker.value = asked;
  picker.dispatchEvent(new Event("change", { bubbles: true }))""",
)
OPENED = """() => {
  const at = (name) => performance.getEntriesByName(name).map((m) => m.startTime);
  return [at("hk-numbers")[0] ?? at("hk-ready")[0], at("hk-ready")[0], Math.max(...at("hk-figure"))];
}"""
TICK = "details[data-facet=brand] .hk-option:nth-child({}) input"
WIDGETS = "document.querySelectorAll('.hk-app *').length"


def run(quick: bool) -> Iterator[Row]:
    """Yield the figures; ``quick`` leaves out the many viewers and the million events."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        yield from _sample(Path(folder), browser, quick)
        if not quick:
            yield from _million(Path(folder), browser)


def _sample(folder: Path, browser: Browser, quick: bool) -> Iterator[Row]:
    with serving(folder, "--pool", "0") as server:
        open_page(browser, server.url).close()  # the first session makes the sample
        yield from _opening(browser, server.url, "cold", 4.0)
    with serving(folder, "--pool", "1") as server:
        url = server.url
        time.sleep(12)
        yield from _opening(browser, url, "warm", 1.0, pause=12)
        page = open_page(browser, url)
        page.wait_for_timeout(1500)
        yield from _changes(page, "40k", 200, 400)
        yield from _pages(page)
        yield from _models(page)
        yield from _growth(page, server.process.pid)
        page.close(run_before_unload=True)
        if not quick:
            yield from _viewers(browser, url)


def _opening(
    browser: Browser, url: str, how: str, bound: float, pause: float = 1.0
) -> Iterator[Row]:
    opened = []
    for _ in range(3):
        page = open_page(browser, url)
        page.wait_for_timeout(1500)
        opened.append([at / 1000 for at in page.evaluate(OPENED)])
        page.close(run_before_unload=True)
        time.sleep(pause)
    numbers, ready, drawn = (statistics.median(times) for times in zip(*opened, strict=True))
    yield Row(f"URL → key figures, {how}", "40k", numbers, "s")
    yield Row(f"URL → usable page, {how}", "40k", ready, "s", bound=bound)
    yield Row(f"URL → last figure in sight, {how}", "40k", drawn, "s")


def _changes(page: Page, size: str, median: float, p95: float) -> Iterator[Row]:
    taken = [page.evaluate(CHANGE, TICK.format(1 + n % 3)) for n in range(CHANGES)]
    worst = statistics.quantiles(taken, n=20)[-1]
    yield Row(
        "filter → last figure in sight, median", size, statistics.median(taken), "ms", bound=median
    )
    yield Row("filter → last figure in sight, p95", size, worst, "ms", bound=p95)


def _pages(page: Page) -> Iterator[Row]:
    names = page.locator(".hk-nav a").evaluate_all("links => links.map((l) => l.dataset.page)")
    for name in names:  # each page is made at its first opening
        page.click(f".hk-nav a[data-page={name}]")
        idle(page)
        page.wait_for_timeout(500)
    taken = []
    for name in ("overview", "campaigns") * 4:
        taken.append(page.evaluate(CHANGE, f".hk-nav a[data-page={name}]"))
    yield Row(
        "page → last figure in sight, median", "40k", statistics.median(taken), "ms", bound=300
    )


def _models(page: Page) -> Iterator[Row]:
    """Another attribution model, the first time: its credit is computed, then remembered."""
    page.click(".hk-nav a[data-page=roas]")
    idle(page)
    page.get_by_role("tab", name="Credit").click()
    idle(page)
    page.wait_for_timeout(4000)
    taken = [page.evaluate(CREDIT, model) for model in ("markov", "shapley", "linear")]
    yield Row(
        "attribution model → last figure in sight, worst", "40k", max(taken), "ms", bound=1000
    )


def _growth(page: Page, server: int) -> Iterator[Row]:
    page.click(".hk-nav a[data-page=overview]")
    idle(page)
    for n in range(6):
        page.evaluate(CHANGE, TICK.format(1 + n % 3))
    page.wait_for_timeout(3000)
    before, memory = page.evaluate(WIDGETS), kernel_memory(server)
    for n in range(GROWTH):
        page.click(TICK.format(1 + n % 3))
        idle(page)
    page.wait_for_timeout(3000)
    yield Row(f"elements of the page after {GROWTH} changes", "40k", page.evaluate(WIDGETS), "",
              before, "before", 1.0)  # fmt: skip
    yield Row(f"kernel's own memory after {GROWTH} changes", "40k", kernel_memory(server), "MB",
              memory, "before", 1.1)  # fmt: skip


def kernel_memory(server: int) -> float:
    """Return the memory (MB) that the largest session of a server has for itself."""
    sessions = psutil.Process(server).children(recursive=True)
    return max(s.memory_full_info().uss for s in sessions) / 1e6


def _viewers(browser: Browser, url: str) -> Iterator[Row]:
    pages = [open_page(browser, url) for _ in range(VIEWERS)]
    taken: list[float] = []
    for n in range(3):
        clicks = [
            p.evaluate_handle(f"window.hkTimed = ({CHANGE})('{TICK.format(1 + n)}')") for p in pages
        ]
        taken += [page.evaluate("window.hkTimed") for page in pages]
        del clicks
    for page in pages:
        page.close(run_before_unload=True)
    yield Row(f"{VIEWERS} viewers at once, p95 of a change", "40k", statistics.quantiles(taken, n=20)[-1], "ms",
              bound=1000)  # fmt: skip


def _million(folder: Path, browser: Browser) -> Iterator[Row]:
    from hk_metrics.simulate import simulate
    from hk_metrics.store import Store

    data, _ = simulate(seed=7, influencers=400, events=1_000_000)
    million = folder / "million"
    Store(million / "store").commit(data)
    with serving(million, "--pool", "1") as server:
        time.sleep(20)
        page = open_page(browser, server.url)
        page.wait_for_timeout(2000)
        yield from _changes(page, "1M", 300, 600)
        page.wait_for_timeout(3000)
        yield Row("kernel's own memory", "1M", kernel_memory(server.process.pid), "MB", bound=160)
        page.close(run_before_unload=True)
