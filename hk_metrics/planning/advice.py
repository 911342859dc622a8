"""Actions: what to do next, in rupees, with how sure that is; nothing that noise could explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from hk_metrics.arguments import view_of
from hk_metrics.errors import HkMetricsError
from hk_metrics.formatting import compact_money
from hk_metrics.payouts.audit import audit
from hk_metrics.planning.budget import what_if
from hk_metrics.ranking import rank
from hk_metrics.view.filters import NONE
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

_MOST = 7
_EACH = 2  # actions of one kind
_FALSE = 0.05  # share of findings that may be false (Benjamini and Hochberg)
_DRAWS = 2000  # no probability from draws is surer than this
_FEWEST_ORDERS = 30
_KEPT = 0.5  # of what was paid: where less is earned, a lower fee is no way out
_LESS_EACH = 0.7  # each further post brings less: the usual exponent of spend
_WIDTH = 2 * NormalDist().inv_cdf(0.95)  # of a 90 % interval, in standard errors
_DOUBT = 0.5  # how often a doubt about a payout turns out right is not known
_RULES: Mapping[str, str] = {
    "stop": "Paid, and the whole interval of the lasting ROAS lies below break-even, told from "
            "luck among all who are paid; less than half of the fee is earned.",
    "renegotiate": "Paid, and the whole interval of the lasting ROAS lies below break-even, told "
                   "from luck among all; the fee named is where it breaks even.",
    "post more": "The lasting ROAS lies above the middle influencer's, told from luck among all, "
                 "and above break-even. One more post at today's price, each bringing a bit less.",
    "move": "Those two whose budgets the best plan of the same budget changes most.",
    "pay": "Payouts that the data marks as due and not paid.",
    "review": "Payouts that neither rate nor activity explains. A doubt, not a verdict.",
}  # fmt: skip


@dataclass(frozen=True)
class _Action:
    kind: str
    text: str
    money: float
    lower: float
    upper: float
    certainty: float
    by: str
    values: tuple[str, ...]
    page: str

    @property
    def key(self) -> str:
        return ":".join((self.kind, *sorted(self.values))) if self.by else self.kind


def actions(view: View | Dataset, data: Dataset | None = None) -> pd.DataFrame:
    """Return what to do next, by money × certainty; at most seven.

    Parameters
    ----------
    view
        A view, or a dataset for the view of all of it.
    data
        The dataset, for what does not add up in its payouts; known where a dataset is given.

    Returns
    -------
    DataFrame
        One row per action: ``kind`` (stop, renegotiate, post more, move, pay, review), ``text``,
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
    import pandas as pd

    asked = view_of(view, "actions()")
    whole = data if data is not None else None if view is asked else view
    found, notes = [], []
    for rule in (_by_skill, _due):
        try:
            found += list(rule(asked))
        except HkMetricsError as reason:
            notes.append(f"{reason}".rstrip(".") + ".")
    if whole is not None:
        found += _doubts(asked, whole)  # type: ignore[arg-type]
    found.sort(key=lambda a: -a.money * a.certainty)
    rows = [{**asdict(a), "rule": _RULES[a.kind], "key": a.key} for a in found[:_MOST]]
    columns = [*_Action.__dataclass_fields__, "rule", "key"]
    table = pd.DataFrame(rows, columns=columns)
    if not rows and not notes:
        notes = ["Nothing here is both worth money and surer than luck."]
    table.attrs["note"] = " ".join(dict.fromkeys(notes))
    return table


def _by_skill(view: View) -> Iterator[_Action]:
    """Yield what the ranking bears: whom to stop, pay less, ask for more, and what to move."""
    ranked = rank(view, "roas").dropna(subset=["shrunken"])
    if ranked["orders"].sum() < _FEWEST_ORDERS:
        return
    posts = view.by("influencer_id", ["posts"])["posts"].reindex(ranked.index)
    names = _names(view)
    kept = view.kept("influencer_id").reindex(ranked.index).fillna(view.ledger.settings.kept)
    frame = ranked.assign(
        posts=posts, margin=kept, name=[names.get(str(i), str(i)) for i in ranked.index]
    )
    below = frame[_sure(frame["above_break_even"]) & (frame["upper"] * kept < 1)]
    above = frame[_sure(1 - frame["above_median"]) & (frame["lower"] * kept > 1)]
    yield from _largest(_losing(str(i), row, view) for i, row in below.iterrows())
    yield from _largest(
        _more(str(i), row, view) for i, row in above.iterrows() if row["posts"] >= 1
    )
    if len(above) and _sure(frame["above_median"]).any():
        yield from _move(view, frame)


def _sure(chance: pd.Series) -> pd.Series:
    """Return which chances of being wrong are small enough among so many."""
    p = np.maximum(chance.to_numpy(np.float64), 1 / _DRAWS)
    order = np.sort(p)
    bounds = _FALSE * np.arange(1, len(p) + 1) / len(p)
    # Where one draw in all is more than the smallest bound, as many draws as there are must do.
    passed = order <= np.maximum(bounds, 1 / _DRAWS)
    most = order[passed].max() if passed.any() else -1.0
    found: pd.Series = (chance * 0 + p) <= most
    return found


