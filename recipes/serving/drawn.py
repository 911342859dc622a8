"""Look at a served dashboard in this machine's Chromium: it draws, and a filter changes it.

python -m recipes.serving.drawn URL, from the project and with its environment.
"""

from __future__ import annotations

import sys

from playwright.sync_api import Page

from benchmarks.serving import READY, SECONDS, idle, open_page
from hk_metrics.browser import chromium

FIGURE = "[...document.querySelectorAll('.main-svg')].some((f) => f.clientHeight > 100)"


def look(page: Page) -> None:
    """Wait for cards and a figure, choose a platform, and see the first card change.

    Raises
    ------
    AssertionError
        The page shows no money, or the same under the filter.
    """
    page.wait_for_function(READY, timeout=1000 * SECONDS)
    page.wait_for_function(FIGURE, timeout=1000 * SECONDS)
    idle(page)
    first = _card(page)
    page.evaluate("hkMetrics.visit('platform=Instagram')")
    idle(page)
    filtered = _card(page)
    print(f"{page.url}\n  all:       {first}\n  Instagram: {filtered}", flush=True)
    assert "₹" in first, first
    assert first != filtered, first


def _card(page: Page) -> str:
    return " ".join(page.locator(".hk-card").first.inner_text().split())


if __name__ == "__main__":
    with chromium() as browser:
        look(open_page(browser, sys.argv[1]))
