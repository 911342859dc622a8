"""Whether methods agree: estimates of the same unit, beyond what their intervals allow."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def disagreements(*frames: pd.DataFrame) -> pd.Series[str]:
    """Return a sentence for each unit on which methods disagree beyond their intervals.

    Parameters
    ----------
    frames
        Results of `lift` by different methods for the same units.

    Returns
    -------
    Series
        Index = units; empty text where methods agree or fewer than two answer.

    Notes
    -----
    Two methods disagree where their intervals do not touch; a method without an interval counts
    with its estimate. Agreement does *not* make them right: assumptions may fail together.

    Examples
    --------
    >>> import pandas as pd
    >>> one = pd.DataFrame({"estimate": [5.0], "lower": [4.0], "upper": [6.0], "method": "a"})
    >>> two = pd.DataFrame({"estimate": [8.0], "lower": [7.0], "upper": [9.0], "method": "b"})
    >>> disagreements(one, two)[0]
    'a (4–6) and b (7–9) disagree beyond their intervals: at least one assumption does not hold.'
    """
    import pandas as pd

    units = list(dict.fromkeys(unit for frame in frames for unit in frame.index))
    sentences = dict.fromkeys(units, "")
    for unit in units:
        answers = [frame.loc[unit] for frame in frames if unit in frame.index]
        known = [a for a in answers if a["estimate"] == a["estimate"]]
        apart = [pair for pair in combinations(known, 2) if _apart(*pair)]
        if apart:
            sentences[unit] = " ".join(_sentence(*pair) for pair in apart)
    return pd.Series(sentences, dtype=object)


def _ends(answer: pd.Series) -> tuple[float, float]:
    estimate = float(answer["estimate"])
    has_interval = answer["lower"] == answer["lower"]
    return (float(answer["lower"]), float(answer["upper"])) if has_interval else (estimate,) * 2


def _apart(one: pd.Series, other: pd.Series) -> bool:
    (low, high), (other_low, other_high) = _ends(one), _ends(other)
    return high < other_low or other_high < low


def _sentence(one: pd.Series, other: pd.Series) -> str:
    names = [f"{a['method']} ({_span(*_ends(a))})" for a in (one, other)]
    return (
        f"{names[0]} and {names[1]} disagree beyond their intervals: at least one assumption does "
        "not hold."
    )


def _span(low: float, high: float) -> str:
    return f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"
