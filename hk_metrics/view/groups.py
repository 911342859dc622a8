"""Groups: what a query collected, as an index and one array of sums per column."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hk_metrics.ledger.events import Frame
from hk_metrics.ledger.posts import POST_MEASURES
from hk_metrics.view.filters import NONE
from hk_metrics.view.query import FREQUENCIES, Freq, Query

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import polars as pl
    from numpy.typing import NDArray

    from hk_metrics.view.query import Floats

Span = tuple[date | None, date | None]

_COUNTS = (*POST_MEASURES, "orders", "returned")
# To which the ledger's sums are those of the tables.
_ROUNDING = 1e-9


def collect_all(frames: list[Frame]) -> list[pl.DataFrame]:
    """Compute frames together, so that what they share is computed once."""
    if frames and all(f.implementation.is_polars() for f in frames):
        import polars as pl

        return pl.collect_all([f.to_native() for f in frames])
    return [f.collect().to_polars() for f in frames]


def grouped(
    frames: list[pl.DataFrame], query: Query, span: Span
) -> tuple[pd.Index, dict[str, Floats]]:
    """Bring the frames of one query together.

    Parameters
    ----------
    frames
        One row per group each: the sums, and the distinct users where a query counts them.
    query
        What was asked.
    span
        First and last day that a trend must show; None for those of the rows.

    Returns
    -------
    index
        The values of the breakdown in the order of their names, or periods without gaps.
    sums
        Column → one value per group; 0 where a frame lacks the group.
    """
    index, sums = _read(frames[0], query)
    for frame in frames[1:]:
        groups, counts = _read(frame, query)
        sums |= _placed(counts, index.get_indexer(groups), len(index))
    if query.freq and not query.by and len(index):
        every = _every(index, query.freq, span)
        return every, _placed(sums, every.get_indexer(index), len(every))
    return index, sums


def _read(frame: pl.DataFrame, query: Query) -> tuple[pd.Index, dict[str, Floats]]:
    import numpy as np
    import pandas as pd

    if query.freq:
        frame = frame.filter(frame["date"].is_not_null())
    sums = {c: frame[c].to_numpy().astype(np.float64) for c in frame.columns if c not in query.keys}
    sums |= {c: whole(sums[c]) for c in _COUNTS if c in sums}
    if not query.keys:
        return pd.RangeIndex(len(frame)), {c: np.nan_to_num(total) for c, total in sums.items()}
    levels = [_labels(frame[dimension]) for dimension in query.by]
    ranks: list[NDArray[Any]] = [level.astype(str) for level in levels]
    if query.freq:
        days = frame["date"].to_numpy()
        levels, ranks = [days, *levels], [days, *ranks]
    order = np.lexsort(ranks[::-1])
    levels = [level[order] for level in levels]
    return _index(levels, query), {c: column[order] for c, column in sums.items()}


def whole(counts: Floats) -> Floats:
    """Return sums of counts, whole where nothing but rounding keeps them from it.

    What is split and summed again misses the whole by a rounding, and by another one in the next
    run, for parts are added in whatever order they are done.

    >>> import numpy as np
    >>> whole(np.array([21.999999999999982, 8.144444]))
    array([22.      ,  8.144444])
    """
    import numpy as np

    nearest = np.rint(counts)
    return np.where(np.abs(counts - nearest) <= _ROUNDING * np.abs(counts), nearest, counts)


def _labels(column: pl.Series) -> NDArray[np.object_]:
    import numpy as np

    labels = np.empty(len(column), dtype=object)
    labels[:] = [NONE if v is None or v != v else v for v in column.to_list()]
    return labels


def _index(levels: list[NDArray[Any]], query: Query) -> pd.Index:
    import pandas as pd

    if len(levels) > 1:
        return pd.MultiIndex.from_arrays(levels, names=query.keys)
    (level,), (name,) = levels, query.keys
    return (
        pd.DatetimeIndex(level, name=name)
        if query.freq
        else pd.Index(level, dtype=object, name=name)
    )


def _placed(sums: dict[str, Floats], places: NDArray[np.intp], groups: int) -> dict[str, Floats]:
    import numpy as np

    placed = {c: np.zeros(groups) for c in sums}
    known = places >= 0
    for c, column in sums.items():
        placed[c][places[known]] = column[known]
    return placed


def _every(index: pd.Index, freq: Freq, span: Span) -> pd.DatetimeIndex:
    """Return every period from the first to the last."""
    import pandas as pd

    first = pd.Timestamp(span[0]) if span[0] else index[0]
    last = pd.Timestamp(span[1]) if span[1] else index[-1]
    if freq == "W":
        first -= pd.Timedelta(days=first.weekday())
    if freq == "M":
        first = first.replace(day=1)
    return pd.date_range(first, last, freq=FREQUENCIES[freq], name="date")
