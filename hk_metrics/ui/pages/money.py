"""Sheets of the money for the workbook: what the pages show of it, wherever the data has it."""

from __future__ import annotations

from hk_metrics.ledger.costs import COST_MEASURES, COSTS
from hk_metrics.metrics import METRICS
from hk_metrics.present import Table
from hk_metrics.ui.pages import booked, costs, fees, leaks, promises
from hk_metrics.ui.pages.new_customers import cohorts
from hk_metrics.ui.parts.panels import PanelAnswers


def sheets(answers: PanelAnswers) -> list[Table]:
    """Return costs, gifts, promises, rights, bookings, new customers, fees and codes.

    What the data has no table for is left out, and what cannot be told.
    """
    from hk_metrics.payouts.seeding import has_gifts

    tables, there = answers.dataset.tables, answers.view.ledger.columns
    found = [cohorts(answers, by, f"New customers by {word}")
             for by, word in (("month", "month"), ("influencer_id", "influencer"))]  # fmt: skip
    found += [fees.fair(answers), leaks.codes(answers)]
    if "spend_due" in there:
        found.append(booked.lines(answers))
    if COSTS in there:
        found.append(_costs(answers))
    if "costs" in tables and has_gifts(answers.dataset):
        found.append(costs.gifts(answers))
    if "deliverables" in tables:
        found.append(promises.promises(answers))
        if "ends_on" in tables["deliverables"].columns:
            found.append(promises.ending_rights(answers))
    return [table for table in found if len(table.frame)]


def _costs(answers: PanelAnswers) -> Table:
    """Return payouts and each kind of cost by influencer, with the value of gifts beside."""
    names = [n for n in (*COST_MEASURES, "all_costs") if n in answers.view.metrics]
    frame = answers.view.by("influencer_id", metrics=names)
    return Table(
        "Costs by influencer", frame, units={n: METRICS[n].unit for n in names},
        labels={"influencer_id": "Influencer", **{n: METRICS[n].label for n in names}},
        keys=list(frame.index), pick="influencer_id",
    )  # fmt: skip
