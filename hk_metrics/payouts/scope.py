"""Which activity a payout is for: its influencer's, within the names and the days that it gives."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import narwhals as nw

# What a payout may name besides its days: only activity that has the same is meant.
NAMES = ("campaign", "brand", "platform")
PERIOD = ("period_start", "period_end")
TIMES = ("date", *PERIOD)
FIRST, LAST = "first_day", "last_day"
# Where a period is open, it reaches as far as any activity does.
OPEN = (datetime(1900, 1, 1), datetime(2200, 1, 1))


def days(columns: Collection[str]) -> tuple[nw.Expr, nw.Expr]:
    """Return the first and the last day that a payout is for, both included.

    Parameters
    ----------
    columns
        Those of the `payouts` table, of which ``date``, ``period_start`` and ``period_end`` count.

    Returns
    -------
    tuple
        The columns `FIRST` and `LAST`, date-times at midnight; null where the payout names no day.

    Notes
    -----
    A period with one end is open at the other. A period goes before a ``date`` beside it. The day
    on which a payment was made (``payment_date``) or a row was written narrows nothing.

    Examples
    --------
    >>> import polars as pl
    >>> payouts = nw.from_native(pl.DataFrame({"period_start": [datetime(2025, 3, 10, 15)]}))
    >>> payouts.select(*days(payouts.columns)).rows()
    [(datetime.datetime(2025, 3, 10, 0, 0), datetime.datetime(2200, 1, 1, 0, 0))]
    """
    there = [c for c in PERIOD if c in columns]
    single = _day("date") if "date" in columns else nw.lit(None, dtype=nw.Datetime("us"))
    if not there:
        return single.alias(FIRST), single.alias(LAST)
    no_period = nw.all_horizontal(*(nw.col(c).is_null() for c in there), ignore_nulls=False)
    ends = [
        nw.coalesce(_day(c), nw.lit(limit)) if c in there else nw.lit(limit)
        for c, limit in zip(PERIOD, OPEN, strict=True)
    ]
    first, last = (nw.when(no_period).then(single).otherwise(end) for end in ends)
    return first.alias(FIRST), last.alias(LAST)


def _day(column: str) -> nw.Expr:
    return nw.col(column).dt.truncate("1d")
