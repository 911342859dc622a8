"""Data with a known truth: a sample to look at, and worlds to check estimators against."""

import sys
from types import ModuleType

from hk_metrics.simulate.scenario import Scenario
from hk_metrics.simulate.simulation import simulate, simulate_tables
from hk_metrics.simulate.tables import write_csv
from hk_metrics.simulate.truth import Truth

__all__ = ["Scenario", "Truth", "simulate", "simulate_tables", "write_csv"]


class _Callable(ModuleType):
    __call__ = staticmethod(simulate)


# Importing this package puts it where `hk_metrics.simulate`, the public function, was looked up:
# being callable, it is both.
sys.modules[__name__].__class__ = _Callable
