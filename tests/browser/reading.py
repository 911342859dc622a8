"""Reading a page: its panels by title, their rows, and amounts as numbers."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

LONG = 90_000


def panel(page: Page, title: str) -> Locator:
    """Return the visible panel whose title begins so, once what takes long is drawn."""
    working = page.locator(".hk-pending:visible, .hk-unseen:visible")
    expect(working).to_have_count(0, timeout=LONG)
    heading = page.locator(".hk-panel-title", has_text=re.compile(f"^{re.escape(title)}"))
    found = page.locator(".hk-panel:visible").filter(has=heading).first
    expect(found).to_be_visible(timeout=LONG)
    return found


def figure_rows(page: Page, title: str) -> list[list[str]]:
    """Return the data of a figure, row by row, as its table shows it."""
    found = panel(page, title)
    swap = found.get_by_label("Show as table")
    swap.click()
    expect(found.locator(".hk-plain tbody tr").first).to_be_visible()
    told = cells(found.locator(".hk-plain tbody tr"))
    swap.click()
    return told


def grid_rows(page: Page, title: str) -> list[list[str]]:
    """Return the rows of a table that are in sight."""
    return cells(panel(page, title).locator("tbody tr"))


def cells(rows: Locator) -> list[list[str]]:
    read = "rows => rows.map(r => [...r.children].map(c => c.innerText.trim()))"
    found: list[list[str]] = rows.evaluate_all(read)
    return found


def sentences(page: Page, title: str) -> str:
    """Return the sentences of a panel, one a line."""
    return "\n".join(panel(page, title).locator("li").all_inner_texts())


def column(page: Page, title: str, name: str) -> list[str]:
    """Return the cells of a table's column that are in sight."""
    heads = panel(page, title).locator("thead th").all_inner_texts()
    at = next(n for n, head in enumerate(heads) if head.strip().startswith(name))
    return [row[at] for row in grid_rows(page, title)]


def exact(page: Page, title: str, name: str) -> list[str]:
    """Return a table's column in sight with all digits: what is told on hovering, else the text."""
    found = panel(page, title)
    heads = found.locator("thead th").all_inner_texts()
    at = next(n for n, head in enumerate(heads) if head.strip().startswith(name))
    read = "(rows, at) => rows.map(r => r.children[at].title || r.children[at].innerText.trim())"
    told: list[str] = found.locator("tbody tr").evaluate_all(read, at)
    return told


def download(page: Page, title: str, kind: str) -> bytes:
    """Return what a panel's button hands out."""
    with page.expect_download() as coming:
        panel(page, title).get_by_label(f"Download as {kind}").click()
    return Path(coming.value.path()).read_bytes()


def amount(text: str) -> float:
    """Read a number as the page writes it.

    >>> amount("₹2,20,95,110.40"), amount("2.47×"), amount("-₹1,200")
    (22095110.4, 2.47, -1200.0)
    """
    return float(re.sub(r"[₹,×%\s]", "", text))
