"""Results as users get them: pandas that says and draws itself as the dashboard does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.results.presentation import Presentation
    from hk_metrics.results.result import Result


def as_result(frame: pd.DataFrame, presentation: Presentation) -> Result:
    """Return a frame as one that says and draws itself; pandas and figures load when first used."""
    from hk_metrics.results.result import Result

    return Result.of(frame, presentation)
