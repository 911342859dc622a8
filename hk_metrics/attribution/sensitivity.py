"""Sensitivity: how much the choice of model matters, per player."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hk_metrics.attribution.credit import Tables
from hk_metrics.attribution.models import MODELS
from hk_metrics.attribution.totals import attribute
from hk_metrics.errors import PluginError
from hk_metrics.interchange import to_pandas

if TYPE_CHECKING:
    import pandas as pd


def sensitivity(data: Tables, by: str = "influencer_id") -> pd.DataFrame:
    """Return credited revenue (money) and ROAS (times) under every model, most disputed first.

    Parameters
    ----------
    data
        A dataset.
    by
        Dimension; ROAS is told by ``influencer_id``, whose payouts are known without an
        assumption on how they are spread.

    Returns
    -------
    pandas.DataFrame
        One row per value; columns ``revenue_<model>``, by influencer also ``spend`` and
        ``roas_<model>``, then ``lowest``, ``highest`` and ``disagreement``: (highest − lowest) ÷
        mean of the credited revenue (fraction). ``attrs["warnings"]`` says so where all models
        agree because every journey has one touch.

    Notes
    -----
    A wide span says that the answer rests on the model rather than on the data. It is not an
    interval.
    """
    import pandas as pd

    tables, failed = _credited(data, by)
    revenue = pd.DataFrame({name: t["revenue"] for name, t in tables.items()}).fillna(0.0)
    result = revenue.add_prefix("revenue_")
    if by == "influencer_id":
        spend = _paid(data).reindex(result.index).fillna(0.0)
        result["spend"] = spend
        for name in tables:
            result[f"roas_{name}"] = revenue[name] / spend.where(spend > 0)
    result["lowest"], result["highest"] = revenue.min(axis=1), revenue.max(axis=1)
    mean = revenue.mean(axis=1)
    span = (result["highest"] - result["lowest"]) / mean.where(mean > 0)
    # Below a billionth of the revenue the models differ by rounding alone.
    result["disagreement"] = span.fillna(0.0).where(lambda s: s > 1e-9, 0.0)
    result = result.sort_values(["disagreement", "highest"], ascending=False, kind="stable")
    result.attrs = {"warnings": [*_warnings(tables), *failed], "models": list(tables)}
    return result


def _credited(data: Tables, by: str) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return the credit of every model; what fails of an installed package is told instead."""
    tables: dict[str, pd.DataFrame] = {}
    failed = []
    for name in MODELS:
        try:
            tables[name] = attribute(data, name, by)
        except PluginError as error:
            failed.append(str(error))
    return tables, failed


def _paid(data: Tables) -> pd.Series[float]:
    paid = data.tables["payouts"].group_by("influencer_id").agg(pl.col("total_payout").sum())
    return paid.pipe(to_pandas).set_index("influencer_id")["total_payout"].astype(np.float64)


def _warnings(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return every model's warnings once, those of a single model with its name."""
    found: dict[str, list[str]] = {}
    for name, table in tables.items():
        for warning in table.attrs["warnings"]:
            found.setdefault(warning, []).append(MODELS[name].label)
    return [
        text if len(models) == len(tables) else f"{', '.join(models)}: {text}"
        for text, models in found.items()
    ]
