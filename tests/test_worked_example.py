"""The worked example of the ledger's design, to the last digit, on every engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from hk_metrics import figures
from hk_metrics.ledger import Ledger
from hk_metrics.view import View
from tests.worked_example import TABLES


@pytest.fixture(scope="module", params=["polars", "pandas", "compact"])
def view(request: pytest.FixtureRequest) -> View:
    tables: Mapping[str, Any] = TABLES
    if request.param == "pandas":
        tables = {name: frame.to_pandas() for name, frame in TABLES.items()}
    ledger = Ledger.build(tables)
    return View(ledger.compact() if request.param == "compact" else ledger)


def test_totals_equal_the_page(view: View) -> None:
    totals = view.totals()
    expected = {
        "revenue": 2200,
        "spend": 890,
        "orders": 8,
        "reach": 10_000,
        "engagements": 410,
        "roas": 2200 / 890,
        "aov": 275,
        "engagement_rate": 0.041,
        "conversion_rate": 0.0008,
        "customers": 4,
        # u1 bought twice (O1, O3); u4's three orders at once (O5) are one purchase
        "repeat_customers": 1,
        # P1 and P2 to 10,000 followers each, P3 to 20,000
        "engagement_rate_by_followers": 410 / 40_000,
    }
    assert {name: totals[name] for name in expected} == pytest.approx(expected, rel=1e-12)


def test_by_campaign_equals_the_page(view: View) -> None:
    frame = view.by("campaign", metrics=["revenue", "spend", "roas", "reach"])
    expected = pd.DataFrame(
        {
            "revenue": [1550.0, 650.0, 0.0],
            "spend": [500.0, 300.0, 90.0],
            "roas": [3.1, 650 / 300, 0.0],
            "reach": [5500.0, 4500.0, 0.0],
        },
        index=pd.Index(["Fit", "Run", "(none)"], name="campaign", dtype=object),
    )
    pd.testing.assert_frame_equal(frame, expected, check_index_type=False)
    assert frame.attrs["estimated"] == ["spend", "roas", "reach"]


def test_by_source_equals_the_page(view: View) -> None:
    frame = view.by("source", metrics=["revenue", "spend", "roas"])
    assert frame.to_dict("index") == {
        "SwipeUp": {"revenue": 1300, "spend": 500, "roas": 2.6},
        "PromoCode": {"revenue": 500, "spend": 100, "roas": 5},
        "BioLink": {"revenue": 400, "spend": 200, "roas": 2},
        "(none)": {"revenue": 0, "spend": 90, "roas": 0},
    }


def test_by_platform_equals_the_page(view: View) -> None:
    frame = view.by("platform", metrics=["revenue", "spend", "roas"])
    assert frame.to_dict("index") == {
        "Instagram": {"revenue": 1200, "spend": 400, "roas": 3},
        "YouTube": {"revenue": 1000, "spend": 400, "roas": 2.5},
        "Twitter": {"revenue": 0, "spend": 90, "roas": 0},
    }


def test_first_ten_days_leave_undated_spend_out_and_say_so(view: View) -> None:
    early = view.where(date=("2025-03-01", "2025-03-10"))
    totals = early.totals(["revenue", "spend", "roas", "reach"])
    assert totals.to_dict() == {"revenue": 1050, "spend": 300, "roas": 3.5, "reach": 7000}
    assert early.undated_spend == 90
    assert [note for note in early.notes if "₹90" in note and "undated" in note]


def test_posts_by_source_are_not_available_rather_than_zero(view: View) -> None:
    frame = view.by("source", metrics=["reach", "engagement_rate", "orders"])
    assert frame["reach"].isna().all()
    assert frame["engagement_rate"].isna().all()
    assert "post" in frame.attrs["unavailable"]["reach"]
    assert view.where(source="SwipeUp").totals(["reach"]).isna().all()


def test_chart_by_day_says_how_much_of_spend_is_on_no_day(view: View) -> None:
    days = view.trend("D", ["revenue", "spend", "orders"])
    drawn = figures.trend(days, ("revenue", "spend"), settings=view.ledger.settings)
    assert drawn.note == "₹90 of spend has no date: in totals, and on no day."
    assert not figures.trend(days, ("orders",), settings=view.ledger.settings).note
