"""Codes whose orders posts do not explain, with what else speaks for it and what is at stake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from hk_metrics.arguments import view_of
from hk_metrics.errors import InsufficientDataError
from hk_metrics.interchange import to_pandas
from hk_metrics.intervals import Z_SCORE
from hk_metrics.leaks.fit import Floats, best_shape, evergreen, excess, fades, shapes

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.view import View

_CODE = ("influencer_id", "source")
_LEAST_ORDERS = 30
_LEAST_DAYS = 42
# Standard errors above 0, since the day on which a level begins is looked for.
_CLEAR = 3.5
_LEAST_SHARE = 0.05
_LATE = 14
ASSUMPTION = (
    "Not explained by posts: orders above what the influencer's posts predict by the response that "
    "all posts here have. It is an upper bound of what has leaked to coupon sites; a video that "
    "keeps working, posts that are missing here, or friends passing a code on explain it as well."
)


def unexplained_orders(data: Any) -> pd.DataFrame:
    """Return, for each code, the orders that posts do not explain.

    Parameters
    ----------
    data
        A dataset or a view. A code is a source of an influencer.

    Returns
    -------
    DataFrame
        One row per code (index ``influencer_id``, ``source``), what is listed first, then the
        largest share: ``orders``, ``excess`` (orders above those predicted), ``share`` (of its
        orders), ``share_lower`` and ``share_upper`` (90 %; the upper end bounds what has leaked),
        ``since`` (day from which the level is seen), ``listed`` (clearly above nothing, also with
        posts that keep working taken out, and staying, not fading), ``late_orders`` (share later
        than 14 days after a post), ``clicks_per_order`` and ``new_customers`` before and since
        (fractions; NaN where not known), ``at_stake`` (money: spend that follows orders, and
        discount, on the excess).
        Codes with fewer than 30 orders are left out. ``attrs["assumption"]``.

    Raises
    ------
    InsufficientDataError
        If there are no posts, too few days, or no code with enough orders.

    Notes
    -----
    Per code, orders of a day = rate × response to its posts + a level from some day on, by weighted
    least squares; the response is the kernel that explains all codes together best.
    """
    view = view_of(data, "unexplained_orders()")
    view.require("orders", "posts")
    daily = _daily(view)
    codes = daily.codes
    orders, posts = daily.orders, daily.posts
    shape = best_shape(orders, shapes(posts))
    lasting = evergreen(posts)
    rows = [_row(orders[n], shape[n], lasting[n], daily.first) for n in range(len(codes))]
    import pandas as pd

    table = pd.DataFrame(rows, index=pd.MultiIndex.from_tuples(codes, names=list(_CODE)))
    table = table.join(_beside(view, table))
    table["at_stake"] = table["excess"] * table.pop("per_order")
    order = np.lexsort((-table["share"].to_numpy(), ~table["listed"].to_numpy()))
    table = table.iloc[order]
    table.attrs = {"assumption": ASSUMPTION}
    return table


class _Daily:
    """Orders and posts of each code, codes × days."""

    def __init__(self, codes: list[Any], orders: Floats, posts: Floats, first: Any) -> None:
        self.codes, self.orders, self.posts, self.first = codes, orders, posts, first


def _daily(view: View) -> _Daily:
    import polars as pl

    rows: pl.DataFrame = (
        view.rows.filter(~nw.col("date").is_null(), ~nw.col("influencer_id").is_null())
        .group_by("kind", *_CODE, "date").agg(nw.col("orders", "posts").sum()).collect().to_native()
    ).with_columns(pl.col("kind", *_CODE).cast(pl.String))  # fmt: skip
    first: Any = rows["date"].min()
    last: Any = rows["date"].max()
    if first is None or (last - first).days + 1 < _LEAST_DAYS:
        raise InsufficientDataError(
            f"fewer than {_LEAST_DAYS} days of orders are here, too few to tell a level from posts"
        )
    rows = rows.with_columns(day=(pl.col("date") - first).dt.total_days())
    days = int((last - first).days) + 1
    made = rows.filter(pl.col("kind") == "post")
    posted = made.group_by("influencer_id", "day").agg(pl.sum("posts"))
    sold = rows.filter(pl.col("kind") == "order", pl.col("source").is_not_null())
    known = (
        sold.group_by(*_CODE).agg(pl.sum("orders")).filter(pl.col("orders") >= _LEAST_ORDERS)
        .join(posted.select("influencer_id").unique(), on="influencer_id", how="semi")
        .sort(*_CODE).with_row_index("code")
    )  # fmt: skip
    if known.is_empty():
        raise InsufficientDataError(
            f"no code of an influencer with posts has {_LEAST_ORDERS} orders here"
        )

    def grid(frame: pl.DataFrame, column: str) -> Floats:
        values = np.zeros((known.height, days))
        np.add.at(
            values, (frame["code"].to_numpy(), frame["day"].to_numpy()), frame[column].to_numpy()
        )
        return values

    keys = known.select("code", *_CODE)
    orders = grid(sold.join(keys, on=list(_CODE)), "orders")
    posts = grid(keys.join(posted, on="influencer_id"), "posts")
    return _Daily(list(known.select(_CODE).iter_rows()), orders, posts, first)


def _row(orders: Floats, shape: Floats, lasting: Floats, first: Any) -> dict[str, Any]:
    """Return what is said of one code."""
    from datetime import timedelta

    whole = float(orders.sum())
    likely, most = excess(orders, shape)
    without, _ = excess(orders, shape, lasting)
    clear = min(likely.orders - _CLEAR * likely.error, without.orders - _CLEAR * without.error)
    share = min(likely.orders / whole, 1.0)
    upper = max(likely.orders + Z_SCORE * likely.error, most.orders + Z_SCORE * most.error)
    return {
        "orders": whole, "excess": share * whole, "share": share,
        "share_lower": max(likely.orders - Z_SCORE * likely.error, 0.0) / whole,
        "share_upper": min(upper / whole, 1.0),
        "since": first + timedelta(days=likely.begin),
        "listed": clear > 0 and share >= _LEAST_SHARE and not fades(orders, shape),
    }  # fmt: skip


def _beside(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Return what speaks for a leak or against it, per code, and what an order costs."""
    import polars as pl

    since = pl.DataFrame(
        {
            "influencer_id": [c[0] for c in table.index], "source": [c[1] for c in table.index],
            "since": table["since"].tolist(),
        }
    )  # fmt: skip
    events: pl.DataFrame = view.events.collect().to_native().with_columns(
        pl.col(_CODE).cast(pl.String)
    ).join(since, on=list(_CODE))  # fmt: skip
    posted: pl.DataFrame = (
        view.rows.filter(nw.col("kind") == "post").select("influencer_id", "date").unique()
        .collect().to_native().with_columns(pl.col("influencer_id").cast(pl.String))
        .filter(pl.col("date").is_not_null()).sort("date").with_columns(posted=pl.col("date"))
    )  # fmt: skip
    dated = events.filter(pl.col("date").is_not_null(), pl.col("orders") > 0).sort("date")
    dated = dated.join_asof(posted, on="date", by="influencer_id", check_sortedness=False)
    late = (pl.col("date") - pl.col("posted")).dt.total_days().fill_null(999) > _LATE
    shares = dated.group_by(*_CODE).agg(
        (pl.col("orders").filter(late).sum() / pl.col("orders").sum()).alias("late_orders")
    )
    after = pl.col("date") >= pl.col("since")
    measures = []
    for name, when in (("before", ~after), ("since", after)):
        sold = pl.col("orders").filter(when).sum()
        fresh = (pl.col("orders") * pl.col("first_order")).filter(when).sum()
        known = "user_id" not in view.ledger.absent
        share = fresh / sold if known else pl.lit(None, pl.Float64)
        measures.append(share.alias(f"new_customers_{name}"))
        has = "clicks" in events.columns and "clicks" not in view.ledger.absent
        per = pl.col("clicks").filter(when).sum() / sold if has else pl.lit(None, pl.Float64)
        measures.append(per.alias(f"clicks_per_order_{name}"))
    paid = [pl.col(c).sum() for c in ("spend", "discount") if c in events.columns]
    cost = pl.sum_horizontal(paid) / pl.col("orders").sum() if paid else pl.lit(0.0)
    stated = events.group_by(*_CODE).agg(*measures, cost.alias("per_order"))
    joined = shares.join(stated, on=list(_CODE), how="full", coalesce=True)
    return to_pandas(joined).set_index(list(_CODE))
