"""Payments against their rate, and what does not add up; the worked example of the ledger."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.payouts.audit import audit
from hk_metrics.payouts.payments import payments
from tests.worked_example import TABLES


@pytest.fixture
def data() -> Dataset:
    return Dataset(TABLES)


def with_payouts(data: Dataset, *rows: tuple[str, str, float | None, int | None, float]) -> Dataset:
    names = ("influencer_id", "basis", "rate", "orders", "total_payout")
    types = (pl.String, pl.String, pl.Float64, pl.Int64, pl.Float64)
    frame = pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")
    return Dataset({**data.tables, "payouts": frame}, data.settings)


def test_payments_sum_to_spend(data: Dataset) -> None:
    assert payments(data)["paid"].sum() == data.view().totals(["spend"])["spend"] == 890


def test_payments_units_follow_the_basis(data: Dataset) -> None:
    rows = payments(data).set_index("influencer_id")
    # Asha: 2 posts at 200; Bo: 4 orders at 100; Cy: no post at 90.
    assert rows["units"].to_dict() == {"1": 2, "2": 4, "3": 0}
    assert rows["expected"].to_dict() == {"1": 400, "2": 400, "3": 0}


def test_payments_follow_filters_on_people(data: Dataset) -> None:
    assert payments(data, data.view(category="Yoga"))["influencer_id"].tolist() == ["3"]
    assert payments(data, data.view(influencer_id=["1", "2"]))["paid"].sum() == 800


def test_payments_without_dates_stay_under_a_date_filter(data: Dataset) -> None:
    assert len(payments(data, data.view(date=("2025-03-01", "2025-03-10")))) == 3


def test_payments_with_a_period_leave_when_it_lies_elsewhere(data: Dataset) -> None:
    month = pl.datetime(2025, 4, 1)
    dated = data.tables["payouts"].with_columns(period_start=month, period_end=month)
    april = Dataset({**data.tables, "payouts": dated}, data.settings)
    assert payments(april, april.view(date=("2025-03-01", "2025-03-31"))).empty


def test_audit_finds_pay_without_activity(data: Dataset) -> None:
    found = audit(data)
    assert found[["kind", "influencer_id", "amount"]].to_numpy().tolist() == [["idle", "3", 90.0]]


def test_audit_finds_rates_that_do_not_explain_what_was_paid(data: Dataset) -> None:
    found = audit(with_payouts(data, ("2", "order", 100.0, 4, 450.0)))
    rate = found[found["kind"] == "rate"].iloc[0]
    assert (rate["influencer_id"], rate["amount"], rate["expected"]) == ("2", 50.0, 400.0)


def test_audit_lets_one_per_cent_pass(data: Dataset) -> None:
    found = audit(with_payouts(data, ("2", "order", 100.0, 4, 403.0)))
    assert "rate" not in set(found["kind"])


def test_audit_doubts_no_rate_per_post_of_whom_the_data_has_no_post(data: Dataset) -> None:
    unposted = {**data.tables, "posts": data.tables["posts"].filter(pl.col("influencer_id") == "1")}
    found = audit(with_payouts(Dataset(unposted, data.settings), ("2", "post", 90.0, None, 270.0)))
    assert "rate" not in set(found["kind"])


def test_posts_that_a_payment_names_are_its_units(data: Dataset) -> None:
    named = data.tables["payouts"].with_columns(posts=pl.Series([3, None, None]))
    rows = payments(Dataset({**data.tables, "payouts": named}, data.settings))
    asha = rows.set_index("influencer_id").loc["1"]
    # 3 posts at 200 each; the data has 2.
    assert (asha["units"], asha["expected"], asha["posts"]) == (3, 600, 2)


def test_equal_payments_of_two_days_are_two(data: Dataset) -> None:
    payment = ("2", "order", 100.0, 2, 200.0)
    twice = with_payouts(data, payment, payment)
    days = pl.Series([datetime(2025, 3, 10), datetime(2025, 3, 25)])
    payouts = twice.tables["payouts"].with_columns(payment_date=days)
    found = audit(Dataset({**data.tables, "payouts": payouts}, data.settings))
    assert "twice" not in set(found["kind"])


def test_audit_finds_orders_paid_beyond_orders_tracked(data: Dataset) -> None:
    found = audit(with_payouts(data, ("2", "order", 100.0, 6, 600.0)))
    row = found[found["kind"] == "orders"].iloc[0]
    # 6 paid for, 4 tracked: 2 orders at 100.
    assert (row["paid"], row["expected"], row["amount"]) == (6, 4, 200.0)


def test_audit_finds_activity_without_pay(data: Dataset) -> None:
    found = audit(with_payouts(data, ("1", "post", 200.0, None, 400.0)))
    row = found[found["kind"] == "unpaid"].iloc[0]
    # Bo: 250 + 750 of revenue, never paid.
    assert (row["influencer_id"], row["amount"]) == ("2", 1000.0)


def test_audit_finds_payments_made_twice(data: Dataset) -> None:
    payment = ("2", "order", 100.0, 4, 400.0)
    found = audit(with_payouts(data, payment, payment))
    assert found[found["kind"] == "twice"]["amount"].tolist() == [400.0]


def test_audit_takes_payments_for_some_posts_each(data: Dataset) -> None:
    found = audit(
        with_payouts(data, ("1", "post", 200.0, None, 200.0), ("1", "post", 150.0, None, 150.0))
    )
    assert "rate" not in set(found["kind"])


def test_audit_of_no_payouts_doubts_nobody(data: Dataset) -> None:
    assert audit(with_payouts(data)).empty


def test_audit_of_real_files_without_pay(shared_data: Path) -> None:
    loaded = hk.load(str(shared_data / "messy" / "per-order-datetimes"), on_error="reject")
    # Its README: 49 influencers without a payout.
    assert audit(loaded)["kind"].value_counts().to_dict() == {"unpaid": 49}
