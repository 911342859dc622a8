"""Waterfalls: bars that lead from one total to the other, by hand; what cannot be drawn says why."""

from __future__ import annotations

import pandas as pd
import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.figures import waterfall
from hk_metrics.report import letter
from hk_metrics.report.letter import Story
from hk_metrics.settings import Settings
from tests.worked_example import TABLES


@pytest.fixture(scope="module")
def story() -> Story:
    view = Dataset(TABLES).view(date=("2025-03-06", "2025-03-08"))
    return Story(view=view, data=Dataset(TABLES))


def test_waterfall_leads_from_the_total_before_to_this_one(story: Story) -> None:
    # 3 to 5 March: Asha 500. 6 to 8 March: Bo 250.
    drawn = waterfall(story.view.drivers("revenue", "influencer_id"), settings=Settings())
    ends, steps = drawn.data
    assert ends["y"] == ["3 – 5 Mar 2025", "6 – 8 Mar 2025"] and ends["x"] == [500, 250]
    assert (steps["y"], steps["base"], steps["x"]) == (["1", "2"], [500, 0], [-500, 250])
    told = [a["text"] for a in drawn.layout["annotations"]]
    assert told == ["₹500", "-₹500", "+₹250", "₹250"]
    assert steps["meta"] == {"dimension": "influencer_id"} and drawn.table is not None
    assert drawn.table["Contribution"].tolist() == [-500, 250]


def test_steps_beyond_the_limit_are_one_that_no_click_picks(story: Story) -> None:
    found = story.view.drivers("revenue", "influencer_id")
    more = pd.concat([found, found * 0.1])
    more.attrs, more.index = found.attrs, pd.Index(list("abcd"), name="influencer_id")
    steps = waterfall(more, settings=Settings(), limit=2).data[1]
    assert steps["y"][-1] == "2 others" and steps["x"][-1] == pytest.approx(-25)
    assert "meta" not in steps


def test_letter_draws_why_revenue_changed_where_it_compares(story: Story) -> None:
    bundle, _ = letter.why(story)._repr_mimebundle_()
    assert any("Why revenue changed" in str(v) for v in bundle.values())
    alone = letter.why(Story(story.data, story.view, compare=None))
    assert "Why" not in alone._repr_html_()
