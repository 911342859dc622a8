"""What a page cannot show for want of data: the reason in the place of the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hk_metrics.figures import Chart, label_of
from hk_metrics.ui.parts.panels import Key
from hk_metrics.view import Query, View

if TYPE_CHECKING:
    import pandas as pd


def collected(view: View, queries: Mapping[Key, Query]) -> dict[Key, pd.DataFrame]:
    """Return the answers to queries in one pass.

    A breakdown by a dimension that the data does not have is empty and says so, as a metric does
    that cannot be told.
    """
    there = {k: q for k, q in queries.items() if not set(q.by) - set(view.dimensions)}
    answers: dict[Any, pd.DataFrame] = view.collect(there)  # type: ignore[arg-type]
    return answers | {k: _unnamed(q, view) for k, q in queries.items() if k not in there}


def _unnamed(query: Query, view: View) -> pd.DataFrame:
    import pandas as pd

    index = pd.MultiIndex.from_arrays([[] for _ in query.keys], names=query.keys)
    frame = pd.DataFrame(columns=list(query.metrics), index=index, dtype=float)
    if len(query.keys) == 1:
        frame.index = pd.Index([], dtype=object, name=query.keys[0])
    missing = [label_of(d).lower() for d in query.by if d not in view.dimensions]
    reason = f"the data names no {' and no '.join(missing)}"
    frame.attrs = {"unavailable": dict.fromkeys(query.metrics, reason), "estimated": []}
    return frame


def because(drawn: Chart, why: str) -> Chart:
    """Return a chart that says why it is empty, where it is and that is known."""
    return replace(drawn, empty=why) if drawn.empty and why else drawn
