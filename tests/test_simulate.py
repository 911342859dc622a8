"""Simulated programmes: plausible, canonical, and equal to their own truth."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import hk_metrics as hk
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.schemas import BASES, TABLES
from hk_metrics.simulate import Scenario, Truth, simulate_tables, write_csv
from hk_metrics.simulate.comparison import credit_beside, lift_beside
from hk_metrics.simulate.in_pieces import write_in_pieces

DTYPES = {
    "id": {pl.String},
    "text": {pl.String},
    "date": {pl.Datetime("us")},
    "count": {pl.Int64},
    "money": {pl.Float64},
    "number": {pl.Float64},
    "flag": {pl.Boolean},
}
Sample = tuple[dict[str, pl.DataFrame], Truth]


@pytest.fixture(scope="module")
def sample() -> Sample:
    return simulate_tables(seed=7)


@pytest.fixture(scope="module")
def tracking(sample: Sample) -> pl.DataFrame:
    return sample[0]["tracking_data"]


def frames(truth: Truth) -> dict[str, pd.DataFrame]:
    made = {f.name: getattr(truth, f.name) for f in fields(truth)}
    return {name: frame for name, frame in made.items() if isinstance(frame, pd.DataFrame)}


# --- what is asked for --------------------------------------------------------------------------


def test_same_seed_gives_the_same_data_and_truth(sample: Sample) -> None:
    tables, truth = simulate_tables(seed=7)
    for name, table in sample[0].items():
        assert_frame_equal(tables[name], table)
    for name, frame in frames(sample[1]).items():
        pd.testing.assert_frame_equal(frames(truth)[name], frame)


def test_another_seed_gives_other_people_and_orders(sample: Sample) -> None:
    tables, _ = simulate_tables(seed=8)
    assert tables["influencers"]["name"].to_list() != sample[0]["influencers"]["name"].to_list()
    assert tables["daily_sales"]["orders"].to_list() != sample[0]["daily_sales"]["orders"].to_list()


def test_sample_has_the_size_that_was_ordered(sample: Sample) -> None:
    tables, _ = sample
    assert len(tables["influencers"]) == 120
    assert 2_300 < len(tables["posts"]) < 2_700
    assert 39_000 < len(tables["tracking_data"]) < 41_000
    assert len(tables["daily_sales"]) == 3 * 180
    for name in ("posts", "tracking_data", "daily_sales"):
        days = tables[name]["date"]
        assert days.min() >= datetime(2025, 1, 1)
        assert days.max() < datetime(2025, 6, 30)


def test_sample_has_every_kind_of_value(sample: Sample) -> None:
    tables, _ = sample

    def values(table: str, column: str) -> set[object]:
        return set(tables[table][column].drop_nulls().unique())

    assert values("influencers", "tier") == {"Nano", "Micro", "Macro", "Mega"}
    assert values("posts", "platform") == {"Instagram", "YouTube", "Twitter"}
    assert values("tracking_data", "source") == {"SwipeUp", "BioLink", "PromoCode", "Organic"}
    assert values("tracking_data", "brand") == {"MuscleBlaze", "HKVitals", "Gritzo"}
    assert values("posts", "campaign") == values("tracking_data", "campaign")
    assert values("payouts", "basis") == set(BASES)
    assert tables["influencers"]["name"].n_unique() == 120


def test_tables_have_canonical_columns_and_types(sample: Sample) -> None:
    for name, table in sample[0].items():
        declared = TABLES[name]
        assert set(declared.required_names) <= set(table.columns) <= set(declared.names)
        for column, dtype in table.schema.items():
            assert dtype in DTYPES[declared[column].kind], (name, column)
            assert declared[column].nullable or table[column].null_count() == 0, (name, column)


def test_sizes_that_make_no_world_are_refused() -> None:
    for wrong in ({"influencers": 0}, {"days": 1}, {"events": 0}, {"seed": -1}):
        with pytest.raises(ParameterError, match=next(iter(wrong))):
            simulate_tables(**wrong)
    with pytest.raises(ParameterError, match=r"incremental_share=1\.2"):
        Scenario(incremental_share=1.2)
    with pytest.raises(UnknownNameError, match="did you mean 'geometric'"):
        simulate_tables(days=30, events=100, scenario=Scenario(kernel="geometrik"))


def test_smallest_world_has_all_tables() -> None:
    tables, truth = simulate_tables(influencers=1, days=2, events=1)
    assert {n for n, t in TABLES.items() if t.required} | {"daily_sales"} == set(tables)
    assert len(truth.influencers) == 1


# --- what must be true of any world -------------------------------------------------------------


def test_organic_orders_belong_to_nobody(tracking: pl.DataFrame) -> None:
    organic = tracking["source"] == "Organic"
    assert 0.15 < organic.mean() < 0.22
    assert (organic == tracking["influencer_id"].is_null()).all()
    assert (organic == tracking["campaign"].is_null()).all()


def test_references_point_to_influencers(sample: Sample) -> None:
    tables, _ = sample
    known = tables["influencers"]["id"].implode()
    for name in ("posts", "tracking_data", "payouts"):
        assert tables[name]["influencer_id"].drop_nulls().is_in(known).all()


def test_refunds_undo_one_earlier_order(tracking: pl.DataFrame) -> None:
    refunds = tracking.filter(pl.col("revenue") < 0)
    assert (refunds["orders"] == 0).all()
    assert len(refunds) == tracking["returned"].sum() > 500
    key = ["user_id", "product", "source", "campaign", "influencer_id"]
    pairs = refunds.with_columns(value=-pl.col("revenue")).join(
        tracking.filter("returned"), left_on=[*key, "value"], right_on=[*key, "revenue"],
        nulls_equal=True,
    )  # fmt: skip
    days = (pairs["date"] - pairs["date_right"]).dt.total_seconds() / 86_400
    assert pairs["tracking_id"].n_unique() == len(refunds)
    assert (days % 1 == 0).all()
    assert days.is_between(3, 14).mean() > 0.99  # the rest: a user's other order of that value


def test_events_are_orders_refunds_or_touches(tracking: pl.DataFrame) -> None:
    assert set(tracking["orders"].unique()) == {0, 1}
    orders = tracking.filter(pl.col("orders") == 1)
    assert (orders["revenue"] > 0).all()
    assert (orders["discount"] >= 0).all()
    assert (orders.filter(pl.col("source") != "PromoCode")["discount"] == 0).all()
    touches = tracking.filter((pl.col("orders") == 0) & (pl.col("revenue") == 0))
    assert 0.35 < len(touches) / len(tracking) < 0.43
    assert not touches["source"].is_in(["PromoCode", "Organic"]).any()


def test_shop_sells_at_least_what_is_tracked(sample: Sample) -> None:
    tables, _ = sample
    seen = (
        tables["tracking_data"]
        .group_by(pl.col("date").dt.truncate("1d"), "brand")
        .agg(pl.sum("orders"))
    )
    both = tables["daily_sales"].join(seen, on=["date", "brand"], suffix="_tracked")
    assert (both["orders"] >= both["orders_tracked"]).all()


def test_tracked_events_follow_a_post_of_that_influencer_and_campaign(sample: Sample) -> None:
    tables, _ = sample
    key = ["influencer_id", "campaign"]
    first = tables["posts"].group_by(key).agg(first_post=pl.min("date"))
    events = tables["tracking_data"].filter(pl.col("influencer_id").is_not_null())
    joined = events.join(first, on=key, how="left")
    assert joined["first_post"].null_count() == 0
    assert (joined["date"] >= joined["first_post"]).all()


def test_payouts_add_up_from_their_terms(sample: Sample) -> None:
    paid = sample[0]["payouts"]
    orders = paid.filter(basis="order")
    assert (orders["rate"] * orders["orders"] - orders["total_payout"]).abs().max() < 0.006
    posts = paid.filter(basis="post")
    units = posts["total_payout"] / posts["rate"]
    assert (units - units.round()).abs().max() < 1e-9
    assert paid.filter(basis="commission")["rate"].is_between(0.05, 0.5).all()
    assert (paid["commission_rate"].is_not_null() == (paid["basis"] == "hybrid")).all()


def test_payouts_come_several_to_an_influencer_and_cover_the_period(sample: Sample) -> None:
    paid = sample[0]["payouts"]
    assert paid.group_by("influencer_id").len()["len"].median() >= 4
    assert 0.1 < paid["campaign"].is_not_null().mean() < 0.7
    assert paid["period_start"].min() == datetime(2025, 1, 1)
    assert paid["period_end"].max() == datetime(2025, 6, 29)
    assert (paid["period_start"] <= paid["period_end"]).all()


def test_post_payouts_pay_every_post_once(sample: Sample) -> None:
    tables, _ = sample
    per_post = tables["payouts"].filter(basis="post")
    paid = per_post.select(units=(pl.col("total_payout") / pl.col("rate")).round())["units"].sum()
    who = per_post["influencer_id"].unique().implode()
    assert paid == tables["posts"]["influencer_id"].is_in(who).sum()


# --- what a marketer would believe --------------------------------------------------------------


def test_returns_look_like_a_programme_with_a_tenth_of_losers(sample: Sample) -> None:
    data, _ = hk.simulate(seed=7)
    by_influencer = data.view().by("influencer_id", metrics=["roas"])["roas"]
    by_influencer = by_influencer.drop("(none)", errors="ignore")
    assert 2.5 < data.view().totals(["roas"])["roas"] < 3.5
    assert 0.06 < (by_influencer < 1).mean() < 0.14
    known = sample[1].influencers
    assert known["loss_making"].sum() == 12
    assert (known.loc[known["loss_making"], "roas"] < 1.2).all()


def test_posts_look_like_posts(sample: Sample) -> None:
    tables, _ = sample
    posts = tables["posts"].join(
        tables["influencers"], left_on="influencer_id", right_on="id", suffix="_home"
    )
    engagements = posts["likes"] + posts["comments"] + posts["shares"] + posts["saves"]
    engaged = engagements / posts["reach"]
    assert 0.01 < engaged.quantile(0.02) < engaged.quantile(0.98) < 0.09
    assert (posts["reach"] < posts["follower_count"]).mean() > 0.97
    assert posts["caption"].str.contains("#").all()
    assert 0.7 < posts["caption"].str.contains("#(ad|sponsored|paidpartnership)").mean() < 0.95
    assert posts["url"].n_unique() == len(posts)


def test_prices_look_like_rupee_prices(tracking: pl.DataFrame) -> None:
    one = tracking.filter((pl.col("product") == "Skin Radiance Collagen") & (pl.col("orders") == 1))
    # ₹1,299 a piece, ₹1,169.10 with a tenth off by code; most orders are for one piece.
    assert one.filter(pl.col("revenue").is_in([1299.0, 1169.1])).height / one.height > 0.7
    values = tracking.filter(pl.col("orders") == 1)["revenue"]
    assert values.max() > 20 * values.median()


def test_journeys_have_several_touches_by_different_influencers(tracking: pl.DataFrame) -> None:
    events = tracking.filter(pl.col("revenue") >= 0).sort("date")
    first = events.group_by("user_id").agg(
        pl.first("influencer_id").alias("first"), pl.last("influencer_id").alias("last"),
        pl.len(), pl.sum("orders"),
    )  # fmt: skip
    assert (first["len"] > 1).mean() > 0.25
    assert (first["orders"] == 0).mean() > 0.05
    assert (first["first"] != first["last"]).mean() > 0.10


# --- the truth ----------------------------------------------------------------------------------


def test_truth_sums_to_the_same_lift_by_day_post_and_influencer(sample: Sample) -> None:
    truth = sample[1]
    lift = truth.daily["lift_orders"].sum()
    assert truth.posts["lift_orders"].sum() == pytest.approx(lift, rel=1e-9)
    assert truth.activity["lift_orders"].sum() == pytest.approx(lift, rel=1e-9)
    assert truth.influencers["lift_orders"].sum() == pytest.approx(lift, rel=1e-9)
    assert truth.influencers["tracked_orders"].sum() == pytest.approx(16_000, rel=1e-6)
    assert truth.lift["lift_orders"].sum() == pytest.approx(lift, rel=1e-9)
    # 70 % of tracked orders are incremental on average, and each brings .15 more untracked.
    assert lift / 16_000 == pytest.approx(0.7 * 1.15, rel=0.08)


def test_baseline_plus_lift_is_what_the_shop_sells(sample: Sample) -> None:
    tables, truth = sample
    expected = truth.daily["baseline_orders"] + truth.daily["lift_orders"]
    z = (tables["daily_sales"]["orders"].to_numpy() - expected) / np.sqrt(expected)
    # Poisson: z has mean 0 ± 1/√540 and mean square 1 ± √(2/540); four standard errors allowed.
    assert abs(z.mean()) < 4 * 0.043
    assert abs((z**2).mean() - 1) < 4 * 0.061
    net = truth.daily["baseline_revenue"] + truth.daily["lift_revenue"]
    assert tables["daily_sales"]["revenue"].sum() == pytest.approx(net.sum(), rel=0.03)


def test_tracked_orders_and_revenue_are_as_true_rates_say(sample: Sample) -> None:
    tables, truth = sample
    seen = (
        tables["tracking_data"]
        .group_by("influencer_id")
        .agg(pl.sum("orders", "revenue"))
        .drop_nulls()
        .to_pandas()
        .set_index("influencer_id")
    )
    both = truth.influencers.join(seen.add_suffix("_seen")).fillna({"orders_seen": 0})
    z = (both["orders_seen"] - both["tracked_orders"]) / np.sqrt(both["tracked_orders"])
    assert abs((z**2).mean() - 1) < 4 * np.sqrt(2 / 120) + 0.2  # few-order influencers are skewed
    assert both["revenue_seen"].sum() == pytest.approx(both["revenue"].sum(), rel=0.03)
    assert both["order_rate"].to_numpy() == pytest.approx(
        (both["tracked_orders"] / both["reach"]).to_numpy()
    )


def test_orders_rise_with_a_post_and_decay(sample: Sample) -> None:
    tables, _ = sample
    tables, _ = simulate_tables(influencers=40, events=100_000)
    post = tables["posts"].sort("reach", descending=True)[0]
    orders = tables["tracking_data"].filter(
        pl.col("influencer_id") == post["influencer_id"][0],
        pl.col("campaign") == post["campaign"][0],
        pl.col("orders") > 0,
    )
    age = (orders["date"].dt.date() - post["date"].dt.date()[0]).dt.total_days()
    assert age.is_between(0, 2).sum() > 1.3 * age.is_between(-3, -1).sum()
    assert age.is_between(0, 2).sum() > 1.3 * age.is_between(9, 11).sum()


def test_pure_leakage_sells_codes_but_lifts_nothing() -> None:
    tables, truth = simulate_tables(scenario=Scenario(incremental_share=0.0))
    assert truth.daily["lift_orders"].abs().sum() == 0
    coded = tables["tracking_data"].filter(pl.col("influencer_id").is_not_null())
    assert coded["orders"].sum() > 9_000
    expected = truth.daily["baseline_orders"].sum()
    assert abs(tables["daily_sales"]["orders"].sum() - expected) < 4 * np.sqrt(expected)
    # A tenth off for someone who would have paid in full costs money.
    assert truth.daily["lift_revenue"].sum() < 0


def test_posts_timed_to_demand_fall_on_strong_days() -> None:
    def match(timed: float) -> float:
        made = Scenario(timed_to_demand=timed, noise=0.2)
        tables, truth = simulate_tables(scenario=made, events=2_000)
        posts = tables["posts"].select(pl.col("date").dt.truncate("1d"), "brand").to_pandas()
        days = truth.daily.merge(posts, on=["date", "brand"])
        return float(days.groupby("brand")["baseline_orders"].mean().sum())

    assert match(4.0) > 1.1 * match(0.0)


def test_saturation_costs_busy_days_more_than_quiet_ones() -> None:
    def share_of_busiest(strength: float) -> float:
        _, truth = simulate_tables(scenario=Scenario(saturation=strength), events=2_000)
        by_day = truth.daily["tracked_orders"]
        return float(by_day.nlargest(30).sum() / by_day.sum())

    assert share_of_busiest(2.0) < 0.9 * share_of_busiest(0.0)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    influencers=st.integers(1, 30),
    days=st.integers(2, 90),
    events=st.integers(1, 2_000),
    share=st.floats(0, 1),
    kernel=st.sampled_from(["geometric", "delayed", "weibull", "lognormal"]),
)
def test_any_world_keeps_its_books(
    seed: int, influencers: int, days: int, events: int, share: float, kernel: str
) -> None:
    world = Scenario(incremental_share=share, kernel=kernel)
    tables, truth = simulate_tables(seed, influencers, days, events, scenario=world)
    events_made = tables["tracking_data"]
    assert events_made["orders"].is_in([0, 1]).all()
    assert (events_made.filter(pl.col("revenue") < 0)["orders"] == 0).all()
    assert tables["payouts"]["total_payout"].sum() == pytest.approx(
        truth.influencers["spend"].sum()
    )
    assert truth.daily["lift_orders"].sum() == pytest.approx(truth.posts["lift_orders"].sum())
    assert (truth.daily["leaked_orders"] <= truth.daily["baseline_orders"] + 1e-9).all()
    sold = tables["daily_sales"]
    assert sold["orders"].sum() >= events_made["orders"].sum()
    assert len(sold) == 3 * days


# --- files and names ----------------------------------------------------------------------------


def test_csv_files_hold_the_same_tables(tmp_path: Path) -> None:
    tables, _ = simulate_tables(influencers=10, days=40, events=500, start=date(2024, 2, 1))
    paths = write_csv(tables, tmp_path / "new" / "folder")
    assert [p.name for p in paths] == [f"{name}.csv" for name in tables]
    for path, table in zip(paths, tables.values(), strict=True):
        back = pl.read_csv(path, schema_overrides={
            name: kind for name, kind in table.schema.items() if kind != pl.Datetime("us")
        })  # fmt: skip
        clocks = [name for name, kind in table.schema.items() if kind == pl.Datetime("us")]
        assert_frame_equal(back.drop(clocks), table.drop(clocks))
    assert paths[-1].read_text().splitlines()[1].startswith("2024-02-01,")


def test_sample_files_load_without_a_single_complaint(sample: Sample, tmp_path: Path) -> None:
    write_csv(sample[0], tmp_path)
    data = hk.load(tmp_path)
    assert not data.quality.errors
    assert not data.quality.warnings
    for name, table in sample[0].items():
        assert_frame_equal(data.tables[name].select(table.columns), table)


def test_importing_simulate_leaves_faker_alone() -> None:
    code = "import sys, hk_metrics.simulate; print('faker' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_simulate_is_callable_however_it_was_imported() -> None:
    import hk_metrics.simulate as package

    data, truth = hk.simulate(seed=3, influencers=5, days=20, events=100)
    again, _ = package(seed=3, influencers=5, days=20, events=100)
    assert_frame_equal(data.tables["posts"], again.tables["posts"])
    assert len(truth.influencers) == 5
    assert data.id == again.id


def test_dataset_id_tells_worlds_apart() -> None:
    size = {"influencers": 3, "days": 10, "events": 20}
    ids = {
        hk.simulate(**size)[0].id,
        hk.simulate(seed=8, **size)[0].id,
        hk.simulate(scenario=Scenario(halo=0.3), **size)[0].id,
    }
    assert len(ids) == 3


def test_truth_by_influencer_adds_up_to_that_by_brand(sample: Sample) -> None:
    truth = sample[1]
    by_brand, by_influencer = truth.lift_by("brand"), truth.lift_by("influencer_id")
    assert by_influencer.sum().tolist() == pytest.approx(by_brand.sum().tolist())


def test_truth_stands_beside_estimates() -> None:
    true = pd.Series({"A": 10.0, "B": 5.0}, name="lift_revenue").rename_axis("brand")
    one = pd.DataFrame(
        {"estimate": [9.0, np.nan], "lower": [8.0, np.nan], "upper": [11.0, np.nan]},
        index=pd.Index(["A", "B"], name="brand"),
    ).assign(method="x", refusal=[None, "Too few days."])
    table = lift_beside(true, one, one.assign(method="y", lower=9.0, upper=9.5))
    assert table.loc[("A", "x"), "covered"]
    assert not table.loc[("A", "y"), "covered"]
    assert table.loc[("B", "x"), "covered"] is pd.NA
    assert table["truth"].tolist() == [10.0, 10.0, 5.0, 5.0]


def test_truth_says_how_much_credit_is_misplaced() -> None:
    true = pd.Series({"A": 30.0, "B": 10.0})
    credit = pd.DataFrame({"revenue": [50.0, 50.0]}, index=["A", "B"])
    credit.attrs["method"] = "Linear"
    row = credit_beside(true, credit).loc["Linear"]
    # Shares ½ and ½ against ¾ and ¼: a quarter of the credit would have to move.
    assert row["misplaced"] == pytest.approx(0.25)
    assert row["credited"] == 100.0
    assert row["lift"] == 40.0


def test_world_in_pieces_is_the_world_drawn_again(tmp_path: Path) -> None:
    """Its people and posts are the same; orders are Poisson draws of the same expectation."""
    paths = write_in_pieces(tmp_path, events=20_000, piece=5_000, kind="parquet")
    parts = [pl.read_parquet(p) for p in paths if p.parent.name == "tracking_data"]
    assert len(parts) == 4
    tracked = pl.concat(parts)
    assert tracked["tracking_id"].is_unique().all()
    whole, _ = simulate_tables(events=20_000)
    assert pl.read_csv(tmp_path / "posts.csv").height == whole["posts"].height
    orders = whole["tracking_data"]["orders"].sum()
    assert abs(tracked["orders"].sum() - orders) < 5 * orders**0.5
    data = hk.load(tmp_path)
    expected = tracked.filter(pl.col("influencer_id").is_not_null())["revenue"].sum()
    assert data.view().totals(["revenue"])["revenue"] == pytest.approx(expected)
    sales = pl.read_csv(tmp_path / "daily_sales.csv", try_parse_dates=True)
    assert sales.select("date", "brand").is_unique().all()
    assert sales["orders"].sum() > tracked["orders"].sum()


def test_optional_tables_come_back_from_files_with_their_truth(tmp_path: Path) -> None:
    beside = ("costs", "deliverables", "margins", "customers")
    sizes = {"influencers": 30, "days": 90, "events": 1_500}
    made, truth = simulate_tables(seed=7, **sizes, beside=beside)
    plain, _ = simulate_tables(seed=7, **sizes)
    assert all(plain[name].equals(made[name]) for name in plain)
    write_csv(made, tmp_path)
    data = hk.load(tmp_path)
    assert {*beside} <= {*data.tables}
    found = hk.deliverables(data).merge(
        truth.beside["deliverables"], on=["influencer_id", "campaign"], suffixes=("", "_true")
    )
    assert len(found) == made["deliverables"].height > 20
    for column in ("on_time", "late", "missing", "to_come"):
        assert found[column].tolist() == found[f"{column}_true"].tolist()
    gifts = hk.seeding(data).merge(
        truth.beside["costs"], on="influencer_id", suffixes=("", "_true")
    )
    assert gifts["state"].tolist() == gifts["state_true"].tolist()
    margin = truth.beside["margins"].set_index("product")["margin"]
    sums = data.view().by("product", metrics=["revenue", "break_even_roas"])
    known = sums[sums["revenue"] > 0]
    assert known["break_even_roas"].tolist() == pytest.approx((1 / margin[known.index]).tolist())
    earlier = truth.beside["customers"].set_index("user_id")["earlier"]
    bought = data.tables["tracking_data"].filter(pl.col("orders") > 0)
    ours = bought.drop_nulls("influencer_id")["user_id"].unique().to_list()
    new = data.view().totals(["new_customers"])["new_customers"]
    assert new <= (~earlier[ours]).sum() < len(ours)


def test_unknown_optional_table_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="There are: costs, deliverables"):
        simulate_tables(seed=1, influencers=3, days=10, events=50, beside=["gifts"])
