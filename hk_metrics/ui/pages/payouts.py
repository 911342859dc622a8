"""Payouts: what was paid to whom, on what basis, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hk_metrics import figures
from hk_metrics.figures import Chart
from hk_metrics.present import Card
from hk_metrics.ui.pages import booked, costs, promises
from hk_metrics.ui.pages.fees import concentrated, fees, sequence
from hk_metrics.ui.pages.leaks import unexplained
from hk_metrics.ui.pages.one_influencer import one
from hk_metrics.ui.pages.paid import Paid, paid
from hk_metrics.ui.pages.payments import by_basis, doubts, people, rates, single
from hk_metrics.ui.pages.statements import statement
from hk_metrics.ui.parts.cards import facts, figure_card
from hk_metrics.ui.parts.controls import entry, span
from hk_metrics.ui.parts.gaps import because
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, chart, row
from hk_metrics.ui.state import State

if TYPE_CHECKING:
    import pandas as pd

_KEY_FIGURES = ("spend", "cpo", "cpm_reach", "roas")
_ENOUGH_ORDERS = 5
_SHOWN = 8


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    dims = state.view().dimensions
    splits = [_spend_by(d) for d in ("basis", "platform", "category") if d in dims]
    return [
        row(key_figures()),
        bar(span(state, "paid", "Paid per influencer"), entry(state, "payee", "Influencer",
            kind="search", hint="Part of a name")),
        row(*splits),
        row(_amounts(), _value_for_money()),
        row(rates(), by_basis()),
        *booked.rows(state),
        *costs.rows(state),
        *promises.rows(state),
        row(doubts()),
        row(fees()),
        row(sequence(), concentrated()),
        row(unexplained()),
        row(people()),
        row(single()),
        row(statement(), when=one),
    ]  # fmt: skip


def key_figures() -> Panel:
    """Return total, average and cost of what was paid; what is due of it, `booked` tells."""

    def cards_of(answers: PanelAnswers) -> Sequence[Card]:
        chosen = paid(answers)
        shown = [figure_card(n, float(chosen.totals[n]), answers) for n in _KEY_FIGURES]
        average = figure_card(
            "spend", chosen.average, answers, label="Average per influencer",
            formula="spend ÷ influencers paid",
            foot="" if answers.view.gaps(["spend"]) else
            f"{len(chosen.people):,} influencers paid",
        )  # fmt: skip
        shown.insert(1, average)
        return shown

    return facts(cards_of)


def _spend_by(dimension: str) -> Panel:
    """Return spend by a dimension."""

    def draw(answers: PanelAnswers) -> Chart:
        return figures.bars(paid(answers).by(dimension), "spend", **answers.look())

    return chart(draw, span=4, height=230)


def _amounts() -> Panel:
    """Return how many payments are how large."""

    def draw(answers: PanelAnswers) -> Chart:
        drawn = figures.histogram(
            paid(answers).payments["paid"], unit="money", label="Payment",
            settings=answers.settings, title="Payments by amount", what="payments",
        )  # fmt: skip
        return because(drawn, answers.view.gaps(["spend"]))

    return chart(draw, span=6, height=300)


def _value_for_money() -> Panel:
    """Return the influencers with most revenue per rupee, those with enough orders to tell."""

    def draw(answers: PanelAnswers) -> Chart:
        drawn = figures.bars(
            _enough(paid(answers)), "roas", names=answers.catalog.names, limit=_SHOWN,
            title="Most revenue per rupee paid", **answers.look(),
        )  # fmt: skip
        few = "" if answers.view.gaps(["orders"]) else f"with at least {_ENOUGH_ORDERS} orders"
        return replace(drawn, subtitle=f"Influencers {few}" if few else "")

    return chart(draw, span=6, height=300)


def _enough(chosen: Paid) -> pd.DataFrame:
    """Return the people with enough orders for a ratio of theirs to mean something.

    Where the data counts no orders nobody is known to have too few.
    """
    return chosen.people[~(chosen.people["orders"] < _ENOUGH_ORDERS)]
