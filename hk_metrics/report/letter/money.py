"""Costs, promises, what is owed and who is new, in a few lines each, where the data has them."""

from __future__ import annotations

from hk_metrics import formatting
from hk_metrics.ledger.costs import COST_MEASURES, COSTS
from hk_metrics.metrics import METRICS
from hk_metrics.payouts.deliverables import STATES, deliverables, expiring_rights
from hk_metrics.payouts.finance import OWED, finance
from hk_metrics.present import Table
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.section import section
from hk_metrics.report.letter.story import Story


@section
def costs(story: Story) -> Table | Note:
    """Return payouts and each kind of cost; nothing where the data has no costs."""
    import pandas as pd

    if COSTS not in story.view.ledger.columns:
        return Note("")
    names = [n for n in (*COST_MEASURES, "all_costs") if n in story.view.metrics]
    sums = story.view.totals(names)
    frame = pd.DataFrame(
        {"what": [METRICS[n].label for n in names], "amount": [float(sums[n]) for n in names]}
    )
    meaning = [n for n in story.view.notes if n.startswith("Spend is")]
    return Table(
        "Costs", frame, {"amount": "money"}, {"what": "What", "amount": "Amount"},
        " ".join([*meaning, story.view.gaps(names)]).strip(), settings=story.settings,
    )  # fmt: skip


@section
def promises(story: Story, most: int = 10) -> Table | Note:
    """Return promised posts that are late or missing, with their fees; rights that end soon.

    Parameters
    ----------
    story
        What the letter is about.
    most
        How many rows are shown; the files have all.
    """
    if "deliverables" not in story.data.tables:
        return Note("")
    found = deliverables(story.data, story.view)
    sums = found.sum(numeric_only=True)
    words = [f"{int(sums[n]):,} {label.lower()}" for n, label in STATES.items()]
    text = f"Of the posts promised, {', '.join(words)}."
    if "ends_on" in story.data.tables["deliverables"].columns:
        ending = len(expiring_rights(story.data, story.view))
        text += f" Rights that end in 14 days: {ending:,}."
    shown = found[(found["late"] > 0) | (found["missing"] > 0)].copy()
    if shown.empty:
        return Note("Promised and posted", f"{text} Nothing is late or missing.")
    shown["at_stake"] = shown["fee_late"].fillna(0.0) + shown["fee_missing"].fillna(0.0)
    shown.insert(0, "name", [story.names.get(str(i), str(i)) for i in shown["influencer_id"]])
    labels = {"name": "Influencer", "format": "Format", "due_date": "Due", "count": "Promised",
              "late": "Late", "missing": "Missing", "at_stake": "Fee of these"}  # fmt: skip
    shown = shown.sort_values("at_stake", ascending=False, kind="stable")
    return Table(
        "Promised and posted", shown[[c for c in labels if c in shown]],
        {"at_stake": "money", **dict.fromkeys(("count", "late", "missing"), "count")}, labels,
        text, printed=most, settings=story.settings,
    )  # fmt: skip


@section
def owed(story: Story) -> Note:
    """Return where money is that is earned and not paid; nothing where all is paid."""
    if "spend_due" not in story.view.ledger.columns:
        return Note("")
    sums = finance(story.data, story.view).attrs
    parts = {label: sums[name] for name, label in OWED.items() if sums[name]}
    if not parts:
        return Note("")
    text = f"Earned and not paid: {formatting.money(sums['accrual'], story.settings)}"
    if len(parts) == 1:
        return Note("Where money is", f"{text}, all of it {next(iter(parts)).lower()}.")
    points = [f"{label}: {formatting.money(v, story.settings)}" for label, v in parts.items()]
    return Note("Where money is", f"{text}.", points)


@section
def new_customers(story: Story, most: int = 6) -> Table | Note:
    """Return what the new customers of each month cost and bring.

    Parameters
    ----------
    story
        What the letter is about.
    most
        How many of the last months.
    """
    if lacking := story.view.gaps(["new_customers"]):
        return Note("New customers", lacking)
    found = story.view.cohorts("month", days=(30, 90)).tail(most)
    shown = found.reset_index(drop=True)
    shown.insert(0, "month", [f"{m:%b %Y}" for m in found.index])
    units: dict[str, str] = {"new_customers": "count", "new_customer_share": "percent",
                             "cac": "money", "payback_days": "count", "revenue_30": "money",
                             "revenue_90": "money"}  # fmt: skip
    labels = {"month": "First order in", "new_customers": "New customers",
              "new_customer_share": "Of all", "cac": "Cost of one",
              "payback_days": "Paid back on day", "revenue_30": "Revenue, 30 days",
              "revenue_90": "90 days"}  # fmt: skip
    there = [c for c in labels if c in shown and not shown[c].isna().all()]
    return Table(
        "New customers", shown[there], units, labels, " ".join(found.attrs["notes"]),
        settings=story.settings,
    )  # fmt: skip
