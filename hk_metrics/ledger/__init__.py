"""The ledger: one row per thing that happened, and the only table that numbers come from.

Built once per dataset; after that nothing is joined, so a filter reaches a ratio's numerator and
denominator alike, and money is neither counted twice nor lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw

from hk_metrics.interchange import to_polars
from hk_metrics.ledger.brands import known_brands, with_brand
from hk_metrics.ledger.costs import (
    COST_MEASURES,
    COSTS,
    PAYOUTS,
    SpendMeans,
    with_spend,
    with_sums,
)
from hk_metrics.ledger.events import (
    BOUGHT_AT,
    EARLIER_CUSTOMER,
    Frame,
    coded_texts,
    event_platform,
    events_in,
    in_one_piece,
    is_organic,
    materialised,
    order_weight,
    orders,
    profiles,
)
from hk_metrics.ledger.lookups import Lookups, lookups_of
from hk_metrics.ledger.margins import MARGIN_MEASURES, priced, share_kept, with_own_margins
from hk_metrics.ledger.maturing import outlook_of, prepared
from hk_metrics.ledger.posts import MIX, POST_MEASURES, post_groups, post_rows, split_posts
from hk_metrics.ledger.spend import spread
from hk_metrics.maturing import Outlook
from hk_metrics.schemas import BASES, TABLES
from hk_metrics.settings import Settings, default_settings

_ORDER_MEASURES = (
    "orders", "revenue", "discount", "returned", "clicks", "matured_revenue", "open_revenue",
)  # fmt: skip
MEASURES = tuple(
    dict.fromkeys((*POST_MEASURES, *_ORDER_MEASURES, "spend", "spend_due", *COST_MEASURES,
                   *MARGIN_MEASURES))
)  # fmt: skip
_KEYS = (
    "kind", "date", "influencer_id", "platform", "source", "campaign", "brand", "product",
    "organic",
)  # fmt: skip
# What orders say of themselves beside: kept with the events alone, so that rows stay few.
_OF_EVENTS = ("payment_mode", "outcome")
# Enough for the ends of a 90 % interval.
_DRAWS = 200
_NOT_DIMENSIONS = frozenset({"kind", "date", "user_id", "first_order", "follower_count"})

__all__ = ["Ledger", "event_platform", "is_organic"]


@dataclass(frozen=True, eq=False)
class Ledger:
    """One row per post, order and share of a payout, with every dimension and measure.

    Parameters
    ----------
    rows
        Narwhals frame: ``kind`` (``post``, ``order`` or ``spend``), ``date``, what a row belongs to
        (influencer, platform, source, campaign, brand, product), the influencer's attributes,
        ``basis`` and the measures. A dimension that a row does not have is null.
    events
        The order rows at full grain with ``user_id``, ``first_order`` and, where rows hold several
        orders, ``purchases``, for distinct users.
    estimated
        The (kind, dimension) pairs whose values were estimated, not observed.
    settings
        Under which it was built.
    absent
        Measures of which the data has no value (`hk_metrics.ledger.absent`). Their columns hold
        zeros, which nothing may show: they are not `measures`.
    event_files
        The files that the events lie in, each with all rows of its users; none where they are in
        memory.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> sorted(set(data.ledger.rows.select("kind").collect()["kind"].to_list()))
    ['order', 'post', 'spend']
    """

    rows: Frame
    events: Frame
    estimated: frozenset[tuple[str, str]]
    settings: Settings
    absent: frozenset[str] = frozenset()
    event_files: tuple[Path, ...] = ()
    _values: dict[str, list[str | None]] = field(default_factory=dict, init=False, repr=False)
    _meanings: dict[object, Ledger] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def build(
        cls,
        tables: Mapping[str, Any],
        settings: Settings | None = None,
        lookups: Lookups | None = None,
    ) -> Ledger:
        """Build the ledger from the four tables, or a part of it from the rows of influencers.

        Parameters
        ----------
        tables
            ``influencers``, ``posts``, ``tracking_data`` and ``payouts``, and ``costs``,
            ``customers`` and ``margins`` if there are any, with the columns and types of
            `hk_metrics.schemas`, as frames of Polars or pandas.
        settings
            Windows and brands; the process's own where absent.
        lookups
            Of the whole, where the tables are a part of it: all rows of some influencers
            (`hk_metrics.ledger.partitions`). Users of a part stay as they are called, and
            ``first_order`` is only of the part.

        Returns
        -------
        Ledger
            At full grain.

        Notes
        -----
        Sums over the ledger equal the tables' sums: spend that of ``total_payout``, revenue and
        orders those of ``tracking_data`` (organic rows included, marked ``organic``), reach,
        likes and comments those of ``posts``. Where the settings say that spend is all costs, it is
        that of ``total_payout`` and of the ``amount`` of costs.
        """
        settings = settings or default_settings()
        lazy = {name: _lazily(name, frame) for name, frame in tables.items()}
        whole = lookups or lookups_of(lazy)
        if twin := whole.twin_of_clicks:
            lazy[twin] = lazy[twin].drop("clicks")
        if lookups is None:
            lazy["tracking_data"] = prepared(lazy, settings, whole)
        rows = _rows(lazy, settings, whole, moments=lookups is not None)
        rows = in_one_piece(materialised(coded_texts(rows, but=("user_id",) if lookups else ())))
        tracked = {*_ORDER_MEASURES} & {*lazy["tracking_data"].collect_schema().names()}
        there = rows.collect_schema().names()
        of_posts = [c for c in POST_MEASURES if c in there and c not in tracked]
        events = materialised(rows.filter(nw.col("kind") == "order").drop(of_posts))
        own = ("user_id", "first_order", "purchases", BOUGHT_AT, EARLIER_CUSTOMER, *_OF_EVENTS)
        rows = rows.drop(*own, strict=False)
        unpaid = {PAYOUTS} if COSTS in there and "spend" in whole.absent else set()
        as_built, lacking = settings.spending("payouts"), whole.absent | unpaid
        built = cls(rows, events, whole.estimated, as_built, lacking)
        return built.spending(settings.spend_means).priced(tables.get("margins"))

    def priced(self, table: Any = None) -> Ledger:
        """Return the ledger with what is left of revenue by its settings and a table of margins."""
        settings = self.settings
        if table is not None:
            settings = with_own_margins(settings, nw.to_native(_lazily("margins", table)).collect())
        return self._at(settings)

    def at_margin(self, margin: float | None) -> Ledger:
        """Return the ledger with another margin of what has none of its own (fraction of revenue).

        Every row knows its product and brand, so what is kept of it can be had anew.
        """
        if margin == self.settings.margin:
            return self
        if ("margin", margin) not in self._meanings:
            changed = self.settings.model_copy(update={"margin": margin})
            kept = {k: v for k, v in self._meanings.items() if not isinstance(k, tuple)}
            self._meanings.clear()  # whoever tries many margins looks at one of them
            self._meanings.update({**kept, ("margin", margin): self._at(changed)})
        return self._meanings["margin", margin]

    def _at(self, settings: Settings) -> Ledger:
        """Return the ledger under settings with other margins."""
        settings = settings.keeping(None)
        rows, absent = self.rows.drop(*MARGIN_MEASURES, strict=False), self.absent
        if not settings.margin_by_row:
            return replace(self, rows=rows, settings=settings)
        if "revenue" in absent:
            absent = absent | {*MARGIN_MEASURES}
        rows = materialised(priced(rows, settings))
        settings = settings.keeping(share_kept(rows, otherwise=settings.margin or 1.0))
        return replace(self, rows=rows, settings=settings, absent=absent)

    def spending(self, means: SpendMeans) -> Ledger:
        """Return the ledger with spend as payouts alone, or with all costs beside them.

        The sums of both stand in it (``payouts``, ``costs``) wherever there are costs, so either
        can be had from the other.
        """
        if means == self.settings.spend_means:
            return self
        settings = self.settings.spending(means)
        if COSTS not in self.columns:
            return replace(self, settings=settings)
        if (made := self._meanings.get(means)) is not None:
            return made
        rows, events = (materialised(with_spend(f, means)) for f in (self.rows, self.events))
        known = PAYOUTS not in self.absent or means == "all_costs"
        absent = self.absent - {"spend"} if known else self.absent | {"spend"}
        changed = replace(self, rows=rows, events=events, settings=settings, absent=absent)
        self._meanings[means] = changed
        return changed

    @cached_property
    def events_by_user(self) -> list[Frame]:
        """The events in frames of which each has all rows of its users."""
        return [events_in([f]) for f in self.event_files] or [self.events]

    @cached_property
    def columns(self) -> list[str]:
        """Names of all columns."""
        return list(self.rows.collect_schema().names())

    @cached_property
    def measures(self) -> list[str]:
        """The measures that this data has."""
        return [m for m in MEASURES if m in self.columns and m not in self.absent]

    @cached_property
    def of_posts(self) -> frozenset[str]:
        """The measures that posts carry and order rows do not."""
        return frozenset(POST_MEASURES) - {*self.events.collect_schema().names()}

    @cached_property
    def dimensions(self) -> list[str]:
        """The dimensions that rows can be filtered and broken down by, besides the date."""
        schema = self.rows.collect_schema()
        text = (nw.String, nw.Categorical, nw.Enum, nw.Boolean)
        names = [n for n, t in schema.items() if n not in _NOT_DIMENSIONS and isinstance(t, text)]
        return [n for n in names if set(self.values(n)) - {None}]

    @cached_property
    def undated(self) -> Frame:
        """The rows of spend that no activity dates, and of revenue in files without dates."""
        names = ["spend", "revenue", *([COSTS] if COSTS in self.columns else [])]
        return materialised(self.rows.filter(nw.col("date").is_null(), _any_of(names)))

    @cached_property
    def outlook(self) -> Outlook:
        """How likely revenue that is still open stands in the end, with draws of it."""
        return outlook_of(self.events, _DRAWS)

    @cached_property
    def period(self) -> tuple[date, date] | None:
        """First and last day with a row; None where nothing has a date."""
        ends = self.rows.select(
            nw.col("date").min().alias("first"), nw.col("date").max().alias("last")
        )
        first, last = ends.collect().row(0)
        return None if first is None or first != first else (first.date(), last.date())

    @cached_property
    def active_days(self) -> frozenset[date]:
        """The days with an order; where no order is known, with anything."""
        days = self.rows.filter(~nw.col("date").is_null())
        sold = days.filter(nw.col("orders") > 0) if "orders" in self.columns else days
        for rows in (sold, days):
            found = rows.select("date").unique().collect()["date"].to_list()
            if found:
                return frozenset(d.date() for d in found)
        return frozenset()

    def values(self, dimension: str) -> list[str | None]:
        """Return the values of a dimension, the most frequent first; None where rows have none."""
        if dimension not in self._values:
            column = nw.col(dimension)
            counts = self.rows.group_by(column).agg(nw.len().alias("n")).collect()
            pairs = zip(counts[dimension].to_list(), counts["n"].to_list(), strict=True)
            ordered = sorted(pairs, key=lambda p: (-p[1], str(p[0])))
            self._values[dimension] = [None if v is None or v != v else v for v, _ in ordered]
        return self._values[dimension]

    def compact(self) -> Ledger:
        """Return the ledger grouped by date and dimensions: same columns, same metrics.

        Every measure is additive, so nothing changes but the number of rows; distinct users
        still come from the full-grain `events`.
        """
        keys = [c for c in self.columns if c not in MEASURES]
        sums = [nw.col(m).sum() for m in MEASURES if m in self.columns]
        rows = self.rows.group_by(keys).agg(*sums)
        return replace(self, rows=materialised(rows))


def _lazily(name: str, frame: Any) -> Frame:
    """Take a table as Polars; pandas, which has no type of what is empty, ends at this door."""
    import polars as pl

    given = nw.from_native(frame)
    if not given.implementation.is_pandas():
        taken: Frame = given.lazy()
        return taken
    types = {
        "date": pl.Datetime("us"),
        "flag": pl.Boolean(),
        "id": pl.String(),
        "text": pl.String(),
    }
    columns = [c for c in TABLES[name].columns if c.name in frame.columns] if name in TABLES else []
    typed = [pl.col(c.name).cast(types.get(c.kind, pl.Float64())) for c in columns]
    return nw.from_native(to_polars(frame).lazy().with_columns(typed))


def _rows(
    tables: Mapping[str, Frame], settings: Settings, whole: Lookups, *, moments: bool
) -> Frame:
    profile = profiles(tables["influencers"])
    known = known_brands(whole.brands, settings)
    tracking = with_brand(tables["tracking_data"], known, settings)
    of_events = orders(
        tracking, profile, whole.source_platforms, several=whole.several, moments=moments
    )
    events = materialised(of_events)
    attributed = events.filter(~nw.col("organic")).with_columns(order_weight(whole.absent))
    groups = post_groups(tables["posts"], profile, settings)
    parts = materialised(split_posts(groups, attributed, settings.post_window_days))
    spent = spread(tables["payouts"], attributed, parts, due=whole.due, costs=tables.get("costs"))
    kinds = [
        _of_kind("post", post_rows(parts)),
        _of_kind("order", spent.on_orders),
        _of_kind("order", events.filter(nw.col("organic"))),
        _of_kind("spend", spent.on_posts.filter(_any_of(spent.measures)).select(
            "date", "influencer_id", "platform", *MIX, *spent.measures)),
        _of_kind("spend", spent.undated),
    ]  # fmt: skip
    rows = _stacked(kinds, events)
    if {*spent.measures} & {*COST_MEASURES}:
        rows = with_sums(rows, spent.measures)
    attributes = coded_texts(
        profile.join(_bases(tables["payouts"]), on="influencer_id", how="left"),
        but=("influencer_id", "home_platform"),
    )
    home = nw.coalesce("platform", "home_platform").alias("platform")
    rows = rows.join(attributes, on="influencer_id", how="left")
    return rows.with_columns(home).drop("home_platform")


def _any_of(measures: Sequence[str]) -> nw.Expr:
    return nw.any_horizontal(*(nw.col(m) != 0 for m in measures), ignore_nulls=True)


def _of_kind(kind: str, rows: Frame) -> Frame:
    return rows.with_columns(nw.lit(kind).alias("kind"))


def _stacked(kinds: list[Frame], events: Frame) -> Frame:
    """Stack the kinds of rows, with null dimensions and zero measures where one has none."""
    schema = events.collect_schema()
    measures = [m for m in MEASURES if any(m in k.collect_schema().names() for k in kinds)]
    own = [n for n in ("purchases",) if n in schema.names()]
    moments = [n for n in (BOUGHT_AT,) if n in schema.names()]
    days = dict.fromkeys(moments, schema["date"])
    texts = [n for n in _OF_EVENTS if n in schema.names()]
    types = {
        **days,
        **dict.fromkeys((*_KEYS, *texts), nw.String),
        "user_id": nw.String,
        "date": schema["date"],
    }
    known = [n for n in (EARLIER_CUSTOMER,) if n in schema.names()]
    flags = dict.fromkeys(("organic", "first_order", *known), False)

    def complete(rows: Frame) -> Frame:
        there = rows.collect_schema().names()
        nulls = [nw.lit(None, dtype=t).alias(n) for n, t in types.items()  # type: ignore[arg-type]
                 if n not in there and n not in flags]  # fmt: skip
        falses = [nw.lit(v).alias(n) for n, v in flags.items() if n not in there]
        zeros = [nw.lit(0.0).alias(m) for m in (*own, *measures) if m not in there]
        return rows.with_columns(*nulls, *falses, *zeros).select(
            *_KEYS, *texts, "user_id", "first_order", *known, *moments, *own, *measures
        )

    return nw.concat([complete(k) for k in kinds])


def _bases(payouts: Frame) -> Frame:
    """Return how each influencer is paid: one basis, or several joined by " + "."""
    has = [(nw.col("basis") == b).fill_null(False).alias(b) for b in BASES]
    named = [nw.when(nw.col(b)).then(nw.lit(b)) for b in BASES]
    basis = nw.concat_str(*named, separator=" + ", ignore_nulls=True).alias("basis")
    paid = payouts.with_columns(*has).group_by("influencer_id").agg(nw.col(*BASES).max())
    return paid.select("influencer_id", basis)
