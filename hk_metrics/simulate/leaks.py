"""Codes that leak: orders that follow no post, and a video that keeps working beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

_CODE = "PromoCode"


@dataclass(frozen=True)
class Leak:
    """How codes of a world leak.

    Parameters
    ----------
    share
        Of the orders that a leaking code has in the end.
    codes
        How many codes leak: those with most orders, every other one.
    begins
        Day, as a share of the period, from which a code stands on a coupon site.
    evergreen
        How many other codes have one post that keeps working: orders as many as ``share`` of
        theirs, with a half-life of 30 days.
    """

    share: float = 0.25
    codes: int = 5
    begins: float = 0.4
    evergreen: int = 0


def leaking(
    tables: dict[str, pl.DataFrame], seed: int, leak: Leak
) -> tuple[dict[str, pl.DataFrame], dict[str, float], list[str]]:
    """Return tables with leaked orders added, the share of each code that leaked, and evergreens.

    Parameters
    ----------
    tables
        As of `hk_metrics.simulate.simulate_tables`.
    seed
        Same seed, same leak.
    leak
        How.

    Returns
    -------
    The tables; influencer → leaked share of the orders of their code; influencers with a post that
    keeps working.
    """
    rng = np.random.default_rng([seed, 29])
    tracking, posts = tables["tracking_data"], tables["posts"]
    coded = tracking.filter(pl.col("source") == _CODE, pl.col("orders") > 0)
    counts = coded.group_by("influencer_id").len().sort("len", "influencer_id", descending=True)
    ranked = [i for i, n in counts.iter_rows() if n >= 40]
    chosen = ranked[0 : 2 * leak.codes : 2]
    lasting = ranked[1 : 2 * leak.evergreen + 1 : 2]
    on = tracking["date"].to_numpy().astype("datetime64[D]")
    first: Any = on.min()
    days = int((on.max() - first).astype(int)) + 1
    known = dict(counts.iter_rows())
    added, truth = [], {}
    for influencer in [*chosen, *lasting]:
        own = coded.filter(pl.col("influencer_id") == influencer)
        number = int(rng.poisson(known[influencer] * leak.share / (1 - leak.share)))
        if influencer in chosen:
            day = rng.integers(int(leak.begins * days), days, number)
            truth[influencer] = number / (number + known[influencer])
        else:
            dates = posts.filter(pl.col("influencer_id") == influencer)["date"].sort()
            start = int(
                (dates.to_numpy()[len(dates) // 4].astype("datetime64[D]") - first).astype(int)
            )
            day = start + rng.exponential(30 / np.log(2), number).astype(np.int64)
        rows = own.sample(number, with_replacement=True, seed=int(rng.integers(1 << 31)))
        at = first.astype("datetime64[us]") + day * np.timedelta64(1, "D")
        added.append(rows.with_columns(date=pl.Series(at)).filter(pl.Series(day < days)))
    more = pl.concat([tracking, *added]).sort("date", maintain_order=True)
    return {**tables, "tracking_data": more}, truth, lasting
