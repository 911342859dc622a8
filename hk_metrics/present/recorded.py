"""A table as an executed notebook recorded it, read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hk_metrics.present.table import Table
from hk_metrics.present.values import NUMBERS
from hk_metrics.settings import default_settings


def from_json(shown: Mapping[str, Any]) -> Table:
    """Return the table that `hk_metrics.present.notebook.to_json` wrote."""
    import pandas as pd

    frame: pd.DataFrame = pd.DataFrame(shown["rows"], columns=shown["columns"])
    for name in shown["dates"]:
        frame[name] = pd.to_datetime(frame[name], format="ISO8601")
    numeric = [c for c, unit in shown["units"].items() if unit in NUMBERS and c in frame]
    frame[numeric] = frame[numeric].apply(pd.to_numeric)
    rest = {"note": shown["note"], "unit_of_row": shown.get("unit_of_row", "")}
    settings = default_settings().model_copy(update=shown.get("style", {}))
    return Table(shown["title"], frame, shown["units"], shown["labels"], settings=settings, **rest)
