"""Signals, not verdicts: what someone should look at, each with its reason.

Nothing here says that anybody cheated. A signal is an unusual number with an innocent explanation
at least as likely as a bad one; the list is for a person to review.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from hk_metrics.attribution.credit import Tables
from hk_metrics.interchange import to_pandas
from hk_metrics.signals.kinds import COLUMNS
from hk_metrics.signals.orders import returning, spikes, unposted
from hk_metrics.signals.posts import constant, engagement, talk

if TYPE_CHECKING:
    import pandas as pd

KINDS: tuple[Callable[[Mapping[str, pl.DataFrame]], pl.DataFrame], ...] = (
    engagement, talk, constant, unposted, spikes, returning,
)  # fmt: skip


def signals(data: Tables) -> pd.DataFrame:
    """Return what should be reviewed, the strongest of each kind first.

    Parameters
    ----------
    data
        A dataset.

    Returns
    -------
    pandas.DataFrame
        One row per signal: ``influencer_id``, ``signal`` (its kind), ``reason`` (a sentence with
        its numbers), ``strength`` (comparable within a kind), ``date`` and ``post`` (row of the
        `posts` table) where it is about one. Empty where nothing stands out.

    Notes
    -----
    Kinds: ``engagement rate`` and ``comments per like`` (robust z of the logarithm among posts of
    the same platform and decile of reach, beyond ±3.5), ``constant engagement``, ``orders without
    a post`` (in the 30 days before), ``order spike`` (far above the influencer's quiet days, with
    no post in the 7 days before), ``returning customers`` (many more than elsewhere, by a test of
    two shares).

    Source: the robust z and its bound of 3.5 are those of Iglewicz and Hoaglin 1993, *How to Detect
    and Handle Outliers*; the other bounds are the design's own.
    """
    found = [kind(data.tables).select(list(COLUMNS)).cast(COLUMNS) for kind in KINDS]
    return pl.concat(found).pipe(to_pandas).astype({"post": "Int64"})
