"""Metrics: declared once, consistent, extensible."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.metrics import METRICS, Measure, Ratio, parts, register
from hk_metrics.settings import Settings
from tests.worked_example import POSTS, TABLES, TRACKING


@pytest.fixture
def catalogue() -> Iterator[None]:
    before = dict(METRICS)
    yield
    for name in set(METRICS) - set(before):
        del METRICS[name]


@pytest.mark.parametrize("name", list(METRICS))
def test_metric_explains_itself(name: str) -> None:
    metric = METRICS[name]
    assert metric.name == name
    assert metric.label
    assert metric.formula
    assert all(part in METRICS for part in parts(name))


def test_metrics_of_the_design_are_all_there() -> None:
    named = """revenue orders spend profit posts reach likes comments impressions video_views shares
    saves clicks engagements customers new_customers roas roi incremental_roas aov cpo cac cpm_reach
    cpm cpe cpc cost_per_post engagement_rate engagement_rate_by_followers conversion_rate
    revenue_per_post revenue_per_1k_reach repeat_rate emv"""
    assert set(named.split()) <= set(METRICS)


def test_unknown_metric_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'roas'"):
        METRICS["raos"]


@pytest.mark.usefixtures("catalogue")
def test_registered_ratio_is_computed_like_any_other() -> None:
    register(Ratio("likes_per_comment", "likes", "comments", unit="times"))
    # 330 likes, 80 comments
    assert Dataset(TABLES).view().totals()["likes_per_comment"] == 330 / 80


@pytest.mark.usefixtures("catalogue")
def test_ratio_of_a_ratio_is_refused() -> None:
    with pytest.raises(ParameterError, match="itself a ratio"):
        register(Ratio("nonsense", "roas", "orders"))


@pytest.mark.usefixtures("catalogue")
def test_settings_declare_metrics_of_ones_own() -> None:
    declared = {"name": "cost_per_like", "numerator": "spend", "denominator": "likes"}
    data = Dataset(TABLES, Settings(extra_metrics=(declared,)))
    assert data.view().totals(["cost_per_like"])["cost_per_like"] == 890 / 330
    with pytest.raises(ParameterError, match="numerator"):
        Dataset(TABLES, Settings(extra_metrics=({"name": "half"},)))


def test_shares_and_saves_count_as_engagement_where_present() -> None:
    posts = POSTS.with_columns(shares=5, saves=1)
    tables = {**TABLES, "posts": posts}
    # 330 likes + 80 comments + 3 × (5 shares + 1 save)
    assert Dataset(tables).view().totals(["engagements"])["engagements"] == 428


CLICKED = {**TABLES, "tracking_data": TRACKING.with_columns(clicks=pl.Series([9, 4, None, 7, 0]))}


def test_tracked_clicks_are_observed_by_source() -> None:
    view = Dataset(CLICKED).view()
    # 9 + 4 + 7; 890 of spend
    assert view.totals(["clicks", "cpc"]).to_dict() == {"clicks": 20, "cpc": 44.5}
    table = view.by("source", ["clicks"])
    assert table["clicks"].to_dict() == {"SwipeUp": 16, "PromoCode": 4, "BioLink": 0, "(none)": 0}
    assert not view.is_estimated("clicks", "campaign")


def test_clicks_of_posts_are_counted_before_those_of_tracking() -> None:
    posts = POSTS.with_columns(clicks=pl.Series([10, 20, 30]))
    view = Dataset({**CLICKED, "posts": posts}).view()
    assert view.totals(["clicks"])["clicks"] == 60
    assert "a post has no source" in view.by("source", ["clicks"]).attrs["unavailable"]["clicks"]
    empty = POSTS.with_columns(clicks=pl.lit(None, dtype=pl.Int64))
    assert Dataset({**CLICKED, "posts": empty}).view().totals(["clicks"])["clicks"] == 20


def test_tracked_clicks_are_kept_under_another_attribution() -> None:
    touch = TRACKING.head(1).with_columns(
        date=pl.col("date").dt.offset_by("-1d"), orders=pl.lit(0, dtype=pl.Int64), revenue=0.0,
        influencer_id=pl.lit("2"), clicks=pl.lit(3, dtype=pl.Int64),
    )  # fmt: skip
    tracking = pl.concat([CLICKED["tracking_data"], touch])
    view = Dataset({**TABLES, "tracking_data": tracking}).view(attribution="linear")
    # 20 and the touch's own 3, though the first order is shared by two influencers
    assert view.totals(["clicks"])["clicks"] == 23


def test_margin_lowers_profit_and_roi() -> None:
    view = Dataset(TABLES, Settings(margin=0.5)).view()
    assert view.totals(["profit"])["profit"] == 0.5 * 2200 - 890
    assert view.totals(["roi"])["roi"] == (0.5 * 2200 - 890) / 890


def test_emv_is_off_until_a_rate_card_is_set() -> None:
    assert "emv" not in Dataset(TABLES).view().metrics
    rated = Dataset(TABLES, Settings(emv_rates={"reach": 0.1, "likes": 2.0})).view()
    assert rated.totals(["emv"])["emv"] == 0.1 * 10_000 + 2 * 330


def test_incremental_share_is_the_settings_own() -> None:
    view = Dataset(TABLES, Settings(baseline_share=0.3)).view()
    assert view.totals(["incremental_roas"])["incremental_roas"] == pytest.approx(0.7 * 2200 / 890)


def test_measures_that_the_data_lacks_say_why() -> None:
    view = Dataset(TABLES).view()
    assert "clicks" not in view.metrics
    frame = view.by("campaign", ["cpc"])
    assert frame["cpc"].isna().all()
    assert frame.attrs["unavailable"] == {"cpc": "the data has no clicks"}
    assert isinstance(METRICS["clicks"], Measure)
