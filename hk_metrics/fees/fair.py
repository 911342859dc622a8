"""The fee of a post at which the ROAS that holds with 90 % is break-even, beside peers' cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hk_metrics.arguments import view_of
from hk_metrics.fees.peers import peers
from hk_metrics.incrementality.best import LABELS
from hk_metrics.planning.incremental import brought, known_lift
from hk_metrics.ranking import influencer_sums, rank
from hk_metrics.ranking.post_spread import post_spread
from hk_metrics.wording import uncapped

if TYPE_CHECKING:
    import pandas as pd

_SURE = 0.10
_NO_MARGIN = "No margin is set: the fee is before the cost of goods, and too high by it."


def fair_fees(data: Any, *, lift: Any = None) -> pd.DataFrame:
    """Return the fee of a post at which each influencer breaks even with 90 % certainty.

    Parameters
    ----------
    data
        A dataset or a view.
    lift
        A result of `hk_metrics.lift` by influencer, or the name of a method. By default lift is
        estimated for a dataset; where it cannot be told, or a view is given, the share of revenue
        that the settings take for caused (1 − baseline share) stands in.

    Returns
    -------
    DataFrame
        Index ``influencer_id``, the largest fee first: ``posts``, ``reach_per_post``,
        ``cost_per_post`` (money, as paid), ``caused_per_post`` (incremental revenue, money) and
        ``caused_floor``, which holds with 90 %; ``fair_fee`` = margin × that; ``headroom`` = fair
        fee − cost per post. ``peer_group``, ``peers`` (others of the tier and platform who are paid
        and have reach), ``peer_cpm_reach`` and ``peer_cpe`` (money, Σ spend ÷ Σ reach or
        engagements of theirs), ``peer_fee`` (what a post of this reach costs with them). NaN where
        it cannot be told. ``attrs``: ``assumption``, ``note``.

    Raises
    ------
    InsufficientDataError
        If the data has no posts, orders or revenue.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=60, events=2_000)
    >>> fees = fair_fees(data.view())
    >>> bool((fees["fair_fee"] <= fees["caused_per_post"]).all())
    True
    """
    view = view_of(data, "fair_fees()")
    view.require("orders", "revenue", "posts")
    settings = view.ledger.settings
    middle, floor, basis = _caused(data, view, lift)
    frame = view.by("influencer_id", metrics=[m for m in _SHOWN if m in view.metrics])
    table = frame[frame["posts"] > 0].drop(index="(none)", errors="ignore")
    posts = table["posts"]
    result = table[["posts"]].assign(
        reach_per_post=table["reach"] / posts if "reach" in table else np.nan,
        cost_per_post=table["spend"] / posts if "spend" in table else np.nan,
        caused_per_post=middle.reindex(table.index),
        caused_floor=floor.reindex(table.index).clip(lower=0.0),
    )
    margin = view.kept("influencer_id").reindex(result.index).fillna(settings.kept)
    result["fair_fee"] = margin * result["caused_floor"]
    result["headroom"] = result["fair_fee"] - result["cost_per_post"]
    result = result.join(peers(view, table, result["reach_per_post"]))
    result = result.sort_values("fair_fee", ascending=False, kind="stable")
    result.attrs = {"assumption": basis, "note": "" if settings.knows_margin else _NO_MARGIN}
    return result


_SHOWN = ("posts", "spend", "reach", "engagements", "revenue", "orders")


def _caused(data: Any, view: Any, lift: Any) -> tuple[Any, Any, str]:
    """Return incremental revenue per post: expected, what holds with 90 %, and how it is told."""
    import pandas as pd

    found, why = known_lift(data, view, lift)
    if found is not None:
        sums = post_spread(view).beside(influencer_sums(view, "posts"))
        sums = sums[sums["posts"] > 0]
        known = brought(found, sums)
        posts = sums["posts"].to_numpy(np.float64)
        return (
            pd.Series(known.mean / posts, sums.index),
            pd.Series(known.quantile(_SURE) / posts, sums.index),
            _words(found),
        )
    ranked = rank(view, "revenue_per_post")
    share = 1.0 - view.ledger.settings.baseline_share
    words = f"{share:.0%} of tracked revenue is taken for caused (settings: baseline_share). {why}"
    return share * ranked["shrunken"], share * ranked["floor"], words.strip()


def _words(found: pd.DataFrame) -> str:
    """Return by which method a lift was told, as people call it."""
    if "method" not in found:
        return "Lift as given."
    return f"Lift by {uncapped(LABELS[str(found['method'].iloc[0])])}."
