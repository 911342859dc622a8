"""Posts one by one: what each reached, cost and brought, and what the good ones have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from hk_metrics.attribution import post_credit
from hk_metrics.dataset import Dataset
from hk_metrics.view import View

if TYPE_CHECKING:
    import pandas as pd

# A post has no source and no product: filters on these leave it in.
NOT_OF_POSTS = ("source", "product")
PARTS = ("likes", "comments", "shares", "saves")
SUMS = ("reach", "engagements", "orders", "revenue")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LENGTHS = ((0, "under 60"), (60, "60 to 99"), (100, "100 to 149"), (150, "150 to 299"),
           (300, "300 and more"))  # fmt: skip
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
    Orders and revenue are credited by `hk_metrics.attribution.post_credit`. Cost is what was paid
    per post, equally over an influencer's posts of a day and platform, and what was paid per order
    in proportion to the credited orders. It is credit, not lift: a post that many orders follow
    need not have caused them.
    """
    whole = credited_posts(data)
    return (kept(whole, view) if view is not None else whole).to_pandas()


def credited_posts(data: Dataset) -> pl.DataFrame:
    """Return all posts of a dataset; see `posts`."""
    table = data.tables["posts"]
    parts = [pl.col(c) for c in PARTS if c in table.columns]
    named = [c for c in ("campaign", "brand", "url", "post_id") if c in table.columns]
    home = data.tables["influencers"].select("id", pl.col("platform").alias("home"))
    caption = pl.col("caption").str.strip_chars()
    frame = (
        table.join(home, left_on="influencer_id", right_on="id", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("platform", "home").alias("platform"),
            pl.sum_horizontal(parts).cast(pl.Float64).alias("engagements"),
            pl.col("reach").cast(pl.Float64),
            *_credit(data),
            pl.when(caption.str.len_chars() > 0)
            .then(caption.str.contains(DISCLOSURE)).alias("disclosed"),
        )
    )  # fmt: skip
    costed = _cost(frame, data)
    return costed.select(
        "influencer_id", "platform", "date", "caption", *named, "reach", "engagements",
        _ratio("engagements", "reach").alias("engagement_rate"), "orders", "revenue", "cost",
        _ratio("revenue", "cost").alias("roas"), "disclosed",
    ).sort("revenue", descending=True)  # fmt: skip


def _credit(data: Dataset) -> list[pl.Series]:
    """Return the orders and revenue credited to each post; none where nothing is dated."""
    posted, tracked = (data.tables[n] for n in ("posts", "tracking_data"))
    if posted["date"].null_count() == posted.height or not tracked["date"].count():
        return [pl.Series(m, [0.0] * posted.height, pl.Float64) for m in ("orders", "revenue")]
    credit = post_credit(data)
    return [pl.Series(m, credit[m].to_numpy(), pl.Float64) for m in ("orders", "revenue")]


def _ratio(top: str, bottom: str) -> pl.Expr:
    return pl.when(pl.col(bottom) > 0).then(pl.col(top) / pl.col(bottom))


def _cost(frame: pl.DataFrame, data: Dataset) -> pl.DataFrame:
    """Add what each post cost: its day's payouts per post, and its share of those per order."""
    keys = ["influencer_id", "date", "platform"]
    per_post = _spend(data, "spend", keys).rename({"date": "__day", "spend": "__by_post"})
    per_order = _spend(data, "order", keys[:1]).rename({"spend": "__by_order"})
    orders, own = pl.col("orders"), pl.col("orders").sum().over("influencer_id")
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
    """Return the posts whose ledger rows a view keeps."""
    filters = {n: v for n, v in view.filters.items() if n not in NOT_OF_POSTS}
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
    return kept_rows.drop("__day").sort("revenue", descending=True)


def by_time(feed: pd.DataFrame) -> pd.DataFrame:
    """Return posts by weekday and hour: sums, and the engagement rate (fraction).

    Parameters
    ----------
    feed
        The result of `posts`.

    Returns
    -------
    pandas.DataFrame
        One row per weekday (0 is Monday) and hour that has posts: ``posts``, ``reach``,
        ``engagements``, ``orders``, ``revenue``, ``engagement_rate``. ``attrs["has_hours"]`` is
        False where every post is at midnight: then no time of day was recorded.
    """
    frame = pl.from_pandas(feed).filter(pl.col("date").is_not_null())
    hour = pl.col("date").dt.hour()
    table = (
        frame.group_by((pl.col("date").dt.weekday() - 1).alias("weekday"), hour.alias("hour"))
        .agg(pl.len().alias("posts"), *(pl.col(c).sum() for c in SUMS))
        .with_columns(_ratio("engagements", "reach").alias("engagement_rate"))
        .sort("weekday", "hour")
        .to_pandas()
    )
    table.attrs["has_hours"] = bool((table["hour"] > 0).any())
    return table


def by_weekday(times: pd.DataFrame) -> pd.DataFrame:
    """Return posts by weekday, Monday first.

    Parameters
    ----------
    times
        The result of `by_time`.

    Returns
    -------
    pandas.DataFrame
        Index ``weekday`` (its name); sums and ``engagement_rate`` (fraction).
    """
    sums = times.groupby("weekday")[["posts", *SUMS]].sum()
    sums["engagement_rate"] = sums["engagements"] / sums["reach"].where(sums["reach"] > 0)
    named = sums.set_axis([WEEKDAYS[int(d)] for d in sums.index])
    return named.rename_axis("weekday")


def by_hashtag(feed: pd.DataFrame, least: int = 3) -> pd.DataFrame:
    """Return posts by hashtag with its engagement rate (fraction), most used first.

    Parameters
    ----------
    feed
        The result of `posts`.
    least
        Posts below which a hashtag is left out.

    Notes
    -----
    A post counts for each of its hashtags. Disclosures (#ad …) are left out: they are law, not
    craft. What goes with engagement need not cause it.
    """
    tags = pl.col("caption").str.extract_all(r"#[\w\u0900-\u0dff]+").list.unique()
    table = (
        pl.from_pandas(feed)
        .with_columns(tags.alias("hashtag"))
        .explode("hashtag")
        .filter(pl.col("hashtag").is_not_null() & ~pl.col("hashtag").str.contains(DISCLOSURE))
        .group_by("hashtag")
    )
    return _compared(table, "hashtag", least)


def by_length(feed: pd.DataFrame) -> pd.DataFrame:
    """Return posts by the length of their caption (characters), with the engagement rate."""
    size = pl.col("caption").str.len_chars()
    label = pl.lit(LENGTHS[0][1])
    for start, name in LENGTHS[1:]:
        label = pl.when(size >= start).then(pl.lit(name)).otherwise(label)
    groups = pl.from_pandas(feed).filter(size > 0).with_columns(label.alias("length"))
    table = _compared(groups.group_by("length"), "length", 1)
    return table.reindex([name for _, name in LENGTHS if name in table.index]).rename_axis("length")


def _compared(groups: object, key: str, least: int) -> pd.DataFrame:
    table: pl.DataFrame = (
        groups.agg(pl.len().alias("posts"), *(pl.col(c).sum() for c in SUMS))  # type: ignore[attr-defined]
        .filter(pl.col("posts") >= least)
        .with_columns(_ratio("engagements", "reach").alias("engagement_rate"))
        .sort("posts", key, descending=[True, False])
    )
    return table.to_pandas().set_index(key)
