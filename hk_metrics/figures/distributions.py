"""How values are distributed over things."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hk_metrics.figures.axes import layout, line_at, value_axis
from hk_metrics.figures.categories import NO_DATA
from hk_metrics.figures.chart import Chart, Trace, lacking, safe
from hk_metrics.figures.palette import ACCENT, POOR
from hk_metrics.formatting import is_known, text
from hk_metrics.metrics import Unit
from hk_metrics.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_BINS = 24
_MANY = 50
_GATHERED = 0.98


def histogram(
    values: Sequence[float] | pd.Series[float],
    *,
    unit: Unit,
    label: str,
    settings: Settings,
    mark: float | None = None,
    mark_text: str = "",
    title: str = "",
    what: str = "influencers",
) -> Chart:
    """Return how many things have which value; those left of the mark in the colour of a loss.

    Of more than 50 values the top 2 % are gathered in the last bar, so that one outlier does not
    flatten the rest.
    """
    import numpy as np
    import pandas as pd

    title = title or f"Distribution of {label.lower()}"
    known = np.array([v for v in values if is_known(v)], dtype=float)
    if not len(known):
        return Chart([], title=title, empty=_lack(values) or NO_DATA)
    edges = edges_of(known, mark)
    heights, edges = np.histogram(np.clip(known, edges[0], edges[-1]), edges)
    low_high = [tuple(text(unit, e, settings, "tick") for e in pair) for pair in pairwise(edges)]
    spans = [f"{low} to {high}" for low, high in low_high]
    counted = what.capitalize()
    tallest = heights.max() * (1.12 if mark_text else 1.0)  # the mark's word stands above the bars
    return Chart(
        data=[_bars(edges, heights, spans, mark, what)],
        layout=layout(
            xaxis={
                **value_axis(edges, unit, settings, from_zero=False),
                "showgrid": False,
                "title": {"text": label},
            },
            yaxis={**value_axis([tallest, 1], "count", settings), "title": {"text": counted}},
            bargap=0,
            shapes=[] if mark is None else [line_at(mark, "x")],
            annotations=[] if mark is None or not mark_text else [_word_at(mark, mark_text)],
        ),
        title=title,
        table=pd.DataFrame({label: spans, counted: heights.tolist()}),
        units={counted: "count"},
    )


def _lack(values: object) -> str:
    """Return why a metric's column has no values, where the view that made it says so."""
    return lacking(values, [str(getattr(values, "name", ""))])


def edges_of(known: NDArray[np.float64], mark: float | None) -> NDArray[np.float64]:
    """Return the edges of equal bars over the values, one of them at the mark.

    >>> import numpy as np
    >>> edges = edges_of(np.array([-1.0, 0.5, 1.0, 2.0, 3.0]), 0.0)
    >>> bool(np.isclose(edges, 0.0).any())
    True
    """
    import numpy as np

    top = float(np.quantile(known, _GATHERED)) if len(known) > _MANY else float(known.max())
    low = min(float(known.min()), top if mark is None else mark)
    bars = min(_BINS, max(4, len(known) // 2))
    edges = np.linspace(low, max(top, low + 1e-9), bars + 1)
    if mark is None or not low < mark < top:
        return edges
    edges = edges + (mark - edges[np.abs(edges - mark).argmin()])
    step = edges[1] - edges[0]
    before = [edges[0] - step] if edges[0] > low else []
    return np.concatenate([before, edges])


def _bars(
    edges: NDArray[np.float64],
    heights: NDArray[np.int64],
    spans: list[str],
    mark: float | None,
    what: str,
) -> Trace:
    middles = (edges[:-1] + edges[1:]) / 2
    return {
        "type": "bar",
        "x": middles.tolist(),
        "y": heights.tolist(),
        "width": (edges[1:] - edges[:-1]).tolist(),
        "marker": {
            "color": [POOR if mark is not None and m < mark else ACCENT for m in middles],
            "line": {"width": 1.5, "color": "var(--surface)"},
        },
        "customdata": spans,
        "hovertemplate": f"%{{customdata}}<br>%{{y}} {what}<extra></extra>",
    }


def _word_at(mark: float, word: str) -> dict[str, Any]:
    return {
        "x": mark,
        "y": 1,
        "yref": "paper",
        "text": safe(word),
        "showarrow": False,
        "xanchor": "left",
        "xshift": 4,
        "yanchor": "top",
    }
