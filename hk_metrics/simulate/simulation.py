"""Put a simulated world together: cast, posts, demand, orders, touches, payouts, truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hk_metrics.errors import ParameterError
from hk_metrics.interchange import to_pandas
from hk_metrics.simulate.activity import DAY, Posts, post, posts_table
from hk_metrics.simulate.beside import optional_tables
from hk_metrics.simulate.cast import Cast, cast
from hk_metrics.simulate.demand import Demand, baseline_shape, demand
from hk_metrics.simulate.expectation import truth
from hk_metrics.simulate.orders import (
    POOL,
    order_value,
    organic_orders,
    tracked_orders,
    untracked_sales,
    with_refunds,
)
from hk_metrics.simulate.payouts import payouts, terms
from hk_metrics.simulate.scenario import Scenario, dice
from hk_metrics.simulate.tables import daily_sales_table, tracking_table
from hk_metrics.simulate.touches import Audience, touches_alone, touches_before
from hk_metrics.simulate.truth import Truth

if TYPE_CHECKING:
    from hk_metrics.dataset import Dataset

_Array = NDArray[np.float64]
_Codes = NDArray[np.int64]

START = date(2025, 1, 1)
_DAYS = 180
AFTER_SAMPLE = START + timedelta(days=_DAYS)  # the day after the last, where nothing is asked
# Of all tracked events; refunds make up the rest.
_TRACKED, _ORGANIC, _TOUCHES = 0.40, 0.18, 0.40
_POSTS_PER_DAY = 21.5 / _DAYS


def simulate(
    seed: int = 7,
    influencers: int = 120,
    days: int = _DAYS,
    events: int = 40_000,
    start: date = START,
    scenario: Scenario | None = None,
    beside: Sequence[str] = (),
) -> tuple[Dataset, Truth]:
    """Return an invented dataset, and the truth about it.

    Parameters
    ----------
    seed
        Same seed, same data.
    influencers
        How many people, Nano to Mega; each posts about every ninth day.
    days
        Length of the period (days).
    events
        About how many tracked events: orders, touches, organic orders, refunds.
    start
        First day.
    scenario
        The hidden world; by default a healthy programme.
    beside
        Optional tables to add: ``costs``, ``deliverables``, ``margins``, ``customers``. What is
        true of each is in ``truth.beside``; nothing else changes with them.

    Returns
    -------
    The dataset, and what is true in it.

    Raises
    ------
    ParameterError
        If a size is too small to make a world of.
    UnknownNameError
        For an optional table that there is not.

    Notes
    -----
    Everything here is invented: no number says anything about a real brand or person.
    """
    from hk_metrics.dataset import Dataset

    tables, known = simulate_tables(seed, influencers, days, events, start, scenario, beside)
    recipe = repr((seed, influencers, days, events, start, known.scenario, *sorted(beside)))
    name = f"simulated-{sha256(recipe.encode()).hexdigest()[:16]}"
    return Dataset(tables, id=name, name=f"Sample (seed {seed})"), known


def simulate_tables(
    seed: int = 7,
    influencers: int = 120,
    days: int = _DAYS,
    events: int = 40_000,
    start: date = START,
    scenario: Scenario | None = None,
    beside: Sequence[str] = (),
) -> tuple[dict[str, pl.DataFrame], Truth]:
    """Return the tables of `simulate` as Polars frames with canonical types, and the truth.

    The tables are ``influencers``, ``posts``, ``tracking_data``, ``payouts`` and ``daily_sales``
    (the shop's total per day × brand, tracked or not), and those ``beside``. Parameters and errors
    as in `simulate`.
    """
    made = prepared(seed, influencers, days, events, start, scenario)
    codes, untracked = made.events()
    tracking = tracking_table(codes, made.posts, made.people, made.first)
    sales = daily_sales_table(codes, untracked, made.first, days)
    others = made.beside(tracking)
    tables = {n: others[n] for n in ("influencers", "posts")}
    tables |= {"tracking_data": tracking, "payouts": others["payouts"], "daily_sales": sales}
    more = optional_tables(beside, seed, tables, start, days)
    tables |= {name: table for name, (table, _) in more.items()}
    known = {name: to_pandas(of) for name, (_, of) in more.items()}
    return tables, replace(made.truth(others["payouts"]), beside=known)


def prepared(
    seed: int, influencers: int, days: int, events: int, start: date, scenario: Scenario | None
) -> Prepared:
    """Draw who posts what and when, and what is expected of it; parameters as of `simulate`."""
    _check(seed, influencers, days, events)
    world = scenario or Scenario()
    roll = dice(seed)
    first = np.datetime64(start, "D")
    people = cast(roll["cast"], seed, influencers, world)
    shape = baseline_shape(roll["demand"], first, days, world)
    timing = (shape / shape.mean(axis=1, keepdims=True)) ** world.timed_to_demand
    held = [d for d in world.held_back if 0 <= d < days]
    # Next to nothing rather than nothing: a flight that is held back as a whole still has a day.
    timing[:, held] *= 1e-9
    made = post(roll["posts"], people, days, _POSTS_PER_DAY * days, timing)
    orders = _TRACKED * events
    wanted = demand(
        roll["demand"], made, people.selling, people.incremental_share, shape, orders, world
    )
    table = posts_table(roll["posts"], made, people, first)
    return Prepared(roll, world, first, days, events, people, made, wanted, table)


@dataclass(frozen=True)
class Prepared:
    """A world of which the events are not drawn yet.

    Parameters
    ----------
    roll
        Subject → its generator.
    world, first, days, wished
        What was asked for; ``wished`` is about how many events.
    people, posts, wanted
        Who posts, what, and the orders expected of it.
    table
        The canonical ``posts`` table.
    """

    roll: dict[str, np.random.Generator]
    world: Scenario
    first: np.datetime64
    days: int
    wished: int
    people: Cast
    posts: Posts
    wanted: Demand
    table: pl.DataFrame

    def events(
        self, roll: dict[str, np.random.Generator] | None = None, pieces: int = 1
    ) -> tuple[pl.DataFrame, tuple[_Codes, _Array]]:
        """Draw events, and the shop's orders and revenue outside tracking.

        Parameters
        ----------
        roll
            Generators; the world's own by default.
        pieces
            Draw one of so many pieces that together are the world's: sums of Poisson draws of
            equal parts are Poisson draws of the whole.
        """
        part = replace(
            self.wanted, baseline=self.wanted.baseline / pieces,
            tracked=self.wanted.tracked / pieces, leaked=self.wanted.leaked / pieces,
            lift=self.wanted.lift / pieces,
        )  # fmt: skip
        return _events(
            roll or self.roll, self.posts, self.people, part, self.wished / pieces, self.world,
            _pool(self.wished),
        )  # fmt: skip

    def beside(self, tracking: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """Return the tables ``influencers``, ``posts`` and ``payouts``."""
        agreed = _terms(self.roll, self.people, self.posts, self.wanted)
        start = self.first.astype(date)
        end = start + timedelta(days=self.days - 1)
        paid = payouts(agreed, self.table, tracking, start, end)
        return {"influencers": self.people.table, "posts": self.table, "payouts": paid}

    def truth(self, paid: pl.DataFrame) -> Truth:
        """Return what the world's numbers are, given its payouts."""
        spend = _spend(self.people, paid)
        return truth(self.world, self.posts, self.wanted, self.table, spend, self.first)


def _check(seed: int, influencers: int, days: int, events: int) -> None:
    least = {"seed": (seed, 0), "influencers": (influencers, 1), "days": (days, 2)}
    for name, (value, low) in {**least, "events": (events, 1)}.items():
        if value < low:
            raise ParameterError(f"{name}={value}: simulate needs {name} of at least {low}")


def _events(
    roll: dict[str, np.random.Generator],
    posts: Posts,
    people: Cast,
    wanted: Demand,
    events: float,
    world: Scenario,
    pool: int,
) -> tuple[pl.DataFrame, tuple[_Codes, _Array]]:
    """Draw all tracked events, and the shop's orders and revenue outside tracking."""
    days = wanted.baseline.shape[1]
    halo = wanted.lift - (wanted.tracked - wanted.leaked)
    others = wanted.baseline + wanted.by_day(halo - wanted.leaked, posts.brand)
    seen = min(1.0, _ORGANIC * events / others.sum())
    orders = pl.concat(
        [
            tracked_orders(roll["orders"], posts, wanted, pool),
            organic_orders(roll["orders"], seen * others, pool),
        ]
    )
    orders, refunds = with_refunds(roll["orders"], orders, world.refunds, days)
    audience = Audience(posts, people.opening)
    before = touches_before(roll["touches"], orders, posts, audience)
    missing = max(0, int(_TOUCHES * events) - len(before))
    alone = touches_alone(roll["touches"], missing, pool, days * DAY, posts, audience)
    untracked = untracked_sales(roll["untracked"], (1 - seen) * others, world.refunds)
    return pl.concat([orders, refunds, before, alone]), untracked


def _pool(events: int) -> int:
    """Return from how many people buyers are drawn."""
    return int(POOL * (_TRACKED + _ORGANIC) * events) + 1


def _terms(
    roll: dict[str, np.random.Generator], people: Cast, posts: Posts, wanted: Demand
) -> pl.DataFrame:
    count = len(people.home)
    influencer = posts.influencer[wanted.post]
    value = order_value(posts)[wanted.post]

    def summed(cells: _Array) -> _Array:
        return np.asarray(np.bincount(influencer, cells, count))

    return terms(
        roll["payouts"],
        people,
        revenue=summed(wanted.tracked * value),
        orders=summed(wanted.tracked),
        posts=np.bincount(posts.influencer, minlength=count).astype(np.float64),
    )


def _spend(people: Cast, paid: pl.DataFrame) -> pl.DataFrame:
    sums = paid.group_by("influencer_id").agg(spend=pl.sum("total_payout"))
    known = people.table.select(influencer_id="id", loss_making=pl.Series(people.loss_making))
    return known.join(sums, on="influencer_id", how="left", maintain_order="left").with_columns(
        pl.col("spend").fill_null(0.0)
    )
