"""Views: filters, breakdowns, time and comparison, on the worked example."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import polars as pl
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.view import Query, View
from tests.worked_example import PAYOUTS, POSTS, TABLES, TRACKING

MONEY = ["revenue", "spend", "roas"]


@pytest.fixture(scope="module")
def view() -> View:
    return Dataset(TABLES).view()


def test_unknown_dimension_names_the_nearest(view: View) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'campaign'"):
        view.where(campain="Fit")
    with pytest.raises(UnknownNameError, match="did you mean 'platform'"):
        view.by("plattform")


def test_unknown_value_names_the_nearest(view: View) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Instagram'"):
        view.where(platform="instagram ")


@pytest.mark.parametrize("period", ["2025-03-41", ("03/01/2025", None), (date(2025, 3, 2),)])
def test_impossible_period_says_how_to_write_one(view: View, period: object) -> None:
    with pytest.raises(ParameterError, match="2025-03-"):
        view.where(date=period)


def test_period_that_ends_before_it_begins_is_refused(view: View) -> None:
    with pytest.raises(ParameterError, match="swap"):
        view.where(date=("2025-03-10", "2025-03-01"))


def test_filter_again_replaces_and_none_removes(view: View) -> None:
    fit = view.where(campaign="Fit")
    assert fit.where(campaign="Run").totals(["revenue"])["revenue"] == 650
    assert fit.where(campaign=None).totals(["revenue"])["revenue"] == 2200


def test_none_within_a_list_selects_rows_without_a_value(view: View) -> None:
    assert view.where(campaign=[None]).totals(MONEY).to_dict() == {
        "revenue": 0, "spend": 90, "roas": 0
    }  # fmt: skip
    assert view.where(campaign=["(none)"]).totals(["spend"])["spend"] == 90


def test_empty_selection_is_nothing_not_zero(view: View) -> None:
    assert view.where(campaign=[]).totals().isna().all()
    assert view.where(campaign=[]).by("source", MONEY).empty
    assert view.where(campaign=[]).trend("D", MONEY).empty
    assert view.where(campaign=[]).compare(metrics=MONEY).isna().all().all()


def test_counts_that_are_split_are_whole_in_total() -> None:
    # Of influencer 1's posts one is split over 49 campaigns, the other over 10: 49 × 1/49 misses 1.
    days = pl.Series([datetime(2025, 3, 2)] * 49 + [datetime(2025, 3, 12)] * 10)
    sold = pl.DataFrame(
        {
            "source": "SwipeUp", "campaign": [f"C{i}" for i in range(59)], "influencer_id": "1",
            "user_id": "u", "product": "Whey", "date": days, "orders": 1, "revenue": 100.0,
        }
    )  # fmt: skip
    view = Dataset({**TABLES, "tracking_data": sold}).view(influencer_id="1")
    totals = view.totals(["posts", "reach", "likes", "comments"])
    assert totals.to_list() == [2, 4000, 130, 40]
    assert view.by("influencer_id", ["posts", "reach"]).iloc[0].to_list() == [2, 4000]
    assert view.by("campaign", ["reach"]).loc["C0", "reach"] == pytest.approx(1000 / 49)


def test_day_without_posts_has_no_engagement_rate(view: View) -> None:
    day = view.where(date=("2025-03-12", "2025-03-12"))
    totals = day.totals(["revenue", "spend", "roas", "reach", "engagement_rate"])
    assert totals["revenue"] == 400
    assert pd.isna(totals["roas"])
    assert pd.isna(totals["engagement_rate"])


def test_one_influencer_has_the_sums_of_her_rows(view: View) -> None:
    asha = view.where(influencer_id=1)
    assert asha.totals(MONEY).to_dict() == {"revenue": 1200, "spend": 400, "roas": 3}
    assert list(asha.by("name", MONEY).index) == ["Asha"]


def test_follower_range_keeps_both_ends(view: View) -> None:
    middle = view.where(follower_count=(20_000, 30_000))
    assert sorted(middle.by("name", ["spend"]).index) == ["Bo", "Cy"]


def test_trend_fills_days_without_rows(view: View) -> None:
    days = view.where(date=("2025-03-01", "2025-03-07")).trend("D", ["revenue", "roas"])
    assert list(days["revenue"]) == [0, 300, 500, 0, 0, 250, 0]
    assert days.index[0] == pd.Timestamp("2025-03-01")
    assert days["roas"].isna().sum() == 5  # spend on the 1st (post) and the 6th (order) alone


def test_trend_by_week_begins_on_monday(view: View) -> None:
    weeks = view.trend("W", ["revenue", "orders"])
    # Monday 24 Feb: O1 on Sunday 2 March; 3 March: O2, O4; 10 March: O3; 17 March: O5
    assert weeks["revenue"].to_list() == [300, 750, 400, 750]
    assert set(weeks.index.day_of_week) == {0}


def test_trend_by_month(view: View) -> None:
    months = view.trend("M", ["revenue", "customers"])
    assert months.index.to_list() == [pd.Timestamp("2025-03-01")]
    assert months.iloc[0].to_dict() == {"revenue": 2200, "customers": 4}


def test_unknown_frequency_is_refused(view: View) -> None:
    with pytest.raises(UnknownNameError, match="frequency"):
        view.trend("Q")  # type: ignore[arg-type]


def test_compare_with_the_period_before(view: View) -> None:
    # 6–10 March: O4 250; the five days before: O1 300 + O2 500
    change = view.where(date=("2025-03-06", "2025-03-10")).compare(metrics=["revenue", "orders"])
    assert change.loc["revenue"].to_dict() == {
        "current": 250, "previous": 800, "change": -550, "change_pct": -0.6875
    }  # fmt: skip
    assert change.attrs["previous_period"] == (date(2025, 3, 1), date(2025, 3, 5))


def test_compare_without_a_row_before_is_not_a_change(view: View) -> None:
    change = view.compare("previous_year", metrics=["revenue"])
    assert change.loc["revenue", "current"] == 2200
    assert change.loc["revenue", ["previous", "change", "change_pct"]].isna().all()


def test_collect_answers_every_query_in_one_pass(view: View) -> None:
    answers = view.collect(
        {
            "totals": Query(("revenue", "roas")),
            "campaigns": Query(("spend",), by=("campaign",)),
            "weeks": Query(("revenue",), freq="W"),
            "users": Query(("customers", "cac"), by=("platform",)),
        }
    )
    assert answers["totals"].iloc[0]["revenue"] == 2200
    assert answers["campaigns"]["spend"].to_dict() == {"Fit": 500, "Run": 300, "(none)": 90}
    assert answers["weeks"]["revenue"].sum() == 2200
    assert answers["users"].loc["Instagram", "customers"] == 2
    assert pd.isna(answers["users"].loc["Twitter", "cac"])


def test_by_two_dimensions_sums_to_each(view: View) -> None:
    both = view.by(["campaign", "platform"], ["revenue", "spend"])
    assert both.groupby("campaign")["revenue"].sum().to_dict() == {
        "(none)": 0, "Fit": 1550, "Run": 650
    }  # fmt: skip
    assert both.loc[("Fit", "YouTube")].to_dict() == {"revenue": 750, "spend": 300}


def test_new_customers_are_counted_where_their_first_order_lies(view: View) -> None:
    first = view.where(date=("2025-03-01", "2025-03-05")).totals(["customers", "new_customers"])
    later = view.where(date=("2025-03-06", "2025-03-31")).totals(["customers", "new_customers"])
    assert first.to_dict() == {"customers": 2, "new_customers": 2}  # u1, u2
    assert later.to_dict() == {"customers": 3, "new_customers": 2}  # u1 again, u3, u4


def test_zero_spend_and_zero_reach_are_not_infinite() -> None:
    tables = {
        **TABLES,
        "posts": POSTS.with_columns(reach=pl.lit(0, dtype=pl.Int64)),
        "payouts": PAYOUTS.with_columns(total_payout=pl.lit(0.0)),
    }
    totals = Dataset(tables).view().totals()
    assert totals["spend"] == 0
    assert totals[["roas", "roi", "engagement_rate", "conversion_rate", "cpm_reach"]].isna().all()
    assert totals["cpo"] == 0


def test_all_payouts_equal_rank_by_revenue() -> None:
    equal = PAYOUTS.with_columns(total_payout=pl.lit(100.0))
    table = Dataset({**TABLES, "payouts": equal}).view().by("name", MONEY)
    assert table["spend"].to_list() == [100, 100, 100]
    assert list(table.index) == ["Asha", "Bo", "Cy"]


def test_touches_without_orders_are_no_customers() -> None:
    touch = TRACKING.head(1).with_columns(
        user_id=pl.lit("u9"), orders=pl.lit(0, dtype=pl.Int64), revenue=pl.lit(0.0),
        date=pl.lit(datetime(2025, 3, 2)),
    )  # fmt: skip
    view = Dataset({**TABLES, "tracking_data": pl.concat([TRACKING, touch])}).view()
    assert view.totals(["customers"])["customers"] == 4


def test_values_are_listed_most_frequent_first(view: View) -> None:
    assert set(view.values("campaign")) == {"Fit", "Run", None}
    with pytest.raises(UnknownNameError):
        view.values("nothing")


def test_posts_are_not_available_under_a_filter_on_product(view: View) -> None:
    assert "product" in (view.where(product="Whey").unavailable("reach") or "")
    assert view.where(product="Whey").unavailable("revenue") is None
