"""The five messy sets load as they are, with totals worked out apart from this package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load


@dataclass(frozen=True)
class Expected:
    """Sums of one set.

    Added up from the files' cells as decimals with the standard library's csv module, blank rows
    left out; revenue and orders without rows whose source is Organic.
    """

    rows: dict[str, int]
    revenue: float
    orders: int
    spend: float
    reach: int
    rejected: int = 0


SETS = {
    "title-case-dmy-bom": Expected(
        {"influencers": 5, "posts": 5, "tracking_data": 5, "payouts": 5}, 3892, 9, 1290, 57500
    ),
    "commission-fractions": Expected(
        {"influencers": 30, "posts": 90, "tracking_data": 333, "payouts": 30},
        507976.53, 333, 1242150.35, 4455000,
    ),
    "per-order-datetimes": Expected(
        {"influencers": 50, "posts": 265, "tracking_data": 24667, "payouts": 1},
        41585121.39, 24667, 1744.09, 23579863,
    ),
    "before-after-period": Expected(
        {"influencers": 5, "posts": 3, "tracking_data": 5, "payouts": 3}, 12200, 58, 1200, 130000
    ),
    # 148 of the 300 tracked rows are Paid; all 300 are kept.
    "paid-organic-source": Expected(
        {"influencers": 20, "posts": 100, "tracking_data": 300, "payouts": 20},
        37259.81, 354, 286564.49382158364, 2342402,
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=SETS)
def messy(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, Dataset]:
    name = str(request.param)
    return name, load(shared_data / "messy" / name, on_error="reject")


def test_messy_set_gives_the_totals_of_its_cells(messy: tuple[str, Dataset]) -> None:
    name, data = messy
    expected = SETS[name]
    totals = data.view().totals(["revenue", "orders", "spend", "reach"])
    assert totals["revenue"] == pytest.approx(expected.revenue, rel=1e-9)
    assert totals["orders"] == expected.orders
    assert totals["spend"] == pytest.approx(expected.spend, rel=1e-9)
    assert totals["reach"] == pytest.approx(expected.reach, rel=1e-9)


def test_messy_set_keeps_every_row(messy: tuple[str, Dataset]) -> None:
    name, data = messy
    assert {n: t.height for n, t in data.tables.items()} == SETS[name].rows
    assert sum(r.height for r in data.quality.rejected.values()) == SETS[name].rejected
    assert not data.quality.errors


def _codes(data: Dataset) -> dict[str, int]:
    return {f.code: f.count for f in data.quality.findings}


def test_day_first_dates_are_read_as_july(shared_data: Path) -> None:
    data = load(shared_data / "messy" / "title-case-dmy-bom", on_error="reject")
    # 01-07-2025 to 06-07-2025: six days of July, not the first of six months.
    days = data.tables["posts"]["date"].dt.strftime("%Y-%m-%d").to_list()
    assert days == ["2025-07-01", "2025-07-03", "2025-07-04", "2025-07-05", "2025-07-06"]


def test_title_case_csvs_alone_are_read_alike(shared_data: Path) -> None:
    folder = shared_data / "messy" / "title-case-dmy-bom"
    data = load(sorted(folder.glob("*.csv")), on_error="reject", date_order="day_first")
    workbook = load(folder / "HK Campaign DB.xlsx", on_error="reject")
    assert data.id == workbook.id
    assert data.view().totals(["spend"])["spend"] == 1290


def test_workbook_and_its_csvs_count_once(shared_data: Path) -> None:
    data = load(shared_data / "messy" / "title-case-dmy-bom", on_error="reject")
    assert [f.code for f in data.quality.warnings].count("same_file") == 4


def test_ambiguous_dates_raise_with_the_choice(shared_data: Path) -> None:
    folder = shared_data / "messy" / "title-case-dmy-bom"
    with pytest.raises(SchemaError, match="date_order='day_first'"):
        load(sorted(folder.glob("*.csv")))


def test_order_rate_that_is_a_share_is_a_commission(shared_data: Path) -> None:
    data = load(shared_data / "messy" / "commission-fractions")
    bases = data.tables["payouts"]["basis"].value_counts().rows()
    # 16 rows say order with a rate of 0.07 to 0.15; 14 pay per post.
    assert sorted(bases) == [("commission", 16), ("post", 14)]
    assert _codes(data)["order_rate_is_share"] == 16


def test_commission_follows_revenue_not_orders(shared_data: Path) -> None:
    data = load(shared_data / "messy" / "commission-fractions")
    by = data.view(influencer_id="INF_006").by("product", metrics=["revenue", "spend"])
    # One rate for all of INF_006's revenue: 555.58 of 6,792.34.
    assert (by["spend"] / by["revenue"]).dropna().round(9).unique().tolist() == [0.081795081]


def test_share_of_an_influencer_with_six_orders_is_a_commission(shared_data: Path) -> None:
    data = load(shared_data / "messy" / "per-order-datetimes")
    # INF050: 0.19 of 9,179.40 is 1,744.09.
    assert data.tables["payouts"].row(0, named=True)["basis"] == "commission"
    assert data.tables["payouts"].row(0, named=True)["orders"] == 6
    # 50 influencers less the one with a payout.
    assert _codes(data)["unpaid"] == 49


def test_date_times_keep_their_time(shared_data: Path) -> None:
    data = load(shared_data / "messy" / "per-order-datetimes")
    assert str(data.tables["tracking_data"]["date"][0]) == "2025-07-22 12:01:24"


def test_organic_source_is_no_influencer_revenue(shared_data: Path) -> None:
    data = load(shared_data / "messy" / "paid-organic-source")
    # 78,163.82 in all, 37,259.81 of it Paid.
    assert data.tables["tracking_data"]["revenue"].sum() == pytest.approx(78163.82)
    assert data.view().totals(["revenue"])["revenue"] == pytest.approx(37259.81)
    # All of the rows name an influencer: that they count for none is a warning.
    found = next(f for f in data.quality.warnings if f.code == "organic_influencer")
    assert (found.count, found.money) == (152, pytest.approx(78163.82 - 37259.81))
    assert "organic" not in {f.code for f in data.quality.notes}


def test_extra_attributes_become_dimensions(shared_data: Path) -> None:
    data = load(shared_data / "messy" / "paid-organic-source")
    assert {"city", "age_group", "persona"} <= set(data.view().dimensions)


def test_period_of_tracking_is_listed_as_ignored(shared_data: Path) -> None:
    data = load(shared_data / "messy" / "before-after-period")
    assert "'period'" in next(f for f in data.quality.notes if f.code == "ignored_column").message
    assert data.tables["influencers"]["gender"].to_list() == [
        "Male", "Female", "Male", "Female", "Male",
    ]  # fmt: skip


def test_reference_loads_without_a_question(reference: Path) -> None:
    data = load(reference)
    assert not data.quality.errors and not data.quality.warnings
    assert "tier" in data.tables["influencers"].columns
    assert data.tables["tracking_data"]["influencer_id"][0] == "1"
