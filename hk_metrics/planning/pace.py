"""Pacing: how far a target is, how far it should be by now, and where the period will end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from hk_metrics.arguments import view_of
from hk_metrics.errors import HkMetricsError
from hk_metrics.metrics import parts
from hk_metrics.planning.forecast import Forecast, forecast
from hk_metrics.planning.targets import Target, read

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

_DAY = timedelta(days=1)
_COLUMNS = ("metric", "period", "brand", "campaign", "target", "actual", "by_now", "due",
           "forecast", "lower", "upper", "status", "tone", "reason")  # fmt: skip
# What each status means, and whether it is welcome.
_TONES: Mapping[str, str] = {
    "reached": "good", "on plan": "good", "open": "fair", "behind": "poor", "missed": "poor",
    "within budget": "good", "over budget": "poor", "not begun": "", "unknown": "",
}  # fmt: skip


def pacing(
    view: View | Dataset, targets: Iterable[Target | Mapping[str, Any]] | str, today: Any = None
) -> pd.DataFrame:
    """Return how far each target is (its unit), and where its period will end.

    Parameters
    ----------
    view
        A view or a dataset; its filters hold but for the dates, which are the targets' own.
    targets
        See `hk_metrics.planning.targets.read`.
    today
        The last day that is known; the data's last one without.

    Returns
    -------
    DataFrame
        One row per target: ``metric``, ``period``, ``brand``, ``campaign``, ``target``,
        ``actual`` (up to today), ``by_now`` (what the target asks for by today, by the share of
        days; of a ratio the target), ``due`` (of spend, the part that is not paid yet),
        ``forecast`` with ``lower`` and ``upper`` (90 %) for the end of the period, ``status`` (a
        word), ``tone`` (whether that is welcome), ``reason`` (why there is no forecast).

    Notes
    -----
    A status other than *open* is one that the whole interval bears.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=90, events=900)
    >>> wanted = [{"metric": "orders", "value": 10, "period": "2025-03"}]
    >>> pacing(data, wanted, "2025-03-31")["status"].tolist()
    ['reached']
    """
    import pandas as pd

    asked = view_of(view, "pacing()")
    rows = [_row(asked, target, _day(asked, today)) for target in read(targets)]
    rows = [{**row, "tone": _TONES[row["status"]]} for row in rows]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _day(view: View, today: Any) -> date | None:
    last = view.ledger.period[1] if view.ledger.period else None
    chosen = date.fromisoformat(str(today)[:10]) if today else last
    return min(chosen, last) if chosen and last else None


def _row(view: View, target: Target, today: date | None) -> dict[str, Any]:
    first, last = target.days
    facts: dict[str, Any] = {
        "metric": target.metric, "period": target.period, "brand": target.brand,
        "campaign": target.campaign, "target": target.value,
    }  # fmt: skip
    nothing = dict.fromkeys(("actual", "by_now", "due", "forecast", "lower", "upper"), np.nan)
    if today is None or first > today:
        when = "the period has not begun in the data" if today else "the data has no dates"
        return {**facts, **nothing, "status": "not begun", "reason": when}
    try:
        part = view.where({**target.filters, "date": None})
    except HkMetricsError as error:
        return {**facts, **nothing, "status": "unknown", "reason": str(error)}
    until = min(today, last)
    now = part.where(date=(first, until)).totals([target.metric, "spend_due"])
    ahead = _end(part, target.metric, first, until, last)
    share = ((until - first) / _DAY + 1) / ((last - first) / _DAY + 1)
    ratio = len(parts(target.metric)) > 1
    known = {
        "actual": float(now[target.metric]),
        "by_now": target.value if ratio else target.value * share,
        "due": float(now["spend_due"]) if target.metric == "spend" else np.nan,
        "forecast": ahead.value, "lower": ahead.lower, "upper": ahead.upper,
    }  # fmt: skip
    status = _status(target, ahead, known["actual"], over=until == last)
    return {**facts, **known, "status": status, "reason": ahead.reason}


def _end(view: View, metric: str, first: date, until: date, last: date) -> Forecast:
    """Return where a metric will stand at the end of a period, from all days up to today."""
    if reason := view.unavailable(metric):
        return Forecast(np.nan, np.nan, np.nan, reason)
    names = list(parts(metric))
    begin = view.ledger.period[0] if view.ledger.period else first
    days = view.where(date=(min(begin, first), until)).trend("D", names)
    days = days.asfreq("D").fillna(0.0)
    done = int((until - first) / _DAY) + 1
    past = days[names].to_numpy(np.float64).T
    return forecast(past, int((last - until) / _DAY), done=done)


def _status(target: Target, ahead: Forecast, actual: float, *, over: bool) -> str:
    """Return a word that the whole interval bears."""
    budget = target.metric == "spend"
    if not np.isfinite(actual):
        return "unknown"
    if over:
        held = actual <= target.value if budget else actual >= target.value
        words = ("within budget", "over budget") if budget else ("reached", "missed")
        return words[0 if held else 1]
    sums = target.metric != "roas"
    if sums and actual >= target.value:
        return "over budget" if budget else "reached"
    if not np.isfinite(ahead.lower):
        return "unknown"
    if budget:
        within, beyond = ahead.upper <= target.value, ahead.lower > target.value
        return "within budget" if within else "over budget" if beyond else "open"
    return (
        "on plan" if ahead.lower >= target.value
        else "behind" if ahead.upper < target.value else "open"
    )  # fmt: skip
