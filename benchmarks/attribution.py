"""Credit and skill at size: journeys, models, credited ledger, ranking, against their bounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from benchmarks.table import Row
from hk_metrics.attribution import MODELS, attribute, credited_tracking
from hk_metrics.attribution.chain import Chain
from hk_metrics.attribution.tracked import journeys_of
from hk_metrics.ranking import ranked
from hk_metrics.settings import Settings

DAY = 86_400_000_000


@dataclass(frozen=True)
class Data:
    tables: dict[str, pl.DataFrame]
    settings: Settings = field(default_factory=Settings)


def tracked(journeys: int, players: int, seed: int = 1) -> Data:
    """Draw journeys of three touches on average, three in ten of which end in an order."""
    rng = np.random.default_rng(seed)
    lengths = rng.geometric(1 / 3, journeys)
    user = np.repeat(np.arange(journeys), lengths)
    last = np.append(user[1:] != user[:-1], True)
    bought = last & (rng.random(journeys) < 0.3)[user]
    step = np.arange(len(user)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    fame = 1 / np.sqrt(np.arange(1, players + 1))
    who = rng.choice(players, len(user), p=fame / fame.sum())
    tracking = pl.DataFrame(
        {
            "source": ["SwipeUp"],
            "campaign": ["Fit"],
        }
    ).select(pl.col("source", "campaign").repeat_by(len(user)).explode())
    tracking = tracking.with_columns(
        influencer_id=pl.Series(who).cast(pl.String),
        user_id="user-" + pl.Series(user).cast(pl.String).str.zfill(9),
        product=pl.lit("Whey"),
        date=pl.Series(step * DAY // 4).cast(pl.Datetime("us")),
        orders=pl.Series(bought).cast(pl.Int64),
        revenue=pl.Series(np.where(bought, rng.lognormal(6, 0.5, len(user)), 0.0)),
    )
    influencers = pl.DataFrame(
        {"id": [str(n) for n in range(players)], "platform": ["Instagram"] * players}
    )
    posts = pl.DataFrame({"platform": ["Instagram"]})
    shuffled = tracking[rng.permutation(len(user))]
    return Data({"tracking_data": shuffled, "influencers": influencers, "posts": posts})


def seconds(function: Callable[[], Any], runs: int = 3) -> float:
    """Return the best of a few runs: what the work costs without the neighbours."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        function()
        times.append(time.perf_counter() - begin)
    return min(times)


def sums(influencers: int) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    spend = rng.lognormal(8, 0.6, influencers)
    orders = rng.poisson(8 * rng.lognormal(0, 0.6, influencers) * spend / spend.mean())
    revenue = orders * rng.lognormal(6, 0.3, influencers)
    squares = revenue**2 / np.maximum(orders, 1) * 1.3
    return pd.DataFrame({"orders": orders, "revenue": revenue, "squares": squares, "spend": spend})


def run(quick: bool) -> Iterator[Row]:
    """Yield the figures; ``quick`` leaves out ten thousand players."""
    data = tracked(1_000_000, 50)
    yield Row("journeys built (3M touches)", "1M",
              seconds(lambda: journeys_of(data.tables, "influencer_id", data.settings)), "s",
              bound=2.0)  # fmt: skip
    for model in MODELS:
        bound = 10.0 if model == "markov" else 8.0
        taken = seconds(lambda m=model: attribute(data, m), runs=1)
        yield Row(f"attribute {model}, 50 players", "1M", taken, "s", bound=bound)
    credited = seconds(lambda: credited_tracking(data.tables, "markov", data.settings), runs=1)
    yield Row("markov credit into tracked rows", "1M", credited, "s", bound=15.0)
    small = tracked(13_000, 100)
    begin = seconds(lambda: credited_tracking(small.tables, "markov", small.settings))
    yield Row("markov credit into tracked rows", "40k", begin, "s", bound=0.5)
    for players in (100, 1_000) if quick else (100, 1_000, 10_000):
        many = tracked(1_000_000, players)
        journeys = journeys_of(many.tables, "influencer_id", many.settings)
        chain = Chain.of(journeys)
        yield Row(f"markov solved, {players:,} players", "1M", seconds(chain.solve, runs=1), "s")
        if players == 10_000:
            taken = seconds(lambda d=many: attribute(d, "markov"), runs=1)
            yield Row("attribute markov, 10,000 players", "1M", taken, "s", bound=60.0)
    yield Row("rank", "10k", seconds(lambda: ranked(sums(10_000)), runs=5), "s", bound=0.5)
