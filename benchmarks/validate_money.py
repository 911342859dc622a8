"""Money: on random tables, whether payouts, costs and what is left are all there, and once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from hk_metrics.ledger import Ledger
from hk_metrics.ledger.costs import OF_KIND
from hk_metrics.schemas import COST_KINDS
from hk_metrics.view import Query, View

Row = dict[str, Any]

BOUND = 1e-9
BEGIN = datetime(2025, 1, 1)
DAYS = 60
PEOPLE = ("1", "2", "3", "4")
MARGINS = {"Whey": 0.4, None: 0.25}  # None: of what has none of its own
DIMENSIONS = ("influencer_id", "campaign", "brand", "platform", "source")


def run(quick: bool = False) -> Iterator[Row]:
    """Yield a row per sum: the largest part of its size that is missing or counted twice."""
    worst: dict[str, list[float]] = {}
    for seed in range(50 if quick else 1000):
        for name, error in errors(seed):
            worst.setdefault(name, []).append(error)
    for name, found in worst.items():
        yield {"table": "money: what is missing of a sum, or counted twice", "sum": name,
               "tables": len(found), "missed": max(found), "holds": max(found) <= BOUND}  # fmt: skip


def errors(seed: int) -> Iterator[tuple[str, float]]:
    """Yield a sum, and by what part of its size ledger and table differ, for random tables."""
    given = tables(np.random.default_rng(seed))
    view = View(Ledger.build(given).compact())
    costs, paid = given["costs"], float(given["payouts"]["total_payout"].sum())
    amounts = {
        OF_KIND[kind]: float(costs.filter(pl.col("cost_kind") == kind)["amount"].sum())
        for kind in COST_KINDS
    }
    owed = float(given["payouts"].filter("due")["total_payout"].sum())
    value, beside = float(costs["market_value"].sum()), sum(amounts.values())
    sums = {"spend": paid, "payouts": paid, "costs": beside, **amounts, "spend_due": owed,
            "market_value": value, "all_costs": paid + beside}  # fmt: skip
    size = sum(float(a.abs().sum()) for a in (given["payouts"]["total_payout"], costs["amount"]))
    size += value
    yield from _missed(view, sums, size)
    whole = view.spending("all_costs")
    yield from _missed(whole, {"spend": paid + beside}, size, "spend, all costs")
    sold = given["tracking_data"].drop_nulls("influencer_id")
    share = pl.col("product").replace_strict(
        MARGINS, default=MARGINS[None], return_dtype=pl.Float64
    )
    left = float(sold.select((share * pl.col("revenue")).sum()).item())
    margins = pl.DataFrame({"product": [*MARGINS], "margin": [*MARGINS.values()]})
    priced = View(Ledger.build({**given, "margins": margins}).compact())
    yield from _missed(priced, {"gross_margin": left}, size + float(sold["revenue"].abs().sum()))


def _missed(
    view: View, sums: Mapping[str, float], size: float, called: str = ""
) -> Iterator[tuple[str, float]]:
    """Yield what totals, breakdowns and days miss of the sums."""
    known = {n: total for n, total in sums.items() if not view.unavailable(n)}
    # Of payouts and costs in one nothing is told where there are no payouts, or no costs.
    needed = {n for n, total in sums.items() if total} - {"payouts", "all_costs"}
    yield "told", float(bool(needed - {*known}))
    split = [d for d in DIMENSIONS if d in view.dimensions]
    queries = {d: Query([*known], by=[d]) for d in split}
    frames = view.collect({**queries, "total": Query([*known]), "days": Query([*known], freq="D")})
    days = frames.pop("days")
    for name, total in known.items():
        for frame in frames.values():
            yield called or name, abs(frame[name].fillna(0.0).sum() - total) / max(size, 1.0)
    if "spend" in known:
        undated = float(days.attrs["undated"].get("spend", 0.0))
        yield "days", abs(days["spend"].sum() + undated - sums["spend"]) / max(size, 1.0)


def tables(rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Return a few random rows: claw-backs, what is due, gifts, costs of nobody, open periods."""
    posts, orders = (int(n) for n in rng.integers(0, 12, 2))
    payouts, costs = (int(n) for n in rng.integers(0, 6, 2))
    return {
        "influencers": pl.DataFrame({
            "id": PEOPLE, "name": PEOPLE, "category": "Fit", "gender": "Other",
            "follower_count": rng.integers(0, 9_000, len(PEOPLE)),
            "platform": pl.Series(["Instagram", "YouTube", "Twitter", None])}),
        "posts": pl.DataFrame({
            "influencer_id": _some(rng, PEOPLE, posts), "date": _days(rng, posts),
            "platform": _some(rng, ("Instagram", "YouTube", None), posts),
            "url": _some(rng, ("u",), posts), "caption": _some(rng, ("c",), posts),
            "reach": rng.integers(0, 9_000, posts), "likes": rng.integers(0, 90, posts),
            "comments": rng.integers(0, 9, posts)}),
        "tracking_data": pl.DataFrame({
            "source": _some(rng, ("SwipeUp", "PromoCode", None), orders),
            "campaign": _some(rng, ("Fit", "Run", None), orders),
            "influencer_id": _some(rng, (*PEOPLE, None), orders),
            "user_id": _some(rng, ("u1", "u2", None), orders),
            "product": _some(rng, ("Whey", "Oil", None), orders), "date": _days(rng, orders),
            "orders": rng.integers(0, 3, orders), "revenue": rng.integers(-1, 6, orders) * 99.37}),
        "payouts": pl.DataFrame({
            "influencer_id": _some(rng, PEOPLE, payouts),
            "basis": _some(rng, ("post", "order", "commission", "hybrid"), payouts),
            "rate": pl.Series(_some(rng, (100.0, None), payouts)).cast(pl.Float64),
            "orders": pl.Series([None] * payouts, dtype=pl.Int64),
            "total_payout": rng.integers(-300_00, 900_00, payouts) / 100,
            "due": rng.random(payouts) < 0.4, **_named(rng, payouts)}),
        "costs": pl.DataFrame({
            "influencer_id": _some(rng, (*PEOPLE, None, None), costs),
            "amount": pl.Series([None if rng.random() < 0.2 else float(a)
                                 for a in rng.integers(-50_00, 500_00, costs) / 100],
                                dtype=pl.Float64),
            "cost_kind": _some(rng, COST_KINDS, costs),
            "market_value": pl.Series([float(v) if rng.random() < 0.4 else None
                                       for v in rng.integers(0, 900_00, costs) / 100],
                                      dtype=pl.Float64),
            **_named(rng, costs)}),
    }  # fmt: skip


