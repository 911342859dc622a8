"""The page of payouts where there are costs, gifts and promises: every panel draws its numbers."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

import hk_metrics as hk
from hk_metrics.report import letter
from hk_metrics.ui.pages import money
from hk_metrics.ui.parts.components import Cards, TableWidget
from tests.test_costs import COSTS
from tests.test_deliverables import POSTS, PROMISES
from tests.test_ui_gaps import opened
from tests.worked_example import TABLES

# The worked example with one payout due, costs and promises.
MONEY = {
    **TABLES,
    "payouts": TABLES["payouts"].with_columns(due=pl.Series([False, True, False])),
    "posts": POSTS,
    "costs": COSTS,
    "deliverables": PROMISES,
}


def test_payouts_show_costs_promises_and_one_meaning_of_spend(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dashboard = opened(hk.Dataset(MONEY), monkeypatch)

    def failed(error: Exception) -> None:
        raise error

    monkeypatch.setattr(dashboard.session, "report", failed)
    state = dashboard.state
    state.page = "payouts"
    widgets = [panel.widget for panel in dashboard.session.open("payouts").panels(state)]
    tables_shown = [w.described for w in widgets if isinstance(w, TableWidget) and w.described]
    described = {table.title: table for table in tables_shown}
    assert "1 sent lately" in described["Gifts and what came of them"].subtitle
    assert described["Promised and posted"].frame["late"].sum() == 2
    assert described["Rights that end in 14 days"].frame["days_left"].tolist() == [5, 14]

    def cards() -> dict[str, Any]:
        return {c["key"]: c for w in widgets if isinstance(w, Cards) for c in w.cards}

    assert described["For finance"].frame["accrual"].tolist() == [0, 400, 0]
    assert cards()["due"]["value"] == "₹400"
    assert cards()["cost_agency"]["value"] == "₹300"
    assert (cards()["missing"]["value"], cards()["missing"]["against"]) == ("1", "₹60")
    assert cards()["spend"]["value"] == "₹890"
    state.choose("spend", "all_costs", "payouts")
    assert cards()["spend"]["value"] == "₹1,395"
    sheets = {t.title: t.frame for t in money.sheets(dashboard.session.answer(()))}
    assert sheets["Costs by influencer"]["all_costs"].sum() == pytest.approx(1395)
    assert sheets["For finance"]["accrual"].sum() == 400
    assert sheets["Promised and posted"]["late"].sum() == 2
    assert sheets["New customers by month"]["new_customers"].sum() == 4
    assert {"Gifts and what came of them", "Fair fees", "Rights that end in 14 days"} <= {*sheets}


def test_letter_tells_costs_promises_and_what_is_owed_where_they_are() -> None:
    data = hk.Dataset(MONEY)
    story = letter.Story(data, data.view(), None)
    costs, promises = letter.costs(story), letter.promises(story)
    amounts = dict(costs.frame.to_records(index=False).tolist())
    assert (amounts["Agency costs"], amounts["Payouts and costs"]) == (300, 1395)
    assert promises.frame["late"].sum() == 2
    assert "1 missing" in promises.note
    assert promises.frame["at_stake"].sum() == pytest.approx(
        hk.deliverables(data)[["fee_late", "fee_missing"]].sum().sum()
    )
    assert "Earned and not paid: ₹400" in letter.owed(story)._repr_html_()
    assert letter.new_customers(story).frame["new_customers"].tolist() == [4]
    plain = letter.Story(hk.Dataset(TABLES), hk.Dataset(TABLES).view(), None)
    parts = [letter.costs(plain), letter.promises(plain), letter.owed(plain)]
    assert [part._repr_html_() for part in parts] == ["", "", ""]


@pytest.mark.parametrize(("margin", "said"), [(None, "before the cost of goods"), (0.5, "")])
def test_profit_says_that_it_is_before_the_cost_of_goods(
    monkeypatch: pytest.MonkeyPatch, margin: float | None, said: str
) -> None:
    dashboard = opened(hk.Dataset(TABLES, hk.Settings(margin=margin)), monkeypatch)
    state = dashboard.state
    state.page = "roas"
    widgets = [panel.widget for panel in dashboard.session.open("roas").panels(state)]
    profit = next(c for w in widgets if isinstance(w, Cards) for c in w.cards
                  if c["key"] == "profit")  # fmt: skip
    assert profit["against"].startswith(said) and bool(profit["against"]) == bool(said)