def _largest(found: Iterator[_Action]) -> list[_Action]:
    return sorted(found, key=lambda a: -a.money * a.certainty)[:_EACH]


def _losing(who: str, row: Any, view: View) -> _Action:
    """Return what to do about an influencer who costs more than is earned."""
    spend, margin, settings = float(row["spend"]), float(row["margin"]), view.ledger.settings
    worth, low, high = (
        spend * (1 - margin * float(row[c])) for c in ("shrunken", "upper", "lower")
    )
    sure = 1 - float(row["above_break_even"])
    earned = margin * float(row["shrunken"])
    kind, do = "stop", f"Stop paying {row['name']}"
    if earned >= _KEPT and row["posts"] >= 1:
        fee, now = (compact_money(v * spend / row["posts"], settings) for v in (earned, 1.0))
        kind, do = "renegotiate", f"Renegotiate with {row['name']}: {fee} a post, not {now}"
    paid, back = (compact_money(v * spend, settings) for v in (1.0, earned))
    text = f"{do}; {paid} paid earns {back}."
    return _Action(kind, text, worth, low, high, sure, "influencer_id", (who,), "influencers")


def _more(who: str, row: Any, view: View) -> _Action:
    """Return what one more post of an influencer brings, less its price."""
    price, settings = float(row["spend"] / row["posts"]), view.ledger.settings
    margin = float(row["margin"])
    worth, low, high = (
        price * (_LESS_EACH * margin * float(row[c]) - 1) for c in ("shrunken", "lower", "upper")
    )
    text = f"Ask {row['name']} for one more post at {compact_money(price, settings)}."
    sure = min(float(row["above_median"]), float(row["above_break_even"]))
    return _Action("post more", text, worth, low, high, sure, "influencer_id", (who,),
                   "influencers")  # fmt: skip


def _move(view: View, frame: pd.DataFrame) -> Iterator[_Action]:
    """Yield the largest move of the best plan, where its whole gain is above 0."""
    plan = what_if(view)
    about, settings = plan.attrs, view.ledger.settings
    moved = {str(i): float(v) for i, v in plan["change"].items()}
    to, away = max(moved, key=moved.__getitem__), min(moved, key=moved.__getitem__)
    amount = min(moved[to], -moved[away])
    if not about["lower"] > 0 or amount < 1:
        return
    rows = {str(i): row for i, row in plan.iterrows()}
    kept = {str(i): float(m) for i, m in frame["margin"].items()}
    margins = [kept.get(who, settings.kept) for who in (to, away)]
    gain = margins[0] * _gain(rows[to], amount) + margins[1] * _gain(rows[away], -amount)
    low, high = (gain * about[end] / about["gain"] for end in ("lower", "upper"))
    called = {str(i): str(n) for i, n in frame["name"].items()}
    names = [called.get(who, who) for who in (away, to)]
    text = f"Move {compact_money(amount, settings)} from {names[0]} to {names[1]}."
    if gain > 0:
        sure = NormalDist(gain, (high - low) / _WIDTH).cdf(0.0)
        yield _Action("move", text, gain, low, high, 1 - sure, "influencer_id", (away, to),
                      "influencers")  # fmt: skip


def _gain(row: Any, step: float) -> float:
    """Return what a step of spend brings along an influencer's response (money)."""
    grown = (1 + step / float(row["spend"])) ** float(row["beta"])
    return float(row["revenue"]) * float(grown - 1)


def _due(view: View) -> Iterator[_Action]:
    """Yield that what is due is to be paid, where the data says so."""
    if view.unavailable("spend_due") or "spend_due" not in view.metrics:
        return
    owed = view.by("influencer_id", ["spend_due"])["spend_due"].fillna(0.0)
    owed = owed[owed > 0].sort_values(ascending=False)
    total = float(owed.sum())
    if total <= 0:
        return
    who = counted(len(owed), "influencer")
    text = f"Pay the {compact_money(total, view.ledger.settings)} that is due to {who}."
    values = tuple(str(i) for i in owed.index)
    yield _Action("pay", text, total, total, total, 1.0, "influencer_id", values, "payouts")


def _doubts(view: View, data: Dataset) -> list[_Action]:
    """Return that payouts are to be looked at, where some are in doubt."""
    if view.gaps(["spend"]):
        return []
    found = audit(data, view)
    found = found[(found["kind"] != "unpaid") & (found["amount"] > 0)]
    total = float(found["amount"].sum())
    if not total > 0:
        return []
    text = (
        f"Look at {counted(len(found), 'payout')} of which "
        f"{compact_money(total, view.ledger.settings)} is in doubt."
    )
    values = tuple(dict.fromkeys(str(i) for i in found["influencer_id"]))
    return [_Action("review", text, total, 0.0, total, _DOUBT, "influencer_id", values, "payouts")]


def _names(view: View) -> dict[str, str]:
    """Return what influencers are called, where the data says so."""
    if "name" not in view.dimensions:
        return {}
    pairs = view.by("influencer_id", "name", metrics="spend").index
    return {str(i): str(n) for i, n in pairs if n != NONE}
