"""What became of an action: its rows since it was accepted, beside as many days before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.metrics import METRICS
from hk_metrics.wording import counted, uncapped

if TYPE_CHECKING:
    from hk_metrics.view import View

_DAY = timedelta(days=1)
# Kind of action → what is to be seen of it.
_SHOWN: Mapping[str, tuple[str, ...]] = {
    "stop": ("spend", "posts"),
    "renegotiate": ("spend", "posts", "revenue"),
    "post more": ("posts", "revenue"),
    "move": ("spend", "revenue"),
    "replace code": ("orders", "revenue"),
    "chase": ("posts",),
}


def outcome(facts: Mapping[str, Any], since: date, view: View) -> str:
    """Return what became of an accepted action, in a sentence.

    Parameters
    ----------
    facts
        What was kept of it (`Store.decisions`): ``kind``, ``by``, ``values``.
    since
        The day on which it was accepted.
    view
        The data as it is now.

    Returns
    -------
    str
        Empty where the data holds nothing of its rows; a description, not a cause.
    """
    by = facts["by"]
    others = {n: v for n, v in view.filters.items() if n not in ("date", by)}
    whole = type(view)(view.ledger).where(**others)
    rest_on = (
        [v for v in facts["values"] if v in whole.values(by)] if by in whole.dimensions else []
    )
    if not rest_on:
        return ""
    rows = whole.where(**{by: rest_on})
    if facts["kind"] == "pay":
        return _still_due(rows)
    known = view.ledger.period
    if known is None or known[1] <= since:
        end = f"The data ends on {fmt.day(known[1])}" if known else "The data has no dates"
        return f"{end}: what became of it is not in it yet."
    return _since(facts["kind"], rows, since, known[1])


def _still_due(rows: View) -> str:
    if "spend_due" not in rows.metrics or rows.unavailable("spend_due"):
        return ""
    due = float(rows.totals(["spend_due"])["spend_due"])
    left = fmt.compact_money(due, rows.ledger.settings)
    return f"{left} of it is still due." if due > 0 else "Nothing of it is due any more."


def _since(kind: str, rows: View, since: date, end: date) -> str:
    names = [n for n in _SHOWN.get(kind, ("spend", "revenue")) if n in rows.metrics]
    days = (end - since).days
    after = rows.where(date=(since + _DAY, end)).totals(names)
    before = rows.where(date=(since - (days - 1) * _DAY, since)).totals(names)
    parts = [f"{uncapped(METRICS[n].label)} {_both(n, after[n], before[n], rows)}" for n in names]
    return f"In the {counted(days, 'day')} since (and before): {', '.join(parts)}."


def _both(name: str, after: float, before: float, rows: View) -> str:
    """Return a value with the one before it in brackets."""
    unit, settings = METRICS[name].unit, rows.ledger.settings
    now, then = (fmt.text(unit, float(v), settings, "compact") for v in (after, before))
    return f"{now} ({then})"
