"""Rejected rows as files to repair and hand in again."""

from __future__ import annotations

from hk_metrics.quality import QualityReport


def rejected_csv(report: QualityReport) -> dict[str, bytes]:
    """Return file name → CSV (UTF-8 with BOM, for Excel) of the rejected rows of each table.

    Cells that a spreadsheet would take for a formula are kept from it by an apostrophe.
    """
    from hk_metrics.export.csv import csv_bytes
    from hk_metrics.export.sheet import Sheet

    return {
        f"rejected_{table}.csv": csv_bytes(Sheet(f"Rejected {table}", rows.to_pandas()))
        for table, rows in report.rejected.items()
    }
