"""A table inside an executed notebook: its numbers to the last digit, for the files made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hk_metrics.formatting import plain

if TYPE_CHECKING:
    from hk_metrics.present.table import Table

TABLE = "application/vnd.hk-metrics.sheet+json"
_STYLE = ("currency", "grouping")


def to_json(table: Table) -> dict[str, Any]:
    """Return a table as JSON that a notebook can hold, to the last digit."""
    rows = table.flat()
    return {
        "title": table.title,
        "note": table.note,
        "units": dict(table.units),
        "labels": dict(table.labels),
        "unit_of_row": table.unit_of_row,
        "columns": list(rows.columns),
        "dates": [c for c in rows.columns if rows[c].dtype.kind == "M"],
        "style": {name: getattr(table.settings, name) for name in _STYLE},
        "rows": [[plain(v) for v in row] for row in rows.itertuples(index=False, name=None)],
    }
