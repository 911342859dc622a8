"""New customers: who is new, what she brings by an age, when she has paid back; worked by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import hk_metrics as hk
from benchmarks import validate_customers
from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.ingest.templates import template
from hk_metrics.ledger.partitions import build_in_parts
from hk_metrics.scope import within
from hk_metrics.settings import Settings
from hk_metrics.simulate.buyers import Buyers, bought
from hk_metrics.view import View

Event = tuple[str, str, int, int, float]
# user, influencer, day of January 2025, orders, revenue; the data ends on the 31st
EVENTS: list[Event] = [
    ("u1", "A", 1, 1, 100.0),  # followed for 30 days
    ("u1", "B", 11, 1, 50.0),  # age 10, whoever is credited
    ("u2", "A", 1, 1, 200.0),
    ("u2", "A", 6, 0, -200.0),  # age 5: sent back
    ("u3", "A", 26, 1, 120.0),  # followed for 5 days
    ("u3", "A", 31, 1, 60.0),  # age 5
    ("u4", "B", 31, 1, 90.0),
    ("u4", "B", 31, 1, 10.0),  # the same day
]


def tables(events: list[Event], *, numbered: bool = True, paid: float = 0.0) -> dict[str, pl.DataFrame]:  # fmt: skip
    known, _ = bought(1, Buyers(influencers=2, customers=1))
    users, people, days, orders, revenue = zip(*events, strict=True)
    tracking = pl.DataFrame(
        {
            "tracking_id": [f"T{n}" for n in range(len(events))],
            "source": "PromoCode",
            "campaign": "Launch",
            "influencer_id": people,
            "user_id": users,
            "product": "Whey",
            "date": [datetime(2025, 1, day) for day in days],
            "orders": orders,
            "revenue": revenue,
        }
    )
    made = {**known, "influencers": known["influencers"].with_columns(id=pl.Series(["A", "B"]))}
    if paid:
        made["payouts"] = pl.DataFrame(
            {"influencer_id": ["A"], "basis": ["post"], "rate": [paid], "orders": [0],
             "total_payout": [paid]}
        )  # fmt: skip
    return {**made, "tracking_data": tracking if numbered else tracking.drop("tracking_id")}


def test_value_by_age_counts_each_day_with_those_seen_that_long() -> None:
    table = Dataset(tables(EVENTS)).view().cohorts("influencer_id", days=[0, 5, 10, 30])
    own = table.loc["A"]
    assert own["revenue_0"] == 140  # (100 + 200 + 120) ÷ 3
    assert own["revenue_5"] == pytest.approx(140 - 140 / 3)  # (−200 + 60) ÷ 3 come on day 5
    assert own["revenue_10"] == pytest.approx(140 - 140 / 3 + 25)  # 50 ÷ the 2 seen so long
    assert own["revenue_30"] == own["revenue_10"]
    assert list(own[["followed_0", "followed_5", "followed_10", "followed_30"]]) == [3, 3, 2, 2]
    # Day 5: u3 of three comes again; day 10: u1 of the two others that are left.
    assert own["repeat_5"] == pytest.approx(1 / 3)
    assert own["repeat_10"] == pytest.approx(1 - 2 / 3 * 1 / 2)


def test_what_is_not_seen_so_long_is_not_told() -> None:
    table = Dataset(tables(EVENTS)).view().cohorts("influencer_id", days=[30, 400])
    assert table["revenue_30"].isna()["B"]
    assert table["revenue_400"].isna().all()
    assert table.loc["B", "followed_30"] == 0
    assert table["revenue_30_lower"].isna().all()  # of two people


@pytest.mark.parametrize(
    ("paid", "margin", "day"),
    [
        (420.0, 1.0, 0.0),  # 140 a customer
        (240.0, 0.5, np.nan),  # 80 a customer; half of 140 is 70, and less comes later
        (210.0, 0.5, 0.0),
    ],
)
def test_payback_is_the_first_day_on_which_margin_covers_the_cost(
    paid: float, margin: float, day: float
) -> None:
    data = Dataset(tables(EVENTS, paid=paid), Settings(margin=margin))
    found = data.view().cohorts("influencer_id").loc["A"]
    assert found["cac"] == paid / 3
    np.testing.assert_equal(found["payback_days"], day)


def test_payback_waits_for_the_purchase_that_pays() -> None:
    events: list[Event] = [("u1", "A", 1, 1, 100.0), ("u1", "A", 13, 1, 60.0), ("u2", "B", 31, 1, 1.0)]  # fmt: skip
    found = Dataset(tables(events, paid=75.0), Settings(margin=0.5)).view().cohorts("influencer_id")
    assert found.loc["A", "payback_days"] == 12  # ½ × 100 < 75 ≤ ½ × 160


def test_earlier_customers_are_not_new() -> None:
    plain = Dataset(tables(EVENTS))
    listed = pl.DataFrame(
        {"user_id": ["u1", "u2", "u3", "u9"],
         # u1 bought before; u2 is listed with her first order here; of u3 no day is known
         "first_order": [datetime(2024, 5, 1), datetime(2025, 1, 1, 23), None, None]}
    )  # fmt: skip
    known = Dataset({**tables(EVENTS), "customers": listed})
    assert plain.view().totals(["new_customers"])["new_customers"] == 4
    assert known.view().totals(["new_customers"])["new_customers"] == 2  # u2, u4
    assert known.view().totals(["new_customer_share"])["new_customer_share"] == 0.5
    assert "new to this data" in plain.view().cohorts().attrs["notes"][0]
    assert "list of earlier customers does not" in known.view().cohorts().attrs["notes"][0]
    shown = known.view().cohorts("influencer_id")
    assert shown.loc["A", "new_customers"] == 1
    assert shown.loc["A", "new_customer_share"] == pytest.approx(1 / 3)
    money = ["revenue", "orders", "customers", "repeat_customers"]
    assert plain.view().totals(money).equals(known.view().totals(money))


@pytest.mark.parametrize(("numbered", "again"), [(True, 3), (False, 2)])
def test_repeat_is_another_order_by_number_else_another_day(numbered: bool, again: int) -> None:
    view = Dataset(tables(EVENTS, numbered=numbered)).view()
    # u1 and u3 come on another day; u4 orders twice on one.
    assert view.totals(["repeat_customers"])["repeat_customers"] == again
    assert view.trend("M", ["repeat_customers"])["repeat_customers"].iloc[0] == again
    words = view.cohorts().attrs["notes"][1]
    assert ("by its number" in words) == numbered
    assert view.cohorts("influencer_id", days=[0]).loc["B", "repeat_0"] == float(numbered)


def test_cohorts_by_time_come_in_order_and_odd_questions_are_refused() -> None:
    view = Dataset(tables(EVENTS)).view()
    assert list(view.cohorts("week", days=[5])["new_customers"]) == [2, 1, 1]
    with pytest.raises(UnknownNameError, match="influencer_id"):
        view.cohorts("influencer")
    with pytest.raises(ParameterError, match="whole numbers"):
        view.cohorts(days=[-1])


def test_a_part_counts_new_customers_as_the_whole_does() -> None:
    made, truth = bought(3, Buyers(influencers=3, customers=20, earlier=0.4))
    whole = Dataset(made)
    part = within(whole, {"influencer_id": ("INF1",)})
    assert part.view().totals(["new_customers"])["new_customers"] == truth["new_customers"][1]
    assert set(part.tables["customers"]["user_id"]) <= set(part.tables["tracking_data"]["user_id"])


def test_list_of_customers_is_known_by_its_headers(tmp_path: Path) -> None:
    made, _ = bought(4, Buyers(influencers=2, customers=10, earlier=0.5))
    named = {"user_id": "Customer ID", "first_order": "First purchase date"}
    for name, table in made.items():
        table.write_csv(tmp_path / f"{name}.csv")
    made["customers"].rename(named).write_csv(tmp_path / "crm.csv")
    (tmp_path / "customers.csv").unlink()
    data = hk.load(tmp_path)
    assert data.tables["customers"]["user_id"].sort().equals(made["customers"]["user_id"].sort())
    known = Dataset(made).view().totals(["new_customers", "customers"])
    assert data.view().totals(["new_customers", "customers"]).equals(known)
    assert template("customers").splitlines()[0] == "user_id,first_order"


def test_a_list_in_which_nobody_is_known_is_told() -> None:
    made = tables(EVENTS)
    listed = pl.DataFrame({"user_id": ["x1"], "first_order": ["2024-01-01"]})
    data = hk.load({**made, "customers": listed})
    assert any("are none of those" in f.message for f in data.quality.findings)


def test_slice_of_the_validation_covers() -> None:
    rows = list(validate_customers.judged("plain", Buyers(), 6))
    assert all(0.7 < row["coverage"] <= 1 and abs(row["bias"]) < 0.06 for row in rows)
    # A mean that takes the young for as old as the others is off at 90 days.
    assert rows[-1]["bias without censoring handled"] < -0.04


def test_ledger_built_in_parts_knows_earlier_customers_and_what_matures() -> None:
    made, _ = bought(5, Buyers(influencers=4, customers=30, earlier=0.3))
    tracking = made["tracking_data"].with_columns(
        returned=pl.int_range(pl.len()) % 7 == 0, payment_mode=pl.lit("COD")
    )
    tables = {**made, "tracking_data": tracking}
    whole, parts = Dataset(tables), build_in_parts(tables, parts=3)
    asked = ["new_customers", "customers", "matured_revenue", "open_revenue", "revenue"]
    expected = whole.view().by("influencer_id", metrics=asked).sort_index()
    assert expected["matured_revenue"].sum() < expected["revenue"].sum()
    found = View(parts).by("influencer_id", metrics=asked).sort_index()
    np.testing.assert_allclose(found.to_numpy(), expected.to_numpy())
