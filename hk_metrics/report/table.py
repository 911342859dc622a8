"""A table of the letter: HTML for the reader, and its numbers for the files made from it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hk_metrics.export import Sheet, safe
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

SHEET = "application/vnd.hk-metrics.sheet+json"
_NUMBERS = ("money", "count", "percent", "times", "number")


@dataclass(frozen=True, eq=False)
class Table:
    """A sheet as a notebook shows it.

    Parameters
    ----------
    sheet
        Its numbers.
    settings
        How they are written.
    heading
        Whether the title stands above it.
    links
        Column → column that holds its address; only addresses that may be clicked become links.
    rows
        How many are shown; the files have all.
    """

    sheet: Sheet
    settings: Settings
    heading: bool = True
    links: Mapping[str, str] = field(default_factory=dict)
    rows: int = 50

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), SHEET: to_json(self.sheet)}

    def _repr_html_(self) -> str:
        rows = self.sheet.flat()
        shown = [c for c in rows.columns if c not in self.links.values()]
        head = "".join(self._heading_cell(c) for c in shown)
        body = "".join(
            f"<tr>{''.join(self._cell(c, row) for c in shown)}</tr>"
            for row in rows.head(self.rows).to_dict("records")
        )
        title = f"<h2>{safe.markup(self.sheet.title)}</h2>" if self.heading else ""
        note = self._note(len(rows))
        return (
            f'<section class="table">{title}<div class="scroll" tabindex="0" role="region" '
            f'aria-label="{safe.markup(self.sheet.title)}"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>{note}</section>"
        )

    def _heading_cell(self, column: str) -> str:
        label = safe.markup(self.sheet.labels.get(column, column))
        kind = ' class="n"' if self.sheet.units.get(column) in _NUMBERS else ""
        return f'<th scope="col"{kind}>{label}</th>'

    def _cell(self, column: str, row: Mapping[Any, Any]) -> str:
        value, unit = row[column], self.sheet.units.get(column, "text")
        if unit in _NUMBERS:
            return f'<td class="n">{safe.markup(written(unit, value, self.settings))}</td>'
        said = written(unit, value, self.settings)
        if column in self.links:
            return f"<td>{safe.anchor(row[self.links[column]], said)}</td>"
        return f"<td>{safe.markup(said)}</td>"

    def _note(self, length: int) -> str:
        more = f"{self.rows} of {length} rows; the files have all." if length > self.rows else ""
        said = " ".join(s for s in (self.sheet.note, more) if s)
        return f'<p class="note">{safe.markup(said)}</p>' if said else ""


def written(unit: str, value: Any, settings: Settings) -> str:
    """Return a table's value as text; "—" for the unknown.

    >>> written("percent", 0.041, Settings()), written("text", None, Settings())
    ('4.1%', '—')
    """
    from hk_metrics import formatting

    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) == "NaT":
        return formatting.DASH
    if unit in formatting.FULL:
        return formatting.text(unit, float(value), settings)
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
    numeric = [c for c, unit in shown["units"].items() if unit in _NUMBERS and c in frame]
    frame[numeric] = frame[numeric].apply(pd.to_numeric)
    return Sheet(shown["title"], frame, shown["units"], shown["labels"], shown["note"])


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return None if str(value) == "NaT" else value.isoformat()
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
