"""Everything about a view as one workbook: totals, every breakdown, every day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hk_metrics.metrics import METRICS
from hk_metrics.present.table import Table
from hk_metrics.present.xlsx import xlsx_bytes
from hk_metrics.view import Query
from hk_metrics.wording import sentences

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

_MOST_VALUES = 100_000  # of one dimension: more is for CSV, not for a spreadsheet


def sheets(view: View, lift: str = "") -> list[Table]:
    """Return the totals, a sheet per dimension and the days of a view.

    Parameters
    ----------
    view
        Any filters; all its metrics.
    lift
        What people call the method of its lift.
    """
    dims = [d for d in view.dimensions if d not in ("name", "organic")]
    plan = {
        "Totals": Query(tuple(view.metrics)),
        **{d: Query((), (d,)) for d in dims},
        "By day": Query(freq="D"),
    }
    found = [_sheet(view, key, frame, lift) for key, frame in view.collect(plan).items()]
    notes = view.pinned_notes()
    return [*found, _notes(notes)] if len(notes) else found


def _notes(notes: pd.DataFrame) -> Table:
    """Return the team's notes on days."""
    labels = {"number": "Number", "day": "Day", "note": "Note", "brand": "Brand", "by": "By"}
    return Table("Notes", notes, {"number": "count", "day": "date"}, labels)


def _sheet(view: View, key: str, frame: pd.DataFrame, lift: str) -> Table:
    from hk_metrics.figures import label_of

    shown = frame.head(_MOST_VALUES)
    if key == "influencer_id" and "name" in view.dimensions:
        pairs = view.by([key, "name"], ["revenue"]).index
        names = dict(pairs.tolist())
        shown = shown.copy()
        shown.insert(0, "name", [names.get(i, "") for i in shown.index])
    units: dict[str, str] = {}
    labels: dict[str, str] = {}
    for column in map(str, shown.columns):
        name = column.removesuffix("_lower").removesuffix("_upper")
        if name in METRICS:
            end = {"_lower": ", at least", "_upper": ", at most"}.get(column.removeprefix(name), "")
            units[column], labels[column] = METRICS[name].unit, METRICS[name].label + end
    method = frame.attrs.get("lift", {}).get("method", "")
    if view.estimate:
        name = lift or method.replace("_", " ") or "not told"
        labels = {c: t.replace("(assumed)", f"({name})") for c, t in labels.items()}
    return Table(
        key if key in ("Totals", "By day") else f"By {label_of(key).lower()}",
        shown,
        units,
        {**labels, key: label_of(key), "name": "Name"},
        sentences(frame.attrs["unavailable"], list(frame.columns)),
        settings=view.ledger.settings,
    )


def workbook(view: View, about: Mapping[str, Any] | None = None) -> bytes:
    """Return everything about a view as an Excel workbook.

    Parameters
    ----------
    view
        Any filters.
    about
        What the first sheet says above the definitions: dataset, period, filters …

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> workbook(data.view())[:2]
    b'PK'
    """
    return xlsx_bytes(sheets(view), about)
