"""Actions: what is told where the truth is known, nothing on noise, and answers that are kept."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import hk_metrics as hk
from benchmarks.validate_actions import delivered, told_to_move, world
from benchmarks.validate_monday import PLANTS, told
from hk_metrics.advice import outcome
from hk_metrics.advice.chores import leaking, undecided
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


def test_promised_money_comes_and_accepting_pays() -> None:
    rows = list(delivered(4))
    assert len(rows) > 2 and rows[-1]["of"] == 4, rows
    assert rows[-1]["share"] == 1.0
    assert rows[-2]["of"] > 10 and rows[-2]["holds"], rows[-2]


@pytest.mark.parametrize("change", PLANTS)
def test_planted_change_is_named_first_and_its_action_is_among_three(change: str) -> None:
    assert told(PLANTS[change](3)) == (True, True)


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
    store.decide(first, "accepted", "Asha", owner=" Ravi  Rao ", day="2025-07-07")
    assert f"{sentence} Ravi Rao by 7 Jul 2025." in letter.what_now(story).points
    with pytest.raises(ParameterError, match="is no day"):
        store.decide(first, "accepted", day="Monday")


def test_promised_posts_that_did_not_come_are_chased_with_their_fee(losing: Dataset) -> None:
    promised = pl.DataFrame({
        "influencer_id": ["i7", "i8"], "count": [10, 8], "fee": [5000.0, 4000.0],
        "due_date": [datetime(2025, 2, 20), datetime(2025, 2, 20)],
    })  # fmt: skip
    found = hk.actions(Dataset({**losing.tables, "deliverables": promised}))
    chase = found[found["kind"] == "chase"].iloc[0]
    # 8 of 10 posts were made: 2 of 10 parts of the fee are missing; the other promise is kept.
    assert (chase["values"], chase["money"], chase["certainty"]) == (("i7",), 1000.0, 1.0)
    assert (found["kind"] == "chase").sum() == 1
    assert chase["text"] == ("Chase i7 for 2 promised posts, due since 20 Feb 2025; ₹1,000 of fee.")


def test_code_to_replace_is_named_with_what_is_at_stake(losing: Dataset) -> None:
    row = {"orders": 200.0, "excess": 80.0, "share": 0.4, "share_upper": 0.6,
           "since": pd.Timestamp(2025, 1, 20), "at_stake": 4000.0}  # fmt: skip
    rows = [{**row, "listed": True}, {**row, "listed": False}, {**row, "listed": True}]
    index = pd.MultiIndex.from_tuples(
        [("i5", "Code"), ("i6", "Code"), ("gone", "Code")], names=["influencer_id", "source"]
    )
    (only,) = leaking(losing.view(), pd.DataFrame(rows, index=index))
    assert (only.values, only.money, only.upper) == (("i5",), 4000.0, pytest.approx(6000.0))
    assert only.text == (
        "Replace the code of i5 (Code): posts do not explain 80 of its 200 orders, "
        "since 20 Jan 2025."
    )


def test_a_test_is_planned_only_where_the_data_does_not_say_whether_spend_pays() -> None:
    data, _ = hk.simulate(seed=7, influencers=12, events=3_000)
    lost = Dataset(data.tables, Settings(margin=0.001))
    assert undecided(lost.view(), lost) == []  # a thousandth of any lift is below the spend
    lift = hk.lift(data).loc["all"]
    margin = float(lift["spend"] / lift["estimate"])  # the spend breaks even in the middle
    poor = Dataset(data.tables, Settings(margin=margin))
    (plan,) = undecided(poor.view(), poor)
    error = margin * (lift["upper"] - lift["lower"]) / 2 / 1.6448536
    # The expected loss of guessing at even odds: the error × the height of the normal at 0.
    assert plan.money == pytest.approx(error * 0.3989423, rel=0.02)
    assert 0 <= plan.certainty <= 1 and "12 weeks from" in plan.text


def test_page_says_later_what_became_of_an_action(losing: Dataset) -> None:
    days = pl.col("date").dt.date()
    late = losing.tables["posts"].filter(pl.col("influencer_id") == "i0", days > date(2025, 1, 20))
    facts = {"kind": "chase", "by": "influencer_id", "values": ["i0"]}
    end = losing.ledger.period
    assert end is not None
    told = outcome(facts, date(2025, 1, 20), losing.view(date="2025-01"))
    count = (end[1] - date(2025, 1, 20)).days
    assert told.startswith(f"In the {count} days since (and before): posts {late.height} (")
    assert "ends on" in outcome(facts, end[1], losing.view())
    assert outcome({**facts, "values": ["nobody"]}, date(2025, 1, 20), losing.view()) == ""


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
