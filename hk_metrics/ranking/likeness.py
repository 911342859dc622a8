"""Influencers side by side: a score with visible weights, and who is most like whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_NEAREST = 8


def score(people: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series[float]:
    """Return the weighted mean of percentile ranks (0 to 100) of each influencer.

    Parameters
    ----------
    people
        One row per influencer, one column per metric.
    weights
        Metric → weight; 0 leaves it out. Only their proportion counts.

    Returns
    -------
    Series
        NaN where nothing that is weighed is known.

    Notes
    -----
    A metric that an influencer does not have is left out of that one's mean. It says who stands
    above whom in this group by these weights, and nothing beyond.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"revenue": [10.0, 30.0], "roas": [2.0, float("nan")]})
    >>> score(people, {"revenue": 50, "roas": 50}).tolist()
    [75.0, 100.0]
    """
    import numpy as np
    import pandas as pd

    ranks = pd.DataFrame(
        {m: people[m].rank(pct=True) * 100 for m in weights if m in people}, index=people.index
    )
    weight = pd.Series(dict(weights), dtype=float).reindex(ranks.columns)
    present = ranks.notna().mul(weight, axis=1).sum(axis=1)
    total: pd.Series[float] = (ranks * weight).sum(axis=1)
    return total / present.replace(0.0, np.nan)


def nearest(profiles: pd.DataFrame, key: str, number: int = _NEAREST) -> list[str]:
    """Return the ids of the influencers most like one, the most alike first.

    Parameters
    ----------
    profiles
        One row per influencer (index = id): ``category``, ``platform``, ``follower_count``.
    key
        Whose peers.
    number
        How many at most.

    Notes
    -----
    Those that share category and platform come first, then those that share one; among them the
    nearest in followers, by ratio.

    Examples
    --------
    >>> import pandas as pd
    >>> profiles = pd.DataFrame({"category": ["Yoga", "Yoga", "Sports"], "platform": ["X"] * 3,
    ...                          "follower_count": [10, 99, 11]}, index=["a", "b", "c"])
    >>> nearest(profiles, "a")
    ['b', 'c']
    """
    import numpy as np

    if key not in profiles.index:
        return []
    own, others = profiles.loc[key], profiles.drop(index=key)
    alike = sum((others[c] == own[c]).astype(int) for c in ("category", "platform"))
    sizes = profiles["follower_count"].astype(float).fillna(0.0)
    distance = abs(np.log1p(sizes.drop(index=key)) - np.log1p(sizes.loc[key]))
    order = others.assign(alike=alike, distance=distance).sort_values(
        ["alike", "distance"], ascending=[False, True], kind="stable"
    )
    return [str(i) for i in order.index[:number]]
