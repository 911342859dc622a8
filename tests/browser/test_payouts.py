"""Payouts: filters, totals, breakdowns, rates, single payments, and what does not add up."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from hk_metrics.dataset import Dataset
from hk_metrics.payouts.audit import audit
from hk_metrics.payouts.payments import payments
from tests.browser.conftest import Visit
from tests.browser.reading import amount, column, figure_rows, grid_rows, panel


def test_cards_equal_the_library(tour: Visit, sample: Dataset) -> None:
    tour.show("page=payouts")
    totals = sample.view().totals(["spend", "cpo", "cpm_reach"])
    assert amount(tour.card("spend")) == pytest.approx(totals["spend"], abs=0.005)
    assert amount(tour.card("cpo")) == pytest.approx(totals["cpo"], abs=0.005)
    assert amount(tour.card("cpm_reach")) == pytest.approx(totals["cpm_reach"], abs=0.005)
    spend = sample.view().by("influencer_id", ["spend"])["spend"]
    average = spend[spend > 0].mean()
    assert amount(tour.card("average_per_influencer")) == pytest.approx(average, abs=0.005)


def test_spend_is_broken_down(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=payouts")
    titles = {"basis": "Spend by payout basis", "platform": "Spend by platform",
              "category": "Spend by category"}  # fmt: skip
    for dimension, title in titles.items():
        rows = {r[0]: amount(r[1]) for r in figure_rows(page, title)}
        wanted = sample.view().by(dimension, ["spend"])["spend"]
        assert sum(rows.values()) == pytest.approx(wanted.sum(), abs=0.05)
        assert rows == pytest.approx(wanted[wanted.index.isin(rows)].to_dict(), abs=0.01)


def test_filters_narrow(tour: Visit, sample: Dataset) -> None:
    tour.show("page=payouts")
    chosen: dict[str, str] = {}
    for name, value in (("basis", "post"), ("category", "Fitness"), ("platform", "YouTube")):
        tour.filter(name, value)
        chosen[name] = value
        wanted = sample.view(**chosen).totals(["spend"])["spend"]
        assert amount(tour.card("spend")) == pytest.approx(wanted, abs=0.005)


def test_amount_and_name_narrow_everything(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=payouts")
    spend = sample.view().by("influencer_id", ["spend"])["spend"]
    page.get_by_label("Paid per influencer from").fill("100000")
    page.get_by_label("Paid per influencer from").press("Tab")
    tour.idle()
    wanted = spend[spend >= 100_000].sum()
    expect(page.locator("[data-card=spend]:visible")).not_to_have_attribute("aria-label", "")
    assert amount(tour.card("spend")) == pytest.approx(wanted, abs=0.005)
    name = sample.tables["influencers"].filter(id=str(spend.idxmax()))["name"][0]
    page.get_by_label("Influencer", exact=True).last.fill(name[:5].lower())
    expect(page).to_have_url(re.compile("o.payee="))
    tour.idle()
    assert all(name[:5] in shown for shown in column(page, "Payouts by influencer", "Influencer"))


def test_payments_by_amount_counts_each(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=payouts")
    rows = figure_rows(page, "Payments by amount")
    assert sum(amount(r[1]) for r in rows) == len(payments(sample))


def test_rates_are_told_by_basis(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=payouts")
    rows = {r[0]: r for r in grid_rows(page, "Rates by basis")}
    assert set(rows) == set(sample.tables["payouts"]["basis"].unique())
    assert "of revenue" in " ".join(rows["commission"])
    assert "per post" in " ".join(rows["post"])


def test_most_revenue_per_rupee_is_shown(tour: Visit) -> None:
    page = tour.show("page=payouts")
    values = [amount(r[1]) for r in figure_rows(page, "Most revenue per rupee")]
    assert values == sorted(values, reverse=True)


def test_single_payments_add_up(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=payouts")
    rows = payments(sample)
    expect(panel(page, "Single payments")).to_contain_text(f"{len(rows):,} payments")
    doubts = audit(sample)
    assert len(grid_rows(page, "What does not add up")) == min(8, max(1, len(doubts)))


def test_statement_of_one_influencer(tour: Visit, sample: Dataset) -> None:
    page = tour.show("page=payouts")
    name = column(page, "Payouts by influencer", "Influencer")[0]
    panel(page, "Payouts by influencer").get_by_role("button", name=name).first.click()
    tour.idle()
    key = sample.tables["influencers"].filter(name=name)["id"][0]
    paid = sample.tables["payouts"].filter(influencer_id=key)
    expect(panel(page, f"Statement of {name}")).to_contain_text(f"{paid.height} payments")


def test_nobody_paid_shows_dashes(tour: Visit) -> None:
    page = tour.show("page=payouts&o.payee=zzzz-nobody")
    assert tour.card("spend") == "—"
    expect(panel(page, "Payments by amount")).to_contain_text("Nothing in this view.")


def test_a_saved_view_takes_the_place_of_what_was_typed(tour: Visit) -> None:
    page = tour.show("page=payouts")
    entry = page.get_by_label("Influencer", exact=True).last
    entry.fill("netra")
    expect(page).to_have_url(re.compile("o.payee=netra"))
    tour.idle()
    tour.show("page=payouts")
    expect(entry).to_have_value("")
    entry.press("Tab")
    page.wait_for_timeout(500)
    assert "payee" not in page.url
