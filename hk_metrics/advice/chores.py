"""Actions that need no ranking: what is due, in doubt or missing, codes that leak, what to test."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from hk_metrics import formatting as fmt
from hk_metrics.advice.action import Action, largest
from hk_metrics.formatting import compact_money
from hk_metrics.intervals import error_of
from hk_metrics.payouts.audit import audit
from hk_metrics.payouts.deliverables import deliverables
from hk_metrics.view.filters import NONE
from hk_metrics.wording import counted

if TYPE_CHECKING:
    import pandas as pd

    from hk_metrics.dataset import Dataset
    from hk_metrics.view import View

DOUBT = 0.5  # how often a doubt turns out right is not known


def due(view: View) -> Iterator[Action]:
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
    yield Action("pay", text, total, total, total, 1.0, "influencer_id", values, "payouts")


def doubts(view: View, data: Dataset) -> list[Action]:
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
    return [Action("review", text, total, 0.0, total, DOUBT, "influencer_id", values, "payouts")]


def missing(view: View, data: Dataset) -> list[Action]:
    """Return whom to chase for posts that were promised and did not come."""
    if "deliverables" not in data.tables:
        return []
    found = deliverables(data, view)
    found = found[found["missing"] > 0]
    names = called(view)
    return largest(_chase(str(who), rows, names, view)
                   for who, rows in found.groupby("influencer_id"))  # fmt: skip


def _chase(who: str, rows: pd.DataFrame, names: dict[str, str], view: View) -> Action:
    posts, fee = int(rows["missing"].sum()), float(rows["fee_missing"].fillna(0.0).sum())
    since = rows["due_date"].min()
    text = (
        f"Chase {names.get(who, who)} for {counted(posts, 'promised post')}, due since "
        f"{fmt.day(since.date())}; {compact_money(fee, view.ledger.settings)} of fee."
    )
    return Action("chase", text, fee, fee, fee, 1.0, "influencer_id", (who,), "payouts")


def leaking(view: View, codes: pd.DataFrame) -> list[Action]:
    """Return the codes to replace, of a result of `hk_metrics.unexplained_orders`."""
    listed = codes[codes["listed"] & (codes["at_stake"] > 0)].sort_values("at_stake")
    names = called(view)
    known = {str(v) for v in view.values("influencer_id")}
    # One code of an influencer: the one with most at stake.
    most = {str(row["influencer_id"]): row for row in listed.reset_index().to_dict("records")}
    return largest(_replace(who, row, names, view) for who, row in most.items() if who in known)


def _replace(who: str, row: Any, names: dict[str, str], view: View) -> Action:
    money, settings = float(row["at_stake"]), view.ledger.settings
    more, orders = (fmt.compact_count(round(float(row[c])), settings) for c in ("excess", "orders"))
    text = (
        f"Replace the code of {names.get(who, who)} ({row['source']}): posts do not explain "
        f"{more} of its {orders} orders, since {fmt.day(row['since'].date())}."
    )
    high = money * float(row["share_upper"]) / float(row["share"])
    return Action("replace code", text, money, 0.0, high, DOUBT, "influencer_id", (who,),
                  "influencers")  # fmt: skip


def undecided(view: View, data: Dataset) -> list[Action]:
    """Return the experiment that settles whether the spend pays, where the data does not."""
    if "daily_sales" not in data.tables or set(view.filters) - {"date"} or view.gaps(["spend"]):
        return []
    from hk_metrics.incrementality import best

    row = best(view, sales=data.tables["daily_sales"]).found.iloc[0]
    margin, spend = view.share_kept, float(row["spend"])
    middle, low, high = (margin * float(row[c]) - spend for c in ("estimate", "lower", "upper"))
    if not (spend > 0 and low < 0 < high):
        return []
    from hk_metrics.experiments import plan_experiment

    plan, settings = plan_experiment(view, sales=data.tables["daily_sales"]), view.ledger.settings
    worth = _unknown(middle, error_of(low, high))
    text = (
        f"Test whether posts pay: hold them back in weeks drawn at random, {plan.weeks} weeks from "
        f"{fmt.day(plan.start)}; {compact_money(spend, settings)} of spend rests on it."
    )
    return [Action("test", text, worth, 0.0, max(-low, high, worth), float(plan.power_expected),
                   "", (), "roas")]  # fmt: skip


def _unknown(mean: float, error: float) -> float:
    """Return what knowing a gain is worth, before it is known: the expected loss of guessing.

    >>> round(_unknown(0.0, 1.0), 4), round(_unknown(3.0, 1.0), 4)
    (0.3989, 0.0004)
    """
    normal, z = NormalDist(), abs(mean) / error
    return error * (normal.pdf(z) - z * normal.cdf(-z))


def called(view: View) -> dict[str, str]:
    """Return what influencers are called, where the data says so."""
    if "name" not in view.dimensions:
        return {}
    pairs = view.by("influencer_id", "name", metrics="spend").index
    return {str(i): str(n) for i, n in pairs if n != NONE}
