"""Actions: what to do next, in rupees, with how sure that is; nothing that noise could explain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from hk_metrics.advice.action import RULES, Action, largest
from hk_metrics.advice.changes import dearer, ended
from hk_metrics.advice.chores import called, doubts, due, leaking, missing, undecided
from hk_metrics.arguments import view_of
from hk_metrics.errors import HkMetricsError
from hk_metrics.fees import fair_fees
from hk_metrics.formatting import compact_money
from hk_metrics.intervals import error_of, surer_than_chance
from hk_metrics.leaks import unexplained_orders
from hk_metrics.planning.budget import what_if
from hk_metrics.ranking import rank

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

_MOST = 7
_FINEST = 1 / 2000  # no probability from so many draws is surer than one of them
_FEWEST_ORDERS = 30
_KEPT = 0.5  # of what was paid: where less is earned, a lower fee is no way out
_LESS_EACH = 0.7  # each further post brings less: the usual exponent of spend
Found = tuple[list[Action], list[str]]  # with why something could not be looked at


def actions(view: View | Dataset, data: Dataset | None = None) -> pd.DataFrame:
    """Return what to do next, by money × certainty; at most seven.

    Parameters
    ----------
    view
        A view, or a dataset for the view of all of it.
    data
        The dataset, for what does not add up in its payouts, what was promised, and what to test;
        known where a dataset is given.

    Returns
    -------
    DataFrame
        One row per action: ``kind`` (stop, renegotiate, post more, move, pay, review, chase,
        replace code, test), ``text``,
        ``money`` (what it is worth over a period like the view's) with ``lower`` and ``upper``
        (90 %), ``certainty`` (a probability), ``by`` and ``values`` (the rows that it rests on),
        ``page`` (where they are), ``rule``, ``key`` (the same for the same action later).
        ``attrs["note"]`` says why there is none, or what could not be looked at.

    Notes
    -----
    What moves money must hold against chance among all influencers at once: a share of at most
    5 % of such findings is false (Y. Benjamini and Y. Hochberg, 1995). Revenue counts at the
    margin of the settings; it is tracked revenue, not lift.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> data, _ = hk.simulate(seed=7, influencers=12, days=60, events=2_000)
    >>> todo = hk.actions(data)
    >>> len(todo) <= 7, bool((todo["lower"] <= todo["upper"]).all())
    (True, True)
    """
    asked = view_of(view, "actions()")
    whole: Any = data if data is not None else None if view is asked else view
    (quick, notes), slow = at_hand(asked, whole), searched(asked, whole)
    return ranked([*quick, *slow], notes)


def at_hand(view: View, data: Dataset | None) -> Found:
    """Return the actions that are quick to find, and why something could not be looked at."""
    found, notes = _tried(lambda: _by_skill(view), lambda: due(view))
    # What holds of all that somebody posted goes before what changed last month.
    judged = {a.values for a in found if a.kind in ("stop", "renegotiate")}
    changed, _ = _tried(lambda: dearer(view), lambda: ended(view))
    found += [a for a in changed if a.values not in judged]
    if data is None:
        return found, notes
    more, _ = _tried(lambda: missing(view, data))
    return [*found, *doubts(view, data), *more], notes


def searched(view: View, data: Dataset | None) -> list[Action]:
    """Return the actions that take seconds to look for: codes to replace, and what to test."""
    rules: list[Callable[[], Iterable[Action]]] = [lambda: leaking(view, unexplained_orders(view))]
    if data is not None:
        rules.append(lambda: undecided(view, data))
    return _tried(*rules)[0]


def _tried(*rules: Callable[[], Iterable[Action]]) -> Found:
    """Return what rules find, and why those found nothing that lack what they need."""
    found: list[Action] = []
    notes = []
    for rule in rules:
        try:
            found += rule()
        except HkMetricsError as reason:
            notes.append(f"{reason}".rstrip(".") + ".")
    return found, notes


def ranked(found: Iterable[Action], notes: Iterable[str] = ()) -> pd.DataFrame:
    """Return actions by money × certainty, as `actions` describes them."""
    import pandas as pd

    order = sorted(found, key=lambda a: -a.money * a.certainty)[:_MOST]
    rows = [{**asdict(a), "rule": RULES[a.kind], "key": a.key} for a in order]
    columns = [*Action.__dataclass_fields__, "rule", "key"]
    table = pd.DataFrame(rows, columns=columns)
    reasons = list(dict.fromkeys(notes))
    if not rows and not reasons:
        reasons = ["Nothing here is both worth money and surer than luck."]
    table.attrs["note"] = " ".join(reasons)
    return table


def _by_skill(view: View) -> Iterator[Action]:
    """Yield what the ranking bears: whom to stop, pay less, ask for more, and what to move."""
    people = rank(view, "roas").dropna(subset=["shrunken"])
    if people["orders"].sum() < _FEWEST_ORDERS:
        return
    posts = view.by("influencer_id", ["posts"])["posts"].reindex(people.index)
    names = called(view)
    kept = view.kept("influencer_id").reindex(people.index).fillna(view.ledger.settings.kept)
    frame = people.assign(
        posts=posts, margin=kept, name=[names.get(str(i), str(i)) for i in people.index]
    )
    pays, better = frame["above_break_even"], frame["above_median"]
    below = frame[surer_than_chance(pays, _FINEST) & (frame["upper"] * kept < 1)]
    above = frame[surer_than_chance(1 - better, _FINEST) & (frame["lower"] * kept > 1)]
    fees = _fair_fees(view) if len(below) else {}
    yield from largest(_losing(str(i), row, view, fees) for i, row in below.iterrows())
    yield from largest(_more(str(i), row, view) for i, row in above.iterrows() if row["posts"] >= 1)
    if len(above) and surer_than_chance(better, _FINEST).any():
        yield from _move(view, frame)


def _losing(who: str, row: Any, view: View, fees: Mapping[str, float]) -> Action:
    """Return what to do about an influencer who costs more than is earned."""
    spend, margin, settings = float(row["spend"]), float(row["margin"]), view.ledger.settings
    worth, low, high = (
        spend * (1 - margin * float(row[c])) for c in ("shrunken", "upper", "lower")
    )
    sure = 1 - float(row["above_break_even"])
    earned = margin * float(row["shrunken"])
    kind, do = "stop", f"Stop paying {row['name']}"
    if earned >= _KEPT and row["posts"] >= 1:
        now, even = spend / row["posts"], earned * spend / row["posts"]
        fair = fees.get(who, np.nan)
        fee, to = (fair, " to the fair fee") if 0 < fair < now else (even, "")
        each = [compact_money(v, settings) for v in (fee, now)]
        kind, do = (
            "renegotiate",
            f"Renegotiate with {row['name']}{to}: {each[0]} a post, not {each[1]}",
        )
    paid, back = (compact_money(v * spend, settings) for v in (1.0, earned))
    text = f"{do}; {paid} paid earns {back}."
    return Action(kind, text, worth, low, high, sure, "influencer_id", (who,), "influencers")


def _fair_fees(view: View) -> dict[str, float]:
    """Return what a post of each is worth at least, nine times in ten; none where not known."""
    try:
        return {str(who): float(fee) for who, fee in fair_fees(view)["fair_fee"].items()}
    except HkMetricsError:
        return {}


def _more(who: str, row: Any, view: View) -> Action:
    """Return what one more post of an influencer brings, less its price."""
    price, settings = float(row["spend"] / row["posts"]), view.ledger.settings
    margin = float(row["margin"])
    worth, low, high = (
        price * (_LESS_EACH * margin * float(row[c]) - 1) for c in ("shrunken", "lower", "upper")
    )
    text = f"Ask {row['name']} for one more post at {compact_money(price, settings)}."
    sure = min(float(row["above_median"]), float(row["above_break_even"]))
    return Action("post more", text, worth, low, high, sure, "influencer_id", (who,),
                   "influencers")  # fmt: skip


def _move(view: View, frame: pd.DataFrame) -> Iterator[Action]:
    """Yield a move between those two whom the best plan changes most, where its gain is above 0."""
    best = what_if(view)["change"]
    if best.max() < 1:
        return
    two = [best.idxmin(), best.idxmax()]
    # The whole plan's interval is narrower than that of two people of it.
    plan = what_if(view, locked=[who for who in best.index if who not in two])
    about, settings = plan.attrs, view.ledger.settings
    away, to = map(str, two)
    amount = float(plan["change"].max())
    if not about["lower"] > 0 or amount < 1:
        return
    rows = {str(i): row for i, row in plan.iterrows()}
    kept = {str(i): float(m) for i, m in frame["margin"].items()}
    margins = [kept.get(who, settings.kept) for who in (to, away)]
    gain = margins[0] * _gain(rows[to], amount) + margins[1] * _gain(rows[away], -amount)
    low, high = (gain * about[end] / about["gain"] for end in ("lower", "upper"))
    known = {str(i): str(n) for i, n in frame["name"].items()}
    names = [known.get(who, who) for who in (away, to)]
    text = f"Move {compact_money(amount, settings)} from {names[0]} to {names[1]}."
    if gain > 0:
        sure = NormalDist(gain, error_of(low, high)).cdf(0.0)
        yield Action("move", text, gain, low, high, 1 - sure, "influencer_id", (away, to),
                      "influencers")  # fmt: skip


def _gain(row: Any, step: float) -> float:
    """Return what a step of spend brings along an influencer's response (money)."""
    grown = (1 + step / float(row["spend"])) ** float(row["beta"])
    return float(row["revenue"]) * float(grown - 1)
