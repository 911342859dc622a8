"""Results in the library that is asked for: pandas, or Polars with the index as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from hk_metrics.errors import UnknownNameError
from hk_metrics.interchange import to_polars
from hk_metrics.results.presentation import Presentation

if TYPE_CHECKING:
    import pandas as pd

Output = Literal["pandas", "polars"]
_OUTPUTS = ("pandas", "polars")


def given_as(result: Any, output: Output, presentation: Presentation) -> Any:
    """Return a pandas result that says and draws itself, or Polars: index as columns, null for no
    number.

    Raises
    ------
    UnknownNameError
        For another library.
    """
    if output not in _OUTPUTS:
        raise UnknownNameError.of("output", output, _OUTPUTS)
    if output == "pandas":
        from hk_metrics.results.result import Result, Totals

        return (
            Result.of(result, presentation) if result.ndim == 2 else Totals.of(result, presentation)
        )
    frame: pd.DataFrame = result.to_frame().T if result.ndim == 1 else result
    named = any(name is not None for name in frame.index.names)
    return to_polars(frame.reset_index() if named else frame)
