"""Spend follows what it paid for: payouts and costs spread over the activity that they match.

Every payout is one of at most 32 *shapes* (which of day, period, campaign, brand and platform it
names; of costs also whether an influencer). Per shape the payouts become a price per unit of
weight, and rows pick their prices up by an equality join: time grows with rows, never with rows ×
payouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw

from hk_metrics.ledger.costs import MEASURE, as_payouts, measures_of
from hk_metrics.ledger.events import Frame, materialised, text_or_null
from hk_metrics.payouts.scope import FIRST, LAST, NAMES, days

_SPAN = (FIRST, LAST)
_WHO = "influencer_id"
# By this all rows are one group, for what names nothing.
_ALL = "__all"


@dataclass(frozen=True)
class Spread:
    """Payouts after spreading.

    Parameters
    ----------
    on_orders
        Order rows with ``spend``.
    on_posts
        Parts of posts with ``spend``.
    undated
        One row per payout without any matching activity: ``influencer_id``, what it names, and
        ``spend``. A cost keeps the day that it names.
    measures
        ``spend`` and, where a payout is earned and not yet paid, ``spend_due``: the part of it
        that is; of costs one measure per kind (`hk_metrics.ledger.costs`).
    """

    on_orders: Frame
    on_posts: Frame
    undated: Frame
    measures: tuple[str, ...] = ("spend",)


def _payout_shapes(payouts: Frame) -> Frame:
    """Return payouts with canonical columns and the shape: which dimensions each one names.

    Of costs, which say their measure, the influencer is one of those dimensions, and a day is
    their own even if nothing happened on it.
    """
    frame = text_or_null(payouts, *NAMES)
    there = frame.collect_schema().names()
    extra = nw.col("commission_rate") if "commission_rate" in there else nw.lit(0.0)
    posts = nw.col("posts") if "posts" in there else nw.lit(None)
    # Of pandas, two days that are not there differ.
    due = nw.col("due").fill_null(False).cast(nw.Boolean) if "due" in there else nw.lit(False)
    several = ~nw.col(FIRST).is_null() & (nw.col(FIRST) != nw.col(LAST))
    are_costs = MEASURE in there
    who = ~nw.col(_WHO).is_null() if are_costs else nw.lit(True)
    own_day = nw.col("date") if are_costs else nw.lit(None, dtype=nw.Datetime("us"))
    return (
        frame.with_columns(*days(there), extra.alias("commission_rate"),
                      posts.cast(nw.Float64).alias("paid_posts"))
        .with_columns(
            nw.when(~several).then(nw.col(FIRST)).alias("date"),
            nw.when(due).then(1.0).otherwise(0.0).alias("due"),
            nw.col("total_payout").cast(nw.Float64).fill_null(0.0).alias("amount"),
        )
        .with_columns(
            (~nw.col("date").is_null()).alias("names_date"),
            several.fill_null(False).alias("names_period"),
            who.alias(f"names_{_WHO}"),
            own_day.alias("own_day"),
            *((~nw.col(n).is_null()).alias(f"names_{n}") for n in NAMES),
        )
        .with_row_index("payout", order_by=["influencer_id", "basis", "amount", "date", *_SPAN,
                                            *NAMES])
    )  # fmt: skip


def spread(
    payouts: Frame, orders: Frame, parts: Frame, *, due: bool, costs: Frame | None = None
) -> Spread:
    """Spread all payouts and costs over order rows and parts of posts.

    Parameters
    ----------
    payouts
        The `payouts` table.
    orders
        Attributed order rows with ``order_weight``.
    parts
        The result of `split_posts`.
    due
        Whether any payout is earned and not yet paid.
    costs
        The `costs` table, if there is one.

    Notes
    -----
    Basis ``order`` weighs by orders, ``commission`` by revenue above 0, ``post`` by posts;
    ``hybrid`` pays ``rate`` for each of its ``posts`` (all that match, where it names no number)
    and the rest by orders. Without matching activity of its own kind a payout falls to the other
    kind; without any it stays undated. Costs weigh by posts; one that names no influencer is for
    everybody within what it names.
    """
    rows = {
        "orders": orders.with_columns(
            nw.col("revenue").clip(lower_bound=0.0).alias("revenue_weight")
        ),
        "posts": parts.with_columns((nw.col("posts") * nw.col("share")).alias("post_weight")),
    }
    of_payouts = ("spend", "spend_due") if due else ("spend",)
    paid: list[tuple[Frame, tuple[str, ...]]] = [(payouts, of_payouts)]
    if costs is not None and (of_costs := measures_of(costs)):
        paid.append((as_payouts(costs), of_costs))
    measures = tuple(m for _, of_table in paid for m in of_table)
    zeros = [nw.lit(0.0).alias(m) for m in measures]
    charged = {kind: frame.with_columns(*zeros) for kind, frame in rows.items()}
    undated = []
    for table, of_table in paid:
        charged, unspread = _spread(_payout_shapes(table), rows, charged, of_table)
        amounts = [nw.col(m) if m in of_table else nw.lit(0.0).alias(m) for m in measures]
        undated += [u.select(_WHO, "date", *NAMES, *amounts) for u in unspread]
    return Spread(
        charged["orders"].drop("order_weight", "revenue_weight"),
        charged["posts"].drop("post_weight"),
        nw.concat(undated),
        measures,
    )


def _spread(
    shaped: Frame, rows: dict[str, Frame], charged: dict[str, Frame], measures: tuple[str, ...]
) -> tuple[dict[str, Frame], list[Frame]]:
    """Charge rows with the payouts of one table; return them, and what found no activity."""
    flags = [f"names_{n}" for n in ("date", "period", _WHO, *NAMES)]
    shapes = shaped.select(flags).unique().collect().rows()
    undated = []
    for shape in sorted(shapes):
        named = [f.removeprefix("names_") for f, on in zip(flags, shape, strict=True) if on]
        of_shape = shaped.filter(
            *(nw.col(f) if on else ~nw.col(f) for f, on in zip(flags, shape, strict=True))
        )
        named = named if _keys(named) else [_ALL, *named]
        orders, posts, of_shape = (
            _keyed(f, named) for f in (rows["orders"], rows["posts"], of_shape)
        )
        priced = materialised(_price(of_shape, orders, posts, named))
        for kind, units in (("orders", ("order", "revenue")), ("posts", ("post",))):
            to = _charge(_keyed(charged[kind], named), priced, named, units, measures)
            charged[kind] = to.drop(_ALL) if _ALL in named else to
        undated.append(_unspread(priced, measures))
    return charged, undated or [_unspread(_no_prices(shaped), measures)]


def _keys(named: Sequence[str]) -> list[str]:
    return [n for n in named if n != "period"]


def _keyed(frame: Frame, named: Sequence[str]) -> Frame:
    return frame.with_columns(nw.lit(1).alias(_ALL)) if _ALL in named else frame


def _weights(rows: Frame, named: Sequence[str], spans: Frame, weights: Sequence[str]) -> Frame:
    """Return the sums of the weights per key (and period) of the payouts."""
    keys = _keys(named)
    sums = [nw.col(w).sum() for w in weights]
    if "period" not in named:
        return rows.group_by(keys).agg(*sums)
    per_day = rows.group_by([*keys, "date"]).agg(*sums)
    return (
        spans.join(per_day, on=keys, how="inner")
        .filter(nw.col("date") >= nw.col(_SPAN[0]), nw.col("date") <= nw.col(_SPAN[1]))
        .group_by([*keys, *_SPAN])
        .agg(*sums)
    )


def _price(payouts: Frame, orders: Frame, posts: Frame, named: Sequence[str]) -> Frame:
    """Return the payouts with their price per unit of each weight; the rest is undated."""
    keys = _keys(named)
    join = [*keys, *_SPAN] if "period" in named else keys
    spans = payouts.select(join).unique()
    order_weights = _weights(orders, named, spans, ("order_weight", "revenue_weight"))
    post_weights = _weights(posts, named, spans, ("post_weight",))
    amount, basis = nw.col("amount"), nw.col("basis")
    n_posts, n_orders, revenue = (nw.col(f"{w}_weight") for w in ("post", "order", "revenue"))
    paid_posts = nw.coalesce("paid_posts", n_posts)
    explained = nw.min_horizontal(nw.col("rate").fill_null(0.0) * paid_posts, amount)
    by_post = (
        nw.when(basis == "post").then(amount)
        .when(basis == "hybrid").then(nw.when(explained > 0).then(explained).otherwise(0.0))
        .otherwise(0.0)
    )  # fmt: skip
    by_revenue = nw.when((basis == "commission") & (revenue > 0)).then(amount).otherwise(0.0)
    return (
        payouts.join(order_weights, on=join, how="left")
        .join(post_weights, on=join, how="left")
        .with_columns(n_posts.fill_null(0.0), n_orders.fill_null(0.0), revenue.fill_null(0.0))
        .with_columns(by_post.alias("to_posts"), by_revenue.alias("to_revenue"))
        .with_columns((amount - nw.col("to_posts") - nw.col("to_revenue")).alias("to_orders"))
        .with_columns(*_other_kind())
        .with_columns(
            (nw.col("to_posts") / n_posts).alias("per_post"),
            (nw.col("to_orders") / n_orders).alias("per_order"),
            (nw.col("to_revenue") / revenue).alias("per_revenue"),
        )
    )


def _other_kind() -> list[nw.Expr]:
    """Move what has no matching activity of its kind to the other kind, or leave it undated."""
    has_posts, has_orders = nw.col("post_weight") > 0, nw.col("order_weight") > 0
    posts, orders = nw.col("to_posts"), nw.col("to_orders")
    moved_to_orders = nw.when(has_posts).then(orders).otherwise(orders + posts)
    moved_to_posts = nw.when(has_orders).then(posts).otherwise(orders + posts)
    nowhere = ~has_posts & ~has_orders
    return [
        nw.when(has_posts).then(moved_to_posts).otherwise(0.0).alias("to_posts"),
        nw.when(has_orders).then(moved_to_orders).otherwise(0.0).alias("to_orders"),
        nw.when(nowhere).then(orders + posts).otherwise(0.0).alias("undated"),
    ]


def _charge(
    rows: Frame, priced: Frame, named: Sequence[str], kinds: Sequence[str], measures: Sequence[str]
) -> Frame:
    """Add to each row's measures its weight times the prices of the payouts that match it."""
    keys = _keys(named)
    known = [(nw.when(nw.col(f"{k}_weight") > 0).then(nw.col(f"per_{k}")).otherwise(0.0) * _part(m))
             .alias(f"{m}_per_{k}") for k in kinds for m in measures]  # fmt: skip
    prices = [f"{m}_per_{k}" for k in kinds for m in measures]
    payable = priced.with_columns(*known)
    if "period" in named:
        days = materialised(rows.select([*keys, "date"]).unique())
        payable = payable.select([*keys, *_SPAN, *prices]).join(days, on=keys, how="inner").filter(
            nw.col("date") >= nw.col(_SPAN[0]), nw.col("date") <= nw.col(_SPAN[1])
        )  # fmt: skip
        keys = [*keys, "date"]
    per_key = payable.group_by(keys).agg(nw.col(p).sum() for p in prices)
    charged = []
    for measure in measures:
        cost = nw.col(measure)
        for kind in kinds:
            cost = cost + nw.col(f"{kind}_weight") * nw.col(f"{measure}_per_{kind}").fill_null(0.0)
        charged.append(cost.alias(measure))
    return rows.join(per_key, on=keys, how="left").with_columns(*charged).drop(prices)


def _no_prices(payouts: Frame) -> Frame:
    return payouts.with_columns(nw.lit(0.0).alias("undated"))


def _part(measure: str) -> nw.Expr:
    """Return which part of a payout a measure counts."""
    if measure == "spend":
        return nw.lit(1.0)
    if measure == "spend_due":
        return nw.col("due")
    return nw.when(nw.col(MEASURE) == measure).then(1.0).otherwise(0.0)


def _unspread(priced: Frame, measures: Sequence[str]) -> Frame:
    """Return what found no activity, with what the payout names."""
    return (
        priced.with_columns((nw.col("undated") * _part(m)).alias(m) for m in measures)
        .filter(nw.any_horizontal(*(nw.col(m) != 0 for m in measures), ignore_nulls=True))
        .select(_WHO, nw.col("own_day").alias("date"), *NAMES, *measures)
    )
