"""Drivers: parts, rate and mix, users, and the chain, by hand; sums that hold on random data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hk_metrics as hk
from benchmarks.validate_drivers import BOUND, errors
from hk_metrics.dataset import Dataset
from hk_metrics.errors import InsufficientDataError, ParameterError, UnknownNameError
from hk_metrics.view import View
from tests.length import times
from tests.worked_example import TABLES

MARCH = ("2025-03-01", "2025-03-31")


def _sold(*rows: tuple[str, str, int, int, int, float]) -> pl.DataFrame:
    """Rows of (campaign, user, month, day, orders, revenue)."""
    campaigns, users, months, days, orders, revenue = zip(*rows, strict=True)
    return pl.DataFrame(
        {
            "source": "SwipeUp", "campaign": campaigns, "influencer_id": "1", "user_id": users,
            "product": "Whey", "orders": orders, "revenue": revenue,
            "date": [datetime(2025, m, d) for m, d in zip(months, days, strict=True)],
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def view() -> View:
    """February against March: Fit changes, Run ends, Jog begins; u1 buys of two in February."""
    sold = _sold(
        ("Fit", "u1", 2, 2, 4, 400.0), ("Fit", "u2", 2, 3, 2, 200.0), ("Run", "u1", 2, 4, 4, 200.0),
        ("Fit", "u3", 3, 2, 5, 600.0), ("Jog", "u4", 3, 9, 5, 900.0), ("Jog", "u5", 3, 9, 0, 0.0),
    )  # fmt: skip
    posts = (
        TABLES["posts"]
        .head(2)
        .with_columns(date=pl.Series([datetime(2025, 2, 1), datetime(2025, 3, 1)]))
    )
    return Dataset({**TABLES, "tracking_data": sold, "posts": posts}).view(date=MARCH)


def test_drivers_of_a_sum_are_the_parts_new_and_ended_ones_included(view: View) -> None:
    # Fit 600 → 600, Run 200 → nothing, Jog nothing → 900; in all 800 → 1,500
    why = view.drivers("revenue", by="campaign", compare="previous_month")
    assert why.to_dict("index") == {
        "Jog": {"previous": 0, "current": 900, "contribution": 900},
        "Run": {"previous": 200, "current": 0, "contribution": -200},
        "Fit": {"previous": 600, "current": 600, "contribution": 0},
    }
    assert why.attrs["totals"] == {"previous": 800, "current": 1500}


def test_drivers_of_a_ratio_split_into_rate_and_mix(view: View) -> None:
    # Order value: Fit 600/6 = 100 → 600/5 = 120, weight .6 → .5: rate 20 × .55 = 11,
    # mix -.1 × (110 - 115) = .5, of an average of (80 + 150)/2 = 115. Run 50, weight .4 → 0:
    # mix -.4 × (50 - 115) = 26. Jog 180, weight 0 → .5: mix .5 × (180 - 115) = 32.5. In all 70.
    why = view.drivers("aov", by="campaign", compare="previous_month")
    assert why["contribution"].to_dict() == pytest.approx({"Jog": 32.5, "Run": 26, "Fit": 11.5})
    assert why["rate_effect"].to_dict() == pytest.approx({"Jog": 0, "Run": 0, "Fit": 11}, abs=1e-12)
    assert why["mix_effect"].to_dict() == pytest.approx({"Jog": 32.5, "Run": 26, "Fit": 0.5})
    assert why.loc["Fit", ["previous", "current"]].to_list() == [100, 120]
    assert why.loc["Jog"].isna().to_list() == [True, False, False, False, False]


def test_users_of_several_parts_have_a_row_of_their_own(view: View) -> None:
    # February: u1 bought of Fit and of Run, u2 of Fit alone. March: u3 of Fit, u4 of Jog.
    why = view.drivers("customers", by="campaign", compare="previous_month")
    assert why["previous"].to_dict() == {"(several)": 1, "Fit": 1, "Jog": 0, "Run": 0}
    assert why["contribution"].to_dict() == {"(several)": -1, "Fit": 0, "Jog": 1, "Run": 0}


def test_ratio_without_denominator_shows_what_it_is_made_of(view: View) -> None:
    # The one payout, 90, is spread over the one post, in March.
    sold = _sold(("Fit", "u1", 2, 2, 1, 300.0), ("Fit", "u2", 3, 2, 1, 500.0))
    paid = pl.DataFrame({
        "influencer_id": ["1"], "basis": ["post"], "rate": [9.0], "orders": [None],
        "total_payout": [90.0],
    })  # fmt: skip
    posts = TABLES["posts"].head(1).with_columns(date=pl.lit(datetime(2025, 3, 1)))
    later = Dataset({**TABLES, "tracking_data": sold, "payouts": paid, "posts": posts})
    why = later.view(date=MARCH).drivers("roas", by="campaign", compare="previous_month")
    assert "Feb 2025: spend is 0" in why.attrs["reason"]
    assert why.loc[("revenue", "Fit")].to_list() == [300, 500, 200]
    assert why.loc[("spend", "Fit")].to_list() == [0, 90, 90]


def test_chain_splits_revenue_into_posts_reach_conversion_and_order_value(view: View) -> None:
    # 1 post → 1; reach 1,000 → 3,000: orders 10 → 10, so conversion falls as reach rises, and
    # order value 80 → 150 is all of the 700. L = 700 / ln(1500/800) = 1113.570, × ln 3 = 1223.382
    why = view.drivers("revenue", by="chain", compare="previous_month")
    assert list(why.index) == ["posts", "reach_per_post", "conversion_rate", "aov"]
    expected = [0, 1223.382, -1223.382, 700]
    assert why["contribution"].to_list() == pytest.approx(expected, abs=1e-3)
    assert why.loc["aov", ["previous", "current"]].to_list() == [80, 150]


def test_chain_leaves_out_what_cannot_be_a_factor(view: View) -> None:
    why = view.where(source="SwipeUp").drivers("revenue", by="chain", compare="previous_month")
    assert list(why.index) == ["orders", "aov"]
    assert "a post has no source" in why.attrs["reason"].lower()
    ended = view.where(campaign="Run").drivers("orders", by="chain", compare="previous_month")
    assert ended["contribution"].to_dict() == {"orders": -4}


@pytest.mark.parametrize(
    ("error", "message", "asked"),
    [
        (ParameterError, "by='campaign'", {"metric": "revenue"}),
        (ParameterError, "revenue, orders", {"metric": "roas", "by": "chain"}),
        (UnknownNameError, "did you mean 'campaign'", {"metric": "revenue", "by": "campain"}),
        (UnknownNameError, "did you mean 'roas'", {"metric": "roaz", "by": "campaign"}),
        (InsufficientDataError, "no source", {"metric": "reach", "by": "source"}),
        (InsufficientDataError, "data begins on",
         {"metric": "revenue", "by": "campaign", "compare": "previous_year"}),
    ],
)  # fmt: skip
def test_drivers_that_cannot_be_told_say_why(
    view: View, error: type[Exception], message: str, asked: dict[str, str]
) -> None:
    with pytest.raises(error, match=message):
        view.drivers(**asked)  # type: ignore[arg-type]


@settings(max_examples=times(15, 200), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1))
def test_contributions_add_to_the_change_on_random_data(seed: int) -> None:
    assert max((missed for _, missed in errors(seed, 2)), default=0.0) <= BOUND


def test_june_against_may_by_campaign_as_in_the_file(reference: Path) -> None:
    # From tracking_data.csv, added by hand for 1-29 May and 1-29 June.
    june = hk.load(reference, on_error="reject").view(date=("2025-06-01", "2025-06-29"))
    revenue = june.drivers("revenue", by="campaign", compare="previous_month")
    assert revenue["previous"].to_dict() == pytest.approx(
        {"HKFitBlast": 468_562.43, "MBProteinPush": 288_235.19, "GritzoKidsRun": 179_916.62}
    )
    assert revenue["contribution"].to_dict() == pytest.approx(
        {"HKFitBlast": -19_735.27, "MBProteinPush": -8_068.13, "GritzoKidsRun": 736.13}
    )
    # Orders 2352 + 1448 + 906 = 4706 → 2250 + 1403 + 920 = 4573, revenue 936,714.24 → 909,646.97.
    # GritzoKidsRun: 198.583466 → 196.361685 at weights .1925202 → .2011809, of an average of
    # (199.046800 + 198.916897)/2: rate -2.221781 × .1968506, mix .0086607 × (197.472576 - 198.981848).
    value = june.drivers("aov", by="campaign", compare="previous_month")
    assert value.loc["GritzoKidsRun", "rate_effect"] == pytest.approx(-0.437359, abs=1e-5)
    assert value.loc["GritzoKidsRun", "mix_effect"] == pytest.approx(-0.013071, abs=1e-5)
    assert value["contribution"].sum() == pytest.approx(909_646.97 / 4573 - 936_714.24 / 4706)


def test_factors_are_said_each_in_its_own_unit(view: View) -> None:
    """A count of posts is no money, though the contribution of more posts is."""
    said = repr(view.drivers("revenue", by="chain", compare="previous_month")).splitlines()
    (posts,) = (line for line in said if line.startswith("posts "))
    assert posts.count("₹") == 1
