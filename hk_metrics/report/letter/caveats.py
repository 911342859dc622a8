"""What a reader of a letter must know beside its numbers: days without data, orders still open."""

from __future__ import annotations

from hk_metrics import formatting
from hk_metrics.view import View
from hk_metrics.wording import counted

_MUCH_OPEN = 0.1  # of revenue: below it the usual few last orders are open


def caveats(view: View, *, is_empty: bool = False) -> list[str]:
    """Return what the data behind a view does not bear, as sentences.

    Parameters
    ----------
    view
        The part of the data that a letter is about.
    is_empty
        Whether it has no row.
    """
    found = (_stale(view), _elsewhere(view) if is_empty else "", _unsettled(view))
    return [sentence for sentence in found if sentence]


def _stale(view: View) -> str:
    """Return how long before the period's end the data ends."""
    data, last = view.ledger.period, view.filters.get("date", (None, None))[1]
    if data is None or last is None or last <= data[1]:
        return ""
    days = counted((last - data[1]).days, "day")
    end = formatting.period(data[1], data[1])
    return f"The data ends on {end}, {days} before the period does."


def _elsewhere(view: View) -> str:
    """Return which days the data has."""
    data = view.ledger.period
    return f"The data has rows of {formatting.period(*data)}." if data else ""


def _unsettled(view: View) -> str:
    """Return how much revenue is of orders that are not settled yet, where it is much.

    Their outcome says so by itself; ``open_revenue`` needs a history of orders that came back.
    """
    import polars as pl

    events = view.events.to_native()
    if "outcome" not in events.collect_schema().names():
        return ""
    money, is_open = pl.col("revenue"), pl.col("outcome") == "open"
    sums = events.select(money.filter(is_open).sum().alias("open"), money.sum())
    left, whole = sums.collect().row(0)
    if not whole or left < _MUCH_OPEN * whole:
        return ""
    amount, share = formatting.compact_money(left, view.ledger.settings), left / whole
    return (
        f"{amount} of revenue ({formatting.percent(share)}) is of orders that are not settled: "
        "they may come back."
    )
