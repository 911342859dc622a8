"""What was paid and what is due, and what does not add up."""

from __future__ import annotations

from hk_metrics import formatting
from hk_metrics.export import Sheet
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.story import Story
from hk_metrics.report.table import Table

_DUE = ("due", "pending", "unpaid", "open")


def payouts_due(story: Story, most: int = 20) -> Table | Note:
    """Return the payouts that are not paid yet, the largest first.

    Parameters
    ----------
    story
        What the letter is about; the influencers of its view.
    most
        How many rows are shown; the files have all.
    """
    import polars as pl

    payouts = story.data.tables["payouts"]
    if "status" not in payouts.columns:
        return Note("Payouts", f"{_paid(story)} The data does not say which payouts are due.")
    due = payouts.filter(pl.col("status").str.to_lowercase().is_in(_DUE))
    if due.is_empty():
        return Note("Payouts", f"{_paid(story)} None is due.")
    frame = (
        due.with_columns(
            pl.col("influencer_id").replace(dict(story.names)).alias("influencer"),
        )
        .sort("total_payout", descending=True)
        .select("influencer", "basis", "total_payout")
        .to_pandas()
    )
    total = formatting.money(float(frame["total_payout"].sum()), story.settings)
    labels = {"influencer": "Influencer", "basis": "Basis", "total_payout": "Due"}
    note = f"{_paid(story)} {total} of it is due."
    sheet = Sheet("Payouts due", frame, {"total_payout": "money"}, labels, note)
    return Table(sheet, story.settings, rows=most)


def _paid(story: Story) -> str:
    spend = formatting.money(story.value("spend"), story.settings)
    return f"Payouts of this view come to {spend}."
