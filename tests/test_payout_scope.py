"""What a payout pays for is one thing: spread by the ledger, audited, and listed by the import."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics.dataset import Dataset
from hk_metrics.ingest import load
from hk_metrics.payouts.audit import audit
from hk_metrics.payouts.payments import payments, periods
from tests.small_files import files
from tests.worked_example import TABLES

HEAD = "influencer_id,basis,rate,orders,total_payout,period_start,period_end,payment_date\n"


def imported(row: str) -> Dataset:
    return load(files(payouts=f"{HEAD}{row}\n"))


def spend(data: Dataset, by: str) -> dict[str, float]:
    found = data.view().by(by, ["spend"])["spend"]
    return {str(k): float(v) for k, v in found[found != 0].items()}


# Asha posts on 1 and 11 March; her orders are of 2, 3 (Fit) and 12 March (Run).
@pytest.mark.parametrize(
    ("row", "posts", "campaigns"),
    [
        ("1,post,200,,200,2025-03-10,,", 1, {"Run": 200}),
        ("1,post,200,,200,,2025-03-10,", 1, {"Fit": 200}),
        ("1,post,200,,400,2025-03-01,,", 2, {"Fit": 200, "Run": 200}),
        ("1,post,200,,400,,,2025-03-10", 2, {"Fit": 200, "Run": 200}),
    ],
)
def test_open_end_of_a_period_is_open_everywhere(
    row: str, posts: int, campaigns: dict[str, float]
) -> None:
    data = imported(row)
    assert spend(data, "campaign") == campaigns
    listed = payments(data).iloc[0]
    assert (listed["posts"], listed["difference"]) == (posts, 0)
    assert "rate" not in set(audit(data)["kind"])
    codes = {f.code for f in data.quality.findings}
    assert not codes & {"payout_posts", "payout_arithmetic", "unmatched_period"}


def test_payout_from_a_day_on_is_of_no_day_before_it() -> None:
    data = imported("1,post,200,,200,2025-03-10,,")
    early, late = (data.view(date=d) for d in (("2025-03-01", "2025-03-09"), ("2025-03-10", None)))
    assert early.totals(["spend"])["spend"] == 0
    assert late.totals(["spend"])["spend"] == 200
    assert payments(data, early).empty
    assert len(payments(data, late)) == 1


def test_payout_from_a_day_after_all_activity_is_undated_on_both_surfaces() -> None:
    data = imported("1,post,200,,200,2025-04-01,,")
    (warning,) = (f for f in data.quality.warnings if f.code == "unmatched_period")
    assert "from 1 Apr 2025" in warning.message
    assert data.view(date=(None, "2030-01-01")).undated_spend == 200


def test_periods_are_none_where_they_are_open() -> None:
    day = datetime(2025, 3, 10)
    rows = pl.DataFrame(
        {"date": [day, None, None, None], "period_start": [None, day, None, None],
         "period_end": [None, None, day, None]},
    ).to_pandas()  # fmt: skip
    ten = date(2025, 3, 10)
    assert periods(rows) == [(ten, ten), (ten, None), (None, ten), (None, None)]
    assert periods(rows[[]]) == [(None, None)] * 4


def test_conservation_holds_for_open_periods() -> None:
    some = pl.Series([datetime(2025, 3, 10), None, datetime(2025, 1, 1)])
    ends = pl.Series([None, datetime(2025, 3, 10), None], dtype=pl.Datetime("us"))
    paid = TABLES["payouts"].with_columns(period_start=some, period_end=ends)
    view = hk.load({**TABLES, "payouts": paid}).view()
    assert view.totals(["spend"])["spend"] == pytest.approx(890, rel=1e-9)
    assert view.by("campaign", ["spend"])["spend"].sum() == pytest.approx(890, rel=1e-9)
