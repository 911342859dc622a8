"""Monday: who has never seen the page finds why it changed in its first sentence, and what to do."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from benchmarks.serving import Server, serving
from benchmarks.validate_monday import PLANTS, SHOWN, Planted
from hk_metrics.advice.action import RULES
from hk_metrics.dataset import Dataset
from hk_metrics.store import Store
from tests.browser.conftest import Opener
from tests.browser.reading import panel
from tests.length import LONG

# Twenty worlds in the long run, in turn of each change; one of each in the short.
WORLDS = [(name, seed) for seed in range(5) for name in PLANTS]
TRIED = WORLDS if LONG else WORLDS[4:7]
TODO, SECONDS = "What to do now", 20
MAY_MISS = len(TRIED) // 10


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("monday")
    Store(folder / "store").commit(Dataset(PLANTS[TRIED[0][0]](TRIED[0][1]).tables))
    with serving(folder, "--pool", "1") as started:
        yield started


def test_reason_stands_in_the_first_sentence_and_the_right_action_among_three(
    planted: Server, visit: Opener
) -> None:
    missed = []
    for name, seed in TRIED:
        world = PLANTS[name](seed)
        Store(planted.store).commit(Dataset(world.tables))
        opened = visit(planted.url, strict=False)
        page = opened.open()
        first = panel(page, "What changed and why").inner_text()
        if not all(word in first for word in world.reason):
            missed.append((name, seed, first))
        elif not _becomes_right(page, world):
            missed.append((name, seed, panel(page, TODO).inner_text()))
        assert (opened.foreign, opened.errors) == ([], [])
        page.context.close()  # so that a session is free for the next
    assert len(missed) <= MAY_MISS, missed


def _becomes_right(page: Page, world: Planted) -> bool:
    """Return whether the right action is among the first three, once codes have been looked at."""
    rules = {RULES[kind] for kind in world.kinds}
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        shown = panel(page, TODO).locator("li").all()
        assert len(shown) <= SHOWN
        for line in shown:
            titled = line.locator("[title]")
            rule = titled.first.get_attribute("title") if titled.count() else ""
            if rule in rules and any(who in line.inner_text() for who in world.names):
                return True
        page.wait_for_timeout(500)
    return False
