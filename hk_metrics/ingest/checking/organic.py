"""Tracked rows that count for no influencer: those of nobody, and those marked organic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hk_metrics.ingest.checking.payouts import placed
from hk_metrics.ingest.payouts.accepted import AcceptedTables
from hk_metrics.payouts.activity import organic_among
from hk_metrics.quality import Finding, finding
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import polars as pl

_SHOWN = 4


def organic_influencers(accepted: AcceptedTables) -> Iterator[Finding]:
    """Rows whose source is Organic although they name an influencer: the source decides."""
    import polars as pl

    organic = organic_among(accepted.names["source"][1])
    if organic.is_empty():
        return
    named = pl.col("influencer_id").is_not_null() & pl.col("source").is_in(organic.implode())
    rows = accepted.tables["tracking_data"].filter(named)
    if rows.height:
        money = float(rows["revenue"].sum())
        yield placed(
            "organic_influencer", rows, "tracking_data", "source", money=money,
            rows=counted(rows.height, "tracked row"), revenue=f"{money:,.2f}",
        )  # fmt: skip


def nobodys_orders(accepted: AcceptedTables) -> Iterator[Finding]:
    """Rows without an influencer: kept apart, as the baseline that lift needs."""
    import polars as pl

    tracking = accepted.tables["tracking_data"]
    if not tracking["influencer_id"].null_count():
        return
    rows = tracking.filter(pl.col("influencer_id").is_null())
    yield finding(
        "organic", rows=counted(tracking.height, "tracked row"),
        by_source=_by_source(rows["source"]),
        table="tracking_data", column="influencer_id", count=rows.height,
        money=float(rows["revenue"].sum()),
    )  # fmt: skip


def _by_source(sources: pl.Series) -> str:
    """Say how many rows each source has, the most frequent first: 9 paid_ad, 6 organic."""
    organic = dict.fromkeys(organic_among(sources.unique().drop_nulls()), "organic")
    named = sources.replace(organic).fill_null("without a source").value_counts(name="rows")
    counts = named.sort("rows", "source", descending=[True, False])
    shown = [f"{rows:,} {source}" for source, rows in counts.head(_SHOWN).iter_rows()]
    rest = counts["rows"][_SHOWN:].sum()
    return ", ".join([*shown, f"{rest:,} of other sources"] if rest else shown)
