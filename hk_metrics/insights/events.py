"""What happened to one influencer or campaign, whatever the total did.

A campaign ended or began, a price rose or fell, a code brings more beside other orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics.insights.facts import Facts
from hk_metrics.insights.insight import Evidence
from hk_metrics.intervals import surer_than_chance
from hk_metrics.metrics import METRICS
from hk_metrics.payouts.units import DEARER, PAID_FOR
from hk_metrics.view.filters import NONE

if TYPE_CHECKING:
    import pandas as pd

_NOTABLE = 0.02  # of the total before: what is smaller is left to the tables
_FEWEST_POSTS = 3  # of a campaign that is said to begin or end
_FEWEST_ORDERS = 10


@dataclass(frozen=True)
class Event:
    """What happened, the money that it moved, and how large that is beside its total before."""

    words: str
    metric: str
    money: float
    share: float
    evidence: Evidence

    def text(self, facts: Facts, beside: str) -> str:
        """Say it with its money; of what, where it is another total than the one ``beside`` it."""
        name = facts.called(self.evidence.by, self.evidence.values[0])
        of = "" if self.metric == beside else f"{METRICS[self.metric].label.lower()} "
        return f"{name}{self.words} ({of}{facts.moved(self.money)})"


def largest(facts: Facts) -> Event | None:
    """Return the event that moved most of its total; None where none is worth a word."""
    if not facts.then:
        return None
    found = [
        e for e in (*_campaigns(facts), *_prices(facts), *_codes(facts)) if e.share >= _NOTABLE
    ]
    return max(found, key=lambda e: e.share, default=None)


def _campaigns(facts: Facts) -> Iterator[Event]:
    """Yield campaigns whose posts, or all that they sold, came in one of the two periods."""
    frame = _beside(facts, "campaign", ["posts", "revenue"])
    if frame is None:
        return
    posts, sold = frame[["posts", "posts before"]], frame[["revenue", "revenue before"]]
    planned = (posts.min(axis=1) == 0) & (posts.max(axis=1) >= _FEWEST_POSTS)
    moved = frame[planned | ((sold.min(axis=1) == 0) & (sold.max(axis=1) > 0))]
    for name, row in moved.drop(index=NONE, errors="ignore").iterrows():
        by = float(row["revenue"] - row["revenue before"])
        word = (
            "is new"
            if row["posts" if row["posts"] != row["posts before"] else "revenue"]
            else "ended"
        )
        yield _event(facts, f" {word}", by, "revenue", "campaign", str(name))


def _prices(facts: Facts) -> Iterator[Event]:
    """Yield influencers who are paid by the post or order, and more or less for one than before."""
    paid = _beside(facts, "fee", ["spend"])
    for basis, unit in PAID_FOR.items():
        made = _beside(facts, "influencer_id", [unit])
        if paid is None or made is None or basis not in paid.index.get_level_values(1):
            continue
        frame = made.join(paid.xs(basis, level=1), how="inner")
        frame = frame[(frame > 0).all(axis=1)]
        units = frame[unit]
        now, then = frame["spend"] / units, frame["spend before"] / frame[f"{unit} before"]
        for who in frame.index:
            before, after = float(then[who]), float(now[who])
            if 1 / DEARER < after / before < DEARER:
                continue
            each, by = map(facts.money, (before, after)), (after - before) * float(units[who])
            text = f"'s cost per {basis} {' became '.join(each)}"
            yield _event(facts, text, by, "spend", "influencer_id", str(who))


def _codes(facts: Facts) -> Iterator[Event]:
    """Yield sources of an influencer that bring more beside the others, told from luck.

    Posts bring orders by all ways alike; a code on a coupon site brings them by one.
    """
    frame = _beside(facts, "code", ["orders", "revenue"])
    if frame is None:
        return
    whole = frame.groupby(level=0).transform("sum")
    now, then = frame["orders"], frame["orders before"]
    rest_now, rest_then = whole["orders"] - now, whole["orders before"] - then
    excess = now - then * (rest_now + 0.5) / (rest_then + 0.5)
    counts = [c + 0.5 for c in (now, then, rest_now, rest_then)]
    odds = np.log(counts[0] / counts[1]) - np.log(counts[2] / counts[3])
    error = np.sqrt(sum(1 / c for c in counts))
    luck = np.array([NormalDist().cdf(-z) for z in np.asarray(odds / error, np.float64)])
    sure = surer_than_chance(luck) & (excess >= _FEWEST_ORDERS) & (rest_then > 0)
    worth = excess * frame["revenue"] / now.where(now > 0)
    for (who, source), by in worth[sure].items():
        if NONE in (who, source):
            continue
        counted = " became ".join(facts.count(float(c[who, source])) for c in (then, now))
        text = f"'s orders by {source} {counted}, other ways did not rise as much"
        yield _event(facts, text, float(by), "revenue", "influencer_id", str(who))


def _event(facts: Facts, words: str, by: float, metric: str, dimension: str, value: str) -> Event:
    before = facts.total_before(metric)
    share = abs(by) / before if before > 0 else 0.0
    evidence = Evidence(dimension, (metric,), (value,))
    return Event(words, metric, by, share, evidence)


def _beside(facts: Facts, query: str, metrics: list[str]) -> pd.DataFrame | None:
    """Return a breakdown's metrics with those of the period before; None where one lacks them.

    None, too, where there is nobody beside whom one could stand out.
    """
    now, then = facts.now.get(query), facts.then.get(query)
    if now is None or then is None or not {*metrics} <= {*now.columns} & {*then.columns}:
        return None
    both = now[metrics].join(then[metrics].add_suffix(" before"), how="outer").fillna(0.0)
    return both if both.index.get_level_values(0).nunique() > 1 else None
