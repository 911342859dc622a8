"""Pictures of every page, both widths, both themes: python -m benchmarks.screenshots [PAGE …]."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.serving import LATE, open_page, serving
from hk_metrics.browser import chromium
from hk_metrics.ui.pages import PAGES

FOLDER = Path(__file__).resolve().parent / "screenshots"
WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")
# What is in front where a page has tabs.
FRONT = {"roas": "&o.tab=lift"}
# A visitor who has been here before: hints for the first time are put away.
BEFORE = {"name": "hk-hints", "value": "seen"}


def take(browser: Browser, url: str, page: str, width: int, theme: str) -> Path:
    """Open a page as a visitor of that width and theme, and write its picture."""
    opened = open_page(
        browser,
        f"{url}?page={page}{FRONT.get(page, '')}",
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=theme,
        reduced_motion="reduce",
        storage_state={
            "cookies": [],
            "origins": [{"origin": url.rstrip("/"), "localStorage": [BEFORE]}],
        },
    )
    opened.wait_for_function(LATE, timeout=180_000)
    opened.get_by_text("Checking …").wait_for(state="hidden", timeout=180_000)
    opened.wait_for_timeout(800)
    path = FOLDER / f"{page}-{width}-{theme}.png"
    opened.screenshot(path=path)
    opened.context.close()
    return path


def main() -> None:
    pages = sys.argv[1:] or list(PAGES)
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as temporary,
        serving(Path(temporary), "--pool", "1") as server,
        chromium() as browser,
    ):
        for page in pages:
            for width in WIDTHS:
                for theme in THEMES:
                    print(take(browser, server.url, page, width, theme), flush=True)


if __name__ == "__main__":
    main()
