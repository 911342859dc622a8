"""The notebook is the product: it draws, and follows a filter, wherever widgets draw."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FloatRect, Frame, Page

from hk_metrics.store import Store
from hk_metrics.ui.state import State
from tests.browser.doors import DRAWN, SECONDS, Door, ink, opened, preview, run_all, saved
from tests.length import LONG, some

MILLISECONDS = 1000 * SECONDS
FIGURES = 6
LEAST_INK = 1500
REVENUE = "[data-card=revenue]"
PLACES = {
    "lab": "/lab/tree/dashboard.ipynb",
    "preview": "/lab/tree/dashboard.ipynb",
    "notebook": "/notebooks/dashboard.ipynb",
    "voila": "/",
}


@pytest.fixture(scope="module", params=["voila", "lab", "notebook"])
def door(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    with opened(request.param, tmp_path_factory.mktemp(request.param)) as started:
        started_as = request.param
        yield Door(f"{started.url}{PLACES[started_as]}", started.folder)


def entered(page: Page, door: Door) -> Page:
    page.goto(door.url, wait_until="commit", timeout=MILLISECONDS)
    if not door.url.endswith("/"):
        run_all(page)
    return page


def exact(page: Page | Frame) -> str:
    return str(page.locator(REVENUE).first.get_attribute("aria-label")).rpartition(": ")[2]


def assert_drawn(browser: Browser, page: Page | Frame) -> None:
    page.wait_for_selector(REVENUE, timeout=MILLISECONDS)
    page.wait_for_function(DRAWN.format(FIGURES), timeout=MILLISECONDS)
    plots = page.locator(".hk-plot")
    assert plots.count() >= FIGURES
    for at in range(FIGURES):
        assert ink(browser, plots.nth(at).screenshot()) > LEAST_INK


def assert_follows(page: Page | Frame, door: Door) -> None:
    data = Store(door.folder / "sample-store").current()
    assert data is not None
    month = State(dataset=data).period()
    wanted = data.view(brand="Gritzo", date=month).totals(["revenue"])["revenue"]
    gritzo = page.locator("details[data-facet=brand]").get_by_label("Gritzo", exact=True)
    drawer = page.get_by_role("button", name="Filters")
    if drawer.is_visible():  # the preview beside a notebook is as narrow as a phone
        drawer.click()
    gritzo.click()
    page.wait_for_selector(".hk-chip", timeout=MILLISECONDS)
    page.wait_for_function(
        "!document.querySelector('.hk-changing, .hk-stale')", timeout=MILLISECONDS
    )
    assert exact(page).replace(",", "") == f"₹{wanted:.2f}"


def test_notebook_draws_and_follows_a_filter(browser: Browser, door: Door) -> None:
    page = entered(browser.new_page(viewport={"width": 1440, "height": 900}), door)
    assert_drawn(browser, page)
    assert_follows(page, door)
    assert page.get_by_text("Preview(cards").count() == 0
    page.close()


@pytest.mark.skipif(not LONG, reason="make long opens the preview, too")
def test_notebook_draws_in_the_preview_of_jupyterlab(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with opened("lab", tmp_path_factory.mktemp("preview")) as lab:
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.goto(f"{lab.url}{PLACES['preview']}", timeout=MILLISECONDS)
        frame = preview(page)
        assert_drawn(browser, frame)
        assert_follows(frame, lab)
        page.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened("lab", tmp_path_factory.mktemp("teaching")) as started:
        yield started


@pytest.mark.parametrize("name", some(["explore", "own_data", "experiments"], 1))
def test_notebook_that_teaches_runs_in_jupyterlab(browser: Browser, lab: Door, name: str) -> None:
    """What VS Code and nbclient speak with the kernel, tests/notebooks/ tries."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    # a workspace of its own: the shared one opens the notebooks of before again, out of sight
    page.goto(f"{lab.url}/lab/workspaces/{name}/tree/{name}.ipynb", timeout=MILLISECONDS)
    run_all(page)
    outputs = [
        o for c in saved(page, lab.folder / "notebooks" / f"{name}.ipynb") for o in c.outputs
    ]
    assert [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"] == []
    assert sum("application/vnd.plotly.v1+json" in o.get("data", {}) for o in outputs) > 0
    figures = page.locator(".jp-OutputArea .js-plotly-plot .main-svg")
    page.mouse.move(700, 500)
    boxes: list[FloatRect] = []
    for _ in range(60):  # what is out of sight is not in the page
        found = (figure.bounding_box() for figure in figures.all())
        boxes = [box for box in found if box and 0 < box["y"] < 600 and box["height"] > 100]
        if boxes:
            break
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(300)
    assert boxes
    page.wait_for_timeout(500)
    assert ink(browser, page.screenshot(clip=boxes[0])) > LEAST_INK
    page.close()
