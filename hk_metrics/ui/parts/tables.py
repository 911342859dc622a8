"""Tables: frames of metrics with headings that explain themselves, sorted, searched, exported."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hk_metrics.figures import label_of, lacking
from hk_metrics.metrics import METRICS
from hk_metrics.ui.parts.cards import explanation
from hk_metrics.ui.parts.components import Table
from hk_metrics.ui.parts.glossary import meaning
from hk_metrics.ui.parts.panels import Answers, Panel
from hk_metrics.view import Query

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.export.sheet import Sheet


@dataclass(frozen=True)
class Grid:
    """A table for the page.

    Parameters
    ----------
    frame
        Rows; columns in their order. Values as they are: fractions, money, text.
    title, subtitle, note
        Words around it.
    units
        Column → unit; text where not named.
    labels
        Column → heading; the column's own name where not named.
    explain
        Column → what its heading explains.
    keys, pick
        Value per row and its dimension, where a click on a row narrows the page to it.
    order
        Column to sort by at first, and whether ascending; rows as they come where None.
    tones
        Column → value → tone, for words shown as labels.
    paper
        Whether it is also handed out as PDF.
    """

    frame: pd.DataFrame
    title: str
    subtitle: str = ""
    note: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    explain: Mapping[str, Any] = field(default_factory=dict)
    keys: Sequence[object] = ()
    pick: str = ""
    order: tuple[str, bool] | None = None
    length: int = 12
    tones: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    paper: bool = False

    def payload(self) -> dict[str, Any]:
        """Return what the page needs to draw it, without NaN."""
        names = [str(c) for c in self.frame.columns]
        rows = zip(*(map(_plain, self.frame[c].tolist()) for c in self.frame.columns), strict=True)
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "note": self.note,
            "columns": [self._column(n) for n in names],
            "rows": [list(r) for r in rows],
            "keys": [str(k) for k in self.keys],
            "pick": self.pick,
            "length": self.length,
            "paper": self.paper,
            "order": [[names.index(self.order[0]), "asc" if self.order[1] else "desc"]]
            if self.order and self.order[0] in names
            else [],
        }

    def _column(self, name: str) -> dict[str, Any]:
        label = self.labels.get(name, name)
        return {
            "label": label,
            "unit": self.units.get(name, "text"),
            "explain": self.explain.get(name) or meaning(label),
            "tones": self.tones.get(name),
        }

    def sheet(self) -> Sheet:
        """Return the table as what leaves the program."""
        from hk_metrics.export.sheet import Sheet

        note = " ".join(n for n in (self.subtitle, self.note) if n)
        rows = self.frame.reset_index(drop=True)
        return Sheet(self.title, rows, dict(self.units), dict(self.labels), note)  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) or math.isinf(value) else value
    if value is None or isinstance(value, str | int | bool):
        return value
    if value != value:  # NaT, NA
        return None
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)


def table(
    draw: Callable[[Answers], Grid],
    *asks: Query,
    span: int = 12,
    wrap: bool = False,
    compares: bool = False,
    late: bool = False,
) -> Panel:
    """Return a panel with a table."""
    widget = Table(wrap=wrap)
    widget.add_class(f"hk-span-{span}")

    def show(answers: Answers) -> None:
        widget.grid = draw(answers)
        widget.table = widget.grid.payload()

    return Panel(widget, show, asks, compares, late)


def breakdown(
    answers: Answers, dimension: str, metrics: Sequence[str], *, title: str = "", **options: Any
) -> Grid:
    """Return a table of metrics by a dimension; every heading explains its metric."""
    frame = answers.by(dimension)
    known = [m for m in metrics if m in frame and not frame[m].isna().all()]
    names = answers.catalog.names if dimension == "influencer_id" else {}
    shown = frame[known].copy()
    label = label_of(dimension)
    shown.insert(0, dimension, [names.get(str(v), str(v)) for v in frame.index])
    return Grid(
        shown,
        title or f"By {label.lower()}",
        note=lacking(frame, metrics),
        units={m: METRICS[m].unit for m in known},
        labels={dimension: label, **{m: METRICS[m].label for m in known}},
        explain={m: explanation(m, answers, dimension) for m in known},
        keys=list(frame.index),
        pick=dimension,
        **options,
    )
