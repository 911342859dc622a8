"""What was paid and what is due, what does not add up, and what somebody should look at."""

from __future__ import annotations

import pandas as pd

from hk_metrics import formatting
from hk_metrics.interchange import to_pandas
from hk_metrics.present import Table
from hk_metrics.report.letter.note import Note
from hk_metrics.report.letter.section import section
from hk_metrics.report.letter.story import Story
from hk_metrics.wording import counted

_NOTHING = "No payout is due."
_DOUBT_UNITS: dict[str, str] = {"amount": "money", "paid": "number", "expected": "number"}


@section
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

    from hk_metrics.payouts.payments import kept

    if lacking := story.view.gaps(["spend"]):
        return Note("Payouts due", lacking)
    spend = formatting.money(story.value("spend"), story.settings)
    paid = f"Spend of this view comes to {spend}."
    payouts = kept(story.data, story.view)
    if "due" not in payouts.columns:
        known = "status" in payouts.columns
        why = _NOTHING if known else "The data does not say which payouts are due."
        return Note("Payouts due", f"{paid} {why}")
    due = payouts.filter(pl.col("due").fill_null(False))
    if due.is_empty():
        return Note("Payouts due", f"{paid} {_NOTHING}")
    columns = ("influencer_id", "basis", pl.col("total_payout").alias("paid"))
    shown = due.sort("total_payout", descending=True).select(columns).pipe(to_pandas)
    shown.insert(0, "influencer", _names(story, shown["influencer_id"]))
    total = formatting.money(float(shown["paid"].sum()), story.settings)
    labels = {"influencer": "Influencer", "basis": "Basis", "paid": "Due"}
    note = f"{paid} {total} of the payouts is due."
    return Table(
        "Payouts due", shown, {"paid": "money"}, labels, note,
        printed=most, hidden=["influencer_id"], settings=story.settings,
    )  # fmt: skip


@section
def payout_doubts(story: Story, most: int = 8) -> Table | Note:
    """Return what does not add up in the payouts, the most money first."""
    from hk_metrics.payouts.audit import KINDS, audit

    lacking = story.view.gaps(["spend"]) or story.view.gaps(["orders", "posts"])
    doubts = audit(story.data, story.view)
    if doubts.empty:
        nothing = lacking or "Nothing: every payout is explained."
        return Note("What does not add up in payouts", nothing)
    shown = doubts[["influencer_id", "kind", "paid", "expected", "amount"]].copy()
    shown["kind"] = shown["kind"].map(dict(KINDS))
    shown.insert(0, "influencer", _names(story, shown["influencer_id"]))
    labels = {
        "influencer": "Influencer",
        "kind": "What",
        "paid": "Paid",
        "expected": "Expected",
        "amount": "In doubt",
    }
    note = "Doubts to look into, not verdicts; paid and expected are orders where orders differ."
    note = f"{note} {lacking}".strip()
    title = "What does not add up in payouts"
    return Table(
        title, shown, _DOUBT_UNITS, labels, note,
        printed=most, hidden=["influencer_id"], settings=story.settings,
    )  # fmt: skip


@section
def to_review(story: Story, most: int = 6) -> Note:
    """Return the strongest signals about influencers of this view, with their reasons."""
    from hk_metrics.signals import signals

    found = _within(story, signals(story.data))
    there = {str(i) for i in story.view.by("influencer_id", ["revenue"]).index}
    found = found[found["influencer_id"].isin(there)].sort_values("strength", ascending=False)
    each = found.groupby("signal", sort=False).head(-(-most // max(1, found["signal"].nunique())))
    names = _names(story, each["influencer_id"])
    points = [f"{n}: {r}" for n, r in zip(names, each["reason"], strict=True)][:most]
    if not points:
        lacking = story.view.gaps(["posts", "orders"])
        return Note("To review", lacking or "No influencer stands out.")
    alike = "with an innocent explanation at least as likely as a bad one"
    text = f"{counted(len(found), 'unusual number')}, {'each ' * (len(found) > 1)}{alike}."
    text += " The strongest:" if len(found) > len(points) else ""
    return Note("To review", text, points)


def _names(story: Story, ids: object) -> list[str]:
    return [story.names.get(str(i), str(i)) for i in ids]  # type: ignore[attr-defined]


def _within(story: Story, found: pd.DataFrame) -> pd.DataFrame:
    """Signals of the letter's days, and those that are of no day."""
    if story.view.period is None:
        return found
    first, last = map(pd.Timestamp, story.view.period)
    days = pd.to_datetime(found["date"])
    return found[days.isna() | ((days >= first) & (days < last + pd.Timedelta(days=1)))]
