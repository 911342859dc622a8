"""A table as the page draws it: the rows in sight, written, and what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hk_metrics.present.arranged import DOWN, UP, Arrangement, arranged, sorted_by
from hk_metrics.present.glossary import meaning
from hk_metrics.present.table import Table
from hk_metrics.present.values import RIGHT, exact, written

if TYPE_CHECKING:
    import pandas as pd

_LARGE = 1000  # a column of larger amounts reads better in whole ones


def table(described: Table, how: Arrangement | None = None, at: int = 0) -> dict[str, Any]:
    """Return what the page needs to draw a table.

    Parameters
    ----------
    described
        The table, whole.
    how
        How its reader set it.
    at
        The first row in sight; the last rows where there are not so many.
    """
    how = how or Arrangement()
    seen = arranged(described, how)
    frame, every = seen.shown(), described.shown()
    start = min(max(at, 0), max(0, (len(frame) - 1) // seen.length * seen.length))
    rows = frame.iloc[start : start + seen.length]
    sort = sorted_by(seen)
    return {
        "title": seen.title,
        "subtitle": " · ".join(w for w in (seen.subtitle, _order(seen, sort, how)) if w),
        "note": seen.note,
        "columns": [_column(seen, str(n), frame[n]) for n in frame],
        "rows": _rows(seen, rows),
        "keys": [str(k) for k in seen.keys[start : start + seen.length]],
        "pick": seen.pick,
        "paper": seen.paper,
        "sort": [sort[0], UP if sort[1] else DOWN] if sort else None,
        "find": how.find,
        "choices": [[str(n), described.label(str(n)), n in frame] for n in every],
        "at": start,
        "length": seen.length,
        "found": len(frame),
        "total": len(every),
    }


def _order(seen: Table, sort: tuple[str, bool] | None, how: Arrangement) -> str:
    """Return in words in which order rows stand, where that is worth a word."""
    if seen.ordered or not (sort and how.sort):
        return seen.ordered
    kind = ("smallest", "largest") if seen.unit(sort[0]) in RIGHT else ("first", "last")
    words = f"{kind[0 if sort[1] else 1]} first" if kind[0] == "smallest" else (
        "A to Z" if sort[1] else "Z to A"
    )  # fmt: skip
    return f"By {seen.label(sort[0])}, {words}"


def _column(seen: Table, name: str, values: pd.Series) -> dict[str, Any]:
    label = seen.label(name)
    unit = seen.units.get(name, "date" if values.dtype.kind == "M" else "text")
    return {
        "key": name,
        "label": label,
        "right": unit in RIGHT,
        "explain": seen.explain.get(name) or meaning(label),
    }


def _rows(seen: Table, rows: pd.DataFrame) -> list[list[dict[str, str]]]:
    columns = [_cells(seen, str(n), rows[n]) for n in rows]
    return [list(row) for row in zip(*columns, strict=True)]


def _cells(seen: Table, name: str, values: pd.Series) -> list[dict[str, str]]:
    """Return a column's cells in sight: text, all digits where they say more, tone."""
    unit, tones = seen.unit(name), seen.tones.get(name, {})
    whole = unit == "money" and bool((seen.frame[name].abs() >= _LARGE).any())
    cells = []
    for value in values.tolist():
        shown = round(value) if whole and value == value and value is not None else value
        text, full = written(unit, shown, seen.settings), exact(unit, value, seen.settings)
        cell = {"text": text}
        if unit == "money" and full != text:
            cell["exact"] = full
        if tone := tones.get(str(value)):
            cell["tone"] = tone
        cells.append(cell)
    return cells
