"""Hostile text stays text: on every page, in tool-tips, tables, exports, and the report."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.serving import Server, serving
from hk_metrics import report
from hk_metrics.store import Store
from hk_metrics.ui.pages import LABELS
from tests.browser.conftest import Visit, watch
from tests.browser.hostile import STRINGS, hostile

# What a text would leave behind had it become markup, or had it run.
TRACES = """() => [
  window.hkRan ? "it ran" : "",
  ...[...document.querySelectorAll("img, iframe, form[action], base, math, video, body [onload]")]
    .map((e) => e.outerHTML),
  ...[...document.querySelectorAll("a, svg a")].map((a) => String(a.href?.baseVal ?? a.href))
    .filter((address) => !address.startsWith(location.origin)),
].filter(Boolean)"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the dataset made of hostile texts."""
    folder = tmp_path_factory.mktemp("hostile") / "store"
    Store(folder).commit(hostile())
    return folder


@pytest.fixture(scope="module")
def served(store: Path) -> Iterator[Server]:
    """The dashboard over that store."""
    with serving(store.parent, "--pool", "1") as started:
        yield started


@pytest.fixture(scope="module")
def victim(browser: Browser, served: Server) -> Iterator[Visit]:
    """A page of it that notes every dialog, request and error."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened = Visit(made.new_page(), served.url)
    watch(opened)
    noted(opened)
    opened.open()
    yield opened
    made.close()


def noted(visit: Visit) -> None:
    """Count dialogs, and requests for what only a hostile text names, as errors."""

    def asked(url: str) -> None:
        if "x-hk" in url:
            visit.errors.append(f"asked for {url}")

    visit.page.on("dialog", lambda dialog: (visit.errors.append("dialog"), dialog.dismiss()))
    visit.page.on("request", lambda request: asked(request.url))


def unharmed(visit: Visit) -> None:
    assert visit.page.evaluate(TRACES) == []
    assert (visit.foreign, visit.errors) == ([], [])


def hover(page: Page) -> None:
    """Rest on every figure in three places, and on every mark that explains."""
    for plot in page.locator(".hk-plot:visible").all()[:12]:
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        assert box is not None
        for share in (0.3, 0.5, 0.7):
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
            page.wait_for_timeout(60)
    for mark in page.locator(".hk-why:visible").all()[:6]:
        mark.hover()


@pytest.mark.parametrize("key", LABELS)
def test_nothing_runs_on_any_page(victim: Visit, key: str) -> None:
    page = victim.show(f"page={key}")
    hover(page)
    for swap in page.locator(".hk-panel:visible").get_by_label("Show as table").all():
        swap.click()
    unharmed(victim)
    for swap in page.locator(".hk-panel:visible").get_by_label("Show as table").all():
        swap.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_runs_in_filters_chips_and_one_influencers_page(victim: Visit) -> None:
    page = victim.show()
    shut = "els => els.filter(e => !e.open).forEach(e => e.querySelector('summary').click())"
    page.locator("details[data-facet]").evaluate_all(shut)
    rail = page.locator(".hk-rail").inner_text()
    assert "<img src=https://x-hk.example/pixel.png>" in rail
    page.locator("details[data-facet=campaign] input[type=checkbox]").first.click()
    expect(page.locator(".hk-chip")).to_have_count(1)
    victim.idle()
    victim.show("page=influencers&influencer_id=INF001")
    expect(page.locator(".hk-facts:visible")).to_contain_text(STRINGS[0])
    hover(page)
    unharmed(victim)


def test_links_with_hostile_choices_open(victim: Visit) -> None:
    page = victim.page
    text = "%3Cimg%20src%3Dx-hk%20onerror%3Dwindow.hkRan%3D1%3E"
    victim.show(f"campaign={text}&{text}={text}&page={text}&o.model={text}&o.paid={text}")
    expect(page.get_by_text("Left out of the filters").first).to_be_visible()
    unharmed(victim)


def test_exports_hold_texts_and_no_formulas(victim: Visit) -> None:
    page = victim.show("page=campaigns")
    for entry in ("Everything", "Tables of this page", "This page as PDF"):
        page.get_by_role("button", name="Export", exact=True).click()
        with page.expect_download(timeout=90_000) as coming:
            page.locator(".hk-item", has_text=entry).click()
        content = Path(coming.value.path()).read_bytes()
        victim.idle()
        if content[:4] == b"%PDF":
            assert b"/JavaScript" not in content
            continue
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    unharmed(victim)


def test_nothing_runs_in_the_report(browser: Browser, store: Path, tmp_path: Path) -> None:
    made = report.run("report", {"data": str(store)}, output=tmp_path, formats=["html"])
    assert made.ok, made.run.message
    page = next(p for p in made.paths if p.suffix == ".html")
    context = browser.new_context()
    visit = Visit(context.new_page(), page.as_uri())
    watch(visit)
    noted(visit)
    visit.page.goto(page.as_uri())
    visit.page.wait_for_timeout(1500)
    assert visit.page.evaluate("window.hkRan") is None
    assert (visit.foreign, visit.errors) == ([], [])
    context.close()
