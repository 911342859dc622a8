"""Tracked rows that a person should know of: of nobody, organic by name, money without orders."""

from __future__ import annotations

from hk_metrics.dataset import Dataset
from hk_metrics.ingest import load
from hk_metrics.quality import Finding
from tests.small_files import TRACKING, files


def _found(data: Dataset, code: str) -> Finding:
    return next(f for f in data.quality.findings if f.code == code)


def test_rows_of_nobody_are_told_apart_by_source() -> None:
    more = """\
organic,Fit,,u5,Whey,2025-03-02,1,100
Organic,Fit,,u6,Whey,2025-03-02,1,100
paid_ad,Fit,,u7,Whey,2025-03-02,1,150
paid_ad,Fit,,u8,Whey,2025-03-03,1,150
paid_ad,Fit,,u9,Whey,2025-03-04,1,150
,Fit,,u9,Whey,2025-03-04,1,50
"""
    data = load(files(tracking_data=TRACKING + more))
    note = _found(data, "organic")
    assert (note.severity, note.count, note.money) == ("note", 6, 700)
    assert note.message == (
        "6 of 11 tracked rows belong to no influencer: 3 paid_ad, 2 organic, 1 without a source. "
        "They are the baseline, counted for no influencer"
    )
    assert data.view().totals(["revenue"])["revenue"] == 2200


def test_organic_row_that_names_an_influencer_is_a_warning_with_its_money() -> None:
    text = TRACKING.replace("SwipeUp,Run,2", "Organic,Run,2").replace("BioLink", "organic")
    data = load(files(tracking_data=text))
    # Run: 400 of influencer 1, 250 of influencer 2.
    warning = _found(data, "organic_influencer")
    assert (warning.severity, warning.count, warning.money, warning.row) == ("warning", 2, 650, 4)
    assert "650.00 of revenue that counts for no influencer" in warning.message
    assert "organic" not in {f.code for f in data.quality.findings}
    assert data.view().totals(["revenue"])["revenue"] == 2200 - 650


def test_revenue_without_an_order_is_a_warning_with_its_money() -> None:
    text = TRACKING.replace(",3,750", ",0,750").replace(",1,250", ",0,0")
    data = load(files(tracking_data=text))
    # The row of 0 and 0 is a touch.
    warning = _found(data, "revenue_without_orders")
    assert (warning.severity, warning.count, warning.money, warning.row) == ("warning", 1, 750, 6)
    assert "750.00" in warning.message
    assert data.view().totals(["revenue"])["revenue"] == 2200 - 250


def test_refund_without_an_order_is_no_revenue_without_one() -> None:
    data = load(files(tracking_data=TRACKING.replace(",3,750", ",0,-750")))
    assert "revenue_without_orders" not in {f.code for f in data.quality.findings}


def test_what_tells_the_brand_of_orders_is_said() -> None:
    text = TRACKING.replace(",Fit,", ",MBFit,").replace("Omega", "HKVitals Omega")
    note = _found(load(files(tracking_data=text)), "brand_told")
    assert (note.severity, note.column) == ("note", "product")
    assert note.message == (
        "no column says the brand of an order: it is told by the product ('HKVitals Omega' is "
        "HKVitals); else by how the campaign's name begins ('MBFit' is MuscleBlaze)"
    )


def test_orders_whose_product_and_campaign_disagree_are_a_warning() -> None:
    text = TRACKING.replace(",Fit,", ",MBFit,").replace("Omega", "HKVitals Omega")
    data = load(files(tracking_data=text))
    # Omega in the campaign MBFit: the last row alone.
    warning = _found(data, "brand_contradiction")
    assert (warning.severity, warning.count, warning.money, warning.row) == ("warning", 1, 750, 6)
    assert "'HKVitals Omega' is of HKVitals, the campaign 'MBFit' of MuscleBlaze" in warning.message
    assert data.view().by("brand", ["revenue"])["revenue"].to_dict() == {
        "HKVitals": 400 + 750, "MuscleBlaze": 300 + 500, "(none)": 250
    }  # fmt: skip


def test_no_brand_is_told_where_a_column_says_it() -> None:
    head, *rows = TRACKING.replace(",Fit,", ",MBFit,").splitlines()
    text = "\n".join([f"{head},brand", *(f"{row},Gritzo" for row in rows)])
    codes = {f.code for f in load(files(tracking_data=text)).quality.findings}
    assert not codes & {"brand_told", "brand_contradiction"}
