"""A table as the page draws it: plain data, which the browser writes and sorts."""

from __future__ import annotations

from typing import Any

from hk_metrics.formatting import plain
from hk_metrics.present.glossary import meaning
from hk_metrics.present.table import Table


def table(described: Table) -> dict[str, Any]:
    """Return what the page needs to draw a table, without NaN."""
    frame, order = described.shown(), described.order
    names = list(frame.columns)
    rows = zip(*(map(plain, frame[c].tolist()) for c in names), strict=True)
    way = "asc" if order and order[1] else "desc"
    return {
        "title": described.title,
        "subtitle": described.subtitle,
        "note": described.note,
        "columns": [_column(described, n, frame[n].dtype.kind == "M") for n in names],
        "rows": [list(r) for r in rows],
        "keys": [str(k) for k in described.keys],
        "pick": described.pick,
        "length": described.length,
        "paper": described.paper,
        "order": [[names.index(order[0]), way]] if order and order[0] in names else [],
    }


def _column(described: Table, name: str, dated: bool) -> dict[str, Any]:
    label = described.label(name)
    return {
        "key": name,
        "label": label,
        "unit": described.units.get(name, "date" if dated else "text"),
        "explain": described.explain.get(name) or meaning(label),
        "tones": described.tones.get(name),
    }
