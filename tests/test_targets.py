"""Targets: read as people write them, kept with versions, paced and foretold, by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import hk_metrics as hk
from benchmarks.validate_forecasts import foretold
from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError, UnknownNameError
from hk_metrics.planning.forecast import forecast
from hk_metrics.planning.targets import Target, read
from tests.worked_example import TABLES


@pytest.fixture(scope="module")
def steady() -> Dataset:
    """100 a day, on Sundays 300: from Monday 6 January to Sunday 15 June 2025, brand Gritzo."""
    days = [datetime(2025, 1, 6) + timedelta(days=n) for n in range(161)]
    sold = pl.DataFrame({
        "source": "SwipeUp", "campaign": "Fit", "brand": "Gritzo", "influencer_id": "1",
        "user_id": [f"u{n}" for n in range(161)], "product": "Whey", "orders": 1, "date": days,
        "revenue": [300.0 if d.weekday() == 6 else 100.0 for d in days],
    })  # fmt: skip
    return Dataset({**TABLES, "tracking_data": sold, "payouts": TABLES["payouts"].head(0)})


def test_pace_and_forecast_of_days_that_repeat_are_exact(steady: Dataset) -> None:
    # Up to 15 June: 15 days with the Sundays 1, 8, 15: 1,500 + 600. To come: 15 days, Sundays 22
    # and 29: 1,500 + 400. In all 4,000, and nothing is unsure. Half of the days are over.
    june = Target("revenue", 3_900, "2025-06", brand="Gritzo")
    row = hk.pacing(steady, [june]).iloc[0]
    assert (row["actual"], row["by_now"], row["status"]) == (2100, 1950, "on plan")
    assert row["forecast"] == pytest.approx(4000, rel=0.02)
    assert row["upper"] - row["lower"] < 0.06 * row["forecast"]
    assert hk.pacing(steady, [Target("revenue", 4_400, "2025-06")])["status"].item() == "behind"


def test_target_of_what_is_over_or_not_begun_is_told(steady: Dataset) -> None:
    # May: 31 days with four Sundays: 3,100 + 800.
    wanted = [Target("revenue", 3_900, "2025-05"), Target("revenue", 3_901, "2025-05-01..2025-05-31"),
              Target("orders", 9, "2025-07"), Target("orders", 9, "2025-05", brand="Nobody")]  # fmt: skip
    told = hk.pacing(steady, wanted)
    assert told["status"].tolist() == ["reached", "missed", "not begun", "unknown"]
    assert "Nobody" in told["reason"].iloc[3]
    assert told["lower"].iloc[0] == told["upper"].iloc[0] == told["actual"].iloc[0] == 3900


def test_forecast_says_what_it_lacks() -> None:
    ahead = forecast(np.ones(50), 20)
    assert np.isnan(ahead.value) and ahead.reason.endswith("needs 102 days before it, not 50")


def test_budget_is_not_to_be_exceeded(steady: Dataset) -> None:
    worked = Dataset(TABLES)
    row = hk.pacing(worked, [Target("spend", 700, "2025-03")], "2025-03-31").iloc[0]
    assert row["status"] == ("over budget" if row["actual"] > 700 else "unknown")


def test_targets_are_read_as_people_write_them(tmp_path: Path) -> None:
    file = tmp_path / "targets.csv"
    file.write_text('Metric,Target,Period,Brand\nRevenue,"₹12,00,000",2025-06,Gritzo\n'
                    "ROAS,3.5×,2025-Q2,\nnew customers,1.5k,2025-06,\n", encoding="utf-8")  # fmt: skip
    assert read(str(file)) == (
        Target("revenue", 1_200_000, "2025-06", "Gritzo"),
        Target("roas", 3.5, "2025-Q2"), Target("new_customers", 1_500, "2025-06"),
    )  # fmt: skip
    pl.read_csv(file).write_excel(tmp_path / "targets.xlsx")
    assert read(str(tmp_path / "targets.xlsx")) == read(str(file))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"metric": "revenew", "value": 1, "period": "2025-06"}, "did you mean 'revenue'"),
        ({"metric": "revenue", "value": "much", "period": "2025-06"}, "'much' is no amount"),
        ({"metric": "revenue", "value": -5, "period": "2025-06"}, "no amount above 0"),
        ({"metric": "revenue", "value": 5, "period": "last_month"}, "write its period like"),
        ({"metric": "revenue", "value": 5, "period": "2025-13"}, "2025-13"),
        ({"metric": "revenue", "value": 5, "period": "2025-06", "barnd": "x"}, "barnd"),
    ],
)
def test_what_is_no_target_is_refused_with_its_row(row: dict[str, object], words: str) -> None:
    with pytest.raises((ParameterError, UnknownNameError), match="row 2") as refused:
        read([{"metric": "orders", "value": 5, "period": "2025-06"}, row])
    assert words in str(refused.value)


def test_store_keeps_targets_with_versions(tmp_path: Path) -> None:
    store = hk.Store(tmp_path)
    june, july = Target("revenue", 10, "2025-06"), Target("revenue", 20, "2025-07")
    assert store.targets() == ()
    assert store.keep_targets([june], "Asha") == 1
    assert store.keep_targets([july, Target("revenue", 15, "2025-06")], "Bo") == 2
    assert store.targets() == (Target("revenue", 15, "2025-06"), july)
    assert store.targets(version=1) == (june,)
    with (tmp_path / "targets.jsonl").open("a", encoding="utf-8") as file:
        file.write('\n[{"facts": {"targets": []}, "by": "x", "at": "2025-01-01"}, "forged"]')
    assert len(hk.Store(tmp_path).targets()) == 2
    assert store.keep_targets([], replace=True) == 3 and store.targets() == ()


def test_forecasts_hold_what_they_say_on_simulated_months() -> None:
    hits = [a.lower <= came <= a.upper for seed in (1, 2) for *_, a, came in foretold(3000 + seed)]
    assert len(hits) > 100 and 0.8 <= np.mean(hits) <= 0.99
