"""Payouts per post against the posts in the data."""

from __future__ import annotations

from collections.abc import Iterator

from hk_metrics.ingest.checking.payouts import amount, placed
from hk_metrics.ingest.payouts.accepted import AcceptedTables
from hk_metrics.ingest.raw import FILE, ROW
from hk_metrics.payouts.scope import NAMES, TIMES
from hk_metrics.quality import Finding
from hk_metrics.wording import counted

_SHOWN = 5


def payout_posts(accepted: AcceptedTables) -> Iterator[Finding]:
    """Influencers paid for another number of posts than there are.

    Of several payouts, each may be for some of the posts: only more than there are is listed.
    """
    import polars as pl

    payouts = accepted.paid
    scope = [c for c in ("influencer_id", *NAMES, *TIMES) if c in payouts.columns]
    paid, posted = pl.col("paid_posts"), pl.col("posted")
    rows = (
        payouts.with_columns(alone=pl.len().over("influencer_id") == 1)
        .filter(paid.is_not_null() & (posted > 0) & ~pl.col("other_basis"))
        .group_by(scope, maintain_order=True)
        .agg(paid.sum(), pl.col("posted", "alone", "total_payout", FILE, ROW).first())
        .filter((paid > posted) | ((paid < posted) & pl.col("alone")))
    )
    if rows.height:
        one = rows.row(0, named=True)
        there = f"{one['posted']:,g} {'is' if one['posted'] == 1 else 'are'} in the data"
        yield placed(
            "payout_posts", rows, "payouts", "total_payout",
            influencers=counted(rows["influencer_id"].n_unique(), "influencer"),
            influencer=one["influencer_id"], paid_for=amount(one["paid_posts"], "post"),
            there=there,
        )  # fmt: skip


def paid_without_posts(accepted: AcceptedTables) -> Iterator[Finding]:
    """Influencers paid per post who have no post; silent where nobody has one."""
    import polars as pl

    posts = accepted.tables["posts"]["influencer_id"].unique()
    if posts.is_empty():
        return
    rows = accepted.tables["payouts"].filter(
        (pl.col("basis") == "post") & (pl.col("total_payout") > 0)
        & ~pl.col("influencer_id").is_in(posts.implode())
    )  # fmt: skip
    ids = rows["influencer_id"].unique(maintain_order=True)
    if len(ids):
        were, have = ("was", "has") if len(ids) == 1 else ("were", "have")
        more = " …" if len(ids) > _SHOWN else ""
        yield placed(
            "paid_without_posts", rows, "payouts", "influencer_id", were=were, have=have,
            influencers=counted(len(ids), "influencer"),
            shown=f"{', '.join(ids.head(_SHOWN))}{more}",
        )  # fmt: skip
