"""A table inside an executed notebook: its numbers to the last digit, for the files made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hk_metrics.formatting import plain
from hk_metrics.present.table import Table
from hk_metrics.present.values import NUMBERS
from hk_metrics.settings import default_settings

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
        "columns": list(rows.columns),
        "dates": [c for c in rows.columns if rows[c].dtype.kind == "M"],
        "style": {name: getattr(table.settings, name) for name in _STYLE},
        "rows": [[plain(v) for v in row] for row in rows.itertuples(index=False, name=None)],
    }


def from_json(shown: Mapping[str, Any]) -> Table:
    """Return the table that `to_json` wrote."""
    import pandas as pd

    frame: pd.DataFrame = pd.DataFrame(shown["rows"], columns=shown["columns"])
    for name in shown["dates"]:
        frame[name] = pd.to_datetime(frame[name], format="ISO8601")
    numeric = [c for c, unit in shown["units"].items() if unit in NUMBERS and c in frame]
    frame[numeric] = frame[numeric].apply(pd.to_numeric)
    settings = default_settings().model_copy(update=shown.get("style", {}))
    return Table(
        shown["title"], frame, shown["units"], shown["labels"], shown["note"], settings=settings
    )
