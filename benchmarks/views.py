"""The eight views of one change: ours against plain pandas and a hand-written scan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.table import Row, medians
from hk_metrics.ledger import Ledger
from hk_metrics.simulate import simulate_tables
from hk_metrics.view import Query, View

SIZES = {"20k": 20_000, "1M": 1_000_000, "10M": 10_000_000}
DIMENSIONS = ("platform", "brand", "campaign", "source", "category", "influencer_id")
KEPT = ["Instagram", "YouTube"]
MONEY = ("revenue", "spend", "orders")
SUMS = (*MONEY, "reach", "likes", "comments", "shares", "saves")
QUERIES = {
    "totals": Query(("revenue", "spend", "orders", "roas", "reach", "engagement_rate")),
    "days": Query(("revenue", "spend"), freq="D"),
    **{d: Query(("revenue", "spend", "roas"), by=(d,)) for d in DIMENSIONS},
}


def ours(ledger: Ledger) -> dict[str, pd.DataFrame]:
    return View(ledger).where(platform=KEPT).collect(QUERIES)


class Scan:
    """What one would write by hand in NumPy: columns as codes, one mask, sums by counting.

    It does the least that gives the same sums: no names, no ratios, no frames.
    """

    def __init__(self, ledger: Ledger) -> None:
        rows = ledger.rows.collect().to_native()
        self.codes = {
            name: rows[name].to_physical().fill_null(0).to_numpy()
            if name != "date"
            else rows["date"].rank("dense").fill_null(0).to_numpy().astype(np.int64)
            for name in ("date", *DIMENSIONS)
        }
        self.sums = {n: rows[n].to_numpy() for n in SUMS if n in rows.columns}
        self.keep = rows["platform"].is_in(KEPT).to_numpy

    def __call__(self) -> dict[str, Any]:
        kept = np.flatnonzero(self.keep())
        money = {name: self.sums[name][kept] for name in MONEY}
        result: dict[str, Any] = {n: column[kept].sum() for n, column in self.sums.items()}
        for dimension, codes in self.codes.items():
            chosen = codes[kept]
            for name in ("revenue", "spend"):
                result[dimension, name] = np.bincount(chosen, money[name])
        return result


class Pandas:
    """What apps of this kind do: rows in pandas, a mask, a groupby per figure.

    The same sums over the same rows as ours; ratios, order and reasons are left out.
    """

    def __init__(self, ledger: Ledger) -> None:
        rows = ledger.rows.collect().to_native()
        self.totals = [n for n in SUMS if n in rows.columns]
        kept = rows.select("date", *DIMENSIONS, *self.totals)
        self.rows = kept.with_columns(kept[list(DIMENSIONS)].cast(str)).to_pandas()

    def __call__(self) -> list[Any]:
        rows = self.rows[self.rows["platform"].isin(KEPT)]
        groups = [rows.groupby(d)[["revenue", "spend"]].sum() for d in ("date", *DIMENSIONS)]
        return [rows[self.totals].sum(), *groups]


def run(quick: bool = False) -> Iterator[Row]:
    for size, events in SIZES.items():
        if quick and events > 1_000_000:
            continue
        tables, _ = simulate_tables(events=events)
        full = Ledger.build(tables)
        compact = full.compact()
        scan, pandas = Scan(full), Pandas(full)
        runs = 3 if events > 1_000_000 else 7
        mine, compacted, bound, peer = medians(
            lambda full=full: ours(full), lambda compact=compact: ours(compact), scan, pandas,
            runs=runs,
        )  # fmt: skip
        what = "eight views of one change"
        limit = 2.5 if events == 1_000_000 else None
        yield Row(f"{what}, full grain", size, mine, "ms", bound, "hand-written NumPy scan", limit)
        yield Row(f"{what}, full grain", size, mine, "ms", peer, "plain pandas, same sums",
                  0.35 if events == 1_000_000 else None)  # fmt: skip
        yield Row(f"{what}, compact ledger", size, compacted, "ms", peer, "plain pandas, same sums")
        if events == 1_000_000:
            yield Row(f"{what}, compact ledger", size, compacted, "ms", bound=60)
        users = medians(lambda c=compact: View(c).totals(["customers"]), runs=3)[0]
        yield Row("distinct customers, apart", size, users, "ms")
        del tables, full, compact, scan, pandas
