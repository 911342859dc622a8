"""Orders per reach of the first, second, third … post of each influencer: tiring or compounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from hk_metrics.errors import InsufficientDataError
from hk_metrics.intervals import POST_SPREAD, Z_SCORE

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

_Floats = NDArray[np.float64]
# Half of what a post brings comes within so many days.
_HALF_LIFE = 3.0
# Posts further back than this many have no say in what follows a post.
_REACH_BACK = 6
# What orders of one post say at most.
_SPREAD = POST_SPREAD**2
_STEPS = (1, 2, 3, 4, 6, 9, 13)
_LATE = 4
_LEAST = 30.0


def post_sequence(view: View) -> pd.DataFrame:
    """Return how orders per reach go with the number of the post, of the same influencers.

    Parameters
    ----------
    view
        A view; of one influencer for theirs alone.

    Returns
    -------
    DataFrame
        Index ``post`` (1, 2, 3, 4–5 …): ``posts``, ``reach``, ``orders``, ``expected`` (were each
        influencer's posts alike per reach, given when they were posted), ``index``, orders over
        those expected, pulled towards 1, with ``lower`` and ``upper`` (90 %).
        ``attrs["verdict"]``: ``tiring``, ``compounding`` or ``neither is seen``;
        ``attrs["text"]`` says it.

    Raises
    ------
    InsufficientDataError
        If the data has no reach or orders.

    Notes
    -----
    An order belongs to the time from one post to the next; each of these is expected to hold what
    earlier posts still bring, with a half-life of 3 days. Numbers count from the first post in the
    data, before which others may lie.
    """
    import pandas as pd
    from scipy.special import gammaincinv

    view.require("reach", "orders")
    nth, reach, orders, expected = _windows(view)
    if not expected.sum() > 0:
        raise InsufficientDataError("no order follows a post here, so none tells if posts tire")
    step = np.searchsorted(_STEPS, nth, side="right") - 1
    sums = {
        "posts": np.bincount(step), "reach": np.bincount(step, reach),
        "orders": np.bincount(step, orders), "expected": np.bincount(step, expected),
    }  # fmt: skip
    squares = np.bincount(step, expected**2)
    # What orders of a step weigh as evidence: chance, and posts that differ.
    weight = sums["expected"] ** 2 / np.maximum(sums["expected"] + _SPREAD * squares, 1e-9)
    raw = sums["orders"] / np.maximum(sums["expected"], 1e-9)
    prior = 1.0 / _SPREAD
    shape = raw * weight + prior
    labels = [_label(n) for n in range(len(raw))]
    table = pd.DataFrame(sums, index=pd.Index(labels, name="post")).assign(
        index=shape / (weight + prior),
        lower=gammaincinv(shape, 0.05) / (weight + prior),
        upper=gammaincinv(shape, 0.95) / (weight + prior),
    )
    table = table[table["posts"] > 0]
    table.attrs |= _verdict(nth, orders, expected)
    return table


def _windows(view: View) -> tuple[_Floats, _Floats, _Floats, _Floats]:
    """Return number, reach, orders and expected orders of each influencer's days of posts."""
    import polars as pl

    rows: pl.DataFrame = (
        view.rows.filter(
            nw.col("kind").is_in(["post", "order"]), ~nw.col("date").is_null(),
            ~nw.col("influencer_id").is_null(),
        )
        .group_by("influencer_id", "date")
        .agg(nw.col("posts", "reach", "orders").sum())
        .collect().to_native().sort("influencer_id", "date")
    )  # fmt: skip
    rows = rows.with_columns(
        day=pl.col("date").dt.epoch("d"), nth=(pl.col("posts") > 0).cum_sum().over("influencer_id")
    ).filter(pl.col("nth") > 0)
    last = int(rows["day"].max() or 0) + 1  # type: ignore[arg-type]
    posts = rows.group_by("influencer_id", "nth", maintain_order=True).agg(
        pl.col("day", "reach").first(), pl.col("orders").sum()
    ).with_columns(end=pl.col("day").shift(-1).over("influencer_id").fill_null(last))  # fmt: skip
    code = posts["influencer_id"].rank("dense").to_numpy().astype(np.int64) - 1
    day, end, reach = (posts[c].to_numpy().astype(float) for c in ("day", "end", "reach"))
    orders = np.maximum(posts["orders"].to_numpy(), 0.0)
    pull = _expected(code, day, end, reach)
    rate = np.bincount(code, orders) / np.maximum(np.bincount(code, pull), 1e-12)
    return posts["nth"].to_numpy(), reach, orders, rate[code] * pull


def _expected(code: NDArray[np.int64], day: _Floats, end: _Floats, reach: _Floats) -> _Floats:
    """Return what posts bring into each window, per order and person reached."""
    pull = np.zeros(len(day))
    for back in range(_REACH_BACK + 1):
        own = np.arange(back, len(day))
        own = own[code[own] == code[own - back]]
        since, until = day[own] - day[own - back], end[own] - day[own - back]
        pull[own] += reach[own - back] * (0.5 ** (since / _HALF_LIFE) - 0.5 ** (until / _HALF_LIFE))
    return pull


def _label(step: int) -> str:
    first = _STEPS[step]
    if step + 1 == len(_STEPS):
        return f"{first} on"
    last = _STEPS[step + 1] - 1
    return f"{first}" if first == last else f"{first}–{last}"


def _verdict(nth: _Floats, orders: _Floats, expected: _Floats) -> dict[str, str]:
    """Return whether later posts bring less or more than the first ones, with its interval."""
    late = nth >= _LATE
    parts = [(orders[p].sum(), expected[p].sum(), (expected[p] ** 2).sum()) for p in (~late, late)]
    if min(e for _, e, _ in parts) < _LEAST or min(o for o, _, _ in parts) <= 0:
        return {"verdict": "neither is seen", "text": "Too few orders to tell if posts tire."}
    ratio = np.log((parts[1][0] / parts[1][1]) / (parts[0][0] / parts[0][1]))
    error = np.sqrt(sum(1 / o + _SPREAD * s / e**2 for o, e, s in parts))
    low, high = (
        np.exp(ratio - Z_SCORE * error) - 1,
        np.exp(ratio + Z_SCORE * error) - 1,
    )
    verdict = "tiring" if high < 0 else "compounding" if low > 0 else "neither is seen"
    words = {
        "tiring": "Tiring: later posts bring less", "compounding": "Compounding: later posts bring "
        "more", "neither is seen": "Neither tiring nor compounding is seen",
    }  # fmt: skip
    change, low, high = (round(float(v), 2) + 0.0 for v in (np.exp(ratio) - 1, low, high))
    span = f"{change:+.0%} ({low:+.0%} to {high:+.0%}, 90 %)"
    text = f"{words[verdict]}: orders per reach from the {_LATE}th post on {span} of the first."
    return {"verdict": verdict, "text": text}
