"""What an import understood, doubted and left out: findings, their kinds, and the report."""

from __future__ import annotations

from hk_metrics.quality.finding import Finding, Severity
from hk_metrics.quality.kind import Kind, LeavesOut
from hk_metrics.quality.kinds import KINDS, finding, kind_of, on_page
from hk_metrics.quality.report import QualityReport

__all__ = [
    "KINDS", "Finding", "Kind", "LeavesOut", "QualityReport", "Severity", "finding", "kind_of",
    "on_page",
]  # fmt: skip
