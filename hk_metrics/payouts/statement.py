"""The statement that a payee gets: what was paid for, and what is due; nothing internal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.interchange import to_pandas
from hk_metrics.payouts.finance import finance
from hk_metrics.payouts.payments import kept, scoped
from hk_metrics.payouts.units import TOLERANCE

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

_SUMS = ("due", "late", "held")


def statement(
    data: Dataset, influencer_id: str, view: View | None = None, today: date | None = None
) -> pd.DataFrame:
    """Return the lines of an influencer's statement, the earliest first (money).

    Parameters
    ----------
    data
        A dataset.
    influencer_id
        Whose statement.
    view
        A view of it, for its period and names; all payouts where absent.
    today
        The day to judge from what is late; the last day of the data where absent.

    Returns
    -------
    pandas.DataFrame
        One row per payout: ``invoice``, ``campaign`` where named, ``basis``, ``period_start`` and
        ``period_end``, ``units`` (posts, orders or revenue that it pays for; NaN where its rate
        does not make its amount of them), ``rate``, ``amount`` (money; negative if taken back),
        ``state`` (paid, due, late, held; empty where the data does not say what is paid),
        ``due_date``, ``payment_date``. ``attrs``: ``payee``, ``period`` (first and last day of the
        lines; None where open), ``total``, ``paid``, ``due``, ``late`` and ``held`` (money), and
        ``due_on`` (the next due day of what is not paid; None for none).

    Examples
    --------
    >>> import hk_metrics as hk
    >>> from hk_metrics.payouts.statement import statement
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=60, events=500)
    >>> lines = statement(data, "INF001")
    >>> bool(abs(lines["amount"].sum() - lines.attrs["total"]) < 0.005)
    True
    """
    chosen = (view or data.view()).where(influencer_id=[influencer_id])
    booked = finance(data, chosen, today)
    paid_for: pd.DataFrame = to_pandas(scoped(data, kept(data, chosen)))
    known = "spend_due" in data.ledger.columns
    made = paid_for["expected"]
    explained = (made - paid_for["paid"]).abs() <= TOLERANCE * paid_for["paid"].abs()
    named = paid_for[["campaign"]] if "campaign" in paid_for else paid_for[[]]
    table = booked[["invoice", "period_start", "period_end"]].assign(
        **named,
        basis=paid_for["basis"],
        units=paid_for["units"].where(explained, np.nan),
        rate=paid_for["rate"],
        amount=booked["earned"],
        state=booked["state"] if known else "",
        due_date=booked["due_date"],
        payment_date=booked["payment_date"],
    )
    table = table.sort_values(["period_start", "payment_date"], kind="stable")
    table = table.reset_index(drop=True)
    table.attrs = {
        "payee": str(booked["payee"].iloc[0]) if len(booked) else influencer_id,
        "period": _period(table),
        "total": float(booked["earned"].sum()),
        "paid": float(booked["paid"].sum()),
        **{name: booked.attrs[name] for name in _SUMS},
        "due_on": _next_day(table),
    }
    return table


def _period(table: pd.DataFrame) -> tuple[date, date] | None:
    first, last = table["period_start"].min(), table["period_end"].max()
    return None if first != first or last != last else (first.date(), last.date())


def _next_day(table: pd.DataFrame) -> date | None:
    owed = table["state"].isin(["due", "late"]) & table["due_date"].notna()
    return table.loc[owed, "due_date"].min().date() if owed.any() else None
