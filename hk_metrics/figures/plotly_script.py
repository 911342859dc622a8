"""plotly.js for a page: a third of it draws what charts here are made of, the whole all else.

The light bundle is plotly.js's own "cartesian" one (MIT, its licence beside it); the whole is what
the package ``plotly`` brings. Either puts ``Plotly`` on the window, with ``react``, ``purge`` and,
on what it has drawn, ``on``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

LIGHT = Path(__file__).parent / "script" / "plotly-cartesian.min.js"
_TRACES = frozenset(
    ("bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour", "image",
     "pie", "scatter", "scatterternary", "violin")
)  # fmt: skip
_WHOLE = "package_data/plotly.min.js"


def whole() -> Path:
    """Return where the package ``plotly`` keeps all of plotly.js, without importing it.

    Raises
    ------
    ModuleNotFoundError
        Where it is not installed.
    """
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly is not installed; run: pip install plotly")
    return Path(spec.submodule_search_locations[0]) / _WHOLE


def needs_whole(traces: Iterable[Mapping[str, Any]]) -> bool:
    """Whether some trace is of a kind that the light bundle cannot draw.

    >>> needs_whole([{"type": "bar"}, {"x": [1]}]), needs_whole([{"type": "sankey"}])
    (False, True)
    """
    return any(trace.get("type", "scatter") not in _TRACES for trace in traces)
