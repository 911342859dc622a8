"""Dates of payouts: days that are paid for, and days on which money went out."""

from __future__ import annotations

import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.ingest import load
from hk_metrics.quality import Finding
from tests.small_files import PAYOUTS, files

BY_CAMPAIGN = {"Fit": 500, "Run": 300, "(none)": 90}


def dated(header: str, *days: str, payouts: str = PAYOUTS) -> str:
    """Payouts with a column of days, one for each row or one for all."""
    head, *rows = payouts.strip().splitlines()
    given = days * len(rows) if len(days) == 1 else days
    lines = [f"{head},{header}", *(f"{r},{d}" for r, d in zip(rows, given, strict=True))]
    return "\n".join(lines) + "\n"


def per_order(*rows: tuple[str, str]) -> str:
    head = "influencer_id,basis,rate,orders,total_payout,date"
    return "\n".join([head, *(f"{who},order,50,1,50,{day}" for who, day in rows)]) + "\n"


def spend(data: Dataset) -> dict[str, float]:
    return data.view().by("campaign", ["spend"])["spend"].to_dict()


def found(data: Dataset, code: str) -> list[Finding]:
    return [f for f in data.quality.findings if f.code == code]


@pytest.mark.parametrize(
    "header",
    ["payout_date", "Payment Date", "paid_on", "Paid At", "paid_date", "Date of Payment",
     "date_paid", "Invoice Date", "Settlement date"],
)  # fmt: skip
def test_day_of_payment_narrows_nothing_and_is_kept(header: str) -> None:
    data = load(files(payouts=dated(header, "2025-07-10")))
    assert spend(data) == BY_CAMPAIGN
    assert str(data.tables["payouts"]["payment_date"][0]) == "2025-07-10 00:00:00"
    (note,) = found(data, "payment_date")
    assert note.severity == "note" and repr(header) in note.message


def test_day_of_payment_that_is_paid_for_can_be_said_to_be_a_period() -> None:
    text = dated("payout_date", "2025-03-20", payouts=PAYOUTS.split("3,post")[0])
    data = load(files(payouts=text), mapping={"payout_date": "period"})
    # Bo sold in Fit on 20 March; Asha did nothing then.
    assert spend(data) == {"Fit": 400, "Run": 0, "(none)": 400}


def test_date_on_which_nobody_did_anything_is_the_day_of_payment() -> None:
    data = load(files(payouts=dated("date", "2025-07-10")))
    assert spend(data) == BY_CAMPAIGN
    (warning,) = found(data, "payment_date")
    assert (warning.severity, warning.count, warning.money) == ("warning", 3, 890)
    assert "date" not in data.tables["payouts"].columns
    assert str(data.tables["payouts"]["payment_date"][0]) == "2025-07-10 00:00:00"


def test_payouts_dated_the_day_of_the_order_match_that_day() -> None:
    days = [("1", "2025-03-02"), ("1", "2025-03-03"), ("1", "2025-03-12"), ("2", "2025-03-06")]
    data = load(files(payouts=per_order(*days)))
    assert not found(data, "payment_date") and not found(data, "unmatched_period")
    assert data.view(date=("2025-03-02", "2025-03-03")).totals(["spend"])["spend"] == 100
    assert spend(data) == {"Fit": 100, "Run": 100}


def test_some_days_without_activity_are_told_with_their_money_and_conserved() -> None:
    days = [("1", "2025-03-02"), ("1", "2025-03-03"), ("2", "2025-03-07"), ("3", "2025-03-07")]
    data = load(files(payouts=per_order(*days)))
    # Cy has no activity at all, so that it is not the date that fails to match.
    (warning,) = found(data, "unmatched_period")
    assert (warning.count, warning.money, warning.row) == (1, 50, 4)
    assert "influencer 2 was paid 50.00 for 7 Mar 2025" in warning.message
    assert spend(data) == {"Fit": 100, "Run": 0, "(none)": 100}
    assert data.view(date=("2025-01-01", "2025-12-31")).totals(["spend"])["spend"] == 100


def test_period_without_activity_stays_what_is_paid_for_and_is_told() -> None:
    data = load(files(payouts=dated("period", "2025-02", "2025-03", "2025-02")))
    (warning,) = found(data, "unmatched_period")
    assert (warning.count, warning.money) == (1, 400)
    assert "for 1 – 28 Feb 2025" in warning.message
    # Bo's 400 over an order in Run and three in Fit; Asha's 400 and Cy's 90 are of no day.
    assert spend(data) == {"Fit": 300, "Run": 100, "(none)": 490}


def test_dates_of_two_files_are_judged_apart() -> None:
    orders = per_order(("1", "2025-03-02"), ("1", "2025-03-03")).encode()
    settled = dated("date", "2025-07-10", payouts="influencer_id,basis,rate,orders,total_payout\n"
                    "2,order,100,4,400\n").encode()  # fmt: skip
    data = load(files(payouts=None) | {"payouts a.csv": orders, "payouts b.csv": settled})
    assert spend(data) == {"Fit": 400, "Run": 100}
    (warning,) = found(data, "payment_date")
    assert (warning.file, warning.money) == ("payouts b.csv", 400)
    assert (
        data.tables["payouts"]["date"].count() == data.tables["payouts"]["payment_date"].count() + 1
    )


def test_dates_without_any_activity_to_compare_with_stay() -> None:
    alone = files(posts=None, tracking_data=None, payouts=dated("date", "2025-07-10"))
    assert "date" in load(alone).tables["payouts"].columns
