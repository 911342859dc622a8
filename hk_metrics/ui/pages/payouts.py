"""Payouts: what was paid to whom, on what basis, and what does not add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics import figures
from hk_metrics import formatting as fmt
from hk_metrics.figures import Chart
from hk_metrics.metrics import METRICS
from hk_metrics.settings import Settings
from hk_metrics.ui.cards import cards, explanation
from hk_metrics.ui.controls import bounds, span
from hk_metrics.ui.panels import Answers, Page, Panel, Row, bar, chart, row
from hk_metrics.ui.state import State
from hk_metrics.ui.tables import Grid, breakdown, table
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

KEY_FIGURES = ("spend", "cost_per_post", "cpo", "cpm_reach", "roas")
BY = ("influencer_id",)
MEASURES = ("spend", "revenue", "roas", "orders", "posts", "reach", "cpo", "cpm_reach", "cpe")
TOLERANCE = 0.01


def build(state: State) -> list[Row]:
    """Return the page's rows."""
    dims = set(state.view().dimensions)
    return [
        row(cards(KEY_FIGURES)),
        bar(span(state, "paid", "Paid per influencer")),
        row(spend_by("basis", 4), spend_by("platform", 4), spend_by("category", 4)),
        row(amounts(), rates(), value_for_money()),
        row(details()),
        row(doubts()),
        *([row(by_basis())] if "basis" in dims else []),
    ]


def spend_by(dimension: str, width: int) -> Panel:
    """Return spend by a dimension."""

    def draw(answers: Answers) -> Chart:
        return figures.bars(answers.by(dimension), "spend", **answers.look())

    return chart(draw, Query(("spend",), (dimension,)), span=width, height=230)


def paid(answers: Answers) -> pd.DataFrame:
    """Return one row per influencer with spend, within the range chosen on the page."""
    frame = answers.by("influencer_id")
    low, high = bounds(answers.state, "paid")
    kept = frame["spend"] > 0
    if low is not None:
        kept &= frame["spend"] >= low
    if high is not None:
        kept &= frame["spend"] <= high
    return frame[kept & (frame.index != "(none)")]


def amounts() -> Panel:
    """Return the distribution of what influencers were paid."""

    def draw(answers: Answers) -> Chart:
        return figures.histogram(
            paid(answers)["spend"].tolist(),
            unit="money",
            label="Paid per influencer",
            settings=answers.settings,
        )

    return chart(draw, Query(MEASURES, BY), span=4, height=300)


def value_for_money() -> Panel:
    """Return the influencers with most revenue per rupee."""

    def draw(answers: Answers) -> Chart:
        frame = paid(answers)
        return figures.bars(
            frame[frame["orders"] >= 5], "roas", names=answers.catalog.names, limit=8,
            title="Most revenue per unit paid", **answers.look(),
        )  # fmt: skip

    return chart(draw, Query(MEASURES, BY), span=4, height=300)


def rates() -> Panel:
    """Return the rates agreed, by basis."""

    def draw(answers: Answers) -> Grid:
        return rate_table(_rows(answers))

    return table(draw, span=4)


def rate_table(payouts: pd.DataFrame) -> Grid:
    """Return the least, middle and largest rate of each basis.

    Parameters
    ----------
    payouts
        One row per payment: ``basis``, ``rate``.
    """
    groups = payouts.dropna(subset=["rate"]).groupby("basis")["rate"]
    frame = groups.agg(["count", "min", "median", "max"]).reset_index()
    units = {"count": "count", "min": "money", "median": "money", "max": "money"}
    labels = {
        "basis": "Basis",
        "count": "Payments",
        "min": "Least",
        "median": "Middle",
        "max": "Largest",
    }
    note = "Per post or order; a commission's rate is a share of revenue."
    return Grid(frame, "Rates by basis", note=note, units=units, labels=labels)


def details() -> Panel:
    """Return every influencer with what was paid and what came of it."""

    def draw(answers: Answers) -> Grid:
        frame = paid(answers)
        profiles = answers.catalog.profiles
        shown = frame[list(MEASURES)].copy()
        shown.insert(0, "name", [answers.catalog.names.get(str(i), str(i)) for i in frame.index])
        for place, column in enumerate(c for c in ("category", "platform") if c in profiles):
            shown.insert(1 + place, column, profiles[column].reindex(frame.index))
        basis = (
            _rows(answers)
            .groupby("influencer_id")["basis"]
            .agg(lambda b: " + ".join(sorted({str(v) for v in b})))
        )
        shown.insert(3, "basis", basis.reindex(frame.index).fillna(fmt.DASH))
        return Grid(
            shown, "Payouts by influencer",
            subtitle="Click a name for the statement of one influencer",
            units={m: METRICS[m].unit for m in MEASURES},
            labels={"name": "Influencer", "category": "Category", "platform": "Platform", "basis": "Basis",
                    **{m: METRICS[m].label for m in MEASURES}},
            explain={m: explanation(m, answers, "influencer_id") for m in MEASURES},
            keys=list(frame.index), pick="influencer_id", order=("spend", False),
        )  # fmt: skip

    return table(draw, Query(MEASURES, BY))


