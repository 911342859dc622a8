"""The ranking of a view's influencers, worked out once per change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hk_metrics.ui.memory import answered, remembered

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View


def ranking(view: View) -> tuple[pd.DataFrame | None, str]:
    """Return `hk_metrics.rank` of a view by ROAS, or why nobody can be ranked."""
    from hk_metrics.ranking import rank

    return remembered(view, "rank", lambda: answered(lambda: rank(view, "roas")))
