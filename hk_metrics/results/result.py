"""pandas that says and draws itself as the dashboard does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from numbers import Real
from typing import TYPE_CHECKING, Any

import pandas as pd

from hk_metrics.errors import InsufficientDataError, UnknownNameError
from hk_metrics.figures import Chart, pinned
from hk_metrics.formatting import text
from hk_metrics.metrics import METRICS, Unit
from hk_metrics.results.charts import CHARTS, totals_chart
from hk_metrics.results.presentation import Presentation
from hk_metrics.wording import ObjectSummary

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Rows that a result takes of a screen, with heading and what is left out ten lines.
_SHOWN = 7
_WIDEST = 30
_ACROSS = 120


class Result(pd.DataFrame):
    """A pandas frame of numbers that reads as people read them, and draws itself.

    Everything of pandas works; what is computed from it is a plain frame, since only the numbers
    as they were returned are known to be money, counts or rates. Choosing rows or columns keeps it.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=30, events=500)
    >>> found = data.view().by("platform")
    >>> type(found).__name__, type(found * 2).__name__
    ('Result', 'DataFrame')
    """

    _metadata = ["presentation"]  # noqa: RUF012 - pandas' own name and type
    presentation: Presentation

    @classmethod
    def of(cls, frame: pd.DataFrame, presentation: Presentation) -> Result:
        """Return a frame with what is to be said of it."""
        made = cls(frame)
        made.attrs = frame.attrs
        made.presentation = presentation
        return made

    @property
    def _constructor(self) -> Any:
        return pd.DataFrame

    def _kept(self, found: Any) -> Any:
        return Result.of(found, self.presentation) if type(found) is pd.DataFrame else found

    def __repr__(self) -> str:
        worded = _fitting(self._worded(_WIDEST))
        shown = worded.to_string(max_colwidth=_WIDEST, line_width=None)
        return "\n".join([shown, *self._rest(len(worded.columns))])

    def _repr_html_(self) -> str:
        rest = "".join(f"<p>{line}</p>" for line in self._rest(len(self.columns)))
        return str(self._worded(None).to_html(border=0, notebook=True)) + rest

    def _rest(self, columns: int) -> list[str]:
        """Return a line on what is not shown; none where everything is."""
        over, beside = len(self) - _SHOWN, len(self.columns) - columns
        parts = [
            f"{over:,} more of {len(self):,} rows" if over > 0 else "",
            f"{beside} more of {len(self.columns)} columns" if beside else "",
        ]
        listed = ", ".join(filter(None, parts))
        return [f"… {listed}: .to_string()"] if listed else []

    def _worded(self, widest: int | None) -> pd.DataFrame:
        """Return the first rows with every number in words of its unit."""
        head = pd.DataFrame(self).head(_SHOWN)
        columns = [
            [self._word(v, self._unit(name, row), widest) for row, v in head.iloc[:, n].items()]
            for n, name in enumerate(head.columns)
        ]
        index = head.index
        if isinstance(index, pd.DatetimeIndex):
            index = pd.Index(index.strftime("%Y-%m-%d"), name=index.name)
        worded = pd.DataFrame(dict(enumerate(columns)), index=index, dtype=object)
        return worded.set_axis(head.columns, axis=1)

    def _unit(self, column: object, row: object) -> Unit | None:
        """Return the unit of a cell: its column's, or its row's where metrics stand in rows."""
        if self.index.name == "factor" and column in ("previous", "current"):
            return self.presentation.unit(str(row))
        in_rows = self.presentation.kind == "comparison" and column != "change_pct"
        return self.presentation.unit(str(row if in_rows else column))

    def _word(self, value: Any, unit: Unit | None, widest: int | None) -> str:
        if value is None or value is pd.NaT or value != value:
            return "—"
        if unit and isinstance(value, Real) and not isinstance(value, bool):
            return text(unit, float(value), self.presentation.settings)
        if isinstance(value, float):
            return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
        shown = str(value)
        return f"{shown[: widest - 1]}…" if widest and len(shown) > widest else shown

    @property
    def plot(self) -> Callable[..., go.Figure]:  # type: ignore[override]
        """Draw the result: ``.plot()``, ``.plot("roas")``; the dashboard's own figure, in plotly.

        Takes the names of metrics (or of a column) to draw, and ``limit``, the most bars. Returns
        a `plotly.graph_objects.Figure`.
        """
        return self._drawn

    def _drawn(self, *metrics: str, limit: int = 20) -> go.Figure:
        return self.chart(*metrics, limit=limit).figure(self.presentation.settings)

    def chart(self, *metrics: str, limit: int = 20) -> Chart:
        """Return the figure as plain data, with its numbers as a table.

        Raises
        ------
        UnknownNameError
            For a column that the result does not have.
        ParameterError
            For columns that are no numbers.
        InsufficientDataError
            If there is nothing to draw; says why.
        """
        for name in metrics:
            if name not in self.columns:
                raise UnknownNameError.of("column of this result", name, self.columns)
        frame = pd.DataFrame(self)
        frame.attrs = self.attrs
        made = CHARTS[self.presentation.kind](frame, self.presentation, metrics, limit)
        if made.empty:
            raise InsufficientDataError(f"nothing can be drawn here: {made.empty}")
        return pinned(made, self.presentation.notes)


def _fitting(worded: pd.DataFrame) -> pd.DataFrame:
    """Return the columns, from the left, that a screen has room for."""
    levels = [worded.index.get_level_values(n) for n in range(worded.index.nlevels)]
    room = _ACROSS - sum(max((len(str(v)) for v in level), default=0) + 2 for level in levels)
    kept = 0
    for n, name in enumerate(worded.columns):
        room -= 2 + max([len(str(name)), *(len(v) for v in worded.iloc[:, n])])
        if room < 0 and kept:
            break
        kept += 1
    return worded.iloc[:, :kept]


def _keeping(name: str) -> Callable[..., Any]:
    """Return a method of pandas that chooses or orders rows, its answer a result again."""
    method = getattr(pd.DataFrame, name)

    @wraps(method)
    def chosen(self: Result, *args: Any, **options: Any) -> Any:
        return self._kept(method(self, *args, **options))

    return chosen


for _name in (
    "__getitem__",
    "head",
    "tail",
    "nlargest",
    "nsmallest",
    "sort_values",
    "sort_index",
    "query",
):
    setattr(Result, _name, _keeping(_name))


class Totals(pd.Series):
    """A pandas series of totals that reads as people read them, the essential ones first."""

    _metadata = ["presentation"]  # noqa: RUF012 - pandas' own name and type
    presentation: Presentation

    @classmethod
    def of(cls, totals: pd.Series[float], presentation: Presentation) -> Totals:
        """Return totals with what is to be said of them."""
        made = cls(totals)
        made.attrs = totals.attrs
        made.presentation = presentation
        return made

    @property
    def _constructor(self) -> Any:
        return pd.Series

    @property
    def _constructor_expanddim(self) -> Any:
        return pd.DataFrame

    def __repr__(self) -> str:
        return self._card.text()

    def _repr_html_(self) -> str:
        return self._card.html()

    @property
    def _card(self) -> ObjectSummary:
        shown = {}
        for name, value in list(self.items())[:_SHOWN]:
            unit = self.presentation.unit(str(name))
            word = text(unit, float(value), self.presentation.settings) if unit else str(value)
            shown[METRICS[str(name)].label if str(name) in METRICS else str(name)] = word
        if len(self) > _SHOWN:
            shown["…"] = f"{len(self) - _SHOWN} more of {len(self)}: .to_frame()"
        return ObjectSummary("Totals", shown)

    @property
    def plot(self) -> Callable[..., go.Figure]:  # type: ignore[override]
        """Draw totals of one unit as bars: ``view.totals(["revenue", "spend"]).plot()``."""
        return self._drawn

    def _drawn(self, *metrics: str) -> go.Figure:
        chosen = self[list(metrics)] if metrics else self
        chart = totals_chart(pd.Series(chosen), self.presentation)
        return chart.figure(self.presentation.settings)
