"""How much hangs on a few influencers, who stopped posting, and who brings clicks and no orders."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from hk_metrics.interchange import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

_TOP = (1, 5)
_SILENT_DAYS = 30
_GAPS = 3.0
# So unlikely must so few orders be, of that many clicks, before they are listed.
_UNLIKELY = 0.01


def concentration(view: View) -> pd.DataFrame:
    """Return each influencer's share of revenue, and whether they stopped or bring clicks alone.

    Parameters
    ----------
    view
        A view.

    Returns
    -------
    DataFrame
        Index ``influencer_id``, the largest first: ``revenue`` (money), ``share`` and
        ``cumulative_share`` (fractions of what influencers brought), ``last_post`` (day),
        ``silent_days`` (to the end of the view), ``stopped`` (no post for 30 days, nor for three
        of their usual gaps),
        ``clicks``, ``orders``, ``expected_orders`` (at the others' orders per click) and
        ``clicks_without_orders`` (as few orders by chance: below 1 %). ``attrs["top_1"]`` and
        ``attrs["top_5"]``: shares of the first one and five; NaN where nobody sells.

    Raises
    ------
    InsufficientDataError
        If the data has no revenue.
    """
    view.require("revenue")
    names = [m for m in ("revenue", "orders", "clicks") if not view.unavailable(m)]
    table = view.by("influencer_id", metrics=names).drop(index="(none)", errors="ignore")
    table = table.sort_values("revenue", ascending=False, kind="stable")
    sold = table["revenue"].clip(lower=0.0)
    whole = float(sold.sum())
    table["share"] = sold / whole if whole > 0 else np.nan
    table["cumulative_share"] = table["share"].cumsum()
    table = table.join(_silence(view))
    table["stopped"] = table["stopped"].fillna(value=False).astype(bool)
    _with_clicks(table)
    table.attrs = {
        f"top_{n}": float(table["share"].head(n).sum()) if whole > 0 else np.nan for n in _TOP
    }
    return table


def _silence(view: View) -> pd.DataFrame:
    """Return when each influencer posted last, and whether that is long ago for them."""
    import pandas as pd
    import polars as pl

    days: pl.DataFrame = (
        view.rows.filter(nw.col("kind") == "post", ~nw.col("date").is_null())
        .select("influencer_id", "date").unique().collect().to_native()
    )  # fmt: skip
    end: date | None = view.period[1] if view.period else None
    if days.is_empty() or end is None:
        return pd.DataFrame(columns=["last_post", "silent_days", "stopped"])
    gaps = pl.col("date").sort().diff().dt.total_days().median()
    silent = pl.lit(end).cast(pl.Date) - pl.col("last_post").cast(pl.Date)
    found = (
        days.group_by(pl.col("influencer_id").cast(pl.String))
        .agg(last_post=pl.col("date").max(), gap=gaps)
        .with_columns(silent_days=silent.dt.total_days())
    )
    long = pl.max_horizontal(_SILENT_DAYS, _GAPS * pl.col("gap").fill_null(0.0))
    shown = found.with_columns(stopped=pl.col("silent_days") > long).drop("gap")
    return to_pandas(shown).set_index("influencer_id")


def _with_clicks(table: Any) -> None:
    """Add who has far fewer orders than as many clicks bring the others."""
    from scipy.special import gammaincc

    if not {"clicks", "orders"} <= set(table):
        table["clicks_without_orders"] = False
        return
    clicks, orders = table["clicks"].clip(lower=0.0), table["orders"].clip(lower=0.0)
    counted = orders.where(clicks > 0, 0.0)
    others = (counted.sum() - counted) / (clicks.sum() - clicks).replace(0.0, np.nan)
    table["expected_orders"] = clicks * others
    # Influencers' true rates differ by about half: half of what is expected is not yet unlikely.
    least = 0.5 * table["expected_orders"].fillna(0.0)
    chance = gammaincc(orders + 1.0, np.maximum(least, 1e-12))
    table["clicks_without_orders"] = chance < _UNLIKELY
