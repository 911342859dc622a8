"""What each influencer of a view brought and cost, with what single orders say of its worth."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import narwhals as nw

from hk_metrics.formatting import money
from hk_metrics.interchange import to_pandas
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

# An order value this many robust standard deviations (log) above the median says nothing of the
# next one: of a million log-normal values it is none, of as many with a tail of 2.5 a few hundred.
_FAR, _LEAST_SPREAD = 6.0, 0.25
_QUARTILES = 1.349


def influencer_sums(view: View, *more: str) -> pd.DataFrame:
    """Return what each influencer of a view brought and cost, one row each.

    Parameters
    ----------
    view
        A view.
    more
        Further metrics to add, e.g. ``reach``.

    Returns
    -------
    DataFrame
        ``orders``, ``revenue``, ``spend`` (money) and those named; ``squares``, Σ revenue² ÷ orders
        over order rows, each cut at the largest value to go by; ``excess``, the revenue (money)
        that was cut. ``attrs["warnings"]`` says how many orders were.
    """
    names = tuple(dict.fromkeys(("orders", "revenue", "spend", *more)))
    sums = view.by("influencer_id", metrics=names)
    most = _largest_value(view)
    capped = nw.min_horizontal(nw.col("revenue"), nw.col("orders") * most)
    each = (
        view.events.filter(nw.col("orders") > 0)
        .with_columns(capped=capped)
        .group_by("influencer_id")
        .agg(
            (nw.col("capped") ** 2 / nw.col("orders")).sum().alias("squares"),
            (nw.col("revenue") - nw.col("capped")).sum().alias("excess"),
            (nw.col("revenue") > nw.col("capped")).sum().alias("far"),
        )
        .collect()
        .pipe(to_pandas)
        .set_index("influencer_id")
    )
    each.index = each.index.astype(object)
    known = sums.loc[sums.index != "(none)"]
    tails = each.reindex(known.index).fillna(0.0)
    result = known.assign(squares=tails["squares"], excess=tails["excess"])
    far = int(tails["far"].sum())
    result.attrs = {"warnings": _warned(far, most, view) if far else []}
    return result


def _largest_value(view: View) -> float:
    """Return the largest order value (money) that says something of the next order."""
    value = (nw.col("revenue") / nw.col("orders")).log()
    ends = (
        view.events.filter(nw.col("orders") > 0, nw.col("revenue") > 0)
        .select(
            middle=value.median(),
            low=value.quantile(0.25, "linear"),
            high=value.quantile(0.75, "linear"),
        )
        .collect()
    )
    middle, low, high = (ends[c].item() for c in ("middle", "low", "high"))
    if middle is None:
        return float("inf")
    return exp(middle + _FAR * max((high - low) / _QUARTILES, _LEAST_SPREAD))


def _warned(far: int, most: float, view: View) -> list[str]:
    least = money(most, view.ledger.settings)
    return [
        f"{counted(far, 'order')} above {least}, far beyond the usual, "
        f"{'counts' if far == 1 else 'count'} as {least}: see whether the amount is right."
    ]
