"""Payouts as finance books them, worked out by hand: due, late, held, claw-backs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import hk_metrics as hk
from hk_metrics.payouts.statement import statement
from tests.test_costs import folder

PAYOUTS = """influencer_id,basis,rate,orders,total_payout,invoice_no,status,due_date,approved_by
1,post,200,,400,A1,paid,2025-03-10,Mira
1,post,200,,-100,A2,pending,,
2,order,100,4,400,B1,pending,2025-03-15,Mira
2,order,100,4,50,B2,on hold,2025-03-15,
3,post,90,,90,C1,pending,2025-04-15,
3,post,90,,-120,C2,pending,,
"""


def test_payouts_are_booked_as_earned_paid_and_accrued(tmp_path: Path) -> None:
    # the data ends on 20 March
    data = hk.load(folder(tmp_path, payouts=PAYOUTS), on_error="reject")
    lines = hk.finance(data)
    told = {r["invoice"]: (r["paid"], r["accrual"], r["state"]) for r in lines.to_dict("records")}
    assert told == {
        "A1": (400, 0, "paid"), "A2": (0, -100, "due"), "B1": (0, 400, "late"),
        "B2": (0, 50, "held"), "C1": (0, 90, "due"), "C2": (0, -120, "due"),
    }  # fmt: skip
    assert lines["payee"].tolist() == ["Asha", "Asha", "Bo", "Bo", "Cy", "Cy"]
    assert lines["approved_by"].tolist()[0] == "Mira"
    sums = lines.attrs
    assert (sums["due"], sums["late"], sums["held"]) == (-130, 400, 50)
    assert sums["carried_over"] == 130  # 100 of Asha, 30 of Cy
    totals = data.view().totals(["spend", "spend_due"])
    assert [sums["earned"], sums["accrual"]] == pytest.approx(totals.tolist())
    of_two = hk.finance(data, data.view(influencer_id="2"))
    assert of_two["invoice"].tolist() == ["B1", "B2"]


def test_statement_says_lines_total_and_due_day_and_nothing_internal(tmp_path: Path) -> None:
    data = hk.load(folder(tmp_path, payouts=PAYOUTS), on_error="reject")
    lines = statement(data, "2")
    rows = lines[["invoice", "basis", "units", "amount", "state"]].fillna(0).to_numpy().tolist()
    # 4 orders at 100 make 400; the 50 of B2 are no 4 orders at 100
    assert rows == [["B1", "order", 4, 400, "late"], ["B2", "order", 0, 50, "held"]]
    assert {n: lines.attrs[n] for n in ("payee", "total", "paid", "due", "late", "held")} == {
        "payee": "Bo", "total": 450, "paid": 0, "due": 0, "late": 400, "held": 50,
    }  # fmt: skip
    assert lines.attrs["due_on"] == date(2025, 3, 15)
    internal = {"approved_by", "balance", "accrual", "expected", "difference", "revenue"}
    assert not internal & set(lines.columns)
    assert statement(data, "1").attrs["total"] == 300  # 400 less the claw-back