def by_basis() -> Panel:
    """Return all cost metrics by basis."""

    def draw(answers: Answers) -> Grid:
        return breakdown(answers, "basis", MEASURES, title="By payout basis")

    return table(draw, Query(MEASURES, ("basis",)))


def doubts() -> Panel:
    """Return the payments that do not add up."""

    def draw(answers: Answers) -> Grid:
        frame = doubtful(_rows(answers), answers.by("influencer_id"), answers.settings)
        frame.insert(
            0, "name", [answers.catalog.names.get(str(i), str(i)) for i in frame["influencer_id"]]
        )
        return Grid(
            frame.drop(columns="influencer_id"), "What does not add up",
            subtitle="To be looked at, not a verdict",
            units={"paid": "money", "expected": "money"},
            labels={"name": "Influencer", "what": "What", "paid": "Paid", "expected": "Expected", "detail": "Detail"},
            keys=frame["influencer_id"].tolist(), pick="influencer_id", length=8,
        )  # fmt: skip

    return table(draw, Query(MEASURES, BY))


def doubtful(payouts: pd.DataFrame, activity: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return payments off their rate, without activity, doubled, or for orders never tracked.

    Parameters
    ----------
    payouts
        One row per payment: ``influencer_id``, ``basis``, ``rate``, ``orders``, ``total_payout``.
    activity
        One row per influencer: ``posts`` and ``orders`` of the view.

    Returns
    -------
    DataFrame
        Columns ``influencer_id``, ``what``, ``paid`` and ``expected`` (money), ``detail``.
    """
    import pandas as pd

    found = [
        _off_rate(payouts, activity, settings),
        _idle(payouts, activity),
        _doubled(payouts),
        _untracked(payouts, activity),
    ]
    return pd.concat(found, ignore_index=True)[
        ["influencer_id", "what", "paid", "expected", "detail"]
    ]


def _off_rate(payouts: pd.DataFrame, activity: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    per_order = payouts[
        (payouts["basis"] == "order") & payouts["rate"].notna() & payouts["orders"].notna()
    ]
    expected = per_order["rate"] * per_order["orders"]
    off = (per_order["total_payout"] - expected).abs() > TOLERANCE * per_order["total_payout"].abs()
    rows = per_order[off]
    words = [
        f"{fmt.money(r, settings)} × {fmt.count(o, settings)} orders"
        for r, o in zip(rows["rate"], rows["orders"], strict=True)
    ]
    return _found(rows, "Rate × units differs from paid", expected[off], words)


def _idle(payouts: pd.DataFrame, activity: pd.DataFrame) -> pd.DataFrame:
    active = activity[(activity["posts"] > 0) | (activity["orders"] > 0)].index
    rows = payouts[(payouts["total_payout"] > 0) & ~payouts["influencer_id"].isin(active)]
    return _found(rows, "Paid without activity", 0.0, "no post and no order in this view")


def _doubled(payouts: pd.DataFrame) -> pd.DataFrame:
    keys = [c for c in payouts.columns if c != "payout_id"]
    rows = payouts[payouts.duplicated(keys, keep="first")]
    return _found(rows, "Same payment twice", 0.0, "all fields equal another payment's")


def _untracked(payouts: pd.DataFrame, activity: pd.DataFrame) -> pd.DataFrame:
    per_order = (
        payouts[payouts["basis"] == "order"]
        .groupby("influencer_id", as_index=False)[["orders", "total_payout"]]
        .sum()
    )
    tracked = activity["orders"].reindex(per_order["influencer_id"]).fillna(0.0).to_numpy()
    more = per_order["orders"] > tracked * (1 + TOLERANCE)
    rows = per_order[more]
    expected = rows["total_payout"] * tracked[more] / rows["orders"]
    words = [
        f"{fmt.count(o)} paid for, {fmt.count(t)} tracked"
        for o, t in zip(rows["orders"], tracked[more], strict=True)
    ]
    return _found(rows, "Orders paid beyond orders tracked", expected, words)


def _found(rows: pd.DataFrame, what: str, expected: object, detail: object) -> pd.DataFrame:
    return rows[["influencer_id"]].assign(
        what=what, paid=rows["total_payout"], expected=expected, detail=detail
    )


def _rows(answers: Answers) -> pd.DataFrame:
    """Return the payments of the influencers in the view."""
    import polars as pl

    ids = [str(i) for i in answers.by("influencer_id").index]
    payouts = answers.dataset.tables["payouts"]
    return payouts.filter(pl.col("influencer_id").is_in(ids)).to_pandas()


PAGE = Page("payouts", "Payouts", build)
