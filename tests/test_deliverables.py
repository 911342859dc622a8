"""Promised against posted, worked out by hand: late, missing, double and unplanned posts; rights."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics.payouts.deliverables import planned
from tests.test_costs import folder
from tests.worked_example import TABLES


def _days(*days: int) -> list[datetime]:
    return [datetime(2025, 3, day) for day in days]


# 1 posted thrice, 2 once for another campaign than promised, 3 twice; the data ends on 20 March.
POSTS = pl.DataFrame(
    {
        "influencer_id": ["1", "1", "1", "2", "3", "3"],
        "platform": ["Instagram"] * 6,
        "date": _days(1, 11, 18, 5, 6, 7),
        "url": [f"https://i.example/{n}" for n in range(6)],
        "caption": [""] * 6,
        "reach": [1000] * 6,
        "likes": [10] * 6,
        "comments": [1] * 6,
        "campaign": [None, None, "Fit", "Fit", None, None],
        "format": [None, "Reels", None, None, None, None],
    }
)
PROMISES = pl.DataFrame(
    {
        "influencer_id": ["1", "1", "2", "2", "3"],
        "format": [None, "reel", None, None, None],
        "count": [1, 2, 1, 2, None],
        "due_date": _days(3, 10, 8, 25, 10),
        "fee": [100.0, 300.0, 60.0, 50.0, 80.0],
        "campaign": [None, None, "Run", "Run", None],
        "channel": ["Ads", None, None, "Shop", "Ads"],
        "ends_on": [datetime(2025, 4, 3), None, None, *_days(25), datetime(2025, 4, 30)],
    }
)
DATA = hk.Dataset({**TABLES, "posts": POSTS, "deliverables": PROMISES})


def test_promises_are_matched_to_posts_with_their_money() -> None:
    found = hk.deliverables(DATA)
    told = {
        (r["influencer_id"], r["fee"]): tuple(
            r[c] for c in ("count", "on_time", "late", "missing", "to_come", "days_late")
        )
        for r in found.fillna({"days_late": -1}).to_dict("records")
    }
    assert told == {
        ("1", 100.0): (1, 1, 0, 0, 0, -1),
        ("1", 300.0): (2, 0, 2, 0, 0, 8),  # 11 and 18 March for the 10th
        ("2", 60.0): (1, 0, 0, 1, 0, 12),  # its post was for Fit; until 20 March
        ("2", 50.0): (2, 0, 0, 0, 2, -1),
        ("3", 80.0): (1, 1, 0, 0, 0, -1),
    }
    fees = found[[f"fee_{s}" for s in ("on_time", "late", "missing", "to_come")]].sum()
    assert fees.tolist() == [180.0, 300.0, 60.0, 50.0]


def test_posts_of_no_promise_are_double_or_unplanned() -> None:
    found = hk.unpromised(DATA)
    told = found[["influencer_id", "kind", "spend"]].to_dict("list")
    # 3 is paid 90 for two posts; 2 is paid by orders, so nothing lies on its post
    assert told["influencer_id"] == ["2", "3"]
    assert told["kind"] == ["unplanned", "double"]
    assert told["spend"] == pytest.approx([0.0, 45.0])


def test_promises_of_a_view_are_those_it_keeps() -> None:
    view = DATA.view(influencer_id="2", date=("2025-03-01", "2025-03-20"))
    assert hk.deliverables(DATA, view)["fee"].tolist() == [60.0]
    assert planned(DATA)[["posts", "fee"]].to_numpy().tolist() == [[2, 50.0]]


def test_rights_that_end_in_14_days_are_listed() -> None:
    found = hk.expiring_rights(DATA)
    assert found[["channel", "days_left"]].to_numpy().tolist() == [["Shop", 5], ["Ads", 14]]
    assert hk.expiring_rights(DATA, days=4).empty


def test_without_promises_nothing_is_missing() -> None:
    plain = hk.Dataset(TABLES)
    assert hk.deliverables(plain).empty
    assert hk.unpromised(plain).empty
    assert hk.expiring_rights(plain).empty


PLAN = """Creator,Deliverable,Qty,Deadline,Deal Value,Booked On,Usage Rights Until
1,Reel,2,15/03/2025,"40,000",20/02/2025,30/06/2025
2,Story,1,18/03/2025,5000,21/02/2025,
"""


def test_content_plan_is_read_by_what_its_headers_mean(tmp_path: Path) -> None:
    data = hk.load(folder(tmp_path, content_plan=PLAN))
    table = data.tables["deliverables"]
    assert table["format"].to_list() == ["Reel", "Story"]
    assert table["fee"].to_list() == [40_000.0, 5_000.0]
    assert table["ends_on"][0] == datetime(2025, 6, 30)
    assert data.view().totals(["spend"])["spend"] == 890.0
    assert hk.deliverables(data)["on_time"].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,Reel,-2,2025-03-15,40000,2025-02-20,", "row 2, Qty: 1 cell in 'Qty' below zero: '-2'"),
        ("1,Reel,1,2025-03-15,-5,2025-02-20,", "'Deal Value' below zero: '-5.0'"),
        ("1,Reel,1,2025-02-15,5,2025-02-20,", "row 2, Deadline: 1 row that end before they begin"),
        ("9,Reel,1,2025-03-15,5,2025-02-20,", "1 influencer id not in influencers: '9'"),
    ],
)
def test_impossible_promises_are_refused_by_row(tmp_path: Path, row: str, said: str) -> None:
    plan = f"{PLAN.partition(chr(10))[0]}\n{row}\n"
    with pytest.raises(hk.SchemaError) as refused:
        hk.load(folder(tmp_path, plan=plan))
    assert said in str(refused.value)


def test_payouts_with_deliverables_stay_payouts(tmp_path: Path) -> None:
    paid = "influencer_id,deliverables,amount,due date,invoice no\n1,2,400,2025-03-15,A1\n"
    (tmp_path / "more").mkdir()
    data = hk.load(folder(tmp_path, payouts=paid), on_error="reject")
    assert "deliverables" not in data.tables
    assert data.tables["payouts"]["total_payout"].to_list() == [400.0]
