"""Results in the library that is asked for: pandas, or Polars with the index as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from hk_metrics.errors import UnknownNameError
from hk_metrics.interchange import to_polars

if TYPE_CHECKING:
    import pandas as pd

Output = Literal["pandas", "polars"]
_OUTPUTS = ("pandas", "polars")


def given_as(result: Any, output: Output) -> Any:
    """Return a pandas result as it is, or as Polars: index as columns, null for no number.

    Raises
    ------
    UnknownNameError
        For another library.
    """
    if output not in _OUTPUTS:
        raise UnknownNameError.of("output", output, _OUTPUTS)
    if output == "pandas":
        return result
    frame: pd.DataFrame = result.to_frame().T if result.ndim == 1 else result
    named = any(name is not None for name in frame.index.names)
    return to_polars(frame.reset_index() if named else frame)
