"""The notebook is the product: it draws, and follows a filter, wherever widgets draw."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page

from hk_metrics.store import Store
from tests.browser.doors import DRAWN, SECONDS, Door, ink, opened, preview, run_all

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
    wanted = data.view(brand="Gritzo").totals(["revenue"])["revenue"]
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
