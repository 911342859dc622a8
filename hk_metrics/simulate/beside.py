"""Optional tables of a simulated world, and what is true of each: costs, promises, margins …"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from hk_metrics.errors import UnknownNameError
from hk_metrics.simulate.catalogue import PRODUCTS

Tables = Mapping[str, pl.DataFrame]
_Made = tuple[pl.DataFrame, pl.DataFrame]


@dataclass(frozen=True)
class _World:
    """The tables of a simulated world, its first and its last day."""

    tables: Tables
    first: datetime
    last: datetime


_WAITING_DAYS = 30
_GIFTED, _OLD_CUSTOMERS, _PLANNED = 0.3, 0.3, 0.8
_AGENCY, _FEE = 60_000.0, 5_000.0
_MARGINS = {"MuscleBlaze": 0.34, "HKVitals": 0.58, "Gritzo": 0.46}
_SPREAD = 0.08


def optional_tables(
    names: Sequence[str], seed: int, tables: Tables, start: date, days: int
) -> dict[str, _Made]:
    """Return optional tables by name, each with the truth about it.

    Parameters
    ----------
    names
        Of ``costs``, ``deliverables``, ``margins`` and ``customers``.
    seed
        Each table has dice of its own: asking for one changes no other.
    tables
        The world's own tables.
    start, days
        Its first day, and how many there are.

    Raises
    ------
    UnknownNameError
        For a table that is not one of these.
    """
    first = datetime.combine(start, time.min)
    world = _World(tables, first, first + timedelta(days=days - 1))
    found = {}
    for name in names:
        if name not in _DRAWN:
            raise UnknownNameError.of("optional table", name, _DRAWN)
        rng = np.random.default_rng([seed, 100 + list(_DRAWN).index(name)])
        found[name] = _DRAWN[name](rng, world)
    return found


def _costs(rng: np.random.Generator, world: _World) -> _Made:
    """A gift to some, its parcel, an agency by the month, a boost of each campaign.

    The truth: each gift with what came of it.
    """
    posts = world.tables["posts"]
    gifts = _gifts(rng, posts, world.last)
    parcels = gifts.select("influencer_id", "date", cost_kind=pl.lit("shipping"), amount=80.0)
    months = pl.DataFrame({"date": pl.datetime_range(world.first, world.last, "1mo", eager=True)})
    campaigns = posts["campaign"].drop_nulls().unique().sort()
    boosts = pl.DataFrame({
        "campaign": campaigns, "amount": rng.uniform(2e4, 9e4, len(campaigns)).round(2),
    })  # fmt: skip
    costs = pl.concat([
        gifts.drop("state").with_columns(cost_kind=pl.lit("product")),
        parcels,
        months.with_columns(cost_kind=pl.lit("agency"), amount=pl.lit(_AGENCY)),
        boosts.with_columns(cost_kind=pl.lit("boosting")),
    ], how="diagonal")  # fmt: skip
    return costs, gifts.select("influencer_id", "date", "amount", "market_value", "state")


def _gifts(rng: np.random.Generator, posts: pl.DataFrame, last: datetime) -> pl.DataFrame:
    """One gift to some influencers: five days before a post, or the day after their last one."""
    each = posts.group_by("influencer_id").agg(pl.col("date").sort()).sort("influencer_id")
    chosen = each.filter(pl.Series(rng.random(each.height) < _GIFTED))
    before = pl.Series(rng.random(chosen.height) < 0.6)
    of_post = pl.col("date").list.first() - pl.duration(days=5)
    after = pl.col("date").list.last() + pl.duration(days=1)
    sent = pl.when(before).then(of_post).otherwise(after).dt.truncate("1d")
    lately = (pl.lit(last) - pl.col("date")).dt.total_days() <= _WAITING_DAYS
    cost = rng.uniform(300, 1_500, chosen.height).round(2)
    return (
        chosen.select("influencer_id", date=sent, before=before)
        .with_columns(
            amount=pl.Series(cost), market_value=pl.Series((2.2 * cost).round(2)),
            state=pl.when("before").then(pl.lit("posted"))
            .when(lately).then(pl.lit("waiting")).otherwise(pl.lit("silent")),
        )
        .filter(pl.col("date") <= last)
        .drop("before")
    )  # fmt: skip


def _deliverables(rng: np.random.Generator, world: _World) -> _Made:
    """One promise of an influencer for a campaign: kept in time, late, short, or still to come.

    The truth: the posts of each in time and late, and those missing and to come.
    """
    days = pl.col("date").dt.truncate("1d")
    pairs = (
        world.tables["posts"].drop_nulls("campaign")
        .group_by("influencer_id", "campaign").agg(days.sort()).sort("influencer_id", "campaign")
    )  # fmt: skip
    pairs = pairs.filter(pl.Series(rng.random(pairs.height) < _PLANNED))
    kind = pl.Series(rng.choice(4, pairs.height, p=[0.55, 0.2, 0.15, 0.1]))
    more = pl.Series(rng.integers(1, 3, pairs.height))
    posted, end = pl.col("date").list.len(), pl.col("date").list.last()
    due = (
        pl.when(kind == 1).then(end - pl.duration(days=1))
        .when(kind == 2).then(pl.min_horizontal(end, pl.lit(world.last) - pl.duration(days=1)))
        .when(kind == 3).then(pl.lit(world.last) + pl.duration(days=10)).otherwise(end)
    )  # fmt: skip
    promised = pairs.with_columns(
        due_date=due, agreed_on=pl.col("date").list.first() - pl.duration(days=14),
        count=posted + pl.when(kind >= 2).then(more).otherwise(0),
    )  # fmt: skip
    after = promised.explode("date").group_by("influencer_id", "campaign").agg(
        late=(pl.col("date") > pl.col("due_date")).sum(), posted=pl.len()
    )  # fmt: skip
    table = promised.join(
        after, on=["influencer_id", "campaign"], maintain_order="left"
    ).with_columns(
        on_time=pl.col("posted") - pl.col("late"), open=pl.col("count") - pl.col("posted"),
        fee=pl.col("count") * _FEE,
    )  # fmt: skip
    is_due = pl.col("due_date") <= world.last
    known = table.select(
        "influencer_id", "campaign", "count", "on_time", "late",
        missing=pl.when(is_due).then("open").otherwise(0),
        to_come=pl.when(is_due).then(0).otherwise("open"),
    )  # fmt: skip
    given = ["influencer_id", "campaign", "count", "due_date", "fee", "agreed_on"]
    return table.select(given), known


def _margins(rng: np.random.Generator, _: _World) -> _Made:
    """A margin of each product, around that of its brand. The truth is the table itself."""
    brands = [p.brand for p in PRODUCTS]
    around = np.array([_MARGINS[b] for b in brands])
    margin = (around + rng.uniform(-_SPREAD, _SPREAD, len(around))).round(3)
    table = pl.DataFrame({"product": [p.name for p in PRODUCTS], "brand": brands, "margin": margin})
    return table, table


def _customers(rng: np.random.Generator, world: _World) -> _Made:
    """Some of those who order had bought before. The truth: of each buyer, whether she had."""
    buyers = world.tables["tracking_data"].filter(pl.col("orders") > 0)["user_id"].drop_nulls()
    known = pl.DataFrame({"user_id": buyers.unique().sort()})
    known = known.with_columns(earlier=pl.Series(rng.random(known.height) < _OLD_CUSTOMERS))
    listed = known.filter("earlier")
    ago = pl.Series(rng.integers(1, 720, listed.height))
    since = pl.lit(world.first) - pl.duration(days=pl.lit(ago))
    return listed.select("user_id", first_order=since), known


_DRAWN: Mapping[str, Callable[[np.random.Generator, _World], _Made]] = {
    "costs": _costs, "deliverables": _deliverables, "margins": _margins, "customers": _customers,
}  # fmt: skip
