"""Monday: whether the first sentence gives the reason of a planted change, and whether one of the
first three actions is the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from hk_metrics.advice import actions, recent
from hk_metrics.dataset import Dataset
from hk_metrics.insights import insights

Row = dict[str, Any]

LEAST = 0.9
FIRST, SINCE, DAYS = datetime(2025, 1, 1), datetime(2025, 5, 1), 151
MONTHS = [datetime(2025, m, 1) for m in range(1, 7)]
CAMPAIGNS = ("WheyDays", "GlowUp", "KidsRun", "MorningFit", "StrongBones")
BRANDS = ("MuscleBlaze", "HKVitals", "Gritzo", "MuscleBlaze", "HKVitals")
PEOPLE = 20
VALUE = 1200.0  # of an order
COMMISSION = 300.0
RETURN = 1.8  # what a rupee paid brings, as an expectation
SHOWN = 3


@dataclass(frozen=True)
class Planted:
    """A world with one change since 1 May: what is to be named, and what is to be done."""

    tables: dict[str, pl.DataFrame]
    reason: tuple[str, ...]
    kinds: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What those whom the action is about are called on the page."""
        people = self.tables["influencers"]
        called = dict(people.select("id", "name").iter_rows())
        return tuple(called.get(value, value) for value in self.values)


def run(quick: bool = False) -> Iterator[Row]:
    """Yield, for each kind of change, how often its reason is told first, and its action too."""
    worlds = 3 if quick else 20
    for name, plant in PLANTS.items():
        found = [told(plant(seed)) for seed in range(worlds)]
        for at, what in enumerate(("reason in the first sentence", "right action of three")):
            share = float(np.mean([each[at] for each in found]))
            yield {"table": "Monday: a planted change", "change": name, "told": what,
                   "of": worlds, "share": share, "holds": share >= LEAST}  # fmt: skip


def told(world: Planted) -> tuple[bool, bool]:
    """Return whether the first sentence gives the reason, and the first actions are right."""
    data = Dataset(world.tables)
    first = insights(data.view(date="2025-05"), "previous_month")[0].text
    todo = actions(recent(data.view()), data).head(SHOWN)
    right = any(
        kind in world.kinds and {*world.values} & {*values}
        for kind, values in zip(todo["kind"], todo["values"], strict=True)
    )
    return all(word in first for word in world.reason), right


def campaign_ended(seed: int) -> Planted:
    """The campaign with most posts in April has none in May; orders that posts bring end too."""
    posts = _posts(seed)
    april = posts.filter(pl.col("date") >= MONTHS[3], pl.col("date") < SINCE)
    name = april["campaign"].mode().sort()[0]
    posts = posts.filter((pl.col("date") < SINCE) | (pl.col("campaign") != name))
    people = posts.filter(pl.col("campaign") == name)["influencer_id"].unique().sort().to_list()
    tables = _world(seed, posts)
    return Planted(tables, (name, "ended"), ("post more", "move"), (name, *people))


def price_doubled(seed: int) -> Planted:
    """The influencer who was paid most in April asks twice as much a post since May."""
    posts = _posts(seed)
    april = posts.filter(pl.col("date") >= MONTHS[3], pl.col("date") < SINCE)
    who = april.group_by("influencer_id").agg(pl.col("fee").sum()).sort("fee")["influencer_id"][-1]
    dearer = (pl.col("influencer_id") == who) & (pl.col("date") >= SINCE)
    paid = posts.with_columns(
        fee=pl.when(dearer).then(2 * pl.col("fee")).otherwise(pl.col("fee")), worth=pl.col("fee")
    )
    name = f"Creator {who}"
    return Planted(
        _world(seed, paid), (name, "cost per post"), ("renegotiate", "stop", "move"), (who,)
    )


def commission_doubled(seed: int) -> Planted:
    """The influencer with most orders in April is paid by the order, twice as much since May."""
    tables = _world(seed, _posts(seed))
    sold = tables["tracking_data"].with_columns(month=pl.col("date").dt.truncate("1mo"))
    who = sold.filter(pl.col("month") == MONTHS[3])["influencer_id"].mode().sort()[0]
    counts = sold.filter(pl.col("influencer_id") == who).group_by("month").agg(pl.sum("orders"))
    rate = pl.when(pl.col("month") >= SINCE).then(2 * COMMISSION).otherwise(COMMISSION)
    paid = counts.sort("month").select(
        influencer_id=pl.lit(who), period_start="month", rate=rate,
        total_payout=rate * pl.col("orders"), basis=pl.lit("order"),
        orders=pl.col("orders").cast(pl.Float64), period_end=pl.col("month").dt.month_end(),
    )  # fmt: skip
    others = tables["payouts"].filter(pl.col("influencer_id") != who)
    tables["payouts"] = pl.concat([others, paid.select(others.columns)])
    reason = (f"Creator {who}", "cost per order")
    return Planted(tables, reason, ("renegotiate", "stop", "move"), (who,))


