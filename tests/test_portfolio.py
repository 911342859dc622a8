from __future__ import annotations

import pandas as pd

from hk_metrics.dataset import Dataset
from hk_metrics.ranking.portfolio import health, segment_of, segments
from hk_metrics.settings import Bands
from tests.worked_example import TABLES

BANDS = Bands(low=0.0, high=1.0)
NAMES = ["spend", "revenue", "profit", "roas", "roi"]


def people() -> pd.DataFrame:
    frame: pd.DataFrame = Dataset(TABLES).view().by("influencer_id", NAMES)
    return frame


def test_segments_of_the_worked_example() -> None:
    # Asha 1200 / 400 and Bo 1000 / 400 return over 100 %; Cy 0 / 90 is a loss.
    table = segments(people(), BANDS)
    assert table["influencers"].to_dict() == {"high": 2, "good": 0, "break-even": 0, "loss": 1}
    assert table.loc["high", ["spend", "revenue", "roas"]].tolist() == [800, 2200, 2.75]


def test_segments_of_nobody_are_empty() -> None:
    table = segments(people().iloc[:0], BANDS)
    assert table["influencers"].sum() == 0
    assert table["roas"].isna().all()


def test_segment_of_unknown_roi_is_none() -> None:
    assert segment_of(pd.Series([float("nan")]), BANDS).isna().all()


def test_health_of_the_worked_example() -> None:
    found = health(people())
    assert found is not None
    assert (found.paid, found.profitable, found.losing, found.lost) == (3, 2, 1, 90.0)
    assert found.losing_spend == 90 / 890
    assert (found.top, found.top_revenue) == (1, 1200 / 2200)


def test_health_without_spend_is_none() -> None:
    assert health(people().assign(spend=0.0)) is None


def test_health_without_revenue_has_no_share_of_it() -> None:
    found = health(people().assign(revenue=0.0))
    assert found is not None
    assert found.top_revenue != found.top_revenue
