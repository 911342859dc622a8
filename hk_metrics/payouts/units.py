"""How many units each payout is for, by its own words, its scope and what was paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# A total is rate × units where it differs by at most one per cent.
TOLERANCE = 0.01
# Basis of a payout → the metric that counts what it pays for.
PAID_FOR = {"post": "posts", "order": "orders"}
# A fee that differs less from month to month is the same fee.
DEARER = 1.25
# Every total is one times itself: from two on, a number of units explains it.
_LEAST_TELLING = 2


def with_units(payouts: pl.DataFrame, posted: pl.Series) -> pl.DataFrame:
    """Add to payouts the units that each is for.

    Parameters
    ----------
    payouts
        The `payouts` table.
    posted
        Posts within what each payout names.

    Returns
    -------
    DataFrame
        The payouts, with ``posted``; ``own_posts``, those that the payout names, else ``posted``;
        ``paid_posts`` of a payout per post, those that it names, else the whole number of posts
        that its total is at its rate, else null; ``paid_orders``; and ``other_basis``, whether
        posts explain the total of a payout per order or orders that of one per post.
    """
    import polars as pl

    post, order = (pl.col("basis") == b for b in ("post", "order"))
    rate, paid = pl.col("rate"), pl.col("total_payout")
    stated = pl.col("posts") if "posts" in payouts.columns else pl.lit(None)
    number = (paid / rate).round()
    whole = (number >= 1) & ((paid / rate - number).abs() <= TOLERANCE)
    own, other = (
        pl.when(post).then(a).when(order).then(b)
        for a, b in (("own_posts", "paid_orders"), ("paid_orders", "own_posts"))
    )
    explained = (other >= _LEAST_TELLING) & close(rate * other, paid) & ~close(rate * own, paid)
    return (
        payouts.with_columns(posted.alias("posted"))
        .with_columns(
            own_posts=pl.coalesce(stated.cast(pl.Float64), "posted"),
            paid_posts=pl.when(post).then(pl.coalesce(stated, pl.when(whole).then(number))),
            paid_orders=pl.col("orders").cast(pl.Float64),
        )
        .with_columns(other_basis=explained.fill_null(value=False))
    )


def close(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    """Whether an amount is another one but for rounding."""
    return (a - b).abs() <= TOLERANCE * b.abs()
