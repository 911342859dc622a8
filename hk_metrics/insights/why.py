"""Why a total changed: its factors, the part that moved it most, and what is noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics import formatting
from hk_metrics.insights import events
from hk_metrics.insights.facts import Facts
from hk_metrics.insights.insight import Evidence, Insight
from hk_metrics.intervals import Z_SCORE
from hk_metrics.metrics import METRICS
from hk_metrics.view.chain import CHAINS, FACTORS, factored
from hk_metrics.view.noise import change_noise

if TYPE_CHECKING:
    import pandas as pd

# How much of all ups and downs a value must make up to be named, the finest breakdown first.
_CONCENTRATED = {"influencer_id": 0.3, "campaign": 0.35, "source": 0.4, "brand": 0.5}
_HALF = 0.5
_SAME = 0.1  # two changes that differ less are of the same rows
_MOST_FACTORS = 3
_WORTH_NAMING = 0.1  # of all that the factors did
_NOTABLE = 0.05  # relative change of spend that is worth the first sentence
_CHANCE = ("conversion_rate", "aov", "orders_per_post")  # factors that luck with orders moves


@dataclass(frozen=True)
class _Total:
    """A total of two periods: now, before, and what days alone would bring."""

    metric: str
    now: float
    then: float
    noise: float

    @property
    def change(self) -> float:
        """Now less before."""
        return self.now - self.then

    @property
    def is_noise(self) -> bool:
        """Whether days alone would bring as much."""
        return abs(self.change) <= self.noise

    @property
    def relative(self) -> float:
        """The change as a fraction of before; NaN where that is 0."""
        return self.change / abs(self.then) if self.then else float("nan")


def verdict(facts: Facts) -> Insight:
    """Say in one sentence what changed, by how much, and what moved it.

    Revenue leads; spend does where it moved and revenue stayed within the noise.
    """
    revenue, spend = _moved(facts, "revenue"), _moved(facts, "spend")
    paid = formatting.is_known(spend.relative) and abs(spend.relative) >= _NOTABLE
    if revenue.is_noise and paid and not spend.is_noise:
        why, evidence = _why(facts, spend)
        held = f"revenue {facts.moved(revenue.change)} is within the noise"
        tone = "poor" if spend.change > 0 else "good"
        return Insight(f"{_lead(facts, spend)}: {why}; {held}.", "spend", evidence, tone)
    if revenue.is_noise:
        event = events.largest(facts)
        evidence = event.evidence if event else Evidence("date", ("revenue", "spend"))
        noise = f"days alone bring up to {facts.money(revenue.noise)} more or less"
        words = [
            f"{_lead(facts, revenue)} is within the noise: {noise}",
            *([event.text(facts, revenue.metric)] if event else []),
        ]
        return Insight(f"{'; '.join(words)}.", "revenue", evidence)
    why, evidence = _why(facts, revenue)
    tone = "good" if revenue.change > 0 else "poor" if revenue.change < 0 else ""
    return Insight(f"{_lead(facts, revenue)}: {why}.", "revenue", evidence, tone)


def _moved(facts: Facts, metric: str) -> _Total:
    """Return how a total moved between the two periods."""
    days = [frame["day"][metric] for frame in (facts.then, facts.now) if "day" in frame]
    noise = change_noise(*(d.to_numpy(np.float64) for d in days)) if len(days) == 2 else np.nan
    return _Total(metric, facts.total(metric), facts.total_before(metric), float(noise))


def _lead(facts: Facts, total: _Total) -> str:
    by = facts.moved(total.change)
    relative = f" ({formatting.change(total.relative)})" if total.then else ""
    return f"{METRICS[total.metric].label} {by}{relative} against {facts.before}"


def _why(facts: Facts, total: _Total) -> tuple[str, Evidence]:
    """Return the factors, the part that moved a total and what happened, and where to check."""
    part, evidence, by = _part(facts, total)
    event = events.largest(facts)
    here = (evidence.by, evidence.values)
    if event and (not part or (event.evidence.by, event.evidence.values) == here):
        part, evidence, event = event.text(facts, total.metric), event.evidence, None
    elif event and event.metric == total.metric and abs(event.money - by) <= _SAME * abs(by):
        event = None  # the same rows by another name
    happened = event.text(facts, total.metric) if event else ""
    words = [w for w in (_factors(facts, total), part, happened) if w]
    return "; ".join(words) or f"now {facts.money(total.now)}", evidence


def _factors(facts: Facts, total: _Total) -> str:
    """Say which factors moved a total: the first from what to what, each with its money."""
    then, now = (frame["total"].iloc[0] for frame in (facts.then, facts.now))
    found = factored(then, now, total.metric)
    size = found["contribution"].abs()
    named = found[size >= _WORTH_NAMING * size.sum()] if size.sum() else found.head(0)
    if len(found) < 2:
        return ""
    order = named["contribution"].abs().sort_values(ascending=False).index[:_MOST_FACTORS]
    phrases = [
        _factor(facts, str(name), named.loc[name], first=at == 0, luck=_luck(found, total, name))
        for at, name in enumerate(order)
    ]
    return ", ".join(phrases)


def _factor(facts: Facts, name: str, row: pd.Series, *, first: bool, luck: bool) -> str:
    """Say what one factor did: "107 posts became 25 (-₹4.1 L)", or "order value +₹80,000"."""
    label, by = FACTORS.get(name, name.replace("_", " ")), facts.moved(row["contribution"])
    noise = ", within the noise" if luck else ""
    then, now = (_written(facts, name, float(row[side])) for side in ("previous", "current"))
    if not first or then == now:
        return f"{label} {by}{noise.replace(', ', ' ')}"
    counted = name in CHAINS or name == "posts"
    label = label.removesuffix("s") if counted and then == "1" else label
    return f"{then} {label} became {now} ({by}{noise})" if counted else (
        f"{label} {then} became {now} ({by}{noise})"
    )  # fmt: skip


def _luck(found: pd.DataFrame, total: _Total, name: object) -> bool:
    """Whether luck with orders alone moves a factor as far, in nine cases of ten."""
    if name not in _CHANCE:
        return False
    rates = found.loc[[n for n in found.index if n not in ("aov",)]].prod()
    orders = [max(float(rates[side]), 1.0) for side in ("previous", "current")]
    scale = (total.now + total.then) / 2
    band = Z_SCORE * scale * np.sqrt(sum(1.0 / n for n in orders))
    return bool(abs(float(found["contribution"][name])) <= band)


def _written(facts: Facts, name: str, value: float) -> str:
    if name in METRICS:
        unit = METRICS[name].unit
        return formatting.text(unit, value, facts.settings, "compact")
    return facts.count(value)


def _part(facts: Facts, total: _Total) -> tuple[str, Evidence, float]:
    """Name the one value of the finest breakdown that made most of a change, if one did, and it."""
    columns = (total.metric, "posts")
    for dimension, least in _CONCENTRATED.items():
        now, then = facts.now.get(dimension), facts.then.get(dimension)
        if now is None or then is None or total.metric not in now or not total.change:
            continue
        each = now[total.metric].sub(then[total.metric], fill_value=0.0).fillna(0.0)
        if len(each) < 2:
            continue
        name = str((each * np.sign(total.change)).idxmax())
        by = float(each[name])
        if by / total.change >= _HALF and abs(by) >= least * each.abs().sum():
            sides = [f.T[name].reindex(columns) if name in f.index else None for f in (then, now)]
            evidence = Evidence(dimension, (total.metric,), (name,))
            words = _of_part(facts, facts.called(dimension, name), total.metric, sides, by)
            return words, evidence, by
    return "", Evidence("date", ("revenue", "spend")), 0.0


def _of_part(facts: Facts, name: str, metric: str, sides: list[pd.Series | None], by: float) -> str:
    """Say what one value did: began, ended, posted more or less, or costs more a post."""
    then, now = (0.0 if s is None else float(s[metric]) for s in sides)
    money = facts.moved(by)
    if not then or not now:
        return f"{name} {'is new' if now else 'ended'} ({money})"
    posts = [float("nan") if s is None else float(s["posts"]) for s in sides]
    if all(p > 0 for p in posts):
        a, b = (facts.count(round(p)) for p in posts)  # a post for two campaigns is a half of each
        share = np.log(posts[1] / posts[0]) / np.log(now / then)
        if share >= _HALF:
            return f"{name}'s {a} {'post' if a == '1' else 'posts'} became {b} ({money})"
        if metric == "spend":
            each = (facts.money(v / p) for v, p in zip((then, now), posts, strict=True))
            return f"{name}'s cost per post {' became '.join(each)} ({money})"
    return f"{name} alone {money}"
