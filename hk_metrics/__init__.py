"""What did each influencer rupee really bring?

>>> import hk_metrics as hk
>>> data, truth = hk.simulate(seed=7, influencers=12, days=30, events=500)
>>> float(data.view().totals(["revenue"])["revenue"]) > 0
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hk_metrics.attribution import attribute as attribute
    from hk_metrics.attribution import attribute_paths as attribute_paths
    from hk_metrics.dataset import Dataset as Dataset
    from hk_metrics.errors import HkMetricsError as HkMetricsError
    from hk_metrics.errors import SchemaError as SchemaError
    from hk_metrics.experiments import plan_experiment as plan_experiment
    from hk_metrics.experiments import read_experiment as read_experiment
    from hk_metrics.fees import concentration as concentration
    from hk_metrics.fees import fair_fees as fair_fees
    from hk_metrics.fees import post_sequence as post_sequence
    from hk_metrics.incrementality import lift as lift
    from hk_metrics.ingest import load as load
    from hk_metrics.leaks import unexplained_orders as unexplained_orders
    from hk_metrics.ledger import Ledger as Ledger
    from hk_metrics.metrics import METRICS as METRICS
    from hk_metrics.metrics import Measure as Measure
    from hk_metrics.metrics import Ratio as Ratio
    from hk_metrics.metrics import register as register
    from hk_metrics.payouts.deliverables import deliverables as deliverables
    from hk_metrics.payouts.deliverables import expiring_rights as expiring_rights
    from hk_metrics.payouts.deliverables import unpromised as unpromised
    from hk_metrics.payouts.finance import finance as finance
    from hk_metrics.payouts.seeding import seeding as seeding
    from hk_metrics.payouts.statement import statement as statement
    from hk_metrics.planning import Target as Target
    from hk_metrics.planning import pacing as pacing
    from hk_metrics.planning import what_if as what_if
    from hk_metrics.ranking import rank as rank
    from hk_metrics.results.result import Result as Result
    from hk_metrics.semantic import export as export
    from hk_metrics.settings import Settings as Settings
    from hk_metrics.simulate import simulate as simulate
    from hk_metrics.store import Store as Store
    from hk_metrics.view import Query as Query
    from hk_metrics.view import View as View

# Each name is imported when first used: a kernel that only draws does not pay for the import.
_HOME = {
    "attribute": "attribution",
    "attribute_paths": "attribution",
    "Dataset": "dataset",
    "HkMetricsError": "errors",
    "SchemaError": "errors",
    "fair_fees": "fees",
    "post_sequence": "fees",
    "concentration": "fees",
    "unexplained_orders": "leaks",
    "lift": "incrementality",
    "plan_experiment": "experiments",
    "read_experiment": "experiments",
    "load": "ingest",
    "Ledger": "ledger",
    "METRICS": "metrics",
    "Measure": "metrics",
    "Ratio": "metrics",
    "register": "metrics",
    "Target": "planning",
    "actions": "advice",
    "pacing": "planning",
    "deliverables": "payouts.deliverables",
    "expiring_rights": "payouts.deliverables",
    "unpromised": "payouts.deliverables",
    "finance": "payouts.finance",
    "seeding": "payouts.seeding",
    "what_if": "planning",
    "rank": "ranking",
    "Result": "results.result",
    "export": "semantic",
    "Settings": "settings",
    "simulate": "simulate",
    "statement": "payouts.statement",
    "Store": "store",
    "Query": "view",
    "View": "view",
}
__all__ = list(_HOME)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'hk_metrics' has no attribute {name!r}")
    return getattr(import_module(f"hk_metrics.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
