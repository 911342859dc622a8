"""A table of the letter: HTML for the reader, and its numbers for the files made from it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from hk_metrics import formatting
from hk_metrics.export import Sheet
from hk_metrics.report import page
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics import metrics

SHEET = "application/vnd.hk-metrics.sheet+json"
_WHOLE = 1000  # shares of a count are shown below this: 5.5 posts, but 7,86,718 reached
NUMBERS = ("money", "count", "percent", "chance", "times", "number")


@dataclass(frozen=True)
class Cell:
    """One cell as it is shown.

    Parameters
    ----------
    text
        What stands there.
    exact
        The digits that it leaves out, shown when pointed at.
    style
        CSS classes: ``n`` for numbers, ``good`` and ``poor`` for changes.
    badge
        A word beside it.
    """

    text: str
    exact: str = ""
    style: str = ""
    badge: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """A sheet as a notebook shows it.

    Parameters
    ----------
    sheet
        Its numbers; the first column is what a row is.
    settings
        How they are written.
    hidden
        Columns that only the files have.
    rows
        How many are shown; the files have all.
    """

    sheet: Sheet
    settings: Settings
    hidden: Sequence[str] = ()
    rows: int = 50

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), SHEET: to_json(self.sheet)}

    def _repr_html_(self) -> str:
        rows, sheet = self.sheet.flat(), self.sheet
        shown = [c for c in rows.columns if c not in self.hidden]
        heads = [
            {"label": sheet.labels.get(c, c), "number": sheet.units.get(c) in NUMBERS}
            for c in shown
        ]
        records = rows.head(self.rows).to_dict("records")
        cells = [[self._cell(c, record) for c in shown] for record in records]
        return page.render(
            "table",
            kind="",
            heading=bool(sheet.title),
            title=sheet.title,
            heads=heads,
            rows=cells,
            note=self._note(len(rows)),
        )

    def _cell(self, column: str, row: Mapping[Any, Any]) -> Cell:
        unit = self.sheet.units.get(column, "text")
        if unit in NUMBERS:
            return number(unit, row[column], self.settings)
        return Cell(written(unit, row[column], self.settings))

    def _note(self, length: int) -> str:
        more = f"{self.rows} of {length} rows; the files have all." if length > self.rows else ""
        return " ".join(s for s in (self.sheet.note, more) if s)


def number(unit: str, value: Any, settings: Settings, style: str = "") -> Cell:
    """Return a number as a cell."""
    return Cell(written(unit, value, settings), _exact(unit, value), f"n {style}".strip())


def _exact(unit: str, value: Any) -> str:
    """Four decimals where the cell shows fewer; nothing where it shows all."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    shown = {"percent": value * 100, "times": value, "money": value}.get(unit)
    if shown is None or round(shown, 2) == shown:
        return ""
    return f"{shown:.4f}{'%' if unit == 'percent' else '×' if unit == 'times' else ''}"


def written(unit: str, value: Any, settings: Settings) -> str:
    """Return a table's value as text; "—" for the unknown.

    >>> written("percent", 0.041, Settings()), written("text", None, Settings())
    ('4.1%', '—')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) == "NaT":
        return formatting.DASH
    if unit == "count" and abs(value) >= _WHOLE:
        value = round(value)
    if unit in formatting.FULL:
        return formatting.text(cast("metrics.Unit", unit), float(value), settings)
    if unit == "number":
        return formatting.count(float(value), settings)
    if hasattr(value, "strftime"):
        return f"{value.day} {value:%b %Y}"
    return str(value)


def to_json(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as JSON that a notebook can hold, to the last digit."""
    rows = sheet.flat()
    return {
        "title": sheet.title,
        "note": sheet.note,
        "units": dict(sheet.units),
        "labels": dict(sheet.labels),
        "columns": list(rows.columns),
        "dates": [c for c in rows.columns if rows[c].dtype.kind == "M"],
        "rows": [[_plain(v) for v in row] for row in rows.itertuples(index=False, name=None)],
    }


def from_json(shown: Mapping[str, Any]) -> Sheet:
    """Return the sheet that `to_json` wrote."""
    import pandas as pd

    frame: pd.DataFrame = pd.DataFrame(shown["rows"], columns=shown["columns"])
    for name in shown["dates"]:
        frame[name] = pd.to_datetime(frame[name])
    numeric = [c for c, unit in shown["units"].items() if unit in NUMBERS and c in frame]
    frame[numeric] = frame[numeric].apply(pd.to_numeric)
    return Sheet(shown["title"], frame, shown["units"], shown["labels"], shown["note"])


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return None if str(value) == "NaT" else value.isoformat()
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
