"""Matured revenue: what orders say of themselves, what stands in the end; worked by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import hk_metrics as hk
from benchmarks import validate_matured
from hk_metrics.dataset import Dataset
from hk_metrics.errors import InsufficientDataError
from hk_metrics.maturing import with_matured
from hk_metrics.maturing.history import isotonic
from hk_metrics.simulate.parcels import Parcels, shipped

LAST = datetime(2025, 4, 10)


def orders(rows: list[tuple[int, str, float]]) -> pl.DataFrame:
    """Orders of 100 days: (age, outcome, revenue)."""
    ages, outcomes, revenue = zip(*rows, strict=True)
    return pl.DataFrame(
        {
            "tracking_id": [f"T{n}" for n in range(len(rows))],
            "date": [LAST - timedelta(days=age) for age in ages],
            "orders": 1,
            "revenue": revenue,
            "outcome": outcomes,
        }
    )


# Of 10 orders a day one comes back and nine stand, from the sixth day on; before it all are open.
SETTLED = [(age, "returned" if n == 0 else "delivered", 100.0) for age in range(6, 100) for n in range(10)]  # fmt: skip
YOUNG = [(age, "open", 100.0) for age in range(6) for _ in range(10)]


def test_open_orders_count_by_the_share_that_stands() -> None:
    made = with_matured(orders([*SETTLED, *YOUNG]))
    by = made.group_by("outcome").agg(pl.col("matured_revenue", "open_revenue", "revenue").sum())
    sums = {row[0]: row[1:] for row in by.rows()}
    assert sums["delivered"] == (9 * 94 * 100, 0, 9 * 94 * 100)
    assert sums["returned"] == (0, 0, 94 * 100)
    assert sums["open"] == pytest.approx((0.9 * 60 * 100, 60 * 100, 60 * 100))


def test_payment_modes_stand_apart() -> None:
    mode = [*SETTLED, *YOUNG]
    cod = orders([(a, "returned" if o == "delivered" and n % 2 else o, r) for n, (a, o, r) in enumerate(mode)])  # fmt: skip
    both = pl.concat([orders(mode).with_columns(payment_mode=pl.lit("Prepaid")),
                      cod.with_columns(payment_mode=pl.lit("COD"))])  # fmt: skip
    share = with_matured(both.with_columns(tracking_id=pl.format("N{}", pl.int_range(pl.len()))))
    young = share.filter(pl.col("outcome") == "open").group_by("payment_mode").agg(pl.mean("matured_revenue"))  # fmt: skip
    found = dict(young.rows())
    # 9 of 10 against 4 of 10 (half of the even ones of nine), each pulled a little to the other.
    assert found["Prepaid"] == pytest.approx(90, abs=2)
    assert found["COD"] == pytest.approx(40, abs=6)


def test_refund_of_an_order_that_came_back_is_not_taken_off_twice() -> None:
    back = orders([*SETTLED, *YOUNG]).with_columns(returned=pl.col("outcome") == "returned")
    whole = with_matured(back)["matured_revenue"].sum()
    gone = back.filter("returned").with_columns(
        revenue=-pl.col("revenue"), orders=pl.lit(0, back.schema["orders"]),
        date=pl.col("date") + timedelta(days=3), returned=pl.lit(False),
        outcome=pl.lit(None, pl.String),
    )  # fmt: skip
    by_number = with_matured(pl.concat([back, gone]))
    assert by_number["matured_revenue"].sum() == pytest.approx(whole)
    unnumbered = gone.with_columns(tracking_id=pl.lit(None, pl.String))
    assert with_matured(pl.concat([back, unnumbered]))["matured_revenue"].sum() == pytest.approx(whole)  # fmt: skip
    # Money back on an order that stands is gone.
    part = gone.head(1).with_columns(
        tracking_id=back.filter(pl.col("outcome") == "delivered")["tracking_id"].head(1),
        revenue=pl.lit(-30.0),
    )
    assert with_matured(pl.concat([back, part]))["matured_revenue"].sum() == pytest.approx(whole - 30)  # fmt: skip


def test_rows_that_took_orders_back_tell_when_none_is_open_any_more() -> None:
    """Of the sample orders come back within 14 days; of 4 in 100 a level would not tell."""
    data, _ = hk.simulate(seed=3)
    rows = data.tables["tracking_data"]
    young = pl.col("date").dt.truncate("1d") > rows["date"].max() - timedelta(days=15)  # type: ignore[operator]
    known = pl.col("influencer_id").is_not_null() & (pl.col("revenue") > 0) & ~pl.col("returned")
    expected = rows.filter(young & known)["revenue"].sum()
    assert data.view().totals(["open_revenue"])["open_revenue"] == pytest.approx(expected)


def test_isotonic_is_that_of_scipy() -> None:
    from scipy.optimize import isotonic_regression

    for seed in range(20):
        rng = np.random.default_rng(seed)
        values, weights = rng.normal(size=60).round(1), rng.gamma(1.0, size=60) + 1e-6
        for increasing in (True, False):
            expected = isotonic_regression(values, weights=weights, increasing=increasing).x
            found = isotonic(values, weights, increasing=increasing)
            np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("rows", [YOUNG, [*YOUNG, *SETTLED[:30]], [r for r in SETTLED if r[1] != "returned"]])  # fmt: skip
def test_too_short_a_history_tells_nothing(rows: list[tuple[int, str, float]]) -> None:
    tables, _ = shipped(1, Parcels(orders=40, influencers=2))
    plain = orders(rows)
    assert with_matured(plain).columns == plain.columns
    short = tables["tracking_data"].filter(pl.col("date") > pl.col("date").max() - timedelta(days=9))  # fmt: skip
    view = Dataset({**tables, "tracking_data": short}).view()
    with pytest.raises(InsufficientDataError, match="long enough"):
        view.matured()


def test_every_breakdown_adds_up_and_revenue_is_as_before() -> None:
    tables, _ = shipped(5, Parcels(orders=1_500, influencers=4))
    data = Dataset(tables)
    view = data.view()
    without = Dataset({**tables, "tracking_data": tables["tracking_data"].drop("outcome", "returned")})  # fmt: skip
    for name in ("revenue", "orders", "customers", "aov"):
        assert view.totals([name])[name] == pytest.approx(
            without.view().totals([name])[name], rel=1e-12
        )
    assert "matured_revenue" not in without.view().metrics
    whole = view.totals(["matured_revenue", "open_revenue"])
    for by in ("influencer_id", "brand"):
        parts = view.by(by, metrics=["matured_revenue", "open_revenue"]).sum()
        np.testing.assert_allclose(parts.to_numpy(), whole.to_numpy())
    # Whoever is credited, what stands in the end is the same.
    credited = data.view(attribution="linear").totals(["matured_revenue"])
    assert credited["matured_revenue"] == pytest.approx(whole["matured_revenue"])
    assert view.matured("influencer_id")["matured_revenue"].sum() == pytest.approx(whole["matured_revenue"])  # fmt: skip


def test_words_say_what_is_open_and_that_periods_differ_in_age() -> None:
    tables, _ = shipped(5, Parcels(orders=1_500, influencers=4))
    view = Dataset(tables).view()
    assert "still open to returns." in view.matured().attrs["text"]
    recent = view.where(date=("2025-05-01", "2025-05-30"))
    assert "not compared at equal age" in recent.compare("previous_period", ["roas", "revenue"]).attrs["note"]  # fmt: skip
    assert "equal age" not in recent.compare("previous_period", ["matured_revenue"]).attrs["note"]
    assert "equal age" not in view.where(date="2025-02").compare("previous_month", ["revenue"]).attrs["note"]  # fmt: skip
    assert "not compared at equal age" in recent.drivers("revenue", "brand").attrs["note"]


def test_statuses_are_kept_through_import(tmp_path: Path) -> None:
    tables, _ = shipped(6, Parcels(orders=600, influencers=3))
    words = {"open": "Shipped", "delivered": "Delivered", "returned": "RTO"}
    for name, table in tables.items():
        table.write_csv(tmp_path / f"{name}.csv")
    tracking = tables["tracking_data"].with_columns(
        pl.col("outcome").replace(words).alias("Order Status")
    ).drop("outcome", "returned").rename({"payment_mode": "Payment Method"})  # fmt: skip
    tracking.write_csv(tmp_path / "tracking_data.csv")
    data = hk.load(tmp_path)
    counts = tables["tracking_data"]["outcome"].value_counts(sort=True)
    assert data.tables["tracking_data"]["outcome"].value_counts(sort=True).equals(counts)
    known = Dataset(tables).view().totals(["matured_revenue", "open_revenue"])
    found = data.view().totals(["matured_revenue", "open_revenue"])
    np.testing.assert_allclose(found.to_numpy(), known.to_numpy())
    # What was written with our own names comes back the same.
    for name, table in data.tables.items():
        table.write_csv(tmp_path / f"{name}.csv")
    again = hk.load(tmp_path)
    assert again.tables["tracking_data"]["outcome"].equals(data.tables["tracking_data"]["outcome"])


def test_slice_of_the_validation_covers() -> None:
    row = validate_matured.judged("slice", Parcels(orders=1_500), 5)
    assert row["coverage by influencer"] > 0.7
    assert abs(row["bias"]) < 0.06
    assert row["bias of revenue"] > 0.1
