"""Costs beside the payouts, on the page of payouts: by kind, what spend means, and gifts."""

from __future__ import annotations

from collections.abc import Sequence

from hk_metrics import formatting as fmt
from hk_metrics.ledger.costs import COST_MEASURES, COSTS
from hk_metrics.metrics import METRICS
from hk_metrics.present import Card, Table
from hk_metrics.ui.parts.cards import facts, figure_card
from hk_metrics.ui.parts.controls import choice
from hk_metrics.ui.parts.panels import Panel, PanelAnswers, Row, bar, row
from hk_metrics.ui.parts.tables import table
from hk_metrics.ui.parts.words import explained
from hk_metrics.ui.state import SPEND_MEANS, State
from hk_metrics.view import Query

LABELS = {
    "name": "Influencer", "date": "Sent", "item": "Gift", "campaign": "Campaign", "brand": "Brand",
    "cost": "Cost", "market_value": "Market value", "posts": "Posts since",
    "first_post": "First post", "days_since": "Days since", "state": "What came of it",
}  # fmt: skip


_EXPLAINED = {
    "cost": "What the gift cost: product and shipping, which is spend where all costs are.",
    "market_value": "What it would sell for; beside spend, never in it.",
    "posts": "Posts of the influencer after the gift.",
    "days_since": "Days from the gift to the end of the data.",
}


def rows(state: State) -> list[Row]:
    """Return the rows about costs; none where the data has no costs."""
    dataset = state.dataset
    if dataset is None or COSTS not in dataset.ledger.columns:
        return []
    from hk_metrics.payouts.seeding import has_gifts

    meaning = choice(state, "spend", "Spend is", SPEND_MEANS, dataset.settings.spend_means)
    return [bar(meaning), row(_by_kind(state)), *([row(_gifts())] if has_gifts(dataset) else [])]


def _by_kind(state: State) -> Panel:
    """Return payouts and each kind of cost, with the market value of gifts beside."""
    there = state.view().metrics
    names = tuple(n for n in (*COST_MEASURES, "all_costs") if n in there)

    def cards_of(answers: PanelAnswers) -> Sequence[Card]:
        return [figure_card(n, float(answers.totals[n]), answers) for n in names]

    return facts(cards_of, Query(names))


def _gifts() -> Panel:
    """Return every gift with what came of it."""

    return table(gifts, late=True)


def gifts(answers: PanelAnswers) -> Table:
    """Return every gift with what came of it."""
    from hk_metrics.payouts.seeding import STATES, seeding

    found = seeding(answers.dataset, answers.view)
    sums, names = found.attrs, answers.catalog.names
    shown = found.drop(columns=[c for c in found if found[c].isna().all()])
    shown.insert(0, "name", [names.get(i, i) for i in found["influencer_id"]])
    shown["state"] = [STATES[s] for s in found["state"]]
    settled = sums["gifted"] - sums["waiting"]
    cost = fmt.text("money", sums["cost_per_post"], answers.settings)
    return Table(
        "Gifts and what came of them", shown.drop(columns="influencer_id"),
        subtitle=f"{sums['posted']:,.0f} of {settled:,.0f} posted "
        f"({fmt.percent(sums['posted_rate'])}), {cost} per seeded post; "
        f"{sums['waiting']:,.0f} sent lately",
        units={"cost": "money", "market_value": METRICS["market_value"].unit,
               "posts": "count", "days_since": "count"},
        labels=LABELS, explain=explained(LABELS, _EXPLAINED),
        keys=found["influencer_id"].tolist(), pick="influencer_id",
        note="Market value is beside spend, never in it.",
    )  # fmt: skip
