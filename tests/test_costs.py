"""Costs beside the payouts: spread and conserved as they are, and what spend means."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import hk_metrics as hk
from benchmarks.validate_money import BOUND, errors
from hk_metrics.errors import UnknownNameError
from hk_metrics.ledger import Ledger, disk
from hk_metrics.settings import Settings
from hk_metrics.view import View
from tests import small_files
from tests.length import times
from tests.worked_example import TABLES

SCHEMA: dict[str, Any] = {
    "influencer_id": pl.String, "cost_kind": pl.String, "amount": pl.Float64,
    "market_value": pl.Float64, "date": pl.Datetime("us"), "period_start": pl.Datetime("us"),
    "period_end": pl.Datetime("us"), "campaign": pl.String,
}  # fmt: skip
MARCH = {day: datetime(2025, 3, day) for day in (1, 5, 9, 11)}
# An agency for all, a boost of one campaign, a gift to somebody idle, a parcel, rights of days.
COSTS = pl.DataFrame(
    [
        {"cost_kind": "agency", "amount": 300.0},
        {"cost_kind": "boosting", "amount": 70.0, "campaign": "Fit"},
        {"influencer_id": "3", "cost_kind": "product", "amount": 50.0, "market_value": 120.0,
         "date": MARCH[9]},
        {"influencer_id": "1", "cost_kind": "shipping", "amount": 25.0, "date": MARCH[11]},
        {"cost_kind": "rights", "amount": 60.0, "period_start": MARCH[1], "period_end": MARCH[5]},
    ],
    schema=SCHEMA,
)  # fmt: skip
PAYOUTS, ALL = 890.0, 890.0 + 505.0


def folder(place: Path, **files: str) -> Path:
    """The worked example as files, with more beside it."""
    for name in ("influencers", "posts", "payouts"):
        (place / f"{name}.csv").write_text(getattr(small_files, name.upper()), encoding="utf-8")
    (place / "tracking_data.csv").write_text(small_files.TRACKING, encoding="utf-8")
    for name, text in files.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


def view(**chosen: Any) -> View:
    return View(Ledger.build({**TABLES, "costs": COSTS}, Settings(**chosen)).compact())


@settings(max_examples=times(15, 200), deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.integers(1_000, 1_000_000))
def test_money_is_all_there_and_counted_once(seed: int) -> None:
    for name, missed in errors(seed):
        assert missed <= BOUND, name


def test_costs_follow_the_posts_that_they_name() -> None:
    # posts: 1 on 1 March (Fit) and 11 March (Run); 2 on 5 March (a quarter Run, the rest Fit)
    sums = view().by("influencer_id", ["cost_agency", "cost_boosting", "cost_rights"])
    assert sums["cost_agency"].to_dict() == pytest.approx({"1": 200, "2": 100, "3": 0})
    assert sums["cost_boosting"].to_dict() == pytest.approx({"1": 40, "2": 30, "3": 0})
    assert sums["cost_rights"].to_dict() == pytest.approx({"1": 30, "2": 30, "3": 0})
    by_campaign = view().by("campaign", ["cost_agency"])["cost_agency"]
    assert by_campaign[["Fit", "Run"]].to_dict() == pytest.approx({"Fit": 175, "Run": 125})


def test_gift_to_somebody_idle_stays_on_its_day() -> None:
    on_the_day = view().where(date=("2025-03-09", "2025-03-09")).by("influencer_id", ["costs"])
    assert on_the_day["costs"].to_dict() == {"3": 50.0}


def test_spend_means_what_is_chosen_on_every_surface() -> None:
    paid, whole = view(), view(spend_means="all_costs")
    names = ["spend", "payouts", "costs", "market_value", "revenue", "roas", "profit"]
    assert paid.totals(names)[:4].tolist() == pytest.approx([PAYOUTS, PAYOUTS, 505, 120])
    assert whole.totals(names)[:4].tolist() == pytest.approx([ALL, PAYOUTS, 505, 120])
    assert whole.totals(["roas"])["roas"] == pytest.approx(2200 / ALL)
    assert whole.totals(["profit"])["profit"] == pytest.approx(2200 - ALL)
    assert paid.spending("all_costs").totals(names).tolist() == whole.totals(names).tolist()
    assert whole.spending("payouts").totals(names).tolist() == paid.totals(names).tolist()
    assert "₹505 of other costs are not in it" in " ".join(paid.notes)
    assert "Spend is all costs" in " ".join(whole.notes)
    with pytest.raises(UnknownNameError, match="all_costs"):
        paid.spending("everything")  # type: ignore[arg-type]


def test_meaning_of_spend_survives_the_disk(tmp_path: Path) -> None:
    for written in (view(), view(spend_means="all_costs")):
        disk.write(written.ledger, tmp_path)
        for means, spend in (("payouts", PAYOUTS), ("all_costs", ALL)):
            found = disk.read(tmp_path, Settings(spend_means=means))
            assert found is not None
            assert View(found).totals(["spend"])["spend"] == pytest.approx(spend)


def test_without_costs_there_is_no_such_metric_and_no_word() -> None:
    plain = View(Ledger.build(TABLES, Settings(spend_means="all_costs")))
    assert not {"costs", "payouts", "market_value"} & {*plain.metrics}
    assert plain.totals(["spend"])["spend"] == PAYOUTS
    assert plain.notes == []


def test_costs_alone_are_spend_where_spend_is_all_costs() -> None:
    tables = {**TABLES, "payouts": TABLES["payouts"].clear(), "costs": COSTS}
    whole = View(Ledger.build(tables, Settings(spend_means="all_costs")))
    assert whole.totals(["spend"])["spend"] == pytest.approx(505)
    assert whole.unavailable("payouts") == "the data has no payouts"
    assert whole.spending("payouts").unavailable("spend") == "the data has no payouts"


EXPENSES = """Creator,Expense Type,Amount (Rs.),MRP,Sent On,Remarks
1,Product COGS,"1,000",2499,09-03-2025,box
,Agency retainer,50000,,01-03-2025,
2,Courier,120,,13-03-2025,
2,Tea,10,,14-03-2025,
"""


def test_expenses_are_read_by_what_their_headers_and_words_mean(tmp_path: Path) -> None:
    data = hk.load(folder(tmp_path, expenses_of_march=EXPENSES))
    assert data.tables["costs"]["cost_kind"].to_list() == ["product", "agency", "shipping", "other"]
    assert data.tables["costs"]["market_value"].to_list() == [2499.0, None, None, None]
    assert data.view().totals(["spend", "costs"]).tolist() == pytest.approx([PAYOUTS, 51_130])
    assert data.view(spend="all_costs").totals(["spend"])["spend"] == pytest.approx(52_020)
    told = " ".join(f.message for f in data.quality.findings)
    assert "'Tea'; taken as other" in told
    assert "'Courier' is read as 'shipping'" in told


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,gift,100,-5,2025-03-01,", "row 2, MRP: 1 cell in 'MRP' below zero: '-5.0'"),
        ("9,gift,100,5,2025-03-01,", "row 2, Creator: 1 influencer id not in influencers: '9'"),
    ],
)
def test_impossible_costs_are_refused_by_row(tmp_path: Path, row: str, said: str) -> None:
    folder(tmp_path, expenses=f"{EXPENSES.partition(chr(10))[0]}\n{row}\n")
    with pytest.raises(hk.SchemaError) as refused:
        hk.load(tmp_path)
    assert said in str(refused.value)
    kept = hk.load(tmp_path, on_error="reject")
    assert kept.view().totals(["spend"])["spend"] == PAYOUTS
    assert kept.quality.rejected["costs"].height == 1


def test_cost_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    text = "cost_kind,amount,period_start,period_end\nagency,5,2025-03-09,2025-03-01\n"
    with pytest.raises(hk.SchemaError, match="1 row that end before they begin"):
        hk.load(folder(tmp_path, costs=text))


def test_gifts_lately_sent_are_no_failures() -> None:
    # posts of 1: 1 and 11 March; of 2: 5 March; 3 never posted. The data ends on 20 March
    gifts = pl.DataFrame(
        {
            "influencer_id": ["1", "1", "2", "3", "3"],
            "cost_kind": ["product"] * 5,
            "amount": [100.0, 60.0, 40.0, 30.0, 20.0],
            "market_value": [250.0, None, None, None, None],
            "date": [datetime(2025, 2, 28), datetime(2025, 3, 10), datetime(2025, 3, 6),
                     datetime(2025, 3, 12), datetime(2025, 2, 1)],
        }
    )  # fmt: skip
    found = hk.seeding(hk.Dataset({**TABLES, "costs": gifts}), days=14)
    told = {r["cost"]: (r["posts"], r["days_since"], r["state"]) for r in found.to_dict("records")}
    assert told[100.0] == (1, 20, "posted")
    assert told[60.0] == (1, 10, "posted")
    assert told[40.0] == (0, 14, "waiting")
    assert told[30.0] == (0, 8, "waiting")
    assert told[20.0] == (0, 47, "silent")
    assert found.attrs["posted_rate"] == pytest.approx(2 / 3)
    assert found.attrs["cost_per_post"] == pytest.approx(125)
