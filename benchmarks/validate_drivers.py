"""Drivers: on random data, whether contributions add to the change of the whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from hk_metrics.dataset import Dataset
from hk_metrics.errors import InsufficientDataError
from hk_metrics.metrics import METRICS, Ratio
from hk_metrics.view import View
from hk_metrics.view.chain import CHAINS

Row = dict[str, Any]

BOUND = 1e-9
BEGIN = datetime(2025, 1, 1)
DAYS = 100


def run(quick: bool = False) -> Iterator[Row]:
    """Yield a row per kind of metric: the largest part of its size that contributions miss."""
    worst: dict[str, list[float]] = {}
    for seed in range(20 if quick else 1000):
        for kind, error in errors(seed):
            worst.setdefault(kind, []).append(error)
    for kind, found in worst.items():
        yield {"table": "drivers: what contributions miss of the change", "metrics": kind,
               "tables": len(found), "missed": max(found), "holds": max(found) <= BOUND}  # fmt: skip


def errors(seed: int, count: int = 4) -> Iterator[tuple[str, float]]:
    """Yield kind of metric, and what drivers miss, for some metrics and parts of random data."""
    rng = np.random.default_rng(seed)
    view = period_of(Dataset(tables(rng)).view(), rng)
    for _ in range(count):
        metric = str(rng.choice(view.metrics))
        by = [str(d) for d in rng.choice(view.dimensions, rng.integers(1, 3), replace=False)]
        yield from missed(view, metric, by)
    yield from missed(view, str(rng.choice([*CHAINS])), ["chain"])


def missed(view: View, metric: str, by: list[str]) -> Iterator[tuple[str, float]]:
    """Yield what contributions miss of the change; nothing where drivers cannot be told."""
    try:
        found = view.drivers(metric, by, "previous_month")
    except InsufficientDataError:
        return
    other = view.before("previous_month")
    assert other is not None
    kind = "chain" if by == ["chain"] else type(METRICS[metric]).__name__.lower()
    several = isinstance(METRICS[metric], Ratio) and bool(found.attrs["reason"])
    for name in found.index.unique(0) if several else [metric]:
        told = found.loc[name] if several else found
        then, now = (v.totals([name]).fillna(0.0)[name] for v in (other, view))
        size = max(abs(then), abs(now), 1.0)
        yield kind, abs(told["contribution"].sum() - (now - then)) / size
        if "rate_effect" in told:
            effects = told["rate_effect"] + told["mix_effect"] - told["contribution"]
            yield "rate and mix", float(effects.abs().max()) / size


def period_of(view: View, rng: np.random.Generator) -> View:
    """Return some period of a view, now and then of one part of it."""
    first = date(2025, 2, 1) + timedelta(days=int(rng.integers(0, 40)))
    last = first + timedelta(days=int(rng.integers(0, 40)))
    some = {"influencer_id": view.values("influencer_id")[:2]} if rng.random() < 0.3 else {}
    return view.where(date=(first, last), **some)


def tables(rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Return a few random rows: parts that begin and end, gifts, returns, users who come back."""
    people = [f"i{n}" for n in range(rng.integers(2, 5))]
    posts, orders = int(rng.integers(1, 12)), int(rng.integers(1, 40))
    return {
        "influencers": pl.DataFrame({
            "id": people, "name": people, "category": rng.choice(["Fit", "Yoga"], len(people)),
            "gender": "Other", "follower_count": rng.integers(0, 9_000, len(people)),
            "platform": rng.choice(["Instagram", "YouTube"], len(people))}),
        "posts": pl.DataFrame({
            "influencer_id": rng.choice(people, posts), "platform": "Instagram",
            "date": _days(rng, posts), "url": [f"https://p.example/{n}" for n in range(posts)],
            "caption": "", "reach": rng.integers(0, 5, posts) * 1_000,
            "likes": rng.integers(0, 90, posts), "comments": rng.integers(0, 9, posts)}),
        "tracking_data": pl.DataFrame({
            "source": rng.choice(["SwipeUp", "BioLink"], orders),
            "campaign": pl.Series([str(rng.choice(["A", "B", "C"])) if rng.random() < 0.8 else None
                                   for _ in range(orders)], dtype=pl.String),
            "influencer_id": rng.choice(people, orders),
            "user_id": rng.choice(["u1", "u2", "u3", "u4", "u5", "u6"], orders),
            "product": rng.choice(["Whey", "Oil"], orders), "date": _days(rng, orders),
            "orders": rng.integers(0, 3, orders),
            "revenue": rng.integers(-1, 6, orders) * 99.37}, strict=False),
        "payouts": pl.DataFrame({
            "influencer_id": people, "basis": rng.choice(["post", "order"], len(people)),
            "rate": 10.0, "orders": pl.Series([None] * len(people), dtype=pl.Int64),
            "total_payout": rng.integers(0, 5, len(people)) * 1234.56}),
    }  # fmt: skip


def _days(rng: np.random.Generator, count: int) -> list[datetime]:
    return [BEGIN + timedelta(days=int(d)) for d in rng.integers(0, DAYS, count)]
