"""The ranking of a plain frame: shrunken, with intervals, probabilities and segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.errors import InsufficientDataError
from hk_metrics.intervals import TAILS
from hk_metrics.metrics import METRICS
from hk_metrics.ranking.shrinkage import Floats, Posterior, posterior
from hk_metrics.settings import Bands

if TYPE_CHECKING:
    import pandas as pd

_FLOOR = 0.10
# Below this many orders nobody is ranked above the median, however lucky.
FEW_ORDERS = 3
MEAN, _CERTAIN = "mean", "certain"
SORTS = (MEAN, _CERTAIN)
_NO_MARGIN = 1e-9
_SEGMENTS = ("loss", "break-even", "good", "high")
ASSUMPTION = (
    "Influencers of this view are alike until their own orders say otherwise; orders of one post "
    "come independently of each other."
)


@dataclass(frozen=True)
class Rankable:
    """A metric that can be shrunk: orders or revenue per unit of an exposure.

    Parameters
    ----------
    exposure
        Metric in the denominator.
    money
        Whether revenue is counted rather than orders.
    scale
        Factor on the rate.
    inverse
        Whether the metric is exposure per order, and low is good.
    """

    exposure: str
    money: bool = True
    scale: float = 1.0
    inverse: bool = False

    @property
    def counted(self) -> list[str]:
        """The metrics in the numerator: orders, and revenue where money is counted."""
        return ["orders", "revenue"] if self.money else ["orders"]


RANKABLE: Mapping[str, Rankable] = {
    "roas": Rankable("spend"),
    "roi": Rankable("spend"),
    "cpo": Rankable("spend", money=False, inverse=True),
    "conversion_rate": Rankable("reach", money=False),
    "revenue_per_post": Rankable("posts"),
    "revenue_per_1k_reach": Rankable("reach", scale=1000.0),
}


def ranked(
    sums: pd.DataFrame,
    metric: str = "roas",
    *,
    sort: str = MEAN,
    margin: float | pd.Series[float] = 1.0,
    bands: Bands | None = None,
) -> pd.DataFrame:
    """Return the ranking of a plain frame; see `rank` for what comes back.

    Parameters
    ----------
    sums
        One row per influencer (index): ``orders``, ``revenue`` (money), ``spend`` (money), the
        metric's exposure, and optionally ``squares`` (Σ revenue² ÷ orders of the order rows),
        ``excess`` (the part of the revenue that is in orders too large to go by), ``noise``
        (relative variance that a few posts leave in the orders) and ``noise_error``.
    metric
        One of `RANKABLE`.
    sort
        One of `SORTS`.
    margin
        Share of revenue kept before spend (fraction), of all or of each influencer.
    bands
        Of ROI: below ``low`` is a loss, from ``high`` on high.

    Examples
    --------
    >>> import pandas as pd
    >>> sums = pd.DataFrame(
    ...     {"orders": [2, 400, 150], "revenue": [2e3, 300e3, 120e3], "spend": [300, 1e5, 6e4]},
    ...     index=["lucky", "steady", "weak"])
    >>> ranked(sums).index[0]
    'steady'
    """
    how = RANKABLE[metric]
    counted = sums.loc[(sums[how.exposure] > 0) & sums[how.counted].notna().all(axis=1)]
    if counted.empty:
        label = METRICS[metric].label if metric in METRICS else metric.replace("_", " ")
        raise InsufficientDataError(
            f"nobody has {how.exposure} here, so {label} cannot be ranked: widen the filters"
        )
    known = _posterior(counted, how)
    kept = _of_each(margin, counted)
    table = _table(counted, known, metric, kept)
    if how.exposure == "spend" and how.money:
        bands = bands or Bands(low=0.0, high=1.0)
        table["segment"], table["certainty"] = _segments(known, kept, bands)
    table = _sorted(table, known, sort)
    result = table.reindex([*table.index, *sums.index.difference(table.index, sort=False)])
    result[["orders", "revenue", "spend"]] = sums.reindex(result.index)[
        ["orders", "revenue", "spend"]
    ]
    result.index.name = "influencer_id"
    few = int((sums["orders"] < FEW_ORDERS).sum())
    warnings = [
        f"{few} of {len(sums)} influencers have fewer than {FEW_ORDERS} orders: where they stand "
        "is a guess, and none of them is ranked above the median."
    ]
    result.attrs = {"assumption": ASSUMPTION, "warnings": warnings if few else []}
    return result


def _posterior(sums: pd.DataFrame, how: Rankable) -> Posterior:
    def numbers(column: str) -> Floats | None:
        return sums[column].to_numpy(np.float64) if column in sums else None

    return posterior(
        sums["orders"].clip(lower=0.0).to_numpy(np.float64),
        sums[how.exposure].to_numpy(np.float64),
        _going_by(sums) if how.money else None,
        numbers("squares"),
        numbers("noise"),
        numbers("noise_error"),
    )


def _going_by(sums: pd.DataFrame) -> Floats:
    """Return the revenue without what is in orders too large to go by."""
    revenue = sums["revenue"] - sums["excess"] if "excess" in sums else sums["revenue"]
    return revenue.to_numpy(np.float64)


def _of_each(margin: float | pd.Series[float], sums: pd.DataFrame) -> Floats:
    """Return the margin of each row; a hair above 0, as nothing pays for itself without one."""
    each = margin if isinstance(margin, float | int) else margin.reindex(sums.index).to_numpy()
    return np.maximum(np.broadcast_to(np.asarray(each, np.float64), len(sums)), _NO_MARGIN)


def _table(sums: pd.DataFrame, known: Posterior, metric: str, margin: Floats) -> pd.DataFrame:
    """Return the columns of the ranking in the metric's own unit."""
    import pandas as pd

    how = RANKABLE[metric]
    raw = (sums["revenue" if how.money else "orders"] / sums[how.exposure]).to_numpy(np.float64)
    ends = {"lower": TAILS[0], "upper": TAILS[1], "floor": _FLOOR}
    rates = {"raw": raw, "shrunken": known.mean, **{n: known.quantile(q) for n, q in ends.items()}}
    columns = {name: _in_unit(rate, metric, margin) for name, rate in rates.items()}
    if how.inverse:
        columns["lower"], columns["upper"] = columns["upper"], columns["lower"]
    of_money = metric in ("roas", "roi")
    columns["above_break_even"] = (
        known.above(1.0 / margin) if of_money else np.full(len(raw), np.nan)
    )
    columns["above_median"] = known.above(float(np.median(known.quantile(0.5))))
    return pd.DataFrame(columns, index=sums.index).assign(orders=sums["orders"])


