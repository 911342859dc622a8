"""Posts one by one: what each reached, cost and brought, and whether it says it is an ad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from hk_metrics.attribution import post_credit
from hk_metrics.dataset import Dataset
from hk_metrics.interchange import to_pandas
from hk_metrics.view import View

if TYPE_CHECKING:
    import pandas as pd

# A post has no source and no product: filters on these leave it in.
_NOT_OF_POSTS = ("source", "product")
_PARTS = ("likes", "comments", "shares", "saves")
# Measure of the ledger → column of the feed that is not known without it.
_MEASURED = {"orders": "orders", "revenue": "revenue", "spend": "cost", "likes": "engagements"}
# ASCI, Guidelines for Influencer Advertising in Digital Media (2021): ad, sponsored,
# collaboration, partnership, free gift; as a label or a hashtag.
DISCLOSURE = (
    r"(?i)(#(ad|ads|advert|advertisement|sponsored|sponsoredpost|sponsor|paid|paidpartnership|"
    r"paidpromotion|promotion|promo|collab|collaboration|partner|partnership|gifted|freegift|"
    r"ambassador|brandambassador)\b|paid (partnership|promotion)|sponsored by|"
    r"in (paid )?(partnership|collaboration) with|advertisement|free gift)"
)


def posts(data: Dataset, view: View | None = None) -> pd.DataFrame:
    """Return the posts of a view with what each reached, cost and brought.

    Parameters
    ----------
    data
        A dataset.
    view
        A view of it; filters on source and product leave posts in. Everything where absent.

    Returns
    -------
    pandas.DataFrame
        One row per post, most credited revenue first: ``influencer_id``, ``platform``, ``date``,
        ``caption``, ``url`` and, where named, ``campaign`` and ``brand``; ``reach`` (people),
        ``engagements``, ``engagement_rate`` (fraction), ``orders``, ``revenue`` and ``cost``
        (money), ``roas`` (times), ``disclosed`` (None where there is no caption).

    Notes
    -----
    Null is what the data does not hold at all: cost without payouts, orders without order counts.
    Orders and revenue are credited by `hk_metrics.attribution.post_credit`. Cost is what was paid
    per post, equally over an influencer's posts of a day and platform, and what was paid per order
    in proportion to the credited orders. It is credit, not lift: a post that many orders follow
    need not have caused them.
    """
    whole = credited_posts(data)
    return (kept(whole, view) if view is not None else whole).pipe(to_pandas)


def credited_posts(data: Dataset) -> pl.DataFrame:
    """Return all posts of a dataset; see `posts`."""
    table = placed(data)
    parts = [pl.col(c) for c in _PARTS if c in table.columns]
    named = [c for c in ("campaign", "brand", "url", "post_id") if c in table.columns]
    caption = pl.col("caption").str.strip_chars()
    frame = table.with_columns(
        pl.sum_horizontal(parts).cast(pl.Float64).alias("engagements"),
        pl.col("reach").cast(pl.Float64),
        *_credit(data),
        pl.when(caption.str.len_chars() > 0)
        .then(caption.str.contains(DISCLOSURE)).alias("disclosed"),
    )  # fmt: skip
    costed = _cost(frame, data)
    lacking = [_MEASURED[m] for m in _MEASURED if m in data.ledger.absent]
    blanked = costed.with_columns(pl.lit(None, pl.Float64).alias(c) for c in lacking)
    return blanked.select(
        "influencer_id", "platform", "date", "caption", *named, "reach", "engagements",
        _ratio("engagements", "reach").alias("engagement_rate"), "orders", "revenue", "cost",
        _ratio("revenue", "cost").alias("roas"), "disclosed",
    ).sort("revenue", descending=True)  # fmt: skip


def placed(data: Dataset) -> pl.DataFrame:
    """Return the posts as they came, each with its platform: its influencer's where it names none.

    Parameters
    ----------
    data
        A dataset. Cheap beside `credited_posts`, which also works out what each post brought.
    """
    home = data.tables["influencers"].select("id", pl.col("platform").alias("home"))
    return (
        data.tables["posts"]
        .join(home, left_on="influencer_id", right_on="id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("platform", "home").alias("platform"))
    )


def _credit(data: Dataset) -> list[pl.Series]:
    """Return the orders and revenue credited to each post; none where nothing is dated."""
    posted, tracked = (data.tables[n] for n in ("posts", "tracking_data"))
    if posted["date"].null_count() == posted.height or not tracked["date"].count():
        return [pl.Series(m, [0.0] * posted.height, pl.Float64) for m in ("orders", "revenue")]
    credit = post_credit(data)
    return [pl.Series(m, credit[m].to_numpy(), pl.Float64) for m in ("orders", "revenue")]


def _ratio(top: str, bottom: str) -> pl.Expr:
    """Return a sum over a sum, null where the lower one is not above 0."""
    return pl.when(pl.col(bottom) > 0).then(pl.col(top) / pl.col(bottom))


def _cost(frame: pl.DataFrame, data: Dataset) -> pl.DataFrame:
    """Add what each post cost: its day's payouts per post, and its share of those per order."""
    keys = ["influencer_id", "date", "platform"]
    per_post = _spend(data, "spend", keys).rename({"date": "__day", "spend": "__by_post"})
    per_order = _spend(data, "order", keys[:1]).rename({"spend": "__by_order"})
    counted = pl.col("revenue" if "orders" in data.ledger.absent else "orders")
    orders, own = counted, counted.sum().over("influencer_id")
    of_day = pl.len().over("influencer_id", "__day", "platform")
    by_post = pl.col("__by_post").fill_null(0.0) / of_day
    by_order = pl.col("__by_order").fill_null(0.0) * pl.when(own > 0).then(orders / own)
    return (
        frame.with_columns(pl.col("date").dt.truncate("1d").alias("__day"))
        .join(
            per_post, on=["influencer_id", "__day", "platform"], how="left", nulls_equal=True,
            maintain_order="left",
        )
        .join(per_order, on="influencer_id", how="left", maintain_order="left")
        .with_columns((by_post + by_order.fill_null(0.0)).alias("cost"))
    )  # fmt: skip


def _spend(data: Dataset, kind: str, keys: list[str]) -> pl.DataFrame:
    rows = data.ledger.rows.filter(nw.col("kind") == kind)
    text = [nw.col(k).cast(nw.String) for k in keys if k != "date"]
    found = rows.with_columns(*text).group_by(keys).agg(nw.col("spend").sum())
    return pl.DataFrame(found.collect().to_native())


def kept(frame: pl.DataFrame, view: View) -> pl.DataFrame:
    """Return the posts whose ledger rows a view keeps, in their order."""
    filters = {n: v for n, v in view.filters.items() if n not in _NOT_OF_POSTS}
    if not filters:
        return frame
    keys = ["influencer_id", "date", "platform"]
    rows = View(view.ledger, filters).rows.filter(nw.col("kind") == "post")
    text = [nw.col(k).cast(nw.String) for k in keys if k != "date"]
    here = pl.DataFrame(rows.select(nw.col("date"), *text).collect().to_native()).unique()
    day = pl.col("date").dt.truncate("1d")
    kept_rows = frame.with_columns(day.alias("__day")).join(
        here.rename({"date": "__day"}), on=["influencer_id", "__day", "platform"], how="semi",
        nulls_equal=True, maintain_order="left",
    )  # fmt: skip
    for name in {"campaign", "brand"} & set(filters) & set(frame.columns):
        chosen = [v for v in filters[name] if v]
        kept_rows = kept_rows.filter(pl.col(name).is_in(chosen) | pl.col(name).is_null())
    return kept_rows.drop("__day")
