"""Conservation and spread of the ledger, on random tables and on cases worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hk_metrics.ledger import Ledger
from hk_metrics.settings import Settings
from hk_metrics.view import View
from tests.worked_example import INFLUENCERS, PAYOUTS, POSTS, TABLES, TRACKING

DAY = datetime(2025, 1, 1)
days = st.integers(0, 60).map(lambda n: DAY + timedelta(days=n))
ids = st.sampled_from(["1", "2", "3", "4"])
campaigns = st.sampled_from(["Fit", "Run", "MBPush", None])
brands = st.sampled_from(["MuscleBlaze", "Gritzo", None])
platforms = st.sampled_from(["Instagram", "YouTube", "Twitter", None])
money = st.integers(0, 100_000).map(lambda paise: paise / 100)

SCHEMAS: dict[str, dict[str, Any]] = {
    "posts": {
        "influencer_id": pl.String, "platform": pl.String, "date": pl.Datetime("us"),
        "url": pl.String, "caption": pl.String, "reach": pl.Int64, "likes": pl.Int64,
        "comments": pl.Int64, "campaign": pl.String, "brand": pl.String,
    },
    "tracking_data": {
        "source": pl.String, "campaign": pl.String, "influencer_id": pl.String,
        "user_id": pl.String, "product": pl.String, "date": pl.Datetime("us"),
        "orders": pl.Int64, "revenue": pl.Float64, "brand": pl.String,
    },
    "payouts": {
        "influencer_id": pl.String, "basis": pl.String, "rate": pl.Float64, "orders": pl.Int64,
        "total_payout": pl.Float64, "posts": pl.Int64, "date": pl.Datetime("us"), "period_start": pl.Datetime("us"),
        "period_end": pl.Datetime("us"), "campaign": pl.String, "brand": pl.String,
        "platform": pl.String, "due": pl.Boolean,
    },
}  # fmt: skip

posts_rows = st.tuples(
    ids, platforms, days, st.just("u"), st.just("c"), st.integers(0, 9999), st.integers(0, 99),
    st.integers(0, 9), campaigns, brands,
)  # fmt: skip
tracking_rows = st.tuples(
    st.sampled_from(["SwipeUp", "PromoCode", "instagram", "Organic", None]),
    campaigns,
    st.one_of(ids, st.none()),
    st.sampled_from(["u1", "u2", "u3", None]),
    st.sampled_from(["Whey", "Omega", None]),
    days,
    st.integers(0, 3),
    st.integers(-5_000, 100_000).map(lambda paise: paise / 100),
    brands,
)
spans = st.tuples(days, days).map(sorted)
payout_dates = st.one_of(
    st.just((None, None, None)),
    days.map(lambda d: (d, None, None)),
    spans.map(lambda s: (None, s[0], s[1])),
    st.tuples(days, spans).map(lambda t: (t[0], *t[1])),
)
payouts_rows = st.builds(
    lambda i, b, r, o, t, n, when, c, br, p, d: (i, b, r, o, t, n, *when, c, br, p, d),
    ids, st.sampled_from(["post", "order", "commission", "hybrid"]),
    st.one_of(st.none(), money), st.one_of(st.none(), st.integers(0, 50)), money,
    st.one_of(st.none(), st.integers(0, 5)), payout_dates, campaigns, brands, platforms,
    st.sampled_from([True, False, None]),
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    """Random tables: any of them may be empty, every optional cell may be missing."""
    rows = {"posts": posts_rows, "tracking_data": tracking_rows, "payouts": payouts_rows}
    frames = {
        name: pl.DataFrame(draw(st.lists(row, max_size=12)), schema=SCHEMAS[name], orient="row")
        for name, row in rows.items()
    }
    for name in ("posts", "tracking_data"):
        for column in ("brand", *(["campaign"] if name == "posts" else [])):
            if draw(st.booleans()):
                frames[name] = frames[name].drop(column)
    influencers = INFLUENCERS.vstack(
        INFLUENCERS.head(1).with_columns(id=pl.lit("4"), platform=pl.lit(None, dtype=pl.String))
    )
    return {"influencers": influencers, **frames}


def total(ledger: Ledger, measure: str) -> float:
    return float(ledger.rows.select(nw.col(measure).sum()).collect().item() or 0)


relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
# These build the ledger more than once for an example.
fewer = settings(relaxed, max_examples=20)


@relaxed
@given(tables())
def test_ledger_conserves_every_sum(frames: dict[str, pl.DataFrame]) -> None:
    ledger = Ledger.build(frames)
    for table, column, measure in [
        ("payouts", "total_payout", "spend"),
        ("tracking_data", "revenue", "revenue"),
        ("tracking_data", "orders", "orders"),
        ("posts", "reach", "reach"),
        ("posts", "likes", "likes"),
        ("posts", "comments", "comments"),
    ]:
        expected = float(frames[table][column].sum())
        assert total(ledger, measure) == pytest.approx(expected, rel=1e-9, abs=1e-9), measure
    assert total(ledger, "posts") == pytest.approx(len(frames["posts"]), rel=1e-9)
    owed = float(frames["payouts"].filter(pl.col("due"))["total_payout"].sum())
    if "spend_due" in ledger.columns:
        assert total(ledger, "spend_due") == pytest.approx(owed, rel=1e-9, abs=1e-9)
    assert "spend_due" in ledger.columns or not owed


@fewer
@given(tables(), st.data())
def test_views_breakdowns_sum_to_the_total_and_filters_partition_it(
    frames: dict[str, pl.DataFrame], data: st.DataObject
) -> None:
    ledger = Ledger.build(frames).compact()
    names = ["revenue", "orders", "spend", "reach", "likes", "posts"]
    view = View(ledger)
    dimensions = [d for d in view.dimensions if d != "organic"]
    if not dimensions:
        return
    chosen = data.draw(st.sampled_from(dimensions), label="filter")
    values = data.draw(st.sets(st.sampled_from(view.values(chosen))), label="values")
    some = view.where(**{chosen: list(values)})
    rest = view.where(**{chosen: [v for v in view.values(chosen) if v not in values]})
    parts = some.totals(names).fillna(0) + rest.totals(names).fillna(0)
    whole = view.totals(names).fillna(0)
    posts_apply = chosen not in ("source", "product")
    for name in names if posts_apply else names[:3]:
        assert parts[name] == pytest.approx(whole[name], rel=1e-9, abs=1e-6), (chosen, name)
    by = data.draw(st.sampled_from(dimensions), label="by")
    table, totals = some.by(by, names), some.totals(names).fillna(0)
    for name in names:
        if name not in table.attrs["unavailable"] and name not in ("reach", "likes", "posts"):
            assert table[name].sum() == pytest.approx(totals[name], rel=1e-9, abs=1e-6), (by, name)


@fewer
@given(tables())
def test_compact_ledger_gives_the_same_metrics(frames: dict[str, pl.DataFrame]) -> None:
    ledger = Ledger.build(frames)
    full, compact = View(ledger).totals(), View(ledger.compact()).totals()
    assert compact.to_dict() == pytest.approx(full.to_dict(), rel=1e-9, nan_ok=True)


@settings(fewer, max_examples=8)
@given(tables())
def test_pandas_frames_give_the_same_metrics_as_polars(frames: dict[str, pl.DataFrame]) -> None:
    polars = View(Ledger.build(frames))
    pandas = View(Ledger.build({name: frame.to_pandas() for name, frame in frames.items()}))
    if any(frame.is_empty() for frame in frames.values()):
        return  # pandas has no types for an empty column of text
    names = ["revenue", "orders", "spend", "spend_due", "reach", "engagements", "roas"]
    assert pandas.totals(names).to_dict() == pytest.approx(
        polars.totals(names).to_dict(), rel=1e-9, nan_ok=True
    )
    left, right = (v.by("campaign", names).sort_index() for v in (polars, pandas))
    assert right["spend"].to_dict() == pytest.approx(left["spend"].to_dict(), rel=1e-9)


def paid(payouts: list[dict[str, Any]], **tables: pl.DataFrame) -> View:
    """The worked example with other payouts."""
    schema = {n: t for n, t in SCHEMAS["payouts"].items() if any(n in p for p in payouts)}
    frame = pl.DataFrame(payouts, schema=schema)
    missing = [pl.lit(None, dtype=t).alias(n) for n, t in SCHEMAS["payouts"].items()
               if n in ("rate", "orders") and n not in schema]  # fmt: skip
    return View(Ledger.build({**TABLES, **tables, "payouts": frame.with_columns(missing)}))


def spend(view: View, dimension: str) -> dict[str, float]:
    table = view.by(dimension, ["spend"])["spend"]
    return {str(k): round(v, 9) for k, v in table[table != 0].items()}


def test_commission_follows_revenue() -> None:
    # influencer 1 earned 300 + 500 in Fit and 400 in Run: 120 splits 80 : 40
    view = paid([{"influencer_id": "1", "basis": "commission", "rate": 0.1, "total_payout": 120.0}])
    assert spend(view, "campaign") == {"Fit": 80, "Run": 40}


def test_hybrid_pays_its_rate_per_post_and_the_rest_by_orders() -> None:
    # 2 posts × 50 = 100 to posts (P1 → Fit, P2 → Run); 60 over 4 orders: Fit 30, Run 30
    view = paid([{"influencer_id": "1", "basis": "hybrid", "rate": 50.0, "total_payout": 160.0}])
    assert spend(view, "campaign") == {"Fit": 80, "Run": 80}


def test_hybrid_pays_its_rate_for_as_many_posts_as_it_names() -> None:
    # 2 posts × 50 on the one that is known, of 5 March; the other 60 on orders of later days
    view = paid([{"influencer_id": "2", "basis": "hybrid", "rate": 50.0, "posts": 2,
                  "total_payout": 160.0}])  # fmt: skip
    assert view.where(date=("2025-03-05", "2025-03-05")).totals(["spend"])["spend"] == 100


def test_hybrid_without_a_rate_follows_orders() -> None:
    view = paid([{"influencer_id": "2", "basis": "hybrid", "rate": None, "total_payout": 40.0}])
    assert spend(view, "campaign") == {"Run": 10, "Fit": 30}


def test_payout_with_a_campaign_reaches_only_that_campaign() -> None:
    view = paid([{"influencer_id": "2", "basis": "order", "total_payout": 90.0, "campaign": "Fit"}])
    assert spend(view, "campaign") == {"Fit": 90}
    assert spend(view, "product") == {"Omega": 90}


def test_payout_with_a_period_reaches_only_its_days() -> None:
    march_first_ten = {"period_start": datetime(2025, 3, 1), "period_end": datetime(2025, 3, 10)}
    view = paid([{"influencer_id": "1", "basis": "post", "total_payout": 70.0, **march_first_ten}])
    # P1 (1 March) only, followed by O1 and O2, one order each
    assert spend(view, "source") == {"SwipeUp": 35, "PromoCode": 35}


def test_payout_with_a_date_reaches_only_that_day() -> None:
    view = paid(
        [{"influencer_id": "2", "basis": "order", "total_payout": 5.0,
          "date": datetime(2025, 3, 20)}]
    )  # fmt: skip
    assert spend(view, "campaign") == {"Fit": 5}


def test_period_says_what_is_paid_for_where_there_is_a_date_beside_it() -> None:
    march = {"period_start": datetime(2025, 3, 1), "period_end": datetime(2025, 3, 31)}
    view = paid(
        [{"influencer_id": "2", "basis": "order", "total_payout": 40.0,
          "date": datetime(2025, 4, 15), **march}]
    )  # fmt: skip
    assert spend(view, "campaign") == {"Run": 10, "Fit": 30}


def test_overlapping_periods_each_charge_their_days() -> None:
    whole = {"period_start": datetime(2025, 3, 1), "period_end": datetime(2025, 3, 31)}
    late = {"period_start": datetime(2025, 3, 15), "period_end": datetime(2025, 3, 31)}
    view = paid(
        [
            {"influencer_id": "2", "basis": "order", "total_payout": 40.0, **whole},
            {"influencer_id": "2", "basis": "order", "total_payout": 7.0, **late},
        ]
    )
    # 40 over O4 (1 order, Run) and O5 (3, Fit); 7 on O5 alone
    assert spend(view, "campaign") == {"Run": 10, "Fit": 37}


def test_payout_without_its_kind_of_activity_falls_to_the_other() -> None:
    no_posts = POSTS.filter(pl.col("influencer_id") != "2")
    view = paid([{"influencer_id": "2", "basis": "post", "total_payout": 40.0}], posts=no_posts)
    assert spend(view, "campaign") == {"Run": 10, "Fit": 30}


def test_payout_without_any_activity_is_undated_on_its_influencer() -> None:
    view = View(Ledger.build(TABLES))
    assert spend(view.where(influencer_id="3"), "platform") == {"Twitter": 90}
    assert view.where(date=(None, "2030-01-01")).totals(["spend"])["spend"] == 800


def test_what_is_due_is_told_wherever_spend_is() -> None:
    view = paid(
        [
            {"influencer_id": "2", "basis": "order", "total_payout": 80.0, "due": None},
            {"influencer_id": "2", "basis": "order", "total_payout": 40.0, "due": True},
            {"influencer_id": "3", "basis": "post", "total_payout": 90.0, "due": True},
        ]
    )
    # Of influencer 2's 120 a third is due, over O4 (1 order, Run) and O5 (3, Fit); 3 did nothing.
    both = view.by("campaign", ["spend", "spend_due"])
    assert both.loc["Fit"].tolist() == [90, 30]
    assert both.loc["Run"].tolist() == [30, 10]
    assert both.loc["(none)"].tolist() == [90, 90]
    assert view.totals(["spend_due"])["spend_due"] == 40 + 90
    fifth = view.where(date=("2025-03-20", "2025-03-20"))
    assert fifth.totals(["spend_due"])["spend_due"] == 30


def test_where_no_payout_is_due_it_is_no_measure() -> None:
    view = paid([{"influencer_id": "2", "basis": "order", "total_payout": 80.0, "due": False}])
    assert "spend_due" not in view.metrics
    assert view.unavailable("spend_due") == "the data has no payouts that are said to be due"


def test_payouts_per_order_do_not_multiply_money() -> None:
    many = [{"influencer_id": "1", "basis": "order", "total_payout": 1.0} for _ in range(1000)]
    assert paid(many).totals(["spend"])["spend"] == pytest.approx(1000, rel=1e-12)


def test_posts_on_one_day_share_the_orders_that_follow() -> None:
    twin = POSTS.head(1).with_columns(reach=pl.lit(500, dtype=pl.Int64))
    view = paid(
        [{"influencer_id": "1", "basis": "post", "total_payout": 300.0}],
        posts=pl.concat([POSTS, twin]),
    )
    # three posts of 100 each: the two of 1 March → Fit, that of 11 March → Run
    assert spend(view, "campaign") == {"Fit": 200, "Run": 100}


def test_order_outside_the_window_follows_no_post() -> None:
    late = TRACKING.with_columns(pl.col("date") + pl.duration(days=60))
    view = View(Ledger.build({**TABLES, "tracking_data": late}))
    # no order within 30 days: influencer 1's posts take the mix of all his orders, half Fit
    assert view.by("campaign", ["reach"])["reach"].to_dict() == {
        "Fit": 4000 * 0.5 + 6000 * 0.75,
        "Run": 4000 * 0.5 + 6000 * 0.25,
        "(none)": 0,
    }


def test_named_brand_of_a_post_is_kept_and_observed() -> None:
    named = POSTS.with_columns(brand=pl.Series(["A", "A", "B"]), campaign=pl.lit("Fit"))
    ledger = Ledger.build({**TABLES, "posts": named})
    assert View(ledger).by("brand", ["reach"])["reach"].to_dict() == {
        "A": 4000, "B": 6000, "(none)": 0
    }  # fmt: skip
    assert ("post", "brand") not in ledger.estimated
    assert ("spend", "source") in ledger.estimated


def _revenue_by_brand(settings: Settings | None = None, **tables: pl.DataFrame) -> dict[str, float]:
    view = View(Ledger.build({**TABLES, **tables}, settings))
    revenue: dict[str, float] = view.by("brand", ["revenue"])["revenue"].to_dict()
    return revenue


def test_brand_is_told_by_product_then_source_then_campaign() -> None:
    sold = TRACKING.with_columns(
        product=pl.Series(["MuscleBlaze", "HK Vitals Biotin", "Gritzonia", None, "gritzo milk"]),
        source=pl.Series(["Gritzo", "SwipeUp", "hkvitals", "MuscleBlaze Ads", "MuscleBlaze"]),
        campaign=pl.Series(["HK_Sale", "MB_Sale", "MB_Sale", "Gritzo_Sale", "HK_Sale"]),
    )
    # Gritzonia begins with no word that is a brand; a source must be the brand to the letter.
    assert _revenue_by_brand(tracking_data=sold) == {
        "MuscleBlaze": 300, "HKVitals": 500 + 400, "Gritzo": 250 + 750, "(none)": 0
    }  # fmt: skip


def test_brand_column_decides_alone() -> None:
    sold = TRACKING.with_columns(brand=pl.lit("Own"), product=pl.lit("Gritzo"))
    assert _revenue_by_brand(tracking_data=sold) == {"Own": 2200, "(none)": 0}


def test_brands_of_other_tables_and_of_settings_are_known() -> None:
    sold = TRACKING.with_columns(product=pl.Series(["acme bar", "Zed", "Omega", "Omega", "Omega"]))
    posts = POSTS.with_columns(brand=pl.lit("Acme"))
    settings = Settings(campaign_brands={"Run": "Zed"})
    told = _revenue_by_brand(settings, tracking_data=sold, posts=posts)
    # Run: 400 + 250.
    assert told == {"Acme": 300, "Zed": 500 + 650, "(none)": 750}


def test_post_takes_its_brand_from_the_orders_before_the_name_of_its_campaign() -> None:
    sold = TRACKING.with_columns(product=pl.lit("Gritzo"), campaign=pl.lit("HK_Sale"))
    posts = POSTS.with_columns(campaign=pl.lit("HK_Sale"), influencer_id=pl.Series(["1", "1", "3"]))
    view = View(Ledger.build({**TABLES, "tracking_data": sold, "posts": posts}))
    # Influencer 3 sold nothing: of that post nothing but the campaign can tell.
    assert view.by("brand", ["reach"])["reach"].to_dict() == {
        "HKVitals": 6000, "Gritzo": 4000
    }  # fmt: skip


def test_organic_orders_are_kept_but_belong_to_no_influencer() -> None:
    organic = TRACKING.with_columns(
        source=pl.Series(["Organic", "PromoCode", "BioLink", "SwipeUp", "SwipeUp"]),
        influencer_id=pl.Series(["1", None, "1", "2", "2"]),
    )
    ledger = Ledger.build({**TABLES, "tracking_data": organic})
    assert total(ledger, "revenue") == 2200
    assert View(ledger).totals(["revenue"])["revenue"] == 1400
    assert View(ledger).where(organic=True).totals(["revenue"])["revenue"] == 800
    assert "1" not in View(ledger).where(organic=True).by("influencer_id").index


def test_source_that_names_a_platform_wins_over_the_home_platform() -> None:
    sources = TRACKING.with_columns(source=pl.lit("twitter"))
    view = View(Ledger.build({**TABLES, "tracking_data": sources}))
    assert view.by("platform", ["orders"])["orders"].to_dict() == {
        "Twitter": 8, "Instagram": 0, "YouTube": 0
    }  # fmt: skip


def by_platform(*sources: str) -> dict[str, float]:
    """Orders of the worked example (1, 1, 2 of influencer 1; 1, 3 of 2) under other sources."""
    tracking = TRACKING.with_columns(source=pl.Series(sources))
    view = View(Ledger.build({**TABLES, "tracking_data": tracking}))
    table = view.by("platform", ["orders"])["orders"]
    return {str(k): v for k, v in table[table != 0].items()}


def test_source_names_a_platform_by_another_word_for_it() -> None:
    assert by_platform("YT", "yt", "Insta", "IG", "promo") == {"YouTube": 5, "Instagram": 3}


def test_source_that_says_more_than_its_platform_names_it() -> None:
    sources = ("YouTube Shorts", "youtube_bio", "Instagram_influencer", "IG-Story", "twitter.com")
    assert by_platform(*sources) == {"YouTube": 2, "Instagram": 3, "Twitter": 3}


def test_source_of_two_platforms_or_of_one_that_nobody_uses_is_the_influencers() -> None:
    sources = ("instagram/youtube", "Facebook", "fb_story", "twitter or ig", "digital")
    assert by_platform(*sources) == {"Instagram": 4, "YouTube": 4}


def test_source_stays_as_it_is_written() -> None:
    tracking = TRACKING.with_columns(source=pl.lit("YT"))
    view = View(Ledger.build({**TABLES, "tracking_data": tracking}))
    assert view.by("source", ["orders"])["orders"].to_dict() == {"YT": 8, "(none)": 0}


def test_basis_says_how_an_influencer_is_paid() -> None:
    both = pl.concat([PAYOUTS, PAYOUTS.head(1).with_columns(basis=pl.lit("order"))])
    view = View(Ledger.build({**TABLES, "payouts": both}))
    table = view.by("basis", ["revenue", "spend"])
    assert table.loc["post + order"].to_dict() == {"revenue": 1200, "spend": 800}


def test_refunds_lower_revenue_and_carry_no_spend() -> None:
    refund = TRACKING.head(1).with_columns(orders=pl.lit(0, dtype=pl.Int64), revenue=pl.lit(-300.0))
    view = View(Ledger.build({**TABLES, "tracking_data": pl.concat([TRACKING, refund])}))
    totals = view.totals(["revenue", "orders", "spend"])
    assert totals.to_dict() == {"revenue": 1900, "orders": 8, "spend": 890}