def _in_unit(rate: Floats, metric: str, margin: Floats) -> Floats:
    how = RANKABLE[metric]
    if metric == "roi":
        return margin * rate - 1.0
    if how.inverse:
        return np.divide(1.0, rate, where=rate > 0, out=np.full_like(rate, np.inf))
    return how.scale * rate


def _segments(known: Posterior, margin: Floats, bands: Bands) -> tuple[list[str], Floats]:
    """Return each one's likeliest segment by ROI, and how likely it is."""
    cuts = (bands.low, (bands.low + bands.high) / 2, bands.high)
    above = np.stack([known.above((1.0 + cut) / margin) for cut in cuts])
    ones = np.ones((1, above.shape[1]))
    share = -np.diff(np.vstack([ones, above, 0.0 * ones]), axis=0)
    return [_SEGMENTS[place] for place in share.argmax(axis=0)], share.max(axis=0)


def _sorted(table: pd.DataFrame, known: Posterior, sort: str) -> pd.DataFrame:
    merit = known.quantile(_FLOOR) if sort == _CERTAIN else known.mean
    few = (table["orders"] < FEW_ORDERS).to_numpy()
    key = np.where(few, np.minimum(merit, np.median(merit)), merit)
    # Ties at the median go to those with enough orders.
    return table.iloc[np.lexsort((-merit, few, -key))]
