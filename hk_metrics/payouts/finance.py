"""Payouts as finance books them: earned, paid, and what is accrued; due, late and held."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import polars as pl

from hk_metrics.interchange import to_pandas
from hk_metrics.payouts.activity import with_days
from hk_metrics.payouts.payments import kept
from hk_metrics.payouts.scope import FIRST, LAST, OPEN

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

STATES = {"paid": "Paid", "due": "Due", "late": "Late", "held": "Held"}
OWED = {"due": "Due", "late": "Late", "held": "Held", "carried_over": "Carried over"}
# Words of a status that stop a payment that is earned.
_HELD = r"(?i)\b(on[\s_-]*hold|hold|held|blocked|disputed|withheld)\b"
_GIVEN: dict[str, Any] = {
    "payout_id": pl.String, "status": pl.String, "approved_by": pl.String, "due": pl.Boolean,
    "due_date": pl.Datetime("us"), "payment_date": pl.Datetime("us"),
}  # fmt: skip


def finance(data: Dataset, view: View | None = None, today: date | None = None) -> pd.DataFrame:
    """Return the payouts of a view as finance books them (money).

    Parameters
    ----------
    data
        A dataset.
    view
        A view of it; all payouts where absent.
    today
        The day to judge from; the last day of the data where absent.

    Returns
    -------
    pandas.DataFrame
        One row per payout: ``payee``, ``influencer_id``, ``invoice``, ``period_start`` and
        ``period_end`` (empty where open), ``earned``, ``paid`` and ``accrual`` = earned − paid
        (money), ``balance`` (money): all that is accrued for the payee, ``state``: ``paid``,
        ``due``, ``late`` (due before today) or ``held``, ``due_date``, ``payment_date``,
        ``approved_by``. ``attrs``: ``earned``, ``paid``, ``accrual``, ``due``, ``late``, ``held``
        and ``carried_over`` (money): what payees owe after their claw-backs.

    Notes
    -----
    A claw-back is a line of its own below zero; lines that are paid stay as they are. Where it is
    more than what is due to its payee, the rest is carried over to what is earned next. The parts
    ``due``, ``late`` and ``held`` add to the accrual, which is ``spend_due`` of the ledger.
    """
    frame = kept(data, view) if view is not None else data.tables["payouts"]
    lacking = [pl.lit(None, t).alias(n) for n, t in _GIVEN.items() if n not in frame.columns]
    end = datetime.combine(today or _last_day(data), time.min)
    names = data.tables["influencers"].select(influencer_id="id", payee="name")
    amount = pl.col("total_payout").cast(pl.Float64).fill_null(0.0)
    due = pl.col("due").fill_null(False)
    late = (pl.col("due_date").dt.truncate("1d") < pl.lit(end)).fill_null(False)
    held = pl.col("status").str.contains(_HELD).fill_null(False)
    state = (
        pl.when(~due).then(pl.lit("paid")).when(held).then(pl.lit("held"))
        .when(late).then(pl.lit("late")).otherwise(pl.lit("due"))
    )  # fmt: skip
    ends = [
        pl.when(~pl.col(name).is_in(list(OPEN))).then(pl.col(name)).alias(called)
        for name, called in ((FIRST, "period_start"), (LAST, "period_end"))
    ]
    lines = (
        with_days(frame.with_columns(lacking))
        .join(names, on="influencer_id", how="left", maintain_order="left")
        .with_columns(*ends, earned=amount, state=state)
        .with_columns(paid=pl.when(due).then(0.0).otherwise("earned"))
        .with_columns(accrual=pl.col("earned") - pl.col("paid"))
        .with_columns(balance=pl.col("accrual").sum().over("influencer_id"))
        .select(
            pl.coalesce("payee", "influencer_id").alias("payee"), "influencer_id",
            pl.col("payout_id").alias("invoice"), "period_start", "period_end", "earned", "paid",
            "accrual", "balance", "state", "due_date", "payment_date", "approved_by",
        )
    )  # fmt: skip
    booked: pd.DataFrame = to_pandas(lines)
    booked.attrs.update(_sums(lines))
    return booked


def _last_day(data: Dataset) -> date:
    period = data.ledger.period
    return period[1] if period else date.today()


def _sums(lines: pl.DataFrame) -> dict[str, float]:
    sums = {name: float(lines[name].sum()) for name in ("earned", "paid", "accrual")}
    for state in ("due", "late", "held"):
        sums[state] = float(lines.filter(pl.col("state") == state)["accrual"].sum())
    balances = lines.unique("influencer_id")["balance"]
    return {**sums, "carried_over": float(-balances.clip(upper_bound=0.0).sum())}
