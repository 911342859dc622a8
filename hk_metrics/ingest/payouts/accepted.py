"""What several checks ask of the accepted tables, worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hk_metrics.payouts.activity import attributed, posts_of, sales_of
from hk_metrics.payouts.units import with_units

if TYPE_CHECKING:
    import polars as pl


_NAMES: Mapping[str, tuple[str, ...]] = {
    "influencers": ("category", "platform", "city"),
    "posts": ("platform", "brand", "campaign"),
    "tracking_data": ("source", "campaign", "brand", "product"),
    "payouts": ("campaign", "brand", "platform"),
}


@dataclass(frozen=True, eq=False)
class AcceptedTables:
    """The accepted tables, with ``FILE`` and ``ROW``, and what follows from them.

    ``taken`` names a file that was taken for a table, whether its rows can be used or not.
    """

    tables: Mapping[str, pl.DataFrame]
    taken: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def credited(self) -> pl.DataFrame:
        """The tracked events that belong to an influencer."""
        return attributed(self.tables["tracking_data"], self.names["source"][1])

    @cached_property
    def names(self) -> dict[str, tuple[list[str], pl.Series]]:
        """Column → the tables that have it, and its distinct values over all of them."""
        import polars as pl

        found: dict[str, tuple[list[str], pl.Series]] = {}
        for table, columns in _NAMES.items():
            there = [c for c in columns if c in self.tables[table].columns]
            # One query over all columns, so that they are counted side by side.
            distinct = self.tables[table].select(pl.col(c).unique().implode() for c in there)
            for column in there:
                tables, values = found.get(column, ([], pl.Series([], dtype=pl.String)))
                both = pl.concat([values, distinct[column].explode()]).drop_nulls().unique()
                found[column] = ([*tables, table], both)
        return found

    @cached_property
    def orders(self) -> pl.DataFrame:
        """One row per influencer with events: ``influencer_id``, ``tracked`` orders."""
        import polars as pl

        tracked = pl.col("orders").sum().alias("tracked")
        return self.credited.lazy().group_by("influencer_id").agg(tracked).collect()

    @cached_property
    def posted(self) -> pl.Series:
        """Posts within what each payout names; see `posts_of`."""
        return posts_of(self.tables["payouts"], self.tables["posts"])

    @cached_property
    def sold(self) -> pl.DataFrame:
        """Orders and revenue within what each payout names."""
        return sales_of(self.tables["payouts"], self.credited)

    @cached_property
    def paid(self) -> pl.DataFrame:
        """The payouts with the posts and orders that each is for; see `with_units`."""
        return with_units(self.tables["payouts"], self.posted)