def code_leaked(seed: int) -> Planted:
    """The code with most orders stands on a coupon site since May: it brings three times as many
    as in April, on any day."""
    tables = _world(seed, _posts(seed))
    tracking = tables["tracking_data"]
    coded = tracking.filter(pl.col("source") == "PromoCode")
    april = coded.filter(pl.col("date") >= MONTHS[3], pl.col("date") < SINCE)
    who = april["influencer_id"].mode().sort()[0]
    own = coded.filter(pl.col("influencer_id") == who)
    many = 3 * april.filter(pl.col("influencer_id") == who).height
    rng = np.random.default_rng([seed, 9])
    days = [SINCE + timedelta(days=int(d)) for d in rng.integers(0, 31, many)]
    more = own.sample(many, with_replacement=True, seed=seed).with_columns(
        date=pl.Series(days), user_id=pl.Series([f"leak{n}" for n in range(many)])
    )
    tables["tracking_data"] = pl.concat([tracking, more]).sort("date")
    return Planted(tables, (f"Creator {who}", "PromoCode"), ("replace code",), (who,))


PLANTS: dict[str, Callable[[int], Planted]] = {
    "a campaign ended": campaign_ended,
    "a price doubled": price_doubled,
    "a code leaked": code_leaked,
    "a commission doubled": commission_doubled,
}


def _posts(seed: int) -> pl.DataFrame:
    """Return five months of posts: three to six a month by each, at one fee."""
    rng = np.random.default_rng([seed, 1])
    fees = np.round(rng.lognormal(np.log(12_000), 0.5, PEOPLE), -2)
    rows = []
    for person in range(PEOPLE):
        for month, after in pairwise(MONTHS):
            for _ in range(rng.integers(3, 7)):
                day = int(rng.integers(0, (after - month).days))
                rows.append((f"i{person:02}", CAMPAIGNS[person % 5], month + timedelta(days=day),
                             fees[person]))  # fmt: skip
    return pl.DataFrame(rows, schema=["influencer_id", "campaign", "date", "fee"], orient="row")


def _world(seed: int, posts: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the tables of these posts: each brings orders for some days, worth its fee × 1.8."""
    rng = np.random.default_rng([seed, 2])
    many = posts.height
    worth = posts["worth" if "worth" in posts.columns else "fee"].to_numpy()
    brought = rng.poisson(RETURN * worth / VALUE * rng.gamma(4.0, 1 / 4.0, many))
    of = np.repeat(np.arange(many), brought)
    days = [
        posts["date"][int(p)] + timedelta(days=int(d))
        for p, d in zip(of, rng.exponential(3.0, len(of)), strict=True)
    ]
    ids = sorted(posts["influencer_id"].unique())
    reach = rng.lognormal(np.log(20_000), 0.3, many).astype(np.int64)
    tracking = pl.DataFrame({
        "source": rng.choice(["SwipeUp", "PromoCode", "BioLink"], len(of), p=[0.5, 0.3, 0.2]),
        "campaign": posts["campaign"].gather(of), "influencer_id": posts["influencer_id"].gather(of),
        "brand": [BRANDS[CAMPAIGNS.index(c)] for c in posts["campaign"].gather(of)],
        "product": "Whey", "user_id": [f"u{n}" for n in range(len(of))],
        "orders": np.ones(len(of), np.int64), "date": days,
        "revenue": VALUE * rng.gamma(4.0, 1 / 4.0, len(of)),
    })  # fmt: skip
    coded = pl.col("source") == "PromoCode"
    tracking = tracking.with_columns(
        discount=pl.when(coded).then(0.15 * pl.col("revenue")).otherwise(0.0)
    )
    paid = posts.group_by("influencer_id", pl.col("date").dt.truncate("1mo").alias("period_start"))
    payouts = paid.agg(rate=pl.col("fee").first(), total_payout=pl.col("fee").sum()).with_columns(
        basis=pl.lit("post"), orders=pl.lit(None, pl.Float64),
        period_end=pl.col("period_start").dt.month_end(),
    )  # fmt: skip
    return {
        "influencers": pl.DataFrame({
            "id": ids, "name": [f"Creator {i}" for i in ids], "category": "Fit",
            "gender": "Female", "follower_count": 50_000, "platform": "Instagram"}),
        "posts": posts.select("influencer_id", "campaign", "date").with_columns(
            platform=pl.lit("Instagram"), caption=pl.lit(""),
            url=pl.Series([f"https://x.example/{n}" for n in range(many)]),
            reach=pl.Series(reach), likes=pl.Series(reach // 30), comments=pl.Series(reach // 500)),
        "tracking_data": tracking.filter(pl.col("date") < MONTHS[-1]).sort("date"),
        "payouts": payouts.sort("influencer_id", "period_start"),
    }  # fmt: skip
