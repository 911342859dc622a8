"""Manners: nothing piles up, and every number explains itself."""

from __future__ import annotations

import pytest

from hk_metrics.ui.pages import LABELS
from tests.browser.conftest import Visit
from tests.length import times

CHANGES = times(30, 200)
DRAWN = "stages => stages.map(s => s.dataset.drawn)"
WIDTHS = "stages => stages.map(s => Math.abs(s._fullLayout.width - s.parentNode.clientWidth) <= 1)"
UNEXPLAINED = """els => els.filter(e => e.checkVisibility() && !e.querySelector(".hk-why"))
    .map(e => e.innerText.trim())"""


def test_filter_changes_leave_no_elements_behind(tour: Visit) -> None:
    page = tour.show("brand=Gritzo")
    tour.show("")
    before = page.evaluate("document.getElementsByTagName('*').length")
    boxes = page.locator("details[data-facet=brand] input[type=checkbox]")
    for change in range(CHANGES):
        boxes.nth(change // 2 % 3).click()
        page.wait_for_timeout(20)
    tour.idle()
    tour.show("")
    page.mouse.move(0, 0)
    after = page.evaluate("document.getElementsByTagName('*').length")
    assert after <= before + 5


def test_capture_of_a_whole_page_draws_no_chart_anew(tour: Visit) -> None:
    page = tour.show("page=campaigns")
    charts = page.locator(".hk-stage:visible")
    before = charts.evaluate_all(DRAWN)
    page.set_viewport_size({"width": 1, "height": 1})  # as Chromium does for a moment
    page.wait_for_timeout(500)
    narrow = charts.evaluate_all(DRAWN)
    page.set_viewport_size({"width": 1440, "height": 900})
    tour.idle()
    assert before and narrow == before
    assert charts.evaluate_all(WIDTHS) == [True] * len(before)


@pytest.mark.parametrize("key", LABELS)
def test_every_card_and_number_column_explains_itself(tour: Visit, key: str) -> None:
    page = tour.show(f"page={key}")
    assert page.locator(".hk-card:visible").evaluate_all(UNEXPLAINED) == []
    heads = page.locator(".hk-grid-table th.hk-num:visible")
    assert heads.evaluate_all(UNEXPLAINED) == []
