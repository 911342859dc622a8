"""Matured revenue against what stands in the end: coverage, and bias of the last 30 days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from benchmarks.coverage import CHANCE, clustered
from hk_metrics.dataset import Dataset
from hk_metrics.simulate.parcels import Parcels, shipped

Row = dict[str, Any]
LOW, HIGH, BIAS = 0.85, 0.95, 0.03
WORLDS = {
    "refused at the door": Parcels(),
    "sent back after delivery, too": Parcels(sent_back=0.10),
    "only returns are said": Parcels(statuses=False),
    "few orders": Parcels(orders=1_200),
    "prepaid, few come back": Parcels(cod=0.0),
}


def run(quick: bool = False) -> list[Row]:
    """Return rows of one table."""
    return [judged(name, world, 6 if quick else 150) for name, world in WORLDS.items()]


def judged(name: str, world: Parcels, series: int) -> Row:
    """Return how well the last 30 days' matured revenue is told, whole and by influencer."""
    inside, off, plain = [], [], []
    for seed in range(series):
        tables, truth = shipped(seed, world)
        begin = datetime(2025, 1, 1) + timedelta(days=world.days - 30)
        view = Dataset(tables).view(date=(begin.date(), None))
        recent = truth.filter(truth["date"] >= begin)
        stands = recent.group_by("influencer_id").sum().to_pandas().set_index("influencer_id")["stands"]  # fmt: skip
        whole, each = view.matured().loc["total"], view.matured("influencer_id")
        true = float(stands.sum())
        off.append(whole["matured_revenue"] / true - 1)
        plain.append(whole["revenue"] / true - 1)
        own = stands.reindex(each.index).to_numpy()
        low, high = (each[f"matured_revenue_{end}"].to_numpy() for end in ("lower", "upper"))
        found = [(low <= own) & (own <= high)]
        found.append(np.array([whole["matured_revenue_lower"] <= true <= whole["matured_revenue_upper"]]))  # fmt: skip
        inside.append(found)
    coverage, error = clustered([f[0] for f in inside])
    total, doubt = clustered([f[1] for f in inside])
    noise = CHANCE * np.std(off, ddof=1) / np.sqrt(series)
    return {
        "table": "matured revenue of the last 30 days, 90 % intervals", "orders": name,
        "series": series, "coverage by influencer": round(coverage, 3), "±": round(error, 3),
        "coverage of the total": round(total, 3), "± of it": round(doubt, 3),
        "bias": round(float(np.mean(off)), 4), "bias of revenue": round(float(np.mean(plain)), 3),
        "holds": all(
            LOW - CHANCE * e <= c <= HIGH + CHANCE * e for c, e in ((coverage, error), (total, doubt))
        ) and abs(np.mean(off)) < BIAS + noise,
    }  # fmt: skip
