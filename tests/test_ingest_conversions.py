"""Sheets of payments that say less than payouts, or more: conversions, bare rates."""

from __future__ import annotations

import math

from hk_metrics.ingest import load
from tests.small_files import INFLUENCERS, POSTS, TRACKING

SHEET = "id,influencer_id,campaign_id,cost,conversions\n1,1,7,500,20\n2,1,8,300,5\n3,2,7,100,9\n"
PEOPLE = {"influencers.csv": INFLUENCERS.encode()}


def test_conversions_beside_cost_are_orders_without_revenue() -> None:
    data = load(PEOPLE | {"influencer_campaigns.csv": SHEET.encode()}, on_error="reject")
    totals = data.view().totals(["orders", "spend", "revenue", "cpo"]).to_dict()
    assert math.isnan(totals.pop("revenue"))
    assert totals == {"orders": 34, "spend": 900, "cpo": 900 / 34}
    assert data.view().by("campaign", metrics=["orders"])["orders"].to_dict() == {"7": 29, "8": 5}
    note = next(f for f in data.quality.notes if f.code == "conversions")
    assert "'conversions' are counted as the influencers' orders" in note.message


def test_conversions_are_not_added_to_the_orders_of_another_file() -> None:
    files = {"influencer_campaigns.csv": SHEET.encode(), "tracking_data.csv": TRACKING.encode()}
    assert load(PEOPLE | files, on_error="reject").view().totals(["orders"])["orders"] == 8


def test_conversions_are_of_the_day_that_the_sheet_says() -> None:
    dated = SHEET.replace("conversions", "conversions,date").replace("0,20\n", "0,20,2025-03-02\n")
    dated = dated.replace("0,5\n", "0,5,2025-04-02\n").replace("0,9\n", "0,9,2025-04-03\n")
    view = load(PEOPLE | {"sheet.csv": dated.encode()}, on_error="reject").view(
        date=("2025-04-01", "2025-04-30")
    )
    assert view.totals(["orders"])["orders"] == 14


def test_orders_that_are_paid_for_are_no_tracked_orders() -> None:
    paid = b"influencer_id,basis,rate,orders,total_payout\n1,order,10,7,70\n"
    data = load(PEOPLE | {"payouts.csv": paid})
    assert math.isnan(data.view().totals(["orders"])["orders"])


def test_rates_without_totals_say_that_spend_stays_empty() -> None:
    rates = b"payout_id,influencer_id,basis,rate\n1,1,post,900\n2,2,order,30\n"
    data = load(PEOPLE | {"posts.csv": POSTS.encode(), "payouts.csv": rates})
    said = [str(f) for f in data.quality.warnings if f.table == "payouts"]
    assert any("payouts.csv" in s and "has rates but no totals: spend stays empty" in s
               for s in said)  # fmt: skip
    assert any("repair payouts.csv" in s for s in said)
    assert not any("add a file" in s for s in said)
