"""A visitor with a scope: nothing of the rest reaches them, whatever they open or send."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, WebSocket

import hk_metrics as hk
from benchmarks.serving import IDLE, LATE, READY, Server, serving
from hk_metrics.access import TokenFile
from hk_metrics.browser import chromium
from hk_metrics.dataset import Dataset
from hk_metrics.scope import within
from hk_metrics.store import Store
from hk_metrics.ui.pages import LABELS
from hk_metrics.ui.serve.parts import Parts
from tests.machine import needs_browser

SCOPE = {"brand": ("Gritzo",)}
SHORT = 5
# What the team says beside the data: the first is for the part, too.
OURS = "warehouse moved"
HIDDEN = ("secret launch", "Nandini Editor", "quiet sale", "their payouts", "blocked people")


@dataclass
class Heard:
    """All that a page was sent: the page itself and every message of its session."""

    pieces: list[bytes] = field(default_factory=list)

    def take(self, piece: str | bytes) -> None:
        """Keep a message."""
        self.pieces.append(piece.encode() if isinstance(piece, str) else piece)

    def listen(self, page: Page) -> None:
        """Keep what comes to a page from now on."""

        def joined(socket: WebSocket) -> None:
            socket.on("framereceived", self.take)

        page.on("websocket", joined)


@pytest.fixture(scope="module")
def whole() -> Dataset:
    data, _ = hk.simulate(seed=11, influencers=40, days=60, events=4000)
    return data


@pytest.fixture(scope="module")
def agency(
    tmp_path_factory: pytest.TempPathFactory, whole: Dataset
) -> Iterator[tuple[Server, str]]:
    """A dashboard over a dataset of several brands, and the token of who may see one."""
    folder = tmp_path_factory.mktemp("agency")
    store = Store(folder / "store")
    store.commit(whole)
    said = store.team
    said.pin("2025-01-10", OURS)
    said.pin("2025-01-11", HIDDEN[0], brand="MuscleBlaze", by=HIDDEN[1])
    said.pin("2025-01-12", f"{HIDDEN[2]} of muscleblaze")
    said.save_view(f"view {OURS}", "page=payouts&brand=Gritzo", HIDDEN[1])
    said.save_view(HIDDEN[3], "page=payouts&brand=MuscleBlaze")
    said.tag(HIDDEN[4], _strangers(whole))
    tokens = folder / "tokens.json"
    token = TokenFile(tokens).add("Agency", "viewer", SCOPE)
    with serving(folder, "--pool", "1", "--tokens", str(tokens)) as started:
        yield started, token


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needs_browser()
    with chromium() as opened:
        yield opened


def _strangers(whole: Dataset) -> list[str]:
    """Return the influencers who are not in the part."""
    part = within(whole, SCOPE).tables["influencers"]["id"]
    return whole.tables["influencers"].filter(~pl.col("id").is_in(part.implode()))["id"].to_list()


def names(data: Dataset) -> set[str]:
    """Return every text of the tables but the customers' ids."""
    found: set[str] = set()
    for table in data.tables.values():
        for column in table.columns:
            if table.schema[column] == pl.String and column != "user_id":
                found |= set(table[column].drop_nulls().to_list())
    return {text for text in found if len(text) > SHORT}


def visited(page: Page, url: str, token: str) -> None:
    """Open every page of the dashboard."""
    page.goto(f"{url}?token={token}", wait_until="commit")
    page.wait_for_function(READY, timeout=120_000)
    for key in LABELS:
        page.evaluate("query => hkMetrics.visit(query)", f"page={key}")
        page.wait_for_function(IDLE, timeout=60_000)
        page.wait_for_function(LATE, timeout=90_000)
    for query in (
        "brand=MuscleBlaze",
        "page=roas&o.model=markov",
        "page=posts&campaign=HKFitBlast",
    ):
        page.evaluate("query => hkMetrics.visit(query)", query)
        page.wait_for_function(IDLE, timeout=60_000)


def test_no_byte_of_another_scope_reaches_the_visitor(
    browser: Browser, agency: tuple[Server, str], whole: Dataset
) -> None:
    server, token = agency
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    heard = Heard()
    heard.listen(page)
    visited(page, server.url, token)
    heard.take(page.content())
    said = b"\n".join(heard.pieces)
    allowed = "\n".join(names(within(whole, SCOPE)))
    foreign = {name for name in names(whole) if name not in allowed}
    # What the visitor's own link asked for is told back as what the data does not have.
    asked = {"MuscleBlaze", "HKFitBlast"}
    assert len(foreign) > 500
    assert [name for name in sorted(foreign - asked) if name.encode() in said] == []
    assert len(said) > 100_000
    assert [words for words in HIDDEN if words.encode() in said] == []
    assert f"view {OURS}".encode() in said and f"10 Jan 2025: {OURS}".encode() in said
    assert token not in page.url
    assert token.encode() not in said


def test_part_has_the_figures_of_the_whole(whole: Dataset) -> None:
    part, view = within(whole, SCOPE), whole.view(brand=["Gritzo"])
    shared = ["revenue", "orders", "spend", "reach", "posts", "new_customers", "customers"]
    assert part.view().totals(shared).round(6).to_dict() == view.totals(shared).round(6).to_dict()
    assert part.tables["payouts"]["total_payout"].sum() == pytest.approx(
        float(view.totals(["spend"])["spend"])
    )
    attributed = part.tables["tracking_data"].filter(
        pl.col("influencer_id").is_not_null(), pl.col("source") != "Organic"
    )
    assert attributed["revenue"].sum() == pytest.approx(float(view.totals(["revenue"])["revenue"]))


def test_part_that_nobody_asks_for_is_removed(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "store", {})
    folders = {name: tmp_path / "parts" / name for name in ("left", "fresh", "open")}
    for folder in folders.values():
        folder.mkdir(parents=True)
    for name in ("left", "open"):
        os.utime(folders[name], (0, 0))
    parts._scopes[folders["open"]] = SCOPE
    parts.tidy()
    assert {folder.name for folder in (tmp_path / "parts").iterdir()} == {"fresh", "open"}


def test_token_is_in_no_log(agency: tuple[Server, str]) -> None:
    server, token = agency
    log = Path(server.store.parent / "server.log").read_text()
    assert token not in log
    assert re.search(r"token=\w", log) is None
