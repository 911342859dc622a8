"""Actions that a change of the last complete month calls for: a fee that rose and brings no more,
a campaign that paid for itself and ended."""

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
from hk_metrics.intervals import Z_SCORE
from hk_metrics.view.filters import NONE
from hk_metrics.view.period import last_complete

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.view import View

_BEFORE = 3  # months that a month is held against
_DEARER = 1.25  # a fee that rose less is the same fee
_LIKELY = 0.5
_FEWEST_ORDERS = 30
_FEWEST_POSTS = 3
_DAY = timedelta(days=1)
# How far posts of one influencer differ: the standard deviation of the logarithm of their orders.
_POST_SPREAD = 0.5
_Days = tuple[date, date]


def dearer(view: View) -> Iterator[Action]:
    """Yield whom to ask for the former fee: a post costs more than before, beyond what it brings.

    Fees differ from month to month where formats do: the fee must lie above that of each month
    before, and orders per post must likely have grown less than it.
    """
    months = _months(view)
    if len(months) < 2 or view.gaps(["spend", "posts", "orders"], ["influencer_id"]):
        return
    now, *earlier = (_by_post(view.where(date=days)) for days in months)
    import pandas as pd

    every = pd.concat(earlier)
    then = every.groupby(level=0).sum().assign(fee=every.groupby(level=0)["fee"].max())
    both = now.join(then.add_suffix("_before"), how="inner")
    both["rise"] = both["fee"] / both["fee_before"]
    both = both[both["rise"] >= _DEARER]
    if both.empty:
        return
    both["grown"] = both["orders"] / both["posts"] / (both["orders_before"] / both["posts_before"])
    likely = _grew_less(both)
    names, settings = called(view), view.ledger.settings
    since, long = fmt.day(months[0][0]), _length(view)
    found = []
    for (who, row), chance in zip(both.iterrows(), likely, strict=True):
        if chance < _LIKELY:
            continue
        each = [compact_money(float(row[c]), settings) for c in ("fee", "fee_before")]
        money = float((row["fee"] - row["fee_before"]) * row["posts"]) * long
        text = (
            f"Renegotiate with {names.get(str(who), str(who))}: {each[0]} a post since {since}, "
            f"{each[1]} before; a post brings {row['grown']:.1f} times the orders."
        )
        found.append(Action("renegotiate", text, money, money, money, float(chance),
                            "influencer_id", (str(who),), "influencers"))  # fmt: skip
    yield from largest(found)


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
    kept, settings = view.kept("campaign"), view.ledger.settings
    found = []
    for name, row in gone.iterrows():
        earned = float(kept.get(name, settings.kept)) * float(row["revenue"])
        error = earned * np.sqrt(1 / row["orders"] + _POST_SPREAD**2 / row["posts"])
        gain = earned - float(row["spend"])
        low, high = (gain + sign * Z_SCORE * error for sign in (-1, 1))
        if low <= 0:
            continue
        days = last.where(campaign=str(name)).trend("D", ["posts"])["posts"]
        end = fmt.day(days.index[days > 0].max().date())
        paid, back = (compact_money(v, settings) for v in (float(row["spend"]), earned))
        text = (
            f"Bring {name} back, unless its season is over: it ended on {end}; {paid} paid "
            f"earned {back} in its last month."
        )
        sure = DOUBT * NormalDist().cdf(gain / error)
        found.append(Action("post more", text, gain, low, high, sure, "campaign", (str(name),),
                            "campaigns"))  # fmt: skip
    yield from largest(found)[:1]


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


def _length(view: View) -> float:
    """Return how many months a view has, so that money is told for a period like it."""
    first, last = view.period or (date.min, date.min)
    return max(((last - first).days + 1) / (365 / 12), 1.0)


def _by_post(view: View) -> pd.DataFrame:
    """Return what influencers were paid by the post, their posts and the orders by all ways."""
    frame = view.by("influencer_id", ["posts", "orders"])
    if "basis" not in view.dimensions:
        return frame.iloc[:0].assign(spend=0.0, fee=0.0)
    frame = frame.join(view.where(basis="post").by("influencer_id", ["spend"]), how="inner")
    frame = frame[(frame["posts"] > 0) & (frame["spend"] > 0)]
    return frame.assign(fee=frame["spend"] / frame["posts"])


def _grew_less(both: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how likely it is that orders per post grew less than the fee (probabilities)."""
    counts = [both[c].to_numpy(np.float64) + 0.5 for c in ("orders", "orders_before")]
    posts = [both[c].to_numpy(np.float64) for c in ("posts", "posts_before")]
    grown = np.log(counts[0] / posts[0]) - np.log(counts[1] / posts[1])
    spread = sum(1 / c for c in counts) + _POST_SPREAD**2 * sum(1 / p for p in posts)
    z = (np.log(both["rise"].to_numpy(np.float64)) - grown) / np.sqrt(spread)
    return np.array([NormalDist().cdf(float(each)) for each in z])
