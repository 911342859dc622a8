"""Actions that a change of the last complete month calls for.

A fee that rose and brings no more is to be lower, a campaign that paid for itself is to go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from hk_metrics import formatting as fmt
from hk_metrics.advice.action import Action, largest
from hk_metrics.advice.chores import DOUBT, called
from hk_metrics.formatting import compact_money
from hk_metrics.intervals import POST_SPREAD, Z_SCORE
from hk_metrics.payouts.units import DEARER, PAID_FOR
from hk_metrics.view import Query
from hk_metrics.view.filters import NONE
from hk_metrics.view.period import last_complete

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from hk_metrics.view import View

_BEFORE = 3  # months that a month is held against
_LIKELY = 0.5
_FEWEST_ORDERS = 30
_FEWEST_POSTS = 3
_DAY = timedelta(days=1)
_MONTH = 365 / 12  # days
_Days = tuple[date, date]


def dearer(view: View) -> Iterator[Action]:
    """Yield whom to ask for the former fee, which rose beyond what a post or order brings.

    Fees differ from month to month where formats do: the fee must lie above that of each month
    before, and what is paid for must likely have grown less than it.
    """
    months = _months(view)
    needed = ["spend", "posts", "orders", "revenue"]
    if len(months) < 2 or "basis" not in view.dimensions or view.gaps(needed, ["influencer_id"]):
        return
    span = view.where(date=(months[-1][0], months[0][1]))
    found = span.collect({
        "sold": Query(("posts", "orders", "revenue"), by=("influencer_id",), freq="M"),
        "paid": Query(("spend",), by=("influencer_id", "basis"), freq="M"),
    })  # fmt: skip
    sold, paid = found["sold"], found["paid"]
    known = {*paid.index.unique("basis")} & {*PAID_FOR}
    yield from largest(
        action
        for basis in sorted(known)
        for action in _dearer(view, sold.join(paid.xs(basis, level="basis")), months, basis)
    )


def _dearer(view: View, paid: pd.DataFrame, months: list[_Days], basis: str) -> Iterator[Action]:
    """Yield whose fee rose, of what was sold and paid on one basis by month and influencer."""
    unit = PAID_FOR[basis]
    paid = paid[(paid[unit] > 0) & (paid["spend"] > 0)]
    paid = paid.assign(fee=paid["spend"] / paid[unit])
    latest = paid.index.get_level_values("date") >= str(months[0][0])
    now, every = paid[latest].droplevel("date"), paid[~latest].groupby(level="influencer_id")
    then = every.sum().assign(fee=every["fee"].max())
    both = now.join(then.add_suffix("_before"), how="inner")
    both["rise"] = both["fee"] / both["fee_before"]
    both = both[both["rise"] >= DEARER]
    if both.empty:
        return
    worth = {"post": "orders", "order": "revenue"}[basis]
    each = [both[f"{worth}{when}"] / both[f"{unit}{when}"] for when in ("", "_before")]
    both["grown"] = each[0] / each[1]
    names, settings = called(view), view.ledger.settings
    since, span = fmt.day(months[0][0]), view.period or months[0]
    # Money is told for a period like the view's.
    long = max(((span[1] - span[0]).days + 1) / _MONTH, 1.0)
    for (who, row), chance in zip(both.iterrows(), _grew_less(both, unit), strict=True):
        if chance < _LIKELY:
            continue
        fees = [compact_money(float(row[c]), settings) for c in ("fee", "fee_before")]
        money = float((row["fee"] - row["fee_before"]) * row[unit]) * long
        text = (
            f"Renegotiate with {names.get(str(who), str(who))}: {fees[0]} for each {basis} since "
            f"{since}, {fees[1]} before; one brings {row['grown']:.1f} times the {worth}."
        )
        yield Action("renegotiate", text, money, money, money, float(chance),
                     "influencer_id", (str(who),), "influencers")  # fmt: skip


def ended(view: View) -> Iterator[Action]:
    """Yield the campaign to bring back: posts ended in the month before, and it paid for itself.

    Worth what that month brought: campaigns end for reasons, too, that no data holds.
    """
    months, needed = _months(view), ["spend", "posts", "revenue", "orders"]
    if len(months) < 2 or "campaign" not in view.dimensions or view.gaps(needed, ["campaign"]):
        return
    last = view.where(date=months[1])
    now, then = (v.by("campaign", needed) for v in (view.where(date=months[0]), last))
    gone = then[then["posts"] >= _FEWEST_POSTS].drop(index=NONE, errors="ignore")
    gone = gone[now["posts"].reindex(gone.index).fillna(0.0) == 0]
    gone = gone[(gone["orders"] >= _FEWEST_ORDERS) & (gone["spend"] > 0)]
    kept = view.kept("campaign").reindex(gone.index).fillna(view.ledger.settings.kept)
    earned = kept * gone["revenue"]
    error = earned * np.sqrt(1 / gone["orders"] + POST_SPREAD**2 / gone["posts"])
    gain = earned - gone["spend"]
    sure = gain[gain > Z_SCORE * error]
    if sure.empty:
        return
    name, worth = str(sure.idxmax()), float(sure.max())
    days = last.where(campaign=name).trend("D", ["posts"])["posts"]
    end = fmt.day(days.index[days > 0].max().date())
    paid, back = (
        compact_money(float(v[name]), view.ledger.settings) for v in (gone["spend"], earned)
    )
    text = (
        f"Bring {name} back, unless its season is over: it ended on {end}; {paid} paid earned "
        f"{back} in its last month."
    )
    low, high = (worth + sign * Z_SCORE * float(error[name]) for sign in (-1, 1))
    chance = DOUBT * NormalDist().cdf(worth / float(error[name]))
    yield Action("post more", text, worth, low, high, chance, "campaign", (name,), "campaigns")


def _months(view: View) -> list[_Days]:
    """Return the last complete month of a view and the three before, the latest first.

    As far as there is data of them; none where there is no complete month.
    """
    known, span = view.ledger.period, view.period
    if known is None or span is None:
        return []
    month = last_complete("month", (known[0], span[1]), view.ledger.active_days, span[1] + _DAY)
    found = [month] if month else []
    while found and len(found) <= _BEFORE and found[-1][0] > known[0]:
        last = found[-1][0] - _DAY
        found.append((max(last.replace(day=1), known[0]), last))
    return found


def _grew_less(both: pd.DataFrame, unit: str) -> NDArray[np.float64]:
    """Return how likely it is that what a post or order brings grew less than the fee."""
    from scipy.special import ndtr

    counts, units = (
        [both[f"{name}{when}"].to_numpy(np.float64) for when in ("", "_before")]
        for name in ("orders", unit)
    )
    spread = sum(1 / (c + 0.5) for c in counts) + POST_SPREAD**2 * sum(1 / u for u in units)
    grown = np.log(np.maximum(both["grown"].to_numpy(np.float64), 1e-9))
    z = (np.log(both["rise"].to_numpy(np.float64)) - grown) / np.sqrt(spread)
    return np.asarray(ndtr(z), np.float64)
