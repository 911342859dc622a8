"""What a ledger looks up of all rows before it can be built from some of them.

All else is per influencer. Look-ups of parts add up to those of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import narwhals as nw

from hk_metrics.ledger.absent import COUNTED, absent
from hk_metrics.ledger.events import Frame
from hk_metrics.platforms import platforms_named

_Key = TypeVar("_Key")
_PLATFORMS = (("influencers", "platform"), ("posts", "platform"))
_SOURCES = (("tracking_data", "source"),)
_OF_POSTS = ("campaign", "brand")


@dataclass(frozen=True)
class Lookups:
    """What tables hold, as far as it decides how each row of theirs is read.

    Parameters
    ----------
    filled
        (table, column) → cells with a value, of the columns that matter and are there.
    rows
        Table → rows.
    brands, platforms, sources
        The texts that the columns of these names hold.
    most_orders
        The most orders that one tracked row has.
    summed
        Whether a tracked row may be several purchases that were summed before.
    due
        Whether a payout is earned and not yet paid.

    Examples
    --------
    >>> one, other = Lookups(rows={"posts": 2}), Lookups(rows={"posts": 3}, due=True)
    >>> (one + other).rows, (one + other).due
    ({'posts': 5}, True)
    """

    filled: Mapping[tuple[str, str], int]
    rows: Mapping[str, int]
    brands: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    most_orders: float = 0.0
    summed: bool = False
    due: bool = False

    def __init__(
        self,
        filled: Mapping[tuple[str, str], int] | None = None,
        rows: Mapping[str, int] | None = None,
        brands: Iterable[str] = (),
        platforms: Iterable[str] = (),
        sources: Iterable[str] = (),
        most_orders: float = 0.0,
        summed: bool = False,
        due: bool = False,
    ) -> None:
        given = {
            "filled": dict(filled or {}), "rows": dict(rows or {}), "brands": frozenset(brands),
            "platforms": frozenset(platforms), "sources": frozenset(sources),
            "most_orders": most_orders, "summed": summed, "due": due,
        }  # fmt: skip
        for name, value in given.items():
            object.__setattr__(self, name, value)

    def __add__(self, other: Lookups) -> Lookups:
        return Lookups(
            _sums(self.filled, other.filled),
            _sums(self.rows, other.rows),
            self.brands | other.brands,
            self.platforms | other.platforms,
            self.sources | other.sources,
            max(self.most_orders, other.most_orders),
            self.summed or other.summed,
            self.due or other.due,
        )

    @cached_property
    def absent(self) -> frozenset[str]:
        """The measures, and ``user_id``, of which no row has a value."""
        return absent({cell for cell, count in self.filled.items() if count})

    @cached_property
    def source_platforms(self) -> dict[str, str]:
        """Source → platform of the sources that name one that posts or influencers use."""
        return platforms_named(self.sources, self.platforms)

    @property
    def several(self) -> bool:
        """Whether a tracked row may hold several orders of one customer."""
        return self.summed or self.most_orders > 1

    @property
    def twin_of_clicks(self) -> str | None:
        """The table whose clicks are those of another: of posts and of events they are the same."""
        if not {("posts", "clicks"), ("tracking_data", "clicks")} <= self.filled.keys():
            return None
        return "tracking_data" if self.filled["posts", "clicks"] else "posts"

    @cached_property
    def estimated(self) -> frozenset[tuple[str, str]]:
        """The (kind, dimension) pairs that are estimated from orders or from names."""
        pairs = {("spend", "source"), ("spend", "product")}
        for dimension in _OF_POSTS:
            if self.filled.get(("posts", dimension)) != self.rows.get("posts", 0):
                pairs |= {("post", dimension), ("spend", dimension)}
        if ("tracking_data", "brand") not in self.filled:
            pairs |= {("order", "brand")}
        return frozenset(pairs)


def lookups_of(tables: Mapping[str, Frame]) -> Lookups:
    """Return what the tables, or a part of each, tell.

    Parameters
    ----------
    tables
        ``influencers``, ``posts``, ``tracking_data`` and ``payouts``, or some of them, lazily;
        others are passed over but for their brands.
    """
    names = {table: frame.collect_schema().names() for table, frame in tables.items()}
    counted = {*COUNTED, ("tracking_data", "brand"), *(("posts", c) for c in _OF_POSTS)}
    there = {(table, c) for table, c in counted if c in names.get(table, ())}
    filled: dict[tuple[str, str], int] = {}
    rows: dict[str, int] = {}
    for table in sorted({table for table, _ in counted} & names.keys()):
        columns = sorted(c for of, c in there if of == table)
        # Counting what is not empty is free where the engine keeps count.
        found = tables[table].select(nw.len().alias("rows"), *(nw.col(c).count() for c in columns))
        counts = found.collect()
        rows[table] = counts["rows"].item()
        filled |= {(table, c): counts[c].item() for c in columns}
    brands = [(table, "brand") for table in tables if "brand" in names[table]]
    tracking, payouts = tables.get("tracking_data"), tables.get("payouts")
    return Lookups(
        filled, rows, texts(tables, brands), texts(tables, _PLATFORMS), texts(tables, _SOURCES),
        0.0 if tracking is None else _most_orders(tracking),
        "purchases" in names.get("tracking_data", ()),
        payouts is not None and "due" in names["payouts"] and _is_any_due(payouts),
    )  # fmt: skip


def source_platforms(tables: Mapping[str, Frame]) -> dict[str, str]:
    """Return source → platform of the sources that name one that posts or influencers use."""
    return platforms_named(texts(tables, _SOURCES), texts(tables, _PLATFORMS))


def texts(tables: Mapping[str, Frame], columns: Iterable[tuple[str, str]]) -> set[str]:
    """Return the texts that columns of tables hold."""
    there = [(tables[table], c) for table, c in columns if table in tables]
    distinct = (frame.select(c).unique().collect()[c] for frame, c in there)
    return {str(v) for values in distinct for v in values.drop_nulls().to_list()}


def _most_orders(tracking: Frame) -> float:
    return float(tracking.select(nw.col("orders").max()).collect().item() or 0)


def _is_any_due(payouts: Frame) -> bool:
    return bool(payouts.select(nw.col("due").fill_null(False).any()).collect().item())


def _sums(one: Mapping[_Key, int], other: Mapping[_Key, int]) -> dict[_Key, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in one.keys() | other.keys()}
