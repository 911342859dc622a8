"""What happened to one influencer or campaign, whatever the total did.

A campaign ended or began, a price rose or fell, a code brings more beside other orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    found = [e for kind in (_campaign, _price, _code) for e in kind(facts) if e.share >= _NOTABLE]
    return max(found, key=lambda e: e.share, default=None)


def _campaign(facts: Facts) -> Iterator[Event]:
    """Yield the largest campaign whose posts, or all that it sold, came in one of the periods."""
    frame = _beside(facts, "campaign", ["posts", "revenue"])
    if frame is None:
        return
    posted, sold = frame[["posts", "posts before"]], frame[["revenue", "revenue before"]]
    planned = (posted.min(axis=1) == 0) & (posted.max(axis=1) >= _FEWEST_POSTS)
    moved = frame[planned | ((sold.min(axis=1) == 0) & (sold.max(axis=1) > 0))]
    money, posts = (moved[c] - moved[f"{c} before"] for c in ("revenue", "posts"))
    name = _most(money)
    if name is not None:
        began = (posts[name] or money[name]) > 0
        words = " is new" if began else " ended"
        yield _event(facts, words, float(money[name]), "revenue", "campaign", str(name))


def _price(facts: Facts) -> Iterator[Event]:
    """Yield the largest fee per post, and per order, that rose or fell."""
    paid = _beside(facts, "fee", ["spend"])
    for basis, unit in PAID_FOR.items():
        made = _beside(facts, "influencer_id", [unit])
        if paid is None or made is None or basis not in paid.index.get_level_values(1):
            continue
        frame = made.join(paid.xs(basis, level=1), how="inner")
        frame = frame[(frame > 0).all(axis=1)]
        now, then = frame["spend"] / frame[unit], frame["spend before"] / frame[f"{unit} before"]
        other = (now / then >= DEARER) | (then / now >= DEARER)
        money = ((now - then) * frame[unit])[other]
        who = _most(money)
        if who is not None:
            each = " became ".join(facts.money(float(fee[who])) for fee in (then, now))
            words = f"'s cost per {basis} {each}"
            yield _event(facts, words, float(money[who]), "spend", "influencer_id", str(who))


def _code(facts: Facts) -> Iterator[Event]:
    """Yield the largest source of an influencer that brings more beside the others, not by luck.

    Posts bring orders by all ways alike; a code on a coupon site brings them by one.
    """
    frame = _beside(facts, "code", ["orders", "revenue"])
    if frame is None:
        return
    from scipy.special import ndtr

    whole = frame.groupby(level=0).transform("sum")
    now, then = frame["orders"], frame["orders before"]
    rest_now, rest_then = whole["orders"] - now, whole["orders before"] - then
    excess = now - then * (rest_now + 0.5) / (rest_then + 0.5)
    counts = [c + 0.5 for c in (now, then, rest_now, rest_then)]
    odds = np.log(counts[0] / counts[1]) - np.log(counts[2] / counts[3])
    luck = ndtr(-odds / np.sqrt(sum(1 / c for c in counts)))
    sure = surer_than_chance(luck) & (excess >= _FEWEST_ORDERS) & (rest_then > 0)
    money = (excess * frame["revenue"] / now.where(now > 0))[sure].drop(
        NONE, level=1, errors="ignore"
    )
    most = _most(money)
    if most is not None:
        counted = " became ".join(facts.count(float(c[most])) for c in (then, now))
        words = f"'s orders by {most[1]} {counted}, other ways did not rise as much"
        yield _event(facts, words, float(money[most]), "revenue", "influencer_id", str(most[0]))


def _most(money: pd.Series) -> Any:
    """Return who moved most money, up or down; None where nobody did."""
    return money.abs().idxmax() if len(money) else None


def _event(facts: Facts, words: str, by: float, metric: str, dimension: str, value: str) -> Event:
    before = facts.total_before(metric)
    share = abs(by) / before if before > 0 else 0.0
    evidence = Evidence(dimension, (metric,), (value,))
    return Event(words, metric, by, share, evidence)


def _beside(facts: Facts, query: str, metrics: list[str]) -> pd.DataFrame | None:
    """Return a breakdown's metrics with those of the period before, of rows that have a name.

    None where one of the periods lacks them, or nobody is there beside whom one could stand out.
    """
    now, then = facts.now.get(query), facts.then.get(query)
    if now is None or then is None or not {*metrics} <= {*now.columns} & {*then.columns}:
        return None
    both = now[metrics].join(then[metrics].add_suffix(" before"), how="outer").fillna(0.0)
    both = both[both.index.get_level_values(0) != NONE]
    return both if both.index.get_level_values(0).nunique() > 1 else None
