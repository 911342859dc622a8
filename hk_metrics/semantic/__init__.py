"""The semantic layer for others: what a metric is, and the ledger it is a sum over, for BI tools.

`definitions` says every metric as dbt MetricFlow and as Open Semantic Interchange; `warehouse`
writes the ledger and the tables as Parquet and DuckDB. A tool that sums what is written here gets
the numbers of `hk_metrics.View`.
"""

from __future__ import annotations

from hk_metrics.semantic.definitions import metricflow, osi, sql
from hk_metrics.semantic.warehouse import Written, export

__all__ = ["Written", "export", "metricflow", "osi", "sql"]
