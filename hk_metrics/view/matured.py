"""Revenue of a view as it will stand once its open orders are settled, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from hk_metrics.errors import UnknownNameError
from hk_metrics.intervals import Z_SCORE
from hk_metrics.ledger.maturing import states_of
from hk_metrics.results.output import Output, given_as
from hk_metrics.results.presentation import Presentation
from hk_metrics.view.cohorts import Cohorts
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.ledger import Ledger
    from hk_metrics.results.result import Result

_MEASURES = ("revenue", "open_revenue", "matured_revenue")
ASSUMPTION = (
    "Recent orders come back as often as settled ones of their payment mode and brand did, and as "
    "fast."
)


@dataclass(frozen=True, eq=False)
class Matured(Cohorts):
    """What is asked of the orders of a selection that are still open."""

    @overload
    def matured(self, by: str = "", *, output: Literal["pandas"] = ...) -> Result: ...
    @overload
    def matured(self, by: str = "", *, output: Literal["polars"]) -> pl.DataFrame: ...
    def matured(self, by: str = "", *, output: Output = "pandas") -> Result | pl.DataFrame:
        """Return what will be left of revenue, with the interval of what is still open.

        Parameters
        ----------
        by
            A dimension; empty for the whole view.
        output
            ``polars`` gives a Polars frame, the index as columns; attrs stay with pandas.

        Returns
        -------
        DataFrame
            One row per value (``total`` for the whole): ``revenue`` as it is counted today,
            ``open_revenue`` (money of orders that may still come back), ``matured_revenue`` with
            ``…_lower`` and ``…_upper`` (90 %), and, where there is spend, ``matured_roas``.
            ``attrs["text"]`` says it in a sentence, ``attrs["assumption"]`` what it rests on.

        Raises
        ------
        UnknownNameError
            For what is no dimension.
        InsufficientDataError
            If orders do not say what came back, or too few are settled.

        Notes
        -----
        The interval holds what will stand: both how well the shares are known, and chance among the
        open orders.

        Examples
        --------
        >>> import hk_metrics as hk
        >>> data, _ = hk.simulate(seed=7, influencers=12, days=90, events=3_000)
        >>> row = data.view().matured().loc["total"]
        >>> bool(row["matured_revenue_lower"] <= row["matured_revenue"])
        True
        """
        if by and by not in self.dimensions:
            raise UnknownNameError.of("dimension", by, self.dimensions)
        self.require("matured_revenue")
        names = [*_MEASURES, *(["matured_roas"] if "spend" in self.metrics else [])]
        found = self.by(by, metrics=names) if by else self.totals(names).to_frame("total").T
        table = found[names].astype(float)
        reach = _reach(self, by).reindex(table.index).fillna(0.0)
        value = table["matured_revenue"]
        low, high = value - reach["down"], value + reach["up"]
        table.insert(3, "matured_revenue_lower", low)
        table.insert(4, "matured_revenue_upper", high)
        table.attrs = {"text": self._open_text(), "assumption": ASSUMPTION}
        return given_as(table, output, Presentation("breakdown", self.ledger.settings))

    def _open_text(self) -> str:
        """Return how much revenue is still open, in words; empty where it is not known."""
        from hk_metrics.formatting import compact_money

        if self.unavailable("open_revenue"):
            return ""
        totals, settings = self.totals(["revenue", "open_revenue"]), self.ledger.settings
        revenue, left = (compact_money(float(v), settings) for v in totals)
        return f"{revenue}, of which {left} still open to returns."


def _reach(view: Matured, by: str) -> pd.DataFrame:
    """Return how far the matured revenue of each value may lie below and above."""
    import pandas as pd
    import polars as pl

    cells = _open_cells(view, by)
    if cells.is_empty():
        return pd.DataFrame({"down": [], "up": []}, dtype=float)
    known = view.ledger.outlook
    at = cells["stratum"].to_numpy(), cells["age"].to_numpy()
    share = known.share[at]
    money, squares = cells["money"].to_numpy(), cells["squares"].to_numpy()
    groups = cells["group"].unique(maintain_order=True)
    place = cells["group"].to_frame().join(
        groups.to_frame().with_row_index("place"), on="group", nulls_equal=True,
        maintain_order="left",
    )["place"].to_numpy()  # fmt: skip
    totals = np.stack([np.bincount(place, money * d[at], len(groups)) for d in known.draws], axis=1)
    chance = np.bincount(place, squares * share * (1 - share), len(groups))
    together = known.shared * np.bincount(place, money, len(groups)) ** 2
    error = Z_SCORE * np.sqrt(totals.var(axis=1) + chance + together)
    most = np.bincount(place, money * (1 - share), len(groups))
    least = np.bincount(place, money * share, len(groups))
    labels = pl.Series(groups).to_list()
    index = [NONE if v is None else v for v in labels] if by else ["total"]
    ends = {"down": np.minimum(error, least), "up": np.minimum(error, most)}
    return pd.DataFrame(ends, index=index)


def _open_cells(view: Matured, by: str) -> pl.DataFrame:
    """Return the open orders of the view by value, stratum and age."""
    import polars as pl

    # Ages are counted at the end of all data, be the view what it is.
    last = view.ledger.events.to_native().select(pl.col("date").max()).collect().item()
    rows = states_of(view.events).filter(pl.col("open_revenue") > 0)
    group = pl.col(by).cast(pl.String) if by else pl.lit("total")
    strata = view.ledger.outlook.strata
    keyed = rows.select(
        "payment_mode", "brand", group.alias("group"), "revenue",
        age=(pl.lit(last) - pl.col("date")).dt.total_days(),
    ).join(strata, on=["payment_mode", "brand"], nulls_equal=True)  # fmt: skip
    return keyed.group_by("group", "stratum", "age", maintain_order=True).agg(
        money=pl.col("revenue").sum(), squares=(pl.col("revenue") ** 2).sum()
    )


def ageing(view: Any, other: Any) -> str:
    """Return that two periods are not compared at equal age, where revenue of one is more open."""
    from hk_metrics.formatting import compact_money

    if view.unavailable("open_revenue"):
        return ""
    now, then = (v.totals(["revenue", "open_revenue"]) for v in (view, other))
    shares = [float(t["open_revenue"] / t["revenue"]) if t["revenue"] > 0 else 0.0
              for t in (now, then)]  # fmt: skip
    if abs(shares[0] - shares[1]) < _UNEQUAL:
        return ""
    settings: Any = view.ledger.settings
    left = [compact_money(float(t["open_revenue"]), settings) for t in (now, then)]
    return (
        f"Revenue is not compared at equal age: {left[0]} of it is still open to returns, "
        f"{left[1]} of that before. Matured revenue is."
    )


def at_equal_age(ledger: Ledger, metrics: Any) -> bool:
    """Return whether none of some metrics depends on what is still open."""
    return "open_revenue" not in ledger.measures or not {*metrics} & _AGEING


# Shares of revenue that is open differ by this much before it is said.
_UNEQUAL = 0.02
_AGEING = frozenset(
    {
        "revenue",
        "roas",
        "roi",
        "profit",
        "gross_margin",
        "contribution",
        "poas",
        "aov",
        "returned",
        "return_rate",
    }
)