def _named(rng: np.random.Generator, count: int) -> dict[str, pl.Series]:
    """Return what payments are for: a day, a period that may be open, or neither, and names."""
    kind = rng.integers(0, 3, count)
    first, more = _days(rng, count).to_list(), rng.integers(0, 30, count)
    last = [d + timedelta(days=int(n)) for d, n in zip(first, more, strict=True)]
    open_end = rng.random(count) < 0.3

    def where(days: list[datetime], mask: Any) -> pl.Series:
        kept = [d if m else None for d, m in zip(days, mask, strict=True)]
        return pl.Series(kept, dtype=pl.Datetime("us"))

    return {
        "date": where(first, kind == 1), "period_start": where(first, kind == 2),
        "period_end": where(last, (kind == 2) & ~open_end),
        "campaign": _some(rng, ("Fit", "Gone", None, None), count),
        "brand": _some(rng, ("MuscleBlaze", None, None), count),
        "platform": _some(rng, ("Instagram", None, None), count),
    }  # fmt: skip


def _some(rng: np.random.Generator, words: tuple[Any, ...], count: int) -> pl.Series:
    chosen = [words[i] for i in rng.integers(0, len(words), count)]
    return pl.Series(chosen, dtype=pl.String if any(isinstance(w, str) for w in words) else None)


def _days(rng: np.random.Generator, count: int) -> pl.Series:
    chosen = [BEGIN + timedelta(days=int(d)) for d in rng.integers(0, DAYS, count)]
    return pl.Series(chosen, dtype=pl.Datetime("us"))
