"""What peers of the tier and platform cost per reach and engagement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from hk_metrics.interchange import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

_GROUPED = ("tier", "platform")


def peers(view: View, sums: pd.DataFrame, reach_per_post: pd.Series[float]) -> pd.DataFrame:
    """Return the cost of each influencer's peers, without the influencer's own.

    Parameters
    ----------
    view
        Whose tiers and platforms hold.
    sums
        One row per influencer: ``spend`` (money), ``reach`` and ``engagements`` where known.
    reach_per_post
        Of each (people).
    """
    import pandas as pd

    group = _groups(view).reindex(sums.index)
    table = pd.DataFrame({"peer_group": group})
    if not {"spend", "reach"} <= set(sums):
        nothing = ("peer_cpm_reach", "peer_cpe", "peer_fee")
        return table.assign(peers=0, **dict.fromkeys(nothing, np.nan))
    counted = sums.where((sums["spend"] > 0) & (sums["reach"] > 0), 0.0)
    there = (counted["spend"] > 0).astype(float)

    def of_others(values: Any) -> Any:
        return values.groupby(group).transform("sum") - values

    spend = of_others(counted["spend"])
    table["peers"] = of_others(there)
    per_reach = spend / of_others(counted["reach"]).where(table["peers"] > 0)
    table["peer_cpm_reach"] = 1000 * per_reach
    table["peer_cpe"] = np.nan
    if "engagements" in counted:
        reacted = of_others(counted["engagements"])
        table["peer_cpe"] = spend / reacted.where(reacted > 0)
    table["peer_fee"] = per_reach * reach_per_post
    return table


def _groups(view: View) -> pd.Series[str]:
    """Return each influencer's tier and the platform where most was posted, in words."""
    dims = [d for d in _GROUPED if d in view.dimensions]
    if not dims:
        import pandas as pd

        return pd.Series("all", index=[str(v) for v in view.values("influencer_id")])
    posts = view.rows.filter(nw.col("kind") == "post", ~nw.col("influencer_id").is_null())
    found = posts.group_by("influencer_id", *dims).agg(nw.col("posts").sum()).collect()
    frame = to_pandas(found).sort_values("posts", ascending=False, kind="stable")
    first = frame.drop_duplicates("influencer_id").set_index("influencer_id")
    words = first[dims].astype(object).where(first[dims].notna(), "unknown")
    named = words.agg(" · ".join, axis=1)
    named.index = named.index.astype(str)
    return named
