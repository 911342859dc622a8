"""Results in the library that is asked for: pandas, or Polars with the index as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from hk_metrics.errors import UnknownNameError
from hk_metrics.interchange import to_polars
from hk_metrics.results.presentation import Presentation

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from hk_metrics.results.result import Result, Totals

Output = Literal["pandas", "polars"]
_OUTPUTS = ("pandas", "polars")


@overload
def given_as(
    result: pd.DataFrame, output: Output, presentation: Presentation
) -> Result | pl.DataFrame: ...
@overload
def given_as(
    result: pd.Series[float], output: Output, presentation: Presentation
) -> Totals | pl.DataFrame: ...
def given_as(
    result: pd.DataFrame | pd.Series[float], output: Output, presentation: Presentation
) -> Result | Totals | pl.DataFrame:
    """Return a pandas result that says and draws itself, or Polars: index as columns, null for no
    number.

    Raises
    ------
    UnknownNameError
        For another library.
    """
    import pandas as pd

    if output not in _OUTPUTS:
        raise UnknownNameError.of("output", output, _OUTPUTS)
    if output == "pandas":
        from hk_metrics.results.result import Result, Totals

        return (
            Result.of(result, presentation)
            if isinstance(result, pd.DataFrame)
            else Totals.of(result, presentation)
        )
    frame = result if isinstance(result, pd.DataFrame) else result.to_frame().T
    named = any(name is not None for name in frame.index.names)
    return to_polars(frame.reset_index() if named else frame)
