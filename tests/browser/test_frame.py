"""The frame: filters, link, chips, pages, theme, drawer, and the numbers in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from hk_metrics.dataset import Dataset
from tests.browser.conftest import Opener, Visit
from tests.browser.reading import amount


def test_start_shows_sample_and_says_so(visit: Opener, sample: Dataset) -> None:
    page = visit().open()
    expect(page.get_by_text("This is generated sample data.")).to_be_visible()
    assert page.locator("#hk-skeleton").count() == 0
    # A session is made before it is known who comes: what they may do is shown then.
    expect(page.get_by_role("button", name="Set target")).to_be_visible()


def test_cards_equal_the_library(tour: Visit, sample: Dataset) -> None:
    tour.show("period=all")
    totals = sample.view().totals(["revenue", "spend", "orders"])
    assert amount(tour.card("revenue")) == pytest.approx(totals["revenue"], abs=0.005)
    assert amount(tour.card("spend")) == pytest.approx(totals["spend"], abs=0.005)
    assert amount(tour.card("orders")) == totals["orders"]


def test_filter_narrows_cards_and_link(tour: Visit, sample: Dataset) -> None:
    page = tour.show("period=all")
    tour.filter("brand", "Gritzo")
    wanted = sample.view(brand="Gritzo").totals(["revenue"])["revenue"]
    assert amount(tour.card("revenue")) == pytest.approx(wanted, abs=0.005)
    expect(page).to_have_url(f"{tour.url}?period=all&brand=Gritzo")
    expect(page.locator(".hk-chip")).to_have_text("Brand: Gritzo×")


def test_shared_link_opens_same_view(visit: Opener, sample: Dataset) -> None:
    opened = visit()
    page = opened.open("page=campaigns&brand=Gritzo&platform=YouTube&from=2025-05-01&to=2025-05-31")
    view = sample.view(brand="Gritzo", platform="YouTube", date=("2025-05-01", "2025-05-31"))
    wanted = view.totals(["revenue"])["revenue"]
    expect(page.locator(".hk-nav a[aria-current=page]")).to_have_text("Campaigns")
    assert amount(opened.card("revenue")) == pytest.approx(wanted, abs=0.005)
    assert page.locator(".hk-chip").count() == 2


def test_reload_and_back_restore_choices(visit: Opener) -> None:
    opened = visit()
    page = opened.open()
    before = opened.card("revenue")
    opened.filter("brand", "Gritzo")
    narrowed = opened.card("revenue")
    assert narrowed != before
    page.reload(wait_until="commit")
    page.wait_for_function("performance.getEntriesByName('hk-ready').length > 0", timeout=120_000)
    expect(page.locator("[data-card=revenue]")).to_have_attribute(
        "aria-label", f"Revenue: {narrowed}"
    )
    page.locator(".hk-chip button").click()
    expect(page.locator("[data-card=revenue]")).to_have_attribute(
        "aria-label", f"Revenue: {before}"
    )
    page.go_back()
    expect(page.locator("[data-card=revenue]")).to_have_attribute(
        "aria-label", f"Revenue: {narrowed}"
    )


def test_chip_and_reset_widen_again(tour: Visit) -> None:
    page = tour.show("brand=Gritzo&source=BioLink")
    page.get_by_label("Remove Brand: Gritzo").click()
    tour.idle()
    expect(page.locator(".hk-chip")).to_have_text("Source: BioLink×")
    page.get_by_role("button", name="Reset all").click()
    expect(page.locator(".hk-chip")).to_have_count(0)
    expect(page).to_have_url(tour.url)


def test_period_presets_and_comparison(tour: Visit, sample: Dataset) -> None:
    page = tour.show()
    page.get_by_label("Period").select_option("last_28")
    tour.idle()
    assert sample.ledger.period is not None
    last = sample.ledger.period[1]
    expect(page.get_by_label("Last day")).to_have_value(last.isoformat())
    expect(page.locator(".hk-lead:visible")).to_contain_text("compared with")
    expect(page.locator("[data-card=revenue]:visible .hk-delta")).to_be_visible()
    page.get_by_label("Compare to").select_option("none")
    expect(page.locator("[data-card=revenue]:visible .hk-delta")).to_have_count(0)


def test_click_on_a_bar_narrows_to_it(visit: Opener) -> None:
    page = visit().open()
    bar = (
        page.locator("figure, .hk-panel", has_text="Revenue by platform")
        .locator(".bars .point path")
        .last
    )
    bar.scroll_into_view_if_needed()
    bar.hover(force=True)
    expect(page.locator(".hoverlayer .hovertext").first).to_be_visible()
    bar.click(force=True)
    expect(page.locator(".hk-chip")).to_contain_text("Platform: ")


def test_empty_selection_shows_dashes(tour: Visit) -> None:
    tour.show("from=2030-01-01&to=2030-01-02")
    assert tour.card("revenue") == "—"
    assert tour.card("roas") == "—"
    for page in tour.page.locator(".hk-nav a").evaluate_all(
        "links => links.map(l => l.dataset.page)"
    ):
        tour.go(page)
        expect(tour.page.locator("#hk-banner")).to_be_hidden()


def test_link_of_another_dataset_still_opens(visit: Opener) -> None:
    page = visit().open("brand=Nobody&nonsense=1&from=yesterday&page=nowhere")
    expect(page.get_by_text("Left out of the filters").first).to_be_visible()


def test_theme_switch_is_kept(visit: Opener) -> None:
    opened = visit(color_scheme="light")
    page = opened.open()
    page.get_by_label("Light or dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload(wait_until="commit")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")


def test_drawer_on_a_small_screen(visit: Opener) -> None:
    opened = visit(viewport={"width": 390, "height": 844})
    page = opened.open()
    expect(page.get_by_label("Period")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_label("Period")).to_be_visible()
    opened.filter("brand", "Gritzo")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_label("Period")).to_be_hidden()
    expect(page.locator(".hk-chip")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_figure_shows_its_data_as_table(visit: Opener, sample: Dataset) -> None:
    page = visit().open("period=all")
    panel = page.locator(".hk-panel", has_text="Revenue by brand").first
    panel.get_by_label("Show as table").click()
    rows = panel.locator("tbody tr")
    expect(rows).to_have_count(len(sample.view().by("brand", ["revenue"])))


def test_every_card_explains_itself(tour: Visit) -> None:
    page = tour.show()
    page.get_by_role("button", name="What is ROAS?").first.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("revenue ÷ spend")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_pages_are_reached_by_keyboard(tour: Visit) -> None:
    page = tour.show()
    page.locator(".hk-nav a[data-page=campaigns]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".hk-nav a[aria-current=page]")).to_have_text("Campaigns")


def test_share_copies_a_link_to_this_view(visit: Opener) -> None:
    opened = visit(permissions=["clipboard-read", "clipboard-write"])
    page = opened.open("page=campaigns&brand=Gritzo")
    page.get_by_role("button", name="Share this view").click()
    expect(page.locator("#hk-banner")).to_contain_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_view_is_saved_by_name_and_picked_again(tour: Visit) -> None:
    page = tour.show("page=payouts&platform=YouTube")
    before = tour.card("spend")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_label("Name this view").fill("<b>YouTube</b> pay")
    page.get_by_role("button", name="Save", exact=True).click()
    tour.go("overview")
    page.get_by_role("button", name="Reset all").click()
    tour.idle()
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("button", name="<b>YouTube</b> pay", exact=True).click()
    expect(page.locator(".hk-chip")).to_have_text("Platform: YouTube×")
    expect(page.locator("[data-card=spend]:visible")).to_have_attribute(
        "aria-label", f"Spend: {before}"
    )
    page.get_by_role("button", name="Saved views").click()
    page.get_by_label("Delete <b>YouTube</b> pay").click()
    page.get_by_role("button", name="Saved views").click()
    expect(page.get_by_text("Nothing saved yet")).to_be_visible()


def test_quality_badge_opens_the_report(tour: Visit) -> None:
    page = tour.show()
    page.get_by_title("Open the quality report").click()
    expect(page.locator(".hk-panel-title", has_text="Quality report").first).to_be_visible()
