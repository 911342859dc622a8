"""`hk.lift`: units, periods, totals, refusals in words, and the real files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.incrementality import disagreements
from hk_metrics.simulate import Truth

COLUMNS = [
    "estimate", "lower", "upper", "tracked", "spend", "iroas", "iroas_lower", "iroas_upper",
    "inconclusive", "method", "assumption", "checks", "refusal",
]  # fmt: skip


@pytest.fixture(scope="module")
def simulated() -> tuple[Dataset, Truth]:
    # Seed 3 of this size is one that no brand's placebo refuses.
    return hk.simulate(seed=3, influencers=60, events=15_000)


@pytest.fixture(scope="module")
def data(simulated: tuple[Dataset, Truth]) -> Dataset:
    return simulated[0]


def changed(data: Dataset, **tables: pl.DataFrame | None) -> Dataset:
    kept = {n: t for n, t in {**data.tables, **tables}.items() if t is not None}
    return replace(data, tables=kept, id="changed", folder=None)


def test_lift_by_brand_covers_the_truth(simulated: tuple[Dataset, Truth]) -> None:
    data, truth = simulated
    found = hk.lift(data, by="brand")
    assert list(found.columns) == COLUMNS
    true = truth.lift.loc[list(found.index), "lift_revenue"]
    inside = (found["lower"] <= true) & (true <= found["upper"])
    # Three 90 % intervals: all three hold in 73 of 100 worlds, at least two in 97.
    assert inside.sum() >= 2
    assert found["iroas"].tolist() == pytest.approx((found["estimate"] / found["spend"]).tolist())
    assert found["refusal"].isna().all()


def test_lift_of_parts_adds_up_to_the_total(data: Dataset) -> None:
    total = hk.lift(data).loc["all"]
    for by in ("platform", "influencer_id", "category"):
        parts = hk.lift(data, by=by)
        # Parts are draws, the total is exact: 2,000 draws leave about 1 %.
        assert parts["estimate"].sum() == pytest.approx(total["estimate"], rel=0.02)
        assert parts["spend"].sum() == pytest.approx(total["spend"])
        assert parts["tracked"].sum() == pytest.approx(total["tracked"])


def test_lift_of_all_is_the_sum_of_its_brands(data: Dataset) -> None:
    total, brands = hk.lift(data).loc["all"], hk.lift(data, by="brand")
    assert total["estimate"] == pytest.approx(brands["estimate"].sum())
    # Errors of their own partly cancel: wider than the widest, narrower than all widths together.
    widths = brands["upper"] - brands["lower"]
    assert widths.max() < total["upper"] - total["lower"] < widths.sum()
    assert all(name in total["checks"] for name in brands.index)


def test_lift_takes_brands_together_where_one_alone_cannot_answer(data: Dataset) -> None:
    sales = data.tables["daily_sales"].group_by("date").agg(pl.sum("revenue", "orders"))
    found = hk.lift(changed(data, daily_sales=sales)).loc["all"]
    assert found["refusal"] is None
    assert "All brands were estimated together" in found["checks"]
    assert "no column brand" in found["checks"]


def test_lift_takes_brands_together_where_posts_have_none(data: Dataset) -> None:
    posts = data.tables["posts"].with_columns(
        brand=pl.lit(None, dtype=pl.String), campaign=pl.lit(None, dtype=pl.String)
    )
    found = hk.lift(changed(data, posts=posts)).loc["all"]
    assert found["refusal"] is None
    assert "sum of its brands" not in found["assumption"]
    assert "sum of its brands" in hk.lift(data).loc["all", "assumption"]


def test_lift_of_a_campaign_is_its_brand_s(data: Dataset) -> None:
    brands, campaigns = hk.lift(data, by="brand"), hk.lift(data, by="campaign")
    gritzo = [name for name in campaigns.index if name.startswith("Gritzo")]
    whole = brands.loc["Gritzo", "estimate"]
    # A few orders of the brand have another campaign, or none.
    assert campaigns.loc[gritzo, "estimate"].sum() == pytest.approx(whole, rel=0.1)


def test_lift_of_a_filter_is_its_part(data: Dataset) -> None:
    parts = hk.lift(data, by="platform")
    only = hk.lift(data, platform=["YouTube"]).loc["all"]
    assert only["estimate"] == pytest.approx(parts.loc["YouTube", "estimate"], rel=1e-6)
    assert only["spend"] == pytest.approx(parts.loc["YouTube", "spend"])
    brand = hk.lift(data, brand="Gritzo").loc["all"]
    assert brand["estimate"] == pytest.approx(hk.lift(data, by="brand").loc["Gritzo", "estimate"])


def test_lift_of_two_periods_adds_up(data: Dataset) -> None:
    early = hk.lift(data, date=("2025-01-01", "2025-03-31")).loc["all"]
    late = hk.lift(data, date=("2025-04-01", "2025-06-30")).loc["all"]
    whole = hk.lift(data).loc["all"]
    for name in ("estimate", "tracked"):
        assert early[name] + late[name] == pytest.approx(whole[name], rel=1e-6)


@pytest.mark.parametrize("by", ["brand", "campaign", "platform", "influencer_id"])
def test_view_with_a_method_shows_its_incremental_roas(data: Dataset, by: str) -> None:
    table = data.view(lift="post_response").by(by, ["roas", "incremental_roas"])
    assert list(table.columns) == [
        "roas", "incremental_roas", "incremental_roas_lower", "incremental_roas_upper",
    ]  # fmt: skip
    expected = hk.lift(data, by=by).loc[table.index]
    for ours, theirs in (("", "iroas"), ("_lower", "iroas_lower"), ("_upper", "iroas_upper")):
        found = table[f"incremental_roas{ours}"].tolist()
        assert found == pytest.approx(expected[theirs].tolist(), nan_ok=True)
    assert table.attrs["lift"]["method"] == "post_response"
    plain = data.view().by(by, ["roas", "incremental_roas"])
    assert table["roas"].tolist() == pytest.approx(plain["roas"].tolist(), nan_ok=True)


def test_view_with_a_method_totals_and_periods(data: Dataset) -> None:
    view = data.view(lift="post_response", date=("2025-03-01", "2025-04-30"))
    totals = view.totals(["incremental_revenue", "incremental_roas"])
    found = hk.lift(data, date=("2025-03-01", "2025-04-30")).loc["all"]
    assert totals["incremental_revenue"] == pytest.approx(found["estimate"])
    assert totals["incremental_revenue_upper"] == pytest.approx(found["upper"])
    assert totals["incremental_roas_lower"] == pytest.approx(found["iroas_lower"])


def test_view_with_a_method_says_why_it_cannot_tell(data: Dataset) -> None:
    view = data.view(lift="interrupted")
    brands = view.by("brand", ["incremental_roas"])
    refused = hk.lift(data, "interrupted", by="brand")["refusal"].dropna()
    assert len(refused)
    for name, reason in refused.items():
        assert brands.loc[[name]].isna().all(axis=None)
        assert str(name) in brands.attrs["unavailable"]["incremental_roas"]
        assert reason in brands.attrs["unavailable"]["incremental_roas"]
    monthly = view.trend("M", ["incremental_roas", "roas"])
    assert monthly["incremental_roas"].isna().all()
    assert monthly["roas"].notna().any()
    assert "leave out the frequency" in monthly.attrs["unavailable"]["incremental_roas"]
    organic = view.where(organic=[True]).totals(["incremental_roas"])
    assert organic.isna().all()


def test_view_with_a_method_of_days_without_data_is_empty(data: Dataset) -> None:
    nothing = data.view(lift="post_response", date=("2035-01-01", "2035-01-31"))
    table = nothing.by("brand", ["incremental_roas"])
    assert table.empty
    assert "incremental_roas_lower" in table


def test_view_with_the_assumed_share_is_the_metric_itself(data: Dataset) -> None:
    assumed = data.view(lift="assumed_share").by("brand", ["incremental_roas"])
    plain = data.view().by("brand", ["incremental_roas"])
    assert assumed["incremental_roas"].tolist() == pytest.approx(plain["incremental_roas"].tolist())
    assert assumed["incremental_roas_lower"].isna().all()
    with pytest.raises(UnknownNameError, match="post_response"):
        data.view(lift="post_respond")


def test_lift_of_orders_has_no_roas(data: Dataset) -> None:
    found = hk.lift(data, outcome="orders").loc["all"]
    assert 0 < found["estimate"] < data.tables["daily_sales"]["orders"].sum()
    assert np.isnan(found["iroas"])


def test_lift_takes_a_view_and_its_sales(data: Dataset) -> None:
    view = data.view(brand="Gritzo")
    given = hk.lift(view, sales=data.tables["daily_sales"]).loc["all"]
    assert given["estimate"] == pytest.approx(hk.lift(data, brand="Gritzo").loc["all", "estimate"])


def test_lift_without_a_total_says_what_to_add(data: Dataset) -> None:
    tracked = data.tables["tracking_data"].filter(pl.col("influencer_id").is_not_null())
    bare = changed(data, daily_sales=None, tracking_data=tracked)
    for method in ("post_response", "interrupted"):
        row = hk.lift(bare, method).loc["all"]
        assert "Only tracked orders are here" in row["refusal"]
        assert "orders of no influencer in tracking_data" in row["refusal"]
        assert "daily_sales with date, revenue and orders" in row["refusal"]
        assert np.isnan(row["estimate"])
        assert row["spend"] > 0
    assert hk.lift(bare, "assumed_share").loc["all", "refusal"] is None


def test_lift_takes_tracked_and_organic_orders_for_the_total(data: Dataset) -> None:
    assert hk.lift(changed(data, daily_sales=None)).loc["all", "refusal"] is None


def test_lift_refuses_sales_that_are_no_total(data: Dataset) -> None:
    sales = data.tables["daily_sales"]
    small = changed(data, daily_sales=sales.with_columns(pl.col("revenue") / 100))
    assert "less than the" in hk.lift(small).loc["all", "refusal"]
    gap = changed(data, daily_sales=sales.filter(pl.col("date").dt.day() != 5))
    # 5 January to 5 June: six days.
    assert "no row for 6 of 180 days (the first: 2025-01-05)" in hk.lift(gap).loc["all", "refusal"]
    whole = changed(data, daily_sales=sales.drop("brand"))
    assert "has no column brand" in hk.lift(whole, by="brand").iloc[0]["refusal"]


def test_lift_calls_thin_evidence_inconclusive(data: Dataset) -> None:
    found = hk.lift(data, by="influencer_id")
    orders = data.view().by("influencer_id", metrics=["orders"])["orders"]
    thin = found.index[orders.loc[found.index] < 20]
    assert len(thin) > 0
    assert found.loc[thin, "inconclusive"].all()
    assert not found["inconclusive"].all()


def test_assumed_share_is_the_settings_or_the_one_given(data: Dataset) -> None:
    tracked = data.view().totals(["revenue"])["revenue"]
    assert hk.lift(data, "assumed_share").loc["all", "estimate"] == pytest.approx(0.8 * tracked)
    given = hk.lift(data, "assumed_share", baseline_share=0.35).loc["all"]
    assert given["estimate"] == pytest.approx(0.65 * tracked)
    assert np.isnan([given["lower"], given["iroas_upper"]]).all()


def test_lift_names_what_does_not_exist(data: Dataset) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'post_response'"):
        hk.lift(data, "post_respons")
    with pytest.raises(UnknownNameError, match="did you mean 'platform'"):
        hk.lift(data, by="platfrom")
    with pytest.raises(UnknownNameError, match="did you mean 'revenue'"):
        hk.lift(data, outcome="revenues")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="is not a day"):
        hk.lift(data, events={"Sale": ["soon"]})
    with pytest.raises(ParameterError, match="only the method 'interrupted'"):
        hk.lift(data, start="2025-03-01")


def test_lift_takes_events_as_days(data: Dataset) -> None:
    plain = hk.lift(data).loc["all", "estimate"]
    # A sale on one day changes little.
    one = hk.lift(data, events={"Sale": ["2025-02-14"]}).loc["all", "estimate"]
    assert one != plain
    assert one == pytest.approx(plain, rel=0.2)


def test_lift_without_tracked_orders_cannot_be_shared(data: Dataset) -> None:
    organic = data.tables["tracking_data"].with_columns(influencer_id=pl.lit(None, dtype=pl.String))
    untracked = changed(data, tracking_data=organic)
    assert hk.lift(untracked).loc["all", "refusal"] is None
    parts = hk.lift(untracked, by="influencer_id")
    assert parts["refusal"].str.startswith("Nothing was tracked here").all()


def test_lift_counts_posts_alike_where_none_has_a_reach(data: Dataset) -> None:
    blind = changed(data, posts=data.tables["posts"].with_columns(reach=pl.lit(0)))
    assert hk.lift(blind).loc["all", "refusal"] is None


def test_lift_survives_empty_tables(data: Dataset) -> None:
    silent = changed(data, posts=data.tables["posts"].clear())
    assert hk.lift(silent).loc["all", "refusal"] == "The data has no posts."
    assert "no posts" in hk.lift(silent, "interrupted").loc["all", "refusal"]
    empty = changed(data, tracking_data=data.tables["tracking_data"].clear(), daily_sales=None)
    assert hk.lift(empty).loc["all", "refusal"] == "The data has no tracked orders."


def frame(method: str, estimate: float, lower: float, upper: float) -> Any:
    import pandas as pd

    fields = {"estimate": [estimate], "lower": [lower], "upper": [upper], "method": [method]}
    return pd.DataFrame(fields, index=["all"])


def test_disagreements_are_told_beyond_intervals_only() -> None:
    one, two = frame("a", 5, 4, 6), frame("b", 7, 5.5, 9)
    point, refused = frame("c", 10, np.nan, np.nan), frame("d", np.nan, np.nan, np.nan)
    assert disagreements(one, two, refused)["all"] == ""
    assert disagreements(one, point)["all"].startswith("a (4–6) and c (10) disagree")


# -- the real files -------------------------------------------------------------------------


def test_lift_on_the_reference_refuses_but_for_the_assumed_share(reference: Path) -> None:
    data = hk.load(str(reference))
    for method in ("post_response", "interrupted"):
        assert (
            "orders of no influencer on 0 of 121 days"
            in hk.lift(data, method).loc["all", "refusal"]
        )
    row = hk.lift(data, "assumed_share").loc["all"]
    # 3,786,492.07 × 0.8 ÷ 1,264,269.
    assert row["iroas"] == pytest.approx(2.396, abs=5e-5)
    assert "10% → 3,407,843, 20% → 3,029,194, 30% → 2,650,544" in row["checks"]


def test_lift_refuses_orders_that_all_lie_on_one_day(shared_data: Path) -> None:
    data = hk.load(str(shared_data / "messy" / "paid-organic-source"), on_error="reject")
    for method in ("post_response", "interrupted"):
        refusal = hk.lift(data, method).loc["all", "refusal"]
        assert refusal.startswith("All orders lie on one day (2025-07-20)")
