"""What a decision for now rests on: the last year of data, whatever period is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hk_metrics.view import View

_DAYS = 365


def recent(view: View, until: date | None = None) -> View:
    """Return a view of the year up to a day, under the same filters.

    A month alone bears few decisions: most influencers post a few times in it.

    Parameters
    ----------
    view
        A view, of any period.
    until
        The last day; the last of the data where absent.

    Returns
    -------
    View
        Without a period where the data has no earlier day, so that undated spend stays in it.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=60, events=500)
    >>> recent(data.view(date="2025-01")).filters
    {}
    >>> recent(data.view(), date(2024, 6, 30)).filters["date"]
    (datetime.date(2024, 6, 30), datetime.date(2024, 6, 30))
    """
    others = {n: v for n, v in view.filters.items() if n != "date"}
    whole, known = replace(view, filters=others), view.ledger.period
    if known is None:
        return whole
    end = min(until or known[1], known[1])
    first = end - timedelta(days=_DAYS - 1)
    if first <= known[0] and end == known[1]:
        return whole
    # Of a day before all data, that day, on which nothing rests.
    return whole.where(date=(min(max(first, known[0]), end), end))
