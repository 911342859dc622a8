"""Manners: nothing piles up, and every number explains itself."""

from __future__ import annotations

import pytest

from hk_metrics.ui.pages import LABELS
from tests.browser.conftest import Visit
from tests.length import times

CHANGES = times(30, 200)
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


@pytest.mark.parametrize("key", LABELS)
def test_every_card_and_number_column_explains_itself(tour: Visit, key: str) -> None:
    page = tour.show(f"page={key}")
    assert page.locator(".hk-card:visible").evaluate_all(UNEXPLAINED) == []
    heads = page.locator(".hk-grid-table th.hk-num:visible")
    assert heads.evaluate_all(UNEXPLAINED) == []
