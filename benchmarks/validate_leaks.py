"""Orders that posts do not explain against planted leaks: covered, and seldom listed for nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.coverage import CHANCE
from hk_metrics.dataset import Dataset
from hk_metrics.leaks import unexplained_orders
from hk_metrics.simulate import simulate_tables
from hk_metrics.simulate.leaks import Leak, leaking

Row = dict[str, Any]
_WORLDS = {
    "none": Leak(codes=0), "10 %": Leak(0.1), "25 %": Leak(0.25), "40 %": Leak(0.4),
    "from the first day": Leak(0.25, begins=0.0), "videos that keep working": Leak(0.25, 0, evergreen=5),
}  # fmt: skip


def run(quick: bool = False) -> list[Row]:
    """Return rows of one table."""
    return [judged(name, leak, 3 if quick else 40) for name, leak in _WORLDS.items()]


def judged(name: str, leak: Leak, series: int) -> Row:
    """Return how often the upper bound covers a leak, and which codes are listed."""
    covered, found, wrong, lasting = [], [], [], []
    for seed in range(series):
        tables, _ = simulate_tables(300 + seed, influencers=30, days=180, events=20_000)
        made, truth, kept = leaking(tables, seed, leak)
        table = unexplained_orders(Dataset(made).view()).reset_index()
        for row in table.to_dict("records"):
            who = row["influencer_id"]
            if who in truth and row["source"] == "PromoCode":
                covered.append(row["share_upper"] >= truth[who])
                found.append(row["listed"])
            elif who in kept and row["source"] == "PromoCode":
                lasting.append(row["listed"])
            else:
                wrong.append(row["listed"])
    share = float(np.mean(covered)) if covered else float("nan")
    error = np.sqrt(share * (1 - share) / len(covered)) if covered else 0.0
    listed = float(np.mean(wrong))
    video = float(np.mean(lasting)) if lasting else float("nan")
    return {
        "table": "codes: orders that posts do not explain", "leaked": name, "series": series,
        "upper bound covers": round(share, 3), "leaks listed": round(float(np.mean(found)), 3) if found else float("nan"),
        "listed for nothing": round(listed, 3), "videos listed": round(video, 3),
        "holds": (not covered or share >= 0.9 - CHANCE * error) and listed <= 0.05
        and (not lasting or video <= 0.1),
    }  # fmt: skip
