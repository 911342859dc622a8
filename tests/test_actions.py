"""Actions: what is told where the truth is known, nothing on noise, and answers that are kept."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import hk_metrics as hk
from benchmarks.validate_actions import told_to_move, world
from hk_metrics.dataset import Dataset
from hk_metrics.errors import ParameterError
from hk_metrics.present.plan import action_sentence
from hk_metrics.report import letter
from hk_metrics.report.letter import Story
from hk_metrics.settings import Settings
from tests.worked_example import TABLES

LOSING = ("i0", "i1", "i2", "i3")


@pytest.fixture(scope="module")
def losing() -> Dataset:
    return world(10_001, dict.fromkeys(LOSING, 0.3))


def test_worlds_of_noise_alone_are_told_to_move_nothing() -> None:
    assert sum(bool(told_to_move(world(seed))) for seed in (1, 2, 3, 4, 5)) <= 1


def test_those_who_lose_money_are_named_with_their_rows(losing: Dataset) -> None:
    found = hk.actions(losing)
    stop = found[found["kind"].isin(["stop", "renegotiate"])]
    assert len(stop) and all(set(v) <= set(LOSING) for v in stop["values"])
    # 8 posts at 1,000: no more than what was paid can be saved.
    assert ((stop["lower"] > 0) & (stop["lower"] <= stop["money"])).all()
    assert ((stop["money"] <= stop["upper"]) & (stop["upper"] <= 8000)).all()
    order = found["money"] * found["certainty"]
    assert order.is_monotonic_decreasing and len(found) <= 7 and (found["rule"] != "").all()


def test_what_is_due_is_to_be_paid_to_exactly_those() -> None:
    due = TABLES["payouts"].with_columns(due=pl.Series([True, False, True]))
    found = hk.actions(Dataset({**TABLES, "payouts": due}))
    pay = found[found["kind"] == "pay"].iloc[0]
    owed = due.filter("due")
    assert pay["money"] == pay["lower"] == pay["upper"] == owed["total_payout"].sum()
    assert set(pay["values"]) == set(owed["influencer_id"]) and pay["certainty"] == 1


def test_few_orders_bear_no_action_and_that_is_said() -> None:
    found = hk.actions(Dataset(TABLES).view())
    assert found.empty and found.attrs["note"].endswith("surer than luck.")


def test_answers_are_remembered_for_the_team_and_left_out_of_the_letter(
    losing: Dataset, tmp_path: Path
) -> None:
    store = hk.Store(tmp_path)
    store.commit(losing)
    data = store.current()
    assert data is not None
    story = Story(data, data.view())
    first = hk.actions(story.view, data).iloc[0].to_dict()
    sentence = action_sentence(first, Settings())
    assert sentence in letter.what_now(story).points
    store.decide(first, "dismissed", "Asha")
    record = hk.Store(tmp_path).decisions()[first["key"]]
    assert (record.facts["answer"], record.by) == ("dismissed", "Asha")
    assert sentence not in letter.what_now(story).points
    store.decide(first, "open")
    assert store.decisions() == {}
    with pytest.raises(ParameterError, match="accepted, dismissed, open"):
        store.decide(first, "maybe")


def test_letter_says_how_far_the_targets_are(losing: Dataset, tmp_path: Path) -> None:
    store = hk.Store(tmp_path)
    store.commit(losing)
    data = store.current()
    assert data is not None
    story = Story(data, data.view(date="2025-01"))
    assert "plan" not in letter.plan(story)._repr_html_()
    store.keep_targets([hk.Target("orders", 1e6, "2025-01"), hk.Target("orders", 5, "2025-02")])
    html = letter.plan(story)._repr_html_()
    assert "Are we on plan?" in html and "of 10 L: missed." in html and "2025-02" not in html
