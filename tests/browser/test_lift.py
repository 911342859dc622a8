"""ROAS and lift: total against incremental, models, segments, health, and the what-if."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.incrementality import LABELS, best
from hk_metrics.ranking.portfolio import segments
from tests.browser.conftest import Opener, Visit
from tests.browser.reading import amount, column, figure_rows, grid_rows, panel, sentences

METHODS = ("Response to posts", "Before and after", "Assumed share")
NAMES = ["revenue", "spend", "profit", "roas", "roi"]


def test_cards_equal_the_library(tour: Visit, sample: Dataset) -> None:
    tour.show("page=roas")
    totals = sample.view().totals(NAMES)
    for name in ("revenue", "spend", "profit"):
        assert amount(tour.card(name)) == pytest.approx(totals[name], abs=0.005)
    assert amount(tour.card("roas")) == pytest.approx(totals["roas"], abs=5e-5)


def test_incremental_roas_stands_beside_total(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas&o.tab=lift&o.method=assumed_share&o.baseline=20")
    rows = figure_rows(page, "Total and incremental ROAS")
    told = {r[0]: r[1] for r in rows}
    total = sample.view().totals(["roas"])["roas"]
    assert amount(told["Total, as credited"]) == pytest.approx(total, abs=0.005)
    assert amount(told["Incremental: assumed share"]) == pytest.approx(0.8 * total, abs=0.005)
    assert amount(tour.card("incremental_roas")) == pytest.approx(0.8 * total, abs=5e-5)


def test_every_method_says_its_assumption_or_why_not(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas&o.tab=lift")
    told = sentences(page, "What each method assumes")
    for label in METHODS:
        assert re.search(f"^{label}( does not answer)?: ", told, re.M)


def test_lift_by_brand_has_intervals_and_a_verdict(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas&o.tab=lift")
    found = hk.lift(sample, by="brand")
    rows = grid_rows(page, "Lift by brand")
    assert len(rows) == len(found)
    shown = dict(zip(column(page, "Lift by brand", "Brand"),
                     column(page, "Lift by brand", "Incremental ROAS"), strict=True))  # fmt: skip
    for name, value in found["iroas"].items():
        assert amount(shown[str(name)]) == pytest.approx(value, abs=0.005)
    assert all(column(page, "Lift by brand", "Verdict"))


def test_attribution_model_is_chosen(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas")
    page.get_by_label("Credit orders by").select_option("first_touch")
    tour.idle()
    expect(page).to_have_url(re.compile("o.model=first_touch"))
    before = sample.view().by("campaign", ["roi"])["roi"]
    after = sample.view(attribution="first_touch").by("campaign", ["roi"])["roi"]
    rows = {r[0]: amount(r[1]) / 100 for r in figure_rows(page, "ROI by campaign")}
    assert rows == pytest.approx(after[after.index.isin(rows)].to_dict(), abs=0.001)
    assert after.to_dict() != pytest.approx(before.to_dict())


TABS = {"Return": "ROI by day", "Lift": "Lift by brand", "Credit": "Revenue under every model",
        "Plan": "Budget moved"}  # fmt: skip
STRANGE = re.compile(r"post_response|assumed_share|interrupted|removal effect|posterior|\bbeta\b|β")


def test_tabs_hold_two_screens_each_in_plain_words(visit: Opener) -> None:
    opened = visit()
    page = opened.open("page=roas")
    heights = {}
    for label in TABS:
        page.get_by_role("tab", name=label).click()
        opened.idle()
        for other, title in TABS.items():
            there = page.locator(".hk-panel-title:visible", has_text=title)
            expect(there).to_have_count(int(other == label))
        assert not STRANGE.search(page.locator(".hk-main").inner_text())
        heights[label] = page.evaluate("document.querySelector('.hk-app').scrollHeight")
    assert max(heights.values()) <= 2 * 900, heights
    # By the keyboard, too; the link says which, and Reset goes back to the first.
    page.get_by_role("tab", name="Plan").focus()
    page.keyboard.press("ArrowRight")
    opened.idle()
    expect(page.get_by_role("tab", name="Return")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="Return")).to_be_focused()
    page.keyboard.press("End")
    opened.idle()
    expect(page).to_have_url(re.compile("o.tab=plan"))


def test_it_says_which_method_to_use_and_why(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas&o.tab=lift")
    told = sentences(page, "Which method to trust")
    found = best(sample)
    start = f"Use {found.label} here, because "
    assert start in told if found.method != "assumed_share" else "Nothing here is measured" in told
    for method, why in found.passed_over.items():
        assert f"{LABELS[method]} does not do here: {why}" in told


def test_filters_narrow(tour: Visit, sample: Dataset) -> None:
    tour.show("page=roas&campaign=HKFitBlast")
    wanted = sample.view(campaign="HKFitBlast").totals(["revenue"])["revenue"]
    assert amount(tour.card("revenue")) == pytest.approx(wanted, abs=0.005)
    tour.filter("source", "BioLink")
    both = sample.view(campaign="HKFitBlast", source="BioLink").totals(["revenue"])["revenue"]
    assert amount(tour.card("revenue")) == pytest.approx(both, abs=0.005)


def test_histogram_scatter_and_daily_roi(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas")
    paid = sample.view().by("influencer_id", ["roas", "spend", "revenue"]).query("spend > 0")
    assert sum(amount(r[1]) for r in figure_rows(page, "ROAS of influencers")) == len(paid)
    expect(panel(page, "Spend and revenue")).to_contain_text("Above the line")
    assert len(figure_rows(page, "Spend and revenue")) == len(paid[paid["revenue"] > 0])
    assert len(figure_rows(page, "ROI by day")) == len(sample.view().trend("D"))


def test_segments_and_health(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas")
    people = sample.view().by("influencer_id", NAMES).query("spend > 0")
    wanted = segments(people, sample.settings.bands["roi"])
    rows = {r[0]: amount(r[1]) for r in grid_rows(page, "Segments by ROI")}
    assert rows == wanted["influencers"].to_dict()
    profitable = int((people["profit"] > 0).sum())
    told = sentences(page, "Portfolio health")
    assert f"{profitable} of {len(people)} paid influencers bring more than they cost." in told


def test_top_and_poorest_ten(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas")
    roas = sample.view().by("influencer_id", ["roas", "spend"]).query("spend > 0")["roas"]
    top = [amount(v) for v in column(page, "Top 10", "ROAS")]
    poor = [amount(v) for v in column(page, "Poorest 10", "ROAS")]
    assert top == pytest.approx(sorted(roas, reverse=True)[:10], abs=0.005)
    assert poor == pytest.approx(sorted(roas)[:10], abs=0.005)


def test_models_are_compared(tour: Visit) -> None:
    page = tour.show("page=roas&o.tab=credit&o.players=platform")
    rows = grid_rows(page, "Revenue under every model")
    assert {r[0] for r in rows} == {"Instagram", "YouTube", "Twitter"}
    assert len(sentences(page, "What each model assumes").splitlines()) >= 7


def test_what_if_keeps_the_budget_asked_for(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas&o.tab=plan&o.beta=0.7")
    assert "more tracked revenue" in sentences(page, "What it promises")
    page.get_by_label("What if the budget were").fill("1")
    tour.idle()
    expect(panel(page, "What it promises")).to_contain_text("outside what the bounds allow")


def test_a_test_is_planned_and_its_plan_taken_away(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=roas&o.tab=lift&o.length=8&o.draw=3")
    plan = hk.plan_experiment(sample, weeks=8, seed=3)
    told = sentences(page, "Find out: the plan of a test")
    for head, words in plan.points.items():
        assert f"{head}: {words}" in told
    smallest = dict(
        zip(column(page, "What other tests would show", "Weeks"),
            column(page, "What other tests would show", "Smallest lift told"), strict=True))  # fmt: skip
    assert set(smallest) == {f"{w}" for w in plan.power["weeks"]}
    with page.expect_download(timeout=90_000) as coming:
        page.get_by_role("button", name="Download the plan").click()
    tour.idle()
    assert coming.value.suggested_filename == f"find-out-weeks-{plan.start}.md"
    assert Path(coming.value.path()).read_text("utf-8") == plan.text
    # No cities in these sales: said, with what to do instead, and nothing to take away.
    page = tour.show("page=roas&o.tab=lift&o.design=cities")
    assert "no column city" in sentences(page, "Find out: the plan of a test")
    page = tour.show("page=roas&o.tab=lift&o.test=soon")
    assert "like 2025-05-05" in sentences(page, "What the test found")
    # Nobody held anything back in these weeks: read, and nothing is calibrated by it.
    page = tour.show("page=roas&o.tab=lift&o.length=8&o.test=2025-03-03&o.calibrate=yes")
    assert "so this calibrates nothing" in sentences(page, "What the test found")
    assert "calibrated by" not in panel(page, "Lift by brand").inner_text()
